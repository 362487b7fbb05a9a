//! Definitions of directives. Only what clients write in operations can break them. Tests: `tests/cases/graphql/directive-*.case`.

use super::inputs::{Owner, compare as compare_inputs};
use crate::graphql::context::Context;
use crate::graphql::rule::directive;

pub(super) fn compare(cx: &mut Context<'_>) {
    let (old, new) = (cx.old.schema, cx.new.schema);
    for was in old.directives.values() {
        let Some(is) = new.directives.get(was.name) else {
            directive::removed::check(cx, was);
            continue;
        };
        for location in was.locations.iter().filter(|location| !is.locations.has(location.name)) {
            directive::location_removed::check(cx, was, location);
        }
        for location in is.locations.iter().filter(|location| !was.locations.has(location.name)) {
            directive::location_added::check(cx, is, location);
        }
        if !old.hides_repeatable && !new.hides_repeatable {
            match (was.repeatable, is.repeatable) {
                (true, false) => directive::repeatable_removed::check(cx, was, is),
                (false, true) => directive::repeatable_added::check(cx, was, is),
                _ => {}
            }
        }
        let executable = was.is_executable() && is.is_executable();
        let owners = (Owner::Directive(was.name, executable), Owner::Directive(is.name, executable));
        compare_inputs(cx, owners.0, &was.arguments, owners.1, &is.arguments);
    }
    for is in new.directives.values().filter(|is| !old.directives.contains_key(is.name)) {
        directive::added::check(cx, is);
    }
}
