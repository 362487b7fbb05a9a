//! The type of a value changed.
//!
//! # What it checks
//! Kinds of values (`null` apart) that one side accepts and the other does not.
//!
//! # Why it breaks
//! A value of the kind that went away is refused; one of a kind that came is a surprise to its reader.
//!
//! # Safe path
//! Accept both kinds for a while, or give the new kind a new name.
//!
//! # Example
//! `type: integer` to `type: string`: 5 is refused now.

use crate::rule::Rule;
use crate::shape::Types;
use crate::shape::pairs::{Local, Proof, Way, sides};
use crate::shape::view::View;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "type",
    title: "The type of a value changed",
    why: "A value of the kind that went away is refused; one of a kind that came is a surprise to its reader.",
    fix: "Accept both kinds for a while, or give the new kind a new name.",
    answers: &["oasdiff:request-property-type-changed", "oasdiff:response-property-type-changed"],
};

/// Compares the kinds; what both have is for the other rules.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let null = Types::NULL;
    let (old, new) = (local.a.types.without(null), local.b.types.without(null));
    if old == new {
        return;
    }
    let (lost, came) = (old.without(new), new.without(old));
    // Null has a rule of its own, but where it is all there is, or one of all, it must be named.
    let whole = |view: &View<'_>, rest: Types| if rest == Types::NONE || view.types == Types::ANY { view.types } else { rest };
    let (before, after) = (names(whole(local.a, old)), names(whole(local.b, new)));
    let anchor = local.anchor(local.a.types_at, local.b.types_at.or(local.b.parts.first().copied()));
    let words = (format!("type {before} -> {after}"), format!("the type went from {before} to {after}{}", consequence(lost, came)));
    let narrowed = side(local, Way::Narrowed, lost);
    let widened = side(local, Way::Widened, came);
    local.differ(&RULE, anchor, words, narrowed, widened);
}

fn consequence(lost: Types, came: Types) -> String {
    let are = |types: Types| {
        let names = names(types);
        let many = names.contains(", ") || names == "fractions";
        format!("{names} {}", if many { "are" } else { "is" })
    };
    match (lost == Types::NONE, came == Types::NONE) {
        (false, true) => format!(": {} refused now", are(lost)),
        (true, false) => format!(": {} accepted now", are(came)),
        _ => String::new(),
    }
}

/// Values of the kinds that only one side has.
pub(super) fn side(local: &mut Local<'_, '_>, way: Way, kinds: Types) -> Proof {
    if kinds == Types::NONE {
        return Proof::No;
    }
    let (side, _) = sides(way);
    let view = if side == segue_model::check::Side::Old { local.a } else { local.b };
    let mut candidates = Vec::new();
    for bit in 0..7 {
        let kind = Types(1 << bit);
        if kinds.meets(kind) {
            candidates.extend(local.pairs.of_kind(side, view, kind, 4, 0));
        }
    }
    local.prove(way, candidates)
}

/// The kinds as a document writes them.
pub(in crate::shape) fn names(types: Types) -> String {
    let mut names = Vec::new();
    for (kind, name) in [
        (Types::NULL, "null"),
        (Types::BOOLEAN, "boolean"),
        (Types::NUMBER, "number"),
        (Types::STRING, "string"),
        (Types::ARRAY, "array"),
        (Types::OBJECT, "object"),
    ] {
        if types.has(kind) {
            names.push(name);
        } else if types.meets(kind) {
            names.push(if types.meets(Types::INTEGER) { "integer" } else { "fractions" });
        }
    }
    match names.len() {
        0 => "nothing".to_owned(),
        6 => "anything".to_owned(),
        _ => names.join(", "),
    }
}
