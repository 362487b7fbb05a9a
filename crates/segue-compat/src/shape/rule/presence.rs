//! A property that only one side declares: what that means for who sends and who reads.
//!
//! In an open world it is only a matter of sets: what was anything must fit now. In a closed world nobody sends what is not
//! declared, and readers ignore it: then it matters whether somebody sends it in vain, or misses it. Tests: `tests/cases/shape/`.

use segue_model::check::Side;

use super::{is_anything, misfit};
use crate::policy::Role;
use crate::rule::Rule;
use crate::shape::Types;
use crate::shape::pairs::{Anchor, Kind, Local, Part, Proof, Way, sides};

/// `Narrowed` is a property that went, `Widened` one that came. `true` when this tells also of `required`.
pub(super) fn check(local: &mut Local<'_, '_>, rule: &'static Rule, way: Way, (name, anchor): (&str, Anchor), required: bool) -> bool {
    let (has, lacks) = sides(way);
    let view = |side: Side| if side == Side::Old { local.a } else { local.b };
    let (own, other) = (view(has), view(lacks));
    let others = local.pairs.property_ids(lacks, other, name);
    let ids = local.pairs.property_ids(has, own, name);
    let conj = local.pairs.arena(lacks).all(&others);
    let open = others.is_empty() || is_anything(local, lacks, conj);
    let closed = !open && local.pairs.arena(lacks).view(conj).types == Types::NONE;
    if !open && !closed {
        let (old, new) = if has == Side::Old { (ids, others) } else { (others, ids) };
        local.edge(&old, &new, Kind::Plain, Part::Other);
        return false;
    }
    if local.pairs.options.closed_world {
        return in_closed_world(local, rule, way, (name, anchor), (required, closed));
    }
    let own_conj = local.pairs.arena(has).all(&ids);
    if open {
        // Anything was there, or may be there: what the declared shape refuses makes the difference.
        if is_anything(local, has, own_conj) {
            return false;
        }
        let back = if way == Way::Narrowed { Way::Widened } else { Way::Narrowed };
        let values: Vec<_> =
            misfit(local, has, own_conj).iter().filter_map(|value| local.pairs.map_with(lacks, other, name, value)).collect();
        local.claim(rule, back, anchor, words(way, name, "an open map"), values);
    } else {
        let value = local.pairs.example(has, own_conj, 1).and_then(|value| local.pairs.map_with(has, own, name, &value));
        local.claim(rule, way, anchor, words(way, name, "a closed map"), value);
    }
    false
}

fn words(way: Way, name: &str, of: &str) -> (String, String) {
    match way {
        Way::Narrowed => (format!("property - {name}"), format!("`{name}` was removed from {of}")),
        Way::Widened => (format!("property + {name}"), format!("`{name}` was added to {of}")),
    }
}

fn in_closed_world(
    local: &mut Local<'_, '_>,
    rule: &'static Rule,
    way: Way,
    (name, anchor): (&str, Anchor),
    (required, closed): (bool, bool),
) -> bool {
    let response = local.role == Role::Response;
    let added = way == Way::Widened;
    let message = match (response, added, closed, required) {
        (true, false, _, true) => format!("`{name}` was always there and is not sent any more"),
        (true, false, ..) => format!("`{name}` is not sent any more: who reads it finds nothing"),
        (true, true, ..) => format!("`{name}` is sent now"),
        (false, false, true, _) => format!("`{name}` was removed: values with it are refused now"),
        (false, false, false, _) => format!("`{name}` was removed: what is sent in it is ignored now"),
        (false, true, true, _) => format!("`{name}` may be sent now; the old side refuses it"),
        (false, true, false, _) => format!("`{name}` may be sent now; the old side ignores it"),
    };
    let change = format!("property {} {name}", if added { '+' } else { '-' });
    // Who reads a response misses what is gone, or what is not there yet: the way is the other one.
    let shown = match (response, way) {
        (false, way) => way,
        (true, Way::Narrowed) => Way::Widened,
        (true, Way::Widened) => Way::Narrowed,
    };
    let proof = proof(local, shown, name, (required && response, closed && !response));
    let count = local.diffs.len();
    match shown {
        Way::Narrowed => local.differ(rule, anchor, (change, message), proof, Proof::No),
        Way::Widened => local.differ(rule, anchor, (change, message), Proof::No, proof),
    }
    if let Some(diff) = local.diffs.get_mut(count) {
        diff.tolerated = if response { !required } else { !closed };
        diff.additive = added && diff.tolerated;
    }
    response && required
}

/// A value without what was always there, or with what is refused; what is only ignored has none.
fn proof(local: &mut Local<'_, '_>, way: Way, name: &str, (missed, refused): (bool, bool)) -> Proof {
    let (takes, _) = sides(way);
    let view = if takes == Side::Old { local.a } else { local.b };
    let value = match (missed, refused) {
        (true, _) => local.pairs.map(takes, view, &[], 0),
        (_, true) => {
            let ids = local.pairs.property_ids(takes, view, name);
            let conj = local.pairs.arena(takes).all(&ids);
            local.pairs.example(takes, conj, 1).and_then(|value| local.pairs.map_with(takes, view, name, &value))
        }
        _ => None,
    };
    match local.prove(way, value) {
        Proof::Yes(value) => Proof::Yes(value),
        _ => Proof::Yes(None),
    }
}
