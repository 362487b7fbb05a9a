//! `phases:` of the spec: changes a recipe's phase of that name, or adds one.
//!
//! An executable change of form takes gates, tasks, owners and windows; its order, and leaving a phase out, is not the
//! spec's to say: a run depends on it. Tests: `tests/it/project_limits.rs`.

use std::collections::BTreeMap;

use segue_model::finding::Finding;
use segue_model::plan::program::{Load, Task};
use segue_model::plan::{Condition, Gate, Phase, Plan};
use segue_model::spec::Spec;
use segue_model::spec::program::{GateWish, PhaseWish};

use crate::recipe::build;
use crate::{possible, say};

/// Applies them. Critical findings for what cannot be.
pub(crate) fn apply(plan: &mut Plan, spec: &Spec) -> Vec<Finding> {
    let mut findings = Vec::new();
    let runs = plan.runs();
    for (name, wish) in &spec.program.phases {
        if let Some(at) = meant(plan, spec, name) {
            // The order of an old document is that of its own phases, which are these.
            let wish = PhaseWish { after: None, ..wish.clone() };
            change(&mut plan.phases[at], &wish, runs, &format!("spec migration_phases ({name})"));
            continue;
        }
        match plan.phases.iter().position(|phase| phase.name == *name) {
            Some(at) => {
                let phase = &mut plan.phases[at];
                if runs && (wish.after.is_some() || wish.skip.is_some()) {
                    let message = "its order and what is left out is given by what a run depends on";
                    findings.push(say::refuse(
                        32,
                        format!("phase {name}"),
                        message,
                        "Leave `after` and `skip` out of it; gates, tasks and holds may be added.",
                    ));
                    continue;
                }
                change(phase, wish, runs, &format!("spec phases.{name}"));
            }
            None if runs => {
                let known: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
                let message = "a change of form that Segue runs has no such phase, and none can be added";
                findings.push(say::refuse(32, format!("phase {name}"), message, format!("Its phases are {}.", known.join(", "))));
            }
            None => match misspelt(plan, name, wish) {
                Some(near) => {
                    let message = format!("the plan has no such phase, and nothing would be done in it; did you mean `{near}`?");
                    let fix = "Write the name of the phase that you mean, or give the new one `tasks`.";
                    findings.push(say::refuse(32, format!("phase {name}"), message, fix));
                }
                None => plan.phases.push(added(name, wish)),
            },
        }
    }
    findings.extend(skip(plan, spec));
    findings
}

/// The phase that was meant: a name close to one that is there, for a phase in which there is nothing to do.
fn misspelt(plan: &Plan, name: &str, wish: &PhaseWish) -> Option<String> {
    let near = plan.phases.iter().map(|phase| phase.name.as_str()).min_by_key(|known| strsim::damerau_levenshtein(known, name))?;
    let is_near = name.len() > 3 && strsim::damerau_levenshtein(near, name) <= 2;
    (wish.tasks.is_empty() && is_near).then(|| near.to_owned())
}

fn added(name: &str, wish: &PhaseWish) -> Phase {
    let draft = build::phase(name, &format!("what the spec's phase `{name}` is for is done")).back(
        "the team undoes its own tasks, last first",
        "none",
        "the phase's gates, measured again",
    );
    let mut phase = draft.0;
    change(&mut phase, wish, false, &format!("spec phases.{name}"));
    phase
}

/// The recipe's phase that an old planner's document calls otherwise.
fn meant(plan: &Plan, spec: &Spec, name: &str) -> Option<usize> {
    spec.program.imported.as_ref()?;
    let names: &[&str] = match name {
        "preparation" | "prepare" | "assessment" | "planning" => &["prepare"],
        "intercept" | "proxy" => &["intercept"],
        "gradual_migration" | "gradual" | "traffic" | "rollout" | "cutover" | "migration" => &["shift", "cutover"],
        "validation" | "verification" | "monitoring" => &["watch", "verify"],
        "decommission" | "cleanup" | "contract" => &["retire"],
        _ => return None,
    };
    names.iter().find_map(|known| plan.phases.iter().position(|phase| phase.name == *known))
}

fn change(phase: &mut Phase, wish: &PhaseWish, runs: bool, from: &str) {
    let name = phase.name.clone();
    if let Some(after) = &wish.after {
        phase.project.after.clone_from(after);
    }
    if let Some(hold) = wish.hold {
        let seconds = hold.0 / 1_000;
        phase.project.loads.retain(|load| !(load.of == name && load.key == "wait.hold"));
        phase.project.hold = Some(segue_model::plan::Estimate { seconds, from: format!("{from}.hold") });
        phase.project.loads.push(load(&name, "nobody", "wait.hold", seconds, &format!("{from}.hold")));
        if runs {
            let condition = Condition::Waited { since: name.clone(), at_least_ms: hold.0 };
            phase.gates.push(Gate {
                id: format!("{name}/hold"),
                what: format!("{hold} have passed"),
                condition,
                from: format!("{from}.hold"),
            });
        }
    }
    for (at, gate) in wish.gate.iter().enumerate() {
        let (what, condition) = match gate {
            GateWish::Metric(condition) => (condition.to_string(), Condition::Metric { condition: condition.clone() }),
            GateWish::Approve { by, count } => {
                (format!("{count} of {} say yes", by.join(", ")), Condition::Approvals { by: by.clone(), count: *count })
            }
        };
        phase.gates.push(Gate { id: format!("{name}/spec-{}", at + 1), what, condition, from: format!("{from}.gate") });
    }
    phase.project.windows.extend(wish.window.iter().cloned());
    if let Some((best, likely, worst)) = wish.estimate {
        phase.project.loads.retain(|load| load.key.starts_with("wait."));
        let mut whole = load(&name, &phase.project.owner, "people.review", 1, &format!("{from}.estimate"));
        whole.facts = [("best_s", best), ("likely_s", likely), ("worst_s", worst)].map(|(key, value)| (key.to_owned(), value)).into();
        phase.project.loads.push(whole);
    }
    for task in &wish.tasks {
        let owner = task.owner.clone().unwrap_or_else(|| phase.project.owner.clone());
        let minutes = task.minutes.unwrap_or(0);
        if minutes > 0 {
            let mut work = load(&task.what, &owner, "people.review", 1, &format!("{from}.tasks"));
            let seconds = minutes * 60;
            work.facts = [("best_s", seconds / 2), ("likely_s", seconds), ("worst_s", seconds * 3)]
                .map(|(key, value)| (key.to_owned(), value))
                .into();
            phase.project.loads.push(work);
        }
        phase.project.tasks.push(Task { what: task.what.clone(), owner, minutes, from: format!("{from}.tasks") });
    }
}

fn load(of: &str, who: &str, key: &str, amount: u64, from: &str) -> Load {
    Load {
        of: of.to_owned(),
        who: who.to_owned(),
        key: key.to_owned(),
        amount,
        from: from.to_owned(),
        facts: BTreeMap::default(),
        time: None,
    }
}

/// Leaves phases out; what was after one of them is then after what it was after.
fn skip(plan: &mut Plan, spec: &Spec) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, wish) in &spec.program.phases {
        let Some(reason) = &wish.skip else { continue };
        let Some(at) = plan.phases.iter().position(|phase| phase.name == *name) else { continue };
        if plan.runs() {
            continue;
        }
        let gone = plan.phases.remove(at);
        let ends = plan.phases.iter().any(|phase| phase.project.part == gone.project.part && phase.is_final());
        if ends && possible::moves_or_proves(&gone) {
            let message = "users are moved or the sides are compared in it, and a later phase lets the old side go";
            findings.push(say::refuse(38, format!("phase {name}"), message, "Keep it; or leave the phase that lets go out as well."));
        }
        for phase in &mut plan.phases {
            let after = &mut phase.project.after;
            if let Some(at) = after.iter().position(|other| other == name) {
                after.remove(at);
                for before in &gone.project.after {
                    if !after.contains(before) {
                        after.push(before.clone());
                    }
                }
            }
        }
        plan.not_checked.push(format!("phase {name} is left out by the spec: {reason}"));
    }
    findings
}
