//! The document of the compatibility checker that comes with requirement document 000: its keys stay.

use segue_report::check::{doc000, doc000_text};
use serde_json::Value;

use crate::check_sample as sample;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn its_keys_are_those_of_the_checker() {
    for (name, report) in sample::all() {
        let document = doc000(&report, "2026-11-21");
        let mut found = keys(&document);
        found.sort_unstable();
        let mut expected = [
            "schema_before",
            "schema_after",
            "analysis_date",
            "overall_compatibility",
            "breaking_changes_count",
            "potentially_breaking_count",
            "non_breaking_changes_count",
            "additive_changes_count",
            "issues",
            "migration_scripts",
            "risk_assessment",
            "recommendations",
        ];
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
        for issue in document["issues"].as_array().expect("a list") {
            let mut found = keys(issue);
            found.sort_unstable();
            let mut expected = [
                "type",
                "severity",
                "description",
                "field_path",
                "old_value",
                "new_value",
                "impact",
                "suggested_migration",
                "affected_operations",
            ];
            expected.sort_unstable();
            assert_eq!(found, expected, "{name}");
        }
        let counts = ["breaking_changes_count", "potentially_breaking_count", "non_breaking_changes_count", "additive_changes_count"];
        let sum: u64 = counts.iter().filter_map(|key| document[*key].as_u64()).sum();
        assert_eq!(sum, report.findings.len() as u64, "{name}");
    }
}

#[test]
fn the_four_answers() {
    let answer = |report| doc000(&report, "2026-11-21")["overall_compatibility"].as_str().map(str::to_owned).expect("a text");
    assert_eq!(answer(sample::openapi()), "breaking_changes");
    assert_eq!(answer(sample::proto()), "potentially_incompatible", "only the way back breaks");
    assert_eq!(answer(sample::undecided()), "potentially_incompatible", "undecided is never safe");
    assert_eq!(answer(sample::clean()), "fully_compatible");
    let mut additive = sample::openapi();
    additive.findings.retain(|finding| finding.rule == "openapi-operation-added");
    assert_eq!(answer(additive), "backward_compatible");
}

#[test]
fn the_text_says_the_same() {
    insta::assert_snapshot!("check_doc000", doc000_text(&doc000(&sample::script(), "2026-11-21")));
    let hostile = doc000_text(&doc000(&sample::hostile(), "2026-11-21"));
    assert!(!hostile.contains(['\u{1b}', '\u{202e}', '\r']));
    assert_eq!(hostile.matches("\n• ").count(), sample::NAMES.len());
}
