//! A new enum value is not usable in its own transaction.
//!
//! # What it checks
//! `ALTER TYPE … ADD VALUE` in a transaction that goes on to use rows, and always before version 12.
//!
//! # Why it breaks
//! A value that was added in a transaction cannot be used before it is committed (`unsafe use of new value`); before version 12 the statement is refused in a transaction. A value can never be taken away again.
//!
//! PostgreSQL: <https://www.postgresql.org/docs/current/sql-altertype.html>.
//!
//! # Safe path
//! Run it on its own, commit, then use the value.
//!
//! # Example
//! ```sql
//! BEGIN;
//! ALTER TYPE mood ADD VALUE 'calm';
//! UPDATE people SET mood = 'calm';
//! COMMIT;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::statement::{Action, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-enum-value",
    title: "a new enum value is not usable in its own transaction",
    why: "A value that was added in a transaction cannot be used before it is committed (`unsafe use of new value`); before version 12 the statement is refused in a transaction. A value can never be taken away again.",
    fix: "Commit it before anything uses the value.",
    answers: &[],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if !step.session.open {
        return;
    }
    let added = step.session.enum_values.iter().find(|(_, number)| **number == step.session.number);
    let uses = match step.stmt {
        Stmt::Update { .. } | Stmt::Insert { .. } => true,
        Stmt::AlterTable { actions, .. } => {
            actions.iter().any(|action| matches!(action, Action::SetDefault { .. } | Action::AddColumn { .. } | Action::AddConstraint(_)))
        }
        _ => false,
    };
    let Some((name, _)) = added.filter(|_| uses) else { return };
    found.note(
        step,
        &RULE,
        Severity::Medium,
        Finding {
            object: step.shown(name),
            change: "enum value used".to_owned(),
            message: format!("if this uses the value that {} got in the same transaction, the server refuses it", step.shown(name)),
            ..Finding::default()
        },
    );
}
