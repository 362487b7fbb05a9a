//! Row-level security is on, or off.
//!
//! # What it checks
//! Row-level security of a table and its policies.
//!
//! # Why it breaks
//! Off, everybody who may read the table reads every row; on, rows vanish for those without a policy.
//!
//! # Safe path
//! Make the policies before security is switched on, and try them as each role. Never switch it off to mend something.
//!
//! # Example
//! ```sql
//! -- old
//! ALTER TABLE t ENABLE ROW LEVEL SECURITY;
//! -- new
//! ALTER TABLE t DISABLE ROW LEVEL SECURITY;
//! ```

use super::super::pair::{Pair, Sides};
use super::super::sink::{DEPLOY, ROLLBACK, Sink, table_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-row-security-changed",
    title: "Row-level security is on, or off",
    why: "Off, everybody who may read the table reads every row; on, rows vanish for those without a policy.",
    fix: "Make the policies before security is switched on, and try them as each role. Never switch it off to mend something.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(_sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    let table = &pair.new.name.name;
    match (pair.old.row_security, pair.new.row_security) {
        (true, false) => {
            let message = format!("row-level security of table {table} is off: every row is open to whoever may read the table");
            sink.add(&RULE, ROLLBACK, table_path(pair.new), "row security off", message).critical();
        }
        (false, true) => {
            let message = format!("row-level security of table {table} is on: rows without a policy vanish for the old version");
            sink.add(&RULE, DEPLOY, table_path(pair.new), "row security on", message);
        }
        _ => {}
    }
}
