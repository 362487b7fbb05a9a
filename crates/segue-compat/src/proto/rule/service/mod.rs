//! Rules about services and their methods.

pub mod added;
pub mod client_streaming_changed;
pub mod deprecated;
pub mod http_changed;
pub mod idempotency_changed;
pub mod method_added;
pub mod method_removed;
pub mod method_renamed;
pub mod removed;
pub mod renamed;
pub mod request_type_changed;
pub mod response_type_changed;
pub mod server_streaming_changed;

use std::collections::BTreeMap;

use super::{Context, MethodPair};
use crate::proto::model::{Method, Service};

/// More methods that went or came are not compared each with each.
const RENAMES_MAX: usize = 400;

pub(super) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    removed::check(context);
    added::check(context);
    renamed::check(context);
    for (at, partner) in &pairs.services {
        let (before, after) = (&old.services[*at], &new.services[*partner]);
        deprecated::check(context, &before.name, after.place, before.deprecated, after.deprecated);
        methods(context, before, after);
    }
}

fn methods(context: &mut Context<'_>, before: &Service, after: &Service) {
    let names = |service: &'_ Service| -> BTreeMap<String, usize> {
        service.methods.iter().enumerate().map(|(at, method)| (method.name.to_string(), at)).collect()
    };
    let (old_names, new_names) = (names(before), names(after));
    let gone: Vec<&Method> = before.methods.iter().filter(|method| !new_names.contains_key(&*method.name)).collect();
    let came: Vec<&Method> = after.methods.iter().filter(|method| !old_names.contains_key(&*method.name)).collect();
    let mut found: Vec<(&Method, &Method)> = Vec::new();
    let few = gone.len().max(came.len()) <= RENAMES_MAX;
    for old in gone.iter().filter(|_| few) {
        let same = |new: &&&Method| is_same(context, old, new);
        let rivals = gone.iter().filter(|rival| is_same_old(rival, old)).count();
        let mut candidates = came.iter().filter(same);
        if let (Some(new), None, 1) = (candidates.next(), candidates.next(), rivals) {
            found.push((old, new));
        }
    }
    for old in &gone {
        match found.iter().find(|pair| std::ptr::eq(pair.0, *old)) {
            Some((old, new)) => both(context, &MethodPair { service: before, old, new }),
            None => method_removed::check(context, before, old),
        }
    }
    for new in came.iter().filter(|new| !found.iter().any(|pair| std::ptr::eq(pair.1, **new))) {
        method_added::check(context, after, new);
    }
    for old in &before.methods {
        if let Some(at) = new_names.get(&*old.name) {
            both(context, &MethodPair { service: before, old, new: &after.methods[*at] });
        }
    }
}

fn is_same(context: &Context<'_>, old: &Method, new: &Method) -> bool {
    let (old_model, new_model) = (context.old, context.new);
    context.pairs.same_type((old_model, &old.input), (new_model, &new.input))
        && context.pairs.same_type((old_model, &old.output), (new_model, &new.output))
        && (old.client_streaming, old.server_streaming) == (new.client_streaming, new.server_streaming)
}

fn is_same_old(one: &Method, other: &Method) -> bool {
    (&one.input, &one.output, one.client_streaming, one.server_streaming)
        == (&other.input, &other.output, other.client_streaming, other.server_streaming)
}

fn both(context: &mut Context<'_>, pair: &MethodPair<'_>) {
    method_renamed::check(context, pair);
    request_type_changed::check(context, pair);
    response_type_changed::check(context, pair);
    client_streaming_changed::check(context, pair);
    server_streaming_changed::check(context, pair);
    idempotency_changed::check(context, pair);
    http_changed::check(context, pair);
    let object = pair.object();
    deprecated::check(context, &object, pair.new.place, pair.old.deprecated, pair.new.deprecated);
}
