//! SQL dumps, schema files and live catalogs: one form, one set of rules.
//!
//! Holds names and definitions only. A row's value, a default, a comment or a password never leaves this module.
//! Tests: `tests/it/dump.rs`, `tests/it/tables.rs`, `tests/it/judge.rs`, `tests/it/schema_json.rs`.

mod boundary;
mod dialect;
mod dump;
mod judge;
mod read;
pub(crate) mod rule;
mod scan;
mod schema;
mod schema_json;
mod split;
mod tokens;

pub use dialect::Dialect;
pub use dump::dump;
pub use judge::judge;
pub use schema_json::schema_json;
