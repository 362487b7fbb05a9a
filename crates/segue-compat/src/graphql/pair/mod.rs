//! Walks both schemas at once and hands every pair to the rules.
//!
//! What only one side has is first looked at as a rename. Nothing is called removed from what could not be read. Tests:
//! `tests/it/graphql/cases.rs`.

mod directives;
mod enums;
mod fields;
mod inputs;
mod names;
mod renames;
mod roots;
mod uses;

use segue_model::check::Side;

use super::context::{Context, Subject};
use super::rule;
use super::schema::{Members, Named, Schema, TypeDef, TypeKind};

/// Members of two lists by name.
struct Split<'x, T> {
    removed: Vec<&'x T>,
    added: Vec<&'x T>,
    common: Vec<(&'x T, &'x T)>,
}

fn split<'x, T: Named>(old: &'x Members<T>, new: &'x Members<T>) -> Split<'x, T> {
    let mut found = Split { removed: Vec::new(), added: Vec::new(), common: Vec::new() };
    for one in old {
        match new.get(one.name()) {
            Some(other) => found.common.push((one, other)),
            None => found.removed.push(one),
        }
    }
    found.added.extend(new.iter().filter(|one| !old.has(one.name())));
    found
}

/// Compares everything.
pub(super) fn compare(cx: &mut Context<'_>) {
    let moved = roots::compare(cx);
    renames::find(cx, &moved);
    let (old, new) = (cx.old.schema, cx.new.schema);
    for def in old.types.values() {
        match new.types.get(cx.new_name(def.name)) {
            Some(other) => pair(cx, def, other),
            None if cx.is_unread(Side::New, def.name) => {}
            // That there are no such operations any more is told already.
            None if is_only_root(old, new, def.name) => {}
            None => rule::type_def::removed::check(cx, def),
        }
    }
    let kept: std::collections::BTreeSet<&str> = old.types.keys().map(|name| cx.new_name(name)).collect();
    for def in new.types.values().filter(|def| !kept.contains(def.name)) {
        if !cx.is_unread(Side::Old, def.name) && !is_only_root(new, old, def.name) {
            rule::type_def::added::check(cx, def);
        }
    }
    directives::compare(cx);
    let subject = Subject::new(Side::New, "schema", "", new.roots.first().copied().flatten().map(|(_, place)| place).unwrap_or_default());
    uses::compare(cx, &subject, &old.uses, &new.uses, true);
}

/// It is a root type of one schema for an operation that the other does not have.
fn is_only_root(of: &Schema<'_>, other: &Schema<'_>, name: &str) -> bool {
    of.roots.iter().zip(other.roots).any(|(root, without)| without.is_none() && root.is_some_and(|(root, _)| root == name))
}

fn pair<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    if old.kind != new.kind {
        rule::type_def::kind_changed::check(cx, old, new);
        return;
    }
    match old.kind {
        TypeKind::Object | TypeKind::Interface => {
            fields::compare(cx, old, new);
            names::interfaces(cx, old, new);
        }
        TypeKind::Union => names::members(cx, old, new),
        TypeKind::Enum => enums::compare(cx, old, new),
        TypeKind::Input => inputs::of_type(cx, old, new),
        TypeKind::Scalar => rule::scalar::specification_changed::check(cx, old, new),
    }
    let subject = Subject::new(Side::New, new.name, "", new.place);
    uses::compare(cx, &subject, &old.uses, &new.uses, false);
}
