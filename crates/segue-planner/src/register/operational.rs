//! Operational risks: people, knowledge, tests, eyes, words, hands, time (F062).
//!
//! Tests: `tests/it/register_rules.rs`.

use segue_model::assessment::Verdict;

use super::facts::{Facts, some};
use super::rule::{Hit, Rule, Watch, hit};
use crate::estimate::words;

pub(super) const RULES: &[Rule] = &[
    Rule { number: 35, category: "operational", about: knowledge },
    Rule { number: 36, category: "operational", about: tests },
    Rule { number: 37, category: "operational", about: monitoring },
    Rule { number: 38, category: "operational", about: words_missing },
    Rule { number: 39, category: "operational", about: dependencies },
    Rule { number: 40, category: "operational", about: unknowns },
    Rule { number: 41, category: "operational", about: hands },
    Rule { number: 42, category: "operational", about: windows },
    Rule { number: 43, category: "operational", about: unstaffed },
    Rule { number: 44, category: "operational", about: two_systems },
];

const LOOKED_AT: Watch =
    Watch { metrics: &[], data: false, steps: false, approvals: true, named: &[], advice: "an approval at the phase concerned" };

fn knowledge(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs {
        return None;
    }
    let people = facts.spec.program.team.people.unwrap_or(1);
    let known = match facts.spec.program.team.people {
        None => "1 person, as long as nobody states more (`team.people`)".to_owned(),
        Some(1) => "1 person".to_owned(),
        Some(people) => format!("{people} people"),
    };
    let work = match facts.objects(Verdict::Manual).len() + facts.objects(Verdict::Blocked).len() {
        0 if facts.assessment.is_none() => "nobody counted what needs a person".to_owned(),
        hard => format!("{} that a person must convert", words::count(hard as u64, "object")),
    };
    let (value, why) = match people {
        1 => (5, "one person knows it all, and may be ill on the day"),
        2 => (3, "two people"),
        _ => (2, "several people"),
    };
    Some(
        hit("nobody on duty knows the new side well enough", format!("{known}; {work}"))
            .severity(6, "document 000: knowledge gaps")
            .occurrence(value, why)
            .watch(LOOKED_AT)
            .eased(facts.task(&["people.training", "people.runbook"]), value.saturating_sub(2).max(1))
            .advice("a training and a runbook that a second person has walked through")
            .then("a question that nobody on duty can answer", "the rollback of the phase, which the runbook holds word for word"),
    )
}

fn tests(facts: &Facts<'_>) -> Option<Hit> {
    if facts.runs || !facts.is(&["code", "framework", "runtime", "library", "language", "service", "api"]) {
        return None;
    }
    let tested = facts.step(&["test"]).map(|step| format!("step `{}`", step.id));
    Some(
        hit("the tests do not cover what changes", tested.clone().unwrap_or_else(|| "no step of this plan runs tests".to_owned()))
            .severity(6, "document 000: insufficient test coverage")
            .occurrence(
                if tested.is_some() { 4 } else { 5 },
                "document 001 asks for more than 80% unit and 70% integration coverage; nobody measured it here",
            )
            .watch(Watch { metrics: &["error_rate"], steps: true, advice: "a gate on coverage or on the test run", ..LOOKED_AT })
            .eased(tested, 3)
            .advice("contract and integration tests over each change")
            .then("a fault that a test should have seen", "the old release")
            .owner(facts.role("developer"))
            .within(facts.cutover()),
    )
}

fn monitoring(facts: &Facts<'_>) -> Option<Hit> {
    let noticed = facts.noticed();
    if facts.runs || noticed.is_empty() {
        return None;
    }
    let found = hit(
        "nobody sees that the new side is ill",
        if facts.metrics { "a metrics system is named" } else { "no `prometheus` system in the spec" },
    )
    .severity(7, "document 000: monitoring blind spots")
    .occurrence(
        if facts.metrics { 2 } else { 4 },
        if facts.metrics { "queries are named in the spec" } else { "metrics would be read by people, where they look" },
    )
    .watch(Watch {
        metrics: &["error_rate", "p95", "availability", "throughput", "lag"],
        advice: "a `prometheus` system with queries, and gates on them",
        ..Watch::default()
    })
    .eased(facts.task(&["people.dashboard", "people.alert"]), 2)
    .advice("a dashboard and an alert for each trigger")
    .then("users report what no alert did", "the rollback of the phase");
    Some(found.owner(facts.role("ops")).within(noticed))
}

fn words_missing(facts: &Facts<'_>) -> Option<Hit> {
    let program = &facts.plan.program;
    let silent: Vec<&str> = program
        .comms
        .iter()
        .filter(|message| message.channel.is_empty() && message.to.is_empty())
        .map(|message| message.audience.as_str())
        .collect();
    let none = program.comms.is_empty() && facts.spec.program.comms.is_empty();
    if facts.runs || (silent.is_empty() && !none) {
        return None;
    }
    let mut audiences = silent.clone();
    audiences.dedup();
    Some(
        hit(
            "those who must know hear of it too late",
            if none { "no communication is planned".to_owned() } else { format!("no channel for {}", some(audiences.iter().copied())) },
        )
        .severity(5, "document 000: communication breakdown")
        .occurrence(if none { 6 } else { 4 }, if none { "no message is planned" } else { "messages have no channel yet" })
        .watch(LOOKED_AT)
        .eased(facts.task(&["people.communication"]), 3)
        .advice("`comms.AUDIENCE.channel` and `to`")
        .then("somebody asks what is going on", "the update of the status page"),
    )
}

fn dependencies(facts: &Facts<'_>) -> Option<Hit> {
    let stated = facts.spec.program.about.values().flat_map(|about| &about.dependencies).filter(|dependency| dependency.blocking);
    let (owned, free): (Vec<_>, Vec<_>) = stated.partition(|dependency| dependency.owner.is_some());
    let seen = facts.assessment.map_or(0, |seen| seen.dependencies.iter().filter(|dependence| dependence.blocking).count());
    if owned.is_empty() && free.is_empty() && seen == 0 {
        return None;
    }
    let names: Vec<&str> = owned.iter().chain(&free).map(|dependency| dependency.name.as_str()).collect();
    let (value, why) = if free.is_empty() {
        (3, "each stated one has an owner".to_owned())
    } else {
        (6, format!("without an owner: {}", some(free.iter().map(|dependency| dependency.name.as_str()))))
    };
    Some(
        hit(
            "a blocking dependency is not ready when it is needed",
            format!(
                "blocking: {}{}",
                if names.is_empty() { "none stated".to_owned() } else { some(names) },
                if seen == 0 { String::new() } else { format!("; {seen} more seen") }
            ),
        )
        .severity(6, "the migration cannot go on without it")
        .occurrence(value, why)
        .watch(LOOKED_AT)
        .eased(facts.task(&["people.review", "people.consumer"]), value.saturating_sub(2).max(1))
        .advice("an owner and a date for each (`systems.NAME.dependencies`)")
        .then("a gate waits for it", "nothing was changed for it yet: wait, or leave it out"),
    )
}

fn unknowns(facts: &Facts<'_>) -> Option<Hit> {
    let needed = facts.plan.program.needed.len();
    if needed == 0 {
        return None;
    }
    let occurrence = if needed > 10 {
        6
    } else if needed > 3 {
        4
    } else {
        3
    };
    let keys: Vec<&str> = facts.plan.program.needed.iter().map(|row| row.spec_key.as_str()).collect();
    Some(
        hit("what is not known yet changes the plan after its start", format!("needed before the start: {}", some(keys)))
            .severity(5, "dates and steps change while people already work")
            .occurrence(occurrence, format!("{needed} open"))
            .sure("*Needed before start* lists each with its key")
            .advice("answer them")
            .then("a line of *Needed before start* is still open", "do not start"),
    )
}

fn hands(facts: &Facts<'_>) -> Option<Hit> {
    let count = facts.by_hand();
    if count < 3 {
        return None;
    }
    let occurrence = if count > 25 {
        6
    } else if count > 10 {
        5
    } else {
        4
    };
    Some(
        hit("a step by hand is left out or done twice", format!("{} by hand", words::count(count as u64, "step")))
            .severity(6, "what comes after it stands on it")
            .occurrence(occurrence, format!("{} by people", words::count(count as u64, "step")))
            .watch(Watch { steps: true, approvals: true, ..LOOKED_AT })
            .eased(facts.task(&["people.runbook", "people.rehearsal"]), 3)
            .advice("a runbook in which each step says how to tell that it is done")
            .then("*How to tell* of a step does not hold", "the undo of that step"),
    )
}

fn windows(facts: &Facts<'_>) -> Option<Hit> {
    let windowed: Vec<String> =
        facts.plan.phases.iter().filter(|phase| !phase.project.windows.is_empty()).map(|phase| phase.name.clone()).collect();
    if windowed.is_empty() {
        return None;
    }
    let tight = facts.plan.phases.iter().filter(|phase| windowed.contains(&phase.name)).any(|phase| {
        let shortest = phase
            .project
            .windows
            .iter()
            .map(|window| u64::from((window.to_min + 1_440 - window.from_min - 1) % 1_440 + 1) * 60)
            .min()
            .unwrap_or(0);
        let machine: u64 = phase
            .project
            .loads
            .iter()
            .filter(|load| load.key.starts_with("machine."))
            .filter_map(|load| load.time.as_ref())
            .map(|time| time.p95_s)
            .sum();
        machine > shortest
    });
    Some(
        hit("the work is not over when the window closes", format!("in windows: {}", some(windowed.iter().map(String::as_str))))
            .severity(6, "half-done work waits for the next window, or goes on before users' eyes")
            .occurrence(if tight { 6 } else { 2 }, if tight { "P95 of the work is longer than a window" } else { "P95 of the work fits" })
            .watch(Watch { advice: "a time in the cut-over sheet after which one goes back", ..LOOKED_AT })
            .eased(facts.rehearsed().or_else(|| facts.task(&["people.rehearsal"])), 2)
            .advice("a rehearsal with a clock, and a point of decision in the cut-over sheet")
            .then("the point of decision passes", "go back while the window is open")
            .within(windowed),
    )
}

fn unstaffed(facts: &Facts<'_>) -> Option<Hit> {
    let mut roles: Vec<&str> = facts
        .plan
        .phases
        .iter()
        .map(|phase| phase.project.owner.as_str())
        .filter(|role| !role.is_empty() && !facts.spec.owners.contains_key(*role))
        .collect();
    roles.sort_unstable();
    roles.dedup();
    if facts.runs || roles.is_empty() {
        return None;
    }
    Some(
        hit("nobody feels responsible for a phase", format!("roles without a person: {}", some(roles.iter().copied())))
            .severity(5, "gates wait and nobody answers")
            .occurrence(if facts.spec.owners.is_empty() { 6 } else { 4 }, "`owners` names nobody for them")
            .watch(LOOKED_AT)
            .advice("`owners`, with an address for each role")
            .then("a gate waits for longer than a day", "nothing is changed while it waits"),
    )
}

fn two_systems(facts: &Facts<'_>) -> Option<Hit> {
    let kept = facts.keep_old()?;
    if facts.runs {
        return None;
    }
    let ends = facts.task(&["people.decommission"]);
    Some(
        hit("the old system is never switched off", format!("kept for {} ({})", kept.value, kept.from))
            .severity(3, "two systems to pay, patch and guard")
            .occurrence(
                if ends.is_some() { 4 } else { 6 },
                if ends.is_some() { "it is planned, and easily put off" } else { "no step takes it away" },
            )
            .watch(Watch { advice: "an approval with a date for the last phase", ..LOOKED_AT })
            .eased(ends, 2)
            .advice("a last phase with an owner and a date")
            .then("the month-3 list is open", "none needed")
            .owner(facts.role("ops")),
    )
}
