//! The values of inputs by the shape relation: a second opinion, and values beside the operations.

use segue_model::check::{Breaks, Side};
use serde_json::json;

use super::case::{all, compare, lines};

#[test]
fn the_relation_of_values_finds_nothing_that_no_rule_found() {
    for case in all() {
        for (old, new) in [(&case.old, &case.new), (&case.new, &case.old)] {
            let report = compare(old, new);
            assert!(
                !report
                    .findings
                    .iter()
                    .any(|finding| finding.rule.starts_with("graphql-input-") && !finding.rule.starts_with("graphql-input-field")),
                "{}: {}",
                case.name,
                lines(&report)
            );
        }
    }
}

#[test]
fn a_value_that_was_taken_stands_beside_the_operation() {
    let old = "type Query { find(by: Filter!): Int }\ninput Filter { name: String size: Int tags: [String] }";
    for (new, object) in [
        (old.replace("name: String", "name: String!"), "Filter.name"),
        (old.replace("size: Int ", ""), "Filter.size"),
        (old.replace("[String]", "[String!]"), "Filter.tags"),
    ] {
        let report = compare(old, &new);
        let finding = report.findings.iter().find(|finding| finding.object == object).expect(object);
        assert!(finding.breaks.contains(&Breaks::Deploy));
        let witness = finding.witness.as_ref().expect("a witness");
        assert_eq!(witness.accepted_by, Side::Old);
        assert!(witness.value.get("query").is_some() && witness.value.get("value").is_some(), "{object}: {}", witness.value);
    }
    let report = compare(old, &old.replace("name: String", "name: String!"));
    assert_eq!(report.findings[0].witness.as_ref().and_then(|witness| witness.value.get("value").cloned()), Some(json!(null)));
}
