//! One file a step kind: what it does, how it is observed, verified and undone. One registry.
//!
//! Steps know the engine's traits and no engine. They write no SQL, read no clock and keep nothing in memory
//! that the journal does not have. Each kind has its page under `docs/steps/`. Tests: `tests/it/`, and
//! `prove_step!` of `segue-sim` for each kind.

mod amount;
pub mod checks;
pub mod desk;
pub mod failure;
pub mod gates;
pub mod kind;
pub mod pace;
pub mod piece;
pub mod registry;
pub mod repairs;

pub use checks::{CheckReading, readings};
pub use gates::Gates;
pub use registry::{KINDS, Steps, build};
pub use repairs::{NoGates, Repairs};
