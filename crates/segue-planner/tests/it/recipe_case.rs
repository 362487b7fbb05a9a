//! Specs of `tests/cases/`, planned as the command line plans them, and what every plan of a recipe must keep to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use segue_model::assessment::{Assessment, Component, Incident, Resource};
use segue_model::finding::Finding;
use segue_model::plan::{Phase, Plan, Step};
use segue_model::spec::Spec;
use segue_model::spec::program::Date;
use segue_planner::{Documents, Input, Model, project};

pub(crate) fn spec(name: &str) -> Spec {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(format!("{name}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    segue_model::spec::read(&text, "segue.yaml").unwrap_or_else(|problems| panic!("{name}: {problems:#?}"))
}

pub(crate) fn date(text: &str) -> Date {
    Date(text.parse().expect("a date"))
}

pub(crate) fn try_plan(spec: &Spec, assessment: Option<&Assessment>) -> Result<Plan, Vec<Finding>> {
    let model = Model::builtin();
    project(&Input {
        spec,
        assessment,
        schema: None,
        model: &model,
        today: Some(date("2026-11-21")),
        version: "0.1.0",
        documents: Documents::default(),
        notes: Vec::new(),
        rehearsal: None,
    })
}

/// Plans, and holds the plan against what every plan of a recipe must keep to.
pub(crate) fn plan(spec: &Spec, assessment: Option<&Assessment>) -> Plan {
    let plan = try_plan(spec, assessment).unwrap_or_else(|findings| panic!("{}: {findings:#?}", spec.name));
    holds(&plan);
    plan
}

pub(crate) fn planned(name: &str, assessment: Option<&Assessment>) -> Plan {
    plan(&spec(name), assessment)
}

fn steps(plan: &Plan) -> impl Iterator<Item = &Step> {
    plan.phases.iter().flat_map(|phase| &phase.steps)
}

/// What every plan of a recipe must keep to.
fn holds(plan: &Plan) {
    let mut ids = BTreeSet::new();
    for step in steps(plan) {
        assert!(ids.insert(&step.id), "two steps are {}", step.id);
        assert!(matches!(step.by.as_str(), "manual" | "command"), "{} is by {}", step.id, step.by);
        assert!(!step.what.is_empty() && !step.why.is_empty(), "{}", step.id);
        assert!(!step.outside.how_to_tell.is_empty(), "{} does not say how to tell", step.id);
        assert!(
            !step.undo.what.is_empty() && !step.undo.verify.is_empty() && !step.undo.loses.is_empty(),
            "{} has no undo and does not say why",
            step.id
        );
    }
    for phase in &plan.phases {
        let back = &phase.project.rollback;
        assert!(!back.how.is_empty() && !back.verify.is_empty(), "{} does not say how one goes back", phase.name);
        assert!(phase.name == "retire" || back.possible == "yes", "{}: {}", phase.name, back.possible);
        assert!(phase.name == "prepare" || !phase.project.after.is_empty(), "{} is after nothing", phase.name);
        assert!(!phase.goal.is_empty(), "{}", phase.name);
    }
    let names: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    for phase in &plan.phases {
        assert!(phase.project.after.iter().all(|name| names.contains(&name.as_str())), "{} after {:?}", phase.name, phase.project.after);
    }
    let finals: Vec<&str> = plan.phases.iter().filter(|phase| phase.is_final()).map(|phase| phase.name.as_str()).collect();
    assert_eq!(finals, ["retire"], "only the end has no way back");
    assert!(plan.pattern.not.len() >= 2, "{:?}", plan.pattern);
    assert!(plan.pattern.not.iter().any(|not| not.why.contains("`limits.")), "no reason stands on this spec: {:?}", plan.pattern.not);
    assert!(!plan.program.overview.is_empty());
    let restores = |step: &Step| {
        step.undo.what.to_lowercase().contains("restore the backup")
            || step.undo.command.as_ref().is_some_and(|command| command.text.contains("pg_restore"))
    };
    assert!(!steps(plan).any(restores), "a way back restores a backup");
    let every: BTreeSet<&str> =
        plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).map(|gate| gate.id.as_str()).collect();
    let all = plan.phases.iter().map(|phase| phase.entry.len() + phase.gates.len()).sum::<usize>();
    assert_eq!(every.len(), all, "two gates have one id");
}

/// Every shell command of a plan, forward and back, by step.
pub(crate) fn commands(plan: &Plan) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for step in steps(plan) {
        let own = step.outside.command.iter().map(|command| (step.id.clone(), command));
        let undo = step.undo.command.iter().map(|command| (format!("undo of {}", step.id), command));
        all.extend(own.chain(undo).filter(|(_, command)| command.language == "shell").map(|(id, command)| (id, command.text.clone())));
    }
    all
}

fn fed(program: &str, arguments: &[&str], text: &str) -> Result<(), String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    child.stdin.take().expect("its input").write_all(text.as_bytes()).map_err(|error| error.to_string())?;
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    }
}

/// Holds each command against `bash -n` and, where it is there, ShellCheck. Returns how many there were.
pub(crate) fn good_shell(plan: &Plan) -> usize {
    let shellcheck = Command::new("shellcheck").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(shellcheck || std::env::var_os("CI").is_none(), "ShellCheck is missing");
    let all = commands(plan);
    for (id, text) in &all {
        let script = format!("#!/usr/bin/env bash\nset -euo pipefail\n{text}\n");
        fed("bash", &["-n"], &script).unwrap_or_else(|said| panic!("{id}: {said}\n{text}"));
        if shellcheck {
            fed("shellcheck", &["-s", "bash", "-"], &script).unwrap_or_else(|said| panic!("{id}: {said}\n{text}"));
        }
        for hole in ["<your", "TODO", "CHANGEME", "XXX", "{{"] {
            assert!(!text.contains(hole), "{id} has a hole: {text}");
        }
    }
    all.len()
}

pub(crate) fn phase<'a>(plan: &'a Plan, name: &str) -> &'a Phase {
    plan.phases
        .iter()
        .find(|phase| phase.name == name)
        .unwrap_or_else(|| panic!("no phase {name} in {:?}", plan.phases.iter().map(|phase| &phase.name).collect::<Vec<_>>()))
}

pub(crate) fn step<'a>(plan: &'a Plan, id: &str) -> &'a Step {
    steps(plan)
        .find(|step| step.id == id)
        .unwrap_or_else(|| panic!("no step {id} in {:?}", steps(plan).map(|step| &step.id).collect::<Vec<_>>()))
}

/// What the engineer who must act on it reads: phases, steps, gates, what is needed.
pub(crate) fn summary(plan: &Plan) -> String {
    let mut out = format!("{} by {}: {}\n", plan.kinds.join(" + "), plan.pattern.name, plan.pattern.why);
    for not in &plan.pattern.not {
        let _ = writeln!(out, "  not {}: {}", not.name, not.why);
    }
    for aspect in &plan.program.overview {
        let _ = writeln!(out, "  {}: {} → {} ({})", aspect.aspect, aspect.current, aspect.target, aspect.change);
    }
    for phase in &plan.phases {
        let after = phase.project.after.join(", ");
        let _ = writeln!(
            out,
            "\n{} ({}{}): {}",
            phase.name,
            phase.project.owner,
            if after.is_empty() { String::new() } else { format!(", after {after}") },
            phase.goal
        );
        let _ = writeln!(out, "  users: {}", phase.user_impact);
        for gate in &phase.entry {
            let _ = writeln!(out, "  enter {}: {}", gate.id, gate.what);
        }
        for task in &phase.project.tasks {
            let _ = writeln!(out, "  task {} [{}]", task.what, task.owner);
        }
        for step in &phase.steps {
            let command = step
                .outside
                .command
                .as_ref()
                .map_or_else(String::new, |command| format!("\n      $ {}", command.text.replace('\n', "\n        ")));
            let _ = writeln!(
                out,
                "  {} {} [{}] {}{command}",
                if step.by == "manual" { "·" } else { "$" },
                step.id,
                step.outside.owner,
                step.what
            );
            let _ = writeln!(out, "      undo: {} (loses {})", step.undo.what, step.undo.loses);
        }
        for load in phase.project.loads.iter().filter(|load| load.key.starts_with("wait.") || load.key.starts_with("machine.")) {
            let facts: BTreeMap<&str, u64> = load.facts.iter().map(|(key, value)| (key.as_str(), *value)).collect();
            let _ = writeln!(out, "  load {} {} {:?} ({})", load.key, load.amount, facts, load.from);
        }
        for gate in &phase.gates {
            let condition = match &gate.condition {
                segue_model::plan::Condition::Metric { condition } => condition.to_string(),
                other => format!("{other:?}"),
            };
            let _ = writeln!(out, "  gate {}: {} [{condition}] ({})", gate.id, gate.what, gate.from);
        }
        let _ = writeln!(out, "  back: {}", phase.project.rollback.how);
    }
    out.push('\n');
    for (name, figure) in &plan.program.figures {
        let _ = writeln!(out, "figure {name}: {} ({})", figure.value, figure.from);
    }
    for needed in &plan.program.needed {
        let _ = writeln!(out, "needed: {} ({})", needed.what, needed.spec_key);
    }
    for finding in &plan.findings {
        let _ = writeln!(out, "{} {:?} {}: {}", finding.code, finding.severity, finding.object, finding.message);
    }
    out
}

pub(crate) fn component(name: &str, ecosystem: &str, version: &str, place: &str) -> Component {
    Component {
        name: name.to_owned(),
        ecosystem: ecosystem.to_owned(),
        version: version.to_owned(),
        locked: true,
        runtime: true,
        place: place.to_owned(),
        end_of_life: None,
        note: String::new(),
    }
}

pub(crate) fn incident(rule: &str, file: &str, line: u32, what: &str, points: u32) -> Incident {
    Incident {
        rule: rule.to_owned(),
        language: "javascript".to_owned(),
        file: file.to_owned(),
        line,
        what: what.to_owned(),
        points,
        ..Incident::default()
    }
}

pub(crate) fn resource(address: &str, equivalent: Option<&str>, note: &str) -> Resource {
    let kind = address.split('.').next().unwrap_or_default().to_owned();
    Resource {
        address: address.to_owned(),
        kind,
        count: 1,
        equivalent: equivalent.map(str::to_owned),
        note: note.to_owned(),
        place: "main.tf".to_owned(),
        refers_to: Vec::new(),
    }
}
