//! `segue demo`: a small live shop changes its form under load, goes back, goes forward, and loses nothing.
//!
//! The parent process runs the writers of both application versions and keeps a record of every acknowledged
//! write. The migration itself runs in child processes of this same binary, one of which is killed for real in
//! the middle of its backfill. In the end the record is held against the database. Tests: `tests/it/demo.rs`.

mod check;
mod child;
mod postgres;
mod record;
mod shop;
mod sqlite;
mod story;
mod writer;

pub(crate) use story::{Outcome, Story, tell};

/// Which form of the shop a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// `customers.name`, `orders.total` in cents.
    Old,
    /// `customers.full_name`, `orders.total` in euros, `orders.status`.
    New,
}
