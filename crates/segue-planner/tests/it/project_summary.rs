//! A plan as a few lines that a person can read aloud, and how the cases are made into plans.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use segue_model::assessment::Assessment;
use segue_model::finding::Finding;
use segue_model::plan::{Condition, Gate, Plan};
use segue_model::spec::program::Date;
use segue_model::spec::{self, Spec};
use segue_planner::{Documents, Input, Model, project};

/// The day of planning in every test.
pub(crate) fn today() -> Date {
    Date("2026-11-21".parse().expect("a date"))
}

/// Plans a spec.
pub(crate) fn planned(spec: &Spec, assessment: Option<&Assessment>) -> Result<Plan, Vec<Finding>> {
    // What is looked at here does not depend on how often the schedule is drawn.
    let model = Model::read(r#"{"format_version": 1, "name": "segue-1 with few runs", "simulation": {"runs": 200}}"#).expect("a model");
    let input = Input {
        spec,
        assessment,
        schema: None,
        model: &model,
        today: Some(today()),
        version: "0.1.0",
        documents: Documents::default(),
        notes: Vec::new(),
        rehearsal: None,
    };
    project(&input)
}

/// Plans a spec that can be.
#[track_caller]
pub(crate) fn good(spec: &Spec, assessment: Option<&Assessment>) -> Plan {
    planned(spec, assessment).unwrap_or_else(|findings| panic!("{}: {findings:#?}", spec.id))
}

#[track_caller]
pub(crate) fn read(text: &str) -> Spec {
    spec::read(text, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

/// The cases by name, in order; those of code, interfaces, sign-in and places are `recipe_case`'s.
pub(crate) fn cases() -> Vec<(String, Spec)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder of cases").map(|entry| entry.expect("an entry").path()).collect();
    let theirs = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("recipe-"));
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml") && !theirs(path));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, read(&std::fs::read_to_string(&path).expect("a case")))
        })
        .collect()
}

fn gate(gate: &Gate) -> String {
    let what = match &gate.condition {
        Condition::Metric { condition } => condition.to_string(),
        Condition::Approvals { by, count } => format!("{count} of {}", by.join(", ")),
        Condition::Approval => "a yes".to_owned(),
        Condition::Checklist { list } => format!("checklist {list}"),
        other => format!("{other:?}"),
    };
    format!("{} [{what}] ({})", gate.id, gate.from)
}

/// The plan in words.
pub(crate) fn summary(plan: &Plan) -> String {
    let mut out = String::new();
    let line = &mut out;
    let _ =
        writeln!(line, "{} {} | {} | rollback {} | pause {} ms", plan.id, plan.name, plan.kinds.join(" + "), plan.rollback, plan.pause_ms);
    let _ = writeln!(line, "pattern {}: {}", plan.pattern.name, plan.pattern.why);
    for not in &plan.pattern.not {
        let _ = writeln!(line, "  not {}: {}", not.name, not.why);
    }
    for aspect in &plan.program.overview {
        let _ = writeln!(line, "  {}: {} → {} ({})", aspect.aspect, aspect.current, aspect.target, aspect.change);
    }
    for phase in &plan.phases {
        let project = &phase.project;
        let _ =
            writeln!(line, "\n## {} after [{}] owner {} users: {}", phase.name, project.after.join(", "), project.owner, phase.user_impact);
        let _ = writeln!(line, "   {}", phase.goal);
        for gate_ in &phase.entry {
            let _ = writeln!(line, "   entry {}", gate(gate_));
        }
        for step in &phase.steps {
            let how = step
                .outside
                .command
                .as_ref()
                .map_or_else(|| step.by.clone(), |command| format!("{} {}", command.language, command.dialect).trim().to_owned());
            let _ = writeln!(line, " - {} [{}] ({how}, {}) {}", step.id, step.kind, step.outside.owner, step.what);
            let command = if step.undo.command.is_some() { " (command)" } else { "" };
            let _ = writeln!(line, "     back {}: {}{command}; loses {}", step.reversible, step.undo.what, step.undo.loses);
        }
        for task in &project.tasks {
            let time = if task.minutes == 0 { "not estimated".to_owned() } else { format!("{} min", task.minutes) };
            let _ = writeln!(line, "   task {} ({}, {time})", task.what, task.owner);
        }
        for gate_ in &phase.gates {
            let _ = writeln!(line, "   gate {}", gate(gate_));
        }
        let back = &project.rollback;
        let _ =
            writeln!(line, "   back {}: {}; users: {}; loses {}; {}", back.possible, back.how, back.user_impact, back.loses, back.verify);
    }
    line.push('\n');
    for (name, figure) in &plan.program.figures {
        let _ = writeln!(line, "figure {name}: {} ({})", figure.value, figure.from);
    }
    for needed in &plan.program.needed {
        let _ = writeln!(line, "needed {}: {} for {}", needed.spec_key, needed.what, needed.for_what.join(", "));
    }
    for finding in &plan.findings {
        let _ = writeln!(line, "{:?} {} {}: {}", finding.severity, finding.code, finding.object, finding.message);
    }
    for not in &plan.not_checked {
        let _ = writeln!(line, "not checked: {not}");
    }
    out
}
