//! Texts of commands that people run: SQL of the engines' own replication, connector settings, queries that count.
//!
//! A room of its own, because SQL lives in the engines and here nothing is ever executed: the texts are parts of a plan.
//! No text may hold a placeholder, a password, or an unquoted name. Tests: `tests/it/project_commands.rs`.

pub(crate) mod debezium;
pub(crate) mod engine;
pub(crate) mod name;
pub(crate) mod proxy;
pub(crate) mod replica;
pub(crate) mod rows;
