//! Real histories and real data: pgroll's examples as one history, and Sakila, each through the binary on a private
//! PostgreSQL server.
//!
//! Nothing here is made up to fit: the data is that of `../shared/data`. It must never touch a server that it did
//! not start. Without the data the tests skip on a person's machine, and fail where `CI` is set.

#![allow(missing_docs)]

mod catalog;
mod dump;
mod ground;
mod pgroll;
mod sakila;
mod translate;
