//! What other tools call what our rules are about. Tests: `tests/it/peers.rs`.

pub mod coverage;
