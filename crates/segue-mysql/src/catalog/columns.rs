//! Columns: type with sign and length, default, generation, collation; what has no field of its own is a line among
//! the table's options (`` column `a`: on update current_timestamp() ``).
//!
//! MariaDB gives a default as an expression, MySQL as a bare value with a mark where it is an expression: both come
//! out as SQL here. Tests: below, and `tests/it/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::{EngineError, quote};
use segue_model::catalog::{Column, Table};

use super::ByTable;
use crate::row::Fields;
use crate::session::{Flavour, Session};

const COLUMNS: &str = "
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION, COLLATION_NAME,
    COLUMN_COMMENT, DATA_TYPE, ORDINAL_POSITION
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?";

/// A column with its lines of options.
type Read = (Column, Vec<String>);

/// The columns of each table, in its order.
pub(super) async fn read(session: &mut Session, tables: &BTreeMap<String, Table>) -> Result<ByTable<Read>, EngineError> {
    let (database, flavour) = (session.database.clone(), session.flavour);
    let mut placed: ByTable<(u64, Read)> = ByTable::new();
    for row in session.rows(COLUMNS, (database,)).await? {
        let table = row.text(0);
        let Some(own) = tables.get(&table) else { continue };
        placed.entry(table).or_default().push((row.number(10).unwrap_or_default(), column(&row, flavour, &own.options)));
    }
    let order = |mut list: Vec<(u64, Read)>| {
        list.sort_by_key(|(at, _)| *at);
        list.into_iter().map(|(_, read)| read).collect()
    };
    Ok(placed.into_iter().map(|(table, list)| (table, order(list))).collect())
}

fn column(row: &Fields, flavour: Flavour, table_options: &[String]) -> Read {
    let name = row.text(1);
    let extra = row.text(5).to_lowercase();
    let generated = row.optional(6).filter(|expression| !expression.is_empty());
    let mut options = Vec::new();
    let mut say = |what: &str| options.push(format!("column {}: {what}", quote::backtick(&name)));
    if let Some((_, what)) = extra.split_once("on update ") {
        say(&format!("on update {what}"));
    }
    for mark in ["virtual generated", "stored generated", "persistent generated", "invisible", "without system versioning"] {
        if extra.contains(mark) {
            say(mark);
        }
    }
    let is_default = |collation: &str| table_options.iter().any(|option| option.strip_prefix("collation=") == Some(collation));
    let column = Column {
        data_type: row.text(2),
        nullable: row.yes(3),
        default: if generated.is_some() { None } else { default(row.optional(4), flavour, &extra, &row.text(9)) },
        generated,
        identity: extra.contains("auto_increment").then(|| "auto_increment".to_owned()),
        collation: row.optional(7).filter(|collation| !is_default(collation)),
        comment: row.optional(8).filter(|comment| !comment.is_empty()),
        grants: Vec::new(),
        name,
    };
    (column, options)
}

/// A default as SQL.
fn default(said: Option<String>, flavour: Flavour, extra: &str, data_type: &str) -> Option<String> {
    let said = said?;
    if flavour == Flavour::MariaDb {
        return (said != "NULL").then_some(said);
    }
    let number = matches!(
        data_type.to_lowercase().as_str(),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double" | "year" | "bit"
    );
    let now = said.to_lowercase().starts_with("current_timestamp") && matches!(data_type, "datetime" | "timestamp");
    if number || now {
        Some(said)
    } else if extra.contains("default_generated") {
        Some(format!("({said})"))
    } else {
        Some(quote::backslash_text(&said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_flavours_give_one_default() {
        let maria = |said: &str| default(Some(said.to_owned()), Flavour::MariaDb, "", "varchar");
        assert_eq!(maria("'it''s'").as_deref(), Some("'it''s'"));
        assert_eq!(maria("NULL"), None);
        let mysql = |said: &str, extra: &str, kind: &str| default(Some(said.to_owned()), Flavour::MySql, extra, kind);
        assert_eq!(mysql("it's", "", "varchar").as_deref(), Some("'it''s'"));
        assert_eq!(mysql("NULL", "", "varchar").as_deref(), Some("'NULL'"), "the text of four letters");
        assert_eq!(mysql("4.99", "", "decimal").as_deref(), Some("4.99"));
        assert_eq!(mysql("b'1'", "", "bit").as_deref(), Some("b'1'"));
        assert_eq!(mysql("uuid()", "default_generated", "char").as_deref(), Some("(uuid())"));
        assert_eq!(mysql("CURRENT_TIMESTAMP(6)", "default_generated", "datetime").as_deref(), Some("CURRENT_TIMESTAMP(6)"));
        assert_eq!(default(None, Flavour::MySql, "", "int"), None);
    }
}
