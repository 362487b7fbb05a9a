//! A page of thousands of tables stays small, and says what it leaves out.

use segue_model::plan::program::Needed;
use segue_report::html::{Extra, LIMIT, report};

use crate::{html, sample};

#[test]
fn five_thousand_tables_stay_below_the_limit() {
    let page = report(&sample::shop_of(&[], 5_000), &Extra::default());
    assert!(page.len() < LIMIT, "{}", page.len());
    let text = html::read(&page);
    assert!(text.contains("and 4,999 more of copy table, in the same way"), "counted");
    for at in [0, 1, 2_500, 4_999] {
        assert!(text.contains(&format!("copy/ref_{at:04}")), "{at}: each is named");
    }
}

#[test]
fn long_names_everywhere_are_cut_and_counted() {
    let mut plan = sample::shop_of(&[], 20_000);
    let long = "x".repeat(200);
    for step in plan.phases.iter_mut().flat_map(|phase| &mut phase.steps) {
        step.id.push_str(&long);
    }
    let needed = |at: usize| Needed { what: format!("{long} {at}"), spec_key: "x".to_owned(), for_what: Vec::new() };
    plan.program.needed = (0..20_000).map(needed).collect();
    plan.not_checked = vec![long.clone(); 20_000];
    plan.findings = vec![plan.findings[0].clone(); 20_000];
    plan.program.risks = vec![plan.program.risks[0].clone(); 5_000];
    let page = report(&plan, &Extra::default());
    assert!(page.len() < LIMIT, "{}", page.len());
    let text = html::read(&page);
    assert!(text.contains("more: segue plan --detail full lists each."), "what is left out is counted");
    assert!(text.contains("and 19500 more"), "what is needed is counted too");
    assert!(text.contains("and 4700 more"), "and risks");
    assert!(text.contains("contract"), "the last phase is still there");
}
