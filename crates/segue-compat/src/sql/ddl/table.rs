//! A table while its statements are read, and what the catalog says of it at the end.
//!
//! The texts are those that the engines' own catalogs have, so that a file compares with a live database.
//! Tests: `tests/it/sql/reading.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::catalog::{Constraint, ConstraintKind, Index, Named, Table, TableKind};
use segue_model::ident::TableName;

use super::super::Dialect;
use super::column::Read;
use super::key::{Key, KeyKind, Part};
use crate::source::Span;

/// A table while it is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Building {
    pub(crate) name: TableNameOr,
    pub(crate) columns: Vec<Read>,
    pub(crate) keys: Vec<Key>,
    pub(crate) options: BTreeMap<String, String>,
    pub(crate) partition: Option<String>,
    pub(crate) partitions: Vec<String>,
    pub(crate) triggers: Vec<Named>,
    pub(crate) is_virtual: bool,
    pub(crate) span: Span,
    pub(crate) spans: BTreeMap<String, Span>,
}

/// A name with a default, for the table's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableNameOr(pub(crate) TableName);

impl Default for TableNameOr {
    fn default() -> Self {
        Self(TableName::bare(""))
    }
}

fn tick(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn ticks(names: &[String]) -> String {
    names.iter().map(|name| tick(name)).collect::<Vec<_>>().join(", ")
}

/// The collation that a charset has where none is said; not for those whose default moved between versions.
fn collation_of(charset: &str) -> Option<&'static str> {
    Some(match charset {
        "latin1" => "latin1_swedish_ci",
        "ascii" => "ascii_general_ci",
        "utf8" | "utf8mb3" => "utf8mb3_general_ci",
        "binary" => "binary",
        "ucs2" => "ucs2_general_ci",
        _ => return None,
    })
}

impl Building {
    pub(crate) fn column(&mut self, name: &str) -> Option<&mut Read> {
        self.columns.iter_mut().find(|read| read.column.name.eq_ignore_ascii_case(name))
    }

    /// The collation that columns without one have; `charset=x` where only that is known.
    fn collation(&self) -> Option<String> {
        let charset = self.options.get("charset").map(|name| name.to_lowercase());
        let said = self.options.get("collate").map(|name| name.to_lowercase().replace("utf8_", "utf8mb3_"));
        said.or_else(|| charset.as_deref().and_then(collation_of).map(str::to_owned))
            .or_else(|| charset.map(|name| format!("charset {name}")))
    }

    /// What the catalog says of it.
    pub(crate) fn settle(mut self, dialect: Dialect) -> Table {
        let mut table = Table::new(std::mem::take(&mut self.name).0, TableKind::Ordinary);
        let mysql = dialect == Dialect::Mysql;
        let default_collation = self.collation();
        self.implied(dialect);
        for read in std::mem::take(&mut self.columns) {
            let mut column = read.column;
            let own = column.collation.take().map(|name| if mysql { name.to_lowercase().replace("utf8_", "utf8mb3_") } else { name });
            let own = own
                .or_else(|| read.charset.as_deref().map(|set| collation_of(set).map_or_else(|| format!("charset {set}"), str::to_owned)));
            column.collation =
                own.filter(|name| if mysql { default_collation.as_deref() != Some(name) } else { !name.eq_ignore_ascii_case("binary") });
            if mysql {
                for mark in &read.marks {
                    table.options.push(format!("column {}: {mark}", tick(&column.name)));
                }
            }
            table.columns.push(column);
        }
        self.settle_keys(&mut table, dialect);
        self.settle_options(&mut table, default_collation.as_deref(), dialect);
        table.triggers = self.triggers;
        table.triggers.sort_by(|a, b| a.name.cmp(&b.name));
        if self.is_virtual {
            table.kind = TableKind::Foreign;
        }
        if let Some(key) = self.partition {
            table.kind = TableKind::Partitioned;
            table.partition_key = Some(key);
            table.options.extend(self.partitions);
        }
        table.options.sort();
        table
    }

    /// What keys say of columns: a primary key is not null; one INTEGER PRIMARY KEY is SQLite's rowid.
    fn implied(&mut self, dialect: Dialect) {
        let primary: Vec<String> = self.keys.iter().find(|key| key.kind == KeyKind::Primary).map(Key::columns).unwrap_or_default();
        let without_rowid = self.options.contains_key("without_rowid");
        let alone = primary.len() == 1;
        let descending = self.keys.iter().any(|key| key.kind == KeyKind::Primary && key.parts.iter().any(|part| part.descending));
        for read in &mut self.columns {
            if !primary.iter().any(|name| name.eq_ignore_ascii_case(&read.column.name)) {
                continue;
            }
            if dialect == Dialect::Mysql || without_rowid {
                read.column.nullable = false;
            } else if alone && !descending && read.column.data_type.eq_ignore_ascii_case("integer") {
                read.column.identity = Some("rowid".to_owned());
                read.column.nullable = false;
            }
        }
    }

    fn settle_keys(&mut self, table: &mut Table, dialect: Dialect) {
        let mut names: BTreeSet<String> = self.keys.iter().map(|key| key.name.to_lowercase()).collect();
        let (mut auto, mut foreign, mut check) = (0_usize, 0_usize, 0_usize);
        for key in &mut self.keys {
            if key.name.is_empty() {
                key.name = match (dialect, key.kind) {
                    (Dialect::Mysql, KeyKind::Primary) => "PRIMARY".to_owned(),
                    (Dialect::Mysql, KeyKind::Foreign) => numbered(&mut foreign, &format!("{}_ibfk_", table.name.name), &names),
                    (Dialect::Mysql, KeyKind::Check) => numbered(&mut check, "CONSTRAINT_", &names),
                    (Dialect::Mysql, _) => unique_name(key.parts.first(), &names),
                    (_, KeyKind::Primary | KeyKind::Unique) if key.written_index().is_none() => {
                        auto += 1;
                        format!("sqlite_autoindex_{}_{auto}", table.name.name)
                    }
                    _ => String::new(),
                };
                names.insert(key.name.to_lowercase());
            }
            if dialect == Dialect::Mysql && key.kind == KeyKind::Primary {
                "PRIMARY".clone_into(&mut key.name);
            }
        }
        let rowid = table.columns.iter().any(|column| column.identity.as_deref() == Some("rowid"));
        for key in &self.keys {
            if dialect == Dialect::Mysql { mysql_key(key, table) } else { sqlite_key(key, rowid, table) }
        }
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.constraints.sort_by(|a, b| a.name.cmp(&b.name));
    }

    fn settle_options(&mut self, table: &mut Table, collation: Option<&str>, dialect: Dialect) {
        table.comment = self.options.remove("comment").filter(|text| !text.is_empty());
        if dialect != Dialect::Mysql {
            table.options.extend(self.options.keys().cloned());
            return;
        }
        if let Some(collation) = collation {
            table.options.push(format!("collation={collation}"));
        }
        for (name, value) in &self.options {
            match name.as_str() {
                // The first two stand in the collation; the last two may hold a password.
                "charset" | "collate" | "auto_increment" | "connection" | "password" => {}
                "engine" => table.options.push(format!("engine={value}")),
                "row_format" => table.options.push(format!("row_format={value}")),
                "system versioning" => table.options.push("system versioned".to_owned()),
                _ => table.options.push(format!("option {name}={value}")),
            }
        }
        let engine = self.options.get("engine").map(|engine| engine.to_lowercase());
        if engine.is_some_and(|engine| ["connect", "federated", "spider", "csv"].contains(&engine.as_str())) {
            table.kind = TableKind::Foreign;
        }
    }
}

impl Key {
    /// The text of `CREATE INDEX`, where it came from one.
    fn written_index(&self) -> Option<&str> {
        self.written.get(..6).filter(|word| word.eq_ignore_ascii_case("create")).map(|_| self.written.as_str())
    }
}

fn numbered(count: &mut usize, stem: &str, taken: &BTreeSet<String>) -> String {
    loop {
        *count += 1;
        let name = format!("{stem}{count}");
        if !taken.contains(&name.to_lowercase()) {
            return name;
        }
    }
}

/// MySQL names a key after its first column, with `_2` and so on where that is taken.
fn unique_name(first: Option<&Part>, taken: &BTreeSet<String>) -> String {
    let stem = first.map(|part| part.column.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| "functional_index".to_owned());
    if !taken.contains(&stem.to_lowercase()) {
        return stem;
    }
    let mut count = 1;
    numbered(&mut count, &format!("{stem}_"), taken)
}

fn mysql_key(key: &Key, table: &mut Table) {
    let columns = key.columns();
    if let Some(refers) = &key.refers {
        let action = |text: &String| if text.is_empty() { "RESTRICT".to_owned() } else { text.clone() };
        let definition = format!(
            "FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE {} ON UPDATE {}",
            ticks(&columns),
            tick(&refers.table.name),
            ticks(&refers.columns),
            action(&refers.on_delete),
            action(&refers.on_update)
        );
        table.constraints.push(constraint(key, ConstraintKind::ForeignKey, definition, columns, Some(refers.table.clone())));
        return;
    }
    if key.kind == KeyKind::Check {
        let mut check = constraint(key, ConstraintKind::Check, format!("CHECK ({})", key.check), Vec::new(), None);
        check.validated = !key.unenforced;
        table.constraints.push(check);
        return;
    }
    let (unique, primary) = (matches!(key.kind, KeyKind::Unique | KeyKind::Primary), key.kind == KeyKind::Primary);
    let word = match key.kind {
        KeyKind::Primary => "PRIMARY KEY".to_owned(),
        KeyKind::Unique => format!("UNIQUE KEY {}", tick(&key.name)),
        KeyKind::Fulltext => format!("FULLTEXT KEY {}", tick(&key.name)),
        KeyKind::Spatial => format!("SPATIAL KEY {}", tick(&key.name)),
        _ => format!("KEY {}", tick(&key.name)),
    };
    let whole = !matches!(key.kind, KeyKind::Fulltext | KeyKind::Spatial);
    let parts: Vec<String> = key.parts.iter().map(|part| part_text(part, whole)).collect();
    let mut definition = format!("{word} ({})", parts.join(", "));
    if key.hash {
        definition.push_str(" USING HASH");
    }
    if key.hidden {
        definition.push_str(" INVISIBLE");
    }
    let partial = !whole || key.parts.iter().any(|part| part.prefix.is_some() || part.column.is_empty());
    if unique {
        let kind = if primary { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique };
        table.constraints.push(constraint(key, kind, definition.clone(), columns.clone(), None));
    }
    table.indexes.push(Index {
        name: key.name.clone(),
        definition,
        columns,
        unique,
        primary,
        valid: !key.hidden,
        constraint: unique.then(|| key.name.clone()),
        partial_or_expression: partial,
    });
}

fn part_text(part: &Part, whole: bool) -> String {
    let mut text = if part.column.is_empty() { format!("({})", part.expression) } else { tick(&part.column) };
    if let Some(prefix) = part.prefix.as_ref().filter(|_| whole) {
        text.push_str(&format!("({prefix})"));
    }
    if part.descending {
        text.push_str(" DESC");
    }
    text
}

fn constraint(key: &Key, kind: ConstraintKind, definition: String, columns: Vec<String>, references: Option<TableName>) -> Constraint {
    Constraint { name: key.name.clone(), kind, definition, columns, validated: true, references }
}

fn sqlite_key(key: &Key, rowid: bool, table: &mut Table) {
    let columns = key.columns();
    let (unique, primary) = (matches!(key.kind, KeyKind::Unique | KeyKind::Primary), key.kind == KeyKind::Primary);
    let written = key.written_index();
    if written.is_none() {
        let kind = match key.kind {
            KeyKind::Primary => ConstraintKind::PrimaryKey,
            KeyKind::Unique => ConstraintKind::Unique,
            KeyKind::Foreign => ConstraintKind::ForeignKey,
            _ => ConstraintKind::Check,
        };
        let own = if key.name.starts_with("sqlite_autoindex_") { String::new() } else { key.name.clone() };
        let columns = if kind == ConstraintKind::Check { Vec::new() } else { columns.clone() };
        let mut found = constraint(key, kind, key.written.clone(), columns, key.refers.as_ref().map(|refers| refers.table.clone()));
        found.name = own;
        table.constraints.push(found);
    }
    if (written.is_none() && !unique) || (primary && rowid) {
        return;
    }
    let partial = written.is_some_and(|text| super::super::scan::normal(text, Dialect::Sqlite).contains(" where "));
    table.indexes.push(Index {
        name: key.name.clone(),
        definition: written.map_or_else(|| format!("UNIQUE ({})", columns.join(", ")), str::to_owned),
        unique,
        primary,
        valid: true,
        constraint: written.is_none().then(String::new),
        partial_or_expression: partial || key.parts.iter().any(|part| part.column.is_empty()),
        columns,
    });
}
