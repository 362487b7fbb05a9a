//! Pairs that say the same: most of every document, told apart without building anything.
//!
//! It must only ever say *the same keywords*; whatever differs, and whatever combines, is for the rules. Tests:
//! `tests/it/shape/relation.rs`.

use super::pairs::{Edge, Kind, Pairs, Part};
use super::view::ConjId;
use super::{Lists, Maps, Shape, ShapeId, Shapes, Types};
use crate::policy::Role;

/// A property by its name.
type Named = (Box<str>, ShapeId);

/// Both are the same and have no parts.
pub(super) fn same_leaf(old: &Shapes, a: ShapeId, new: &Shapes, b: ShapeId) -> bool {
    let (a, b) = (old.get(a), new.get(b));
    let leaf = |shape: &Shape| shape.lists.is_none() && shape.maps.is_none() && shape.combined.is_none() && shape.reference.is_none();
    leaf(a) && leaf(b) && same_own(a, b)
}

/// What a shape says without its parts.
pub(super) fn same_own(a: &Shape, b: &Shape) -> bool {
    a.types == b.types && a.rare == b.rare && a.numbers == b.numbers && a.texts == b.texts && a.notes == b.notes && a.members == b.members
}

fn same_lists(a: &Lists, b: &Lists) -> bool {
    (a.count_min, a.count_max, a.unique, a.first.len(), a.items.is_some())
        == (b.count_min, b.count_max, b.unique, b.first.len(), b.items.is_some())
        && [a, b].iter().all(|lists| lists.contains.is_none() && lists.unevaluated.is_none())
}

fn same_maps(a: &Maps, b: &Maps) -> bool {
    let plain = |maps: &Maps| {
        maps.patterns.is_empty()
            && maps.names.is_none()
            && maps.unevaluated.is_none()
            && maps.dependent_required.is_empty()
            && maps.dependent_shapes.is_empty()
    };
    plain(a)
        && plain(b)
        && (a.count_min, a.count_max, a.additional.is_some(), a.properties.len())
            == (b.count_min, b.count_max, b.additional.is_some(), b.properties.len())
        && a.required == b.required
        && a.properties.iter().zip(&b.properties).all(|(a, b)| a.0 == b.0)
}

/// The property is no part of what goes this way.
pub(super) fn is_hidden(shapes: &Shapes, id: ShapeId, role: Role) -> bool {
    let hides = |id: ShapeId| {
        shapes.get(id).notes.as_ref().is_some_and(|notes| match role {
            Role::Request => notes.read_only,
            Role::Response => notes.write_only,
            Role::Data => false,
        })
    };
    role != Role::Data && (hides(id) || hides(shapes.resolve(id)))
}

/// Adds the edges to the parts when both sides say the same; otherwise nothing, and `false`.
pub(super) fn expand(pairs: &mut Pairs<'_>, a: ConjId, b: ConjId, role: Role) -> bool {
    let (old_key, new_key) = (pairs.old.key(a), pairs.new.key(b));
    let ([old], [new]) = (&*old_key.shapes, &*new_key.shapes) else { return false };
    let narrowed = |key: &super::view::Key| !key.chosen.is_empty() || key.mask != Types::ANY;
    if narrowed(&old_key) || narrowed(&new_key) {
        return false;
    }
    let (old_shapes, new_shapes) = (pairs.old.shapes, pairs.new.shapes);
    let (left, right) = (old_shapes.get(*old), new_shapes.get(*new));
    let plain = |shape: &Shape| shape.reference.is_none() && shape.combined.is_none();
    if !(plain(left) && plain(right) && same_own(left, right)) {
        return false;
    }
    let lists = match (&left.lists, &right.lists) {
        (None, None) => None,
        (Some(a), Some(b)) if same_lists(a, b) => Some((a, b)),
        _ => return false,
    };
    let maps = match (&left.maps, &right.maps) {
        (None, None) => None,
        (Some(a), Some(b)) if same_maps(a, b) => Some((a, b)),
        _ => return false,
    };
    if let Some((Some(a), Some(b))) = maps.map(|(a, b)| (a.additional, b.additional)) {
        // Whether anything, nothing or a schema is taken is for a rule; two schemas are compared.
        let trivial = |shapes: &Shapes, id: ShapeId| matches!(shapes.get(id).types, Types::ANY | Types::NONE);
        if (trivial(old_shapes, a) || trivial(new_shapes, b)) && !same_leaf(old_shapes, a, new_shapes, b) {
            return false;
        }
    }
    if let Some((a, b)) = maps {
        let shown = |(a, b): (&Named, &Named)| {
            is_hidden(old_shapes, a.1, role) == is_hidden(new_shapes, b.1, role) && old_shapes.get(a.1).notes == new_shapes.get(b.1).notes
        };
        if !a.properties.iter().zip(&b.properties).all(shown) {
            return false;
        }
    }
    let mut parts: Vec<(ShapeId, ShapeId, Part<'_>)> = Vec::new();
    if let Some((a, b)) = lists {
        parts.extend((0..).zip(a.first.iter().zip(&b.first)).map(|(at, (a, b))| (*a, *b, Part::Item(at))));
        parts.extend(a.items.zip(b.items).map(|(one, other)| (one, other, Part::Item(a.first.len() as u32))));
    }
    if let Some((a, b)) = maps {
        let shown = a.properties.iter().zip(&b.properties).filter(|(a, _)| !is_hidden(old_shapes, a.1, role));
        parts.extend(shown.map(|(a, b)| (a.1, b.1, Part::Property(a.0.as_ref()))));
        parts.extend(a.additional.zip(b.additional).map(|(a, b)| (a, b, Part::Additional)));
    }
    for (a, b, part) in parts {
        if same_leaf(old_shapes, a, new_shapes, b) {
            continue;
        }
        let (a, b) = (pairs.old.one(a), pairs.new.one(b));
        let to = pairs.node(a, b, role);
        pairs.edges.push(Edge { to, kind: Kind::Plain, part, masked: 0 });
    }
    true
}
