//! What of a statement Segue itself can carry out, in the words of `segue.yaml`.
//!
//! Action by action, and whatever the size of the table. What has no word, or would do another thing than the statement,
//! says why: a part of a statement is never left out in silence. Whether the rest of the schema allows it is the planner's
//! to say. Tests: `tests/it/sql/journey.rs`, and on servers `crates/segue/tests/sql_oracle/journeys.rs`.

use std::collections::BTreeMap;

use segue_model::change::{
    AddCheck, AddColumn, AddForeignKey, AddUnique, Change, ChangeType, CreateIndex, CreateTable, DropColumn, DropIndex, DropTable,
    IndexColumn, IndexPart, KeyReference, Order, RenameColumn, SetNotNull,
};
use segue_model::ident::TableName;

use super::effect::Around;
use super::walk::Step;
use crate::policy::Relation;
use crate::sql::postgres::cursor::quote;
use crate::sql::postgres::expression::Volatility;
use crate::sql::postgres::statement::{
    Action, ColumnDefinition, ConstraintBody, CreateIndex as NewIndex, CreateTable as NewTable, IndexKey, ObjectKind, Stmt, TableConstraint,
};
use crate::sql::{CatalogRead, Dialect, compare, steps};

/// Changes that do what a part of a statement does, or why there are none.
pub(crate) type Said = Result<Vec<Change>, String>;

/// The parts of a statement in their order: the actions of `ALTER TABLE`, else the whole.
pub(crate) fn of(step: &Step<'_>) -> Vec<Said> {
    let mut parts = Vec::new();
    step.each_action(|_, table, action, around| parts.push(of_action(step, around, table, action)));
    if parts.is_empty() {
        parts.push(of_statement(step));
    }
    parts
}

/// The change of a part as the report shows it, where it is one for each of `wanted` names.
pub(crate) fn shown(said: Said, (at, wanted): (usize, usize)) -> Option<serde_json::Value> {
    let changes = said.ok().filter(|changes| changes.len() == wanted)?;
    serde_json::to_value(changes.get(at)?).ok()
}

/// The only change of a part.
pub(crate) const ONE: (usize, usize) = (0, 1);

/// A table as `segue.yaml` names it: its schema left out where everybody looks there first.
fn spoken(step: &Step<'_>, table: &TableName) -> String {
    let default = step.facts.map_or("", |facts| facts.catalog.default_schema.as_str());
    let default = if default.is_empty() { crate::sql::postgres::DEFAULT_SCHEMA } else { default };
    if table.schema == default { TableName::bare(table.name.clone()).to_string() } else { table.to_string() }
}

fn no<T>(why: &str) -> Result<T, String> {
    Err(why.to_owned())
}

/// A statement that is no `ALTER TABLE`.
pub(crate) fn of_statement(step: &Step<'_>) -> Said {
    match step.stmt {
        Stmt::CreateTable(new) => create_table(step, new),
        Stmt::CreateIndex(index) => create_index(step, index),
        Stmt::Drop { cascade: true, .. } => no("CASCADE takes with it what it does not name"),
        Stmt::Drop { kind: ObjectKind::Table, names, .. } => {
            Ok(names.iter().map(|name| Change::DropTable(DropTable { table: spoken(step, &step.world.resolve(name)) })).collect())
        }
        Stmt::Drop { kind: ObjectKind::Index, names, .. } => {
            let spoken = |name| DropIndex { name: spoken(step, &step.world.resolve_index(name).0) };
            Ok(names.iter().map(|name| Change::DropIndex(spoken(name))).collect())
        }
        Stmt::Rename { kind: ObjectKind::Column, name, part: Some(column), to, .. } => {
            let table = spoken(step, &step.world.resolve(name));
            Ok(vec![Change::RenameColumn(RenameColumn { table, from: column.clone(), to: to.clone() })])
        }
        _ => no("it is no change that Segue runs"),
    }
}

/// One action of `ALTER TABLE`.
pub(crate) fn of_action(step: &Step<'_>, around: Around<'_>, name: &TableName, action: &Action) -> Said {
    if matches!(step.stmt, Stmt::AlterTable { only: true, .. }) {
        return no("ONLY leaves out the tables below");
    }
    let table = spoken(step, name);
    let one = |change| Ok(vec![change]);
    match action {
        Action::AddColumn { definition, .. } => add_column(step, around, name, definition),
        Action::DropColumn { cascade: true, .. } => no("CASCADE takes with it what it does not name"),
        Action::DropColumn { name: column, .. } => one(Change::DropColumn(DropColumn { table, column: column.clone(), down: None })),
        Action::SetType { collation: Some(_), .. } => no("Segue has no word for a collation"),
        Action::SetType { column, data_type, using, .. } => {
            if using.is_none() && !keeps_its_values(around, name, column, data_type) {
                return no("not every value is known to fit the new type: `change_type` wants `up` and `down`");
            }
            let up = using.as_ref().map(|using| using.text.clone());
            one(Change::ChangeType(ChangeType { table, column: column.clone(), to: data_type.clone(), up, down: None }))
        }
        Action::SetNotNull { column } => one(Change::SetNotNull(SetNotNull { table, column: column.clone(), up: None })),
        Action::AddConstraint(constraint) => add_constraint(step, around, name, constraint),
        _ => no("it is no change that Segue runs"),
    }
}

/// Each value of the old type is the same value of the new one.
fn keeps_its_values(around: Around<'_>, name: &TableName, column: &str, data_type: &str) -> bool {
    let Some(table) = around.world.tables.get(name) else { return false };
    let Some(old) = table.column(column) else { return false };
    let mut new = old.clone();
    data_type.clone_into(&mut new.data_type);
    let read = CatalogRead {
        domains: around.world.domains.iter().map(|(name, domain)| (name.clone(), domain.clone())).collect(),
        ..CatalogRead::default()
    };
    let kind = |column| compare::Kind::of(column, table, &read, Dialect::Postgres);
    let fit = compare::relate(&kind(old), &kind(&new));
    !fit.loses() && fit.same_form && fit.relation == Relation::Widened
}

fn add_column(step: &Step<'_>, around: Around<'_>, name: &TableName, new: &ColumnDefinition) -> Said {
    plain_column(new)?;
    if let Some(default) = &new.default {
        same_each_time(default.volatility, default.by.as_deref())?;
    } else if new.not_null {
        return no("it takes no NULL, and nothing says what the rows that are there hold: `add_column` wants `default` or `up`");
    }
    let mut changes = vec![Change::AddColumn(AddColumn {
        table: spoken(step, name),
        column: new.name.clone(),
        data_type: new.data_type.clone(),
        null: !new.not_null,
        default: new.default.as_ref().map(|default| default.text.clone()),
        up: None,
        check: None,
        unique: false,
        references: None,
        comment: None,
    })];
    for constraint in &new.constraints {
        changes.extend(add_constraint(step, around, name, constraint)?);
    }
    Ok(changes)
}

/// A column of which Segue has words for everything but its constraints.
fn plain_column(new: &ColumnDefinition) -> Result<(), String> {
    if new.serial || new.identity.is_some() || new.generated.is_some() || new.collation.is_some() || new.compression {
        return Err(format!("Segue has no word for what column {} has beside type, default and NULL", new.name));
    }
    Ok(())
}

/// Segue computes a default for the rows that are there: it must be one value, whenever and by whomever that is done.
pub(crate) fn same_each_time(volatility: Volatility, by: Option<&str>) -> Result<(), String> {
    let by = by.unwrap_or("its function");
    match volatility {
        Volatility::Steady => Ok(()),
        Volatility::Volatile => Err(format!("its default calls {by}(), which is volatile: the same row would get another value each time")),
        Volatility::Unknown => Err(format!("its default calls {by}(), which is not known to give the same value each time")),
    }
}

fn add_constraint(step: &Step<'_>, around: Around<'_>, name: &TableName, new: &TableConstraint) -> Said {
    if new.not_valid || new.not_enforced || new.no_inherit {
        return no("Segue's constraints hold for every row of every table below");
    }
    let table = spoken(step, name);
    let called = around.world.constraint_name(name, new);
    Ok(vec![match &new.what {
        ConstraintBody::Check(check) => Change::AddCheck(AddCheck { table, name: called, check: check.text.clone(), up: BTreeMap::new() }),
        ConstraintBody::Unique { columns, using_index: None, include, nulls_not_distinct: false }
            if include.is_empty() && new.deferrable.is_empty() =>
        {
            Change::AddUnique(AddUnique { table, name: called, columns: columns.clone() })
        }
        ConstraintBody::ForeignKey { columns, table: target, references, actions } => {
            let target = around.world.resolve(target);
            let key = KeyReference { table: spoken(step, &target), columns: referred(around, &target, references) };
            let lower = actions.to_lowercase();
            if lower.contains('(') || lower.contains("match") || !new.deferrable.is_empty() {
                return no("Segue has no word for what the foreign key says beside its columns and actions");
            }
            let (delete, update) = compare::written_actions(actions, Dialect::Postgres);
            let action = |words: &str| steps::action(words);
            let (on_delete, on_update) = (action(&delete), action(&update));
            Change::AddForeignKey(AddForeignKey {
                table,
                name: called,
                columns: columns.clone(),
                references: key,
                on_delete,
                on_update,
                deferrable: false,
            })
        }
        _ => return no("Segue has no word for such a constraint"),
    }])
}

/// The columns that a foreign key refers to: those of the primary key where it names none.
fn referred(around: Around<'_>, target: &TableName, references: &[String]) -> Vec<String> {
    if references.is_empty() {
        return around.world.tables.get(target).map(segue_model::catalog::Table::primary_key).unwrap_or_default();
    }
    references.to_vec()
}

/// A new table, as the world has it behind the statement; its foreign keys follow as changes of their own.
fn create_table(step: &Step<'_>, new: &NewTable) -> Said {
    let plain = !new.temporary && !new.unlogged && !new.foreign && new.like.is_empty() && new.inherits.is_empty();
    if !plain || new.partition_of.is_some() || new.partition_key.is_some() || !new.options.is_empty() {
        return no("Segue has no word for such a table");
    }
    let full = new.name.in_schema(step.world.schema());
    if new.if_not_exists && step.world.tables.contains_key(&full) {
        return Ok(Vec::new());
    }
    for column in &new.columns {
        plain_column(column)?;
    }
    let mut world = step.world.clone();
    world.apply(step.stmt, crate::source::Span::default());
    let Some(table) = world.tables.get(&full) else { return no("the table is not known") };
    let define = steps::created(table);
    let mut changes = vec![Change::CreateTable(CreateTable { table: spoken(step, &full), ..define })];
    let around = step.around();
    for constraint in new.columns.iter().flat_map(|column| &column.constraints).chain(&new.constraints) {
        match &constraint.what {
            ConstraintBody::ForeignKey { .. } => changes.extend(add_constraint(step, around, &full, constraint)?),
            _ if folds(around, &full, constraint) => {}
            _ => return no("Segue has no word for such a constraint of a new table"),
        }
    }
    Ok(changes)
}

/// A constraint that `create_table` says as the statement does, its name included.
fn folds(around: Around<'_>, table: &TableName, new: &TableConstraint) -> bool {
    let unnamed = TableConstraint { name: None, ..new.clone() };
    let usual = new.name.is_none() || new.name == Some(around.world.constraint_name(table, &unnamed));
    let plain = new.deferrable.is_empty() && !new.no_inherit && !new.not_enforced;
    plain
        && match &new.what {
            ConstraintBody::Check(_) => true,
            ConstraintBody::NotNull { .. } => new.name.is_none(),
            ConstraintBody::PrimaryKey { include, .. } => usual && include.is_empty(),
            ConstraintBody::Unique { include, nulls_not_distinct, .. } => usual && include.is_empty() && !nulls_not_distinct,
            ConstraintBody::ForeignKey { .. } | ConstraintBody::Exclude { .. } => false,
        }
}

fn create_index(step: &Step<'_>, index: &NewIndex) -> Said {
    let Some(name) = index.name.as_ref() else { return no("the index has no name") };
    if index.with.is_some() || index.nulls_not_distinct || index.only {
        return no("Segue has no word for what the index says beside its columns");
    }
    let columns: Option<Vec<IndexColumn>> = index.keys.iter().map(part).collect();
    let Some(columns) = columns else { return no("Segue has no word for what a column of the index says beside its order") };
    Ok(vec![Change::CreateIndex(CreateIndex {
        table: spoken(step, &step.world.resolve(&index.table)),
        name: name.clone(),
        columns,
        unique: index.unique,
        method: (index.method != "btree").then(|| index.method.clone()),
        predicate: index.predicate.as_ref().map(|predicate| predicate.text.clone()),
        include: index.include.clone(),
        with: BTreeMap::new(),
    })])
}

/// A column, an expression, or one of them backwards; what else a part says has no word.
fn part(key: &IndexKey) -> Option<IndexColumn> {
    let shown = if key.expression { key.key.clone() } else { quote(&key.key) };
    let rest = key.definition.strip_prefix(&shown)?;
    let inner = key.key.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(&key.key);
    let order = match rest {
        "" => None,
        " DESC" => Some(Order::Desc),
        _ => return None,
    };
    Some(match (key.expression, order) {
        (false, None) => IndexColumn::Name(key.key.clone()),
        (false, order) => IndexColumn::Part(IndexPart { column: Some(key.key.clone()), order, ..IndexPart::default() }),
        (true, order) => IndexColumn::Part(IndexPart { expression: Some(inner.to_owned()), order, ..IndexPart::default() }),
    })
}
