//! The bank (R2, R5, R6): real `segue` processes change a bank under writers of both versions, and a checker that
//! trusts nobody holds the writers' own synced files against the database.
//!
//! A suite must never sleep for a state it can look at, and never count a failed statement as harmless. CI runs a
//! few rounds; `SEGUE_SOAK` runs many. Its figures are printed and appended to `SEGUE_SOAK_DIR`.

#![allow(missing_docs)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures of a suite are what it prints")]

mod bank;
mod book;
mod check;
mod checker;
mod contract;
mod faults;
mod faults_sqlite;
mod figures;
mod journey;
mod kills;
mod locks;
mod on_postgres;
mod on_sqlite;
mod run;
#[path = "../shared/said.rs"]
mod said;
mod servers;
mod take_over;
mod teller;
mod writer;
