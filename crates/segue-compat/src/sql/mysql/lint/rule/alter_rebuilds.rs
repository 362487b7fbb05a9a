//! ALTER TABLE writes the table anew.
//!
//! # What it checks
//! Actions that the server performs online, but by writing the whole table again.
//!
//! # Why it breaks
//! Readers and writers go on, but the disk needs the table's size again, the log of writes has a limit, and replicas fall
//! behind.
//!
//! # Safe path
//! Do it in a quiet hour with `LOCK=NONE` written down, and watch the replicas.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders MODIFY note varchar(20) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
//! ```

use segue_model::finding::Severity;

use super::super::Found;
use super::super::online::{Way, way};
use crate::rule::Rule;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-alter-rebuilds",
    title: "ALTER TABLE writes the table anew",
    why: "Readers and writers go on, but the disk needs the table's size again, the log of writes has a limit, and replicas fall behind.",
    fix: "Do it in a quiet hour with `LOCK=NONE` written down, and watch the replicas.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Alter(table, actions) = &seen.event else { return };
    if !seen.is_there(table) || way(seen, table, actions, found.server()) != Way::Rebuild {
        return;
    }
    let severity = if seen.is_small(table) { Severity::Info } else { Severity::Medium };
    let message = format!("this ALTER writes table {table} anew; readers and writers go on");
    found.add(&RULE, &[], table.clone(), "rebuild", message).severity = severity;
    found.does(seen, table, "SHARED_UPGRADABLE", true, true);
}
