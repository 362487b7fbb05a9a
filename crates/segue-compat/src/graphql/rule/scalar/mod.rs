//! Rules of scalars. Tests: `tests/cases/graphql/scalar-*.case`.

pub mod specification_changed;
