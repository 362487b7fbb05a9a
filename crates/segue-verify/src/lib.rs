//! Engine-neutral comparison and repair: are the two sides really the same, which rows are not, and how are they put
//! right?
//!
//! It sees canonical bytes and no engine. A cut connection, a killed server or a time-out is an error of a side, never
//! a difference and never equality. It must never print or keep a row's value but in memory and in a file that the
//! user asked for. Tests: `tests/it/`, and `segue_sim::rows` with real servers.

pub mod checks;
mod compare;
pub mod emit;
pub mod fingerprint;
pub mod mapping;
mod merge;
mod options;
mod pair;
pub mod repair;
mod sample;
mod settle;
mod sink;
pub mod sketch;

pub use compare::{Compared, Resume, compare};
pub use options::{EngineChoice, Options};
pub use pair::TablePair;
pub use sample::{SampleStatement, at_most_ppm};
pub use settle::{Settled, Settling, settle};
pub use sink::{Difference, Pace, Progress, Side, Sink, VerifyError};
