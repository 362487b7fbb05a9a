//! A tree of three hundred files: the findings stand at what changed, are the same every time, and name who is hit.

use segue_compat::draft;
use segue_compat::policy::DEFAULT;
use segue_compat::proto;
use segue_compat::source::{File, Source};
use segue_model::check::{CheckReport, Side};

#[path = "../../../../../xtask/src/bench/proto_documents.rs"]
mod proto_documents;

fn source(side: Side, packages: usize, second: bool) -> Source {
    let files = proto_documents::files(packages, second).into_iter().map(|(name, text)| File::text(name, &text)).collect();
    Source { side, files }
}

fn compare(old: &Source, new: &Source) -> CheckReport {
    let outcome = proto::check(old, new, &DEFAULT).expect("it compares");
    draft::report("proto", &DEFAULT, &[old, new], outcome)
}

#[test]
fn a_large_tree_has_one_finding_for_each_change() {
    let (old, new) = (source(Side::Old, 299, false), source(Side::New, 299, true));
    let bytes: usize = old.files.iter().map(|file| file.bytes.len()).sum();
    assert!(old.files.len() == 300 && bytes > 3_000_000, "{bytes}");
    let report = compare(&old, &new);
    let count = |rule: &str| report.findings.iter().filter(|finding| finding.rule == rule).count();
    let changed = count("proto-field-type-changed");
    assert!((43 * 3..43 * 6).contains(&changed), "{changed}");
    assert_eq!((count("proto-field-removed"), count("proto-enum-value-added")), (changed, changed));
    assert_eq!(report.findings.len(), 3 * changed);
    assert!(report.findings.iter().all(|finding| finding.reach.as_ref().is_some_and(|reach| reach.count == 3)));
    let again = compare(&old, &new);
    assert_eq!(serde_json::to_string(&report).ok(), serde_json::to_string(&again).ok());
    assert!(compare(&old, &source(Side::New, 299, false)).findings.is_empty());
}
