//! Several parts into one graph: a hybrid.
//!
//! Where two parts have a phase of the same name, each gets its part's name in front. Between parts: what the target
//! must have comes first (infrastructure, then the form, then the data), then what uses it (code, services, interfaces,
//! sign-in), and nothing is let go before every part has shifted. Tests: below, `tests/it/project_cases.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::finding::Finding;
use segue_model::plan::program::{Aspect, Needed, Sourced};
use segue_model::plan::{NotPattern, Pattern, Phase};

use crate::recipe::draft::Draft;

/// Parts in the order in which they depend on each other.
const ORDER: [&str; 13] = [
    "infra",
    "schema",
    "sharding",
    "version-upgrade",
    "move",
    "data",
    "language",
    "library",
    "framework",
    "service",
    "api",
    "auth",
    "code",
];

/// The joined parts.
pub(crate) struct Joined {
    pub(crate) kinds: Vec<String>,
    pub(crate) pattern: Pattern,
    pub(crate) rollback: String,
    pub(crate) overview: Vec<Aspect>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) needed: Vec<Needed>,
    pub(crate) figures: BTreeMap<String, Sourced>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) not_checked: Vec<String>,
}

/// Joins parts; at least one.
pub(crate) fn join(mut parts: Vec<Draft>) -> Joined {
    parts.sort_by_key(|part| {
        let kind = if part.after_move { "data" } else { part.kind.as_str() };
        (ORDER.iter().position(|known| *known == kind).unwrap_or(ORDER.len()), part.after_move)
    });
    once(&mut parts);
    rename(&mut parts);
    across(&mut parts);
    let rollback = worst(parts.iter().map(|part| part.rollback.as_str())).to_owned();
    let mut joined = Joined {
        kinds: parts.iter().map(|part| part.kind.clone()).collect(),
        pattern: patterns(&parts),
        rollback,
        overview: Vec::new(),
        phases: Vec::new(),
        needed: Vec::new(),
        figures: BTreeMap::new(),
        findings: Vec::new(),
        not_checked: Vec::new(),
    };
    let several = parts.len() > 1;
    for part in parts {
        joined.overview.extend(part.overview);
        joined.phases.extend(part.phases);
        joined.needed.extend(part.needed);
        let name = |key: String| if several { format!("{}.{key}", part.kind) } else { key };
        joined.figures.extend(part.figures.into_iter().map(|(key, figure)| (name(key), figure)));
        joined.findings.extend(part.findings);
        joined.not_checked.extend(part.not_checked);
    }
    joined
}

/// The least of the ways back decides for the whole.
fn worst<'a>(all: impl Iterator<Item = &'a str>) -> &'a str {
    const WORDS: [&str; 4] = ["automated", "manual", "limited", "none"];
    all.max_by_key(|word| WORDS.iter().position(|known| known == word)).unwrap_or("manual")
}

fn patterns(parts: &[Draft]) -> Pattern {
    if let [only] = parts {
        return only.pattern.clone();
    }
    let mut not: Vec<NotPattern> = vec![NotPattern {
        name: "big-bang".to_owned(),
        why: "several systems would change in one moment, and no one could tell which of them failed".to_owned(),
    }];
    for part in parts {
        not.extend(
            part.pattern
                .not
                .iter()
                .filter(|other| other.name != "big-bang")
                .map(|other| NotPattern { name: format!("{} for {}", other.name, part.kind), why: other.why.clone() }),
        );
    }
    Pattern {
        name: parts.iter().map(|part| part.pattern.name.as_str()).collect::<Vec<_>>().join(" + "),
        why: parts.iter().map(|part| format!("{}: {}", part.kind, part.pattern.why)).collect::<Vec<_>>().join("; "),
        not,
    }
}

/// What every part prepares is prepared once, by the first; what every part closes is closed once, by the last.
fn once(parts: &mut [Draft]) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for phase in parts.iter_mut().filter_map(|part| part.phases.iter_mut().find(|phase| phase.name == "prepare")) {
        leave_out(phase, &mut seen);
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for phase in parts.iter_mut().rev().filter_map(|part| part.phases.iter_mut().find(|phase| phase.name == "retire")) {
        let steps = std::mem::take(&mut phase.steps);
        leave_out(phase, &mut seen);
        phase.steps = steps;
    }
}

/// Leaves out tasks and steps that another phase has word for word.
fn leave_out(phase: &mut Phase, seen: &mut BTreeSet<String>) {
    let mut gone: BTreeSet<String> = BTreeSet::new();
    phase.project.tasks.retain(|task| seen.insert(task.what.clone()) || !gone.insert(task.what.clone()));
    phase.steps.retain(|step| seen.insert(format!("{} {}", step.id, step.what)) || !gone.insert(step.id.clone()));
    phase.project.deliverables.retain(|what| seen.insert(what.clone()));
    phase.project.loads.retain(|load| !gone.contains(&load.of));
}

/// Gives phases of the same name their part's name in front.
fn rename(parts: &mut [Draft]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for phase in parts.iter().flat_map(|part| &part.phases) {
        *seen.entry(phase.name.clone()).or_default() += 1;
    }
    let shared: BTreeSet<String> = seen.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect();
    for part in parts.iter_mut() {
        let kind = part.kind.clone();
        let new = |name: &str| if shared.contains(name) { format!("{kind}-{name}") } else { name.to_owned() };
        for phase in &mut part.phases {
            let (old, name) = (phase.name.clone(), new(&phase.name));
            if old != name {
                move_ids(phase, &old, &name);
            }
            phase.project.after = phase.project.after.iter().map(|after| new(after)).collect();
            name.clone_into(&mut phase.name);
        }
    }
}

fn move_ids(phase: &mut Phase, old: &str, new: &str) {
    let moved = |id: &str| id.strip_prefix(old).map_or_else(|| id.to_owned(), |rest| format!("{new}{rest}"));
    for step in &mut phase.steps {
        step.id = moved(&step.id);
    }
    for gate in phase.entry.iter_mut().chain(&mut phase.gates) {
        gate.id = moved(&gate.id);
    }
    for load in &mut phase.project.loads {
        if load.of == old || load.of.starts_with(&format!("{old}/")) {
            load.of = moved(&load.of);
        }
    }
}

/// The phase in which users meet the new side, of a part.
fn shift(part: &Draft) -> Option<String> {
    let noticed = part.phases.iter().rev().find(|phase| phase.name.contains("shift") || phase.name.contains("cutover"));
    noticed.map(|phase| phase.name.clone())
}

/// Whether a phase lets the old side go.
fn lets_go(phase: &Phase) -> bool {
    phase.steps.iter().any(|step| step.reversible == "no")
}

/// Users meet one new side at a time; what lets go waits for every shift; what is shared is prepared first.
fn across(parts: &mut [Draft]) {
    let shifts: Vec<Option<String>> = parts.iter().map(shift).collect();
    let ready = parts.iter().any(|part| part.kind == "library" && part.phases.iter().any(|phase| phase.name == "ready"));
    let prepared: Option<String> = parts.first().and_then(|part| part.phases.first()).map(|phase| phase.name.clone());
    for (at, part) in parts.iter_mut().enumerate() {
        let before = shifts[..at].iter().rev().flatten().next().cloned();
        if let Some(before) = &before {
            // Preparation may overlap, traffic may not.
            let met = part.phases.iter_mut().filter(|phase| phase.is_noticed() && !lets_go(phase)).map(|phase| &mut phase.project.after);
            met.for_each(|after| add(after, before));
            if let Some(own) = part.phases.iter_mut().find(|phase| Some(&phase.name) == shifts[at].as_ref()) {
                add(&mut own.project.after, before);
            }
            if part.after_move {
                part.phases.iter_mut().skip(1).for_each(|phase| add(&mut phase.project.after, before));
            }
        }
        // The application must speak to the target before the target takes its writes.
        if part.kind == "move" && ready {
            part.phases.iter_mut().filter(|phase| phase.name == "cutover").for_each(|phase| add(&mut phase.project.after, "ready"));
        }
        if let (Some(prepared), Some(first)) = (&prepared, part.phases.first_mut().filter(|_| at > 0)) {
            add(&mut first.project.after, prepared);
        }
        for phase in part.phases.iter_mut().filter(|phase| lets_go(phase)) {
            for other in shifts.iter().flatten().filter(|other| **other != phase.name) {
                add(&mut phase.project.after, other);
            }
        }
    }
}

fn add(after: &mut Vec<String>, name: &str) {
    if !after.iter().any(|known| known == name) {
        after.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::build;
    use crate::recipe::draft::pattern;

    fn part(kind: &str) -> Draft {
        let mut draft = Draft::new(kind, pattern("p", "because", &[]));
        draft.phase(build::phase("prepare", "ready").step(build::manual("a", "k", "does", "why", "seen")));
        draft.phase(build::phase("shift", "moved").after(&["prepare"]));
        draft.phase(build::phase("retire", "gone").after(&["shift"]).step(build::manual("off", "k", "ends", "why", "seen").last("kept")));
        draft
    }

    #[test]
    fn clashing_names_get_their_part_and_keep_their_order() {
        let joined = join(vec![part("service"), part("move")]);
        let names: Vec<&str> = joined.phases.iter().map(|phase| phase.name.as_str()).collect();
        assert_eq!(names, ["move-prepare", "move-shift", "move-retire", "service-prepare", "service-shift", "service-retire"]);
        assert_eq!(joined.phases[0].steps[0].id, "move-prepare/a");
        assert_eq!(joined.phases[3].project.after, ["move-prepare"]);
        assert_eq!(joined.phases[4].project.after, ["service-prepare", "move-shift"]);
        // Nothing goes before every part has shifted.
        assert!(joined.phases[2].project.after.contains(&"service-shift".to_owned()));
    }

    #[test]
    fn what_all_prepare_is_prepared_once() {
        let with = |kind: &str| {
            let mut draft = part(kind);
            let phase = build::phase("prepare", "ready").task("look", "lead", "review", 1).task(kind, "lead", "review", 1);
            draft.phases[0] = phase.0;
            draft
        };
        let joined = join(vec![with("service"), with("move")]);
        let tasks = |at: usize| joined.phases[at].project.tasks.iter().map(|task| task.what.as_str()).collect::<Vec<_>>();
        assert_eq!((tasks(0), tasks(3)), (vec!["look", "move"], vec!["service"]));
        assert_eq!(joined.phases[3].project.loads.len(), 1);
    }

    #[test]
    fn a_form_of_the_target_comes_after_the_move() {
        let mut form = part("schema");
        form.after_move = true;
        let joined = join(vec![form, part("move")]);
        let names: Vec<&str> = joined.phases.iter().map(|phase| phase.name.as_str()).collect();
        assert_eq!(names[0], "move-prepare");
        assert!(joined.phases[4].project.after.contains(&"move-shift".to_owned()));
    }

    #[test]
    fn one_part_stays_as_it_is() {
        let joined = join(vec![part("move")]);
        assert_eq!(joined.phases[0].name, "prepare");
        assert_eq!(joined.pattern.name, "p");
    }
}
