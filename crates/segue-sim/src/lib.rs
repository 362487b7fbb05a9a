//! Development only: what proves the rest.
//!
//! `conformance` is one suite that every engine passes; `world` crashes a run at each of its points and compares
//! with two goldens; `hostile` names that careless code does not survive. Must never be a dependency of anything
//! but tests. Its own tests are in `tests/it/`.

pub mod bank;
pub mod conformance;
pub mod hostile;
pub mod inspect;
pub mod journey;
pub mod planning;
pub mod proof;
pub mod repair;
pub mod rows;
pub mod seed;
pub mod stage;
pub mod traffic;
pub mod world;
