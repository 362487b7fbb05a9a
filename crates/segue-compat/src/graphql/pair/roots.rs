//! The root types. Tests: `tests/cases/graphql/root.case`.

use segue_model::check::Side;

use super::fields;
use crate::graphql::context::Context;
use crate::graphql::rule;
use crate::graphql::schema::OPERATIONS;

/// Compares them; returns the root types that have another name now.
pub(super) fn compare<'a>(cx: &mut Context<'a>) -> Vec<(&'a str, &'a str)> {
    let mut moved = Vec::new();
    let (old, new) = (cx.old.schema, cx.new.schema);
    for (operation, (was, is)) in OPERATIONS.into_iter().zip(old.roots.into_iter().zip(new.roots)) {
        match (was, is) {
            (Some((was, place)), None) if !cx.is_unread(Side::New, was) => rule::root::removed::check(cx, operation, was, place),
            (None, Some((is, place))) if !cx.is_unread(Side::Old, is) => rule::root::added::check(cx, operation, is, place),
            (Some((was, _)), Some((is, place))) if was != is => {
                rule::root::changed::check(cx, operation, was, is, place);
                match (old.types.get(is), new.types.get(was)) {
                    // Only the name is another one.
                    (None, None) => moved.push((was, is)),
                    _ => {
                        if let (Some(was), Some(is)) = (old.types.get(was), new.types.get(is)) {
                            fields::compare(cx, was, is);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    moved
}
