//! Rules of directives that decide who may ask. Tests: `tests/cases/graphql/access-*.case`.

pub mod changed;
pub mod loosened;
pub mod tightened;

use crate::graphql::context::{Context, Subject};

/// Judges a change of one of them.
pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, was: &[String], is: &[String]) {
    let (old, new) = (was.join(" "), is.join(" "));
    match (was.is_empty(), is.is_empty()) {
        (true, _) => tightened::check(cx, subject.clone(), &new),
        (_, true) => loosened::check(cx, subject.clone(), &old),
        _ => changed::check(cx, subject.clone(), &old, &new),
    }
}
