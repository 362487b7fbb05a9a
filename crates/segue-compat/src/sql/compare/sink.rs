//! Where rules put what they found. Tests: `tests/it/sql/compare.rs`.

use segue_model::catalog::{Column, Table};
use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use super::super::ddl::path_of;
use super::pair::Sides;
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;
use crate::source::Place;

/// Deploying the new side.
pub(crate) const DEPLOY: &[Breaks] = &[Breaks::Deploy, Breaks::Rolling];
/// Going back.
pub(crate) const ROLLBACK: &[Breaks] = &[Breaks::Rollback, Breaks::Rolling];
/// Both ways.
pub(crate) const BOTH: &[Breaks] = &[Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];
/// Nothing fails.
pub(crate) const NOTHING: &[Breaks] = &[];

/// Collects drafts.
pub(crate) struct Sink<'a> {
    sides: &'a Sides<'a>,
    drafts: Drafts,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(sides: &'a Sides<'a>) -> Self {
        Self { sides, drafts: Drafts::default() }
    }

    pub(crate) fn finish(self) -> Drafts {
        self.drafts
    }

    /// A finding about an object of a table; the change is what the fingerprint is made of.
    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        breaks: &[Breaks],
        object: String,
        change: impl Into<String>,
        message: impl Into<String>,
    ) -> &mut Draft {
        let at = self.place(&object);
        self.drafts.push(Draft { at, ..Draft::new(rule, self.sides.policy, breaks.to_vec(), object, message).changing(change) })
    }

    /// The new side's place of an object, else the old one's, else that of what it stands in.
    fn place(&self, object: &str) -> Option<(Side, Place)> {
        let mut path = object;
        loop {
            for (side, read) in [(Side::New, self.sides.new), (Side::Old, self.sides.old)] {
                if let Some(span) = read.places.get(path) {
                    return Some((side, Place { file: 0, span: *span }));
                }
            }
            let cut = path.rfind(['.', '#'])?;
            path = path.get(..cut)?;
        }
    }
}

impl Draft {
    /// What its fingerprint is made of, where that is not the message.
    pub(crate) fn changing(self, change: impl Into<String>) -> Self {
        Self { change: change.into(), ..self }
    }

    /// Rows or values are lost, or a door is opened.
    pub(crate) fn critical(&mut self) -> &mut Self {
        self.severity = Severity::Critical;
        self
    }

    /// At most so severe.
    pub(crate) fn at_most(&mut self, severity: Severity) -> &mut Self {
        self.severity = self.severity.min(severity);
        self
    }

    /// At least so severe, whatever it breaks.
    pub(crate) fn at_least(&mut self, severity: Severity) -> &mut Self {
        self.severity = self.severity.max(severity);
        self
    }

    /// Neither safe nor shown to break.
    pub(crate) fn not_decided(&mut self) -> &mut Self {
        self.undecided = true;
        self.severity = self.severity.max(Severity::Medium);
        self
    }
}

/// `shop.users.email`.
pub(crate) fn column_path(table: &Table, column: &Column) -> String {
    format!("{}.{}", path_of(&table.name), column.name)
}

/// `shop.users#users_email_key`; `shop.users#constraint` for one without a name.
pub(crate) fn part_path(table: &Table, part: &str) -> String {
    format!("{}#{}", path_of(&table.name), if part.is_empty() { "constraint" } else { part })
}

/// `shop.users`.
pub(crate) fn table_path(table: &Table) -> String {
    path_of(&table.name)
}
