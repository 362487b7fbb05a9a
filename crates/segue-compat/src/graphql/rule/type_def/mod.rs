//! Rules of whole types. Tests: `tests/cases/graphql/type-*.case`.

pub mod added;
pub mod kind_changed;
pub mod removed;
pub mod renamed;
