//! What the documents ask of a plan and the plan holds in other places: sides, volumes, limits, tests, what is watched.
//!
//! What the plan does not have is told to be missing, with the key that answers it; nothing is made up. Tests:
//! `tests/it/document.rs`.

use segue_model::finding::{Finding, Severity};
use segue_model::plan::{Condition, Gate, Phase, Plan, Step};

use crate::plan::{dates, say};

/// Something that a document asks for and nobody stated: what, and the key of the spec.
pub(super) type Missing = (&'static str, &'static str);

/// What is there and what shall be, from the lines of now against then.
pub(super) fn sides(plan: &Plan) -> (String, String) {
    let join = |of: fn(&segue_model::plan::program::Aspect) -> &str| {
        plan.program.overview.iter().map(|line| format!("{} {}", line.aspect, of(line))).collect::<Vec<_>>().join("; ")
    };
    if plan.program.overview.is_empty() && !plan.execution.is_nothing() {
        let place = format!("{} ({})", plan.execution.system, plan.execution.engine);
        return (format!("{place} in its old form"), format!("{place} in its new form"));
    }
    (join(|line| &line.current), join(|line| &line.target))
}

/// The figures whose id or source holds one of these words, as `name: value (from)`.
pub(super) fn figures(plan: &Plan, words: &[&str]) -> Vec<String> {
    let fits = |id: &str, from: &str| words.iter().any(|word| id.contains(word) || from.contains(word));
    let chosen = plan.program.figures.iter().filter(|(id, figure)| fits(id, &figure.from));
    chosen.map(|(id, figure)| format!("{}: {} ({})", say::words(id), figure.value, figure.from)).collect()
}

/// How much is moved.
pub(super) fn volume(plan: &Plan) -> Vec<String> {
    let mut all = figures(plan, &["size", "volume", "bytes", "rows", "data", "tables", "growth"]);
    let about = |aspect: &str| {
        ["data", "volume", "rows", "tables"].iter().any(|word| aspect.to_lowercase().split_whitespace().any(|part| part == *word))
    };
    all.extend(plan.program.overview.iter().filter(|line| about(&line.aspect)).map(|line| format!("{}: {}", line.aspect, line.current)));
    if !plan.execution.is_nothing() {
        all.push(format!(
            "{} in transition, {} new",
            say::many(plan.execution.tables.len() as u64, "table"),
            plan.execution.new_tables.len()
        ));
    }
    all.extend(say::verdicts(plan).into_iter().map(|(number, name)| format!("{} {}", say::many(number, "object"), name.replace('-', " "))));
    all
}

/// What the spec limits.
pub(super) fn limits(plan: &Plan) -> Vec<String> {
    let mut all = figures(plan, &["spec limits", "deadline", "compliance", "budget", "freeze", "window"]);
    let (_, from) = say::downtime(plan);
    all.push(format!("write pause {} ({from})", say::downtime_words(plan)));
    all.push(format!("rollback {}", say::rollback(plan)));
    all
}

/// Who depends on what moves.
pub(super) fn dependencies(plan: &Plan, blocking: bool) -> Vec<String> {
    let all = plan.program.dependencies.iter().filter(|one| one.blocking == blocking);
    all.map(|one| {
        let owner = one.owner.as_ref().map(|owner| format!(", {owner}")).unwrap_or_default();
        format!("{} ({}{owner})", one.name, one.kind)
    })
    .collect()
}

/// How long it takes, in words.
pub(super) fn duration(plan: &Plan) -> String {
    plan.program.duration.as_ref().map_or_else(
        || {
            let seconds = plan.phases.iter().map(|phase| phase.estimate.seconds).sum();
            if seconds == 0 { String::new() } else { format!("{} of machine time; the calendar time is not estimated", say::time(seconds)) }
        },
        |end| format!("{} to {} days (P50 to P95)", dates::tenths(end.p50_s, dates::DAY_S), dates::tenths(end.p95_s, dates::DAY_S)),
    )
}

/// `Day 3–5`, or the dates where the plan starts on one.
pub(super) fn days(plan: &Plan, phase: &Phase) -> String {
    let (Some(starts), Some(ends)) = (phase.project.starts, phase.project.ends) else { return String::new() };
    let (from, to) = (starts.p50_s / dates::DAY_S + 1, ends.p50_s.saturating_sub(1) / dates::DAY_S + 1);
    let numbers = if from >= to { format!("Day {from}") } else { format!("Day {from}–{to}") };
    if plan.program.start.is_none() { numbers } else { format!("{numbers}, {}", dates::starts(plan, starts.p50_s)) }
}

/// Downtime as document 001 words it.
pub(super) fn downtime(plan: &Plan) -> String {
    match say::downtime(plan).0 {
        Some(0) => "None".to_owned(),
        _ => say::downtime_words(plan),
    }
}

/// Rollback as document 001 words it.
pub(super) fn rollback_possible(plan: &Plan) -> String {
    let word = match plan.rollback.as_str() {
        "automated" => "Yes, automated",
        "manual" => "Yes, manual",
        "no" | "none" => "No",
        _ => "Limited",
    };
    say::loss_free_until(plan).map_or_else(|| word.to_owned(), |phase| format!("{word}, without loss until `{phase}`"))
}

/// Steps and tasks that test something: before users notice anything, while they may, and after.
pub(super) struct Tests {
    pub(super) before: Vec<String>,
    pub(super) during: Vec<String>,
    pub(super) after: Vec<String>,
}

fn tests_something(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["test", "verif", "compar", "rehears", "check", "validat", "dry run", "shadow", "reconcil"].iter().any(|word| text.contains(word))
}

/// The plan's tests.
pub(super) fn tests(plan: &Plan) -> Tests {
    let quiet = |phase: &Phase| matches!(phase.user_impact.as_str(), "" | "none");
    let first = plan.phases.iter().position(|phase| !quiet(phase)).unwrap_or(plan.phases.len());
    let last = plan.phases.iter().rposition(|phase| !quiet(phase)).unwrap_or(plan.phases.len());
    let mut tests = Tests { before: Vec::new(), during: Vec::new(), after: Vec::new() };
    for (at, phase) in plan.phases.iter().enumerate() {
        let list = match at {
            _ if at < first => &mut tests.before,
            _ if at <= last => &mut tests.during,
            _ => &mut tests.after,
        };
        let steps: Vec<&Step> = phase.steps.iter().filter(|step| tests_something(&step.kind) || tests_something(&step.what)).collect();
        list.extend(steps.iter().take(12).map(|step| format!("{}: {}", phase.name, step.what)));
        if steps.len() > 12 {
            list.push(format!("{}: and {} more of that kind", phase.name, steps.len() - 12));
        }
        let gates = phase.gates.iter().filter(|gate| !matches!(gate.condition, Condition::Checklist { .. }) && measured(gate));
        list.extend(gates.map(|gate| format!("{}: {} [{}]", phase.name, gate.what, say::condition(&gate.condition))));
        list.extend(
            phase.project.tasks.iter().filter(|task| tests_something(&task.what)).map(|task| format!("{}: {}", phase.name, task.what)),
        );
    }
    for list in &plan.program.checklists {
        let into = if list.id == "before" {
            &mut tests.before
        } else if list.id == "during" || list.id == "cutover" {
            &mut tests.during
        } else {
            &mut tests.after
        };
        into.extend(
            list.items.iter().filter(|item| item.state != "not-applicable" && tests_something(&item.what)).map(|item| item.what.clone()),
        );
    }
    if !plan.execution.checks.is_empty() {
        let names: Vec<&str> = plan.execution.checks.keys().map(String::as_str).collect();
        tests.before.push(format!("business rules agree on both sides: {}", names.join(", ")));
    }
    tests
}

/// What is watched: each metric once, with its thresholds.
pub(super) fn metrics(plan: &Plan) -> Vec<String> {
    let gates = plan.phases.iter().flat_map(|phase| say::all_gates(phase).map(move |(_, gate)| (phase, gate)));
    let asked = gates.filter_map(|(phase, gate)| match &gate.condition {
        Condition::Metric { condition } => Some(format!("{}: {condition} ({}, {})", condition.metric, phase.name, gate.from)),
        _ => None,
    });
    let watched =
        plan.program.triggers.iter().map(|one| {
            format!("{}: {} leads to {} (measured by {}, {})", one.when.metric, one.when, one.action, one.measured_by, one.from)
        });
    let mut all: Vec<String> = asked.chain(watched).collect();
    all.sort();
    all.dedup();
    all
}

/// What must hold at the end of each phase, and over all of them.
pub(super) fn criteria(plan: &Plan) -> Vec<String> {
    let pause = match say::downtime(plan).0 {
        Some(0) => "writes never pause".to_owned(),
        _ => format!("write pause {}", say::downtime_words(plan)),
    };
    let mut all: Vec<String> = vec![pause];
    let exits = plan.phases.iter().flat_map(|phase| phase.gates.iter().map(move |gate| (phase, gate)));
    all.extend(exits.filter(|(_, gate)| measured(gate)).map(|(phase, gate)| format!("{}: {}", phase.name, gate.what)));
    all.extend(plan.execution.checks.keys().map(|name| format!("business rule {name} gives the same on both sides")));
    all
}

fn measured(gate: &Gate) -> bool {
    !matches!(gate.condition, Condition::Approval | Condition::Approvals { .. })
}

/// A finding in a line: code, severity, object, message, what to do.
pub(super) fn finding(one: &Finding) -> String {
    let severity = format!("{:?}", one.severity).to_lowercase();
    let fix = if one.fix.is_empty() { String::new() } else { format!(" {}", one.fix) };
    format!("{} ({severity}): {}: {}.{fix}", one.code, one.object, one.message.trim_end_matches('.'))
}

/// What breaks somebody.
pub(super) fn breaking(plan: &Plan) -> impl Iterator<Item = &Finding> {
    plan.findings.iter().filter(|finding| finding.severity >= Severity::Medium)
}

/// What document 001 to 003 ask for and the plan lacks.
pub(super) fn missing(plan: &Plan) -> Vec<Missing> {
    let mut all = Vec::new();
    let mut ask = |lacks: bool, what, key| {
        if lacks {
            all.push((what, key));
        }
    };
    ask(plan.program.why.is_empty(), "why the migration is made", "why");
    ask(plan.program.start.is_none(), "the day on which it starts", "start");
    ask(plan.program.duration.is_none(), "how long it takes", "team");
    ask(volume(plan).is_empty(), "how much data is moved", "systems.NAME.facts.size");
    ask(figures(plan, &["tps", "traffic", "request", "load"]).is_empty(), "the load of today", "systems.NAME.facts.peak_tps");
    ask(plan.program.owners.is_empty() && plan.execution.owners.is_empty(), "who is responsible", "owners");
    ask(plan.program.comms.is_empty(), "who must be told", "comms");
    ask(plan.program.triggers.is_empty() && !plan.runs(), "what leads to a rollback", "rollback_when");
    all
}
