//! A table as its server describes it: columns with their classes, the key, how large it is.
//!
//! `information_schema` compares names without case; what is asked for by its own name is found by its own name. It
//! must never call columns a key that let two rows be the same (NULL, a prefix, an expression). Tests:
//! `tests/it/edge_values.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::rows::{ColumnRows, TableRows};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;

use super::native::{Declared, Native, native};
use crate::row::Fields;
use crate::session::{Flavour, Session};

/// Our own tables begin with this.
pub(crate) const PREFIX: &str = "segue_";

const TABLES: &str = "
SELECT TABLE_NAME FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

const NO_MOMENT: &str = "
SELECT t.TABLE_NAME, t.ENGINE FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
WHERE t.TABLE_SCHEMA = ? AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND coalesce(e.TRANSACTIONS, 'NO') <> 'YES'";

const NAMES: &str = "
SELECT TABLE_NAME, coalesce(ENGINE, ''), TABLE_TYPE, TABLE_ROWS, DATA_LENGTH, @@lower_case_table_names FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

const COLUMNS: &str = "
SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, coalesce(GENERATION_EXPRESSION, ''), EXTRA, CHARACTER_SET_NAME, COLLATION_NAME,
    TABLE_NAME, ORDINAL_POSITION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

const UNIQUE: &str = "
SELECT INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, NULLABLE, TABLE_NAME FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0";

const CHECKS: &str = "
SELECT CHECK_CLAUSE, TABLE_NAME FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?";

/// A table with what its reader must know of it.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) rows: TableRows,
    pub(crate) natives: BTreeMap<String, Native>,
}

impl Described {
    /// A column by its name.
    pub(crate) fn column(&self, name: &str) -> Option<(&ColumnRows, &Native)> {
        let column = self.rows.columns.iter().find(|column| column.name == name)?;
        Some((column, self.natives.get(name)?))
    }
}

/// The users' tables of the URL's database, sorted.
pub(super) async fn tables(session: &mut Session) -> Result<Vec<TableName>, EngineError> {
    let database = session.database.clone();
    let names: BTreeSet<String> = session.rows(TABLES, (database,)).await?.iter().map(|row| row.text(0)).collect();
    Ok(names.into_iter().filter(|name| !name.starts_with(PREFIX)).map(TableName::bare).collect())
}

/// A sentence about tables whose rows may change while they are read.
pub(super) async fn without_snapshot(session: &mut Session) -> Result<Option<String>, EngineError> {
    let database = session.database.clone();
    let rows = session.rows(NO_MOMENT, (database,)).await?;
    let mut names: Vec<String> = rows.iter().map(|row| format!("{} ({})", row.text(0), row.text(1))).collect();
    names.sort();
    if names.is_empty() {
        return Ok(None);
    }
    let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    names.truncate(5);
    Ok(Some(format!("tables without transactions have no moment, and may change while they are read: {}{more}", names.join(", "))))
}

/// A table or a view. Fails with `SG-MY-013` when it is not there, or the account may not see it.
pub(super) async fn describe(session: &mut Session, table: &TableName) -> Result<Described, EngineError> {
    let schema = if table.schema.is_empty() { session.database.clone() } else { table.schema.clone() };
    let found = session.rows(NAMES, (schema.clone(), table.name.clone())).await?;
    let missing = || EngineError::new("SG-MY-013", ErrorKind::Object, format!("there is no table {table} that the account may see"));
    let exact = found.iter().find(|row| row.text(0) == table.name);
    let own = exact.or_else(|| found.first().filter(|row| row.text(5) != "0")).ok_or_else(missing)?;
    let name = own.text(0);
    let json = json_columns(session, &schema, &name).await?;
    let mut natives = BTreeMap::new();
    let mut columns = Vec::new();
    for row in session.rows(COLUMNS, (schema.clone(), name.clone())).await? {
        if row.text(8) != name {
            continue;
        }
        let (column, native) = column(&row, &json);
        natives.insert(column.name.clone(), native);
        columns.push((row.number(9).unwrap_or_default(), column));
    }
    columns.sort_by_key(|(at, _)| *at);
    let columns: Vec<ColumnRows> = columns.into_iter().map(|(_, column)| column).collect();
    let keys = unique(session, &schema, &name).await?;
    let primary = keys.get("PRIMARY").cloned();
    let base = own.text(2) != "VIEW" && own.text(2) != "SYSTEM VIEW";
    let key = primary.clone().or_else(|| best(&keys));
    let clustered = base && own.text(1) == "InnoDB" && key.is_some() && key == primary;
    let resolved = if schema == session.database { TableName::bare(name) } else { TableName::new(schema, name) };
    let (rows, bytes) = (own.number(3).unwrap_or_default(), own.number(4).unwrap_or_default());
    let rows = TableRows { table: resolved, columns, key, rows, bytes, ranges_are_cheap: clustered };
    Ok(Described { rows, natives })
}

fn column(row: &Fields, json: &BTreeSet<String>) -> (ColumnRows, Native) {
    let (name, column_type, data_type) = (row.text(0), row.text(1), row.text(2).to_lowercase());
    let declared = Declared {
        data_type: &data_type,
        column_type: &column_type.to_lowercase(),
        charset: row.optional(6),
        collation: row.optional(7),
        json: json.contains(&name),
    };
    let native = native(&declared);
    let extra = row.text(5).to_uppercase();
    // `DEFAULT_GENERATED` is MySQL's word for a default that is an expression.
    let generated =
        !row.text(4).is_empty() || ["VIRTUAL GENERATED", "STORED GENERATED", "PERSISTENT"].iter().any(|mark| extra.contains(mark));
    let (class, unreadable) = (native.class.clone(), native.unreadable.clone());
    (ColumnRows { name, data_type: column_type, class, nullable: row.yes(3), generated, unreadable }, native)
}

/// Columns of MariaDB that a check of their own says to be JSON: that is what its `json` is.
async fn json_columns(session: &mut Session, schema: &str, table: &str) -> Result<BTreeSet<String>, EngineError> {
    let mut out = BTreeSet::new();
    if session.flavour != Flavour::MariaDb {
        return Ok(out);
    }
    for row in session.rows(CHECKS, (schema, table)).await? {
        if row.text(1) == table {
            out.extend(json_column(&row.text(0)));
        }
    }
    Ok(out)
}

/// ``json_valid(`a`)``, the whole of a check.
fn json_column(clause: &str) -> Option<String> {
    let name = clause.trim().strip_prefix("json_valid(`")?.strip_suffix("`)")?;
    // A backtick within a name is doubled; a single one ends it, and more than one column follows.
    (!name.replace("``", "").contains('`')).then(|| name.replace("``", "`"))
}

/// The unique indexes over whole columns that are not null, by name.
async fn unique(session: &mut Session, schema: &str, table: &str) -> Result<BTreeMap<String, Vec<String>>, EngineError> {
    let mut parts: BTreeMap<String, BTreeMap<u64, Option<String>>> = BTreeMap::new();
    for row in session.rows(UNIQUE, (schema, table)).await? {
        if row.text(5) != table {
            continue;
        }
        let whole = row.optional(3).is_none() && row.text(4) != "YES";
        let column = row.optional(2).filter(|_| whole);
        parts.entry(row.text(0)).or_default().insert(row.number(1).unwrap_or_default(), column);
    }
    let whole = |(name, columns): (String, BTreeMap<u64, Option<String>>)| {
        let columns: Option<Vec<String>> = columns.into_values().collect();
        columns.map(|columns| (name, columns))
    };
    Ok(parts.into_iter().filter_map(whole).collect())
}

/// The one with the fewest columns, then the first by name.
fn best(keys: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
    keys.iter().min_by_key(|(name, columns)| (columns.len(), (*name).clone())).map(|(_, columns)| columns.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_of_a_json_column_is_known() {
        assert_eq!(json_column("json_valid(`a`)").as_deref(), Some("a"));
        assert_eq!(json_column("json_valid(`a``b`)").as_deref(), Some("a`b"));
        assert_eq!(json_column("json_valid(`a`) or json_valid(`b`)"), None);
        assert_eq!(json_column("json_valid(`a`) and `b` > 0"), None);
        assert_eq!(json_column("`a` > 0"), None);
    }

    #[test]
    fn the_shortest_key_is_taken() {
        let key = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>();
        let keys = BTreeMap::from([("a".to_owned(), key(&["x", "y"])), ("b".to_owned(), key(&["z"])), ("c".to_owned(), key(&["w"]))]);
        assert_eq!(best(&keys), Some(key(&["z"])));
        assert_eq!(best(&BTreeMap::new()), None);
    }
}
