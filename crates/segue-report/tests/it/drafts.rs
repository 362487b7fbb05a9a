//! Drafts of code in each document: shown as a difference, never as markup, and never as something that is run.

use segue_model::plan::Plan;
use segue_model::plan::program::CodeDraft;
use segue_report::document::{Order, plan_markdown};
use segue_report::html::{Extra, report};
use segue_report::{Detail, plan_json, plan_text_at, runbook};

use crate::sample;

fn plan(before: &str, after: &str) -> Plan {
    let (_, mut plan) = sample::all().into_iter().find(|(_, plan)| !plan.runs()).expect("a plan by people");
    let step = plan.phases.iter_mut().flat_map(|phase| &mut phase.steps).find(|step| step.by != "run").expect("a step");
    step.outside.drafts = vec![CodeDraft { at: "src/db.js:12".to_owned(), before: before.to_owned(), after: after.to_owned() }];
    plan
}

#[test]
fn a_difference_stands_in_every_document() {
    let plan = plan("const a = {\n  b: 1,\n};", "const a = {\n  c: 1,\n};");
    let text = plan_text_at(&plan, Detail::Full, 80, false);
    assert!(
        text.contains("          - const a = {\n          -   b: 1,\n          - };\n          + const a = {\n          +   c: 1,"),
        "{text}"
    );
    for order in [Order::Segue, Order::Doc001, Order::Doc003] {
        let text = plan_markdown(&plan, order);
        assert!(text.contains("```diff\n- const a = {\n-   b: 1,\n- };\n+ const a = {\n+   c: 1,\n+ };\n```"), "{text}");
    }
    let text = runbook::markdown(&plan);
    assert!(text.contains("```diff\n- const a = {"), "{text}");
    assert!(report(&plan, &Extra::default()).contains("- const a = {"));
    assert_eq!(plan_json(&plan)["phases"][0]["steps"].as_array().map(Vec::is_empty), Some(false));
    let read: Plan = serde_json::from_value(plan_json(&plan)).expect("reads back");
    assert_eq!(read, plan);
    // What is shown is not run: no block of the runbook and no script has it.
    assert!(!runbook::shell(&plan).contains("const a"));
}

#[test]
fn hostile_code_stays_code() {
    let plan = plan("```\n</code><script>alert(1)</script>\u{1b}[2J", "````\n# x\u{202e}");
    let html = report(&plan, &Extra::default());
    assert!(!html.contains("<script>alert"), "a tag");
    for text in [plan_markdown(&plan, Order::Doc001), runbook::markdown(&plan), plan_text_at(&plan, Detail::Full, 80, false)] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
    assert!(
        plan_markdown(&plan, Order::Doc001).contains("`````diff") || plan_markdown(&plan, Order::Doc001).contains("````diff"),
        "a longer fence"
    );
}
