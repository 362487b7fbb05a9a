//! Does a value fit a shape? The library's own validator, for witnesses and examples.
//!
//! Three answers: yes, no, and *undecided* where something was not understood or the work ran out; it must never say yes or
//! no then. Bounded in steps and in depth, whatever the shapes refer to. Tests: `tests/it/shape/random.rs`, and every witness.

mod spoken;

use std::cell::{Cell, OnceCell};

use serde_json::Value;

use super::format;
use super::pattern::Patterns;
use super::relate::Options;
use super::{Combined, Lists, Literal, Maps, Number, Shape, ShapeId, Shapes, Types, literal::NumberKey};

/// The most steps for one value.
const STEPS_MAX: u64 = 50_000;
/// The most steps for all values of a comparison: beyond it nothing more is certain.
const STEPS_OF_ALL: u64 = 4_000_000;
/// What looking for an expression in a text counts as.
const PATTERN_STEPS: usize = 4;
/// How deep shapes may refer to each other for one value.
const DEPTH_MAX: u32 = 160;

/// What values are asked of.
pub(super) struct Judge<'a> {
    pub(super) shapes: &'a Shapes,
    pub(super) options: Options,
    left: Cell<u64>,
    left_of_all: Cell<u64>,
}

/// No is certain, then undecided, then yes.
fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, _) | (_, None) => None,
        _ => Some(true),
    }
}

/// All of them; stops at the first no.
fn all(each: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(true);
    for one in each {
        answer = both(answer, one);
        if answer == Some(false) {
            break;
        }
    }
    answer
}

/// How many say yes: at least, and at most.
fn count(each: impl IntoIterator<Item = Option<bool>>) -> (u64, u64) {
    each.into_iter().fold((0, 0), |(least, most), one| match one {
        Some(true) => (least + 1, most + 1),
        Some(false) => (least, most),
        None => (least, most + 1),
    })
}

/// The same until so many said yes: what the others say changes nothing then.
fn count_up_to(enough: u64, each: impl IntoIterator<Item = Option<bool>>) -> (u64, u64) {
    let (mut least, mut most) = (0, 0);
    for one in each {
        least += u64::from(one == Some(true));
        most += u64::from(one != Some(false));
        if least >= enough {
            break;
        }
    }
    (least, most)
}

/// The number lies between `least` and `most`, of which it is known between which it lies itself.
fn between((low, high): (u64, u64), least: u64, most: Option<u64>) -> Option<bool> {
    let above = if low >= least { Some(true) } else { (high < least).then_some(false) };
    let below = most.map_or(Some(true), |most| if high <= most { Some(true) } else { (low > most).then_some(false) });
    both(above, below)
}

/// The kind of a value.
pub(super) fn kind_of(value: &Value) -> Types {
    match value {
        Value::Null => Types::NULL,
        Value::Bool(_) => Types::BOOLEAN,
        Value::Number(number) if number.is_i64() || number.is_u64() => Types::INTEGER,
        Value::Number(number) => match Number::read(&number.to_string()) {
            Some(number) if number.is_whole() => Types::INTEGER,
            Some(_) => Types::FRACTION,
            None => Types::NUMBER,
        },
        Value::String(_) => Types::STRING,
        Value::Array(_) => Types::ARRAY,
        Value::Object(_) => Types::OBJECT,
    }
}

/// A value as a literal, for comparing by JSON's meaning.
pub(super) fn literal_of(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Bool(is) => Literal::Bool(*is),
        Value::Number(number) => Literal::number(&number.to_string()),
        Value::String(text) => Literal::text(text),
        Value::Array(items) => Literal::List(items.iter().map(literal_of).collect()),
        Value::Object(entries) => {
            let mut entries: Vec<(Box<str>, Literal)> =
                entries.iter().map(|(key, value)| (key.as_str().into(), literal_of(value))).collect();
            entries.sort();
            Literal::Map(entries)
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(shapes: &'a Shapes, options: Options) -> Self {
        Self { shapes, options, left: Cell::new(STEPS_MAX), left_of_all: Cell::new(STEPS_OF_ALL) }
    }

    /// With all its steps again.
    pub(super) fn refreshed(&self) -> &Self {
        self.left.set(STEPS_MAX);
        self
    }

    fn spend(&self, steps: usize) -> Option<()> {
        let take = |cell: &Cell<u64>| {
            let left = cell.get().checked_sub(steps as u64 + 1);
            cell.set(left.unwrap_or(0));
            left.map(|_| ())
        };
        take(&self.left).and_then(|()| take(&self.left_of_all))
    }

    /// The value fits the shape.
    pub(super) fn fits(&self, patterns: &Patterns, id: ShapeId, value: &Value, depth: u32) -> Option<bool> {
        self.fits_of(patterns, id, &Asked { value, kind: kind_of(value), literal: OnceCell::new() }, depth)
    }

    fn fits_of(&self, patterns: &Patterns, id: ShapeId, asked: &Asked<'_>, depth: u32) -> Option<bool> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.spend(0)?;
        let shape = self.shapes.get(id);
        if asked.kind.and(shape.types) == Types::NONE {
            return Some(false);
        }
        let one = One { judge: self, patterns, asked, depth: depth + 1 };
        let own = both(one.simple(shape), if shape.unread().is_empty() { Some(true) } else { None });
        if own == Some(false) {
            return own;
        }
        let referred = shape.reference.map_or(Some(true), |to| one.also(to));
        let combined = shape.combined.as_ref().map_or(Some(true), |combined| one.combined(combined));
        let fits = all([own, referred, combined]);
        if fits == Some(false) { fits } else { both(fits, one.rest(shape)) }
    }
}

/// A value with what is known of it: a union asks it of the same one thousands of times.
struct Asked<'v> {
    value: &'v Value,
    kind: Types,
    literal: OnceCell<Literal>,
}

impl Asked<'_> {
    fn literal(&self) -> &Literal {
        self.literal.get_or_init(|| literal_of(self.value))
    }
}

/// One value before one shape.
struct One<'x, 'a> {
    judge: &'x Judge<'a>,
    patterns: &'x Patterns,
    asked: &'x Asked<'x>,
    depth: u32,
}

impl One<'_, '_> {
    fn also(&self, id: ShapeId) -> Option<bool> {
        self.judge.fits_of(self.patterns, id, self.asked, self.depth)
    }

    fn inner(&self, id: ShapeId, value: &Value) -> Option<bool> {
        self.judge.fits(self.patterns, id, value, self.depth)
    }

    fn simple(&self, shape: &Shape) -> Option<bool> {
        let member = match &shape.members {
            Some(members) => self.is_member(members),
            None => Some(true),
        };
        let kind = match self.asked.value {
            Value::Number(_) => self.number(shape),
            Value::String(text) => self.text(shape, text),
            Value::Array(items) => shape.lists.as_ref().map_or(Some(true), |lists| self.list(lists, items)),
            Value::Object(_) => shape.maps.as_ref().map_or(Some(true), |maps| self.map(maps)),
            _ => Some(true),
        };
        both(member, kind)
    }

    fn is_member(&self, members: &[Literal]) -> Option<bool> {
        let value = self.asked.literal();
        if let [only] = members {
            return Some(only == value);
        }
        if members.binary_search(value).is_ok() {
            return Some(true);
        }
        self.judge.spend(members.len() / 256)?;
        Some(!members.is_sorted() && members.contains(value))
    }

    fn number(&self, shape: &Shape) -> Option<bool> {
        if shape.numbers.is_none() && shape.notes.as_ref().is_none_or(|notes| notes.format.is_none()) && self.asked.kind != Types::NUMBER {
            return Some(true);
        }
        let Literal::Number(NumberKey::Exact(number)) = *self.asked.literal() else { return None };
        let format = shape.notes.as_ref().and_then(|notes| notes.format.as_deref()).filter(|_| self.judge.options.formats_bind);
        if format.and_then(format::range).is_some_and(|(low, high)| number < low || number > high) {
            return Some(false);
        }
        let Some(numbers) = &shape.numbers else { return Some(true) };
        let above = numbers.minimum.is_none_or(|(low, excluded)| if excluded { number > low } else { number >= low });
        let below = numbers.maximum.is_none_or(|(high, excluded)| if excluded { number < high } else { number <= high });
        let divides = numbers.multiple_of.map_or(Some(true), |of| number.is_multiple_of(of));
        both(Some(above && below), divides)
    }

    fn text(&self, shape: &Shape, text: &str) -> Option<bool> {
        let Some(texts) = &shape.texts else { return Some(true) };
        self.judge.spend(text.len() / 64 + PATTERN_STEPS * texts.patterns.len())?;
        let length = text.chars().count() as u64;
        let fits = length >= texts.length_min && texts.length_max.is_none_or(|most| length <= most);
        let format = match texts.format.as_deref().filter(|_| self.judge.options.formats_bind) {
            Some(format) => Some(format::fits(format, text)),
            None => Some(true),
        };
        let patterns = texts.patterns.iter().map(|pattern| self.patterns.get(pattern).map(|pattern| pattern.is_found(text)));
        all([Some(fits), format].into_iter().chain(patterns))
    }

    fn list(&self, lists: &Lists, items: &[Value]) -> Option<bool> {
        let length = items.len() as u64;
        if length < lists.count_min || lists.count_max.is_some_and(|most| length > most) {
            return Some(false);
        }
        if lists.unique {
            let mut seen: Vec<Literal> = items.iter().map(literal_of).collect();
            seen.sort();
            if seen.windows(2).any(|pair| pair.first() == pair.last()) {
                return Some(false);
            }
        }
        let contained = match lists.contains {
            Some((id, least, most)) => between(count(items.iter().map(|item| self.inner(id, item))), least, most),
            None => Some(true),
        };
        let each = items.iter().enumerate().map(|(at, item)| match lists.first.get(at).copied().or(lists.items) {
            Some(id) => self.inner(id, item),
            None => Some(true),
        });
        both(contained, all(each))
    }

    fn map(&self, maps: &Maps) -> Option<bool> {
        let Value::Object(entries) = self.asked.value else { return Some(true) };
        let length = entries.len() as u64;
        self.judge.spend(maps.required.len() / 16)?;
        let counts = length >= maps.count_min && maps.count_max.is_none_or(|most| length <= most);
        let required = maps.required.iter().all(|name| entries.contains_key(name.as_ref()));
        let dependent = maps
            .dependent_required
            .iter()
            .all(|(name, others)| !entries.contains_key(name.as_ref()) || others.iter().all(|other| entries.contains_key(other.as_ref())));
        if !(counts && required && dependent) {
            return Some(false);
        }
        let shapes = maps.dependent_shapes.iter().filter(|(name, _)| entries.contains_key(name.as_ref())).map(|(_, id)| self.also(*id));
        let names = entries.keys().map(|name| maps.names.map_or(Some(true), |id| self.inner(id, &Value::String(name.clone()))));
        let values = entries.iter().map(|(name, value)| self.property(maps, name, value));
        all(shapes.chain(names).chain(values))
    }

    fn property(&self, maps: &Maps, name: &str, value: &Value) -> Option<bool> {
        let declared = maps.properties.binary_search_by(|(known, _)| known.as_ref().cmp(name)).ok();
        let mut answer = declared.and_then(|at| maps.properties.get(at)).map(|(_, id)| self.inner(*id, value));
        self.judge.spend(PATTERN_STEPS * maps.patterns.len())?;
        for (pattern, id) in &maps.patterns {
            let one = match self.patterns.get(pattern) {
                Some(pattern) if pattern.is_found(name) => self.inner(*id, value),
                Some(_) => continue,
                None => self.inner(*id, value).filter(|fits| *fits),
            };
            answer = Some(both(answer.unwrap_or(Some(true)), one));
        }
        match (answer, maps.additional) {
            (Some(answer), _) => answer,
            (None, Some(id)) => self.inner(id, value),
            (None, None) => Some(true),
        }
    }

    fn combined(&self, combined: &Combined) -> Option<bool> {
        let all_of = all(combined.all_of.iter().map(|id| self.also(*id)));
        if all_of == Some(false) {
            return all_of;
        }
        let fitting = |members: &[ShapeId], enough| {
            if members.is_empty() {
                return Some(true);
            }
            let most = (enough > 1).then_some(enough - 1);
            between(count_up_to(enough, members.iter().map(|id| self.also(*id))), 1, most)
        };
        let any_of = fitting(&combined.any_of, 1);
        let one_of = fitting(&combined.one_of, 2);
        let not = combined.not.map_or(Some(true), |id| self.also(id).map(|fits| !fits));
        all([all_of, any_of, one_of, not, self.condition(combined)])
    }

    fn condition(&self, combined: &Combined) -> Option<bool> {
        let Some(condition) = &combined.condition else { return Some(true) };
        let branch = |id: Option<ShapeId>| id.map_or(Some(true), |id| self.also(id));
        match self.also(condition.when) {
            Some(true) => branch(condition.then),
            Some(false) => branch(condition.otherwise),
            None => match (branch(condition.then), branch(condition.otherwise)) {
                (a, b) if a == b => a,
                _ => None,
            },
        }
    }
}
