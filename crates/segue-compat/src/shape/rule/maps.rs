//! Properties: which are on both sides, which went, came or were renamed; each of these has its rule.
//!
//! What does not go this way (`readOnly` in requests, `writeOnly` in responses) is not there. Tests: `tests/cases/shape/`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;

use super::{
    additional, dependent, notes, pattern_properties, property_added, property_count, property_names, property_removed, property_renamed,
    required,
};
use crate::shape::fast::is_hidden;
use crate::shape::pairs::{Kind, Local, Part};
use crate::shape::{ShapeId, Shapes};

/// All rules of maps.
pub(super) fn check(local: &mut Local<'_, '_>) {
    if local.a.maps.is_empty() && local.b.maps.is_empty() {
        return;
    }
    local.pairs.looked_past = false;
    let old = declared(local, Side::Old, local.pairs.old.shapes);
    let new = declared(local, Side::New, local.pairs.new.shapes);
    for (name, raw) in &old {
        let Some(other) = new.get(name) else { continue };
        let (a, b) = (local.a, local.b);
        let old_ids = local.pairs.property_ids(Side::Old, a, name);
        let new_ids = local.pairs.property_ids(Side::New, b, name);
        local.edge(&old_ids, &new_ids, Kind::Plain, Part::Property(name));
        referrers(local, *raw, *other);
    }
    let removed: Vec<(&str, ShapeId)> = old.iter().filter(|(name, _)| !new.contains_key(*name)).map(|(name, id)| (*name, *id)).collect();
    let added: Vec<(&str, ShapeId)> = new.iter().filter(|(name, _)| !old.contains_key(*name)).map(|(name, id)| (*name, *id)).collect();
    let (old_needed, new_needed) = (required::needed(local, Side::Old), required::needed(local, Side::New));
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let renamed = property_renamed::find(local, &removed, &added);
    for (i, j, alike) in &renamed {
        let (Some(from), Some(to)) = (removed.get(*i), added.get(*j)) else { continue };
        let needed = (old_needed.contains_key(from.0), new_needed.contains_key(to.0));
        property_renamed::check(local, *from, *to, *alike, needed);
        told.extend([from.0, to.0]);
    }
    for (name, id) in removed.iter().filter(|(name, _)| !renamed.iter().any(|(i, ..)| removed.get(*i).is_some_and(|one| one.0 == *name))) {
        if property_removed::check(local, name, *id, old_needed.contains_key(name)) {
            told.insert(name);
        }
    }
    for (name, id) in added.iter().filter(|(name, _)| !renamed.iter().any(|(_, j, _)| added.get(*j).is_some_and(|one| one.0 == *name))) {
        if property_added::check(local, name, *id, new_needed.contains_key(name)) {
            told.insert(name);
        }
    }
    required::check(local, (&old_needed, &new_needed), &told);
    additional::check(local);
    pattern_properties::check(local);
    property_names::check(local);
    property_count::check(local);
    dependent::check(local);
}

/// A reference with notes of its own.
fn referrers(local: &mut Local<'_, '_>, old: ShapeId, new: ShapeId) {
    let bare = |shapes: &Shapes, id: ShapeId| shapes.resolve(id) != id;
    if bare(local.pairs.old.shapes, old) || bare(local.pairs.new.shapes, new) {
        notes::compare(local, old, new);
    }
}

/// The declared properties that go this way.
fn declared<'a>(local: &Local<'_, 'a>, side: Side, shapes: &Shapes) -> BTreeMap<&'a str, ShapeId> {
    let view = if side == Side::Old { local.a } else { local.b };
    let mut all = BTreeMap::new();
    for (name, id) in view.maps.iter().flat_map(|(_, maps)| &maps.properties) {
        if !is_hidden(shapes, *id, local.role) {
            all.entry(name.as_ref()).or_insert(*id);
        }
    }
    all
}
