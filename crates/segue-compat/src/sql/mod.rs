//! SQL: scripts that migrate, and schemas compared.
//!
//! `postgres/`, `mysql/` and `sqlite/` read DDL into a catalog; `compare/` compares two catalogs; `script/` says what a
//! script's statements lock, rewrite and break. The only place of this crate with SQL text. Tests: `tests/it/sql/`.

pub(crate) mod bounds;
pub mod compare;
pub(crate) mod ddl;
pub mod detect;
pub mod mysql;
pub(crate) mod scan;
pub mod schema_json;
pub mod sqlite;
pub mod steps;

pub mod postgres;
pub mod script;

use std::collections::{BTreeMap, BTreeSet};

use segue_model::catalog::Catalog;

use crate::source::Span;

/// The dialect of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
}

/// A schema that was read from DDL.
#[derive(Debug, Clone, Default)]
pub struct CatalogRead {
    /// What it says.
    pub catalog: Catalog,
    /// Where each object stands: `shop.users`, `shop.users.email`, `shop.users#users_email_key` (indexes, constraints).
    pub places: BTreeMap<String, Span>,
    /// What was not understood, one sentence each with its line.
    pub not_read: Vec<String>,
    /// The labels of enum types in their order, by `schema.type`.
    pub enums: BTreeMap<String, Vec<String>>,
    /// Other objects by kind and name, with their definitions: `sequence public.s`, `domain public.d`, `function public.f`.
    pub objects: BTreeMap<String, String>,
    /// Domains by `schema.name`, quoted where a name must be.
    pub domains: BTreeMap<String, Domain>,
    /// Types that are no domains, by `schema.name`: enums, composite types, ranges.
    pub types: BTreeSet<String>,
    /// Tables and views alone were read, as of a live database: `enums`, `objects` and `domains` say nothing.
    pub tables_alone: bool,
    /// Read from a live database: `objects` are in the server's words, not in those of a file.
    pub served: bool,
}

/// A type with a condition of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Domain {
    /// The type below it.
    pub base: String,
    /// Values must pass a check, or may not be NULL.
    pub constrained: bool,
}

/// What is known of the database that a script runs on.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Its tables.
    pub catalog: Catalog,
    /// Rows and bytes (indexes included) of tables, by `schema.table`, from the server.
    pub sizes: BTreeMap<String, Size>,
    /// The server's version as a number: 150004 on PostgreSQL, 101104 on MariaDB.
    pub version: Option<u32>,
    /// Its domains, by `schema.name`.
    pub domains: BTreeMap<String, Domain>,
    /// Types that are known to be no domains.
    pub types: BTreeSet<String>,
}

impl Facts {
    /// What a schema's text says: everything but sizes and version.
    pub fn of(read: CatalogRead) -> Self {
        let CatalogRead { catalog, domains, types, .. } = read;
        Self { catalog, domains, types, ..Self::default() }
    }
}

/// How large a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Rows, estimated by the server.
    pub rows: u64,
    /// Bytes on disk, indexes included.
    pub bytes: u64,
}
