//! Plans as the planner makes them for whole migrations, written by hand so that reports are tested without it.

mod assessment;
mod service;
mod shop;

use segue_model::plan::program::{
    CheckItem, Checklist, Communication, Needed, PhaseRollback, Quantiles, Risk, RollbackTrigger, Sourced, Spread, Task,
};
use segue_model::plan::{Command, Condition, Estimate, Gate, Outside, Phase, PhaseProject, Plan, Step, Undo};
use segue_model::spec::program::{Date, MetricCondition, MetricValue};

pub(crate) use assessment::assessment;
pub(crate) use service::{hybrid, service};
pub(crate) use shop::{shop, shop_of};

/// A digest for people to recognise; it is not computed, so that a field more in a plan changes no golden document.
pub(crate) const DIGEST: &str = "7f3a5c0e9d1b48a6b2f4e8d07c6a5b3f1e2d4c6b8a09f7e5d3c1b2a4968750c1";
pub(crate) const HOUR: u64 = 3_600;
pub(crate) const DAY: u64 = 86_400;

/// Every sample with a name for its snapshots.
pub(crate) fn all() -> Vec<(&'static str, Plan)> {
    vec![("schema", crate::plan::plan()), ("shop", shop()), ("service", service())]
}

pub(crate) fn date(text: &str) -> Date {
    Date(text.parse().expect("a date"))
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn list(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| text(one)).collect()
}

fn estimate(seconds: u64, from: &str) -> Estimate {
    Estimate { seconds, from: text(from) }
}

fn sourced(value: &str, from: &str) -> Sourced {
    Sourced { value: text(value), from: text(from) }
}

fn quantiles(p5_s: u64, p50_s: u64, p80_s: u64, p95_s: u64) -> Quantiles {
    Quantiles { p5_s, p50_s, p80_s, p95_s }
}

fn spread(p5_s: u64, p50_s: u64, p95_s: u64, from: &str, confidence: &str) -> Spread {
    Spread { p5_s, p50_s, p95_s, from: text(from), confidence: text(confidence) }
}

fn task(what: &str, owner: &str, minutes: u64) -> Task {
    Task { what: text(what), owner: text(owner), minutes, from: text("model segue-1") }
}

fn shell(command: &str, precondition: &str, expected: &str) -> Command {
    Command {
        language: text("shell"),
        dialect: String::new(),
        text: text(command),
        precondition: text(precondition),
        expected: text(expected),
    }
}

fn sql(dialect: &str, command: &str, expected: &str) -> Command {
    Command { language: text("sql"), dialect: text(dialect), text: text(command), precondition: String::new(), expected: text(expected) }
}

fn undo(what: &str, loses: &str, seconds: u64, verify: &str) -> Undo {
    Undo { what: text(what), loses: text(loses), command: None, time: Some(estimate(seconds, "model segue-1")), verify: text(verify) }
}

/// A step outside of Segue; `command` where there is one, else a person does it.
fn outside(id: &str, kind: &str, (what, why): (&str, &str), command: Option<Command>, how_to_tell: &str, undo: Undo) -> Step {
    Step {
        id: text(id),
        kind: text(kind),
        version: 1,
        by: text(if command.is_some() { "command" } else { "manual" }),
        what: text(what),
        why: text(why),
        lock: String::new(),
        reversible: text("yes"),
        undo,
        outside: Outside {
            command,
            how_to_tell: text(how_to_tell),
            owner: text("dba"),
            because: text("moving a whole database is not in this version"),
            ..Outside::default()
        },
        ..Step::default()
    }
}

fn gate(id: &str, what: &str, condition: Condition, from: &str) -> Gate {
    Gate { id: text(id), what: text(what), condition, from: text(from) }
}

fn metric(metric: &str, side: Option<&str>, op: &str, value: MetricValue, for_ms: u64) -> MetricCondition {
    MetricCondition { metric: text(metric), side: side.map(text), op: text(op), value, for_ms }
}

fn trigger(when: MetricCondition, action: &str, phases: &[&str]) -> RollbackTrigger {
    let order: &[&str] = if action == "rollback" {
        &["stop the ladder", "send all traffic to the old side", "verify both sides"]
    } else {
        &["stop the ladder"]
    };
    RollbackTrigger {
        when,
        action: text(action),
        order: list(order),
        phases: list(phases),
        from: text("spec rollback_when"),
        measured_by: text("prometheus metrics"),
    }
}

fn risk(id: &str, what: &str, (severity, occurrence, detection): (u8, u8, u8), residual_rpn: u32, level: &str, mitigation: &str) -> Risk {
    Risk {
        id: text(id),
        category: text("technical"),
        what: text(what),
        severity,
        occurrence,
        detection,
        rpn: u32::from(severity) * u32::from(occurrence) * u32::from(detection),
        residual_rpn,
        level: text(level),
        mitigation: text(mitigation),
        trigger: text("mismatches > 0"),
        rollback: text("go back to the phase before"),
        owner: text("dba"),
        evidence: text("the plan's steps and the catalog of `old`"),
        reasons: list(&["Severity: customers would see it.", "Detection: a gate measures it."]),
        phases: list(&["copy"]),
    }
}

fn needed(what: &str, spec_key: &str, for_what: &[&str]) -> Needed {
    Needed { what: text(what), spec_key: text(spec_key), for_what: list(for_what) }
}

fn item(id: &str, what: &str, at_min: Option<i64>, must: bool, state: &str) -> CheckItem {
    CheckItem {
        id: text(id),
        what: text(what),
        at_min,
        owner: text("lead"),
        must,
        how_to_tell: text(if state == "done" { "evidence: `segue rehearse` of this plan" } else { "a person confirms it" }),
        state: text(state),
        from: text("document 002"),
    }
}

fn checklist(id: &str, title: &str, items: Vec<CheckItem>) -> Checklist {
    Checklist { id: text(id), title: text(title), items }
}

fn message(audience: &str, what: &str, offset_s: i64, phase: &str, every_s: u64, channel: &str) -> Communication {
    Communication {
        audience: text(audience),
        what: text(what),
        offset_s,
        phase: text(phase),
        every_s,
        channel: text(channel),
        to: String::new(),
        from: text("profile doc003"),
    }
}

fn back(possible: &str, how: &str, seconds: Option<u64>, impact: &str, loses: &str) -> PhaseRollback {
    PhaseRollback {
        possible: text(possible),
        how: text(how),
        time: seconds.map(|seconds| estimate(seconds, "model segue-1, not rehearsed")),
        user_impact: text(impact),
        loses: text(loses),
        verify: text("segue verify"),
    }
}

/// A phase with its place in the schedule: starts, ends at P50, P80 and P95, in hours.
fn phase(name: &str, (goal, impact, risk): (&str, &str, &str), after: &[&str], [starts, p50, p80, p95]: [u64; 4]) -> Phase {
    Phase {
        name: text(name),
        goal: text(goal),
        user_impact: text(impact),
        risk: text(risk),
        estimate: estimate((p50 - starts) * HOUR, "model segue-1"),
        entry: Vec::new(),
        steps: Vec::new(),
        gates: Vec::new(),
        project: PhaseProject {
            after: list(after),
            owner: text("dba"),
            work: Some(spread(
                (p50 - starts) * HOUR * 6 / 10,
                (p50 - starts) * HOUR,
                (p95 - starts) * HOUR,
                "model segue-1 machine.copy",
                "model",
            )),
            starts: Some(quantiles(starts * HOUR, starts * HOUR, starts * HOUR * 11 / 10, starts * HOUR * 12 / 10)),
            ends: Some(quantiles(p50 * HOUR, p50 * HOUR, p80 * HOUR, p95 * HOUR)),
            criticality_permille: 870,
            ..PhaseProject::default()
        },
    }
}
