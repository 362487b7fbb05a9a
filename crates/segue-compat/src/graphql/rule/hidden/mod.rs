//! Rules of `@inaccessible`. Tests: `tests/cases/graphql/hidden-*.case`.

pub mod added;
pub mod removed;

use crate::graphql::context::{Context, Subject};

/// Judges a change of it.
pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, went: bool, came: bool) {
    if came {
        added::check(cx, subject.clone());
    } else if went {
        removed::check(cx, subject.clone());
    }
}
