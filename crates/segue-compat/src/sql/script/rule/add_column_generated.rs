//! A stored generated column rewrites the table.
//!
//! # What it checks
//! `ADD COLUMN … GENERATED ALWAYS AS (…) STORED`, `SET EXPRESSION`.
//!
//! # Why it breaks
//! The value of every row is computed and stored: the table is written anew under an ACCESS EXCLUSIVE lock.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/ddl-generated-columns.html>.
//!
//! # Safe path
//! Add a plain column, keep it by a trigger, fill it in batches; or a VIRTUAL column from version 18 on; or compute it in a view.
//!
//! # Example
//! ```sql
//! ALTER TABLE users ADD full_name text GENERATED ALWAYS AS (a || b) STORED;
//! ```

use super::super::effect::rewrites_for;
use super::super::lock::Mode;
use super::super::walk::Step;
use super::super::weight::Work;
use super::{Finding, Found, on};
use crate::rule::Rule;
use crate::sql::postgres::statement::Action;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-add-column-generated",
    title: "a stored generated column rewrites the table",
    why: "The value of every row is computed and stored: the table is written anew under an ACCESS EXCLUSIVE lock.",
    fix: "Use a plain column with a trigger and fill it in batches, or a virtual one (18).",
    answers: &["squawk:adding-field-with-default", "strong_migrations:add_column_generated_stored"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    step.each_action(|_, table, action, around| {
        let (column, why) = match action {
            Action::AddColumn { definition, .. } if definition.generated.is_some() => (&definition.name, rewrites_for(around, definition)),
            Action::SetExpression { column, .. } => (column, Some("the stored values are computed anew".to_owned())),
            _ => return,
        };
        let Some(why) = why else { return };
        let Some(weight) = step.weigh(table, Work::Rewrite, Mode::AccessExclusive) else { return };
        let finding = Finding {
            object: on(step, table, Some(column)),
            change: "generated column".to_owned(),
            message: format!("{column} of {} writes every row: {why}", step.shown(table)),
            ..Finding::default()
        };
        found.weighed(step, &RULE, &weight, finding);
    });
}
