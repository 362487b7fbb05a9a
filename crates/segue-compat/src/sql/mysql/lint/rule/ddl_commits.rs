//! DDL ends the transaction that is open.
//!
//! # What it checks
//! A statement that changes a definition between BEGIN and COMMIT.
//!
//! # Why it breaks
//! MySQL and MariaDB commit before and after it: what was written until then cannot be rolled back, and the rest runs
//! without a transaction.
//!
//! # Safe path
//! Write definitions outside transactions, each repeatable by itself, and rows in transactions of their own.
//!
//! # Example
//! ```sql
//! BEGIN;
//! UPDATE t SET a = 1 WHERE id < 100;
//! ALTER TABLE t ADD b int;
//! COMMIT;
//! ```

use segue_model::check::Breaks;

use super::super::Found;
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::ddl::script::{Event, Seen};
use crate::sql::ddl::sequence::outside;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-ddl-commits",
    title: "DDL ends the transaction that is open",
    why: "MySQL and MariaDB commit before and after it: what was written until then cannot be rolled back, and the rest runs without a transaction.",
    fix: "Write definitions outside transactions, each repeatable by itself, and rows in transactions of their own.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let table = match &seen.event {
        Event::Alter(table, _) | Event::Truncate(table) | Event::Trigger(table, _) | Event::Create(table) => table.clone(),
        Event::CreateTable(made) => made.name.clone(),
        Event::DropTable(names) | Event::Drop(_, names) => names.join(", "),
        Event::RenameTable(pairs) => pairs.iter().map(|(from, _)| from.as_str()).collect::<Vec<_>>().join(", "),
        _ => return,
    };
    if seen.before.in_transaction {
        let what = if seen.before.wrote { "commits what was written before it" } else { "commits" };
        let message = format!("this statement on {table} {what}: the transaction that was begun is over");
        found.add(&RULE, &[Breaks::Deploy], table.clone(), "implicit commit", message);
        found.does(seen, &table, "EXCLUSIVE", false, false);
        found.instead(outside(seen.text, Dialect::Mysql));
    }
}
