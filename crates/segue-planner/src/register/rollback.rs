//! Risks of going back: it fails, loses, takes too long, or is not there any more.
//!
//! R5 is the fifth default row of document 001; R6 scores how hard it is to go back (F064). Tests:
//! `tests/it/register_rules.rs`.

use segue_model::spec::RollbackWish;

use super::facts::{Facts, some};
use super::rule::{Hit, Rule, Watch, hit};
use crate::estimate::words;

pub(super) const RULES: &[Rule] = &[
    Rule { number: 5, category: "rollback", about: fails },
    Rule { number: 6, category: "rollback", about: complex },
    Rule { number: 7, category: "rollback", about: no_return },
    Rule { number: 25, category: "rollback", about: loses },
    Rule { number: 26, category: "rollback", about: too_slow },
    Rule { number: 27, category: "rollback", about: too_late },
    Rule { number: 28, category: "rollback", about: stale_backup },
];

const TRIED: Watch = Watch {
    metrics: &[],
    data: false,
    steps: false,
    approvals: false,
    named: &["rehears"],
    advice: "a rehearsal that goes back (`segue rehearse`)",
};

#[expect(clippy::unnecessary_wraps, reason = "a rule of the table, which this one always is")]
fn fails(facts: &Facts<'_>) -> Option<Hit> {
    let steps = facts.steps().count();
    let found =
        hit("going back fails when it is needed", format!("{}, rollback {}", words::count(steps as u64, "step"), facts.plan.rollback))
            .then("an undo ends with an error", "stop there: neither side is changed further; the runbook says what to do by hand")
            .owner(facts.role("dba"))
            .within(facts.cutover());
    if facts.runs {
        let rehearsed = facts.rehearsed();
        return Some(
            found
                .severity(9, "document 001: rollback failure is critical")
                .occurrence(1, "each undo is a step of Segue with its own verification")
                .sure("Segue verifies each undo and stops as stuck where one fails")
                .eased(rehearsed, 1),
        );
    }
    let rehearsed = facts.rehearsed();
    let (value, why) = if rehearsed.is_some() {
        (1, "it was done in a rehearsal")
    } else {
        (3, "document 001: low probability, and nobody has tried it yet")
    };
    let found = found.severity(9, "document 001: rollback failure is critical").occurrence(value, why);
    let found = match rehearsed {
        Some(by) => found.sure(by),
        None => found.watch(TRIED).eased(facts.task(&["people.rehearsal", "people.backup_restore_test"]), 2),
    };
    Some(found.advice("a rehearsal of the way back, with a clock"))
}

fn complex(facts: &Facts<'_>) -> Option<Hit> {
    let by_hand: Vec<&str> = facts
        .steps()
        .filter(|step| step.by != "run" && step.reversible != "no" && step.undo.command.is_none())
        .map(|step| step.id.as_str())
        .collect();
    if by_hand.is_empty() {
        return None;
    }
    let count = by_hand.len() as u64;
    let occurrence = if count > 20 {
        5
    } else if count > 5 {
        4
    } else {
        3
    };
    Some(
        hit("the way back is so long or unclear that it is done wrongly", format!("undone by hand: {}", some(by_hand.iter().copied())))
            .severity(7, "document 002: rollback complexity")
            .occurrence(occurrence, format!("{} undone by people, without a command", words::count(count, "step")))
            .watch(Watch { approvals: true, ..TRIED })
            .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal", "people.runbook"])), 2)
            .advice("a runbook read aloud by those who will use it")
            .then("somebody asks what to do next", "the runbook's order, one person reads and one does"),
    )
}

fn no_return(facts: &Facts<'_>) -> Option<Hit> {
    let finals = facts.finals();
    if finals.is_empty() {
        return None;
    }
    let drops = facts.steps().filter(|step| step.reversible == "no").count() as u64;
    let kept = facts.keep_old().map(|kept| format!("the old side is kept for {}", kept.value));
    let held = facts.gates().any(|(_, gate)| matches!(gate.condition, segue_model::plan::Condition::Waited { .. }));
    let occurrence = if kept.is_some() || held { 2 } else { 3 };
    let severity = if facts.runs { 6 } else { 8 };
    Some(
        hit(
            "a fault is found after the old side is gone",
            format!("no way back after {}; {} for good", some(finals.iter().map(String::as_str)), words::count(drops, "step")),
        )
        .severity(severity, if facts.runs { "the old form is gone, the rows are not" } else { "only an archive is left" })
        .occurrence(
            occurrence,
            if occurrence == 2 { "the old side stays for a while first" } else { "the old side goes soon after the cut-over" },
        )
        .watch(Watch {
            metrics: &["error_rate", "mismatches"],
            data: true,
            steps: true,
            approvals: true,
            named: &[],
            advice: "an approval before the last phase",
        })
        .eased(kept, 2)
        .advice("a longer `keep_old`")
        .then("a difference found after the last phase", "no way back: repair forward from the archive")
        .within(finals),
    )
}

fn loses(facts: &Facts<'_>) -> Option<Hit> {
    let lossy: Vec<&str> =
        facts.plan.phases.iter().filter(|phase| phase.project.rollback.possible == "with-loss").map(|phase| phase.name.as_str()).collect();
    if lossy.is_empty() {
        return None;
    }
    let strict = facts.spec.program.data_loss == segue_model::spec::program::DataLoss::None;
    Some(
        hit("going back loses what was written since", format!("with loss: {}", some(lossy.iter().copied())))
            .severity(if strict { 10 } else { 7 }, if strict { "`limits.data_loss` allows none" } else { "the spec allows some loss" })
            .occurrence(3, "it is needed only if a trigger fires after the cut-over")
            .watch(Watch {
                metrics: &["mismatches", "error_rate", "lag"],
                approvals: true,
                named: &[],
                advice: "a trigger that fires before many writes arrive",
                ..Watch::default()
            })
            .eased(facts.step(&["reverse"]).map(|step| format!("step `{}`", step.id)), 1)
            .advice("a stream from the new side back to the old one before users are moved")
            .then("a rollback after the first write to the new side", "the loss statement is printed first, and somebody must accept it")
            .owner(facts.role("dba"))
            .within(lossy.iter().map(|name| (*name).to_owned()).collect()),
    )
}

fn too_slow(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs {
        return None;
    }
    let unknown: Vec<&str> = facts
        .plan
        .phases
        .iter()
        .filter(|phase| phase.project.rollback.time.is_none() && !phase.is_final())
        .map(|phase| phase.name.as_str())
        .collect();
    let limit = facts.spec.limits.downtime.map_or(0, |ms| ms.0) / 1_000;
    let slow: Vec<&str> = facts
        .plan
        .phases
        .iter()
        .filter(|phase| phase.is_noticed() && phase.project.rollback.time.as_ref().is_some_and(|time| time.seconds > limit.max(900)))
        .map(|phase| phase.name.as_str())
        .collect();
    if unknown.is_empty() && slow.is_empty() {
        return None;
    }
    let occurrence = if slow.is_empty() { 3 } else { 6 };
    let why = if slow.is_empty() { "nobody has timed the way back" } else { "it takes longer than the spec allows users to wait" };
    Some(
        hit("going back takes longer than users can wait", format!("not timed: {}; slow: {}", none_or(&unknown), none_or(&slow)))
            .severity(7, "the outage lasts as long as the way back")
            .occurrence(occurrence, why)
            .watch(Watch { approvals: true, ..TRIED })
            .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal"])), 2)
            .advice("a rehearsal that times the way back")
            .then("the way back is not over when it should be", "tell users the new time; go on going back")
            .within(facts.cutover()),
    )
}

fn none_or(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { some(names.iter().copied()) }
}

fn too_late(facts: &Facts<'_>) -> Option<Hit> {
    let noticed = facts.noticed();
    if facts.runs || noticed.is_empty() {
        return None;
    }
    let automatic = facts.plan.program.triggers.iter().filter(|trigger| trigger.action == "rollback").count() as u64;
    let (value, why) = match automatic {
        0 => (6, "no trigger says when to go back, so it is argued about".to_owned()),
        some => (2, format!("{} decided beforehand", words::count(some, "trigger"))),
    };
    Some(
        hit("the decision to go back comes too late", format!("{} of action rollback", words::count(automatic, "trigger")))
            .severity(7, "each minute adds writes that would be lost or must be streamed back")
            .occurrence(value, why)
            .watch(Watch {
                metrics: &["error_rate", "p95", "mismatches", "availability", "throughput"],
                advice: "`rollback_when` with a metric that something measures",
                ..Watch::default()
            })
            .advice("`rollback_when`, agreed before the start")
            .then("a metric beyond its threshold for longer than its window", "the first trigger's order of actions")
            .within(noticed),
    )
}

fn stale_backup(facts: &Facts<'_>) -> Option<Hit> {
    let wanted = facts.spec.limits.rollback == RollbackWish::Required;
    if facts.runs || !wanted || !(facts.moves_rows() || facts.is(&["move", "infra", "database"])) {
        return None;
    }
    let backup = facts.step(&["backup", "back_up", "snapshot"]).map(|step| format!("step `{}`", step.id));
    Some(
        hit(
            "the back-up that everybody relies on cannot be restored",
            backup.clone().unwrap_or_else(|| "no step makes a back-up".to_owned()),
        )
        .severity(9, "it is the last way back")
        .occurrence(
            if backup.is_some() { 3 } else { 5 },
            if backup.is_some() { "a back-up that was never restored is a hope" } else { "no back-up in this plan" },
        )
        .watch(Watch { approvals: true, named: &["restore"], ..TRIED })
        .eased(facts.task(&["people.backup_restore_test", "machine.restore"]), 1)
        .advice("restore the back-up elsewhere and look at it before the start")
        .then("a restore ends with an error", "none: that is why it is tried first")
        .owner(facts.role("dba")),
    )
}
