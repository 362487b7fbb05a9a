//! Rules of directive definitions. Tests: `tests/cases/graphql/directive-*.case`.

pub mod added;
pub mod location_added;
pub mod location_removed;
pub mod removed;
pub mod repeatable_added;
pub mod repeatable_removed;
