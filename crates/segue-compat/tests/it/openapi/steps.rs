//! The steps for what breaks.

use super::reported;

#[test]
fn what_breaks_has_four_phases() {
    let old = "openapi: 3.0.3\npaths: {/a: {get: {}, put: {}}}";
    let new = "openapi: 3.0.3\npaths: {/a: {get: {}}}";
    let report = reported(old, new, None);
    let steps: Vec<_> = report.steps.iter().map(|step| (step.id.as_str(), step.phase.as_str())).collect();
    assert_eq!(steps, [("announce PUT /a", "announce"), ("soft PUT /a", "soft"), ("hard PUT /a", "hard"), ("remove PUT /a", "remove")]);
    assert!(report.steps.iter().all(|step| step.finding.as_ref() == Some(&report.findings[0].id)), "{report:#?}");
    assert!(reported(new, old, None).steps.is_empty());
}

#[test]
fn a_thousand_broken_operations_do_not_make_four_thousand_steps() {
    let paths: String = (0..500).map(|at| format!("  /x{at}/abc{at}: {{get: {{}}}}\n")).collect();
    let report = reported(&format!("openapi: 3.0.3\npaths:\n{paths}"), "openapi: 3.0.3\npaths: {}", None);
    assert_eq!((report.findings.len(), report.steps.len()), (500, 404));
    assert!(report.steps.iter().any(|step| step.what.contains("400 others")));
}
