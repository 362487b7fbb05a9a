//! Readers may meet an enum value that they do not know.
//!
//! # What it checks
//! `ALTER TYPE … ADD VALUE` of an enum that the script did not make.
//!
//! # Why it breaks
//! A version at work that reads the new value may fail on it; going back, no row may hold it, and it cannot be taken away. The
//! same change between two schemas is `sql-enum-label-added`.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertype.html>.
//!
//! # Safe path
//! Teach readers the value before the first writer uses it.
//!
//! # Example
//! ```sql
//! ALTER TYPE mood ADD VALUE 'happy';
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::Stmt;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-enum-value-added",
    title: "readers may meet an enum value that they do not know",
    why: "A version at work that reads the new value may fail on it; going back, no row may hold it, and it cannot be taken away.",
    fix: "Teach readers the value before the first writer uses it.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    let Stmt::AddEnumValue { name } = step.stmt else { return };
    let full = step.world.resolve(name);
    // The script makes the type itself: nobody reads it yet.
    if step.world.enums.contains_key(&full) {
        return;
    }
    let object = step.shown(&full);
    let message = format!("enum {object} takes a new value, which versions at work may not know");
    found.tolerated(step, &RULE, Finding { object, change: "enum value added".to_owned(), message, ..Finding::default() });
}
