//! Rules over several versions of a contract. Tests: `tests/it/matrix.rs`.

pub mod breaking_without_major;
