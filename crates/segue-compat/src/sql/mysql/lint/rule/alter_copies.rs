//! ALTER TABLE copies the table while writers wait.
//!
//! # What it checks
//! Actions that the server performs by copying every row, or by a build that lets nobody write, on a table that was
//! there.
//!
//! # Why it breaks
//! Every INSERT, UPDATE and DELETE waits until the copy is done, and a replica does it once more.
//!
//! # Safe path
//! Change the definition in a way that is instant, or let `gh-ost` or `pt-online-schema-change` build the table beside the old one.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders MODIFY total bigint;
//! ```

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::super::Found;
use super::super::online::{Server, Way, way};
use crate::rule::Rule;
use crate::sql::ddl::script::{Event, Seen};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-alter-copies",
    title: "ALTER TABLE copies the table while writers wait",
    why: "Every INSERT, UPDATE and DELETE waits until the copy is done, and a replica does it once more.",
    fix: "Change the definition in a way that is instant, or let `gh-ost` or `pt-online-schema-change` build the table beside the old one.",
    answers: &["strong_migrations:change_column"],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Alter(table, actions) = &seen.event else { return };
    let how = way(seen, table, actions, Server(found.version()));
    if !seen.is_there(table) || how < Way::RebuildBlocking {
        return;
    }
    let small = seen.is_small(table);
    let rows = seen.rows(table).map_or_else(String::new, |rows| format!(" of about {rows} rows"));
    let word = if how == Way::Copy { "copies" } else { "builds anew" };
    let message = format!("this ALTER {word} table {table}{rows} while writers wait");
    let draft = found.add(&RULE, &[Breaks::Deploy, Breaks::Rolling], table.clone(), format!("{how:?}"), message);
    if small {
        draft.severity = Severity::Low;
    }
    found.does(seen, table, "SHARED_NO_WRITE", true, true);
}
