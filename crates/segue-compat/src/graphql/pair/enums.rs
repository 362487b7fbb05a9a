//! Values of enums, by where the enum is used. Tests: `tests/cases/graphql/enum-*.case`.

use segue_model::check::Side;

use super::{split, uses};
use crate::graphql::context::{Context, Subject};
use crate::graphql::reach::Position;
use crate::graphql::rename::{Renamed, likeness, propose, taken};
use crate::graphql::rule;
use crate::graphql::schema::TypeDef;

/// Names of values say much less than types do: they must be really alike.
const LIKENESS_MIN: u32 = 60;

pub(super) fn compare<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    let parts = split(&old.values, &new.values);
    let (was, is) = (cx.old.reach.position(old.name), cx.new.reach.position(new.name));
    let position = Position { output: was.output && is.output, input: was.input && is.input };
    let (old_unread, new_unread) = (cx.is_unread(Side::Old, old.name), cx.is_unread(Side::New, new.name));
    let removed: Vec<&str> = parts.removed.iter().map(|one| one.name).collect();
    let added: Vec<&str> = parts.added.iter().map(|one| one.name).collect();
    let renames: Vec<Renamed> = if old_unread || new_unread {
        Vec::new()
    } else {
        propose(&removed, &added, |a, b| (likeness(removed.get(a)?, added.get(b)?) >= LIKENESS_MIN).then_some(35))
    };
    let (gone, came) = taken(&renames);
    for renamed in &renames {
        if let (Some(was), Some(is)) = (parts.removed.get(renamed.old), parts.added.get(renamed.new)) {
            rule::enum_value::renamed::check(cx, old, was, is, position, renamed.confidence);
        }
    }
    for (at, value) in parts.removed.iter().enumerate() {
        if !new_unread && !gone.contains(&at) {
            rule::enum_value::removed::check(cx, old, value, position);
        }
    }
    for (at, value) in parts.added.iter().enumerate() {
        if !old_unread && !came.contains(&at) {
            rule::enum_value::added::check(cx, new, value, position);
        }
    }
    for (was, is) in parts.common {
        if was.uses.is_empty() && is.uses.is_empty() {
            continue;
        }
        let subject = Subject::new(Side::New, new.name, is.name, is.place);
        uses::compare(cx, &subject, &was.uses, &is.uses, false);
    }
}
