//! Bodies of requests, and media types.
//!
//! Fields of a form and the body parameter of Swagger 2.0 become what a request body is in OpenAPI 3. Tests:
//! `tests/it/openapi/`.

use std::collections::BTreeMap;

use super::{Reader, anchor};
use crate::openapi::library::Spot;
use crate::openapi::model::{Body, Dialect, Media};
use crate::shape::Literal;

impl<'a> Reader<'a> {
    /// The body that an operation takes.
    pub(super) fn body(&mut self, operation: &Spot<'a>, path: &Spot<'a>) -> Option<Body> {
        if self.dialect == Dialect::Swagger2 {
            return self.old_body(operation, path);
        }
        let spot = self.map(operation, "requestBody")?;
        let spot = self.followed(spot)?;
        let required = self.flag(&spot, "required").unwrap_or(false);
        Some(Body { anchor: anchor(&spot), required, media: self.content(&spot) })
    }

    /// `content`: media types in lower case, without spaces.
    pub(super) fn content(&mut self, spot: &Spot<'a>) -> BTreeMap<String, Box<Media>> {
        let mut found = BTreeMap::new();
        for (name, entry) in self.entries(spot, "content") {
            let Some(entry) = self.followed(entry) else { continue };
            let shape = entry.get("schema").or_else(|| entry.get("itemSchema")).map(|schema| self.schemas.shape(&schema));
            let encoding = entry.get("encoding").filter(|encoding| encoding.at.is_map()).map(|encoding| Literal::of(encoding.at));
            let examples = self.examples(&entry);
            found.insert(media_name(&name), Box::new(Media { anchor: anchor(&entry), shape, encoding, examples }));
        }
        found
    }

    /// `in: body` and `in: formData` of Swagger 2.0, of the operation and its path.
    fn old_body(&mut self, operation: &Spot<'a>, path: &Spot<'a>) -> Option<Body> {
        let mut fields = Vec::new();
        let mut body = None;
        let mut items = self.list(path, "parameters");
        items.extend(self.list(operation, "parameters"));
        for item in items {
            if !item.at.is_map() {
                continue;
            }
            let Some(item) = self.followed(item) else { continue };
            match item.at.text_at("in") {
                Some("body") => body = Some(called_body(item)),
                Some("formData") => fields.push(item),
                _ => {}
            }
        }
        let own = self.words(operation, "consumes");
        let consumes = if operation.get("consumes").is_some() { own } else { self.consumes.clone() };
        let media = |shape, anchor: super::Anchor, default: &str| -> BTreeMap<String, Box<Media>> {
            let names = if consumes.is_empty() { vec![default.to_owned()] } else { consumes.clone() };
            let one = Box::new(Media { anchor, shape, encoding: None, examples: Vec::new() });
            names.iter().map(|name| (media_name(name), one.clone())).collect()
        };
        if let Some(body) = body {
            let required = self.flag(&body, "required").unwrap_or(false);
            let shape = body.get("schema").map(|schema| self.schemas.shape(&schema));
            return Some(Body { anchor: anchor(&body), required, media: media(shape, anchor(&body), "*/*") });
        }
        let first = anchor(fields.first()?);
        let mut form = Vec::new();
        let mut has_file = false;
        for field in &fields {
            let Some(name) = self.text(field, "name") else { continue };
            let required = self.flag(field, "required").unwrap_or(false);
            has_file |= field.at.text_at("type") == Some("file");
            form.push((name, self.schemas.inline(field), required));
        }
        let required = form.iter().any(|(_, _, required)| *required);
        let object = format!("{}/formData", operation.object.trim_start_matches('/'));
        let shape = self.schemas.form(&object, first.place, form);
        let default = if has_file { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
        Some(Body {
            anchor: super::Anchor { object: object.clone(), place: first.place },
            required,
            media: media(Some(shape), super::Anchor { object, place: first.place }, default),
        })
    }
}

/// A body is called by what it is and not by its index among the parameters.
fn called_body(mut spot: Spot<'_>) -> Spot<'_> {
    if let Some((list, index)) = spot.object.rsplit_once('/')
        && index.bytes().all(|byte| byte.is_ascii_digit())
    {
        spot.object = format!("{list}/body");
    }
    spot
}

/// A media type as it is compared: lower case, no spaces.
pub(super) fn media_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
