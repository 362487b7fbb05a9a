//! Large documents from a seed: read whole, grouped, the same bytes every time.

#[path = "../../../../../xtask/src/bench/openapi_documents.rs"]
mod openapi_documents;

use segue_model::check::Verdict;

use super::reported;

#[test]
fn a_catalogue_is_grouped_by_component() {
    let (old, new) = (openapi_documents::catalogue(180, false), openapi_documents::catalogue(180, true));
    let report = reported(&old, &new, None);
    assert_eq!(report.deploy, Verdict::Breaking);
    assert!(report.not_checked.is_empty(), "{:?}", report.not_checked);
    assert!(report.findings.len() < 200, "{}", report.findings.len());
    let page = report.findings.iter().find(|finding| finding.rule == "openapi-page-size-changed").expect("the page size changed");
    assert_eq!((page.object.as_str(), page.reach.as_ref().map(|reach| reach.count)), ("components/parameters/per-page", Some(45)));
    assert!(report.findings.iter().any(|finding| finding.rule == "openapi-operation-removed"));
    assert!(report.findings.iter().any(|finding| finding.object.starts_with("components/schemas/") && finding.reach.as_ref().is_some_and(|reach| reach.count > 3)));
    assert!(!report.findings.iter().any(|finding| finding.undecided), "undecided");
    let itself = reported(&old, &old, None);
    assert_eq!((itself.findings.len(), itself.verdict), (0, Verdict::Compatible));
}

#[test]
fn circles_are_data() {
    let (old, new) = (openapi_documents::payments(200, false), openapi_documents::payments(200, true));
    let report = reported(&old, &new, None);
    assert_eq!(report.deploy, Verdict::Breaking);
    assert!(report.findings.len() <= 1_000, "{}", report.findings.len());
    assert_eq!(reported(&old, &old, None).findings.len(), 0);
}

#[test]
fn the_same_bytes_every_time() {
    let (old, new) = (openapi_documents::payments(60, false), openapi_documents::payments(60, true));
    let text = || serde_json::to_string(&reported(&old, &new, None)).expect("it is JSON");
    let first = text();
    assert_eq!(first, text());
    assert_eq!(first, text());
    assert_eq!(openapi_documents::catalogue(30, true), openapi_documents::catalogue(30, true));
}
