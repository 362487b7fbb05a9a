//! The reference engine: deterministic, in this process, with the semantics that every engine must have.
//!
//! The simulation runs on it, and the real engines are compared with it by one suite. It has no clock, no
//! randomness and no threads of its own. Each effect is a transaction on a copy of the whole database, so that an
//! injected crash ([`fault`]) leaves before or after, never between; an index build alone can be left in part, as
//! on a real server. Must never be used for users' data. Tests: here for the parts, `conformance` and
//! `simulation` in `segue-sim` for the whole.

mod client;
mod constraint;
mod correct;
mod describe;
mod engine;
mod evaluate;
mod expression;
mod failure;
pub mod fault;
mod form;
mod piece;
mod query;
mod rows;
mod statement;
mod sync;
mod table;
mod token;
mod transition;
mod value;
mod walk;

pub use client::{Client, Side};
pub use engine::{MemoryEngine, Planted, Snapshot};
pub use failure::Failure;
pub use value::{Kind, Value};
