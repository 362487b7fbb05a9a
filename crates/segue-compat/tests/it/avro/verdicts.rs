//! Our verdicts against those of fastavro 1.13.1, an independent library, on every case both ways.
//!
//! `verdicts.txt` was made by writing sixty random values with each side's schema (logical types taken out) and reading them
//! with the other's: `error` where a read failed. What we call breaking without an error there is listed here by rule.

use segue_compat::avro;
use segue_model::check::{Breaks, CheckReport};

use crate::case_file;

/// What reads without an error and still means something else.
const SILENT: &[&str] = &["avro-decimal-changed", "avro-logical-type-changed", "avro-schema-removed", "avro-schema-added"];
/// A record that holds itself without an end: no finite value exists that a library could have written.
const UNINHABITED: &str = "cycle-without-an-end";

#[test]
fn an_independent_library_agrees() {
    let table = include_str!("verdicts.txt");
    let mut agreed = 0;
    for case in case_file::all("avro") {
        let name = case.name();
        let row = table.lines().find(|line| line.split(' ').next() == Some(&name)).unwrap_or_else(|| panic!("{name} has a verdict"));
        let verdicts: Vec<&str> = row.split(' ').skip(1).collect();
        let report = case_file::compare(avro::check, &case.old, &case.new).expect("it compares");
        for (breaks, verdict) in [Breaks::Deploy, Breaks::Rollback].into_iter().zip(verdicts) {
            let (loud, any) = (errors(&report, breaks, true), errors(&report, breaks, false));
            match verdict {
                "error" => assert!(any, "{name}: {breaks:?} fails there and is compatible here"),
                _ => assert!(!loud || name == UNINHABITED, "{name}: {breaks:?} reads there and breaks here"),
            }
            agreed += 1;
        }
    }
    assert_eq!(agreed, 2 * table.lines().count());
}

fn errors(report: &CheckReport, breaks: Breaks, loud: bool) -> bool {
    report.findings.iter().any(|one| one.breaks.contains(&breaks) && !(loud && SILENT.contains(&one.rule.as_str())))
}
