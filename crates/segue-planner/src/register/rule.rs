//! What a rule of the register says, and how its row is scored.
//!
//! Detection is never a rule's opinion: it comes from what this plan has (a gate 2, a verify step 3, a gate at which a
//! person measures 4, a dashboard 6, nothing 9; the figures are the model's). So a gate that is added can only lower a
//! risk. A mitigation names something of this plan, or says that there is none and what to add. Tests:
//! `tests/it/register_detection.rs`.

use segue_model::plan::program::Risk;
use segue_model::plan::{Condition, Gate, Phase};

use super::facts::Facts;
use crate::estimate::Model;

/// A rule: a stable number, so that a risk keeps its id from plan to plan, and when it applies.
pub(super) struct Rule {
    /// `7` is `R7`. Append-only.
    pub(super) number: u16,
    /// `technical`, `business`, `operational`, `security`, `compliance` or `rollback`.
    pub(super) category: &'static str,
    /// `None` where the plan does not have this risk.
    pub(super) about: fn(&Facts<'_>) -> Option<Hit>,
}

/// What would see a risk happen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Watch {
    /// Metrics of gates and triggers.
    pub(super) metrics: &'static [&'static str],
    /// Gates on rows kept aside and on business rules, and steps that compare.
    pub(super) data: bool,
    /// Any step that compares or checks.
    pub(super) steps: bool,
    /// A gate that named people must open at the phases concerned, or before them; where a risk concerns no phase, a
    /// checklist.
    pub(super) approvals: bool,
    /// Parts of kinds and ids of steps that would show it.
    pub(super) named: &'static [&'static str],
    /// What to add where nothing watches.
    pub(super) advice: &'static str,
}

/// A risk that the plan has.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    what: String,
    severity: (u8, String),
    occurrence: (u8, String),
    watch: Watch,
    /// Seen by Segue itself, with the reason.
    sure: Option<String>,
    /// What in this plan makes it rarer: what, and the occurrence then.
    eases: Vec<(String, u8)>,
    advice: &'static str,
    trigger: String,
    rollback: String,
    owner: String,
    evidence: String,
    phases: Vec<String>,
}

/// A risk under construction.
pub(super) fn hit(what: impl Into<String>, evidence: impl Into<String>) -> Hit {
    Hit {
        what: what.into(),
        severity: (5, String::new()),
        occurrence: (5, String::new()),
        watch: Watch::default(),
        sure: None,
        eases: Vec::new(),
        advice: "",
        trigger: String::new(),
        rollback: String::new(),
        owner: "lead".to_owned(),
        evidence: evidence.into(),
        phases: Vec::new(),
    }
}

impl Hit {
    pub(super) fn severity(mut self, value: u8, why: impl Into<String>) -> Self {
        self.severity = (value, why.into());
        self
    }

    pub(super) fn occurrence(mut self, value: u8, why: impl Into<String>) -> Self {
        self.occurrence = (value, why.into());
        self
    }

    pub(super) fn watch(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// Segue itself sees it, as surely as a gate.
    pub(super) fn sure(mut self, why: impl Into<String>) -> Self {
        self.sure = Some(why.into());
        self
    }

    /// Something of this plan that makes it rarer, where there is such a thing.
    pub(super) fn eased(mut self, by: Option<String>, occurrence: u8) -> Self {
        self.eases.extend(by.map(|by| (by, occurrence)));
        self
    }

    /// What to add where nothing of the plan makes it rarer.
    pub(super) fn advice(mut self, advice: &'static str) -> Self {
        self.advice = advice;
        self
    }

    pub(super) fn then(mut self, trigger: impl Into<String>, rollback: impl Into<String>) -> Self {
        self.trigger = trigger.into();
        self.rollback = rollback.into();
        self
    }

    pub(super) fn owner(mut self, role: String) -> Self {
        self.owner = role;
        self
    }

    pub(super) fn within(mut self, phases: Vec<String>) -> Self {
        self.phases = phases;
        self
    }

    /// The row.
    pub(super) fn row(self, facts: &Facts<'_>, model: &Model, id: String, category: &str) -> Risk {
        let (detection, seen_by) = self.detection(facts, model);
        let (severity, occurrence) = (self.severity.0.clamp(1, 10), self.occurrence.0.clamp(1, 10));
        let rpn = u32::from(severity) * u32::from(occurrence) * u32::from(detection);
        let eased = self.eases.iter().map(|(_, after)| *after).min().map_or(occurrence, |after| after.clamp(1, occurrence));
        let residual_rpn = u32::from(severity) * u32::from(eased) * u32::from(detection);
        let mut reasons = vec![
            format!("severity {severity}: {}", self.severity.1),
            format!("occurrence {occurrence}: {}", self.occurrence.1),
            format!("detection {detection}: {}", seen_by.as_deref().unwrap_or("nothing in this plan would show it")),
        ];
        if eased < occurrence {
            reasons.push(format!("occurrence {eased} once that is done: {}", names(&self.eases)));
        }
        Risk {
            id,
            category: category.to_owned(),
            mitigation: self.mitigation(seen_by.filter(|_| detection < model.detection.nothing)),
            what: self.what,
            severity,
            occurrence,
            detection,
            rpn,
            residual_rpn,
            level: model.level(severity, occurrence, rpn).to_owned(),
            trigger: self.trigger,
            rollback: self.rollback,
            owner: self.owner,
            evidence: self.evidence,
            reasons,
            phases: self.phases,
        }
    }

    fn mitigation(&self, seen_by: Option<String>) -> String {
        let mut parts = Vec::new();
        if !self.eases.is_empty() {
            parts.push(names(&self.eases));
        }
        let seen = seen_by.is_some();
        parts.extend(seen_by.map(|by| format!("seen by {by}")));
        if parts.is_empty() {
            parts.push("nothing in this plan".to_owned());
        }
        let advice = [(!self.eases.is_empty(), self.advice), (seen, self.watch.advice)];
        parts.extend(advice.into_iter().filter(|(there, text)| !there && !text.is_empty()).map(|(_, text)| format!("to add: {text}")));
        parts.join("; ")
    }

    /// What would show it. In a hybrid each part that it concerns must see it by itself: a gate of the move sees nothing
    /// of the service, so a hybrid is never of lower risk than one of its parts.
    fn detection(&self, facts: &Facts<'_>, model: &Model) -> (u8, Option<String>) {
        let parts = facts.parts(&self.phases);
        let by_part = parts.into_iter().map(|part| self.seen(&facts.only(part), model));
        by_part.max_by_key(|(level, _)| *level).unwrap_or_else(|| self.seen(facts, model))
    }

    /// The best of what would show it.
    fn seen(&self, facts: &Facts<'_>, model: &Model) -> (u8, Option<String>) {
        let scale = &model.detection;
        let mut found: Vec<(u8, String)> = self.sure.iter().map(|why| (scale.gate, why.clone())).collect();
        found.extend(facts.gates().filter_map(|(phase, gate)| self.by_gate(facts, model, phase, gate)));
        for trigger in facts.plan.program.triggers.iter().filter(|trigger| self.watch.metrics.contains(&trigger.when.metric.as_str())) {
            let person = trigger.measured_by.contains("a person");
            let level = match (trigger.action.as_str(), person) {
                ("warn", _) => scale.dashboard,
                (_, true) => scale.person,
                (_, false) => scale.gate,
            };
            found.push((level, format!("the trigger `{}` ({}, measured by {})", trigger.when, trigger.action, trigger.measured_by)));
        }
        if (self.watch.data || self.watch.steps)
            && let Some(step) = facts.verify_step()
        {
            let level = if step.by == "manual" { scale.person } else { scale.verify };
            found.push((level, format!("step `{}`", step.id)));
        }
        if let Some(step) = facts.step(self.watch.named) {
            let level = if step.by == "manual" { scale.person } else { scale.verify };
            found.push((level, format!("step `{}`", step.id)));
        }
        if !self.watch.metrics.is_empty() {
            if facts.metrics {
                found.push((scale.dashboard, "the metrics system of the spec, on a dashboard".to_owned()));
            } else if let Some(task) = facts.task(&["people.dashboard", "people.alert"]) {
                found.push((scale.dashboard, task));
            }
        }
        found.into_iter().min_by_key(|(level, _)| *level).map_or((scale.nothing, None), |(level, by)| (level, Some(by)))
    }

    fn by_gate(&self, facts: &Facts<'_>, model: &Model, phase: &Phase, gate: &Gate) -> Option<(u8, String)> {
        let name = format!("gate `{}`", gate.id);
        let scale = &model.detection;
        match &gate.condition {
            Condition::RowsRejected { .. } | Condition::Check { .. } => self.watch.data.then_some((scale.gate, name)),
            Condition::Metric { condition } if self.watch.metrics.contains(&condition.metric.as_str()) => {
                Some(if facts.metrics || is_own(&condition.metric) {
                    (scale.gate, name)
                } else {
                    (scale.person, format!("{name}, measured by a person"))
                })
            }
            // A check of the team's own that compares data.
            Condition::Metric { condition } if self.watch.data && facts.spec.checks.contains_key(&condition.metric) => {
                Some((scale.gate, name))
            }
            Condition::Checklist { .. } if self.watch.approvals => {
                (self.phases.is_empty() || self.concerns(facts, phase)).then_some((scale.person, name))
            }
            Condition::Approval | Condition::Approvals { .. } => {
                (self.watch.approvals && self.concerns(facts, phase)).then_some((scale.person, name))
            }
            Condition::Metric { .. } | Condition::Checklist { .. } | Condition::Waited { .. } => None,
        }
    }
}

impl Hit {
    /// Whether a gate of that phase stands at, or right before, a phase of the risk.
    fn concerns(&self, facts: &Facts<'_>, phase: &Phase) -> bool {
        let ours = |name: &String| self.phases.contains(name);
        let before = facts.plan.phases.iter().filter(|next| ours(&next.name)).any(|next| next.project.after.contains(&phase.name));
        ours(&phase.name) || before
    }
}

/// Metrics that a comparison by Segue gives.
fn is_own(metric: &str) -> bool {
    matches!(metric, "mismatches" | "rows_rejected")
}

fn names(eases: &[(String, u8)]) -> String {
    eases.iter().map(|(by, _)| by.as_str()).collect::<Vec<_>>().join("; ")
}
