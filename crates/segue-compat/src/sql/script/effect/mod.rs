//! What a statement locks, writes anew and reads whole.
//!
//! The server's own behaviour, one statement kind a function: lock levels of `AlterTableGetLockLevel` and of the pages of
//! <https://www.postgresql.org/docs/current/sql-commands.html>. What is not known counts as the worst. The oracle is a real
//! server: `tests/it/sql/lock_oracle.rs` and `crates/segue/tests/it/sql_lock_oracle.rs`.

mod alter;
mod maintenance;
mod partition;
mod refused;
mod rows;
mod view;

pub(crate) use view::columns as view_columns;

pub(crate) use alter::{index_columns, not_null_is_known, rewrites_for};

use std::collections::{BTreeMap, BTreeSet};

use segue_model::ident::TableName;

use super::lock::Mode;
use super::session::Session;
use crate::sql::postgres::cursor::{Name, quote};
use crate::sql::postgres::statement::{ConstraintBody, ObjectKind, Stmt, TableConstraint};
use crate::sql::postgres::world::World;

/// What a statement does to tables.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effect {
    /// Every mode taken on a table.
    pub(crate) locks: BTreeMap<TableName, BTreeSet<Mode>>,
    /// Tables written anew.
    pub(crate) rewrites: BTreeSet<TableName>,
    /// Tables read whole.
    pub(crate) scans: BTreeSet<TableName>,
    /// Why the server refuses it.
    pub(crate) fails: Option<String>,
    /// It builds an index without blocking, in several transactions of its own.
    pub(crate) concurrent: bool,
    /// Its kind is not known, so that the worst is assumed.
    pub(crate) unknown: bool,
}

impl Effect {
    pub(crate) fn lock(&mut self, table: &TableName, mode: Mode) {
        self.locks.entry(table.clone()).or_default().insert(mode);
    }

    pub(crate) fn scan(&mut self, table: &TableName) {
        self.scans.insert(table.clone());
    }

    pub(crate) fn rewrite(&mut self, table: &TableName) {
        self.rewrites.insert(table.clone());
        self.scans.insert(table.clone());
        // Its indexes are built anew under a lock of their own.
        self.lock(table, Mode::Share);
    }

    /// The strongest mode on a table.
    pub(crate) fn strongest(&self, table: &TableName) -> Option<Mode> {
        self.locks.get(table).and_then(|modes| modes.iter().max().copied())
    }
}

/// What else decides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) world: &'a World,
    pub(crate) session: &'a Session,
    pub(crate) version: u32,
}

/// The effect of a statement on the world as it is before it.
pub(crate) fn of(stmt: &Stmt, around: Around<'_>) -> Effect {
    let mut effect = Effect::default();
    let world = around.world;
    match stmt {
        Stmt::AlterTable { name, only, kind, actions, .. } => {
            alter::table(&mut effect, around, (&world.resolve(name), *only, *kind), actions);
        }
        Stmt::CreateTable(table) => {
            let full = table.name.in_schema(world.schema());
            if !table.if_not_exists && !table.temporary && (world.tables.contains_key(&full) || world.views.contains_key(&full)) {
                effect.fails = Some(format!("{} is there already", world.shown(&full)));
            }
            for constraint in table.columns.iter().flat_map(|column| &column.constraints).chain(&table.constraints) {
                referenced(&mut effect, world, constraint);
            }
            if let Some(parent) = &table.partition_of {
                // The parent's partitions change; a default partition is read to see that no row belongs here.
                effect.lock(&world.resolve(parent), Mode::AccessExclusive);
            }
            for like in &table.like {
                effect.lock(&world.resolve(like), Mode::AccessShare);
            }
            for parent in &table.inherits {
                effect.lock(&world.resolve(parent), Mode::ShareUpdateExclusive);
            }
        }
        Stmt::CreateTableAs { reads, with_data, .. } => rows::reads(&mut effect, world, reads, *with_data),
        Stmt::CreateView { name, reads, or_replace, materialized, definition, .. } => {
            rows::reads(&mut effect, world, reads, *materialized);
            if *or_replace && world.views.contains_key(&world.resolve(name)) {
                let full = world.resolve(name);
                effect.lock(&full, Mode::AccessExclusive);
                effect.fails = replaced(world, &full, definition);
            }
        }
        Stmt::CreateIndex(index) => {
            let table = world.resolve(&index.table);
            for member in if index.only { vec![table.clone()] } else { world.family(&table) } {
                effect.lock(&member, if index.concurrently { Mode::ShareUpdateExclusive } else { Mode::Share });
                effect.scan(&member);
            }
            effect.concurrent = index.concurrently;
            if index.concurrently && world.tables.get(&table).is_some_and(|table| table.partition_key.is_some()) {
                effect.fails = Some("an index on a partitioned table cannot be built concurrently".to_owned());
            }
        }
        _ => others(&mut effect, around, stmt),
    }
    // A partitioned table has no rows of its own.
    let parted = |table: &TableName| world.tables.get(table).is_some_and(|table| table.partition_key.is_some());
    effect.scans.retain(|table| !parted(table));
    effect.rewrites.retain(|table| !parted(table));
    effect
}

/// A view keeps its columns when it is replaced, and may get more at its end.
fn replaced(world: &World, view: &TableName, definition: &str) -> Option<String> {
    let old = view::columns(&world.views.get(view)?.definition, world)?;
    let new = view::columns(definition, world)?;
    let at = old.iter().enumerate().find(|(at, name)| new.get(*at) != Some(*name)).map(|(at, _)| at)?;
    let shown = world.shown(view);
    Some(match new.get(at) {
        Some(name) => {
            format!("column {} of view {shown} is {} and would be {name}: a view that is replaced keeps its columns", at + 1, old[at])
        }
        None => format!("view {shown} would lose its column {}: a view that is replaced keeps its columns", old[at]),
    })
}

/// Statements that make nothing new.
fn others(effect: &mut Effect, around: Around<'_>, stmt: &Stmt) {
    let world = around.world;
    match stmt {
        Stmt::Drop { kind, names, on, cascade, concurrently, .. } => {
            drop(effect, world, (*kind, names, on.as_ref()), *cascade, *concurrently);
        }
        Stmt::Rename { kind, name, .. } => match kind {
            ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint => {
                let full = world.resolve(name);
                if !world.sequences.contains_key(&full) && world.resolve_index(name).1.is_none() {
                    effect.lock(&full, Mode::AccessExclusive);
                }
            }
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule => {
                effect.lock(&world.resolve(name), Mode::AccessExclusive);
            }
            _ => {}
        },
        Stmt::SetSchema { kind: ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView, name, .. } => {
            effect.lock(&world.resolve(name), Mode::AccessExclusive);
        }
        Stmt::CreateTrigger { table, references, .. } => {
            effect.lock(&world.resolve(table), Mode::ShareRowExclusive);
            if let Some(other) = references {
                effect.lock(&world.resolve(other), Mode::AccessShare);
            }
        }
        Stmt::CreatePolicy { table, .. } | Stmt::CreateRule { table, .. } => effect.lock(&world.resolve(table), Mode::AccessExclusive),
        Stmt::Comment {
            kind: ObjectKind::Table | ObjectKind::Column | ObjectKind::Constraint | ObjectKind::View | ObjectKind::Trigger,
            name,
            ..
        } => {
            effect.lock(&world.resolve(name), Mode::ShareUpdateExclusive);
        }
        Stmt::AlterDomain { name, validates: true, .. } => domain(effect, world, name),
        Stmt::Other(_) | Stmt::Do { .. } => effect.unknown = true,
        _ => {
            rows::of(effect, around, stmt);
            maintenance::of(effect, around, stmt);
        }
    }
}

/// The table that a foreign key of a new table refers to.
fn referenced(effect: &mut Effect, world: &World, constraint: &TableConstraint) {
    if let ConstraintBody::ForeignKey { table, .. } = &constraint.what {
        let other = world.resolve(table);
        effect.lock(&other, Mode::AccessShare);
        effect.lock(&other, Mode::ShareRowExclusive);
    }
}

/// Columns of the domain are read whole when it gets a constraint.
fn domain(effect: &mut Effect, world: &World, name: &Name) {
    let full = world.resolve(name);
    let shown = format!("{}.{}", quote(&full.schema), quote(&full.name));
    for table in world.tables.values().filter(|table| table.columns.iter().any(|column| column.data_type == shown)) {
        effect.lock(&table.name, Mode::Share);
        effect.scan(&table.name);
    }
}

fn drop(effect: &mut Effect, world: &World, what: (ObjectKind, &[Name], Option<&Name>), cascade: bool, concurrently: bool) {
    let (kind, names, on) = what;
    for name in names {
        match kind {
            ObjectKind::Table | ObjectKind::ForeignTable => {
                let full = world.resolve(name);
                if let Some(table) = world.tables.get(&full) {
                    for member in world.family(&full) {
                        effect.lock(&member, Mode::AccessExclusive);
                    }
                    // Triggers of foreign keys on the other tables go too.
                    for other in table.constraints.iter().filter_map(|constraint| constraint.references.as_ref()) {
                        effect.lock(other, Mode::AccessExclusive);
                    }
                    if cascade {
                        let readers = world.readers(&full, None);
                        for other in table.referenced_by.iter().map(|other| &other.table).chain(&readers) {
                            effect.lock(other, Mode::AccessExclusive);
                        }
                    }
                } else if world.lenient {
                    effect.lock(&full, Mode::AccessExclusive);
                }
            }
            ObjectKind::Index => {
                if let (_, Some(table)) = world.resolve_index(name) {
                    effect.lock(&table, if concurrently { Mode::ShareUpdateExclusive } else { Mode::AccessExclusive });
                }
                effect.concurrent = concurrently;
            }
            ObjectKind::View | ObjectKind::MaterializedView => {
                let full = world.resolve(name);
                if world.views.contains_key(&full) || world.lenient {
                    effect.lock(&full, Mode::AccessExclusive);
                }
            }
            ObjectKind::Schema => {
                for table in world.tables.keys().filter(|table| cascade && table.schema == name.name) {
                    effect.lock(table, Mode::AccessExclusive);
                }
            }
            ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
                if let Some(table) = on {
                    effect.lock(&world.resolve(table), Mode::AccessExclusive);
                }
            }
            _ => {}
        }
    }
}
