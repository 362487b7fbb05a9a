//! What clients give: arguments of fields and of directives, fields of input objects. One set of rules for each.
//!
//! GraphQL is nominal here: a variable is declared with a type's name, so that another name is refused even where every value
//! would fit. Tests: `tests/cases/graphql/{argument,input-field,directive-argument}-*.case`.

use segue_model::check::Side;
use segue_model::finding::Severity;

use super::{Split, split, uses};
use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::rename::{propose, taken};
use crate::graphql::rule::{self, InputRules};
use crate::graphql::schema::{Field, Input, Members, TypeDef, TypeRef, is_deprecated};
use crate::policy::{Relation, Role};
use crate::shape::Literal;

/// Whose inputs are compared.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    /// Arguments of a field: the type, the field.
    Field(&'a str, &'a str),
    /// Fields of an input object.
    Type(&'a str),
    /// Arguments of a directive; whether clients write it.
    Directive(&'a str, bool),
}

pub(super) fn of_field<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, was: &'a Field<'a>, new: &'a TypeDef<'a>, is: &'a Field<'a>) {
    compare(cx, Owner::Field(old.name, was.name), &was.arguments, Owner::Field(new.name, is.name), &is.arguments);
}

pub(super) fn of_type<'a>(cx: &mut Context<'a>, old: &'a TypeDef<'a>, new: &'a TypeDef<'a>) {
    compare(cx, Owner::Type(old.name), &old.inputs, Owner::Type(new.name), &new.inputs);
}

impl<'a> Owner<'a> {
    fn rules(self) -> &'static InputRules {
        match self {
            Self::Field(..) => &rule::argument::RULES,
            Self::Type(_) => &rule::input_field::RULES,
            Self::Directive(..) => &rule::directive_argument::RULES,
        }
    }

    fn subject(self, side: Side, input: &Input<'_>) -> Subject<'a> {
        match self {
            Self::Field(owner, field) => Subject::new(side, owner, format!("{field}({}:)", input.name), input.place),
            Self::Type(owner) => Subject::new(side, owner, input.name, input.place),
            Self::Directive(owner, _) => Subject::directive(side, owner, format!("({}:)", input.name), input.place),
        }
    }

    /// A change of a directive that no client writes is only worth a note.
    fn effect(self, effect: Effect) -> Effect {
        if matches!(self, Self::Directive(_, false)) { Effect::Note(Severity::Info) } else { effect }
    }

    fn type_name(self) -> Option<&'a str> {
        match self {
            Self::Field(owner, _) | Self::Type(owner) => Some(owner),
            Self::Directive(..) => None,
        }
    }

    /// An operation of a side that gives this input a value.
    fn giving(self, cx: &mut Context<'a>, side: Side, name: &str, value: &str, variable: Option<TypeRef<'a>>) -> Option<String> {
        let writer = &mut cx.side(side).writer;
        match self {
            Self::Field(owner, field) => writer.argument(owner, field, name, value, variable),
            Self::Type(owner) => writer.input_field(owner, name, value, variable),
            Self::Directive(owner, true) if variable.is_none() => writer.directive(owner, None, Some((name, value)), 1),
            Self::Directive(..) => None,
        }
    }

    /// An operation of a side that gives nothing but what must be given.
    fn without(self, cx: &mut Context<'a>, side: Side) -> Option<String> {
        let writer = &mut cx.side(side).writer;
        match self {
            Self::Field(owner, field) => writer.field(owner, field),
            Self::Type(owner) => writer.least_input(owner),
            Self::Directive(owner, true) => writer.directive(owner, None, None, 1),
            Self::Directive(..) => None,
        }
    }
}

pub(super) fn compare<'a>(cx: &mut Context<'a>, was: Owner<'a>, old: &'a Members<Input<'a>>, is: Owner<'a>, new: &'a Members<Input<'a>>) {
    if old.len() == 0 && new.len() == 0 {
        return;
    }
    let Split { mut removed, mut added, common } = split(old, new);
    if was.type_name().is_some_and(|name| cx.is_unread(Side::Old, name)) {
        added.clear();
    }
    if is.type_name().is_some_and(|name| cx.is_unread(Side::New, name)) {
        removed.clear();
    }
    let names = |list: &[&'a Input<'a>]| list.iter().map(|one| one.name).collect::<Vec<_>>();
    let renames = propose(&names(&removed), &names(&added), |a, b| {
        let (gone, came) = (removed.get(a)?, added.get(b)?);
        (cx.as_new(gone.takes).nullable() == came.takes.nullable()).then_some(if cx.as_new(gone.takes) == came.takes { 40 } else { 30 })
    });
    let (gone, came) = taken(&renames);
    for renamed in &renames {
        if let (Some(gone), Some(came)) = (removed.get(renamed.old), added.get(renamed.new)) {
            tell_renamed(cx, was, gone, is, came, renamed.confidence);
        }
    }
    for (at, input) in removed.iter().enumerate() {
        if !gone.contains(&at) {
            tell_removed(cx, was, input);
        }
    }
    for (at, input) in added.iter().enumerate() {
        if !came.contains(&at) {
            tell_added(cx, was, is, input);
        }
    }
    for (gone, came) in common {
        pair(cx, was, gone, is, came);
    }
}

fn tell_renamed<'a>(cx: &mut Context<'a>, was: Owner<'a>, gone: &'a Input<'a>, is: Owner<'a>, came: &'a Input<'a>, confidence: u32) {
    let value = cx.old.writer.value(gone.takes);
    let query = value.and_then(|value| was.giving(cx, Side::Old, gone.name, &value, None));
    let (from, to) = (was.subject(Side::Old, gone), is.subject(Side::New, came).object());
    let message =
        format!("{} seems to be {to} now (confidence {confidence}%: the names are alike and the type is {})", from.object(), came.takes);
    let change = format!("renamed {} -> {}", gone.name, came.name);
    cx.push(Found::new(was.rules().renamed, from, was.effect(Effect::Both), message).change(change).witness(Side::Old, query));
}

fn tell_removed<'a>(cx: &mut Context<'a>, was: Owner<'a>, input: &'a Input<'a>) {
    let value = cx.old.writer.value(input.takes);
    let query = value.and_then(|value| was.giving(cx, Side::Old, input.name, &value, None));
    let subject = was.subject(Side::Old, input);
    let before = is_deprecated(&input.uses);
    let how = if before { "was removed; it was deprecated before" } else { "was removed" };
    let message = format!("{} {how}", subject.object());
    // New clients leave it out, and the old server asks for it.
    let effect = if input.is_required() { Effect::Both } else { Effect::Gone };
    let mut found = Found::new(was.rules().removed, subject, was.effect(effect), message).change("removed").witness(Side::Old, query);
    if before {
        found = found.at_most(Severity::Medium);
    }
    cx.push(found);
}

fn tell_added<'a>(cx: &mut Context<'a>, was: Owner<'a>, is: Owner<'a>, input: &'a Input<'a>) {
    let subject = is.subject(Side::New, input);
    let change = format!("added {}", input.takes);
    if input.is_required() {
        let query = was.without(cx, Side::Old);
        let message = format!("{} of type {} was added and must be given", subject.object(), input.takes);
        let found = Found::new(is.rules().required_added, subject, is.effect(Effect::Both), message);
        cx.push(found.change(change).witness(Side::Old, query));
    } else {
        let value = cx.new.writer.value(input.takes);
        let query = value.and_then(|value| is.giving(cx, Side::New, input.name, &value, None));
        let message = format!("{} of type {} was added", subject.object(), input.takes);
        let found = Found::new(is.rules().added, subject, is.effect(Effect::Came), message);
        cx.push(found.change(change).witness(Side::New, query));
    }
}

fn pair<'a>(cx: &mut Context<'a>, was: Owner<'a>, old: &'a Input<'a>, is: Owner<'a>, new: &'a Input<'a>) {
    let (rules, subject) = (is.rules(), is.subject(Side::New, new));
    let (old_takes, new_takes) = (cx.as_new(old.takes), new.takes);
    let (mut compared_old, mut compared_new) = (old_takes, new_takes);
    let required = (old.is_required(), new.is_required());
    match required {
        (false, true) if !cx.is_full(rules.became_required) => {
            let query = was.without(cx, Side::Old);
            let message = format!("{} must be given now: {} became {}", subject.object(), shown(old), shown(new));
            let found =
                Found::new(rules.became_required, subject.clone(), is.effect(Effect::Values(Role::Request, Relation::Narrowed)), message);
            cx.push(found.change(format!("{} -> {}", shown(old), shown(new))).witness(Side::Old, query));
        }
        (true, false) if !cx.is_full(rules.became_optional) => {
            let query = is.without(cx, Side::New);
            let message = format!("{} need not be given any more: {} became {}", subject.object(), shown(old), shown(new));
            let found =
                Found::new(rules.became_optional, subject.clone(), is.effect(Effect::Values(Role::Request, Relation::Widened)), message);
            cx.push(found.change(format!("{} -> {}", shown(old), shown(new))).witness(Side::New, query));
        }
        _ => {}
    }
    if required.0 != required.1 {
        // The outermost `!` is told already.
        (compared_old, compared_new) = (old_takes.nullable(), new_takes.nullable());
    }
    tell_type(cx, was, old, is, new, (compared_old, compared_new));
    if required.0 == required.1 && old.default != new.default {
        let (from, to) = (default(old), default(new));
        let message = format!("the default of {} changed from {from} to {to}", subject.object());
        let effect = is.effect(Effect::Note(cx.policy.tolerated));
        cx.push(Found::new(rules.default_changed, subject.clone(), effect, message).change(format!("default {from} -> {to}")));
    }
    uses::compare(cx, &subject, &old.uses, &new.uses, false);
}

/// What became of the values: the wrappers by their levels, another name or another number of lists is another type.
fn relation(old: TypeRef<'_>, new: TypeRef<'_>) -> Relation {
    if old.name != new.name || old.lists != new.lists {
        return Relation::Changed;
    }
    (0..=old.lists).fold(Relation::Equal, |found, level| {
        found.and(match (old.non_null_at(level), new.non_null_at(level)) {
            (false, true) => Relation::Narrowed,
            (true, false) => Relation::Widened,
            _ => Relation::Equal,
        })
    })
}

fn tell_type<'a>(
    cx: &mut Context<'a>,
    was: Owner<'a>,
    old: &'a Input<'a>,
    is: Owner<'a>,
    new: &'a Input<'a>,
    (from, to): (TypeRef<'a>, TypeRef<'a>),
) {
    let relation = relation(from, to);
    if relation == Relation::Equal {
        return;
    }
    let subject = is.subject(Side::New, new);
    let (side, query) = match relation {
        Relation::Widened => (Side::New, null_at(to, from).and_then(|value| is.giving(cx, Side::New, new.name, &value, None))),
        _ if from.name == to.name && from.lists == to.lists => {
            (Side::Old, null_at(from, to).and_then(|value| was.giving(cx, Side::Old, old.name, &value, None)))
        }
        _ => (Side::Old, was.giving(cx, Side::Old, old.name, "$v", Some(old.takes))),
    };
    let message = format!("{} takes {} instead of {}", subject.object(), new.takes, old.takes);
    let effect = match relation {
        Relation::Changed if from.name != to.name || from.lists != to.lists => Effect::Both,
        _ => Effect::Values(Role::Request, relation),
    };
    let found = Found::new(is.rules().type_changed, subject, is.effect(effect), message);
    cx.push(found.change(format!("{} -> {}", old.takes, new.takes)).witness(side, query));
}

/// `null` inside of so many lists as the first type takes it there and the second does not.
fn null_at(takes: TypeRef<'_>, refuses: TypeRef<'_>) -> Option<String> {
    let level = (0..=takes.lists).find(|level| !takes.non_null_at(*level) && refuses.non_null_at(*level))?;
    Some(format!("{}null{}", "[".repeat(level.into()), "]".repeat(level.into())))
}

fn shown(input: &Input<'_>) -> String {
    match &input.default {
        Some(_) => format!("{} = {}", input.takes, default(input)),
        None => input.takes.to_string(),
    }
}

/// A default for people: short, and never a long text.
fn default(input: &Input<'_>) -> String {
    let Some(default) = &input.default else { return "none".to_owned() };
    let text = match &**default {
        Literal::Text(text) if input.takes.name != "String" && input.takes.name != "ID" => text.to_string(),
        other => other.to_string(),
    };
    if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text }
}
