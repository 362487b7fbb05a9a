//! Rules of root types. Tests: `tests/cases/graphql/root-*.case`.

pub mod added;
pub mod changed;
pub mod removed;
