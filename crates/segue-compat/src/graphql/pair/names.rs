//! Members of unions, and the interfaces that a type implements. Tests: `tests/cases/graphql/{union,interface}-*.case`.

use segue_model::check::Side;

use crate::graphql::context::Context;
use crate::graphql::rule;
use crate::graphql::schema::TypeDef;

pub(super) fn members<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    let (old_unread, new_unread) = (cx.is_unread(Side::Old, old.name), cx.is_unread(Side::New, new.name));
    for member in &old.members {
        if !new_unread && !new.members.has(cx.new_name(member.name)) {
            rule::union_member::removed::check(cx, old, member);
        }
    }
    let kept: std::collections::BTreeSet<&str> = old.members.iter().map(|one| cx.new_name(one.name)).collect();
    for member in new.members.iter().filter(|one| !kept.contains(one.name)) {
        if !old_unread {
            rule::union_member::added::check(cx, new, member);
        }
    }
}

pub(super) fn interfaces<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    let (old_schema, new_schema) = (cx.old.schema, cx.new.schema);
    if old.interfaces.len() == 0 && new.interfaces.len() == 0 {
        return;
    }
    for interface in &old.interfaces {
        let name = cx.new_name(interface.name);
        // That the interface itself is gone is told there.
        if !new.interfaces.has(name) && new_schema.types.contains_key(name) {
            rule::implementation::removed::check(cx, old, interface);
        }
    }
    let kept: std::collections::BTreeSet<&str> = old.interfaces.iter().map(|one| cx.new_name(one.name)).collect();
    for interface in new.interfaces.iter().filter(|one| !kept.contains(one.name)) {
        if old_schema.types.contains_key(cx.old_name(interface.name)) {
            rule::implementation::added::check(cx, new, interface);
        }
    }
}
