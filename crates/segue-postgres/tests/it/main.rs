//! The PostgreSQL engine against real servers: one binary, one file an idea.
//!
//! Every test runs on every major version whose programs are found (`SEGUE_TEST_PG_BINS`, or Debian's folders), in
//! a database of its own with a hostile name.
#![allow(missing_docs, clippy::unwrap_used)]

mod catalog;
mod control;
mod database;
mod digest;
mod errors;
mod fence;
mod hostile;
mod inspect;
mod locks;
mod private;
mod rows;
mod sakila;
mod tls;
