//! The condensed document for an agent.

use segue_report::{plan_json, summary_json};

use crate::sample;

#[test]
fn golden_summary() {
    insta::assert_json_snapshot!(summary_json(&sample::shop()));
}

#[test]
fn it_is_condensed_and_holds_no_command() {
    let plan = sample::shop_of(&[], 5_000);
    let text = summary_json(&plan).to_string();
    assert!(text.len() < 10_000 && text.len() * 100 < plan_json(&plan).to_string().len(), "{}", text.len());
    assert!(!text.contains("DROP SCHEMA"));
}
