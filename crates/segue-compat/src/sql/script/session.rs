//! What a script's session has done so far: transaction, time-outs, new tables, locks that are still held.
//!
//! Tests: `tests/it/sql/script.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::ident::TableName;

use super::effect::Effect;
use super::lock::Mode;
use crate::sql::postgres::statement::{Action, ObjectKind, Stmt};
use crate::sql::postgres::world::World;

/// The session before a statement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Session {
    /// A transaction is open, by BEGIN or because the tool opens one.
    pub(crate) open: bool,
    /// The tool that runs the script wraps it.
    pub(crate) wrapped: bool,
    /// Counts transactions; a statement outside is one of its own.
    pub(crate) number: usize,
    pub(crate) lock_timeout: bool,
    /// What it was set to, to be set again.
    pub(crate) lock_timeout_value: Option<String>,
    pub(crate) statement_timeout: bool,
    /// The session's time zone is UTC.
    pub(crate) utc: Option<bool>,
    /// Tables that this script made, with the transaction that did.
    pub(crate) created: BTreeMap<TableName, usize>,
    /// Tables that this script drops where they are there, which they were not.
    pub(crate) absent: BTreeSet<TableName>,
    /// Columns that this script added without a value: NULL in every row.
    pub(crate) null_columns: BTreeSet<(TableName, String)>,
    /// The strongest lock on each table that this transaction holds.
    pub(crate) held: BTreeMap<TableName, Mode>,
    /// Constraints added NOT VALID, with the transaction.
    pub(crate) not_valid: BTreeMap<(TableName, String), usize>,
    /// Enums that got a value, with the transaction.
    pub(crate) enum_values: BTreeMap<TableName, usize>,
    /// Tables whose rows this transaction wrote.
    pub(crate) written: BTreeSet<TableName>,
    /// The conditions `IS NOT NULL` of earlier backfills: column filled, columns asked for.
    pub(crate) guarded: Vec<(TableName, Vec<String>, Vec<String>)>,
    local_lock_timeout: bool,
}

impl Session {
    pub(crate) fn new(wrapped: bool, utc: Option<bool>) -> Self {
        Self { open: wrapped, wrapped, utc, ..Self::default() }
    }

    /// This table was made here, so that nobody else uses it yet.
    pub(crate) fn is_new(&self, table: &TableName) -> bool {
        self.created.contains_key(table)
    }

    pub(crate) fn has_lock_timeout(&self) -> bool {
        self.lock_timeout || self.local_lock_timeout
    }

    /// After a statement, with the world as it was before.
    pub(crate) fn after(&mut self, stmt: &Stmt, effect: &Effect, world: &World) {
        match stmt {
            Stmt::Begin => {
                self.open = true;
                return;
            }
            Stmt::Commit | Stmt::Rollback => {
                self.open = self.wrapped;
                self.end();
                return;
            }
            Stmt::Set { name, value, local } => self.set(name, value, *local),
            _ => {}
        }
        for (table, modes) in &effect.locks {
            if let Some(mode) = modes.iter().max() {
                let held = self.held.entry(table.clone()).or_insert(*mode);
                *held = (*held).max(*mode);
            }
        }
        self.remember(stmt, world);
        if !self.open {
            self.end();
        }
    }

    fn end(&mut self) {
        self.number += 1;
        self.held.clear();
        self.written.clear();
        self.local_lock_timeout = false;
    }

    fn set(&mut self, name: &str, value: &str, local: bool) {
        let on = !matches!(value, "0" | "default" | "0s" | "0ms");
        match name {
            "lock_timeout" if local => self.local_lock_timeout = on && self.open,
            "lock_timeout" => {
                self.lock_timeout = on;
                self.lock_timeout_value = on.then(|| value.to_owned());
            }
            "statement_timeout" => self.statement_timeout = on,
            "timezone" => {
                self.utc = Some(matches!(value.to_ascii_lowercase().as_str(), "utc" | "gmt" | "etc/utc" | "0" | "zulu" | "etc/gmt"));
            }
            _ => {}
        }
    }

    fn remember(&mut self, stmt: &Stmt, world: &World) {
        match stmt {
            Stmt::CreateTable(table) => {
                let full = table.name.in_schema(world.schema());
                if !world.tables.contains_key(&full) {
                    self.created.insert(full, self.number);
                }
            }
            Stmt::CreateTableAs { name, .. } => {
                self.created.insert(name.in_schema(world.schema()), self.number);
            }
            Stmt::Drop { kind: ObjectKind::Table, names, if_exists: true, .. } => {
                let all = names.iter().map(|name| world.resolve(name));
                self.absent.extend(all.filter(|table| !world.tables.contains_key(table)));
            }
            Stmt::Rename { kind: ObjectKind::Table, name, to, .. } => {
                let full = world.resolve(name);
                if let Some(number) = self.created.remove(&full) {
                    self.created.insert(TableName::new(full.schema, to.clone()), number);
                }
            }
            Stmt::AlterTable { name, actions, .. } => {
                let full = world.resolve(name);
                for action in actions {
                    self.remember_action(&full, action, world);
                }
            }
            Stmt::Update { table, sets, not_null_guard, .. } => {
                let full = world.resolve(table);
                for column in sets {
                    self.null_columns.remove(&(full.clone(), column.clone()));
                }
                self.guarded.push((full.clone(), sets.clone(), not_null_guard.clone()));
                self.written.insert(full);
            }
            Stmt::Delete { table, .. } | Stmt::Insert { table, .. } => {
                let full = world.resolve(table);
                self.null_columns.retain(|(other, _)| *other != full);
                self.written.insert(full);
            }
            Stmt::AddEnumValue { name } => {
                self.enum_values.insert(world.resolve(name), self.number);
            }
            Stmt::Do { .. } | Stmt::Copy { .. } => self.null_columns.clear(),
            _ => {}
        }
    }

    fn remember_action(&mut self, table: &TableName, action: &Action, world: &World) {
        match action {
            Action::AddColumn { definition, .. }
                if definition.default.is_none() && definition.generated.is_none() && !definition.serial =>
            {
                self.null_columns.insert((table.clone(), definition.name.clone()));
            }
            Action::AddConstraint(constraint) if constraint.not_valid => {
                let name = world.constraint_name(table, constraint);
                self.not_valid.insert((table.clone(), name), self.number);
            }
            _ => {}
        }
    }
}
