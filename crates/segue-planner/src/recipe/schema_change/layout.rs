//! What all phases of the recipe look at, and how a step and its id are made.
//!
//! Ids are for people and command lines: a hostile name is cleaned there, never in the action. Tests: below and
//! `tests/it/plan.rs`.

use segue_model::action::Action;
use segue_model::ident::TableName;
use segue_model::plan::{Outside, Phase, PhaseProject, Step, Throttle, Undo};
use segue_model::reshape::{Survey, TableChange};
use segue_model::spec::Spec;

use super::estimate::Work;
use crate::{Observed, Resolved};

/// The version of every step kind of this recipe.
const STEP_VERSION: u32 = 1;

/// What all phases look at.
pub(super) struct Layout<'a> {
    pub(super) spec: &'a Spec,
    pub(super) observed: &'a Observed,
    pub(super) resolved: &'a Resolved,
    pub(super) throttle: &'a Throttle,
    surveys: &'a [Survey],
}

/// A step's words.
pub(super) struct Words {
    pub(super) what: String,
    pub(super) why: &'static str,
    pub(super) lock: String,
    /// What undoing does.
    pub(super) undo: String,
    /// What undoing loses.
    pub(super) loses: &'static str,
    /// It cannot be undone.
    pub(super) last: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn new(
        spec: &'a Spec,
        observed: &'a Observed,
        resolved: &'a Resolved,
        surveys: &'a [Survey],
        throttle: &'a Throttle,
    ) -> Self {
        Self { spec, observed, resolved, throttle, surveys }
    }

    /// What the engine said of a table; `None` for one that was not surveyed.
    pub(super) fn survey(&self, table: &TableName) -> Option<&'a Survey> {
        self.resolved.tables.iter().position(|change| change.table == *table).map(|at| &self.surveys[at])
    }

    /// Rows of a table, where they are known; a new table has none.
    pub(super) fn rows(&self, table: &TableName) -> Option<u64> {
        if self.resolved.new_tables.iter().any(|new| new.table == *table) {
            return Some(0);
        }
        self.survey(table).map(|survey| survey.rows)
    }

    /// The tables whose form changes; where constraints cannot be added online also those that get one.
    pub(super) fn changing(&self) -> impl Iterator<Item = &'a TableChange> {
        let online = self.observed.capabilities.online_constraints;
        self.resolved.tables.iter().filter(move |change| {
            let form = !change.up.is_empty() || !change.down.is_empty() || change.old != change.new;
            form || (!online && !change.constraints.is_empty())
        })
    }

    /// A table's part of an id: its name, with the schema where two tables of the plan share the name.
    pub(super) fn label(&self, table: &TableName) -> String {
        let tables = self.resolved.tables.iter().map(|change| &change.table);
        let others = tables.chain(self.resolved.new_tables.iter().map(|new| &new.table)).chain(&self.resolved.dropped_tables);
        let others = others
            .chain(self.resolved.indexes.iter().map(|index| &index.table))
            .chain(self.resolved.dropped_indexes.iter().map(|index| &index.table));
        let shared = others.into_iter().any(|other| other != table && id_part(&other.name) == id_part(&table.name));
        if shared && !table.schema.is_empty() {
            format!("{}.{}", id_part(&table.schema), id_part(&table.name))
        } else {
            id_part(&table.name)
        }
    }
}

/// A name as part of an id: letters, digits, `_`, `-`, `.`; all else becomes `_`.
pub(super) fn id_part(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect()
}

/// A step.
pub(super) fn step(phase: &str, name: &str, action: Action, words: Words) -> Step {
    Step {
        id: format!("{phase}/{name}"),
        kind: action.kind().to_owned(),
        version: STEP_VERSION,
        by: "run".to_owned(),
        what: words.what,
        why: words.why.to_owned(),
        lock: words.lock,
        reversible: if words.last { "no" } else { "until_contract" }.to_owned(),
        undo: Undo { what: words.undo, loses: words.loses.to_owned(), ..Undo::default() },
        outside: Outside::default(),
        action,
    }
}

/// A phase without gates; the caller adds them.
pub(super) fn phase(name: &str, goal: &str, steps: Vec<Step>, work: Work) -> Phase {
    let estimate = work.estimate(steps.len());
    Phase {
        name: name.to_owned(),
        goal: goal.to_owned(),
        user_impact: "none".to_owned(),
        risk: "low".to_owned(),
        estimate,
        entry: Vec::new(),
        steps,
        gates: Vec::new(),
        project: PhaseProject::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::id_part;

    #[test]
    fn ids_hold_no_control_characters_and_no_slash() {
        assert_eq!(id_part("users"), "users");
        assert_eq!(id_part("a/b\n\"c\" \u{202e}"), "a_b__c___");
        assert_eq!(id_part("größe.x-1"), "größe.x-1");
    }
}
