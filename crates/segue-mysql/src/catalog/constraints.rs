//! Constraints: keys, foreign keys with their actions, checks.
//!
//! A check that is not enforced (MySQL) counts as not validated. Tests: `tests/it/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::{EngineError, quote};
use segue_model::catalog::{Constraint, ConstraintKind, Reference, Table};
use segue_model::ident::TableName;

use super::{ByTable, names};
use crate::session::{Flavour, Session};

const COLUMNS_OF_KEYS: &str = "
SELECT TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IS NOT NULL";

const ACTIONS: &str = "
SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = ?";

const FROM_ELSEWHERE: &str = "
SELECT REFERENCED_TABLE_NAME, TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = ? AND TABLE_SCHEMA <> ?";

/// In MariaDB a check knows its table.
const CHECKS_OF_MARIADB: &str = "
SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES' FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?";

const CHECKS_OF_MYSQL: &str = "
SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED
FROM information_schema.CHECK_CONSTRAINTS c
JOIN information_schema.TABLE_CONSTRAINTS t
  ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
WHERE c.CONSTRAINT_SCHEMA = ?";

/// A foreign key with the columns that it refers to.
#[derive(Debug, Clone)]
pub(super) struct ForeignKey {
    pub(super) constraint: Constraint,
    referenced: Vec<String>,
}

/// A column and the one that it refers to, by their place in the key.
type Pairs = BTreeMap<u64, (String, String)>;

/// The foreign keys of each table.
pub(super) async fn foreign_keys(session: &mut Session) -> Result<ByTable<ForeignKey>, EngineError> {
    let database = session.database.clone();
    let mut actions = BTreeMap::new();
    for row in session.rows(ACTIONS, (database.clone(),)).await? {
        actions.insert((row.text(0), row.text(1)), (row.text(2), row.text(3)));
    }
    let mut found: BTreeMap<(String, String), (TableName, Pairs)> = BTreeMap::new();
    for row in session.rows(COLUMNS_OF_KEYS, (database.clone(),)).await? {
        let schema = row.text(4);
        let schema = if schema == database { String::new() } else { schema };
        let key = found.entry((row.text(0), row.text(1))).or_insert_with(|| (TableName::new(schema, row.text(5)), Pairs::new()));
        key.1.insert(row.number(2).unwrap_or_default(), (row.text(3), row.text(6)));
    }
    let mut out = ByTable::new();
    for ((table, name), (target, columns)) in found {
        let (columns, referenced): (Vec<_>, Vec<_>) = columns.into_values().unzip();
        let (delete, update) = actions.get(&(table.clone(), name.clone())).cloned().unwrap_or_default();
        let definition = format!(
            "FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {delete} ON UPDATE {update}",
            names(&columns),
            quote::backtick_table(&target),
            names(&referenced)
        );
        let kind = ConstraintKind::ForeignKey;
        let constraint = Constraint { name, kind, definition, columns, validated: true, references: Some(target) };
        out.entry(table).or_insert_with(Vec::new).push(ForeignKey { constraint, referenced });
    }
    Ok(out)
}

/// Who refers to each table: the keys of this database, and those of others.
pub(super) async fn referenced_by(session: &mut Session, keys: &ByTable<ForeignKey>) -> Result<ByTable<Reference>, EngineError> {
    let database = session.database.clone();
    let mut out: ByTable<Reference> = ByTable::new();
    for (table, list) in keys {
        for key in list {
            let Some(target) = key.constraint.references.as_ref().filter(|target| target.schema.is_empty()) else { continue };
            let constraint = key.constraint.name.clone();
            let reference = Reference { table: TableName::bare(table), constraint, columns: key.referenced.clone() };
            out.entry(target.name.clone()).or_default().push(reference);
        }
    }
    let mut elsewhere: BTreeMap<(String, TableName, String), BTreeMap<u64, String>> = BTreeMap::new();
    for row in session.rows(FROM_ELSEWHERE, (database.clone(), database)).await? {
        let key = (row.text(0), TableName::new(row.text(1), row.text(2)), row.text(3));
        elsewhere.entry(key).or_default().insert(row.number(4).unwrap_or_default(), row.text(5));
    }
    for ((target, table, constraint), columns) in elsewhere {
        let columns = columns.into_values().collect();
        out.entry(target).or_default().push(Reference { table, constraint, columns });
    }
    Ok(out)
}

/// The checks of each table.
pub(super) async fn checks(session: &mut Session) -> Result<ByTable<Constraint>, EngineError> {
    if !session.is(Flavour::MySql, 8, 0, 16) && session.flavour == Flavour::MySql {
        // It read checks and dropped them.
        return Ok(ByTable::new());
    }
    let database = session.database.clone();
    let sql = if session.flavour == Flavour::MariaDb { CHECKS_OF_MARIADB } else { CHECKS_OF_MYSQL };
    let mut out = ByTable::new();
    for row in session.rows(sql, (database,)).await? {
        let constraint = Constraint {
            name: row.text(1),
            kind: ConstraintKind::Check,
            definition: format!("CHECK ({})", row.text(2)),
            columns: Vec::new(),
            validated: row.yes(3),
            references: None,
        };
        out.entry(row.text(0)).or_insert_with(Vec::new).push(constraint);
    }
    Ok(out)
}

/// The primary and unique keys, which are the table's unique indexes.
pub(super) fn of_keys(table: &mut Table) {
    for index in table.indexes.iter().filter(|index| index.unique) {
        let kind = if index.primary { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique };
        table.constraints.push(Constraint {
            name: index.name.clone(),
            kind,
            definition: index.definition.clone(),
            columns: index.columns.clone(),
            validated: true,
            references: None,
        });
    }
}
