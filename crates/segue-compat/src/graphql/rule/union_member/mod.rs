//! Rules of unions. Tests: `tests/cases/graphql/union-*.case`.

pub mod added;
pub mod removed;
