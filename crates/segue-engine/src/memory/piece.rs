//! The pieces of a schema change on the memory engine: how each is seen, made and unmade.
//!
//! Each function works on a copy of the database inside one transaction; the epoch is checked there. Must never
//! leave a piece half made, but for an index, which is built in two steps as on a real server.
//! Tests: `conformance` and `proof` in `segue-sim`.

use segue_model::change::{CreateTable, IndexColumn};
use segue_model::ident::TableName;
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource, NewTable};

use super::client::{add_index, add_rule, create_table, database_name};
use super::constraint;
use super::engine::{MemoryEngine, fenced};
use super::expression::Expression;
use super::failure::Failure;
use super::statement::{self, Statement, read_rule};
use super::table::{Active, Control, Database, Foreign, Index, Rule};
use super::transition;
use crate::{EngineError, Guard, Piece, PieceState};

/// How far a piece is.
pub(super) fn observe(database: &Database, guard: &Guard, piece: Piece<'_>) -> PieceState {
    let present = |present: bool| if present { PieceState::Present } else { PieceState::Absent };
    let control = database.control.as_ref();
    match piece {
        Piece::Control => present(control.and_then(|c| c.active.as_ref()).is_some_and(|active| active.run == guard.run)),
        Piece::Create(new) => present(database.tables.get(&new.table).is_some_and(|t| t.made_by.as_ref() == Some(&guard.tag))),
        Piece::Index(build) => observe_index(database, build),
        Piece::Constraint(add) => present(database.tables.get(&add.table).is_some_and(|t| t.constraints.contains_key(&add.name))),
        Piece::Validate(add) => {
            let constraint = database.tables.get(&add.table).and_then(|table| table.constraints.get(&add.name));
            present(constraint.is_some_and(|constraint| constraint.validated))
        }
        Piece::Expand(change) => present(transition::journey(database, change).is_some()),
        Piece::Shift(change) => present(transition::journey(database, change).is_some_and(|journey| journey.strict)),
        Piece::Contract(change) => present(control.is_some_and(|control| control.contracted.contains(&change.table))),
        Piece::DropTable(table) => present(!database.tables.contains_key(table)),
        Piece::DropIndex(table, index) => present(database.tables.get(table).is_none_or(|table| !table.indexes.contains_key(index))),
        Piece::Finish => present(control.is_some_and(|control| control.applied.iter().any(|(run, _, _)| *run == guard.run))),
    }
}

fn observe_index(database: &Database, build: &IndexBuild) -> PieceState {
    let Some(table) = database.tables.get(&build.table) else { return PieceState::Absent };
    match table.indexes.get(&build.name) {
        Some(index) if index.valid => PieceState::Present,
        Some(_) => PieceState::Partial,
        None => {
            // The index may have become a constraint under the constraint's name.
            let became = |columns: &Vec<String>| {
                let over = Index::over(columns, true).parts;
                table.indexes.values().any(|index| index.constraint.is_some() && index.parts == over)
            };
            match &build.source {
                IndexSource::Unique(columns) if became(columns) => PieceState::Present,
                _ => PieceState::Absent,
            }
        }
    }
}

/// Makes a piece.
pub(super) async fn make(engine: &MemoryEngine, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
    match piece {
        Piece::Index(build) => build_index(engine, guard, build).await,
        _ => engine.transact(&format!("make {}", name(piece)), |database| make_one(engine, database, guard, piece)).await,
    }
}

/// Unmakes a piece.
pub(super) async fn unmake(engine: &MemoryEngine, guard: &Guard, piece: Piece<'_>) -> Result<(), EngineError> {
    engine.transact(&format!("unmake {}", name(piece)), |database| unmake_one(engine, database, guard, piece)).await
}

fn name(piece: Piece<'_>) -> &'static str {
    match piece {
        Piece::Control => "control",
        Piece::Create(_) => "create",
        Piece::Expand(_) => "expand",
        Piece::Index(_) => "index",
        Piece::Constraint(_) => "constraint",
        Piece::Validate(_) => "validate",
        Piece::Shift(_) => "shift",
        Piece::Contract(_) => "contract",
        Piece::DropTable(_) => "drop_table",
        Piece::DropIndex(..) => "drop_index",
        Piece::Finish => "finish",
    }
}

fn make_one(engine: &MemoryEngine, database: &mut Database, guard: &Guard, piece: Piece<'_>) -> Result<(), Failure> {
    let done = observe(database, guard, piece) == PieceState::Present;
    match piece {
        Piece::Control => return make_control(database, guard),
        Piece::Finish => return finish(database, guard, done),
        _ => fenced(database, guard)?,
    }
    if done {
        return Ok(());
    }
    match piece {
        Piece::Create(new) => create_table(database, define(new)?, Some(&guard.tag)).map(|()| comments(database, &new.table, &new.define)),
        Piece::Constraint(add) => {
            engine.unlocked(&add.table)?;
            add_constraint(database, add)
        }
        Piece::Validate(add) => validate(database, add),
        Piece::Expand(change) => {
            engine.unlocked(&change.table)?;
            transition::expand(database, change)
        }
        Piece::Shift(change) => {
            engine.unlocked(&change.table)?;
            transition::shift(database, change)
        }
        Piece::Contract(change) => {
            engine.unlocked(&change.table)?;
            transition::contract(database, change)
        }
        Piece::DropTable(table) => {
            engine.unlocked(table)?;
            drop_table(database, table)
        }
        Piece::DropIndex(table, index) => drop_index(database, table, index),
        Piece::Control | Piece::Finish | Piece::Index(_) => Ok(()),
    }
}

fn unmake_one(engine: &MemoryEngine, database: &mut Database, guard: &Guard, piece: Piece<'_>) -> Result<(), Failure> {
    if let Piece::Control = piece {
        return unmake_control(database, guard);
    }
    fenced(database, guard)?;
    match piece {
        Piece::Create(new) => {
            if database.tables.get(&new.table).is_some_and(|table| table.made_by.as_ref() == Some(&guard.tag)) {
                drop_table(database, &new.table)?;
            }
            Ok(())
        }
        Piece::Expand(change) => {
            engine.unlocked(&change.table)?;
            transition::collapse(database, change);
            Ok(())
        }
        Piece::Shift(change) => transition::unshift(database, change),
        Piece::Index(build) => {
            if let Some(table) = database.tables.get_mut(&build.table)
                && table.indexes.get(&build.name).is_some_and(|index| index.constraint.is_none())
            {
                table.indexes.remove(&build.name);
            }
            Ok(())
        }
        Piece::Constraint(add) => {
            if let Some(table) = database.tables.get_mut(&add.table)
                && table.constraints.remove(&add.name).is_some()
            {
                table.indexes.retain(|_, index| index.constraint.as_ref() != Some(&add.name));
            }
            Ok(())
        }
        Piece::Validate(_) | Piece::Control => Ok(()),
        Piece::Contract(_) | Piece::DropTable(_) | Piece::DropIndex(..) | Piece::Finish => {
            if observe(database, guard, piece) == PieceState::Absent {
                return Ok(());
            }
            Err(Failure::new(crate::ErrorKind::Unsupported, format!("{} cannot be unmade", name(piece))))
        }
    }
}

fn make_control(database: &mut Database, guard: &Guard) -> Result<(), Failure> {
    let control = database.control.get_or_insert_with(Control::default);
    if control.applied.iter().any(|(run, _, _)| *run == guard.run) {
        return Err(Failure::fenced("this run is over"));
    }
    if control.active.is_none() {
        control.active = Some(Active { run: guard.run.clone(), tag: guard.tag.clone(), epoch: guard.epoch });
    }
    fenced(database, guard)
}

fn unmake_control(database: &mut Database, guard: &Guard) -> Result<(), Failure> {
    let Some(control) = &database.control else { return Ok(()) };
    if control.active.is_some() {
        fenced(database, guard)?;
    }
    let empty = control.applied.is_empty();
    if empty {
        database.control = None;
    } else if let Some(control) = &mut database.control {
        control.active = None;
        control.rejected.clear();
    }
    Ok(())
}

fn finish(database: &mut Database, guard: &Guard, done: bool) -> Result<(), Failure> {
    if done {
        return Ok(());
    }
    fenced(database, guard)?;
    for table in database.tables.values_mut().filter(|table| table.made_by.as_ref() == Some(&guard.tag)) {
        table.made_by = None;
    }
    let control = database.control.get_or_insert_with(Control::default);
    control.active = None;
    control.contracted.clear();
    control.rejected.clear();
    control.applied.push((guard.run.clone(), guard.tag.clone(), guard.spec_digest.clone()));
    Ok(())
}

fn define(new: &NewTable) -> Result<statement::NewTable, Failure> {
    let CreateTable { columns, primary_key, unique, checks, foreign_keys, .. } = &new.define;
    let mut out = statement::NewTable { name: Some(new.table.clone()), ..statement::NewTable::default() };
    let foreign = |columns: &[String], to: &segue_model::change::ColumnReference| -> Result<Rule, Failure> {
        let target = TableName::parse(&to.table).map_err(|_| Failure::syntax("a foreign key names no table"))?;
        Ok(Rule::Foreign(Foreign {
            columns: columns.to_vec(),
            target: database_name(&target),
            target_columns: to.columns.clone(),
            on_delete: to.on_delete,
            on_update: to.on_update,
            deferrable: false,
        }))
    };
    for (name, column) in &columns.0 {
        let own = vec![name.clone()];
        let key = column.primary_key || primary_key.contains(name);
        out.columns.push(statement::NewColumn {
            name: name.clone(),
            data_type: column.data_type.clone(),
            nullable: column.null.unwrap_or(!key),
            default: column.default.as_deref().map(|text| Expression::read(text).map(|it| it.to_string())).transpose()?,
            identity: column.identity.map(|identity| match identity {
                segue_model::change::Identity::Always => "always".to_owned(),
                segue_model::change::Identity::ByDefault => "by default".to_owned(),
            }),
        });
        if column.primary_key {
            out.rules.push((None, Rule::Primary(own.clone())));
        }
        if column.unique {
            out.rules.push((None, Rule::Unique(own.clone())));
        }
        if let Some(check) = &column.check {
            out.rules.push((None, Rule::Check(Expression::read(check)?)));
        }
        if let Some(to) = &column.references {
            out.rules.push((None, foreign(&own, to)?));
        }
    }
    if !primary_key.is_empty() {
        out.rules.push((None, Rule::Primary(primary_key.clone())));
    }
    out.rules.extend(unique.iter().map(|columns| (None, Rule::Unique(columns.clone()))));
    for (name, check) in checks {
        out.rules.push((Some(name.clone()), Rule::Check(Expression::read(check)?)));
    }
    for key in foreign_keys {
        out.rules.push((Some(key.name.clone()), foreign(&key.columns, &key.references)?));
    }
    Ok(out)
}

fn comments(database: &mut Database, name: &TableName, define: &CreateTable) {
    if let Some(table) = database.tables.get_mut(name) {
        table.comment.clone_from(&define.comment);
        for (column, (_, given)) in table.columns.iter_mut().zip(&define.columns.0) {
            column.comment.clone_from(&given.comment);
        }
    }
}

/// An index as it was asked for, over physical columns.
fn index_of(build: &IndexBuild) -> Result<Index, Failure> {
    match &build.source {
        IndexSource::Unique(columns) => Ok(Index::over(columns, true)),
        IndexSource::Carry(carry) => match Statement::read(&carry.definition)? {
            Statement::CreateIndex { parts, unique, predicate, .. } => {
                Ok(Index { parts, predicate, unique, valid: true, constraint: None })
            }
            _ => Err(Failure::syntax("a carried index is not an index")),
        },
        IndexSource::Define { define, physical } => {
            let rename = renamer(physical);
            let part = |column: &IndexColumn| match column {
                IndexColumn::Name(name) => Ok(Expression::Column(None, rename(name))),
                IndexColumn::Part(part) => match (&part.column, &part.expression) {
                    (Some(name), _) => Ok(Expression::Column(None, rename(name))),
                    (None, Some(text)) => Expression::read(text).map(|it| it.renamed(&rename)),
                    (None, None) => Err(Failure::syntax("a part of an index is neither a column nor an expression")),
                },
            };
            let parts = define.columns.iter().map(part).collect::<Result<_, _>>()?;
            let predicate = define.predicate.as_deref().map(Expression::read).transpose()?.map(|it| it.renamed(&rename));
            Ok(Index { parts, predicate, unique: build.unique, valid: true, constraint: None })
        }
    }
}

fn renamer(physical: &[(String, String)]) -> impl Fn(&str) -> String {
    |name: &str| physical.iter().find(|(known, _)| known == name).map_or_else(|| name.to_owned(), |(_, physical)| physical.clone())
}

/// Two transactions, as a concurrent build has: the index stands invalid, then it is filled and valid.
async fn build_index(engine: &MemoryEngine, guard: &Guard, build: &IndexBuild) -> Result<(), EngineError> {
    let index = index_of(build)?;
    let valid = engine
        .transact("make index", |database| {
            fenced(database, guard)?;
            match observe_index(database, build) {
                PieceState::Present => return Ok(true),
                PieceState::Partial => {
                    database.table_mut(&build.table)?.indexes.remove(&build.name);
                }
                PieceState::Absent => {}
            }
            let shell = Index { valid: false, unique: false, ..index.clone() };
            add_index(database, &build.table, &build.name, shell).map(|()| false)
        })
        .await?;
    if valid {
        return Ok(());
    }
    engine
        .transact("fill index", |database| {
            fenced(database, guard)?;
            let table = database.table_mut(&build.table)?;
            table.indexes.remove(&build.name);
            add_index(database, &build.table, &build.name, index)
        })
        .await
}

fn add_constraint(database: &mut Database, add: &ConstraintAdd) -> Result<(), Failure> {
    let rule = match &add.what {
        ConstraintWhat::Check { check, physical } => Rule::Check(Expression::read(check)?.renamed(&renamer(physical))),
        ConstraintWhat::ForeignKey { columns, target, target_columns, on_delete, on_update, deferrable } => Rule::Foreign(Foreign {
            columns: columns.clone(),
            target: target.clone(),
            target_columns: target_columns.clone(),
            on_delete: *on_delete,
            on_update: *on_update,
            deferrable: *deferrable,
        }),
        ConstraintWhat::NotNull { column } => Rule::NotNull(column.clone()),
        ConstraintWhat::Carry(carry) => read_rule(&carry.definition)?,
        ConstraintWhat::Unique { columns, index } => return index_becomes_constraint(database, add, columns, index),
    };
    add_rule(database, &add.table, &add.name, rule, false)
}

fn index_becomes_constraint(database: &mut Database, add: &ConstraintAdd, columns: &[String], index: &str) -> Result<(), Failure> {
    let table = database.table_mut(&add.table)?;
    let mut built = table.indexes.remove(index).ok_or_else(|| Failure::object(format!("there is no index {index}")))?;
    if !built.valid || !built.unique || built.constraint.is_some() {
        return Err(Failure::object(format!("the index {index} is not a valid unique index of its own")));
    }
    if table.constraints.contains_key(&add.name) || table.indexes.contains_key(&add.name) {
        return Err(Failure::object(format!("there is a constraint or index {} already", add.name)));
    }
    built.constraint = Some(add.name.clone());
    table.indexes.insert(add.name.clone(), built);
    let made = super::table::Constraint { rule: Rule::Unique(columns.to_vec()), validated: true };
    table.constraints.insert(add.name.clone(), made);
    Ok(())
}

fn validate(database: &mut Database, add: &ConstraintAdd) -> Result<(), Failure> {
    let table = database.table(&add.table)?;
    let constraint = table.constraints.get(&add.name);
    let rule = &constraint.ok_or_else(|| Failure::object(format!("there is no constraint {}", add.name)))?.rule;
    for row in table.rows.values() {
        constraint::rule_holds(database, &add.table, table, &add.name, rule, row)?;
    }
    if let Some(constraint) = database.table_mut(&add.table)?.constraints.get_mut(&add.name) {
        constraint.validated = true;
    }
    Ok(())
}

fn drop_table(database: &mut Database, name: &TableName) -> Result<(), Failure> {
    for (other, table) in database.tables.iter().filter(|(other, _)| *other != name) {
        for constraint in table.constraints.values() {
            if matches!(&constraint.rule, Rule::Foreign(foreign) if foreign.target == *name) {
                return Err(Failure::object(format!("table {other} refers to table {name}")));
            }
        }
    }
    database.tables.remove(name);
    Ok(())
}

fn drop_index(database: &mut Database, table: &TableName, index: &str) -> Result<(), Failure> {
    let table = database.table_mut(table)?;
    if table.indexes.get(index).is_some_and(|index| index.constraint.is_some()) {
        return Err(Failure::object(format!("the index {index} stands beneath a constraint")));
    }
    table.indexes.remove(index);
    Ok(())
}
