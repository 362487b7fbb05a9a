//! Deadline, budget, windows and freezes that leave nothing, zones, the start.

use segue_model::finding::{Finding, Severity};
use segue_model::plan::Plan;
use segue_model::spec::Spec;
use segue_model::spec::program::{Date, Freeze, Money, Window};
use segue_planner::estimate::{Model, estimate};

use crate::estimate_fixture::{bare_spec, copy, date, phase, plan, stated};

const HOUR: u64 = 3_600;

/// A plan that takes between two and twenty days, most likely six.
fn days() -> Plan {
    plan(vec![phase("copy", &[], vec![stated("copy/a", "machine", "machine.copy", [48 * HOUR, 144 * HOUR, 480 * HOUR])])])
}

fn found(plan: &mut Plan, spec: &Spec, today: Option<Date>) -> Vec<(String, Severity)> {
    let findings: Vec<Finding> = estimate(plan, spec, None, &Model::builtin(), today);
    assert!(findings.iter().all(|finding| !finding.message.is_empty() && !finding.fix.is_empty()), "{findings:?}");
    findings.into_iter().map(|finding| (finding.code, finding.severity)).collect()
}

fn codes(plan: &mut Plan, spec: &Spec) -> Vec<String> {
    found(plan, spec, None).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_deadline_before_p50_cannot_be_and_before_p80_is_said() {
    let with = |deadline: &str| {
        let mut spec = bare_spec();
        spec.program.start = Some(date("2027-01-11"));
        spec.program.deadline = Some(date(deadline));
        found(&mut days(), &spec, None)
    };
    assert_eq!(with("2027-01-14"), [("SG-PLAN-110".to_owned(), Severity::Critical)]);
    // The last day belongs to it: the 16th ends six days after the 11th began.
    assert_eq!(with("2027-01-16"), [("SG-PLAN-111".to_owned(), Severity::Medium)]);
    assert_eq!(with("2027-02-28"), []);
}

#[test]
fn without_a_start_today_counts_only_where_there_is_a_date() {
    let mut spec = bare_spec();
    let bare = |today| {
        let mut plan = days();
        estimate(&mut plan, &bare_spec(), None, &Model::builtin(), today);
        plan
    };
    assert_eq!(bare(None), bare(Some(date("2027-05-05"))), "the same plan each day");
    spec.program.deadline = Some(date("2027-01-14"));
    assert_eq!(found(&mut days(), &spec, Some(date("2027-01-11")))[0].0, "SG-PLAN-110");
    assert_eq!(found(&mut days(), &spec, None), [("SG-PLAN-112".to_owned(), Severity::Medium)]);
}

#[test]
fn a_plan_without_dates_never_meets_its_deadline_in_silence() {
    let mut spec = bare_spec();
    (spec.program.start, spec.program.deadline) = (Some(date("2027-01-11")), Some(date("2027-02-28")));
    let mut open = plan(vec![phase("copy", &[], vec![copy("copy/a", &[])])]);
    assert_eq!(codes(&mut open, &spec), ["SG-PLAN-121", "SG-PLAN-112"]);
    spec.program.deadline = Some(date("2027-01-12"));
    let mut late = days();
    late.phases.push(phase("verify", &["copy"], vec![copy("verify/a", &[])]));
    assert_eq!(codes(&mut late, &spec), ["SG-PLAN-121", "SG-PLAN-110"], "what is known is late already");
}

#[test]
fn a_freeze_over_the_only_window_cannot_be() {
    let mut spec = bare_spec();
    (spec.program.start, spec.program.deadline) = (Some(date("2027-01-11")), Some(date("2027-01-18")));
    spec.program.freezes = vec![Freeze { from: date("2027-01-15"), to: date("2027-01-17") }];
    let mut plan = plan(vec![phase("shift", &[], vec![stated("shift", "machine", "machine.deploy", [60, 60, 60])])]);
    plan.phases[0].project.windows = vec![Window { days: vec!["sat".to_owned()], from_min: 120, to_min: 240, zone: "UTC".to_owned() }];
    let all = found(&mut plan, &spec, None);
    assert!(all.contains(&("SG-PLAN-115".to_owned(), Severity::Critical)), "{all:?}");
    spec.program.freezes.clear();
    assert_eq!(codes(&mut plan, &spec), Vec::<String>::new());
}

#[test]
fn a_zone_that_nobody_knows_is_refused_by_its_name() {
    let mut plan = days();
    plan.phases[0].project.windows = vec![Window { days: Vec::new(), from_min: 0, to_min: 60, zone: "Europe/Atlantis".to_owned() }];
    assert_eq!(found(&mut plan, &bare_spec(), None), [("SG-PLAN-117".to_owned(), Severity::Critical)]);
}

#[test]
fn a_budget_is_held_against_p50_and_p80() {
    let with = |budget| {
        let mut spec = bare_spec();
        spec.program.team.rates.insert("dba".to_owned(), 5_000);
        spec.program.budget = Some(Money { hundredths: budget, currency: "EUR".to_owned() });
        let work = stated("a", "dba", "people.review", [HOUR, 10 * HOUR, 100 * HOUR]);
        found(&mut plan(vec![phase("a", &[], vec![work])]), &spec, None)
    };
    assert_eq!(with(40_000), [("SG-PLAN-113".to_owned(), Severity::High)]);
    assert_eq!(with(60_000), [("SG-PLAN-114".to_owned(), Severity::Medium)]);
    assert_eq!(with(900_000), []);
}

#[test]
fn a_start_in_the_past_and_a_plan_of_decades_are_said() {
    let mut spec = bare_spec();
    spec.program.start = Some(date("2027-01-11"));
    assert_eq!(found(&mut days(), &spec, Some(date("2027-01-12"))), [("SG-PLAN-122".to_owned(), Severity::Medium)]);
    let years = [HOUR * 24 * 4_000, HOUR * 24 * 5_000, HOUR * 24 * 9_000];
    let mut long = plan(vec![phase("a", &[], vec![stated("a", "machine", "machine.copy", years)])]);
    assert_eq!(codes(&mut long, &bare_spec()), ["SG-PLAN-119"]);
}
