//! Combinations: `allOf`, `anyOf`, `oneOf`, `not`, `if`, and the discriminator of OpenAPI.
//!
//! Tests: `tests/it/shape/schema.rs`.

use std::collections::BTreeSet;

use super::{Here, Reader};
use crate::doc::At;
use crate::shape::{Combined, Condition, Discriminator, ShapeId, Step};
use crate::source::Place;

impl<'a> Reader<'a> {
    fn several(&mut self, here: Here<'a>, keyword: &'static str) -> Box<[ShapeId]> {
        match here.at.get(keyword) {
            Some(at) if at.is_list() => self.children(here, at, keyword).into(),
            Some(at) => {
                self.wrong(here, keyword, at);
                Box::default()
            }
            None => Box::default(),
        }
    }

    pub(super) fn combined(&mut self, here: Here<'a>) {
        let mut combined = Combined {
            all_of: self.several(here, "allOf"),
            any_of: self.several(here, "anyOf"),
            one_of: self.several(here, "oneOf"),
            not: here.at.get("not").map(|at| self.child(here, at, "not")),
            ..Combined::default()
        };
        combined.condition = self.condition(here).map(Box::new);
        if let Some(at) = here.at.get("discriminator").filter(|_| self.dialect.is_api()) {
            combined.discriminator = self.discriminator(here, at).map(Box::new);
        }
        if combined != Combined::default() {
            self.shapes.get_mut(here.id).combined = Some(Box::new(combined));
        }
    }

    /// A condition without a branch restricts nothing, and speaks of what it looks at all the same.
    fn condition(&mut self, here: Here<'a>) -> Option<Condition> {
        let at = here.at.get("if").filter(|_| self.dialect.has("if"))?;
        let when = self.child(here, at, "if");
        let unless = self.shapes.add(Some(here.id), Step::Keyword("if"), Place { file: here.file, span: at.span() });
        self.shapes.get_mut(unless).combined = Some(Box::new(Combined { not: Some(when), ..Combined::default() }));
        let then = here.at.get("then").map(|at| self.child(here, at, "then"));
        let otherwise = here.at.get("else").map(|at| self.child(here, at, "else"));
        Some(Condition { when, unless, then, otherwise })
    }

    /// A property (Swagger 2), or a property with a mapping from its values to schemas. Without a mapping a member is called
    /// by the last part of its reference.
    fn discriminator(&mut self, here: Here<'a>, at: At<'a>) -> Option<Discriminator> {
        let property = at.text().or_else(|| at.text_at("propertyName"))?;
        let mut values: Vec<(Box<str>, ShapeId)> = Vec::new();
        for (value, _, reference) in at.get("mapping").into_iter().flat_map(At::entries) {
            let Some(text) = reference.text() else {
                self.wrong(here, "mapping", reference);
                continue;
            };
            let bare = !text.contains(['/', '#', '.']);
            let text = if bare { format!("#/components/schemas/{text}") } else { text.to_owned() };
            if let Some(target) = (self.resolver)(here.file, &text) {
                let id = self.later(target.at, target.file, None, Step::Root(target.name.into()));
                values.push((value.into(), id));
            } else {
                self.not_checked.push(format!("`{text}` is referred to by a discriminator and was not read"));
            }
        }
        let mut mapped: BTreeSet<ShapeId> = values.iter().map(|(_, id)| *id).collect();
        let members = ["oneOf", "anyOf"].iter().filter_map(|key| here.at.get(key)).flat_map(At::items);
        for text in members.filter_map(|member| member.text_at("$ref")) {
            let Some(target) = (self.resolver)(here.file, text) else { continue };
            let id = self.later(target.at, target.file, None, Step::Root(target.name.into()));
            let name = text.rsplit('/').next().unwrap_or(text);
            if mapped.insert(id) {
                values.push((name.into(), id));
            }
        }
        values.sort();
        Some((property.into(), values))
    }
}
