//! Risks to the data itself: lost, doubled, changed, left behind.
//!
//! R1 is the first default row of document 001. Tests: `tests/it/register_rules.rs`.

use segue_model::assessment::Verdict;

use super::facts::{Facts, some};
use super::rule::{Hit, Rule, Watch, hit};
use crate::estimate::words;

pub(super) const RULES: &[Rule] = &[
    Rule { number: 1, category: "technical", about: corruption },
    Rule { number: 17, category: "technical", about: missed_writes },
    Rule { number: 18, category: "technical", about: unkeyed },
    Rule { number: 19, category: "technical", about: conversion },
    Rule { number: 20, category: "technical", about: by_hand },
    Rule { number: 21, category: "technical", about: blocked },
    Rule { number: 22, category: "technical", about: unseen },
    Rule { number: 23, category: "technical", about: two_writers },
    Rule { number: 24, category: "technical", about: volume },
];

const COMPARED: Watch = Watch {
    metrics: &["mismatches", "rows_rejected"],
    data: true,
    steps: true,
    approvals: false,
    named: &[],
    advice: "a gate `mismatches == 0`, or `checks` that both sides must agree on",
};

#[expect(clippy::unnecessary_wraps, reason = "a rule of the table, which this one always is")]
fn corruption(facts: &Facts<'_>) -> Option<Hit> {
    let writing = facts.writing();
    let found = hit(
        "rows are lost or changed on the way",
        format!(
            "rows are written in: {}",
            if writing.is_empty() { "no phase".to_owned() } else { some(writing.iter().map(String::as_str)) }
        ),
    )
    .watch(COMPARED)
    .then("a mismatch, a kept-aside row or a check that differs", "stop, go back from the phase, repair what `segue verify` names")
    .owner(facts.role("dba"));
    if writing.is_empty() {
        let sure = "a look at the plan: nothing in it writes rows";
        return Some(found.severity(9, "document 001: data corruption is critical").occurrence(1, sure).sure(sure));
    }
    let (value, why) = if facts.runs {
        (2, "each row is converted by the engine under a fence, and verified")
    } else if facts.crosses_engines() {
        (4, "types, collations and dates differ between the engines")
    } else {
        (3, "document 001: low probability")
    };
    Some(
        found
            .severity(9, "document 001: data corruption is critical")
            .occurrence(value, why)
            .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal"])), if facts.crosses_engines() { 3 } else { 2 })
            .advice("a rehearsal on a copy of the data")
            .within(writing),
    )
}

fn missed_writes(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || facts.phases_with(&["machine.copy"]).is_empty() || facts.streams() {
        return None;
    }
    let stopped = facts.step(&["stop_write", "freeze", "fence", "readonly", "read_only", "maintenance"]);
    Some(
        hit(
            "what is written to the old side while rows are copied is missing on the new one",
            "rows are copied and no stream of changes follows",
        )
        .severity(9, "acknowledged writes are lost")
        .occurrence(
            if stopped.is_some() { 2 } else { 6 },
            if stopped.is_some() { "writers are stopped first" } else { "nothing stops the writers" },
        )
        .watch(COMPARED)
        .eased(stopped.map(|step| format!("step `{}`", step.id)), 2)
        .advice("stop writers before the last copy, or use a pattern with a stream of changes")
        .then("counts or checksums differ after the copy", "stay on the old side and copy again")
        .owner(facts.role("dba"))
        .within(facts.phases_with(&["machine.copy"])),
    )
}

fn unkeyed(facts: &Facts<'_>) -> Option<Hit> {
    let tables: Vec<_> = facts.tables().into_iter().filter(|table| !table.keyed).collect();
    if tables.is_empty() || !facts.moves_rows() {
        return None;
    }
    Some(
        hit(
            "rows of tables without a key are doubled or missed when work is repeated",
            format!("no key: {}", some(tables.iter().map(|table| table.name.as_str()))),
        )
        .severity(8, "a doubled row cannot be told from a true one")
        .occurrence(4, "repeated batches, updates in a stream, comparison by key")
        .watch(COMPARED)
        .eased(facts.task(&["people.constraint"]), 1)
        .advice("add a key first, or copy these tables in one transaction")
        .then("counts differ", "empty the table at the target and copy it again")
        .owner(facts.role("dba"))
        .within(facts.writing()),
    )
}

fn conversion(facts: &Facts<'_>) -> Option<Hit> {
    let warned = facts.objects(Verdict::AutoWithWarning);
    if warned.is_empty() {
        return None;
    }
    let occurrence = if warned.len() > 20 { 6 } else { 4 };
    Some(
        hit(
            "values mean something else after their conversion",
            format!("converted with a warning: {}", some(warned.iter().map(|object| object.name.as_str()))),
        )
        .severity(7, "sums, order or equality change without an error")
        .occurrence(occurrence, format!("{} with a warning", words::count(warned.len() as u64, "object")))
        .watch(Watch { advice: "`checks` over sums and ends of these columns", ..COMPARED })
        .eased((!facts.spec.checks.is_empty()).then(|| format!("{} of the spec", words::count(facts.spec.checks.len() as u64, "check"))), 2)
        .advice("business `checks` over the columns concerned")
        .then("a check differs", "correct the conversion and convert again before users are moved")
        .owner(facts.role("dba"))
        .within(facts.writing()),
    )
}

fn by_hand(facts: &Facts<'_>) -> Option<Hit> {
    let manual = facts.objects(Verdict::Manual);
    let count = manual.len() as u64;
    if manual.is_empty() {
        return None;
    }
    Some(
        hit(
            "objects that a person rewrites do something else than before",
            format!("by hand: {}", some(manual.iter().map(|object| object.name.as_str()))),
        )
        .severity(7, "views, routines and triggers hold business rules")
        .occurrence(if count > 20 { 6 } else { 4 }, words::count(count, "object"))
        .watch(Watch { approvals: true, named: &[], advice: "a check over what each object gives", ..COMPARED })
        .eased(facts.task(&["people.routine", "people.trigger", "people.view", "people.review"]), 3)
        .advice("a review and a test of each rewritten object")
        .then("a check differs, or a routine fails", "the old side, which still has the old object")
        .owner(facts.role("dba")),
    )
}

fn blocked(facts: &Facts<'_>) -> Option<Hit> {
    let blocked = facts.objects(Verdict::Blocked);
    if blocked.is_empty() {
        return None;
    }
    Some(
        hit(
            "something that cannot be carried over is found out too late",
            format!("blocked: {}", some(blocked.iter().map(|object| object.name.as_str()))),
        )
        .severity(8, "the plan stops where it is met")
        .occurrence(8, "it is there and nothing in the plan goes around it")
        .watch(Watch { approvals: true, named: &[], advice: "an approval of how each is solved", ..COMPARED })
        .advice("solve each before the start: the assessment says why it is blocked")
        .then("the step that meets it fails", "nothing was written for it")
        .owner(facts.role("dba")),
    )
}

fn unseen(facts: &Facts<'_>) -> Option<Hit> {
    let unseen = facts.assessment.map_or(0, |seen| seen.not_checked.len());
    if unseen == 0 {
        return None;
    }
    Some(
        hit("what was not looked at holds a surprise", format!("{unseen} lines under *Not checked*"))
            .severity(6, "the plan does not know of it")
            .occurrence(if unseen > 10 { 6 } else { 4 }, format!("{unseen} things could not be read, parsed or reached"))
            .watch(Watch { approvals: true, ..COMPARED })
            .eased(facts.task(&["people.review"]), 3)
            .advice("give the assessment the grants and files that it names")
            .then("a step meets something unknown", "the undo of that step"),
    )
}

fn two_writers(facts: &Facts<'_>) -> Option<Hit> {
    let dual = facts.plan.pattern.name.contains("dual") || facts.step(&["dual_write", "dual-write"]).is_some();
    if !dual || facts.runs {
        return None;
    }
    Some(
        hit("the two sides of a dual write drift apart", format!("pattern {}", facts.plan.pattern.name))
            .severity(8, "each side holds writes that the other lacks")
            .occurrence(5, "a time-out after the first write is enough")
            .watch(COMPARED)
            .eased(facts.step(&["reconcil", "outbox", "compensat"]).map(|step| format!("step `{}`", step.id)), 3)
            .advice("an outbox or a reconciliation job while both are written")
            .then("mismatches grow", "the side that was first keeps being the truth; write it over the other")
            .owner(facts.role("developer")),
    )
}

fn volume(facts: &Facts<'_>) -> Option<Hit> {
    let copying = facts.phases_with(&["machine.copy", "machine.backfill", "machine.restore", "machine.snapshot"]);
    let hours = |phase: &&segue_model::plan::Phase| {
        let of = phase.project.loads.iter().filter(|load| load.key.starts_with("machine.")).filter_map(|load| load.time.as_ref());
        of.map(|time| time.p95_s).sum::<u64>() / 3_600
    };
    let longest = facts.plan.phases.iter().filter(|phase| copying.contains(&phase.name)).map(|phase| hours(&phase)).max()?;
    if longest < 8 {
        return None;
    }
    Some(
        hit("a copy of many hours fails late and begins again", format!("the longest takes up to {longest} hours (P95)"))
            .severity(5, "the window or the day is lost")
            .occurrence(if longest > 48 { 6 } else { 4 }, format!("{longest} hours without a fault of network, disk or server"))
            .watch(Watch { metrics: &["disk_free"], advice: "a gate on `disk_free`", ..Watch::default() })
            .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal"])), 3)
            .advice("copy in parts that can be resumed, and rehearse one")
            .then("the copy stops", "resume at the last whole part")
            .owner(facts.role("dba"))
            .within(copying),
    )
}
