//! A property looks renamed.
//!
//! # What it checks
//! One property went and another came, with the same shape and a similar name, or with the old name as an alias.
//!
//! # Why it breaks
//! Both sides use a name that the other does not know.
//!
//! # Safe path
//! Have both names for a while: write both, read the new one, then let the old one go.
//!
//! # Example
//! `userName` to `user_name`, both texts: 95% alike.

use std::collections::BTreeSet;

use segue_model::check::Side;

use crate::likeness::likeness;
use crate::rule::Rule;
use crate::shape::pairs::{Kind, Local, Part, Proof, Way};
use crate::shape::{Shape, ShapeId, Shapes, Types};

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "property-renamed",
    title: "A property looks renamed",
    why: "Both sides use a name that the other does not know.",
    fix: "Have both names for a while: write both, read the new one, then let the old one go.",
    answers: &[],
};

/// How alike names must be, in per cent.
const LIKENESS_MIN: u32 = 60;
/// The most pairs that are looked at.
const PAIRS_MAX: usize = 10_000;

/// Those that belong together, by their index in each list.
pub(super) fn find(local: &Local<'_, '_>, removed: &[(&str, ShapeId)], added: &[(&str, ShapeId)]) -> Vec<(usize, usize, u32)> {
    if removed.len() * added.len() > PAIRS_MAX {
        return Vec::new();
    }
    let (old, new) = (local.pairs.old.shapes, local.pairs.new.shapes);
    let mut all = Vec::new();
    for (i, (name, a)) in removed.iter().enumerate() {
        for (j, (other, b)) in added.iter().enumerate() {
            let alias = new.get(*b).notes.as_ref().is_some_and(|notes| notes.aliases.iter().any(|alias| alias.as_ref() == *name));
            let alike = if alias { 100 } else { likeness(name, other) };
            if alike >= LIKENESS_MIN && (alias || same_form(old, *a, new, *b)) {
                all.push((alike, i, j));
            }
        }
    }
    all.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_a, mut used_b) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (alike, i, j) in all {
        if !used_a.contains(&i) && !used_b.contains(&j) {
            used_a.insert(i);
            used_b.insert(j);
            found.push((i, j, alike));
        }
    }
    found.sort_unstable();
    found
}

/// The same kinds and limits; parts count by their names.
fn same_form(old: &Shapes, a: ShapeId, new: &Shapes, b: ShapeId) -> bool {
    let (a, b) = (old.get(old.resolve(a)), new.get(new.resolve(b)));
    let names = |shape: &Shape| shape.maps.iter().flat_map(|maps| &maps.properties).map(|(name, _)| name.clone()).collect::<Vec<_>>();
    a.types == b.types
        && a.types != Types::ANY
        && a.members == b.members
        && a.numbers == b.numbers
        && a.texts == b.texts
        && a.encoding() == b.encoding()
        && names(a) == names(b)
}

/// Tells of one proposal.
pub(super) fn check(
    local: &mut Local<'_, '_>,
    (name, a): (&str, ShapeId),
    (other, b): (&str, ShapeId),
    alike: u32,
    required: (bool, bool),
) {
    let anchor = local.anchor(Some(a), Some(b));
    let words = (
        format!("renamed {name} -> {other}"),
        format!("`{name}` looks renamed to `{other}` ({alike}% alike, the same shape): each side uses a name that the other does not know"),
    );
    let mut values = Vec::new();
    for (side, view) in [(Side::Old, local.a), (Side::New, local.b)] {
        values.push(local.pairs.map(side, view, &[], 0));
    }
    let mut values = values.into_iter();
    let (old_value, new_value) = (values.next().flatten(), values.next().flatten());
    let narrowed = if required.1 { local.prove(Way::Narrowed, old_value) } else { Proof::Yes(None) };
    let widened = if required.0 { local.prove(Way::Widened, new_value) } else { Proof::Yes(None) };
    let plain = |proof: Proof| if proof == Proof::Unsure { Proof::Yes(None) } else { proof };
    let count = local.diffs.len();
    local.differ(&RULE, anchor, words, plain(narrowed), plain(widened));
    if let Some(diff) = local.diffs.get_mut(count) {
        diff.tolerated = !required.0 && !required.1;
    }
    local.edge(&[a], &[b], Kind::Plain, Part::Other);
}
