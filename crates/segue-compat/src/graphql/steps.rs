//! The way through for fields that go: deprecate with a reason, watch, refuse where it cannot hurt, remove.
//!
//! Never more than the field's own steps: what was deprecated before is not announced again. Tests:
//! `tests/it/graphql/steps.rs`.

use segue_model::check::CheckStep;

use crate::draft::fingerprint;
use crate::rule::Rule;

/// How many fields get steps of their own.
const FIELDS_MAX: usize = 200;

/// A field that goes.
#[derive(Debug)]
pub(super) struct Going {
    object: String,
    finding: String,
    /// It is deprecated on the old side already.
    announced: bool,
    /// The name that it has now.
    replacement: Option<String>,
}

impl Going {
    pub(super) fn removed(rule: &Rule, object: &str, change: &str, announced: bool) -> Self {
        Self { object: object.to_owned(), finding: fingerprint(rule.id, object, change), announced, replacement: None }
    }

    pub(super) fn renamed(rule: &Rule, object: &str, change: &str, announced: bool, replacement: &str) -> Self {
        Self { replacement: Some(replacement.to_owned()), ..Self::removed(rule, object, change, announced) }
    }

    /// The finding that asks for it.
    pub(super) fn finding(&self) -> &str {
        &self.finding
    }

    fn step(&self, verb: &str, phase: &str, what: String, change: Option<serde_json::Value>) -> CheckStep {
        CheckStep {
            id: format!("{verb} {}", self.object),
            phase: phase.to_owned(),
            what,
            by: "manual".to_owned(),
            change,
            command: None,
            finding: Some(self.finding.clone()),
        }
    }

    fn steps(&self) -> Vec<CheckStep> {
        let object = &self.object;
        let mut steps = Vec::new();
        if !self.announced {
            let reason = match &self.replacement {
                Some(name) => format!("Use {name}."),
                None => format!("{object} will be removed; see the migration guide."),
            };
            let also = self.replacement.as_ref().map_or(String::new(), |name| format!("serve {name} beside it, and "));
            let what = format!("bring {object} back: {also}mark it @deprecated(reason: \"{reason}\")");
            let sdl = serde_json::json!({"deprecate": {"object": object, "reason": reason}});
            steps.push(self.step("deprecate", "announce", what, Some(sdl)));
        }
        let what = format!("count the operations and clients that still select {object}, and tell each of them the way on");
        steps.push(self.step("watch", "soft", what, None));
        let what = format!("let {object} fail in development and staging, and answer in production; nobody must be left who selects it");
        steps.push(self.step("refuse", "hard", what, None));
        let what = format!("remove {object} when no operation selected it for the whole notice period");
        steps.push(self.step("remove", "remove", what, None));
        steps
    }
}

/// The steps of all fields, by phase and then by field.
pub(super) fn steps(mut going: Vec<Going>, not_checked: &mut Vec<String>) -> Vec<CheckStep> {
    going.sort_by(|a, b| a.object.cmp(&b.object));
    if going.len() > FIELDS_MAX {
        not_checked.push(format!("steps are written for the first {FIELDS_MAX} of {} fields that go", going.len()));
        going.truncate(FIELDS_MAX);
    }
    let mut steps: Vec<CheckStep> = going.iter().flat_map(Going::steps).collect();
    let phase = |step: &CheckStep| ["announce", "soft", "hard", "remove"].iter().position(|name| *name == step.phase);
    steps.sort_by_key(phase);
    steps
}
