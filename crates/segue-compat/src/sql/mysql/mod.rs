//! MySQL and MariaDB: their DDL as a catalog, and what a migration script does to a running server.
//!
//! Tests: `tests/it/sql/{reading,script_lint}.rs`; what a server answered is in `tests/cases/sql-online-ddl/`.

pub mod lint;

use super::{CatalogRead, Dialect, ddl};
pub use lint::lint;

/// The catalog of a dump or schema file.
pub fn catalog(text: &str) -> CatalogRead {
    ddl::catalog(text, Dialect::Mysql)
}
