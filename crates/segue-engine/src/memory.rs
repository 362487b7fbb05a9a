//! The reference engine: deterministic, in this process.
