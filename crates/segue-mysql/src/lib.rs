//! The MySQL and MariaDB engine: two flavours of one engine, told apart by what the server says of itself.
//!
//! It reads the catalog and the statistics ([`segue_engine::inspect::Inspect`]), reads rows for comparison
//! ([`segue_engine::rows::Rows`]), and starts private throw-away servers for tests and demos; it does not change the
//! form of tables yet. It must never print a row's value or a password, never read the process's environment, never send
//! a password in the clear to another machine, and never write but in a fenced transaction or into a temporary table for
//! a measurement. Tests: `tests/it/`, and at the end of each file; they run against real servers of MariaDB. What is
//! MySQL's own is written from its manual and was not run against a server of it.

mod ask;
mod catalog;
mod control;
mod correct;
mod error;
mod fence;
mod inspect;
pub mod private_server;
mod row;
mod rows;
mod session;
mod target;

pub use target::{SslMode, Target};

/// A database of a MySQL or MariaDB server.
#[derive(Debug)]
pub struct MysqlEngine {
    pub(crate) target: Target,
    /// Connections of this process that write.
    pub(crate) writers: fence::Own,
}

impl MysqlEngine {
    /// An engine for this target. Nothing is connected until something is asked.
    pub fn new(target: Target) -> Self {
        Self { target, writers: fence::Own::default() }
    }
}
