//! A field gives another type
//!
//! # What it checks
//!
//! The type of a field: its name, its lists, and at each level whether it may be null.
//!
//! # Why it breaks
//!
//! Clients read what the field gives. A value that may now be null meets clients that rely on it; another type needs
//! another selection. Less null than before is safe for old clients and fails the new ones when the server goes back.
//!
//! # Safe path
//!
//! Add a field with the new type, and deprecate the old one. A field may become non-null when going back is no longer
//! planned.
//!
//! # Example
//!
//! ```graphql
//!   type Order {
//! -   total: Int!
//! +   total: Int
//!   }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{Field, TypeDef, TypeKind, TypeRef};
use crate::policy::{Relation, Role};
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-field-type-changed",
    title: "A field gives another type",
    why: "Clients read what a field gives: null where none was promised, or a type that they do not select or decode.",
    fix: "Add a field with the new type and deprecate this one.",
    answers: &["graphql-inspector:FIELD_TYPE_CHANGED", "graphql-js:FIELD_CHANGED_KIND"],
};

pub(in crate::graphql) fn check<'a>(
    cx: &mut Context<'a>,
    old: &'a TypeDef<'a>,
    was: &'a Field<'a>,
    new: &'a TypeDef<'a>,
    is: &'a Field<'a>,
) {
    let from = cx.as_new(was.gives);
    let relation = relation(from, is.gives);
    if relation == Relation::Equal || cx.is_full(&RULE) {
        return;
    }
    let subject = Subject::new(Side::New, new.name, is.name, is.place);
    let (effect, what) = match relation {
        Relation::Widened => (Effect::Values(Role::Response, relation), "; clients that rely on a value meet null"),
        Relation::Narrowed => {
            (Effect::Values(Role::Response, relation), "; the old server still gives null to new clients that rely on a value")
        }
        Relation::Changed if from.name == is.gives.name && from.lists == is.gives.lists => (Effect::Values(Role::Response, relation), ""),
        _ => (Effect::Both, changed(cx, from, is.gives)),
    };
    let message = format!("{} gives {} instead of {}{what}", subject.object(), is.gives, was.gives);
    let mut found = Found::new(&RULE, subject, effect, message).change(format!("{} -> {}", was.gives, is.gives));
    let composite = |schema: &crate::graphql::schema::Schema<'_>, name: &str| schema.kind(name).map(TypeKind::is_composite);
    if composite(cx.old.schema, was.gives.name) != composite(cx.new.schema, is.gives.name) {
        found = found.witness(Side::Old, cx.old.writer.field(old.name, was.name));
    } else if let Some(inner) = lost_selection(cx, from, is.gives) {
        found = found.witness(Side::Old, cx.old.writer.inside(old.name, was.name, &inner));
    } else if let Some((side, gives)) = response(from, is.gives) {
        let query = if side == Side::New { cx.new.writer.field(new.name, is.name) } else { cx.old.writer.field(old.name, was.name) };
        found = found.data(side, query.map(|query| serde_json::json!({"query": query, "gives": gives})));
    }
    cx.push(found);
}

/// By what a client may get: more null is wider.
fn relation(old: TypeRef<'_>, new: TypeRef<'_>) -> Relation {
    if old.name != new.name || old.lists != new.lists {
        return Relation::Changed;
    }
    (0..=old.lists).fold(Relation::Equal, |found, level| {
        found.and(match (old.non_null_at(level), new.non_null_at(level)) {
            (true, false) => Relation::Widened,
            (false, true) => Relation::Narrowed,
            _ => Relation::Equal,
        })
    })
}

/// What another name or number of lists means.
fn changed(cx: &Context<'_>, from: TypeRef<'_>, to: TypeRef<'_>) -> &'static str {
    if from.lists < to.lists {
        return "; clients that read one value meet a list";
    }
    if from.lists > to.lists {
        return "; clients that read a list meet one value";
    }
    let (old, new) = (cx.old.schema.kind(from.name), cx.new.schema.kind(to.name));
    let is = |schema: &crate::graphql::schema::Schema<'_>, object: &str, of: &str| {
        schema.types.get(object).is_some_and(|def| def.interfaces.has(of))
            || schema.types.get(of).is_some_and(|def| def.members.has(object))
    };
    match (old.map(TypeKind::is_composite), new.map(TypeKind::is_composite)) {
        (Some(true), Some(false)) => "; operations that select in it are refused",
        (Some(false), Some(true)) => "; operations without a selection are refused",
        (Some(true), Some(true)) if is(cx.new.schema, to.name, from.name) => {
            "; fragments on the other types are refused, and new clients may select what the old type does not have"
        }
        (Some(true), Some(true)) if is(cx.old.schema, from.name, to.name) => {
            "; what only the old type has cannot be selected without a fragment"
        }
        _ => "",
    }
}

/// A value that one side may give and the other never does: `null` at a level, or an empty list.
fn response(old: TypeRef<'_>, new: TypeRef<'_>) -> Option<(Side, serde_json::Value)> {
    if old.lists != new.lists {
        let side = if new.lists > old.lists { Side::New } else { Side::Old };
        return Some((side, serde_json::json!([])));
    }
    let null_at = |level: u8| (0..level).fold(serde_json::Value::Null, |inner, _| serde_json::json!([inner]));
    let find =
        |gives: TypeRef<'_>, never: TypeRef<'_>| (0..=gives.lists).find(|level| !gives.non_null_at(*level) && never.non_null_at(*level));
    if old.name != new.name {
        return leaf(old.name, new.name).map(|(side, value)| (side, (0..old.lists).fold(value, |inner, _| serde_json::json!([inner]))));
    }
    find(new, old).map(|level| (Side::New, null_at(level))).or_else(|| find(old, new).map(|level| (Side::Old, null_at(level))))
}

/// A value of one built-in scalar that the other never has.
fn leaf(old: &str, new: &str) -> Option<(Side, serde_json::Value)> {
    let sample = |name: &str| match name {
        "Int" => Some(serde_json::json!(1)),
        "Float" => Some(serde_json::json!(1.5)),
        "Boolean" => Some(serde_json::json!(true)),
        "String" | "ID" => Some(serde_json::json!("a")),
        _ => None,
    };
    match (old, new) {
        // Both are texts, or one has every value of the other.
        ("String", "ID") | ("ID", "String") => None,
        ("Float", "Int") => Some((Side::Old, sample("Float")?)),
        _ => sample(old).and(sample(new)).map(|value| (Side::New, value)),
    }
}

/// A selection in the old composite type that the new one refuses.
fn lost_selection<'a>(cx: &mut Context<'a>, from: TypeRef<'a>, to: TypeRef<'a>) -> Option<String> {
    if from.name == to.name {
        return None;
    }
    // The old name: the new one stands for a renamed type.
    let old = cx.old.schema.types.get(cx.old_name(from.name))?;
    let new = cx.new.schema.types.get(to.name)?;
    if let Some(field) = old.fields.iter().find(|field| !new.fields.has(field.name)) {
        return cx.old.writer.plain(old.name, field.name);
    }
    let others = cx.old.reach.objects(old.name, 1_000).into_iter().map(|name| (name, cx.new_name(name)));
    let now = cx.new.reach.objects(new.name, 100_000);
    let fits = |name: &str| name == new.name || now.contains(&name);
    others.into_iter().find(|(_, name)| !fits(name)).map(|(name, _)| format!("... on {name} {{ __typename }}"))
}
