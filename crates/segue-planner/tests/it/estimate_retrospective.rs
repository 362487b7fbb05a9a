//! Plan against actual, and what a run teaches.

use segue_planner::estimate::{Actual, retrospective};

use crate::estimate_fixture::{bare_spec, estimated, load, phase, plan, stated, step};

fn actual(id: &str, started_s: u64, ended_s: Option<u64>, rows: Option<u64>) -> Actual {
    Actual { id: id.to_owned(), started_s, ended_s, rows, bytes: None }
}

fn planned() -> segue_model::plan::Plan {
    let mut backfill = phase("backfill", &[], vec![stated("backfill/users", "machine", "machine.backfill", [80, 100, 200])]);
    backfill.steps = vec![step("backfill/users", "backfill", "run"), step("backfill/note", "note", "run")];
    let mut verify = phase("verify", &["backfill"], vec![stated("verify/users", "machine", "machine.verify", [10, 20, 30])]);
    verify.steps = vec![step("verify/users", "verify_rows", "run")];
    let contract = phase("contract", &["verify"], vec![load("contract", "nobody", "wait.hold", 3_600)]);
    estimated(plan(vec![backfill, verify, contract]), &bare_spec())
}

#[test]
fn each_phase_and_step_is_judged() {
    let done = [
        actual("backfill/users", 5, Some(125), Some(2_400_000)),
        actual("backfill/note", 125, Some(126), None),
        actual("verify/users", 126, Some(186), Some(2_400_000)),
        actual("elsewhere/x", 0, Some(1), None),
    ];
    let seen = retrospective(&planned(), &done);
    let rows: Vec<(&str, &str, Option<u64>, Option<u64>)> =
        seen.rows.iter().map(|row| (row.id.as_str(), row.verdict.as_str(), row.actual_s, row.ratio_permille)).collect();
    assert_eq!(
        rows,
        [
            ("backfill", "within", Some(121), Some(1_210)),
            ("backfill/users", "within", Some(120), Some(1_200)),
            ("backfill/note", "not planned", Some(1), None),
            ("verify", "slower", Some(60), Some(3_000)),
            ("verify/users", "slower", Some(60), Some(3_000)),
            ("contract", "not run", None, None),
        ]
    );
    assert_eq!((seen.adherence_permille, seen.total_s), (Some(500), Some(186)));
    assert_eq!(seen.not_compared, ["`elsewhere/x` was done and stands in no phase of the plan."]);
    assert!(seen.planned.is_some());
}

#[test]
fn rates_are_learned_and_fit_an_assessment() {
    let seen =
        retrospective(&planned(), &[actual("backfill/users", 0, Some(120), Some(2_400_000)), actual("verify/users", 120, None, Some(9))]);
    assert_eq!(seen.learned.len(), 1, "what did not end teaches nothing");
    let learned = &seen.learned[0];
    assert_eq!((learned.key.as_str(), learned.rate.what.as_str(), learned.rate.rows_per_s), ("machine.backfill", "write", 20_000));
    assert_eq!(learned.rate.sample, "the run itself: 2,400,000 rows in 2 m (1 step)");
    assert_eq!(seen.total_s, None, "it has not ended");
}

#[test]
fn a_run_that_did_nothing_has_no_adherence() {
    let seen = retrospective(&planned(), &[]);
    assert_eq!((seen.adherence_permille, seen.total_s, seen.learned.len()), (None, None, 0));
    assert!(seen.rows.iter().all(|row| row.verdict == "not run"));
}
