//! A column goes that running versions use.
//!
//! # What it checks
//! `DROP COLUMN` on a table that the script did not make.
//!
//! # Why it breaks
//! Versions of the application that still name the column fail at once; its values are gone, and with them indexes, constraints and (with CASCADE) views on it.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html>.
//!
//! # Safe path
//! Stop using the column in every version first, then drop it; Segue's `drop_column` keeps it until `contract`.
//!
//! # Example
//! ```sql
//! ALTER TABLE users DROP COLUMN name;
//! ```

use super::super::journey;
use super::super::walk::Step;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-drop-column",
    title: "a column goes that running versions use",
    why: "Versions of the application that still name the column fail at once; its values are gone, and with them indexes, constraints and (with CASCADE) views on it.",
    fix: "Let every version stop using it first; Segue keeps it until contract.",
    answers: &["squawk:ban-drop-column", "strong_migrations:remove_column"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let Action::DropColumn { name, cascade, .. } = action else { return };
        let fresh = step.session.null_columns.contains(&(table.clone(), name.clone()));
        if step.session.is_new(table) || fresh {
            return;
        }
        let views: Vec<String> = around.world.readers(table, Some(name)).iter().map(|view| step.shown(view)).collect();
        let with = if *cascade && !views.is_empty() { format!(", and with it {}", views.join(", ")) } else { String::new() };
        found.loss(
            step,
            &RULE,
            Finding {
                object: on(step, table, Some(name)),
                change: "drop column".to_owned(),
                message: format!("column {name} of {} goes{with}: versions that name it fail, and its values are lost", step.shown(table)),
                segue: journey::shown(journey::of_action(step, around, table, action), journey::ONE),
                ..Finding::default()
            },
        );
    });
}
