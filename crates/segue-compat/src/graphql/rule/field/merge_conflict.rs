//! A field cannot be selected beside its namesake any more
//!
//! # What it checks
//!
//! Objects that stand in one union or interface and have a field of one name: in one selection their types must be
//! alike, in every list and every `!`, and leaves must be of one type. They were, and are not.
//!
//! # Why it breaks
//!
//! An operation that selects the field in fragments on both types is refused by validation, though each type by itself
//! changed in a way that looks safe: nullable to non-null, for one.
//!
//! # Safe path
//!
//! Change the field in all types of the union or interface at once, or ask clients to give one of the two another name
//! (an alias) first.
//!
//! # Example
//!
//! ```graphql
//!   union Result = Order | Offer
//! - type Order { total: Int }
//! + type Order { total: Int! }
//!   type Offer { total: Int }
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{Field, Schema, TypeDef, TypeKind, TypeRef};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-field-merge-conflict",
    title: "A field cannot be selected beside its namesake any more",
    why: "An operation that selects the field in fragments on both types is refused as a whole.",
    fix: "Change the field in all these types at once, or let clients use an alias for one of them first.",
    answers: &["graphql-inspector:FIELD_TYPE_CHANGED"],
};

/// How many neighbours of one field are looked at.
const NEIGHBOURS_MAX: usize = 1_000;

pub(in crate::graphql) fn check<'a>(
    cx: &mut Context<'a>,
    old: &'a TypeDef<'a>,
    was: &'a Field<'a>,
    new: &'a TypeDef<'a>,
    is: &'a Field<'a>,
) {
    if old.kind != TypeKind::Object || alike(cx.old.schema, was.gives, cx.new.schema, is.gives) {
        return;
    }
    if cx.is_full(&RULE) {
        return;
    }
    let (old_schema, new_schema) = (cx.old.schema, cx.new.schema);
    for (parent, other) in neighbours(cx, old) {
        let (Some(before), Some(after)) = (old_schema.types.get(other), new_schema.types.get(cx.new_name(other))) else { continue };
        let (Some(before), Some(after)) = (before.fields.get(was.name), after.fields.get(is.name)) else { continue };
        let could = alike(old_schema, was.gives, old_schema, before.gives);
        let can = alike(new_schema, is.gives, new_schema, after.gives);
        let subject = Subject::new(Side::New, new.name, is.name, is.place);
        let names = format!("{} and {other}.{} inside of {parent}", subject.object(), after.name);
        let change = format!("{} beside {}", is.gives, after.gives);
        match (could, can) {
            (true, false) => {
                let query = cx.old.writer.two(parent, (old.name, was.name), (other, before.name));
                let message = format!("{names} cannot be selected under one name any more: {} and {}", is.gives, after.gives);
                cx.push(
                    Found::new(&RULE, subject, Effect::Gone, message).at_most(Severity::Medium).change(change).witness(Side::Old, query),
                );
                return;
            }
            (false, true) => {
                let query = cx.new.writer.two(cx.new_name(parent), (new.name, is.name), (cx.new_name(other), after.name));
                let message = format!("{names} can be selected under one name now");
                cx.push(Found::new(&RULE, subject, Effect::Came, message).change(change).witness(Side::New, query));
                return;
            }
            _ => {}
        }
    }
}

/// Objects that stand in an abstract type together with this one, on both sides.
fn neighbours<'a>(cx: &mut Context<'a>, of: &'a TypeDef<'a>) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let now: Vec<&str> = cx.new.reach.parents(cx.new_name(of.name));
    for parent in cx.old.reach.parents(of.name) {
        let Some(kept) = cx.new.schema.types.get(cx.new_name(parent)).filter(|kept| now.contains(&kept.name)) else { continue };
        for member in cx.old.reach.objects(parent, NEIGHBOURS_MAX) {
            if cx.merges == 0 || found.len() >= NEIGHBOURS_MAX {
                return found;
            }
            cx.merges -= 1;
            let name = cx.new_name(member);
            let still = kept.members.has(name) || cx.new.schema.types.get(name).is_some_and(|one| one.interfaces.has(kept.name));
            if member != of.name && still {
                found.push((parent, member));
            }
        }
    }
    found
}

/// The same lists and `!`, and the same leaf or something to select in on both.
fn alike(of_one: &Schema<'_>, one: TypeRef<'_>, of_other: &Schema<'_>, other: TypeRef<'_>) -> bool {
    let composite = |schema: &Schema<'_>, name: &str| schema.kind(name).is_some_and(TypeKind::is_composite);
    let leaves = match (composite(of_one, one.name), composite(of_other, other.name)) {
        (true, true) => true,
        (false, false) => one.name == other.name,
        _ => false,
    };
    leaves && one.lists == other.lists && (0..=one.lists).all(|level| one.non_null_at(level) == other.non_null_at(level))
}
