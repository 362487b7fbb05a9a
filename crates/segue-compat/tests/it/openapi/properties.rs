//! What must hold for every case: an unrelated path changes nothing else, and witnesses are what they claim.

use std::collections::BTreeSet;

use segue_compat::openapi::{self, RULES};
use segue_compat::policy::POLICIES;
use segue_compat::source::Source;
use segue_model::check::{CheckReport, Side};

use super::case_file;
use super::reported;

/// An unrelated path, at the end of the paths.
fn with_another(text: &str) -> String {
    let item = "/unrelated/path/of/its/own: {get: {responses: {'200': {description: ok}}}}";
    match text.split_once("paths:\n  /") {
        Some((head, rest)) => format!("{head}paths:\n  {item}\n  /{rest}"),
        None => text.replacen("paths: {", &format!("paths: {{{item}, "), 1),
    }
}

fn ids(report: &CheckReport) -> BTreeSet<(String, Vec<String>)> {
    let breaks = |finding: &segue_model::check::CheckFinding| finding.breaks.iter().map(|breaks| format!("{breaks:?}")).collect();
    report.findings.iter().map(|finding| (finding.id.clone(), breaks(finding))).collect()
}

#[test]
fn an_unrelated_path_changes_no_other_finding() {
    let mut tried = 0;
    // A path that did not go with the base path is no unrelated one.
    for case in case_file::all().into_iter().filter(|case| case.file != "servers") {
        let (old, new) = (with_another(&case.old), with_another(&case.new));
        if old == case.old || new == case.new {
            continue;
        }
        // Security and servers of the whole document concern the new path as well: only their reach may grow.
        let before = ids(&reported(&case.old, &case.new, case.today.as_deref()));
        let after = ids(&reported(&old, &new, case.today.as_deref()));
        assert_eq!(before, after, "{} / {}", case.file, case.name);
        tried += 1;
    }
    assert!(tried > 130, "only {tried} were tried");
}

#[test]
fn witnesses_are_taken_and_refused_as_they_say() {
    let mut tried = 0;
    for case in case_file::all().into_iter().filter(|case| case.at == "request" || case.at == "response") {
        let report = reported(&case.old, &case.new, None);
        for witness in report.findings.iter().filter_map(|finding| finding.witness.as_ref()) {
            // Only a witness of the whole body can be held against the body's schema.
            let fits = |text: &str| {
                let mut schema = schema_of(text);
                three_one(&mut schema);
                jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema").is_valid(&witness.value)
            };
            let (old, new) = (fits(&case.old), fits(&case.new));
            if old != new {
                assert_eq!(old, witness.accepted_by == Side::Old, "{}: {}", case.name, witness.value);
                tried += 1;
            }
        }
    }
    assert!(tried >= 10, "only {tried} were tried");
}

/// The schema at the end of a case's document.
fn schema_of(text: &str) -> serde_json::Value {
    let part = text.split("schema:\n").last().expect("a schema");
    let doc = segue_compat::doc::Doc::yaml(part).expect("it reads");
    segue_compat::shape::Literal::of(doc.root()).json()
}

/// OpenAPI 3.0's own words in those of JSON Schema.
fn three_one(schema: &mut serde_json::Value) {
    if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(three_one);
    }
    let Some(map) = schema.as_object_mut() else { return };
    map.values_mut().for_each(three_one);
    if map.remove("nullable") == Some(true.into())
        && let Some(kind) = map.get("type").cloned()
    {
        map.insert("type".to_owned(), serde_json::json!([kind, "null"]));
    }
    if map.get("exclusiveMinimum") == Some(&true.into()) {
        let least = map.remove("minimum").unwrap_or_default();
        map.insert("exclusiveMinimum".to_owned(), least);
    }
}

#[test]
fn every_policy_judges_every_case() {
    for policy in POLICIES {
        for case in case_file::all() {
            let (old, new) = (Source::one(Side::Old, "a", &case.old), Source::one(Side::New, "b", &case.new));
            assert!(openapi::check(&old, &new, policy).is_ok(), "{} {}", policy.name, case.name);
        }
    }
}

#[test]
fn rules_have_names_and_words() {
    let names: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names.len(), RULES.len());
    for rule in RULES {
        assert!(rule.id.starts_with("openapi-") && !rule.title.is_empty() && !rule.why.is_empty() && !rule.fix.is_empty(), "{}", rule.id);
    }
}
