//! Rules of implemented interfaces. Tests: `tests/cases/graphql/interface-*.case`.

pub mod added;
pub mod removed;
