//! Statements on rows.

use segue_model::ident::TableName;

use super::super::lock::Mode;
use super::{Around, Effect};
use crate::sql::postgres::cursor::Name;
use crate::sql::postgres::statement::Stmt;
use crate::sql::postgres::world::World;

/// What is read by a query; `whole`: from beginning to end.
pub(super) fn reads(effect: &mut Effect, world: &World, names: &[Name], whole: bool) {
    for name in names {
        let table = world.resolve(name);
        if table.schema == "pg_catalog" || table.schema == "information_schema" || table.name.starts_with("pg_") {
            continue;
        }
        effect.lock(&table, Mode::AccessShare);
        if whole && !world.views.contains_key(&table) {
            effect.scan(&table);
        }
    }
}

/// The effect of a statement on rows.
pub(super) fn of(effect: &mut Effect, around: Around<'_>, stmt: &Stmt) {
    let world = around.world;
    match stmt {
        Stmt::Select { reads: names, locks_rows, .. } => {
            if *locks_rows {
                for name in names {
                    effect.lock(&world.resolve(name), Mode::RowShare);
                }
            } else {
                reads(effect, world, names, false);
            }
        }
        Stmt::Insert { table, reads: names } => {
            let table = world.resolve(table);
            effect.lock(&table, Mode::RowExclusive);
            reads(effect, world, names, false);
        }
        Stmt::Update { table, has_where, narrow, sets, wheres, .. } => {
            let table = world.resolve(table);
            effect.lock(&table, Mode::RowExclusive);
            if !has_where || (!narrow && !by_index(world, &table, wheres)) {
                effect.scan(&table);
            }
            let references = world.tables.get(&table).map(|table| table.constraints.as_slice()).unwrap_or_default();
            for other in references
                .iter()
                .filter(|found| found.columns.iter().any(|column| sets.contains(column)))
                .filter_map(|found| found.references.as_ref())
            {
                effect.lock(other, Mode::RowShare);
            }
        }
        Stmt::Delete { table, has_where, narrow } => {
            let table = world.resolve(table);
            effect.lock(&table, Mode::RowExclusive);
            if !has_where || !narrow {
                effect.scan(&table);
            }
        }
        Stmt::Copy { table: Some(table), from } => {
            effect.lock(&world.resolve(table), if *from { Mode::RowExclusive } else { Mode::AccessShare });
        }
        Stmt::LockTable { tables, mode } => {
            for table in tables {
                let table = world.resolve(table);
                for member in world.family(&table) {
                    effect.lock(&member, Mode::named(mode).unwrap_or(Mode::AccessExclusive));
                }
            }
        }
        Stmt::Truncate { tables, cascade } => truncate(effect, world, tables, *cascade),
        _ => {}
    }
}

/// The first column of some index is in the condition.
fn by_index(world: &World, table: &TableName, wheres: &[String]) -> bool {
    world.tables.get(table).is_some_and(|table| {
        table
            .indexes
            .iter()
            .any(|index| index.valid && !index.partial_or_expression && index.columns.first().is_some_and(|first| wheres.contains(first)))
    })
}

fn truncate(effect: &mut Effect, world: &World, tables: &[Name], cascade: bool) {
    let mut all: Vec<TableName> = tables.iter().flat_map(|name| world.family(&world.resolve(name))).collect();
    let mut at = 0;
    while cascade && at < all.len() {
        let others = world.tables.get(&all[at]).map(|table| table.referenced_by.clone()).unwrap_or_default();
        for other in others {
            if !all.contains(&other.table) {
                all.push(other.table);
            }
        }
        at += 1;
    }
    for table in &all {
        effect.lock(table, Mode::AccessExclusive);
        // Its indexes are made anew, empty.
        effect.lock(table, Mode::Share);
    }
    if !cascade && effect.fails.is_none() {
        let outside = all
            .iter()
            .filter_map(|table| world.tables.get(table))
            .flat_map(|table| &table.referenced_by)
            .find(|other| !all.contains(&other.table));
        effect.fails = outside.map(|other| format!("a foreign key of {} refers to it", world.shown(&other.table)));
    }
}
