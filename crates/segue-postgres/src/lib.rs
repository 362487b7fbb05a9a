//! The PostgreSQL engine: versions 14 to 18, over TLS by `rustls`, fenced by a control table in the database.
//!
//! It reads the catalog, changes the form of live tables (`reshape`), and starts private throw-away servers for
//! tests and demos. It must never print a row's value or a password, never read the process's environment, and
//! never write outside a transaction that has checked the epoch (or a session that holds the run's advisory
//! lock). Its tests are in `tests/it/` and at the end of each file; they run against real servers.

mod ask;
mod catalog;
mod clone;
mod control;
mod correct;
mod digest;
mod engine;
mod error;
mod fence;
mod inspect;
mod locks;
pub mod private_server;
mod reshape;
mod rows;
mod session;
mod target;
mod tls;

pub use clone::{Cloned, ClonedTable, clone_into};
pub use engine::PostgresEngine;
pub use reshape::version_paths;
pub use target::{SslMode, Target};
