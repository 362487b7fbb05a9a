//! Queries, timing and drift, as the report tells of them.

use segue_engine::ErrorKind;
use segue_model::spec::program::Tolerance;
use segue_model::verify::Verdict;
use segue_verify::checks::performance::{self, Timed, Timing};
use segue_verify::checks::queries::{Query, QueryOptions, check, of_spec};

use super::scripted::Cell::{Null, Number, Text};
use super::scripted::{Cell, Scripted};

fn query(tolerance: Option<Tolerance>, ordered: bool) -> Query {
    Query { name: "q".to_owned(), source: "q".to_owned(), target: "q".to_owned(), tolerance, ordered }
}

async fn compared(source: &[&[Cell]], target: &[&[Cell]], query: &Query, show_values: bool) -> (Verdict, String) {
    let side = |rows: &[&[Cell]]| Scripted::default().with("q", &["day", "total"], rows, 1);
    let options = QueryOptions { show_values, ..QueryOptions::default() };
    let report = check(query, &side(source), &side(target), &options).await.expect("both answer");
    (report.verdict, report.evidence.join("\n"))
}

const A: &[Cell] = &[Text("a"), Number(10)];
const B: &[Cell] = &[Text("b"), Number(20)];

#[tokio::test]
async fn rows_are_a_multiset_unless_their_order_counts() {
    let free = query(None, false);
    assert_eq!(compared(&[A, B], &[B, A], &free, false).await.0, Verdict::Equal);
    assert_eq!(compared(&[A, B], &[B, A], &query(None, true), false).await.0, Verdict::Different);
    // A duplicate for another row is no set difference one way, and 2 = 2 (T3).
    assert_eq!(compared(&[A, B], &[A, A], &free, false).await.0, Verdict::Different);
    assert_eq!(compared(&[A, A, B], &[A, B, B], &free, false).await.0, Verdict::Different);
    assert_eq!(compared(&[], &[], &free, false).await.0, Verdict::Equal);
    let (verdict, said) = compared(&[A, B], &[A], &free, false).await;
    assert_eq!(verdict, Verdict::Different);
    assert!(said.contains("the source gives 2 rows, the target 1") && said.contains("row 2 of the source"), "{said}");
}

#[tokio::test]
async fn the_place_is_named_and_the_value_only_to_who_asks() {
    let canary: &[Cell] = &[Text("b"), Text("canary")];
    let (verdict, said) = compared(&[A, B], &[A, canary], &query(None, false), false).await;
    assert_eq!(verdict, Verdict::Different);
    assert_eq!(said, "row 2: `total` differs");
    let (_, said) = compared(&[A, B], &[A, canary], &query(None, false), true).await;
    assert_eq!(said, "row 2: `total` is 20 at the source, canary at the target");
    let null: &[Cell] = &[Text("a"), Null];
    assert_eq!(compared(&[A], &[null], &query(Some(Tolerance::PercentMilli(100_000)), false), false).await.0, Verdict::Different);
}

#[tokio::test]
async fn numbers_may_be_apart_and_rows_still_find_each_other() {
    let near: &[Cell] = &[Text("a"), Number(11)];
    let percent = |share| query(Some(Tolerance::PercentMilli(share)), false);
    assert_eq!(compared(&[A, B], &[B, near], &percent(10_000), false).await.0, Verdict::Equal);
    assert_eq!(compared(&[A, B], &[B, near], &percent(9_999), false).await.0, Verdict::Different);
    let many: Vec<Vec<Cell>> = (0..20).map(|n| vec![Text("x"), Number(n * 100)]).collect();
    let other: Vec<Vec<Cell>> = (0..20).map(|n| vec![Text("x"), Number(n * 100 + 50)]).collect();
    let left: Vec<&[Cell]> = many.iter().map(Vec::as_slice).collect();
    let right: Vec<&[Cell]> = other.iter().map(Vec::as_slice).collect();
    let (verdict, said) = compared(&left, &right, &query(None, false), false).await;
    assert_eq!(verdict, Verdict::Different);
    assert!(said.contains("and 15 rows differ more"), "{said}");
    assert_eq!(compared(&left, &right, &query(Some(Tolerance::Milli(50_000)), false), false).await.0, Verdict::Equal);
}

#[tokio::test]
async fn a_side_that_cannot_answer_decides_nothing() {
    let good = Scripted::default().with("q", &["a"], &[&[Number(1)]], 1);
    for kind in [ErrorKind::Syntax, ErrorKind::Object, ErrorKind::Cancelled, ErrorKind::Permission, ErrorKind::Resources] {
        let report = check(&query(None, false), &good, &Scripted::failing(kind), &QueryOptions::default()).await.expect("told");
        assert_eq!(report.verdict, Verdict::Undecided, "{kind:?}");
        assert!(report.evidence[0].ends_with("as the test says [SG-MEM-001]"), "{report:?}");
    }
    let gone = Scripted::failing(ErrorKind::Connection);
    assert!(check(&query(None, false), &gone, &good, &QueryOptions::default()).await.is_err());
}

#[tokio::test]
async fn sides_take_turns_and_the_warm_up_does_not_count() {
    let mut source = Scripted::default();
    let mut target = Scripted::default();
    for took in [9_000_000, 9_000_000, 1000, 1000, 1000] {
        source = source.with("q", &["a"], &[&[Number(1)]], took);
        target = target.with("q", &["a"], &[&[Number(1)]], took + took / 20);
    }
    let timed = [Timed { name: "q".to_owned(), source: "q".to_owned(), target: "q".to_owned() }];
    let timing = Timing { runs: 3, warm_up: 2, slower_milli: 5000 };
    let run = async |timing: &Timing| performance::check(&timed, &source, &target, timing, &QueryOptions::default()).await.expect("timed");
    let report = run(&timing).await;
    assert_eq!(report.verdict, Verdict::Equal, "{report:?}");
    assert!(report.evidence[0].contains("median 1.000 ms at the source"), "{report:?}");
    assert_eq!((source.times_asked("q"), target.times_asked("q")), (5, 5));
    assert_eq!(run(&Timing { slower_milli: 4999, ..timing }).await.verdict, Verdict::Different);
}

#[test]
fn the_checks_of_a_spec() {
    let text = "segue: 1\nid: S-1\nsystems:\n  old: {postgres: {url: env:A}}\n  new: {postgres: {url: env:B}}\n\
        move: {from: old, to: new}\nchecks:\n  a: select 1\n  b: {sql: select 2, tolerance: 1%}\n  c: {sql: select 3, on: target}\n";
    let spec = segue_model::spec::read(text, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:?}"));
    let (queries, left_out) = of_spec(&spec);
    let seen: Vec<_> = queries.iter().map(|query| (query.name.as_str(), query.source.as_str(), query.tolerance)).collect();
    assert_eq!(seen, [("a", "select 1", None), ("b", "select 2", Some(Tolerance::PercentMilli(1000)))]);
    assert_eq!(left_out, ["check c: it is asked of the target alone, so that there is nothing to compare it with"]);
}
