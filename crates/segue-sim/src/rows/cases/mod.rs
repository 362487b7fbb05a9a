//! The cases of the matrix, a file for each pair of engines.
//!
//! A case that fails is a defect of an engine's reader, of the canonical form or of the mapping: it must never be taken
//! out because it fails. Run by `tests/it/rows_matrix.rs`.

pub mod mariadb;
pub mod mariadb_postgres;
pub mod postgres;
pub mod sqlite;
pub mod sqlite_mariadb;
pub mod sqlite_postgres;
