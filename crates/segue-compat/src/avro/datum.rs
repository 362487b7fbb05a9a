//! Small values that a writer can write, in Avro's JSON encoding: the proofs.
//!
//! Bounded: a type that nests without an end, or too wide a one, has no sample, and the finding no proof. Tests:
//! `tests/it/avro/`, where each proof is checked by an own reader.

use serde_json::{Map, Value as Json};

use super::schema::{Id, Kind, Schema};

const NODES_MAX: usize = 400;
const DEPTH_MAX: usize = 24;

/// A step from a type to one inside of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Field(Box<str>),
    Item,
    Value,
    Branch(usize),
}

/// The smallest value that comes to mind.
pub(super) fn sample(schema: &Schema, id: Id) -> Option<Json> {
    value(schema, id, 0, &mut 0)
}

fn value(schema: &Schema, id: Id, depth: usize, count: &mut usize) -> Option<Json> {
    *count += 1;
    if *count > NODES_MAX || depth > DEPTH_MAX {
        return None;
    }
    Some(match &schema.node(id).kind {
        Kind::Null => Json::Null,
        Kind::Boolean => Json::Bool(true),
        Kind::Int => Json::from(1),
        Kind::Long => Json::from(3_000_000_000_i64),
        Kind::Float | Kind::Double => Json::from(1.5),
        Kind::Bytes => Json::from("\u{ff}"),
        Kind::String => Json::from("text"),
        Kind::Enum { symbols, .. } => Json::from(&**symbols.first()?),
        Kind::Fixed { size, .. } => Json::from("\u{1}".repeat(usize::try_from(*size).ok().filter(|size| *size <= 64)?)),
        Kind::Array(_) => Json::Array(Vec::new()),
        Kind::Map(_) => Json::Object(Map::new()),
        Kind::Record { fields, .. } if fields.len() > NODES_MAX => return None,
        Kind::Record { fields, .. } => {
            let mut map = Map::new();
            for field in fields {
                map.insert(field.name.to_string(), value(schema, field.schema, depth + 1, count)?);
            }
            Json::Object(map)
        }
        Kind::Union(branches) => {
            let null = branches.iter().find(|branch| matches!(schema.node(**branch).kind, Kind::Null));
            if null.is_some() {
                return Some(Json::Null);
            }
            let branch = branches.first()?;
            in_branch(schema, *branch, value(schema, *branch, depth + 1, count)?)
        }
        Kind::Named(_) => return None,
    })
}

/// A value as the branch of a union.
pub(super) fn in_branch(schema: &Schema, branch: Id, value: Json) -> Json {
    match schema.node(branch).kind {
        Kind::Null => value,
        _ => Json::Object(Map::from_iter([(schema.branch(branch), value)])),
    }
}

/// The whole value in which `inner` stands at the end of the steps from `root`.
pub(super) fn around(schema: &Schema, root: Id, steps: &[Step], inner: Json) -> Option<Json> {
    // The types on the way, from outside.
    let (mut types, mut at) = (Vec::with_capacity(steps.len()), root);
    for step in steps {
        types.push(at);
        at = match (&schema.node(at).kind, step) {
            (Kind::Record { fields, .. }, Step::Field(_)) if fields.len() > NODES_MAX => return None,
            (Kind::Record { fields, .. }, Step::Field(name)) => fields.iter().find(|field| field.name == *name)?.schema,
            (Kind::Array(inner), Step::Item) | (Kind::Map(inner), Step::Value) => *inner,
            (Kind::Union(branches), Step::Branch(branch)) => *branches.get(*branch)?,
            _ => return None,
        };
    }
    let mut value = inner;
    for (id, step) in types.into_iter().zip(steps).rev() {
        value = match (&schema.node(id).kind, step) {
            (Kind::Record { fields, .. }, Step::Field(_)) if fields.len() > NODES_MAX => return None,
            (Kind::Record { fields, .. }, Step::Field(name)) => {
                let mut map = Map::new();
                for field in fields {
                    let inside = if field.name == *name { value.clone() } else { sample(schema, field.schema)? };
                    map.insert(field.name.to_string(), inside);
                }
                Json::Object(map)
            }
            (Kind::Array(_), Step::Item) => Json::Array(vec![value]),
            (Kind::Map(_), Step::Value) => Json::Object(Map::from_iter([("key".to_owned(), value)])),
            (Kind::Union(branches), Step::Branch(branch)) => in_branch(schema, *branches.get(*branch)?, value),
            _ => return None,
        };
    }
    Some(value)
}
