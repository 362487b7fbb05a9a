//! A script outside a transaction cannot be run again.
//!
//! # What it checks
//! `CREATE TABLE`, `CREATE INDEX CONCURRENTLY`, `ADD COLUMN` and `DROP` without `IF [NOT] EXISTS`, outside a transaction.
//!
//! # Why it breaks
//! A script that fails half-way leaves what it did: the second run fails at the first statement that is done already.
//!
//! # Safe path
//! Put it into a transaction, or say IF NOT EXISTS (for an index only together with a look at whether it is valid).
//!
//! # Example
//! ```sql
//! DROP TABLE old_users;
//! ```

use super::super::walk::Step;
use super::{Finding, Found};
use crate::rule::Rule;
use crate::sql::postgres::cursor::Name;
use crate::sql::postgres::statement::{Action, Stmt};
use segue_model::finding::Severity;

/// The rule's card.
pub(super) static RULE: Rule = Rule {
    id: "sql-script-not-repeatable",
    title: "a script outside a transaction cannot be run again",
    why: "A script that fails half-way leaves what it did: the second run fails at the first statement that is done already.",
    fix: "Run it in a transaction, or say IF [NOT] EXISTS.",
    answers: &["squawk:prefer-robust-stmts"],
};

/// Looks at one statement.
pub(super) fn check(step: &Step<'_>, found: &mut Found<'_>) {
    if step.session.open {
        return;
    }
    // What the script drops before, it can make again.
    let made_again = |name: &Name| step.session.absent.contains(&name.in_schema(step.world.schema()));
    let (object, what) = match step.stmt {
        Stmt::CreateTable(table) if !table.if_not_exists && !table.temporary && !made_again(&table.name) => {
            (table.name.name.clone(), "CREATE TABLE")
        }
        Stmt::Drop { if_exists: false, names, .. } => (names.first().map(|name| name.name.clone()).unwrap_or_default(), "DROP"),
        Stmt::AlterTable { actions, name, .. }
            if actions.iter().any(|action| matches!(action, Action::AddColumn { if_not_exists: false, .. })) =>
        {
            (name.name.clone(), "ADD COLUMN")
        }
        _ => return,
    };
    let message = format!("{what} on {object} fails when the script is run a second time");
    found.note(step, &RULE, Severity::Info, Finding { object, change: what.to_owned(), message, ..Finding::default() });
}
