//! Fields of objects and interfaces. Tests: `tests/cases/graphql/field-*.case`.

use segue_model::check::Side;

use super::{inputs, split, uses};
use crate::graphql::context::{Context, Subject};
use crate::graphql::rename::{Renamed, propose, taken};
use crate::graphql::rule;
use crate::graphql::schema::{Field, Members, TypeDef};

pub(super) fn compare<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    let parts = split(&old.fields, &new.fields);
    let (old_unread, new_unread) = (cx.is_unread(Side::Old, old.name), cx.is_unread(Side::New, new.name));
    let renames = if old_unread || new_unread { Vec::new() } else { renames(cx, &parts.removed, &parts.added) };
    let (gone, came) = taken(&renames);
    for renamed in &renames {
        if let (Some(was), Some(is)) = (parts.removed.get(renamed.old), parts.added.get(renamed.new)) {
            rule::field::renamed::check(cx, old, was, new, is, renamed.confidence);
        }
    }
    for (at, field) in parts.removed.iter().enumerate() {
        if !new_unread && !gone.contains(&at) {
            rule::field::removed::check(cx, old, field);
        }
    }
    for (at, field) in parts.added.iter().enumerate() {
        if !old_unread && !came.contains(&at) {
            rule::field::added::check(cx, new, field);
        }
    }
    for (was, is) in parts.common {
        field(cx, old, was, new, is);
    }
}

fn field<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, was: &'a Field<'a>, new: &'a TypeDef<'a>, is: &'a Field<'a>) {
    rule::field::type_changed::check(cx, old, was, new, is);
    rule::field::merge_conflict::check(cx, old, was, new, is);
    inputs::of_field(cx, old, was, new, is);
    let subject = Subject::new(Side::New, new.name, is.name, is.place);
    uses::compare(cx, &subject, &was.uses, &is.uses, false);
}

/// Fields with the same type and arguments may be one field with another name.
fn renames<'a>(cx: &Context<'a>, removed: &[&'a Field<'a>], added: &[&'a Field<'a>]) -> Vec<Renamed> {
    let (was, is): (Vec<&str>, Vec<&str>) = (removed.iter().map(|one| one.name).collect(), added.iter().map(|one| one.name).collect());
    let names = |members: &Members<crate::graphql::schema::Input<'_>>| members.iter().map(|one| one.name.to_owned()).collect::<Vec<_>>();
    propose(&was, &is, |a, b| {
        let (was, is) = (removed.get(a)?, added.get(b)?);
        if cx.as_new(was.gives) != is.gives {
            return None;
        }
        Some(if names(&was.arguments) == names(&is.arguments) { 40 } else { 30 })
    })
}
