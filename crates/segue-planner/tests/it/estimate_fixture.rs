//! Plans with work in them, and specs and assessments to estimate them on.

use std::collections::BTreeMap;

use segue_model::assessment::{Assessment, MeasuredRate, SystemSeen, TableSeen};
use segue_model::plan::program::{Load, PhaseProject, Spread};
use segue_model::plan::{Condition, Gate, Phase, Plan, Step};
use segue_model::spec::program::{Date, MetricCondition, MetricValue, Move};
use segue_model::spec::{Limits, Program, Spec, Throttle};
use segue_model::units::Millis;
use segue_planner::estimate::{Model, estimate};

/// A spec that says nothing.
pub(crate) fn bare_spec() -> Spec {
    Spec {
        segue: 1,
        id: "MIG-1".to_owned(),
        name: "shop".to_owned(),
        why: String::new(),
        owners: BTreeMap::new(),
        systems: BTreeMap::new(),
        schema: None,
        limits: Limits::default(),
        checks: BTreeMap::new(),
        throttle: Throttle::default(),
        keep_old: Millis(0),
        program: Program::default(),
    }
}

/// Somebody says that this phase takes no time.
pub(crate) fn no_work_in(mut spec: Spec, phase: &str) -> Spec {
    spec.program.phases.entry(phase.to_owned()).or_default().estimate = Some((0, 0, 0));
    spec
}

/// A move from `old` to `new`.
pub(crate) fn move_spec() -> Spec {
    let mut spec = bare_spec();
    spec.program.moves = Some(Move { from: "old".to_owned(), to: "new".to_owned(), ..Move::default() });
    spec
}

pub(crate) fn date(text: &str) -> Date {
    Date(text.parse().expect("a date"))
}

/// Work: `people.table` × 3 by a dba.
pub(crate) fn load(of: &str, who: &str, key: &str, amount: u64) -> Load {
    Load {
        of: of.to_owned(),
        who: who.to_owned(),
        key: key.to_owned(),
        amount,
        facts: BTreeMap::new(),
        from: "the test".to_owned(),
        time: None,
    }
}

/// Machine work whose seconds are stated: best, likely, worst.
pub(crate) fn stated(of: &str, who: &str, key: &str, points: [u64; 3]) -> Load {
    let facts = ["best_s", "likely_s", "worst_s"].iter().zip(points).map(|(name, value)| ((*name).to_owned(), value)).collect();
    Load { facts, ..load(of, who, key, 1) }
}

/// A copy with its facts.
pub(crate) fn copy(of: &str, facts: &[(&str, u64)]) -> Load {
    let facts = facts.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    Load { facts, ..load(of, "machine", "machine.copy", 0) }
}

/// A phase after others, with its work.
pub(crate) fn phase(name: &str, after: &[&str], loads: Vec<Load>) -> Phase {
    let after = after.iter().map(|&name| name.to_owned()).collect();
    Phase {
        name: name.to_owned(),
        goal: format!("{name} is over"),
        user_impact: "none".to_owned(),
        project: PhaseProject { after, loads, owner: "dba".to_owned(), ..PhaseProject::default() },
        ..Phase::default()
    }
}

pub(crate) fn plan(phases: Vec<Phase>) -> Plan {
    Plan { id: "MIG-1".to_owned(), kinds: vec!["move".to_owned()], phases, ..Plan::default() }
}

pub(crate) fn step(id: &str, kind: &str, by: &str) -> Step {
    Step { id: id.to_owned(), kind: kind.to_owned(), by: by.to_owned(), reversible: "yes".to_owned(), ..Step::default() }
}

/// `metric == 0`.
pub(crate) fn gate(id: &str, metric: &str) -> Gate {
    let condition = MetricCondition { metric: metric.to_owned(), side: None, op: "==".to_owned(), value: MetricValue::Milli(0), for_ms: 0 };
    Gate { id: id.to_owned(), what: format!("{metric}: 0"), condition: Condition::Metric { condition }, from: "the test".to_owned() }
}

/// A copy rate of 50 MiB/s between `old` and `new`.
pub(crate) fn measured() -> Assessment {
    let rate = MeasuredRate {
        what: "copy".to_owned(),
        source: "old".to_owned(),
        target: "new".to_owned(),
        bytes_per_s: 50 << 20,
        rows_per_s: 0,
        sample: "200,000 rows in 4 s".to_owned(),
    };
    Assessment { rates: vec![rate], ..Assessment::default() }
}

/// A system `old` with these tables.
pub(crate) fn with_tables(tables: Vec<TableSeen>) -> Assessment {
    let seen = SystemSeen { engine: "mysql".to_owned(), tables, ..SystemSeen::default() };
    Assessment { systems: BTreeMap::from([("old".to_owned(), seen)]), ..Assessment::default() }
}

/// The builtin model with fewer runs, for tests of words and not of numbers.
pub(crate) fn quick() -> Model {
    Model::read(r#"{"name": "quick", "simulation": {"runs": 500}}"#).expect("a model")
}

/// Estimates and expects no finding.
pub(crate) fn estimated(mut plan: Plan, spec: &Spec) -> Plan {
    let findings = estimate(&mut plan, spec, None, &quick(), None);
    assert!(findings.is_empty(), "{findings:?}");
    plan
}

/// The time of the first load of a phase.
pub(crate) fn time(plan: &Plan, phase: usize, load: usize) -> Spread {
    plan.phases[phase].project.loads[load].time.clone().expect("a time")
}
