//! An exclusion or a named NOT NULL is another one.
//!
//! # What it checks
//! Exclusion constraints, by their text.
//!
//! # Why it breaks
//! Rows that were let in are refused now, or the other way round.
//!
//! # Safe path
//! Treat it as a unique constraint: look for rows that exclude each other first.
//!
//! # Example
//! ```sql
//! -- old
//! EXCLUDE USING gist (room WITH =, during WITH &&)
//! -- new
//! -- none
//! ```

use segue_model::catalog::ConstraintKind;

use super::super::expression;
use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, ROLLBACK, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-constraint-changed",
    title: "An exclusion or a named NOT NULL is another one",
    why: "Rows that were let in are refused now, or the other way round.",
    fix: "Treat it as a unique constraint: look for rows that exclude each other first.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let of = |table: &segue_model::catalog::Table, renamed: bool| -> std::collections::BTreeMap<String, String> {
        let all = table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Exclusion);
        let text = |definition: &str| {
            if renamed { pair.renamed_text(definition, sides.dialect) } else { expression::form(definition, sides.dialect) }
        };
        all.map(|constraint| (text(&constraint.definition), constraint.name.clone())).collect()
    };
    let (old, new) = (of(pair.old, true), of(pair.new, false));
    for (text, name) in new.iter().filter(|(text, _)| !old.contains_key(*text)) {
        let message = format!("rows of table {} must not exclude each other by {name} now", pair.new.name.name);
        sink.add(&RULE, DEPLOY, part_path(pair.new, name), format!("exclusion {text} added"), message);
    }
    for (text, name) in old.iter().filter(|(text, _)| !new.contains_key(*text)) {
        let message = format!("rows of table {} may exclude each other by {name} now", pair.new.name.name);
        sink.add(&RULE, ROLLBACK, part_path(pair.old, name), format!("exclusion {text} dropped"), message);
    }
}
