//! Rules of `@deprecated`. Tests: `tests/cases/graphql/deprecation-*.case`.

pub mod added;
pub mod reason_changed;
pub mod removed;

use crate::graphql::context::{Context, Subject};
use crate::graphql::schema::{Use, reason};

/// Judges what became of a deprecation.
pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, was: Option<&Use<'a>>, is: Option<&Use<'a>>) {
    match (was, is) {
        (None, Some(_)) => added::check(cx, subject.clone()),
        (Some(_), None) => removed::check(cx, subject.clone()),
        (Some(was), Some(is)) if reason(was) != reason(is) => reason_changed::check(cx, subject.clone()),
        _ => {}
    }
}
