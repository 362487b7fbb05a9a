//! SQLite: its DDL as a catalog, and what a migration script does to a file in use. Tests: `tests/it/sql/{reading,script_lint}.rs`.

pub mod lint;

use super::{CatalogRead, Dialect, ddl};
pub use lint::lint;

/// The catalog of a dump or schema file.
pub fn catalog(text: &str) -> CatalogRead {
    ddl::catalog(text, Dialect::Sqlite)
}
