//! Rules of fields of objects and interfaces. Tests: `tests/cases/graphql/field-*.case`.

pub mod added;
pub mod merge_conflict;
pub mod removed;
pub mod renamed;
pub mod type_changed;
