//! The schedule: order, people, weekends, windows, freezes, holds, gates, drivers, effort, money.

use segue_model::finding::Severity;
use segue_model::plan::program::{Rehearsal, StepTimes};
use segue_model::plan::{Condition, Estimate, Gate};
use segue_model::spec::program::{Freeze, Money, Window};
use segue_planner::estimate::{Model, estimate};

use crate::estimate_fixture::{bare_spec, date, estimated, gate, load, no_work_in, phase, plan, quick, stated, step};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// So many seconds of machine work, exactly.
fn exactly(name: &str, after: &[&str], seconds: u64) -> segue_model::plan::Phase {
    phase(name, after, vec![stated(name, "machine", "machine.copy", [seconds; 3])])
}

/// So many hours of people's work, exactly.
fn by_hand(name: &str, after: &[&str], hours: u64) -> segue_model::plan::Phase {
    phase(name, after, vec![stated(name, "dba", "people.review", [hours * HOUR; 3])])
}

fn ends(plan: &segue_model::plan::Plan) -> Vec<u64> {
    plan.phases.iter().map(|phase| phase.project.ends.expect("an end").p50_s).collect()
}

#[test]
fn phases_wait_for_what_is_before_them_and_side_ways_pass_at_once() {
    let phases = vec![exactly("a", &[], HOUR), exactly("b", &["a"], 3 * HOUR), exactly("c", &["a"], HOUR), exactly("d", &["b", "c"], HOUR)];
    let plan = estimated(plan(phases), &bare_spec());
    assert_eq!(ends(&plan), [HOUR, 4 * HOUR, 2 * HOUR, 5 * HOUR]);
    let critical: Vec<u32> = plan.phases.iter().map(|phase| phase.project.criticality_permille).collect();
    assert_eq!(critical, [1_000, 1_000, 0, 1_000]);
}

#[test]
fn a_plan_without_an_order_is_a_chain_and_a_cycle_has_no_dates() {
    let chained = estimated(plan(vec![exactly("a", &[], HOUR), exactly("b", &[], HOUR)]), &bare_spec());
    assert_eq!(ends(&chained), [HOUR, 2 * HOUR]);
    let cycle = estimated(plan(vec![exactly("a", &["b"], HOUR), exactly("b", &["a"], HOUR)]), &bare_spec());
    assert!(cycle.program.duration.is_none() && cycle.phases[0].project.ends.is_none());
}

#[test]
fn people_work_on_weekdays_at_their_hours() {
    let mut spec = bare_spec();
    // A Thursday; 20 hours a week are 4 hours a day.
    spec.program.start = Some(date("2027-01-14"));
    let plan = |spec: &_| ends(&estimated(plan(vec![by_hand("a", &[], 10)]), spec))[0];
    assert_eq!(plan(&spec), 4 * DAY + 12 * HOUR, "Thursday, Friday, half of Monday");
    spec.program.team.hours_per_week = Some(40);
    assert_eq!(plan(&spec), DAY + 6 * HOUR, "Thursday and a quarter of Friday");
}

#[test]
fn a_phase_without_work_has_no_end_until_somebody_says_that_it_takes_none() {
    let of = |spec: &_| {
        let mut plan = plan(vec![by_hand("a", &[], 4), phase("b", &["a"], Vec::new()), by_hand("c", &["b"], 4)]);
        let findings = segue_planner::estimate::estimate(&mut plan, spec, None, &quick(), None);
        (plan, findings)
    };
    let (open, findings) = of(&bare_spec());
    assert_eq!(findings.iter().map(|found| (found.code.as_str(), found.object.as_str())).collect::<Vec<_>>(), [("SG-PLAN-121", "phase b")]);
    let ended: Vec<bool> = open.phases.iter().map(|phase| phase.project.ends.is_some()).collect();
    assert_eq!((ended, open.program.duration, open.program.effort), (vec![true, false, false], None, None));
    assert_eq!(open.program.needed.iter().map(|row| row.spec_key.as_str()).collect::<Vec<_>>(), ["phases.b.estimate"]);
    let (said, findings) = of(&no_work_in(bare_spec(), "b"));
    assert!(findings.is_empty() && said.program.duration.is_some(), "{findings:?}");
}

#[test]
fn parallel_work_shares_the_team_and_one_more_person_helps() {
    let mut spec = no_work_in(bare_spec(), "end");
    let of = |spec: &_| estimated(plan(vec![by_hand("a", &[], 4), by_hand("b", &[], 4), by_hand("end", &["a", "b"], 0)]), spec);
    let alone = of(&spec);
    assert_eq!(ends(&alone), [DAY, 2 * DAY, 2 * DAY]);
    assert_eq!(alone.phases[0].project.criticality_permille, 1_000, "what kept the only person busy is on the critical path");
    spec.program.team.people = Some(2);
    assert_eq!(ends(&of(&spec)), [DAY, DAY, DAY]);
}

#[test]
fn one_more_person_or_hour_never_lengthens() {
    arbtest::arbtest(|u| {
        let mut phases = Vec::new();
        for at in 0..u.int_in_range(1..=6_usize)? {
            let name = format!("p{at}");
            let before: Vec<String> = (0..at).filter(|_| u.ratio(1, 3).unwrap_or(false)).map(|before| format!("p{before}")).collect();
            let mut loads = vec![
                load(&name, "dba", "people.table", u.int_in_range(1..=400_u64)?),
                load(&name, "ops", "people.runbook", u.int_in_range(1..=3_u64)?),
            ];
            if u.arbitrary()? {
                loads.push(load(&name, "machine", "machine.deploy", u.int_in_range(1..=9_u64)?));
            }
            phases.push(phase(&name, &before.iter().map(String::as_str).collect::<Vec<_>>(), loads));
        }
        let (people, hours) = (u.int_in_range(1..=5_u32)?, u.int_in_range(1..=60_u32)?);
        let model = Model::read(r#"{"simulation": {"runs": 100}}"#).expect("a model");
        let of = |people, hours| {
            let mut spec = bare_spec();
            (spec.program.team.people, spec.program.team.hours_per_week) = (Some(people), Some(hours));
            let mut plan = plan(phases.clone());
            estimate(&mut plan, &spec, None, &model, None);
            plan.program.duration.expect("a duration")
        };
        let (few, more, longer) = (of(people, hours), of(people + 1, hours), of(people, hours + 7));
        for better in [more, longer] {
            assert!(
                better.p5_s <= few.p5_s && better.p50_s <= few.p50_s && better.p80_s <= few.p80_s && better.p95_s <= few.p95_s,
                "{few:?} {better:?}"
            );
        }
        Ok(())
    })
    .budget_ms(2_000);
}

fn night(days: &[&str], zone: &str) -> Window {
    Window { days: days.iter().map(|&day| day.to_owned()).collect(), from_min: 60, to_min: 240, zone: zone.to_owned() }
}

#[test]
fn work_in_a_window_waits_for_it_and_goes_on_in_the_next() {
    let mut spec = bare_spec();
    spec.program.start = Some(date("2027-01-11"));
    let mut shift = exactly("shift", &["copy"], 4 * HOUR);
    shift.project.windows = vec![night(&["sat"], "Europe/Berlin")];
    let mut plan = plan(vec![exactly("copy", &[], HOUR), shift]);
    let findings = estimate(&mut plan, &spec, None, &Model::builtin(), None);
    // Saturday 01:00 to 04:00 in Berlin is 00:00 to 03:00 in UTC.
    let project = &plan.phases[1].project;
    assert_eq!(project.starts.expect("a start").p50_s, 5 * DAY);
    assert_eq!(project.ends.expect("an end").p50_s, 12 * DAY + HOUR);
    assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["SG-PLAN-116"], "it does not fit: {findings:?}");
}

#[test]
fn a_cutover_is_whole_in_one_window() {
    let mut spec = bare_spec();
    spec.program.start = Some(date("2027-01-11"));
    let of = |copy: u64, hours: u64| {
        let mut cutover = phase("cutover", &["copy"], vec![stated("cutover", "lead", "people.cutover", [hours * HOUR; 3])]);
        cutover.project.windows = vec![night(&["sat", "sun"], "UTC")];
        let mut plan = plan(vec![exactly("copy", &[], copy), cutover]);
        let findings = estimate(&mut plan, &spec, None, &Model::builtin(), None);
        let project = &plan.phases[1].project;
        (project.starts.expect("a start").p50_s, project.ends.expect("an end").p50_s, findings)
    };
    // Saturday from 01:00 to 04:00, then Sunday: at 03:00 there is no room for two hours.
    assert_eq!((of(HOUR, 2).0, of(HOUR, 2).1), (5 * DAY + HOUR, 5 * DAY + 3 * HOUR));
    assert_eq!((of(5 * DAY + 3 * HOUR, 2).0, of(5 * DAY + 3 * HOUR, 2).1), (6 * DAY + HOUR, 6 * DAY + 3 * HOUR));
    // One that fits into none is told, and is no small thing.
    let findings = of(HOUR, 4).2;
    assert!(
        findings
            .iter()
            .any(|finding| finding.code == "SG-PLAN-116" && finding.severity == Severity::High && finding.message.contains("half done")),
        "{findings:?}"
    );
}

#[test]
fn the_clock_change_shortens_the_window_of_that_night() {
    let mut spec = bare_spec();
    // Clocks in Berlin go forward in the night to Sunday 2027-03-28: 01:00 to 04:00 has two hours.
    spec.program.start = Some(date("2027-03-27"));
    let mut shift = exactly("shift", &[], 150 * 60);
    shift.project.windows = vec![night(&["sun"], "Europe/Berlin")];
    let mut plan = plan(vec![shift]);
    estimate(&mut plan, &spec, None, &Model::builtin(), None);
    // Two hours on the 28th from 00:00 UTC, and half an hour on April 4th from 01:00 in summer time, 23:00 UTC the day before.
    assert_eq!(plan.phases[0].project.ends.expect("an end").p50_s, 7 * DAY + 23 * HOUR + HOUR / 2);
}

#[test]
fn a_freeze_moves_work_that_users_could_meet_and_not_the_writing_of_words() {
    let mut spec = bare_spec();
    spec.program.start = Some(date("2027-01-11"));
    spec.program.freezes = vec![Freeze { from: date("2027-01-11"), to: date("2027-01-13") }];
    let plan = estimated(plan(vec![by_hand("words", &[], 4), exactly("copy", &["words"], HOUR)]), &spec);
    assert_eq!(ends(&plan), [DAY, 3 * DAY + HOUR]);
}

#[test]
fn holds_and_gates_pass_once() {
    let mut held = exactly("shift", &[], HOUR);
    held.project.hold = Some(Estimate { seconds: DAY, from: "the test".to_owned() });
    let alone = estimated(plan(vec![held.clone()]), &bare_spec());
    assert_eq!(ends(&alone), [DAY + HOUR]);
    held.project.loads.push(load("shift", "nobody", "wait.hold", DAY));
    let mut metric = gate("shift/errors", "error_rate");
    if let Condition::Metric { condition } = &mut metric.condition {
        condition.for_ms = 2 * HOUR * 1_000;
    }
    held.gates.push(metric);
    let twice = estimated(plan(vec![held.clone()]), &bare_spec());
    assert_eq!(ends(&twice), [DAY + 3 * HOUR], "the hold as a load, then the gate");
    let mut contract = exactly("contract", &["shift"], 0);
    let waited = Condition::Waited { since: "shift".to_owned(), at_least_ms: 7 * DAY * 1_000 };
    contract.entry = vec![Gate { id: "contract/keep_old".to_owned(), what: String::new(), condition: waited, from: String::new() }];
    let kept = estimated(plan(vec![held.clone(), contract.clone()]), &bare_spec());
    assert_eq!(ends(&kept), [DAY + 3 * HOUR, 8 * DAY + 3 * HOUR]);
    contract.project.loads.push(load("contract", "nobody", "wait.hold", 7 * DAY));
    assert_eq!(
        ends(&estimated(plan(vec![held, contract]), &bare_spec())),
        [DAY + 3 * HOUR, 8 * DAY + 3 * HOUR],
        "a gate written as a load too"
    );
}

#[test]
fn a_stated_estimate_of_a_phase_wins_and_effort_stays() {
    let mut spec = bare_spec();
    let wish = segue_model::spec::program::PhaseWish { estimate: Some((HOUR, HOUR, HOUR)), ..Default::default() };
    spec.program.phases.insert("a".to_owned(), wish);
    let mut only = by_hand("a", &[], 40);
    only.project.loads.push(crate::estimate_fixture::copy("a", &[]));
    let plan = estimated(plan(vec![only]), &spec);
    assert_eq!(ends(&plan), [HOUR]);
    assert_eq!(plan.program.effort.expect("effort").p50_s, 40 * HOUR);
    assert!(plan.program.needed.is_empty(), "it was answered");
}

#[test]
fn drivers_name_what_moves_the_end() {
    let wide = phase("copy", &[], vec![stated("copy/big", "machine", "machine.copy", [HOUR, 10 * HOUR, 100 * HOUR])]);
    let narrow = phase("verify", &["copy"], vec![stated("verify/all", "machine", "machine.verify", [HOUR, HOUR, HOUR + 60])]);
    let aside = phase("words", &[], vec![stated("words", "machine", "machine.copy", [1, 10, 1_000])]);
    let plan = estimated(plan(vec![wide, narrow, aside]), &bare_spec());
    let drivers = &plan.program.drivers;
    assert_eq!(drivers[0].id, "copy/big");
    assert!(drivers[0].share_permille > 990 && drivers.iter().all(|driver| driver.id != "words"), "{drivers:?}");
    assert!(drivers[0].narrow.contains("segue assess --probe"), "{drivers:?}");
}

#[test]
fn money_needs_the_price_of_each_role_that_works() {
    let mut spec = bare_spec();
    spec.program.budget = Some(Money { hundredths: 50_000, currency: "EUR".to_owned() });
    spec.program.team.rates.insert("dba".to_owned(), 10_000);
    let mut two = plan(vec![by_hand("a", &[], 4), phase("b", &[], vec![load("b", "ops", "people.alert", 1)])]);
    estimate(&mut two, &spec, None, &Model::builtin(), None);
    assert!(two.program.cost.is_none());
    assert_eq!(two.program.needed.iter().map(|row| row.spec_key.as_str()).collect::<Vec<_>>(), ["team.rates.ops"]);
    let mut one = plan(vec![by_hand("a", &[], 4)]);
    let findings = estimate(&mut one, &spec, None, &Model::builtin(), None);
    let cost = one.program.cost.expect("a cost");
    assert_eq!((cost.p50.hundredths, cost.p50.currency.as_str()), (40_000, "EUR"));
    assert!(findings.is_empty() && cost.from.contains("dba 100.00 EUR/h"), "{cost:?} {findings:?}");
}

#[test]
fn an_executable_plan_without_loads_takes_its_own_estimate() {
    let mut only = phase("backfill", &[], Vec::new());
    only.estimate = Estimate { seconds: 100, from: "conversion at 30000 rows/s".to_owned() };
    let plan = estimated(plan(vec![only]), &bare_spec());
    let work = plan.phases[0].project.work.as_ref().expect("work");
    assert_eq!((work.p50_s, work.confidence.as_str()), (100, "model"));
    assert!((57..=59).contains(&work.p5_s) && (295..=305).contains(&work.p95_s), "{work:?}");
    // A rehearsal that timed each of its steps wins.
    let mut rehearsed = plan.clone();
    rehearsed.phases[0].steps = vec![step("backfill/a", "backfill", "run"), step("backfill/b", "backfill", "run")];
    let times = StepTimes { perform_ms: 20_000, undo_ms: None };
    let steps = ["backfill/a", "backfill/b"].into_iter().map(|id| (id.to_owned(), times)).collect();
    rehearsed.program.rehearsal = Some(Rehearsal { id: "r1".to_owned(), whole: true, steps, ..Rehearsal::default() });
    let work = estimated(rehearsed, &bare_spec()).phases[0].project.work.clone().expect("work");
    assert_eq!((work.p50_s, work.confidence.as_str()), (40, "measured"));
}
