//! Responses of an operation by their status.
//!
//! A status is kept as it is written, in lower case: `200`, `2xx`, `default`. Tests: `tests/it/openapi/`.

use std::collections::BTreeMap;

use super::body::media_name;
use super::{Reader, anchor};
use crate::openapi::library::Spot;
use crate::openapi::model::{Dialect, Example, Media, Response};
use crate::shape::Literal;

impl<'a> Reader<'a> {
    /// Every response, references followed.
    pub(super) fn responses(&mut self, operation: &Spot<'a>) -> BTreeMap<String, Box<Response>> {
        let mut found = BTreeMap::new();
        for (status, entry) in self.entries(operation, "responses") {
            if status.starts_with("x-") {
                continue;
            }
            let Some(entry) = self.followed(entry) else { continue };
            let media = if self.dialect == Dialect::Swagger2 { self.old_content(operation, &entry) } else { self.content(&entry) };
            let mut headers = BTreeMap::new();
            for (name, header) in self.entries(&entry, "headers") {
                let Some(header) = self.followed(header) else { continue };
                if !name.eq_ignore_ascii_case("content-type") {
                    headers.insert(name.to_ascii_lowercase(), Box::new(self.header(&name, &header)));
                }
            }
            let mut links = BTreeMap::new();
            for (name, link) in self.entries(&entry, "links") {
                let Some(link) = self.followed(link) else { continue };
                links.insert(name, (Literal::of(link.at), link.place()));
            }
            found.insert(status.to_ascii_lowercase(), Box::new(Response { anchor: anchor(&entry), media, headers, links }));
        }
        found
    }

    /// `schema`, `produces` and `examples` of Swagger 2.0.
    fn old_content(&mut self, operation: &Spot<'a>, response: &Spot<'a>) -> BTreeMap<String, Box<Media>> {
        let Some(schema) = response.get("schema") else { return BTreeMap::new() };
        let own = self.words(operation, "produces");
        let mut produces = if operation.get("produces").is_some() { own } else { self.produces.clone() };
        if produces.is_empty() {
            produces.push("*/*".to_owned());
        }
        let shape = Some(self.schemas.shape(&schema));
        let examples = self.map(response, "examples");
        let mut found = BTreeMap::new();
        for name in produces {
            let example: Vec<Example> = examples.as_ref().and_then(|map| map.get(&name)).iter().map(super::example_at).collect();
            found.insert(media_name(&name), Box::new(Media { anchor: anchor(response), shape, encoding: None, examples: example }));
        }
        found
    }
}
