//! The MySQL engine against real servers of MariaDB: one binary, one file an idea.
//!
//! Each test has a database of its own with a hostile name, on a private server that the tests of one process share.
#![allow(missing_docs, clippy::unwrap_used)]

mod beside;
mod catalog;
mod database;
mod digest;
mod edge_values;
mod errors;
mod fence;
mod inspect;
mod moment;
mod private;
mod reading;
mod stream;
mod tls;
