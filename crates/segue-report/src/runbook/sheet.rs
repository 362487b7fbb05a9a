//! What every export says of a phase and of a step: before, command, expected, verify, back, owner, time, impact, loss.
//!
//! Only reads the plan; a command with a hole or with hidden characters is never given on. Tests:
//! `tests/it/runbook_exports.rs`.

use std::collections::BTreeSet;

use segue_model::plan::program::CodeDraft;
use segue_model::plan::{Command, Estimate, Phase, Plan, Step};
use serde::Serialize;

use super::placeholder::placeholders;
use super::{quote, words};

/// A command that may be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Code {
    /// `shell`, `sql` or `config`.
    pub(crate) language: String,
    /// For `sql`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) dialect: String,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) precondition: String,
    pub(crate) expected: String,
}

/// The way back from a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BackSheet {
    /// `yes`, `until_contract` or `no`.
    pub(crate) possible: String,
    pub(crate) what: String,
    pub(crate) command: Option<Code>,
    pub(crate) time: Option<Estimate>,
    pub(crate) verify: String,
    pub(crate) loses: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct StepSheet {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) by: String,
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) owner: String,
    pub(crate) lock: String,
    pub(crate) before: Vec<String>,
    pub(crate) command: Option<Code>,
    /// Why Segue does not do it by itself; empty for what it does.
    pub(crate) because: String,
    pub(crate) verify: String,
    pub(crate) time: Option<Estimate>,
    pub(crate) users_notice: String,
    /// Drafts of what the code becomes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) drafts: Vec<CodeDraft>,
    pub(crate) back: BackSheet,
}

/// A phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PhaseSheet {
    pub(crate) name: String,
    pub(crate) goal: String,
    pub(crate) owner: String,
    pub(crate) risk: String,
    pub(crate) users_notice: String,
    pub(crate) entry: Vec<String>,
    pub(crate) steps: Vec<StepSheet>,
    pub(crate) exit: Vec<String>,
    pub(crate) back: PhaseBack,
}

/// The way back from a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PhaseBack {
    pub(crate) possible: String,
    pub(crate) triggers: Vec<String>,
    pub(crate) how: String,
    /// Steps whose undo is done, last first.
    pub(crate) undo: Vec<String>,
    pub(crate) time: Option<Estimate>,
    pub(crate) users_notice: String,
    pub(crate) loses: String,
    pub(crate) verify: String,
}

/// Every phase.
pub(crate) fn sheets(plan: &Plan) -> Vec<PhaseSheet> {
    plan.phases.iter().enumerate().map(|(at, phase)| phase_sheet(plan, at, phase)).collect()
}

fn phase_sheet(plan: &Plan, at: usize, phase: &Phase) -> PhaseSheet {
    let steps: Vec<StepSheet> = phase.steps.iter().enumerate().map(|(number, step)| step_sheet(plan, at, number, step)).collect();
    PhaseSheet {
        name: phase.name.clone(),
        goal: phase.goal.clone(),
        owner: owner(plan, &phase.project.owner),
        risk: phase.risk.clone(),
        users_notice: or(&phase.user_impact, "none"),
        entry: phase.entry.iter().map(words::gate).collect(),
        exit: phase.gates.iter().map(words::gate).collect(),
        back: phase_back(plan, phase, &steps),
        steps,
    }
}

fn phase_back(plan: &Plan, phase: &Phase, steps: &[StepSheet]) -> PhaseBack {
    let said = &phase.project.rollback;
    let possible = if phase.is_final() { "no" } else { said.possible.as_str() };
    let undo = steps.iter().rev().filter(|step| step.back.possible != "no").map(|step| step.id.clone()).collect();
    let verify =
        if said.verify.is_empty() { joined(steps.iter().rev().map(|step| step.back.verify.as_str())) } else { said.verify.clone() };
    PhaseBack {
        possible: or(possible, "yes"),
        triggers: triggers(plan, phase),
        how: or(&said.how, &joined(steps.iter().rev().map(|step| step.back.what.as_str()))),
        undo,
        time: phase_undo_time(plan, phase),
        users_notice: or(&said.user_impact, &or(&phase.user_impact, "none")),
        loses: or(&said.loses, &joined(steps.iter().rev().map(|step| step.back.loses.as_str()))),
        verify,
    }
}

/// How many different texts of steps stand in a phase's own words; the rest stands at its step.
const JOINED: usize = 6;

/// Different texts, each once.
fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut known = BTreeSet::new();
    let mut seen: Vec<&str> = texts.filter(|text| !text.is_empty() && known.insert(*text)).collect();
    // Where something is lost, what loses nothing needs no words.
    if seen.len() > 1 {
        seen.retain(|text| *text != "0 rows");
    }
    let more = format!("and {} more, each at its step", seen.len().saturating_sub(JOINED));
    if seen.len() > JOINED {
        seen.truncate(JOINED);
        seen.push(&more);
    }
    let mut out = String::new();
    for text in seen {
        if out.is_empty() {
            out.push_str(text);
        } else {
            out = format!("{}. {}", out.trim_end_matches('.'), quote::sentence(text));
        }
    }
    out
}

/// The triggers that watch the phase.
fn triggers(plan: &Plan, phase: &Phase) -> Vec<String> {
    let noticed = plan.phases.iter().position(Phase::is_noticed);
    let here = plan.phases.iter().position(|other| other.name == phase.name);
    let watches = |phases: &[String]| if phases.is_empty() { noticed.is_some() && here >= noticed } else { phases.contains(&phase.name) };
    let watched = plan.program.triggers.iter().filter(|trigger| watches(&trigger.phases));
    watched
        .map(|trigger| format!("`{}`: {}, measured by {} ({})", trigger.when, trigger.action, trigger.measured_by, trigger.from))
        .collect()
}

/// How long going back from the end of the phase to its beginning takes: as stated, or the sum of its steps.
pub(crate) fn phase_undo_time(plan: &Plan, phase: &Phase) -> Option<Estimate> {
    let steps: Option<Vec<Estimate>> =
        phase.steps.iter().filter(|step| step.reversible != "no").map(|step| undo_time(plan, step)).collect();
    let measured = steps.as_ref().filter(|times| !times.is_empty() && times.iter().all(|time| time.from.starts_with("measured")));
    if let (None, Some(time)) = (measured, &phase.project.rollback.time) {
        return Some(time.clone());
    }
    let steps = steps?;
    let first = steps.first()?;
    let from = if steps.iter().all(|time| time.from == first.from) { first.from.clone() } else { "sum of its steps".to_owned() };
    Some(Estimate { seconds: steps.iter().map(|time| time.seconds).sum(), from })
}

fn step_sheet(plan: &Plan, at: usize, number: usize, step: &Step) -> StepSheet {
    let phase = &plan.phases[at];
    let outside = &step.outside;
    let command = match step.by.as_str() {
        "run" => Some(apply(phase)),
        _ => outside.command.as_ref().and_then(|command| printable(command).ok()),
    };
    let verify = if step.by == "run" {
        format!("`segue log` shows step_verified for {}, with what an independent read saw", step.id)
    } else {
        outside.how_to_tell.clone()
    };
    StepSheet {
        id: step.id.clone(),
        kind: step.kind.clone(),
        by: step.by.clone(),
        what: step.what.clone(),
        why: step.why.clone(),
        owner: owner(plan, if outside.owner.is_empty() { &phase.project.owner } else { &outside.owner }),
        lock: step.lock.clone(),
        before: before(plan, at, number, command.as_ref()),
        command,
        because: outside.because.clone(),
        verify: or(&verify, "nobody said how to tell that it is done"),
        time: step_time(plan, phase, step),
        users_notice: or(&phase.user_impact, "none"),
        drafts: outside.drafts.clone(),
        back: back(plan, at, step),
    }
}

fn before(plan: &Plan, at: usize, number: usize, command: Option<&Code>) -> Vec<String> {
    let phase = &plan.phases[at];
    let mut out = Vec::new();
    if let Some(step) = number.checked_sub(1).and_then(|at| phase.steps.get(at)) {
        out.push(format!("step `{}` is done", step.id));
    } else {
        out.extend(after(plan, at).into_iter().map(|name| format!("phase `{name}` is over")));
        out.extend(phase.entry.iter().map(words::gate));
    }
    out.extend(command.map(|command| command.precondition.clone()).filter(|text| !text.is_empty()));
    out
}

/// The phases before it: as stated, else the one in front of it.
pub(crate) fn after(plan: &Plan, at: usize) -> Vec<&str> {
    let stated = &plan.phases[at].project.after;
    let in_front = at.checked_sub(1).and_then(|at| plan.phases.get(at));
    let sequence = plan.phases.iter().all(|phase| phase.project.after.is_empty());
    if sequence { in_front.into_iter().map(|phase| phase.name.as_str()).collect() } else { stated.iter().map(String::as_str).collect() }
}

/// What starts a step that Segue runs.
fn apply(phase: &Phase) -> Code {
    let others = phase.steps.len().saturating_sub(1);
    let also = if others == 0 { String::new() } else { format!(" It runs the whole phase, this step and {others} more.") };
    Code {
        language: "shell".to_owned(),
        dialect: String::new(),
        text: format!("segue apply --until {}", quote::shell(&phase.name)),
        precondition: String::new(),
        expected: format!("exit 0, or 5 at a gate; `segue status` says that `{}` is done.{also}", phase.name),
    }
}

/// Undoes the whole phase.
fn rollback(plan: &Plan, at: usize) -> Code {
    let text = match at.checked_sub(1).and_then(|before| plan.phases.get(before)) {
        Some(before) => format!("segue rollback --to {}", quote::shell(&before.name)),
        None => "segue rollback".to_owned(),
    };
    Code {
        language: "shell".to_owned(),
        dialect: String::new(),
        text,
        precondition: "It says first what would be lost, and asks.".to_owned(),
        expected: "exit 0; `segue status` says that the phase is undone. It undoes the whole phase and what came after it.".to_owned(),
    }
}

fn back(plan: &Plan, at: usize, step: &Step) -> BackSheet {
    let undo = &step.undo;
    let command = match step.by.as_str() {
        _ if step.reversible == "no" => None,
        "run" => Some(rollback(plan, at)),
        _ => undo.command.as_ref().and_then(|command| printable(command).ok()),
    };
    let verify = if undo.verify.is_empty() && step.by == "run" && step.reversible != "no" {
        "`segue status` and `segue verify`".to_owned()
    } else {
        undo.verify.clone()
    };
    BackSheet {
        possible: or(&step.reversible, "yes"),
        what: undo.what.clone(),
        command,
        time: undo_time(plan, step),
        verify,
        loses: or(&undo.loses, "nobody said what it loses"),
    }
}

/// The command as it may be printed, or why it may not.
pub(crate) fn printable(command: &Command) -> Result<Code, String> {
    if command.text.trim().is_empty() {
        return Err("its command is empty".to_owned());
    }
    if !quote::is_visible(&command.text) {
        return Err("its command holds characters that hide".to_owned());
    }
    let holes = if command.language == "config" { Vec::new() } else { placeholders(&command.text) };
    if let Some(hole) = holes.first() {
        return Err(format!("line {} of its command waits for a value", hole.line));
    }
    Ok(Code {
        language: command.language.clone(),
        dialect: command.dialect.clone(),
        text: command.text.trim_end().to_owned(),
        precondition: command.precondition.clone(),
        expected: command.expected.clone(),
    })
}

/// Measured in a rehearsal, else as the estimator says.
fn step_time(plan: &Plan, phase: &Phase, step: &Step) -> Option<Estimate> {
    if let Some(rehearsal) = &plan.program.rehearsal
        && let Some(times) = rehearsal.steps.get(&step.id)
    {
        return Some(measured(times.perform_ms, &rehearsal.id));
    }
    let loads: Vec<_> = phase.project.loads.iter().filter(|load| load.of == step.id).collect();
    let times: Vec<_> = loads.iter().filter_map(|load| load.time.as_ref()).collect();
    let first = times.first()?;
    (times.len() == loads.len())
        .then(|| Estimate { seconds: times.iter().map(|time| time.p50_s).sum(), from: format!("P50, {}", first.from) })
}

/// Measured in a rehearsal, else as the plan states it.
pub(crate) fn undo_time(plan: &Plan, step: &Step) -> Option<Estimate> {
    let rehearsal = plan.program.rehearsal.as_ref();
    let seen = rehearsal.and_then(|rehearsal| Some(measured(rehearsal.steps.get(&step.id)?.undo_ms?, &rehearsal.id)));
    seen.or_else(|| step.undo.time.clone())
}

fn measured(ms: u64, rehearsal: &str) -> Estimate {
    Estimate { seconds: ms.div_ceil(1_000), from: format!("measured in rehearsal {rehearsal}") }
}

/// `dba (raj@shop.example)`.
fn owner(plan: &Plan, role: &str) -> String {
    let owners = if plan.program.owners.is_empty() { &plan.execution.owners } else { &plan.program.owners };
    match (role, owners.get(role)) {
        ("", _) => owners.get("lead").map_or_else(|| "nobody yet".to_owned(), |address| format!("lead ({address})")),
        (role, Some(address)) => format!("{role} ({address})"),
        (role, None) => role.to_owned(),
    }
}

fn or(text: &str, other: &str) -> String {
    if text.trim().is_empty() { other.to_owned() } else { text.to_owned() }
}
