//! What a recipe gives: one part of a plan, before it is ordered with others, estimated and judged.

use std::collections::BTreeMap;

use segue_model::finding::Finding;
use segue_model::plan::program::{Aspect, Needed, Sourced};
use segue_model::plan::{NotPattern, Pattern, Phase};

use super::build::PhaseDraft;
use super::ground::need;

/// One part of a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// What kind: `move`, `service`.
    pub(crate) kind: String,
    /// How it is done, and why not otherwise.
    pub(crate) pattern: Pattern,
    /// Now and then.
    pub(crate) overview: Vec<Aspect>,
    /// Its phases.
    pub(crate) phases: Vec<Phase>,
    /// What nobody stated or measured.
    pub(crate) needed: Vec<Needed>,
    /// Figures with their sources.
    pub(crate) figures: BTreeMap<String, Sourced>,
    /// What somebody must know.
    pub(crate) findings: Vec<Finding>,
    /// What was not looked at.
    pub(crate) not_checked: Vec<String>,
    /// The longest stop of writers that it needs, in milliseconds, and why.
    pub(crate) downtime: Option<(u64, String)>,
    /// `automated`, `manual`, `limited` or `none`.
    pub(crate) rollback: String,
    /// It changes what a move brings: it comes after the move.
    pub(crate) after_move: bool,
}

impl Draft {
    /// An empty part of that kind.
    pub(crate) fn new(kind: &str, pattern: Pattern) -> Self {
        Self { kind: kind.to_owned(), pattern, rollback: "manual".to_owned(), ..Self::default() }
    }

    /// A line of now against then; an unknown side says so.
    pub(crate) fn aspect(&mut self, aspect: &str, current: impl Into<String>, target: impl Into<String>, change: impl Into<String>) {
        let known = |text: String| if text.is_empty() { "not stated".to_owned() } else { text };
        self.overview.push(Aspect {
            aspect: aspect.to_owned(),
            current: known(current.into()),
            target: known(target.into()),
            change: change.into(),
        });
    }

    /// The next phase.
    pub(crate) fn phase(&mut self, phase: PhaseDraft) {
        self.phases.push(phase.0);
    }

    /// A phase of that name is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.phases.iter().any(|phase| phase.name == name)
    }

    /// Something must be known before the start.
    pub(crate) fn need(&mut self, what: impl Into<String>, spec_key: impl Into<String>, for_what: &[&str]) {
        self.needed.push(need(what, spec_key, for_what));
    }

    /// A figure with its source.
    pub(crate) fn figure(&mut self, name: &str, value: impl Into<String>, from: impl Into<String>) {
        self.figures.insert(name.to_owned(), Sourced { value: value.into(), from: from.into() });
    }
}

/// A pattern with its reasons.
pub(crate) fn pattern(name: &str, why: impl Into<String>, not: &[(&str, String)]) -> Pattern {
    Pattern {
        name: name.to_owned(),
        why: why.into(),
        not: not.iter().map(|(name, why)| NotPattern { name: (*name).to_owned(), why: why.clone() }).collect(),
    }
}
