//! Rules of other directives on definitions. Tests: `tests/cases/graphql/{use,limit}-*.case`.

pub mod limit;
pub mod other;

/// Uses as text; `none` when there are none.
pub(in crate::graphql) fn shown(uses: &[String]) -> String {
    if uses.is_empty() { "none".to_owned() } else { uses.join(" ") }
}
