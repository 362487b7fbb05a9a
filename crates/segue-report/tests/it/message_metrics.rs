//! Measures of success: computed from a journal where it knows them, `None` where nobody measured.

use segue_report::message::{Metric, metrics};

use crate::message_drafts::{done, gone_back, running};
use crate::runbook_fixture::shop;

fn value(metrics: &[Metric], id: &str) -> Option<String> {
    metrics.iter().find(|metric| metric.id == id).expect(id).value.clone()
}

#[test]
fn a_run_that_is_over() {
    let (plan, view) = done();
    let found = metrics(&plan, Some(&view));
    let steps = plan.phases.iter().map(|phase| phase.steps.len()).sum::<usize>();
    assert_eq!(value(&found, "completion_rate"), Some(format!("100% ({steps} of {steps} steps)")));
    assert_eq!(value(&found, "downtime"), Some(format!("{} ms", (steps - 2) * 20)));
    assert!(value(&found, "consistency").expect("compared").starts_with("100% ("));
    assert!(value(&found, "error_rate").expect("counted").contains("(1 of "));
    assert_eq!(value(&found, "resolution_time"), Some("20 s over 1".to_owned()));
    assert!(value(&found, "time_to_value").is_some());
    assert!(value(&found, "plan_adherence").expect("compared").contains(&format!("of {} phases", plan.phases.len())));
    assert!(value(&found, "zero_data_loss").expect("compared").starts_with("yes"));
}

#[test]
fn what_nobody_measured_is_none() {
    for (plan, view) in [(shop(), None), (done().0, Some(done().1)), (running().0, Some(running().1))] {
        let found = metrics(&plan, view.as_ref());
        for id in [
            "performance_delta",
            "customer_impact",
            "revenue_protection",
            "stakeholder_satisfaction",
            "team_efficiency",
            "knowledge_transfer",
            "error_rate_gate",
            "tests_and_docs",
        ] {
            assert_eq!(value(&found, id), None, "{id}");
        }
        assert!(found.iter().all(|metric| !metric.from.is_empty()));
    }
    assert!(metrics(&shop(), None).iter().all(|metric| metric.value.is_none()), "without a run nothing is measured");
}

#[test]
fn a_run_in_the_middle_claims_nothing_of_the_end() {
    let (plan, view) = running();
    let found = metrics(&plan, Some(&view));
    assert_eq!(value(&found, "zero_data_loss"), None);
    assert_eq!(value(&found, "time_to_value"), None);
    let (plan, view) = gone_back();
    assert_eq!(value(&metrics(&plan, Some(&view)), "zero_data_loss"), None);
    let back = view.back.expect("it went back");
    assert_eq!((back.loses.as_str(), back.over_ms.is_some()), ("0 rows", true));
    assert!(view.verified.is_empty(), "what was undone does not count");
    assert!(view.troubles.iter().all(|trouble| trouble.solved_ms.is_some()));
}

#[test]
fn a_row_that_differs_is_no_success() {
    let (plan, mut view) = done();
    let figures = view.figures.values_mut().next().expect("figures");
    figures.insert("mismatches".to_owned(), 2);
    figures.insert("rejected".to_owned(), 1);
    assert_eq!(value(&metrics(&plan, Some(&view)), "zero_data_loss"), Some("no: 2 rows differing, 1 row kept aside".to_owned()));
}

#[test]
fn figures_are_numbers_only() {
    let (_, view) = done();
    assert!(!format!("{view:?}").contains("secret words"));
}
