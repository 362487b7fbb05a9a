//! Two catalogs, maybe of two engines: what a target has lost, has otherwise, or has not validated.
//!
//! Within one engine definitions are compared as the engine writes them; between two, by what they mean, and what has
//! no common meaning stands under *not compared*. Objects are matched by what they are about (an index by its columns),
//! never by names alone, because a name is the first thing that a conversion changes. A structure that was lost as
//! `CREATE TABLE … AS` loses it (trap T4) is named as that. Tests: `tests/it/checks/structure.rs`, and with real servers
//! `segue-sim/tests/it/checks/catalog.rs`.

mod default;
mod keys;
mod objects;
mod type_form;

use std::collections::BTreeMap;

use segue_model::catalog::{Catalog, Column, ConstraintKind, Table, TableKind};
use segue_model::ident::TableName;
use segue_model::verify::CheckReport;

use super::Draft;
use type_form::{Fit, fit};

/// A catalog and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// `postgres`, `mysql`, `mariadb`, `sqlite`.
    pub dialect: &'a str,
    /// The catalog.
    pub catalog: &'a Catalog,
    /// What of it could not be read: one sentence each.
    pub not_checked: &'a [String],
}

impl Side<'_> {
    fn family(&self) -> &str {
        if self.dialect == "mariadb" { "mysql" } else { self.dialect }
    }
}

/// Which tables and columns belong together.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Tables: at the source, at the target.
    pub tables: Vec<(TableName, TableName)>,
    /// Columns of a table of the source that have another name at the target.
    pub columns: BTreeMap<(TableName, String), String>,
    /// Columns of a table of the source that are not compared.
    pub ignored: Vec<(TableName, String)>,
}

impl Names {
    /// Tables of the same name, the schema left aside; case counts only where several would fit.
    pub fn matching(source: &Catalog, target: &Catalog) -> Self {
        let mut tables = Vec::new();
        for table in &source.tables {
            let named = |exact: bool| {
                let fits = |other: &&Table| {
                    if exact { other.name.name == table.name.name } else { other.name.name.eq_ignore_ascii_case(&table.name.name) }
                };
                let mut all = target.tables.iter().filter(fits);
                let first = all.next();
                if all.next().is_some() { None } else { first }
            };
            let same_schema = target.tables.iter().find(|other| other.name == table.name);
            if let Some(other) = same_schema.or_else(|| named(true)).or_else(|| named(false)) {
                tables.push((table.name.clone(), other.name.clone()));
            }
        }
        Self { tables, ..Self::default() }
    }

    fn column<'a>(&'a self, table: &TableName, column: &'a str) -> &'a str {
        self.columns.get(&(table.clone(), column.to_owned())).map_or(column, String::as_str)
    }

    fn table(&self, source: &TableName) -> Option<&TableName> {
        let exact = self.tables.iter().find(|(left, _)| left == source);
        let bare = || self.tables.iter().find(|(left, _)| left.name == source.name && (left.schema.is_empty() || source.schema.is_empty()));
        exact.or_else(bare).map(|(_, right)| right)
    }

    fn is_ignored(&self, table: &TableName, column: &str) -> bool {
        self.ignored.iter().any(|(of, name)| of == table && name == column)
    }
}

/// Two tables and everything that a comparison needs.
pub(crate) struct Pairing<'a> {
    source: &'a Table,
    target: &'a Table,
    names: &'a Names,
    /// Both are of one engine.
    same_engine: bool,
    sides: (Side<'a>, Side<'a>),
}

impl Pairing<'_> {
    /// `orders: `, or both names.
    fn place(&self) -> String {
        if self.source.name.name == self.target.name.name {
            self.source.name.name.clone()
        } else {
            format!("{} → {}", self.source.name.name, self.target.name.name)
        }
    }

    /// The name that a column of the source has at the target.
    fn mapped(&self, column: &str) -> String {
        self.names.column(&self.source.name, column).to_owned()
    }

    /// The column of the target by the source's name.
    fn partner(&self, column: &str) -> Option<&Column> {
        let name = self.mapped(column);
        self.target.column(&name).or_else(|| self.target.columns.iter().find(|other| other.name.eq_ignore_ascii_case(&name)))
    }

    /// Lists of columns name the same ones at the target.
    fn same_columns(&self, source: &[String], target: &[String]) -> bool {
        source.len() == target.len()
            && source.iter().zip(target).all(|(left, right)| plain(&self.mapped(left)).eq_ignore_ascii_case(&plain(right)))
    }
}

/// A column's name without quotation marks, an order or an operator class behind it.
fn plain(column: &str) -> String {
    column.trim().trim_matches(['"', '`', '[', ']']).to_owned()
}

/// Compares the catalogs of both sides.
pub fn check(names: &Names, source: Side<'_>, target: Side<'_>) -> CheckReport {
    let mut draft = Draft::new("catalog", "catalog");
    let same_engine = source.family() == target.family();
    for (word, side) in [("source", source), ("target", target)] {
        for sentence in side.not_checked {
            draft.gap(format!("{word}: {sentence}"));
        }
    }
    for table in &source.catalog.tables {
        if table.kind == TableKind::Partition && !names.tables.iter().any(|(left, _)| *left == table.name) {
            continue;
        }
        let partner = names.table(&table.name).and_then(|name| target.catalog.table(name));
        match partner {
            Some(partner) => {
                let pairing = Pairing { source: table, target: partner, names, same_engine, sides: (source, target) };
                tables(&pairing, &mut draft);
            }
            None => draft.differs(format!("missing table: {}", table.name)),
        }
    }
    for table in &target.catalog.tables {
        if table.kind != TableKind::Partition && !names.tables.iter().any(|(_, right)| *right == table.name) {
            draft.say(format!("note: the target has a table more: {}", table.name));
        }
    }
    objects::views(source, target, same_engine, &mut draft);
    if !same_engine {
        draft.gap("what two engines do not share: storage, partitions, comments, collations");
    }
    draft.finish()
}

fn tables(pairing: &Pairing<'_>, draft: &mut Draft) {
    let before = draft.failed.len();
    let place = pairing.place();
    columns(pairing, draft);
    keys::indexes(pairing, draft);
    keys::constraints(pairing, draft);
    objects::triggers(pairing, draft);
    if like_create_table_as(pairing) {
        draft.differs(format!(
            "{place}: keys, NOT NULL and defaults are all gone, as CREATE TABLE … AS loses them; make the table from its definition"
        ));
    }
    if pairing.same_engine && pairing.source.partition_key != pairing.target.partition_key {
        draft.differs(format!("{place}: other partition key"));
    }
    if draft.failed.len() == before {
        let (columns, indexes) = (pairing.source.columns.len(), pairing.source.indexes.len());
        draft.say(format!("{place}: {columns} columns, {indexes} indexes, {} constraints are there", pairing.source.constraints.len()));
    }
}

fn columns(pairing: &Pairing<'_>, draft: &mut Draft) {
    let place = pairing.place();
    for column in &pairing.source.columns {
        if pairing.names.is_ignored(&pairing.source.name, &column.name) {
            draft.gap(format!("{place}: column `{}` was left out", column.name));
            continue;
        }
        match pairing.partner(&column.name) {
            Some(partner) => one_column(pairing, column, partner, draft),
            None => draft.differs(format!("{place}: missing column `{}`", column.name)),
        }
    }
    for column in &pairing.target.columns {
        let has_source = pairing.source.columns.iter().any(|other| pairing.mapped(&other.name).eq_ignore_ascii_case(&column.name));
        if !has_source {
            let needs = !column.nullable && column.default.is_none() && column.generated.is_none() && column.identity.is_none();
            let needs = if needs { ", which is not null and has no default" } else { "" };
            draft.differs(format!("{place}: extra column `{}`{needs}", column.name));
        }
    }
}

fn one_column(pairing: &Pairing<'_>, source: &Column, target: &Column, draft: &mut Draft) {
    let place = format!("{}.{}", pairing.place(), source.name);
    let (left, right) = (&source.data_type, &target.data_type);
    let (sides, in_key) = (pairing.sides, pairing.source.primary_key().contains(&source.name));
    match fit(left, sides.0.family(), right, sides.1.family()) {
        Fit::Same => {}
        Fit::Wider => draft.say(format!("note: {place}: {left} at the source, {right} at the target: it holds more")),
        Fit::Narrower => draft.differs(format!("{place}: narrower type: {left} at the source, {right} at the target")),
        Fit::Other => draft.differs(format!("{place}: other type: {left} at the source, {right} at the target")),
        Fit::Unknown => draft.gap(format!("{place}: whether {left} and {right} hold the same")),
    }
    // A primary key is never NULL, whatever a catalog says of its columns.
    let (was, is) = (source.nullable && !in_key, target.nullable && !pairing.target.primary_key().contains(&target.name));
    if !was && is {
        draft.differs(format!("{place}: missing NOT NULL"));
    } else if was && !is {
        draft.differs(format!("{place}: extra NOT NULL"));
    }
    defaults(pairing, &place, source, target, draft);
    if source.generated.is_some() != target.generated.is_some() {
        let (word, side) = if source.generated.is_some() { ("missing", "source") } else { ("extra", "target") };
        draft.differs(format!("{place}: {word} generation: only the {side} computes it"));
    } else if source.generated != target.generated {
        if pairing.same_engine {
            draft.differs(format!("{place}: other generation expression"));
        } else {
            draft.gap(format!("{place}: the expressions that compute it"));
        }
    }
    if pairing.same_engine && source.collation != target.collation {
        draft.differs(format!("{place}: other collation"));
    }
}

fn defaults(pairing: &Pairing<'_>, place: &str, source: &Column, target: &Column, draft: &mut Draft) {
    let counts = |column: &Column| column.identity.is_some() || default::is_counter(column.default.as_deref());
    match (counts(source), counts(target)) {
        (true, true) => return,
        (true, false) => {
            draft.differs(format!("{place}: missing counter: the source fills it by itself"));
            return;
        }
        (false, true) => {
            draft.say(format!("note: {place}: the target fills it by itself, the source does not"));
            return;
        }
        (false, false) => {}
    }
    let boolean = |column: &Column, family: &str| type_form::is_boolean(&column.data_type, family);
    let truth = boolean(source, pairing.sides.0.family()) || boolean(target, pairing.sides.1.family());
    let normal = |column: &Column| column.default.as_deref().map(|text| default::normal(text, truth)).filter(|text| text != "null");
    match (normal(source), normal(target)) {
        (None, None) => {}
        (Some(_), None) => draft.differs(format!("{place}: missing default")),
        (None, Some(_)) => draft.differs(format!("{place}: extra default")),
        (Some(left), Some(right)) if left == right => {}
        (Some(left), Some(right)) if pairing.same_engine || (default::is_literal(&left) && default::is_literal(&right)) => {
            draft.differs(format!("{place}: other default"));
        }
        _ => draft.gap(format!("{place}: its default, an expression that the two engines write in different ways")),
    }
}

/// The source has keys, NOT NULL or defaults, several kinds of them, and the target has none at all.
fn like_create_table_as(pairing: &Pairing<'_>) -> bool {
    let has = |table: &Table| {
        let keyed = table.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique));
        let strict = table.columns.iter().any(|column| !column.nullable);
        let filled = table.columns.iter().any(|column| column.default.is_some() || column.identity.is_some());
        (keyed || !table.indexes.is_empty(), strict, filled)
    };
    let (source, target) = (has(pairing.source), has(pairing.target));
    let kinds = usize::from(source.0) + usize::from(source.1) + usize::from(source.2);
    kinds >= 2 && target == (false, false, false)
}
