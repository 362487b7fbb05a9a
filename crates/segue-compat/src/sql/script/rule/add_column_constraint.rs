//! A new column with a constraint is checked row by row.
//!
//! # What it checks
//! `ADD COLUMN` with `UNIQUE`, `PRIMARY KEY` or `CHECK`, or of a domain that has a constraint, or with a foreign key and a default.
//!
//! # Why it breaks
//! The constraint is checked, or its index built, for the whole table under an ACCESS EXCLUSIVE lock.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES>.
//!
//! # Safe path
//! Add the column alone, then the constraint in its own safe way: a unique index built CONCURRENTLY, a check NOT VALID and validated.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD code text UNIQUE;
//! ```

use super::super::lock::Mode;
use super::super::sequence;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, ConstraintBody};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-column-constraint",
    title: "a new column with a constraint is checked row by row",
    why: "The constraint is checked, or its index built, for the whole table under an ACCESS EXCLUSIVE lock.",
    fix: "Add the column first, and then the constraint in the safe way.",
    answers: &["strong_migrations:add_column_unique", "squawk:disallowed-unique-constraint"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|at, table, action, around| {
        let Action::AddColumn { definition, .. } = action else { return };
        let heavy = definition.constraints.iter().any(|constraint| match &constraint.what {
            ConstraintBody::NotNull { .. } => false,
            ConstraintBody::ForeignKey { .. } => definition.default.is_some(),
            _ => true,
        });
        let domain = around.world.constrained(&definition.data_type) && definition.default.is_none();
        if !step.session.is_new(table) && around.world.may_be_domain(&definition.data_type) {
            let message = format!(
                "the type {} of {} is not known: if it is a domain with a check, every row is written anew",
                definition.data_type, definition.name
            );
            let object = on(step, table, Some(&definition.name));
            let finding = Finding { object, change: "type not known".to_owned(), message, undecided: true, ..Finding::default() };
            found.note(step, &RULE, Severity::Medium, finding);
        }
        if !(heavy || domain) {
            return;
        }
        let Some(weight) = step.weigh(table, if domain { Work::Rewrite } else { Work::Scan }, Mode::AccessExclusive) else { return };
        let finding = Finding {
            object: on(step, table, Some(&definition.name)),
            change: "add constrained column".to_owned(),
            message: format!("the constraint of the new column {} is checked against all rows of {}", definition.name, step.shown(table)),
            safe_sql: if domain { Vec::new() } else { sequence::column_constraints(step, at, table, definition) },
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
