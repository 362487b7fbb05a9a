//! Rules of `@oneOf`. Tests: `tests/cases/graphql/one-of-*.case`.

pub mod added;
pub mod removed;

use crate::graphql::context::{Context, Subject};

/// Judges a change of it.
pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, came: bool) {
    if came { added::check(cx, subject.clone()) } else { removed::check(cx, subject.clone()) }
}
