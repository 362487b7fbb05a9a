//! Parameters, and headers of responses, which are read alike.
//!
//! The defaults of style and explode are those of the specification, so that writing them down is no change. Tests:
//! `tests/it/openapi/`.

use super::{Reader, anchor};
use crate::openapi::library::{Spot, escape};
use crate::openapi::model::{Dialect, Header, Location, Parameter};
use crate::shape::ShapeId;

/// Headers that are described elsewhere; the specification says to ignore them among parameters.
const IGNORED: &[&str] = &["accept", "content-type", "authorization"];

impl<'a> Reader<'a> {
    /// A parameter in the path, the query, a header or a cookie; a body of Swagger 2.0 is none.
    pub(super) fn parameter(&mut self, spot: &Spot<'a>) -> Option<Parameter> {
        let location = match self.text(spot, "in").as_deref() {
            Some("path") => Location::Path,
            Some("query" | "querystring") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            Some("body" | "formData") if self.dialect == Dialect::Swagger2 => return None,
            _ => {
                self.skip(spot, "a parameter with `in` and `name`");
                return None;
            }
        };
        let Some(name) = self.text(spot, "name") else {
            self.skip(spot, "a parameter with `in` and `name`");
            return None;
        };
        if location == Location::Header && IGNORED.contains(&name.to_ascii_lowercase().as_str()) {
            return None;
        }
        let spot = &named(spot, location, &name);
        let required = self.flag(spot, "required").unwrap_or(location == Location::Path);
        let allow_empty = self.flag(spot, "allowEmptyValue").unwrap_or(false);
        let (shape, media) = self.described(spot);
        Some(Parameter {
            anchor: anchor(spot),
            index: None,
            required,
            allow_empty,
            style: if media.is_some() { String::new() } else { self.style(spot, location) },
            media,
            life: self.life(spot),
            shape,
            examples: self.examples(spot),
            name,
            location,
        })
    }

    /// A header of a response.
    pub(super) fn header(&mut self, name: &str, spot: &Spot<'a>) -> Header {
        let (shape, _) = self.described(spot);
        let required = self.flag(spot, "required").unwrap_or(false);
        Header { anchor: anchor(spot), name: name.to_owned(), required, life: self.life(spot), shape }
    }

    /// Its shape, and the media type when it is written by one.
    fn described(&mut self, spot: &Spot<'a>) -> (Option<ShapeId>, Option<String>) {
        if self.dialect == Dialect::Swagger2 {
            return (Some(self.schemas.inline(spot)), None);
        }
        if let Some(schema) = spot.get("schema") {
            return (Some(self.schemas.shape(&schema)), None);
        }
        let content = self.map(spot, "content");
        let Some((media, entry)) = content.as_ref().and_then(|map| map.at.entries().next().map(|(name, _, at)| (name, map.step(name, at))))
        else {
            return (None, None);
        };
        let shape = entry.get("schema").map(|schema| self.schemas.shape(&schema));
        (shape, Some(media.to_ascii_lowercase()))
    }

    /// How a value is written, in one text: two parameters are written alike exactly when it is the same.
    fn style(&mut self, spot: &Spot<'a>, location: Location) -> String {
        if self.dialect == Dialect::Swagger2 {
            let format = self.text(spot, "collectionFormat").unwrap_or_else(|| "csv".to_owned());
            let default = if location == Location::Query || location == Location::Cookie { "form" } else { "simple" };
            return match format.as_str() {
                "ssv" => "spaceDelimited".to_owned(),
                "pipes" => "pipeDelimited".to_owned(),
                "multi" => format!("{default}, exploded"),
                "csv" => default.to_owned(),
                other => other.to_owned(),
            };
        }
        let default = if matches!(location, Location::Query | Location::Cookie) { "form" } else { "simple" };
        let mut style = self.text(spot, "style").unwrap_or_else(|| default.to_owned());
        let explode = self.flag(spot, "explode").unwrap_or(style == "form");
        if explode {
            style.push_str(", exploded");
        }
        if self.flag(spot, "allowReserved").unwrap_or(false) {
            style.push_str(", reserved characters as they are");
        }
        style
    }
}

/// One of a list is called by its place and name and not by its index, which moves when another comes before it.
fn named<'a>(spot: &Spot<'a>, location: Location, name: &str) -> Spot<'a> {
    let mut spot = spot.clone();
    if let Some((list, index)) = spot.object.rsplit_once('/')
        && index.bytes().all(|byte| byte.is_ascii_digit())
        && list.ends_with("parameters")
    {
        spot.object = format!("{list}/{}/{}", location.word(), escape(name));
    }
    spot
}
