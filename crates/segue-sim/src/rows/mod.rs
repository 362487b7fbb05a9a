//! What reading rows must be on every engine: one conformance, and the matrix of types, values and pairs of engines.
//!
//! The servers make the values from SQL text and are the oracle; nothing here encodes a value. Must never call a row
//! equal because it could not be read: a column that is not compared is an outcome of its own. Run by
//! `tests/it/rows_conformance.rs`, `tests/it/rows_matrix.rs` and `tests/it/rows_twins.rs`.

pub mod cases;
mod conformance;
pub mod matrix;
mod moment;
pub mod page;
mod place;
mod read;
mod reading;
pub mod twins;

pub use conformance::conformance;
pub use place::Place;
pub use read::{all_rows, decoded};
