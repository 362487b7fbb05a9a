//! Clients of the memory engine: applications of the old version, of the new one, and of the base table.
//!
//! Each statement is a transaction. A client sees its own form and nothing of the other; what it writes is
//! brought in step by [`super::sync`]. Must never pass a crash point: applications do not die with Segue.
//! Tests: `conformance` in `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::ident::TableName;
use segue_model::reshape::FormColumn;

use super::constraint;
use super::engine::MemoryEngine;
use super::evaluate::Columns;
use super::expression::Expression;
use super::failure::Failure;
use super::form::Stages;
use super::query;
use super::statement::{NewTable, Statement};
use super::sync::{OLD, Sync, Synced, Write};
use super::table::{Column, Constraint, Database, Index, Journey, Rule, Table, side_column};
use super::value::Value;
use crate::EngineError;

/// Whose form a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The old version of the application.
    Old,
    /// The new version.
    New,
    /// The base table itself, where both forms stand side by side.
    Base,
}

/// A client.
#[derive(Clone)]
pub struct Client {
    engine: MemoryEngine,
    side: Side,
}

impl Client {
    pub(super) fn new(engine: MemoryEngine, side: Side) -> Self {
        Self { engine, side }
    }

    /// Runs a statement: the number of rows that it wrote.
    pub fn execute(&self, sql: &str) -> Result<u64, EngineError> {
        let statement = Statement::read(sql)?;
        Ok(self.engine.change(|database| execute(database, self.side, statement))?)
    }

    /// Runs a query: its rows, in its order, else in the order of the primary key.
    pub fn query(&self, sql: &str) -> Result<Vec<Vec<Value>>, EngineError> {
        let Statement::Select(select) = Statement::read(sql)? else {
            return Err(Failure::new(crate::ErrorKind::Permission, "this is not a query").into());
        };
        Ok(self.engine.read(|database| query::select(database, self.side, &select))?)
    }

    /// Runs a query: its values as texts.
    pub fn rows(&self, sql: &str) -> Result<Vec<Vec<String>>, EngineError> {
        Ok(self.query(sql)?.iter().map(|row| row.iter().map(Value::show).collect()).collect())
    }
}

/// The names by which a side knows a table's columns: `(name, physical)`.
pub(super) fn names_of(table: &Table, side: Side) -> Vec<(String, String)> {
    let form = |columns: &[FormColumn]| columns.iter().map(|c| (c.name.clone(), c.physical.clone())).collect();
    match (&table.journey, side) {
        (Some(journey), Side::Old) => form(&journey.change.old),
        (Some(journey), Side::New) => form(&journey.change.new),
        _ => table.columns.iter().map(|c| (c.name.clone(), c.name.clone())).collect(),
    }
}

/// One row as a side sees it.
pub(super) struct SideRow<'a> {
    pub(super) name: &'a str,
    pub(super) table: &'a Table,
    pub(super) names: &'a [(String, String)],
    pub(super) row: &'a [Value],
}

impl Columns for SideRow<'_> {
    fn column(&self, table: Option<&str>, name: &str) -> Result<Value, Failure> {
        if table.is_some_and(|table| table != self.name) {
            return Err(Failure::object("a statement names another table"));
        }
        let at = physical(self.names, name).and_then(|physical| self.table.at(physical))?;
        Ok(self.row[at].clone())
    }
}

struct NoColumns;

impl Columns for NoColumns {
    fn column(&self, _: Option<&str>, name: &str) -> Result<Value, Failure> {
        Err(Failure::object(format!("there is no column {name} here")))
    }
}

fn physical<'a>(names: &'a [(String, String)], name: &str) -> Result<&'a str, Failure> {
    let found = names.iter().find(|(known, _)| known == name);
    found.map(|(_, physical)| physical.as_str()).ok_or_else(|| Failure::object(format!("there is no column {name}")))
}

fn execute(database: &mut Database, side: Side, statement: Statement) -> Result<u64, Failure> {
    match statement {
        Statement::CreateTable(new) => create_table(database, new, None).map(|()| 0),
        Statement::CreateIndex { name, table, parts, unique, predicate } => {
            let index = Index { parts, predicate, unique, valid: true, constraint: None };
            add_index(database, &database_name(&table), &name, index).map(|()| 0)
        }
        Statement::DropTable(name) => {
            let name = database_name(&name);
            database.tables.remove(&name).map(|_| 0).ok_or_else(|| Failure::object(format!("there is no table {name}")))
        }
        Statement::Insert { table, columns, rows } => insert(database, side, &database_name(&table), &columns, &rows),
        Statement::Update { table, set, filter } => update(database, side, &database_name(&table), &set, filter.as_ref()),
        Statement::Delete { table, filter } => delete(database, side, &database_name(&table), filter.as_ref()),
        Statement::Select(_) => Err(Failure::syntax("a query is not executed, it is queried")),
    }
}

/// A name with the default schema where it has none.
pub(super) fn database_name(name: &TableName) -> TableName {
    if name.schema.is_empty() { TableName::new(super::describe::DEFAULT_SCHEMA, &name.name) } else { name.clone() }
}

/// Makes a table from its parts, with names for its constraints as PostgreSQL gives them.
pub(super) fn create_table(database: &mut Database, new: NewTable, made_by: Option<&str>) -> Result<(), Failure> {
    let name = database_name(&new.name.ok_or_else(|| Failure::syntax("a table without a name"))?);
    if database.tables.contains_key(&name) {
        return Err(Failure::object(format!("there is a table {name} already")));
    }
    let mut table = Table { made_by: made_by.map(str::to_owned), ..Table::default() };
    for column in new.columns {
        if super::value::Kind::of(&column.data_type).is_none() {
            return Err(Failure::syntax(format!("the memory engine has no type {}", column.data_type)));
        }
        let made = Column {
            name: column.name,
            data_type: column.data_type,
            nullable: column.nullable,
            default: column.default,
            identity: column.identity,
            comment: None,
            next: 1,
        };
        table.add_column(made, Value::Null)?;
    }
    database.tables.insert(name.clone(), table);
    for (given, rule) in new.rules {
        let rule = match rule {
            Rule::Foreign(mut foreign) => {
                foreign.target = database_name(&foreign.target);
                Rule::Foreign(foreign)
            }
            other => other,
        };
        let rule_name = given.unwrap_or_else(|| default_name(&name.name, &rule));
        add_rule(database, &name, &rule_name, rule, true)?;
    }
    Ok(())
}

fn default_name(table: &str, rule: &Rule) -> String {
    let columns = rule.columns().join("_");
    match rule {
        Rule::Primary(_) => format!("{table}_pkey"),
        Rule::Unique(_) => format!("{table}_{columns}_key"),
        Rule::Check(_) => format!("{table}_{columns}_check"),
        Rule::NotNull(_) => format!("{table}_{columns}_not_null"),
        Rule::Foreign(_) => format!("{table}_{columns}_fkey"),
    }
}

/// Adds a constraint to a table, with the index beneath it where it has one.
pub(super) fn add_rule(database: &mut Database, name: &TableName, rule_name: &str, rule: Rule, validated: bool) -> Result<(), Failure> {
    if let Rule::Foreign(foreign) = &rule {
        let target = database.table(&foreign.target)?;
        foreign.target_columns.iter().try_for_each(|column| target.at(column).map(|_| ()))?;
    }
    let table = database.table_mut(name)?;
    for column in rule.columns() {
        let at = table.at(&column)?;
        if matches!(rule, Rule::Primary(_)) {
            table.columns[at].nullable = false;
        }
    }
    if table.constraints.contains_key(rule_name) {
        return Err(Failure::object(format!("there is a constraint {rule_name} already")));
    }
    if let Rule::Primary(columns) | Rule::Unique(columns) = &rule {
        let index = Index { constraint: Some(rule_name.to_owned()), ..Index::over(columns, true) };
        table.indexes.insert(rule_name.to_owned(), index);
    }
    table.constraints.insert(rule_name.to_owned(), Constraint { rule, validated });
    Ok(())
}

/// Adds an index that is ready at once.
pub(super) fn add_index(database: &mut Database, name: &TableName, index_name: &str, index: Index) -> Result<(), Failure> {
    let table = database.table_mut(name)?;
    if table.indexes.contains_key(index_name) {
        return Err(Failure::object(format!("there is an index {index_name} already")));
    }
    let mut missing = None;
    index.parts.iter().chain(&index.predicate).for_each(|part| {
        part.columns(&mut |column| {
            if !table.has(column) {
                missing = Some(column.to_owned());
            }
        });
    });
    if let Some(column) = missing {
        return Err(Failure::object(format!("there is no column {column}")));
    }
    if index.unique {
        constraint::unique(name, table, index_name, &index)?;
    }
    table.indexes.insert(index_name.to_owned(), index);
    Ok(())
}

fn insert(
    database: &mut Database,
    side: Side,
    name: &TableName,
    columns: &[String],
    rows: &[Vec<Option<Expression>>],
) -> Result<u64, Failure> {
    let names = names_of(database.table(name)?, side);
    let columns = columns.iter().map(|column| physical(&names, column).map(str::to_owned)).collect::<Result<Vec<_>, _>>()?;
    let stages = stages(database.table(name)?)?;
    let mut touched = BTreeSet::new();
    for values in rows {
        let mut assigned = BTreeSet::new();
        let table = database.table_mut(name)?;
        let mut row = vec![Value::Null; table.columns.len()];
        for (column, value) in columns.iter().zip(values) {
            if let Some(value) = value {
                let at = table.at(column)?;
                row[at] = value.evaluate(&NoColumns)?.assign(&table.columns[at].data_type)?;
                assigned.insert(column.clone());
            }
        }
        fill_defaults(table, side, &mut row, &assigned)?;
        let synced = in_step(table, stages.as_ref(), Write { before: None, after: row, assigned, side })?;
        let key = table.storage_key(&synced.row)?;
        if table.rows.insert(key.clone(), synced.row).is_some() {
            return Err(Failure::constraint(format!("the key of table {name} has this value already")));
        }
        remember_rejected(database, name, &key, synced.rejected);
        touched.insert(key);
    }
    constraint::rows_hold(database, name, &touched)?;
    Ok(rows.len() as u64)
}

fn fill_defaults(table: &mut Table, side: Side, row: &mut [Value], assigned: &BTreeSet<String>) -> Result<(), Failure> {
    let mut defaults: BTreeMap<String, Option<String>> =
        table.columns.iter().map(|column| (column.name.clone(), column.default.clone())).collect();
    if let (Some(journey), Side::Old | Side::New) = (&table.journey, side) {
        let form = if side == Side::Old { &journey.change.old } else { &journey.change.new };
        defaults.extend(form.iter().map(|column| (column.physical.clone(), column.default.clone())));
    }
    for (at, column) in table.columns.iter_mut().enumerate().filter(|(_, column)| !assigned.contains(&column.name)) {
        if column.identity.is_some() {
            row[at] = Value::Int(column.next);
            column.next += 1;
        } else if let Some(Some(default)) = defaults.get(&column.name) {
            row[at] = Expression::read(default)?.evaluate(&NoColumns)?.assign(&column.data_type)?;
        }
    }
    Ok(())
}

fn update(
    database: &mut Database,
    side: Side,
    name: &TableName,
    set: &[(String, Expression)],
    filter: Option<&Expression>,
) -> Result<u64, Failure> {
    let table = database.table(name)?;
    let names = names_of(table, side);
    let stages = stages(table)?;
    let mut before = BTreeMap::new();
    let mut written = Vec::new();
    for (key, row) in matching(table, name, &names, filter)? {
        let view = SideRow { name: &name.name, table, names: &names, row: &row };
        let mut after = row.clone();
        let mut assigned = BTreeSet::new();
        for (column, value) in set {
            let column = physical(&names, column)?;
            let at = table.at(column)?;
            after[at] = value.evaluate(&view)?.assign(&table.columns[at].data_type)?;
            assigned.insert(column.to_owned());
        }
        let synced = in_step(table, stages.as_ref(), Write { before: Some(&row), after, assigned, side })?;
        written.push((key.clone(), synced));
        before.insert(key, row);
    }
    let table = database.table_mut(name)?;
    let keyed = !table.primary().is_empty();
    for key in before.keys() {
        table.rows.remove(key);
    }
    let mut touched = BTreeSet::new();
    for (old_key, synced) in written {
        let table = database.table_mut(name)?;
        let key = if keyed { table.storage_key(&synced.row)? } else { old_key.clone() };
        if table.rows.insert(key.clone(), synced.row).is_some() {
            return Err(Failure::constraint(format!("the key of table {name} has this value already")));
        }
        if key != old_key {
            remember_rejected(database, name, &old_key, None);
        }
        remember_rejected(database, name, &key, synced.rejected);
        touched.insert(key);
    }
    constraint::rows_hold(database, name, &touched)?;
    constraint::referring(database, name, &before, false)?;
    Ok(touched.len() as u64)
}

fn delete(database: &mut Database, side: Side, name: &TableName, filter: Option<&Expression>) -> Result<u64, Failure> {
    let table = database.table(name)?;
    let names = names_of(table, side);
    let before: BTreeMap<_, _> = matching(table, name, &names, filter)?.into_iter().collect();
    for key in before.keys() {
        database.table_mut(name)?.rows.remove(key);
        remember_rejected(database, name, key, None);
    }
    constraint::referring(database, name, &before, true)?;
    Ok(before.len() as u64)
}

type Keyed = (Vec<Value>, Vec<Value>);

fn matching(table: &Table, name: &TableName, names: &[(String, String)], filter: Option<&Expression>) -> Result<Vec<Keyed>, Failure> {
    let mut hit = Vec::new();
    for (key, row) in &table.rows {
        let view = SideRow { name: &name.name, table, names, row };
        if filter.map_or(Ok(true), |filter| filter.evaluate(&view).map(|value| value.is_true()))? {
            hit.push((key.clone(), row.clone()));
        }
    }
    Ok(hit)
}

fn stages(table: &Table) -> Result<Option<Stages>, Failure> {
    table.journey.as_ref().filter(|journey| journey.synced).map(|journey| Stages::compile(&journey.change)).transpose()
}

fn in_step(table: &Table, stages: Option<&Stages>, mut write: Write<'_>) -> Result<Synced, Failure> {
    if let Some(Journey { change, .. }) = &table.journey {
        let at = table.at(&side_column(&change.tag))?;
        if write.before.is_none() {
            write.after[at] = OLD;
        }
    }
    match (&table.journey, stages) {
        (Some(journey), Some(stages)) => Sync { table, change: &journey.change, stages, strict: journey.strict }.apply(write),
        _ => Ok(Synced { row: write.after, rejected: None }),
    }
}

/// Keeps the reason for which a row is kept aside, or forgets it.
pub(super) fn remember_rejected(database: &mut Database, name: &TableName, key: &[Value], reason: Option<String>) {
    if let Some(control) = &mut database.control {
        match reason {
            Some(reason) => {
                control.rejected.insert((name.clone(), key.to_vec()), reason);
            }
            None => {
                control.rejected.remove(&(name.clone(), key.to_vec()));
            }
        }
    }
}
