//! Rules about suppressions. Tests: `tests/it/ignore.rs`.

pub mod expired;
pub mod unused;
pub mod without_reason;
