//! Changing the form of live tables, against real servers of each major version that is found.
//!
//! `build` makes a [`segue_model::reshape::TableChange`] by hand, `journey` walks one through its phases; the other
//! files hold one idea each. A database for each test, as in `tests/it/`.
#![allow(missing_docs, clippy::unwrap_used)]

mod build;
#[path = "../it/database.rs"]
#[allow(dead_code)]
mod database;
mod journey;

mod backfill;
mod carry;
mod clients;
mod compare;
mod constraint;
mod contract;
mod create;
mod domains;
mod forms;
mod judge;
mod refuse;
mod rights;
mod sides;
mod unseen;
mod witness;
