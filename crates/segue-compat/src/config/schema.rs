//! Configurations held against JSON Schemas: the old one against the new schema, the new one against the old.
//!
//! The first answers whether the new application starts with what is deployed, the second whether the old one starts again after
//! going back. Schemas themselves are compared by their own family. Findings name places, never values. Tests:
//! `tests/it/config/`.

use segue_model::check::{Breaks, Side};
use serde_json::{Map, Value};

use super::entry::{Listing, line};
use super::format::{self, Format};
use super::rule::schema_refuses;
use crate::doc::{At, Doc, Value as Read};
use crate::draft::{Draft, Outcome};
use crate::policy::Policy;
use crate::shape::relate::{Options, accepts};
use crate::shape::schema::{Dialect, FileIndex, Reader};
use crate::shape::{ShapeId, Shapes};
use crate::source::{Refused, Source};

/// A configuration deeper than this is not held against a schema.
const DEPTH_MAX: usize = 128;

/// Compares two configurations, each with its schema if it has one. Places of schemas count behind the files of the
/// configuration: the report's sides are [`joined`].
pub fn check_with_schema(
    old: &Source,
    old_schema: Option<&Source>,
    new: &Source,
    new_schema: Option<&Source>,
    policy: &Policy,
) -> Result<Outcome, Vec<Refused>> {
    let mut outcome = super::check(old, new, policy)?;
    if let (Some(before), Some(after)) = (old_schema, new_schema) {
        let schemas = crate::json_schema::check(before, after, policy)?;
        let shift = |mut draft: Draft| {
            if let Some((side, place)) = &mut draft.at {
                place.file += if *side == Side::Old { old.files.len() } else { new.files.len() } as u32;
            }
            draft
        };
        outcome.drafts.extend(schemas.drafts.into_iter().map(shift));
        outcome.not_checked.extend(schemas.not_checked);
        outcome.undecided |= schemas.undecided;
    }
    let (before, after) = (old_schema.map(Schema::read).transpose()?, new_schema.map(Schema::read).transpose()?);
    let values = (value(old), value(new));
    let mut hold = |config: &str, value: &Option<Value>, name: &str, schema: Option<&Schema>, breaks: Vec<Breaks>| {
        let schema = schema?;
        let Some(value) = value else {
            outcome.not_checked.push(format!("the {config} configuration has several files or documents, or is too deep for a schema"));
            outcome.undecided = true;
            return None;
        };
        let fits = schema.fits(value);
        if fits == Some(true) {
            return None;
        }
        let place = if fits == Some(false) { schema.misfit(value) } else { String::new() };
        let object = if place.is_empty() { "the whole".to_owned() } else { place };
        let message = match fits {
            Some(_) => format!("the {config} configuration does not fit the {name} schema at `{object}`"),
            None => format!("whether the {config} configuration fits the {name} schema could not be decided"),
        };
        let draft =
            schema_refuses::draft(policy, if fits.is_none() { Vec::new() } else { breaks }, object.clone(), message, fits.is_none());
        Some((fits.is_some().then_some(object), draft))
    };
    let forth = hold("old", &values.0, "new", after.as_ref(), vec![Breaks::Deploy, Breaks::Rolling]);
    let back = hold("new", &values.1, "old", before.as_ref(), vec![Breaks::Rollback, Breaks::Rolling]);
    let own_old = hold("old", &values.0, "old", before.as_ref(), vec![Breaks::Rollback, Breaks::Rolling]);
    let own_new = hold("new", &values.1, "new", after.as_ref(), vec![Breaks::Deploy, Breaks::Rolling]);
    // What was wrong on both sides alike is no change.
    let same = match (&own_old, &own_new) {
        (Some((a, _)), Some((b, _))) => a == b,
        _ => false,
    };
    let alike = |found: &Option<(Option<String>, Draft)>| match (found, &own_old) {
        (Some((a, _)), Some((b, _))) => same && a == b,
        _ => false,
    };
    let skip = (alike(&forth), alike(&back));
    outcome.drafts.extend(forth.filter(|_| !skip.0).map(|(_, draft)| draft));
    outcome.drafts.extend(back.filter(|_| !skip.1).map(|(_, draft)| draft));
    if !same {
        outcome.drafts.extend(own_old.into_iter().chain(own_new).map(|(_, draft)| draft));
    }
    Ok(outcome)
}

/// A configuration with the files of its schema behind its own, as the report wants its sides.
pub fn joined(config: &Source, schema: Option<&Source>) -> Source {
    let mut files = config.files.clone();
    files.extend(schema.into_iter().flat_map(|schema| schema.files.iter().cloned()));
    Source { side: config.side, files }
}

struct Schema {
    shapes: Shapes,
    root: ShapeId,
}

impl Schema {
    fn read(source: &Source) -> Result<Self, Vec<Refused>> {
        let mut docs = Vec::new();
        let mut stops = Vec::new();
        for file in &source.files {
            let refuse = |message: String| Refused {
                code: "SG-CHK-086",
                side: source.side,
                file: file.name.clone(),
                span: None,
                message: format!("the schema cannot be read: {message}"),
                help: "mend the schema at this place, or compare without it".to_owned(),
            };
            match file.as_text() {
                Ok(text) => match Doc::read(text) {
                    Ok(doc) => {
                        docs.push(Some(doc));
                        continue;
                    }
                    Err(stop) => {
                        let line = line(text.as_bytes(), stop.at.start as usize);
                        stops.push(refuse(format!("line {line}: {}", stop.what)));
                    }
                },
                Err(_) => stops.push(refuse("it is not UTF-8".to_owned())),
            }
            docs.push(None);
        }
        let Some(Some(doc)) = docs.first() else { return Err(stops) };
        if !stops.is_empty() {
            return Err(stops);
        }
        let says = doc.root().text_at("$schema").unwrap_or_default();
        let known =
            [("draft-04", Dialect::Draft4), ("draft-06", Dialect::Draft6), ("draft-07", Dialect::Draft7), ("2019-09", Dialect::Draft2019)];
        let dialect = known.iter().find(|(part, _)| says.contains(part)).map_or(Dialect::Draft2020, |(_, dialect)| *dialect);
        let mut reader = Reader::new(dialect, FileIndex::new(source, &docs).resolver());
        let root = reader.root(doc.root(), 0, "#");
        let (shapes, _) = reader.finish();
        Ok(Self { shapes, root })
    }

    fn fits(&self, value: &Value) -> Option<bool> {
        accepts(&self.shapes, self.root, value, OPTIONS)
    }

    /// The path of the innermost place that does not fit.
    fn misfit(&self, value: &Value) -> String {
        let mut path = String::new();
        let (mut at, mut value) = (self.root, value);
        for _ in 0..DEPTH_MAX {
            let shape = self.shapes.get(self.shapes.resolve(at));
            let Some(maps) = &shape.maps else { break };
            let Some(object) = value.as_object() else { break };
            if let Some(name) = maps.required.iter().find(|name| !object.contains_key(&***name)) {
                return format::join(&path, name);
            }
            let inner = maps.properties.iter().find_map(|(name, inner)| {
                let value = object.get(&**name)?;
                (accepts(&self.shapes, *inner, value, OPTIONS) == Some(false)).then_some((name, *inner, value))
            });
            let Some((name, next, below)) = inner else { break };
            path = format::join(&path, name);
            (at, value) = (next, below);
        }
        path
    }
}

const OPTIONS: Options = Options { closed_world: false, formats_bind: true };

/// The configuration as a value; `None` when it is no single document or too deep.
fn value(source: &Source) -> Option<Value> {
    let [file] = source.files.as_slice() else { return None };
    let text = file.as_text().ok()?;
    match format::of(file)? {
        Format::Json => of_tree(Doc::json(text).ok()?.root(), 0),
        Format::Yaml => {
            let mut listing = Listing::default();
            format::read(Format::Yaml, 0, text, &mut listing).ok()?;
            let several = listing.entries.keys().any(|path| path.starts_with('<'));
            if several { None } else { of_tree(Doc::yaml(text).ok()?.root(), 0) }
        }
        Format::Toml => format::toml_value(text),
        Format::Env | Format::Ini => {
            let mut listing = Listing::default();
            format::read(format::of(file)?, 0, text, &mut listing).ok()?;
            Some(Value::Object(listing.entries.into_iter().map(|(path, entry)| (path, of_text(&entry.value))).collect()))
        }
    }
}

fn of_text(value: &super::entry::Value) -> Value {
    match value {
        super::entry::Value::Bool(is) => Value::Bool(*is),
        super::entry::Value::Number(text) => number(text),
        super::entry::Value::Text(text) | super::entry::Value::Moment(text) => Value::String(text.clone()),
        _ => Value::Null,
    }
}

/// A number with all its digits.
pub(super) fn number(text: &str) -> Value {
    text.parse::<serde_json::Number>().map_or_else(|_| Value::String(text.to_owned()), Value::Number)
}

fn of_tree(at: At<'_>, depth: usize) -> Option<Value> {
    if depth > DEPTH_MAX {
        return None;
    }
    Some(match at.value() {
        Read::Null => Value::Null,
        Read::Bool(is) => Value::Bool(is),
        Read::Number(text) => number(text),
        Read::Text(text) => Value::String(text.to_owned()),
        Read::List(_) => Value::Array(at.items().map(|item| of_tree(item, depth + 1)).collect::<Option<_>>()?),
        Read::Map => {
            let mut map = Map::new();
            for (key, _, inner) in at.entries() {
                map.insert(key.to_owned(), of_tree(inner, depth + 1)?);
            }
            Value::Object(map)
        }
    })
}
