//! What an assessment found becomes work: objects that a person must convert, objects that block, versions whose
//! support ends, tables that move.
//!
//! Nothing that was found is dropped: many objects of one rule become one task with their number and the sum of their
//! effort. Tests: `tests/it/project_cases.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::{Component, Object, Verdict};
use segue_model::finding::Severity;
use segue_model::glob;
use segue_model::spec::program::Move;
use segue_model::units::counted;

use super::build::PhaseDraft;
use super::draft::Draft;
use super::ground::{Ground, Table};
use crate::say::finding;

/// So many objects of a rule get a task each; more get one together.
const EACH: usize = 5;

/// Objects of a system; those of a file that is no system of the spec count for each.
fn objects<'a>(ground: &Ground<'a>, system: &'a str) -> impl Iterator<Item = &'a Object> {
    let all = ground.assessment.map_or(&[][..], |assessment| &assessment.objects);
    let spec = ground.spec;
    let known = move |name: &str| spec.systems.contains_key(name) || spec.program.outside.contains_key(name);
    all.iter().filter(move |object| object.system == system || !known(&object.system))
}

/// Whether something blocks.
pub(crate) fn is_blocked(ground: &Ground<'_>, system: &str) -> bool {
    objects(ground, system).any(|object| object.verdict == Verdict::Blocked)
}

/// A task for each object that needs a person, with the effort that the assessment gave.
pub(crate) fn tasks(mut phase: PhaseDraft, ground: &Ground<'_>, system: &str, owner: &str) -> PhaseDraft {
    let mut by_rule: BTreeMap<(&str, &str), Vec<&Object>> = BTreeMap::new();
    for object in objects(ground, system).filter(|object| matches!(object.verdict, Verdict::Manual | Verdict::Blocked)) {
        by_rule.entry((&object.rule, &object.reason)).or_default().push(object);
    }
    for ((rule, reason), objects) in by_rule {
        let from = format!("assessment, rule {rule}");
        if objects.len() <= EACH {
            for object in objects {
                let word = if object.verdict == Verdict::Blocked { "Solve" } else { "Convert" };
                let what = format!("{word} the {} {}: {reason}", object.kind, object.name);
                phase = phase.task_of(what, owner, object.effort_min, &from);
            }
        } else {
            let names: Vec<&str> = objects.iter().take(3).map(|object| object.name.as_str()).collect();
            let minutes = objects.iter().map(|object| object.effort_min).sum();
            let what =
                format!("Convert {} objects ({} and {} more): {reason}", objects.len(), names.join(", "), objects.len() - names.len());
            phase = phase.task_of(what, owner, minutes, &from);
        }
    }
    phase
}

/// What somebody must know: blocked objects, and versions whose support ends.
pub(crate) fn findings(draft: &mut Draft, ground: &Ground<'_>, system: &str) {
    for object in objects(ground, system).filter(|object| object.verdict == Verdict::Blocked) {
        let message = format!("nothing goes on before it is solved: {}", object.reason);
        let fix = "Solve it, or leave the object out (`move.exclude`); the phase `schema` has its task and its gate.";
        draft.findings.push(finding(40, Severity::High, format!("{} {}", object.kind, object.name), message, fix));
    }
    ends_of_life(draft, ground);
}

/// Statements that must be rewritten: as many points as the assessment counted in code; without one nobody knows.
pub(crate) fn statements(phase: PhaseDraft, ground: &Ground<'_>) -> PhaseDraft {
    let what = "Rewrite the statements that the target runs slower or not at all, and try each";
    let incidents = ground.assessment.map_or(&[][..], |assessment| &assessment.incidents);
    let points: u64 = incidents.iter().map(|incident| u64::from(incident.points)).sum();
    if points == 0 {
        let why = if is_read(ground) {
            "the code was read and uses nothing of it: what the load test shows"
        } else {
            "nobody looked at the code: see what is needed"
        };
        return phase.task_without_time(what, ground.role("developer"), why);
    }
    let files: std::collections::BTreeSet<&str> = incidents.iter().map(|incident| incident.file.as_str()).collect();
    let what = format!("{what}: {} in {}", counted(incidents.len() as u64, "place"), counted(files.len() as u64, "file"));
    phase.task(what, ground.role("developer"), "incident_point", points)
}

/// Whether somebody read the source tree. One that uses nothing has nothing to rewrite.
fn is_read(ground: &Ground<'_>) -> bool {
    let of_tree = |component: &Component| component.ecosystem != "database";
    let code = ground.spec.program.code.is_some();
    ground.assessment.is_some_and(|seen| !seen.incidents.is_empty() || (code && seen.components.iter().any(of_tree)))
}

/// Asks for the number of statements, where nobody looked at the code.
pub(crate) fn statements_needed(draft: &mut Draft, ground: &Ground<'_>) {
    if !is_read(ground) {
        draft.need(
            "how many statements of the code must change for the target: `segue assess` counts them in the source tree",
            "code.path",
            &["rehearse", "estimate"],
        );
    }
}

/// Databases and runtimes whose support ends before the plan must be done, or at a known date.
pub(crate) fn ends_of_life(draft: &mut Draft, ground: &Ground<'_>) {
    let program = &ground.spec.program;
    let components = ground.assessment.map_or(&[][..], |assessment| &assessment.components);
    for component in components.iter().filter(|component| matches!(component.ecosystem.as_str(), "database" | "runtime")) {
        let Some(end) = component.end_of_life else { continue };
        let soon = program.deadline.or(program.start).is_some_and(|day| end <= day);
        let severity = if soon { Severity::Medium } else { Severity::Info };
        let object = format!("{} {}", component.name, component.version);
        let message =
            if soon { format!("its support ends on {}, before the plan is done", end.0) } else { format!("its support ends on {}", end.0) };
        draft.findings.push(finding(41, severity, object, message, "Plan for the time without security fixes, or finish before."));
    }
}

/// The tables of a move: those that `include` and `exclude` leave.
pub(crate) fn tables(ground: &Ground<'_>, moves: &Move) -> Vec<Table> {
    let matches = |globs: &[String], name: &str| {
        let bare = name.rsplit('.').next().unwrap_or(name);
        globs.iter().any(|pattern| glob::fits(pattern, name) || glob::fits(pattern, bare))
    };
    let mut tables = ground.tables(&moves.from);
    tables.retain(|table| (moves.include.is_empty() || matches(&moves.include, &table.name)) && !matches(&moves.exclude, &table.name));
    tables
}
