//! What nobody stated or measured: a row of *Needed before start*, and what would make a figure narrower.
//!
//! A row that a recipe already asked for gets the estimate as one more reason and is not asked twice. Tests:
//! `tests/it/estimate_load.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::finding::{Finding, Severity};
use segue_model::plan::Plan;
use segue_model::plan::program::Needed;
use segue_model::spec::Spec;

use super::load::Timed;
use super::network::{CUTOVER, Figure, Network, Pace};
use crate::say::finding;

/// Asks for each rate and amount that is missing, and says what that does to the dates.
pub(super) fn ask(plan: &mut Plan, spec: &Spec, timed: &[Vec<Timed>]) -> Vec<Finding> {
    let mut rates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut missing: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut rows = Vec::new();
    for (phase, timed) in plan.phases.iter().zip(timed) {
        let stated = spec.program.phases.get(&phase.name).is_some_and(|wish| wish.estimate.is_some());
        if stated {
            continue;
        }
        let own = format!("phases.{}.estimate", phase.name);
        for (load, timed) in phase.project.loads.iter().zip(timed) {
            match timed {
                Timed::Known(_) => {}
                Timed::Widened(_, key) => {
                    let key = if key.is_empty() { own.clone() } else { key.clone() };
                    let what = asked(&load.key);
                    rows.push((what, key.clone(), phase.name.clone()));
                    rates.entry(key).or_default().insert(load.of.clone());
                }
                Timed::Unknown(what, key) => {
                    let key = if key.is_empty() { size_key(spec, load.key.as_str()).unwrap_or_else(|| own.clone()) } else { key.clone() };
                    rows.push((what.clone(), key.clone(), phase.name.clone()));
                    missing.entry((phase.name.clone(), key)).or_default().insert(load.of.clone());
                }
            }
        }
    }
    for (what, key, phase) in rows {
        add(plan, what, key, vec![phase, "estimate".to_owned()]);
    }
    let mut findings = Vec::new();
    for (key, of) in rates {
        let message =
            format!("the rate of {} is neither measured nor stated: the dates are widened to where peers were measured", list(&of));
        findings.push(finding(
            120,
            Severity::Low,
            format!("estimate {key}"),
            message,
            if of.iter().any(|of| of.starts_with("import/")) {
                format!("Measure it on a copy, and state `{key}`.")
            } else {
                format!("Run `segue assess --probe`, or state `{key}`.")
            },
        ));
    }
    for ((phase, key), of) in missing {
        let message = format!("nobody knows how long {} takes: the phase and what comes after it have no dates", list(&of));
        findings.push(finding(121, Severity::Medium, format!("phase {phase}"), message, format!("State `{key}`, or run `segue assess`.")));
    }
    findings
}

/// Asks for the work of each phase in which nobody counted any.
pub(super) fn uncounted(plan: &mut Plan, network: &Network) -> Vec<Finding> {
    let phases = plan.phases.iter().zip(&network.nodes).filter(|(_, node)| node.uncounted);
    let names: Vec<String> = phases.map(|(phase, _)| phase.name.clone()).collect();
    let ask = |name: &String| {
        let key = format!("phases.{name}.estimate");
        let message = format!("nobody counted the work of `{name}`: the phase and what comes after it have no dates");
        let fix = format!("Answer what it needs before the start, or state `{key}`.");
        add(plan, format!("how much work `{name}` is: nobody counted it"), key, vec![name.clone(), "estimate".to_owned()]);
        finding(121, Severity::Medium, format!("phase {name}"), message, fix)
    };
    names.iter().map(ask).collect()
}

/// A rate that nobody knows, in words, and who can tell it.
fn asked(load: &str) -> String {
    let (what, probed) = match load.strip_prefix("machine.").unwrap_or(load) {
        "copy" => ("how fast rows are copied here", true),
        "backup" => ("how fast a backup is written here", true),
        "restore" => ("how fast a backup is read back here", true),
        "snapshot" => ("how fast a snapshot can be used here", true),
        "backfill" => ("how fast rows are converted in place here", true),
        "replicate_catchup" => ("how fast the stream writes what it is behind by", true),
        "index" => ("how fast an index is built here", true),
        "verify" => ("how fast both sides are compared here", true),
        "user_import" => ("how many users the new side takes in a second", false),
        _ => ("how fast this goes here", false),
    };
    let tells = if probed { "`segue assess --probe` measures it, or state it" } else { "measure it on a copy, and state it" };
    format!("{what}: {tells}")
}

/// The key that says how much there is.
fn size_key(spec: &Spec, load: &str) -> Option<String> {
    if !load.starts_with("machine.") {
        return None;
    }
    let program = &spec.program;
    let system =
        program.moves.as_ref().map(|moves| moves.from.clone()).or_else(|| spec.schema.as_ref().map(|schema| schema.system.clone()));
    match system {
        // What is converted in place is counted in rows.
        Some(system) if load == "machine.backfill" => Some(format!("systems.{system}.facts.rows")),
        Some(system) => Some(format!("systems.{system}.facts.size")),
        None => program.infra.as_ref().map(|_| "infra.data".to_owned()),
    }
}

/// Up to three names.
fn list(of: &BTreeSet<String>) -> String {
    let shown: Vec<String> = of.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = of.len().saturating_sub(shown.len());
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// Adds a row, or the reasons to the row that asks for the same key.
pub(super) fn add(plan: &mut Plan, what: String, spec_key: String, for_what: Vec<String>) {
    let needed = &mut plan.program.needed;
    match needed.iter_mut().find(|row| row.spec_key == spec_key) {
        Some(row) => {
            for reason in for_what {
                if !row.for_what.contains(&reason) {
                    row.for_what.push(reason);
                }
            }
        }
        None => needed.push(Needed { what, spec_key, for_what }),
    }
}

/// What would make a figure narrower.
pub(super) fn narrow(figure: &Figure) -> String {
    if figure.key == CUTOVER {
        return "rehearse the cut-over with a clock".to_owned();
    }
    match (figure.pace, figure.confidence.as_str()) {
        (Pace::Wait, _) => "agree on a date by which the answer comes".to_owned(),
        (Pace::People(_), "model") => format!("state what your team takes: `--model` with `{}`, or the phase's `estimate`", figure.key),
        (Pace::People(_), _) => "do a part of it first and state what that took".to_owned(),
        (Pace::Straight, "unknown") => "measure the rate: `segue assess --probe`".to_owned(),
        (Pace::Straight, "measured") => "rehearse on a whole copy: `segue rehearse`".to_owned(),
        (Pace::Straight, _) => "measure instead of stating: `segue assess --probe`, or `segue rehearse`".to_owned(),
    }
}
