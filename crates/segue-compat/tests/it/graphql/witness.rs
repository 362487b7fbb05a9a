//! Witnesses are taken by one side and refused by the other, as another implementation of GraphQL says: `apollo-compiler`
//! validates every operation against both schemas.

use std::collections::BTreeMap;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use segue_model::check::{CheckFinding, Side};
use serde_json::Value;

use super::case::{all, compare};

/// A schema as the other implementation reads it; some cases are not valid as a whole on purpose.
pub(super) fn schema(text: &str) -> Valid<Schema> {
    match Schema::parse_and_validate(text, "schema.graphql") {
        Ok(schema) => schema,
        Err(errors) => Valid::assume_valid(errors.partial),
    }
}

pub(super) fn takes(schema: &Valid<Schema>, query: &str) -> bool {
    ExecutableDocument::parse_and_validate(schema, query, "query.graphql").is_ok()
}

/// The other implementation does not know `@oneOf` yet; `graphql` of npm takes and refuses these.
const NOT_KNOWN: &[&str] = &["graphql-one-of-added", "graphql-one-of-removed"];

fn query(finding: &CheckFinding) -> Option<(Side, &str, Option<&Value>)> {
    let witness = finding.witness.as_ref()?;
    let query = witness.value.get("query").and_then(Value::as_str)?;
    Some((witness.accepted_by, query, witness.value.get("gives")))
}

#[test]
fn operations_are_taken_by_one_side_and_refused_by_the_other() {
    let mut proved: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in all() {
        let (first, second) = (schema(&case.old), schema(&case.new));
        for (there, old, new, report) in
            [(true, &first, &second, compare(&case.old, &case.new)), (false, &second, &first, compare(&case.new, &case.old))]
        {
            for finding in report.findings.iter().filter(|finding| !NOT_KNOWN.contains(&finding.rule.as_str())) {
                let Some((side, query, gives)) = query(finding) else { continue };
                let (taker, refuser) = if side == Side::Old { (old, new) } else { (new, old) };
                if !takes(taker, query) {
                    wrong.push(format!("{} ({there}): {} is not taken: {query}", case.name, finding.rule));
                }
                // A response is refused by what clients were promised, not by a validator; see below.
                if gives.is_none() && takes(refuser, query) {
                    wrong.push(format!("{} ({there}): {} is not refused: {query}", case.name, finding.rule));
                }
                *proved.entry(finding.rule.clone()).or_default() += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(proved.len() >= 35, "only {} rules were proved: {:?}", proved.len(), proved.keys());
}

#[test]
fn what_breaks_for_certain_has_a_witness() {
    // What cannot be written as an operation: rights, hidden parts, limits, keys of subgraphs; kinds that no operation tells apart.
    let without = [
        "graphql-access",
        "graphql-hidden",
        "graphql-shown",
        "graphql-federation",
        "graphql-type-kind-changed",
        "graphql-directive-argument-type",
    ];
    for case in all() {
        let report = compare(&case.old, &case.new);
        for finding in report.findings.iter().filter(|finding| finding.breaks.len() > 1 && finding.reach.is_some()) {
            let output_only = finding.rule.starts_with("graphql-enum-value") && finding.severity < segue_model::finding::Severity::High;
            if finding.witness.is_none() && !output_only && !without.iter().any(|rule| finding.rule.starts_with(rule)) {
                let known =
                    ["trap-undefined-type", "trap-interface-of-interface", "trap-input-of-directive", "trap-merge-through-interface"];
                assert!(known.contains(&case.name.as_str()), "{}: {} {} has none", case.name, finding.rule, finding.object);
            }
        }
    }
}
