//! Rules of enum values. Tests: `tests/cases/graphql/enum-*.case`.

pub mod added;
pub mod removed;
pub mod renamed;
