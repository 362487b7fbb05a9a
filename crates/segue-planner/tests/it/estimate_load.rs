//! How long a load takes, and what is asked for where nobody knows.

use std::collections::BTreeMap;

use segue_model::plan::program::{Needed, Rehearsal, StepTimes, Task};
use segue_model::spec::program::Rate;
use segue_planner::estimate::{Model, estimate};

use crate::estimate_fixture::{copy, estimated, load, measured, move_spec, phase, plan, quick, stated, time};

const GIB: u64 = 1 << 30;

#[test]
fn a_measured_rate_gives_a_time_with_its_whole_derivation() {
    let orders = copy("copy/orders", &[("bytes", 124 * GIB / 10), ("indexes", 1), ("columns", 10)]);
    let mut plan = plan(vec![phase("copy", &[], vec![orders])]);
    let findings = estimate(&mut plan, &move_spec(), Some(&measured()), &quick(), None);
    assert!(findings.is_empty(), "{findings:?}");
    let time = time(&plan, 0, 0);
    // 12.4 GiB / 50 MiB/s is 253.952 s; × 1.49 × 1.04 = 393.4 s, because factors multiply in thousandths.
    assert_eq!((time.p5_s, time.p50_s, time.p95_s), (335, 394, 787));
    assert_eq!(time.confidence, "measured");
    let whole = "12.4 GiB / 50 MiB/s (measured old → new: 200,000 rows in 4 s) × 1.49 (1 index) × 1.04 (10 columns) = 6 m 34 s";
    assert!(time.from.starts_with(whole), "{}", time.from);
    assert!(plan.program.needed.is_empty());
}

#[test]
fn what_is_measured_wins_over_what_is_stated() {
    let mut spec = move_spec();
    spec.program.rates.copy = Some(Rate::BytesPerS(1 << 20));
    let with = |assessment| {
        let mut plan = plan(vec![phase("copy", &[], vec![copy("copy/a", &[("bytes", GIB)])])]);
        estimate(&mut plan, &spec, assessment, &quick(), None);
        time(&plan, 0, 0)
    };
    let seen = measured();
    assert_eq!(with(Some(&seen)).p50_s, 21);
    let stated = with(None);
    assert_eq!((stated.p50_s, stated.confidence.as_str()), (1_024, "stated"));
    assert!(stated.from.contains("stated: spec rates.copy"), "{}", stated.from);
}

#[test]
fn a_rate_that_nobody_knows_widens_and_is_asked_for_once() {
    let copies = vec![copy("copy/a", &[("bytes", GIB)]), copy("copy/b", &[("rows", 1_000_000)])];
    let mut plan = plan(vec![phase("copy", &[], copies)]);
    let known = Needed { what: "the rate".to_owned(), spec_key: "rates.copy".to_owned(), for_what: vec!["copy".to_owned()] };
    plan.program.needed.push(known);
    let findings = estimate(&mut plan, &move_spec(), None, &quick(), None);
    let time = time(&plan, 0, 0);
    assert_eq!(time.confidence, "unknown");
    assert!(time.p95_s > 10 * time.p5_s, "wide: {time:?}");
    assert!(time.from.contains("nobody measured or stated") && time.from.contains("machine.copy"), "{}", time.from);
    assert_eq!(plan.program.needed.len(), 1, "{:?}", plan.program.needed);
    assert_eq!(plan.program.needed[0].for_what, ["copy", "estimate"]);
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].code.as_str(), findings[0].object.as_str()), ("SG-PLAN-120", "estimate rates.copy"));
    assert!(plan.program.duration.is_some(), "dates are widened, not withheld");
    assert_eq!(plan.phases[0].project.work.as_ref().expect("work").confidence, "unknown");
}

#[test]
fn an_amount_that_nobody_knows_has_no_time_and_no_date_after_it() {
    let phases = vec![
        phase("prepare", &[], vec![load("prepare", "dba", "people.phase_setup", 1)]),
        phase("copy", &["prepare"], vec![copy("copy/a", &[])]),
        phase("shift", &["copy"], vec![load("shift", "lead", "people.cutover", 1)]),
    ];
    let mut plan = plan(phases);
    let findings = estimate(&mut plan, &move_spec(), Some(&measured()), &quick(), None);
    assert!(plan.phases[1].project.loads[0].time.is_none());
    let dates: Vec<(bool, bool)> = plan.phases.iter().map(|phase| (phase.project.starts.is_some(), phase.project.ends.is_some())).collect();
    assert_eq!(dates, [(true, true), (true, false), (false, false)]);
    assert!(plan.program.duration.is_none() && plan.program.drivers.is_empty());
    assert!(plan.program.effort.is_some(), "what people do is known");
    assert_eq!(plan.program.needed[0].spec_key, "systems.old.facts.size");
    assert_eq!(findings[0].code, "SG-PLAN-121");
}

#[test]
fn a_rate_in_rows_needs_rows() {
    let mut spec = move_spec();
    spec.program.rates.copy = Some(Rate::RowsPerS(20_000));
    let mut plan =
        plan(vec![phase("copy", &[], vec![copy("copy/a", &[("bytes", GIB)]), copy("copy/b", &[("rows", 60_000), ("bytes", GIB)])])]);
    estimate(&mut plan, &spec, None, &quick(), None);
    assert!(plan.phases[0].project.loads[0].time.is_none());
    assert_eq!(time(&plan, 0, 1).p50_s, 3);
}

#[test]
fn people_and_deployments_come_from_the_model() {
    let loads = vec![load("convert", "dba", "people.view", 12), load("deploy/app", "machine", "machine.deploy", 2)];
    let plan = estimated(plan(vec![phase("convert", &[], loads)]), &move_spec());
    let view = time(&plan, 0, 0);
    assert_eq!((view.p5_s, view.p50_s, view.p95_s), (12 * 180, 12 * 300, 12 * 1_800));
    assert!(
        view.from.starts_with("12 × 5 m (3 m to 30 m) a view (quick people.view: ora2pg: 1 of its units of 5 minutes)"),
        "{}",
        view.from
    );
    assert_eq!(time(&plan, 0, 1).p50_s, 1_800);
}

#[test]
fn stated_seconds_win_and_a_wait_is_what_was_decided() {
    let loads = vec![
        stated("copy/a", "machine", "machine.copy", [60, 90, 600]),
        load("copy", "nobody", "wait.hold", 86_400),
        load("dns", "nobody", "wait.dns_ttl", 300),
    ];
    let plan = estimated(plan(vec![phase("copy", &[], loads)]), &move_spec());
    let points = |at: usize| (time(&plan, 0, at).p5_s, time(&plan, 0, at).p50_s, time(&plan, 0, at).p95_s);
    assert_eq!(points(0), (60, 90, 600));
    assert_eq!(time(&plan, 0, 0).confidence, "stated");
    assert_eq!(points(1), (86_400, 86_400, 86_400));
    assert_eq!(points(2), (300, 300, 600));
}

#[test]
fn a_rehearsal_on_a_whole_copy_wins_over_everything() {
    let with = |whole| {
        let mut plan = plan(vec![phase("backfill", &[], vec![stated("backfill/users", "machine", "machine.backfill", [1, 2, 3])])]);
        let times = StepTimes { perform_ms: 90_000, undo_ms: None };
        let steps = BTreeMap::from([("backfill/users".to_owned(), times)]);
        plan.program.rehearsal = Some(Rehearsal { id: "r7".to_owned(), rows: 1_000, whole, steps, ..Rehearsal::default() });
        estimated(plan, &move_spec()).phases[0].project.loads[0].time.clone().expect("a time")
    };
    let whole = with(true);
    assert_eq!((whole.p50_s, whole.confidence.as_str()), (90, "measured"));
    assert!(whole.from.starts_with("90,000 ms in rehearsal r7 on 1,000 rows"), "{}", whole.from);
    assert_eq!(with(false).p50_s, 2, "a sample shows no time");
}

#[test]
fn more_data_never_shortens_a_copy() {
    arbtest::arbtest(|u| {
        let bytes = u.int_in_range(1..=1_u64 << 45)?;
        let (rows, indexes, columns) = (u.int_in_range(1..=1_u64 << 33)?, u.int_in_range(0..=30_u64)?, u.int_in_range(1..=200_u64)?);
        let facts = [("bytes", bytes), ("rows", rows), ("indexes", indexes), ("columns", columns)];
        let mut more = facts;
        let at = u.int_in_range(0..=3_usize)?;
        more[at].1 += u.int_in_range(0..=1_000_000_u64)?;
        let seen = u.arbitrary::<bool>()?.then(measured);
        let of = |facts: &[(&str, u64)]| {
            let mut plan = plan(vec![phase("copy", &[], vec![copy("copy/a", facts)])]);
            let model = Model::read(r#"{"simulation": {"runs": 100}}"#).expect("a model");
            estimate(&mut plan, &move_spec(), seen.as_ref(), &model, None);
            (time(&plan, 0, 0), plan.program.duration.expect("a duration"))
        };
        let ((less, end), (more, later)) = (of(&facts), of(&more));
        assert!(less.p5_s <= more.p5_s && less.p50_s <= more.p50_s && less.p95_s <= more.p95_s, "{less:?} {more:?}");
        assert!(end.p50_s <= later.p50_s && end.p80_s <= later.p80_s && end.p95_s <= later.p95_s, "{end:?} {later:?}");
        Ok(())
    })
    .budget_ms(2_000);
}

#[test]
fn a_task_gets_the_minutes_of_its_load_and_a_stated_one_counts_as_work() {
    let mut only = phase("prepare", &[], vec![load("write the runbook", "ops", "people.runbook", 1)]);
    let task = |what: &str, minutes| Task { what: what.to_owned(), owner: "ops".to_owned(), minutes, from: "spec phases".to_owned() };
    only.project.tasks = vec![task("write the runbook", 0), task("call the bank", 60)];
    let plan = estimated(plan(vec![only]), &move_spec());
    assert_eq!(plan.phases[0].project.tasks[0].minutes, 180);
    let effort = plan.program.effort.expect("effort").p50_s;
    assert!((3 * 3_600..5 * 3_600).contains(&effort), "three hours and one: {effort}");
}
