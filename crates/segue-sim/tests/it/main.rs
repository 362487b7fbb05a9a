//! All tests of the simulation, the conformance suite and the step proofs: one binary.
#![allow(missing_docs, clippy::print_stdout)] // the figures of a run are its output

mod bank;
mod checks;
mod conformance_memory;
mod conformance_postgres;
mod conformance_sqlite;
mod inspect_all;
mod planner_agrees;
mod proof_memory;
mod proof_postgres;
mod proof_sqlite;
mod repair;
mod repair_around;
mod repair_deadlock;
mod repair_swap;
mod repair_triggers;
mod rows_conformance;
mod rows_declared;
mod rows_matrix;
mod rows_twins;
mod servers;
mod simulation;
mod soak;
