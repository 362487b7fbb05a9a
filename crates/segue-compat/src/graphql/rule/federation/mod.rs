//! Rules of federated subgraphs. Tests: `tests/cases/graphql/federation-*.case`.

pub mod composition_changed;
pub mod key_added;
pub mod key_removed;

use crate::graphql::context::{Context, Subject};

/// Judges a change of one of their directives.
pub(in crate::graphql) fn check<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, name: &str, was: &[String], is: &[String]) {
    if name == "key" {
        for key in was.iter().filter(|key| !is.contains(key)) {
            key_removed::check(cx, subject.clone(), key);
        }
        for key in is.iter().filter(|key| !was.contains(key)) {
            key_added::check(cx, subject.clone(), key);
        }
        return;
    }
    composition_changed::check(cx, subject.clone(), &super::use_changed::shown(was), &super::use_changed::shown(is));
}
