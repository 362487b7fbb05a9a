//! The team's own risks: their ids and words stay, and what they name as their watch lowers their detection.
//!
//! A detection that the team stated is kept where the watch would not be better. Tests: `tests/it/register_own.rs`.

use segue_model::finding::{Finding, Severity};
use segue_model::plan::Condition;
use segue_model::plan::program::Risk;
use segue_model::spec::program::RiskWish;

use super::facts::Facts;
use crate::estimate::Model;
use crate::say::finding;

/// The rows, and what is wrong with them.
pub(super) fn rows(facts: &Facts<'_>, model: &Model) -> (Vec<Risk>, Vec<Finding>) {
    let wishes = &facts.spec.program.risks;
    let mut out = Vec::new();
    let mut findings = Vec::new();
    for (at, wish) in wishes.iter().enumerate() {
        let id = wish.id.clone().unwrap_or_else(|| free(wishes, at));
        let watched = wish.watch.as_deref().map(|watch| watched(facts, model, watch));
        if let (Some(None), Some(watch)) = (&watched, &wish.watch) {
            let message = format!("the risk {id} is watched by `{watch}`, which is no gate, step, check or metric of this plan");
            findings.push(finding(
                123,
                Severity::Medium,
                format!("risk {id}"),
                message,
                "Name a gate (`shift/approval`), a step, a check or a metric.",
            ));
        }
        out.push(row(wish, id, watched.flatten(), model));
    }
    (out, findings)
}

/// `T1`, `T2`, …: one that nobody took.
fn free(wishes: &[RiskWish], at: usize) -> String {
    let taken = |id: &String| wishes.iter().any(|wish| wish.id.as_ref().is_some_and(|taken| taken.eq_ignore_ascii_case(id)));
    let mut free = (1..).map(|number| format!("T{number}")).filter(|id| !taken(id));
    let before = wishes[..at].iter().filter(|wish| wish.id.is_none()).count();
    free.nth(before).unwrap_or_else(|| format!("T{}", at + 1))
}

fn row(wish: &RiskWish, id: String, watched: Option<(u8, String, Vec<String>)>, model: &Model) -> Risk {
    let stated = wish.detection.unwrap_or(model.detection.nothing).clamp(1, 10);
    let by_watch = watched.as_ref().filter(|(level, _, _)| *level <= stated);
    let detection = by_watch.map_or(stated, |(level, _, _)| *level);
    let why = match (by_watch, wish.detection) {
        (Some((_, by, _)), _) => by.clone(),
        (None, Some(_)) => "stated by the team".to_owned(),
        (None, None) => "nothing in this plan would show it".to_owned(),
    };
    let rpn = u32::from(wish.severity) * u32::from(wish.occurrence) * u32::from(detection);
    Risk {
        id,
        category: "own".to_owned(),
        what: wish.what.clone(),
        severity: wish.severity,
        occurrence: wish.occurrence,
        detection,
        rpn,
        residual_rpn: rpn,
        level: model.level(wish.severity, wish.occurrence, rpn).to_owned(),
        mitigation: wish.mitigation.clone().unwrap_or_else(|| "none stated".to_owned()),
        trigger: watched.as_ref().map_or_else(|| "none stated".to_owned(), |(_, by, _)| by.clone()),
        rollback: "the rollback of the phase in which it happens".to_owned(),
        owner: wish.owner.clone().unwrap_or_else(|| "lead".to_owned()),
        evidence: "spec risks".to_owned(),
        reasons: vec![
            format!("severity {}: stated by the team", wish.severity),
            format!("occurrence {}: stated by the team", wish.occurrence),
            format!("detection {detection}: {why}"),
        ],
        phases: watched.map(|(_, _, phases)| phases).unwrap_or_default(),
    }
}

/// What the watch is, how well it detects, and in which phase it stands.
fn watched(facts: &Facts<'_>, model: &Model, watch: &str) -> Option<(u8, String, Vec<String>)> {
    let scale = &model.detection;
    for phase in &facts.plan.phases {
        for gate in phase.entry.iter().chain(&phase.gates) {
            let by_name = gate.id == watch || gate.id.ends_with(&format!("/{watch}"));
            let by_metric = match &gate.condition {
                Condition::Metric { condition } => condition.metric == watch,
                Condition::Check { name } => name == watch,
                _ => false,
            };
            if by_name || by_metric {
                let person = match &gate.condition {
                    Condition::Metric { condition } => {
                        !facts.metrics && !matches!(condition.metric.as_str(), "mismatches" | "rows_rejected")
                    }
                    condition => condition.takes_approval(),
                };
                let level = if person { scale.person } else { scale.gate };
                return Some((level, format!("gate `{}`", gate.id), vec![phase.name.clone()]));
            }
        }
        if let Some(step) = phase.steps.iter().find(|step| step.id == watch) {
            return Some((scale.verify, format!("step `{}`", step.id), vec![phase.name.clone()]));
        }
    }
    if facts.spec.checks.contains_key(watch) {
        return Some((scale.verify, format!("the check `{watch}` of the spec"), Vec::new()));
    }
    let trigger = facts.plan.program.triggers.iter().find(|trigger| trigger.when.metric == watch)?;
    let level = if trigger.action == "warn" || trigger.measured_by.contains("a person") { scale.dashboard } else { scale.gate };
    Some((level, format!("the trigger `{}`", trigger.when), trigger.phases.clone()))
}
