//! The runbook as one shell script: a function a step, and none is run but the one that is named.
//!
//! Texts that are not shell (SQL, settings, what a person does) are printed by their function, to be looked at or piped.
//! Each step runs in a shell of its own, so that no `cd` or variable leaks into another. Tests:
//! `tests/it/runbook_shell.rs` (`bash -n`, ShellCheck, what it does when run).

use segue_model::plan::Plan;

use super::quote::{comment, shell as word};
use super::readiness::readiness;
use super::sheet::{Code, StepSheet, sheets};

/// The script.
pub fn shell(plan: &Plan) -> String {
    let steps: Vec<StepSheet> = sheets(plan).into_iter().flat_map(|phase| phase.steps).collect();
    let mut out = String::new();
    head(&mut out, plan);
    for (at, step) in steps.iter().enumerate() {
        forward(&mut out, at + 1, step);
        back(&mut out, at + 1, step);
    }
    listing(&mut out, &steps);
    main(&mut out, &steps);
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn head(out: &mut String, plan: &Plan) {
    line(out, "#!/usr/bin/env bash");
    line(
        out,
        &format!(
            "# Runbook of {}: one step at a time. Plan {}, made by segue {}.",
            comment(&plan.id),
            comment(&plan.digest),
            comment(&plan.segue)
        ),
    );
    let ready = readiness(plan);
    line(out, &format!("# Readiness of the way back: {}", ready.word()));
    ready.reasons.iter().chain(&ready.untested).for_each(|reason| line(out, &format!("#   {}", comment(reason))));
    for needed in &plan.program.needed {
        line(out, &format!("# Needed before start: {} (spec key {})", comment(&needed.what), comment(&needed.spec_key)));
    }
    line(out, "#");
    line(out, "# Names of steps stand in single quotes on purpose, whatever they hold.");
    line(out, "# shellcheck disable=SC1003,SC1110,SC1111,SC1112,SC2016");
    line(out, "set -euo pipefail\n");
}

fn forward(out: &mut String, number: usize, step: &StepSheet) {
    line(out, &format!("# {}: {}", comment(&step.id), comment(&step.what)));
    step.before.iter().for_each(|before| line(out, &format!("# before: {}", comment(before))));
    let said = || {
        let mut text = vec![format!("{}: {}", step.id, step.what)];
        text.push(format!("Done by a person ({}).", step.owner));
        text.extend(Some(format!("How to tell that it is done: {}", step.verify)));
        text
    };
    line(out, &format!("# verify: {}", comment(&step.verify)));
    function(out, &format!("step_{number}"), step.command.as_ref(), said);
    line(out, "");
}

fn back(out: &mut String, number: usize, step: &StepSheet) {
    let going = &step.back;
    line(out, &format!("# going back from {}: {}; loses {}", comment(&step.id), comment(&going.what), comment(&going.loses)));
    let said = || {
        let possible = if going.possible == "no" { "There is no way back after this step" } else { "Going back is done by a person" };
        vec![format!("{}: {possible}. {}", step.id, going.what), format!("It loses: {}", going.loses)]
    };
    if !going.verify.is_empty() {
        line(out, &format!("# verify that it is undone: {}", comment(&going.verify)));
    }
    function(out, &format!("undo_{number}"), going.command.as_ref(), said);
    line(out, "");
}

/// A function that runs the command, or prints what is not shell.
fn function(out: &mut String, name: &str, command: Option<&Code>, said: impl Fn() -> Vec<String>) {
    match command {
        Some(command) if command.language == "shell" => {
            line(out, &format!("# expected: {}", comment(&command.expected)));
            // A shell of its own: brackets, not braces.
            line(out, &format!("{name}() (\n{}\n)", command.text));
        }
        Some(command) => {
            let language =
                if command.dialect.is_empty() { command.language.clone() } else { format!("{} of {}", command.language, command.dialect) };
            line(out, &format!("# {}, printed to be looked at or piped; expected: {}", comment(&language), comment(&command.expected)));
            printed(out, name, &command.text);
        }
        None => printed(out, name, &said().iter().map(|text| comment(text)).collect::<Vec<_>>().join("\n")),
    }
}

/// A function that prints the text as it is.
fn printed(out: &mut String, name: &str, text: &str) {
    let mut end = format!("END_OF_{}", name.to_uppercase());
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    line(out, &format!("{name}() {{\n  cat <<'{end}'\n{text}\n{end}\n}}"));
}

fn listing(out: &mut String, steps: &[StepSheet]) {
    let mut text = vec!["Usage: runbook.sh STEP | undo STEP".to_owned(), "One step at a time; STEP is one of:".to_owned()];
    for step in steps {
        let by = match step.by.as_str() {
            "run" => "segue",
            "command" => "command",
            _ => "person",
        };
        text.push(format!("  {}  ({by}) {}", comment(&step.id), comment(&step.what)));
    }
    printed(out, "list_of_steps", &text.join("\n"));
    line(out, "");
}

fn main(out: &mut String, steps: &[StepSheet]) {
    line(out, "case \"$#:${1-}\" in");
    line(out, "  1:*) direction=step name=$1 ;;");
    line(out, "  2:undo) direction=undo name=$2 ;;");
    line(out, "  *)");
    line(out, "    list_of_steps >&2");
    line(out, "    exit 64");
    line(out, "    ;;");
    line(out, "esac");
    line(out, "case \"$name\" in");
    let mut seen: Vec<String> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        // What hides is spelled out, as it is in the list.
        let id = comment(&step.id);
        if !seen.contains(&id) {
            line(out, &format!("  {}) \"${{direction}}_{}\" ;;", quoted(&id), at + 1));
            seen.push(id);
        }
    }
    line(out, "  *)");
    line(out, "    list_of_steps >&2");
    line(out, "    exit 64");
    line(out, "    ;;");
    line(out, "esac");
}

/// A pattern of `case` that is nothing but its own text.
fn quoted(text: &str) -> String {
    let word = word(text);
    if word.starts_with('\'') { word } else { format!("'{word}'") }
}
