//! Schemas of the document as shapes, by the one reader of schemas.
//!
//! References in them are followed through the library, so only into files that were handed over. Forms of Swagger 2.0 become
//! maps of their fields. Tests: `tests/it/openapi/`.

use std::collections::BTreeMap;

use super::Reader;
use crate::openapi::library::{Library, Spot};
use crate::openapi::model::Dialect;
use crate::shape::schema::{Dialect as SchemaDialect, Reader as SchemaReader, Target};
use crate::shape::{Maps, ShapeId, Shapes, Step, Types};
use crate::source::Place;

/// The shapes of one side while they are read.
pub(super) struct Schemas<'a> {
    reader: SchemaReader<'a>,
    /// Where `required` of a parameter of Swagger 2.0 stands: it is no schema's keyword there.
    no_keywords: Vec<Place>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(library: &'a Library, dialect: Dialect) -> Self {
        let resolver = move |file: u32, reference: &str| {
            let spot = library.target(file, reference).ok()?;
            Some(Target { at: spot.at, file: spot.file, name: spot.object })
        };
        let dialect = match dialect {
            Dialect::Swagger2 => SchemaDialect::Swagger2,
            Dialect::V30 => SchemaDialect::OpenApi30,
            Dialect::V31 => SchemaDialect::OpenApi31,
        };
        Self { reader: SchemaReader::new(dialect, Box::new(resolver)), no_keywords: Vec::new() }
    }

    /// The shape of a schema that stands there.
    pub(super) fn shape(&mut self, spot: &Spot<'a>) -> ShapeId {
        self.reader.root(spot.at, spot.file, spot.object.trim_start_matches('/'))
    }

    /// The shape of a parameter or header of Swagger 2.0, which is written in the parameter itself.
    pub(super) fn inline(&mut self, spot: &Spot<'a>) -> ShapeId {
        if let Some(required) = spot.get("required") {
            self.no_keywords.push(required.place());
        }
        if spot.at.text_at("type") == Some("file") {
            let id = self.reader.shapes.add(None, Step::Root(spot.object.trim_start_matches('/').into()), spot.place());
            self.reader.shapes.get_mut(id).types = Types::STRING;
            return id;
        }
        self.shape(spot)
    }

    /// The shape of a form: its fields by name, and which must be there.
    pub(super) fn form(&mut self, object: &str, place: Place, fields: Vec<(String, ShapeId, bool)>) -> ShapeId {
        let id = self.reader.shapes.add(None, Step::Root(object.into()), place);
        let mut maps = Maps::default();
        for (name, shape, required) in fields {
            if required {
                maps.required.push(name.as_str().into());
            }
            maps.properties.push((name.into(), shape));
        }
        maps.properties.sort_by(|a, b| a.0.cmp(&b.0));
        maps.properties.dedup_by(|a, b| a.0 == b.0);
        maps.required.sort();
        maps.required.dedup();
        let shape = self.reader.shapes.get_mut(id);
        shape.types = Types::OBJECT;
        shape.maps = Some(Box::new(maps));
        id
    }

    /// The shapes, and what was read over.
    pub(super) fn finish(mut self) -> (Shapes, Vec<String>) {
        let skipped = std::mem::take(&mut self.reader.skipped);
        let (shapes, mut sentences) = self.reader.finish();
        let counted = skipped.into_iter().filter(|(place, _)| !self.no_keywords.contains(place));
        sentences.extend(counted.map(|(_, sentence)| sentence));
        (shapes, sentences)
    }
}

impl<'a> Reader<'a> {
    /// Every schema among the components, by name.
    pub(super) fn all_schemas(&mut self, root: &Spot<'a>) -> BTreeMap<String, ShapeId> {
        let section = if self.dialect == Dialect::Swagger2 {
            self.map(root, "definitions")
        } else {
            let components = self.map(root, "components");
            components.and_then(|components| self.map(&components, "schemas"))
        };
        let Some(section) = section else { return BTreeMap::new() };
        section.at.entries().map(|(name, _, at)| (name.to_owned(), self.schemas.shape(&section.step(name, at)))).collect()
    }
}
