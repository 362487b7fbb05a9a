//! Limits of numbers, texts, lists and maps.
//!
//! A keyword with a value of the wrong kind is said to be unread. Tests: `tests/it/shape/schema.rs`.

use super::{Here, Reader, is_number_format};
use crate::doc::{At, Value};
use crate::shape::{Lists, Maps, Number, Numbers, ShapeId, Step, Texts};

impl<'a> Reader<'a> {
    fn number(&mut self, here: Here<'a>, keyword: &str) -> Option<Number> {
        let at = here.at.get(keyword)?;
        let number = at.number().and_then(Number::read);
        if number.is_none() {
            self.wrong(here, keyword, at);
        }
        number
    }

    /// A count; `2.0` is one.
    fn count(&mut self, here: Here<'a>, keyword: &str) -> Option<u64> {
        let at = here.at.get(keyword)?;
        let count = at
            .number()
            .and_then(Number::read)
            .filter(|number| number.is_whole() && number.signum() >= 0)
            .and_then(Number::floor)
            .map(|whole| u64::try_from(whole).unwrap_or(u64::MAX));
        if count.is_none() {
            self.wrong(here, keyword, at);
        }
        count
    }

    fn strings(&mut self, here: Here<'a>, keyword: &str, at: At<'a>) -> Vec<Box<str>> {
        if !at.is_list() || at.items().any(|item| item.text().is_none()) {
            self.wrong(here, keyword, at);
            return Vec::new();
        }
        let mut names: Vec<Box<str>> = at.items().filter_map(At::text).map(Into::into).collect();
        names.sort();
        names.dedup();
        names
    }

    pub(super) fn numbers(&mut self, here: Here<'a>) {
        let flags = self.dialect.exclusive_is_a_flag();
        let mut numbers = Numbers {
            minimum: self.number(here, "minimum").map(|number| (number, false)),
            maximum: self.number(here, "maximum").map(|number| (number, false)),
            multiple_of: self.number(here, "multipleOf"),
        };
        if numbers.multiple_of.is_some_and(|number| number.signum() <= 0) {
            numbers.multiple_of = None;
            if let Some(at) = here.at.get("multipleOf") {
                self.wrong(here, "multipleOf", at);
            }
        }
        for (keyword, low) in [("exclusiveMinimum", true), ("exclusiveMaximum", false)] {
            let Some(at) = here.at.get(keyword) else { continue };
            let limit = if low { &mut numbers.minimum } else { &mut numbers.maximum };
            match at.value() {
                Value::Bool(is) if flags => {
                    if let Some((_, exclusive)) = limit {
                        *exclusive = is;
                    }
                }
                Value::Number(text) if !flags => match Number::read(text) {
                    Some(number) => {
                        let tighter = limit.is_none_or(|(old, _)| if low { number >= old } else { number <= old });
                        if tighter {
                            *limit = Some((number, true));
                        }
                    }
                    None => self.wrong(here, keyword, at),
                },
                _ => self.wrong(here, keyword, at),
            }
        }
        if numbers != Numbers::default() {
            self.shapes.get_mut(here.id).numbers = Some(Box::new(numbers));
        }
    }

    pub(super) fn texts(&mut self, here: Here<'a>) {
        let mut texts = Texts {
            length_min: self.count(here, "minLength").unwrap_or_default(),
            length_max: self.count(here, "maxLength"),
            ..Texts::default()
        };
        if let Some(at) = here.at.get("pattern") {
            match at.text() {
                Some(pattern) => texts.patterns = vec![pattern.into()],
                None => self.wrong(here, "pattern", at),
            }
        }
        if let Some(at) = here.at.get("format") {
            match at.text() {
                Some(name) if !is_number_format(name) => texts.format = Some(name.into()),
                Some(_) => {}
                None => self.wrong(here, "format", at),
            }
        }
        if texts != Texts::default() {
            self.shapes.get_mut(here.id).texts = Some(Box::new(texts));
        }
    }

    pub(super) fn lists(&mut self, here: Here<'a>) {
        let mut lists = Lists {
            count_min: self.count(here, "minItems").unwrap_or_default(),
            count_max: self.count(here, "maxItems"),
            ..Lists::default()
        };
        if let Some(at) = here.at.get("uniqueItems") {
            match at.bool() {
                Some(is) => lists.unique = is,
                None => self.wrong(here, "uniqueItems", at),
            }
        }
        let prefix = self.dialect.has("prefixItems");
        if let Some(at) = here.at.get("prefixItems").filter(|_| prefix) {
            lists.first = self.children(here, at, "prefixItems");
        }
        if let Some(at) = here.at.get("items") {
            if at.is_list() && !prefix {
                lists.first = self.children(here, at, "items");
                if let Some(rest) = here.at.get("additionalItems").filter(|_| self.dialect.has("additionalItems")) {
                    lists.items = Some(self.child(here, rest, "additionalItems"));
                }
            } else {
                lists.items = Some(self.child(here, at, "items"));
            }
        }
        if let Some(at) = here.at.get("contains").filter(|_| self.dialect.has("contains")) {
            let counts = self.dialect.has("minContains");
            let least = if counts { self.count(here, "minContains").unwrap_or(1) } else { 1 };
            let most = if counts { self.count(here, "maxContains") } else { None };
            lists.contains = Some((self.child(here, at, "contains"), least, most));
            lists.contains_speaks = self.dialect.has("prefixItems");
        }
        if lists.items.is_none() {
            lists.unevaluated = self.unevaluated(here, "unevaluatedItems");
        }
        if lists != Lists::default() {
            self.shapes.get_mut(here.id).lists = Some(Box::new(lists));
        }
    }

    pub(super) fn maps(&mut self, here: Here<'a>) {
        let mut maps = Maps {
            count_min: self.count(here, "minProperties").unwrap_or_default(),
            count_max: self.count(here, "maxProperties"),
            ..Maps::default()
        };
        if let Some(at) = here.at.get("properties") {
            if at.is_map() {
                maps.properties = self.named(here, at);
            } else {
                self.wrong(here, "properties", at);
            }
        }
        match here.at.get("required") {
            // A flag on a property is of draft 3; public documents have it, and it means nothing.
            Some(at) if at.bool().is_some() => {
                let place = crate::source::Place { file: here.file, span: at.span() };
                self.skipped.push((place, "`required` is true or false, which means nothing in this dialect".to_owned()));
            }
            Some(at) => maps.required = self.strings(here, "required", at),
            None => {}
        }
        if let Some(at) = here.at.get("patternProperties").filter(|_| self.dialect.has("patternProperties")) {
            for (pattern, _, shape) in at.entries() {
                let id = self.named_child(here, shape, "patternProperties", pattern);
                maps.patterns.push((pattern.into(), id));
            }
            maps.patterns.sort();
        }
        if let Some(at) = here.at.get("additionalProperties") {
            maps.additional = Some(self.child(here, at, "additionalProperties"));
        }
        if let Some(at) = here.at.get("propertyNames").filter(|_| self.dialect.has("propertyNames")) {
            maps.names = Some(self.child(here, at, "propertyNames"));
        }
        self.dependent(here, &mut maps);
        if maps.additional.is_none() {
            maps.unevaluated = self.unevaluated(here, "unevaluatedProperties");
        }
        if maps != Maps::default() {
            self.shapes.get_mut(here.id).maps = Some(Box::new(maps));
        }
    }

    fn named(&mut self, here: Here<'a>, at: At<'a>) -> Vec<(Box<str>, ShapeId)> {
        let mut named: Vec<(Box<str>, ShapeId)> = Vec::with_capacity(at.entries().len());
        for (name, _, shape) in at.entries() {
            named.push((name.into(), self.later(shape, here.file, Some(here.id), Step::Property(name.into()))));
        }
        // A key that stands twice: the last counts.
        named.sort_by(|a, b| a.0.cmp(&b.0));
        named.reverse();
        named.dedup_by(|later, earlier| later.0 == earlier.0);
        named.reverse();
        named
    }

    fn dependent(&mut self, here: Here<'a>, maps: &mut Maps) {
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            let Some(at) = here.at.get(keyword).filter(|_| self.dialect.has(keyword)) else { continue };
            for (name, _, value) in at.entries() {
                if value.is_list() && keyword != "dependentSchemas" {
                    let names = self.strings(here, keyword, value);
                    maps.dependent_required.push((name.into(), names));
                } else if keyword == "dependentRequired" {
                    self.wrong(here, keyword, value);
                } else {
                    let id = self.named_child(here, value, keyword, name);
                    maps.dependent_shapes.push((name.into(), id));
                }
            }
        }
        maps.dependent_required.sort();
        maps.dependent_shapes.sort();
    }
}
