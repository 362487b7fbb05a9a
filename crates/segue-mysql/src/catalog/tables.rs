//! The tables themselves: storage engine, collation, comment, options.
//!
//! The next automatic number is not here: it changes from moment to moment. Tests: `tests/it/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::EngineError;
use segue_model::catalog::{Table, TableKind};
use segue_model::ident::TableName;

use crate::session::Session;

const TABLES: &str = "
SELECT TABLE_NAME, TABLE_TYPE, ENGINE, ROW_FORMAT, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

/// The tables by name, without what hangs on them.
pub(super) async fn read(session: &mut Session) -> Result<BTreeMap<String, Table>, EngineError> {
    let database = session.database.clone();
    let mut out = BTreeMap::new();
    for row in session.rows(TABLES, (database,)).await? {
        let mut options = Vec::new();
        for (what, value) in [("engine", row.optional(2)), ("row_format", row.optional(3)), ("collation", row.optional(4))] {
            options.extend(value.filter(|value| !value.is_empty()).map(|value| format!("{what}={value}")));
        }
        options.extend(row.optional(5).filter(|options| !options.is_empty()).map(|options| format!("options: {options}")));
        if row.text(1) == "SYSTEM VERSIONED" {
            options.push("system versioned".to_owned());
        }
        let name = row.text(0);
        out.insert(name.clone(), empty(&name, options, row.optional(6).filter(|comment| !comment.is_empty())));
    }
    Ok(out)
}

fn empty(name: &str, options: Vec<String>, comment: Option<String>) -> Table {
    let foreign = ["engine=CONNECT", "engine=FEDERATED", "engine=SPIDER", "engine=CSV"];
    let kind = if options.iter().any(|option| foreign.contains(&option.as_str())) { TableKind::Foreign } else { TableKind::Ordinary };
    Table { options, comment, ..Table::new(TableName::bare(name), kind) }
}
