//! The runbook as Markdown, with a named fence for each command: ` ```bash segue:step=copy/orders `.
//!
//! Nothing of a user's text is markup in it. Tests: `tests/it/runbook_exports.rs`, `tests/it/runbook_hostile.rs`.

use segue_model::plan::Plan;

use super::curve::{Back, curve};
use super::quote::{info, sentence};
use super::readiness::{State, readiness};
use super::sheet::{Code, PhaseBack, PhaseSheet, StepSheet, after, sheets};
use super::words;
use crate::markup::{code, fence, inline as md};
use crate::plan::say;
use crate::text::{count, shown};

const UNKNOWN: &str = "not known";

/// The runbook.
pub fn markdown(plan: &Plan) -> String {
    let mut page = Page::default();
    let title = if plan.name.is_empty() { plan.id.clone() } else { format!("{} {}", plan.id, plan.name) };
    page.heading(1, &format!("Runbook: {}", md(&title)));
    page.para(&format!(
        "Plan {}, made by segue {}. Pattern: {}. Risk: {}.",
        code(&plan.digest),
        md(&plan.segue),
        md(&plan.pattern.name),
        md(&plan.risk)
    ));
    page.para("Run one step with `segue runbook run STEP`: it shows what must be so before and the command, asks, runs it, and keeps its output as evidence. It does not check the order of steps or the gates: you do.");
    ready(&mut page, plan);
    needed(&mut page, plan);
    cost(&mut page, &curve(plan));
    triggers(&mut page, plan);
    for (at, phase) in sheets(plan).iter().enumerate() {
        one_phase(&mut page, plan, at, phase);
    }
    checklists(&mut page, plan);
    page.out
}

#[derive(Default)]
struct Page {
    out: String,
}

impl Page {
    fn heading(&mut self, level: usize, text: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        self.out.push_str(&format!("{} {text}\n\n", "#".repeat(level)));
    }

    fn para(&mut self, text: &str) {
        self.out.push_str(&format!("{text}\n\n"));
    }

    fn item(&mut self, text: &str) {
        self.out.push_str(&format!("- {text}\n"));
    }

    fn field(&mut self, name: &str, text: &str) {
        if !text.trim().is_empty() {
            self.item(&format!("**{name}**: {}", md(text)));
        }
    }

    fn row(&mut self, cells: &[String]) {
        self.out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    fn head(&mut self, cells: &[&str]) {
        self.row(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        self.row(&vec!["---".to_owned(); cells.len()]);
    }

    /// A fence that `segue runbook run` finds by its name.
    fn block(&mut self, name: &str, step: &str, command: &Code) {
        let ticks = fence(&command.text);
        let language = match command.language.as_str() {
            "shell" => "bash",
            "config" => "text",
            other => other,
        };
        let dialect = if command.dialect.is_empty() { String::new() } else { format!(" segue:dialect={}", info(&command.dialect)) };
        self.out.push_str(&format!("\n{ticks}{language} segue:{name}={}{dialect}\n{}\n{ticks}\n\n", info(step), command.text));
    }
}

fn ready(page: &mut Page, plan: &Plan) {
    let ready = readiness(plan);
    page.heading(2, &format!("Readiness of the way back: {}", ready.word()));
    match ready.state {
        State::Red => page.para("Do not start: going back is not complete yet."),
        State::Green => page.para("Each step that can be undone has its way back written down, and nothing that it needs is unknown."),
    }
    ready.reasons.iter().chain(&ready.untested).for_each(|reason| page.item(&md(&sentence(reason))));
}

fn needed(page: &mut Page, plan: &Plan) {
    page.heading(2, "Needed before start");
    if plan.program.needed.is_empty() {
        page.para("Nothing is open.");
    }
    // The same answer may be asked for in several phases: it is one line.
    let mut asked: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for needed in &plan.program.needed {
        let known = asked.iter_mut().find(|(what, key, _)| *what == needed.what && *key == needed.spec_key);
        let whole = needed.for_what.iter().map(String::as_str);
        match known {
            Some((_, _, phases)) => phases.extend(whole),
            None => asked.push((&needed.what, &needed.spec_key, whole.collect())),
        }
    }
    for (what, key, phases) in asked {
        let phases = if phases.is_empty() { String::new() } else { format!(", for {}", md(&phases.join(", "))) };
        page.item(&format!("[ ] {}: answer it in the spec under {}{phases}", md(&sentence(what.trim_end_matches('.'))), code(key)));
    }
}

fn cost(page: &mut Page, curve: &[Back]) {
    page.heading(2, "The cost of going back");
    page.para("From the end of each phase to the very beginning.");
    page.head(&["after", "can we go back?", "time", "would be lost", "users would notice"]);
    for point in curve {
        let no = point.possible == "no";
        let time = match point.seconds {
            Some(seconds) => format!("{} ({})", say::time(seconds), point.from.join("; ")),
            None => format!("{UNKNOWN} for {}", few(&point.unknown)),
        };
        let notice = if point.users_notice.is_empty() { "nothing".to_owned() } else { point.users_notice.join("; ") };
        let possible = match point.possible.as_str() {
            "yes" => "yes",
            "no" => "NO",
            _ => "yes, with loss",
        };
        let cell = |text: &str| if no { "-".to_owned() } else { md(text) };
        page.row(&[code(&point.phase), possible.to_owned(), cell(&time), cell(&point.loses.join(". ")), cell(&notice)]);
    }
}

/// The first few names, and how many more there are.
fn few(names: &[String]) -> String {
    match names.len() {
        0..=3 => names.join(", "),
        all => format!("{} and {} more", names[..2].join(", "), all - 2),
    }
}

fn triggers(page: &mut Page, plan: &Plan) {
    if plan.program.triggers.is_empty() {
        return;
    }
    page.heading(2, "When to stop or go back");
    page.head(&["when", "then", "in this order", "measured by", "from"]);
    for trigger in &plan.program.triggers {
        page.row(&[
            code(&trigger.when.to_string()),
            md(&trigger.action),
            md(&trigger.order.join(", then ")),
            md(&trigger.measured_by),
            md(&trigger.from),
        ]);
    }
}

fn one_phase(page: &mut Page, plan: &Plan, at: usize, phase: &PhaseSheet) {
    page.heading(2, &format!("Phase {}: {}", at + 1, md(&phase.name)));
    page.field("Goal", &phase.goal);
    page.field("Owner", &phase.owner);
    page.field("Risk", &phase.risk);
    page.field("Users notice", &phase.users_notice);
    let project = &plan.phases[at].project;
    page.field("After", &after(plan, at).join(", "));
    phase.entry.iter().for_each(|gate| page.field("Before it starts", gate));
    for task in &project.tasks {
        let minutes = if task.minutes == 0 { String::new() } else { format!(" ({})", say::time(task.minutes * 60)) };
        page.item(&format!("[ ] {}: {}", md(&format!("{}{minutes}", task.owner)), md(&task.what)));
    }
    for (number, step) in phase.steps.iter().enumerate() {
        one_step(page, at, number, step);
    }
    if !phase.exit.is_empty() {
        page.heading(3, &format!("When {} is over", md(&phase.name)));
        phase.exit.iter().for_each(|gate| page.item(&format!("[ ] {}", md(gate))));
    }
    going_back(page, phase);
}

fn one_step(page: &mut Page, at: usize, number: usize, step: &StepSheet) {
    page.heading(3, &format!("Step {}.{}: {}", at + 1, number + 1, md(&step.id)));
    page.para(&format!("{}.", md(&sentence(step.what.trim_end_matches('.')))));
    let by = match step.by.as_str() {
        "run" => "Segue runs it",
        "command" => "a command that a person runs",
        _ => "a person does it",
    };
    page.field("By", &if step.because.is_empty() { by.to_owned() } else { format!("{by}: {}", step.because) });
    page.field("Owner", &step.owner);
    page.field("Time", &words::time(step.time.as_ref(), UNKNOWN));
    page.field("Users notice", &step.users_notice);
    page.field("Lock", &step.lock);
    step.before.iter().for_each(|before| page.field("Before", before));
    if let Some(command) = &step.command {
        page.block("step", &step.id, command);
        page.field("Expected", &command.expected);
    }
    if !step.drafts.is_empty() {
        page.field("Drafts of what the code becomes", "shown, never applied; texts of the program stand as …");
    }
    for draft in &step.drafts {
        let text = say::difference(draft);
        let ticks = fence(&text);
        let lines: Vec<String> = text.lines().map(|line| shown(&line.replace('\t', "    "))).collect();
        page.item(&format!("{}:\n\n{ticks}diff\n{}\n{ticks}\n", md(&draft.at), lines.join("\n")));
    }
    page.field("Verify", &step.verify);
    let back = &step.back;
    let what = if back.possible == "no" { format!("not possible after this: {}", back.what) } else { back.what.clone() };
    page.field("Going back", &what);
    if let Some(command) = &back.command {
        page.block("undo", &step.id, command);
        page.field("Expected when going back", &command.expected);
    }
    if back.possible != "no" {
        page.field("Time to go back", &words::time(back.time.as_ref(), UNKNOWN));
        page.field("Verify that it is undone", &back.verify);
    }
    page.field("Going back loses", &back.loses);
}

fn going_back(page: &mut Page, phase: &PhaseSheet) {
    let PhaseBack { possible, triggers, how, undo, time, users_notice, loses, verify } = &phase.back;
    page.heading(3, &format!("Going back from {}", md(&phase.name)));
    if possible == "no" {
        page.para("There is no way back from here: see what its final step keeps, and until when.");
        page.field("What is kept", how);
        page.field("Would be lost", loses);
        return;
    }
    for trigger in triggers {
        page.field("Trigger", trigger);
    }
    page.field("How", how);
    let ids: Vec<String> = undo.iter().map(|id| code(id)).collect();
    if !ids.is_empty() {
        page.item(&format!("**Undo, in this order** ({}): {}", count(ids.len(), "step"), ids.join(", ")));
    }
    page.field("Time", &words::time(time.as_ref(), UNKNOWN));
    page.field("Users notice", users_notice);
    page.field("Would be lost", loses);
    page.field("Verify", verify);
}

fn checklists(page: &mut Page, plan: &Plan) {
    for list in &plan.program.checklists {
        page.heading(2, &format!("Checklist: {}", md(&list.title)));
        for item in list.items.iter().filter(|item| item.state != "not-applicable") {
            let mark = if item.state == "done" { "x" } else { " " };
            let when = item.at_min.map_or_else(String::new, |minutes| format!("{}, ", say::offset(minutes)));
            let must = if item.must { " **(must)**" } else { "" };
            page.item(&format!(
                "[{mark}] {when}{}: {}{must}. {} ({})",
                md(&item.owner),
                md(item.what.trim_end_matches('.')),
                md(&item.how_to_tell),
                md(&item.from)
            ));
        }
    }
}
