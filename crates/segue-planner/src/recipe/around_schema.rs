//! What people read around a change of form that Segue runs: who, in which order, how one goes back, how long.
//!
//! It must never touch what a run depends on: names, steps, actions, gates and their order stay as they are. Tests:
//! `tests/it/project_schema.rs`.

use std::collections::BTreeMap;

use segue_model::plan::program::{Aspect, Load, PhaseProject, PhaseRollback, Sourced};
use segue_model::plan::{Condition, Estimate, Phase, Plan};

use super::ground::Ground;

/// Describes an executable plan.
pub(crate) fn describe(ground: &Ground<'_>, plan: &mut Plan) {
    let mut previous: Option<String> = None;
    let owner = ground.role("dba");
    for phase in &mut plan.phases {
        let project = around(phase, previous.as_deref(), owner);
        previous = Some(phase.name.clone());
        phase.project = project;
    }
    let changes = ground.spec.changes().len();
    let tables = plan.execution.tables.len() + plan.execution.new_tables.len();
    plan.program.overview = vec![Aspect {
        aspect: "Form of the tables".to_owned(),
        current: format!("as it is in {}", plan.execution.system),
        target: format!("{changes} {} on {tables} {}", plural(changes, "change"), plural(tables, "table")),
        change: plan.pattern.name.clone(),
    }];
    plan.program.downtime = Some(Sourced {
        value: segue_model::units::Millis(plan.pause_ms).to_string(),
        from: "the engine's survey of the tables: the longest stop of writers at `contract`".to_owned(),
    });
    let throttle = &plan.execution.throttle;
    let figures = [
        ("batch_target", format!("{} ms", throttle.batch_target_ms), "throttle.batch_target"),
        ("ddl_lock_timeout", format!("{} ms", throttle.ddl_lock_timeout_ms), "throttle.ddl_lock_timeout"),
        ("max_replication_lag", format!("{} ms", throttle.max_replication_lag_ms), "throttle.max_replication_lag"),
        ("keep_old", ground.spec.keep_old.to_string(), "keep_old"),
    ];
    let stated = |key: &str| match key {
        "throttle.batch_target" => ground.spec.throttle.batch_target.is_some(),
        "throttle.ddl_lock_timeout" => ground.spec.throttle.ddl_lock_timeout.is_some(),
        "throttle.max_replication_lag" => ground.spec.throttle.max_replication_lag.is_some(),
        _ => ground.spec.program.keep_old_given,
    };
    for (name, value, key) in figures {
        let from = if stated(key) { format!("spec {key}") } else { format!("the default of `{key}`") };
        plan.program.figures.insert(name.to_owned(), Sourced { value, from });
    }
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { what.to_owned() } else { format!("{what}s") }
}

fn around(phase: &Phase, previous: Option<&str>, owner: &str) -> PhaseProject {
    let last = phase.steps.iter().any(|step| step.reversible == "no");
    let mut project = PhaseProject {
        after: previous.into_iter().map(str::to_owned).collect(),
        owner: owner.to_owned(),
        part: "schema".to_owned(),
        deliverables: vec![phase.goal.clone()],
        rollback: back(phase, previous, last),
        ..PhaseProject::default()
    };
    // No load for the work: the estimator takes the phase's own figure, or what a rehearsal showed.
    for gate in phase.entry.iter().chain(&phase.gates) {
        if let Condition::Waited { at_least_ms, .. } = gate.condition
            && at_least_ms > 0
        {
            let seconds = at_least_ms.div_ceil(1_000);
            project.hold = Some(Estimate { seconds, from: gate.from.clone() });
            project.loads.push(Load {
                of: phase.name.clone(),
                who: "nobody".to_owned(),
                key: "wait.hold".to_owned(),
                amount: seconds,
                facts: BTreeMap::new(),
                from: gate.from.clone(),
                time: None,
            });
        }
    }
    project
}

fn back(phase: &Phase, previous: Option<&str>, last: bool) -> PhaseRollback {
    if last {
        return PhaseRollback {
            possible: "no".to_owned(),
            how: "there is no way back: the old form is gone; a new spec makes it again".to_owned(),
            user_impact: "the old version of the application no longer works".to_owned(),
            loses: phase.steps.iter().find(|step| step.reversible == "no").map(|step| step.undo.loses.clone()).unwrap_or_default(),
            verify: "segue verify before it, which this phase does itself".to_owned(),
            time: None,
        };
    }
    let how = previous.map_or_else(|| "segue rollback".to_owned(), |name| format!("segue rollback --to {name}"));
    PhaseRollback {
        possible: "yes".to_owned(),
        how,
        user_impact: "none: both forms are kept true".to_owned(),
        loses: "0 rows".to_owned(),
        verify: "segue verify".to_owned(),
        time: None,
    }
}
