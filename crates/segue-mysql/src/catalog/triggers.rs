//! The users' triggers, with the text that would make them again.
//!
//! Segue's own are not among them. Tests: `tests/it/catalog.rs`.

use segue_engine::{EngineError, quote};
use segue_model::catalog::Named;

use super::ByTable;
use crate::session::Session;

const TRIGGERS: &str = "
SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT, DEFINER, SQL_MODE, ACTION_ORDER
FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ?";

/// The triggers of each table, by name.
pub(super) async fn read(session: &mut Session) -> Result<ByTable<Named>, EngineError> {
    let database = session.database.clone();
    let mut out: ByTable<Named> = ByTable::new();
    for row in session.rows(TRIGGERS, (database,)).await? {
        let (table, name) = (row.text(0), row.text(1));
        if name.starts_with("segue_") {
            continue;
        }
        let definition = format!(
            "CREATE DEFINER={} TRIGGER {} {} {} ON {} FOR EACH ROW {}",
            definer(&row.text(5)),
            quote::backtick(&name),
            row.text(2),
            row.text(3),
            quote::backtick(&table),
            row.text(4)
        );
        out.entry(table).or_default().push(Named { name, definition });
    }
    for list in out.values_mut() {
        list.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(out)
}

/// `` `app`@`%` `` of `app@%`: a host holds no `@`.
pub(super) fn definer(account: &str) -> String {
    let (user, host) = account.rsplit_once('@').unwrap_or((account, "%"));
    format!("{}@{}", quote::backtick(user), quote::backtick(host))
}
