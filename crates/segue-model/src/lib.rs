//! The vocabulary of Segue: spec, catalog, change, plan, gate, finding, journal events.
//!
//! Everything here is a value. Nothing opens a socket, reads a clock, a file or the environment, or knows
//! how any database spells anything. Data flows one way: spec → observation → plan → journal → reports.

pub mod action;
pub mod assessment;
pub mod canonical;
pub mod catalog;
pub mod change;
pub mod check;
pub mod event;
pub mod finding;
pub mod glob;
pub mod ident;
pub mod plan;
pub mod problem;
pub mod reshape;
pub mod secret;
pub mod spec;
pub mod units;
pub mod verify;
