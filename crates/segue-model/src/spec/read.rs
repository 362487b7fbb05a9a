//! From the text of `segue.yaml` to a [`Spec`], or to everything that is wrong with it.
//!
//! Must never resolve a reference, open a file or look at a database. Tests: `tests/it/`.

use std::collections::BTreeMap;

use serde::Deserialize as _;

use super::decode::Value;
use super::keys;
use super::node::{self, Kind, Node};
use super::problems::{Problems, brief, code};
use super::shape::{Record, Shape};
use super::{Check, Limits, RollbackWish, SchemaChange, Spec, System, Throttle};
use super::{systems, walk, words};
use crate::change::Change;
use crate::problem::Problem;
use crate::secret::Reference;
use crate::units::{Bytes, Millis};

/// The whole file as a shape.
const SPEC: Shape = Shape::Record(&keys::SPEC);

/// Reads a spec. `file` is its name as the user gave it, for the places of problems.
///
/// All problems of the file come at once, in its order, each with a code, a place and what to do. No message
/// holds any part of a URL. The references in `systems` are kept as they are.
pub fn read(text: &str, file: &str) -> Result<Spec, Vec<Problem>> {
    let mut problems = Problems::new(text, file);
    let Some(root) = node::read(&mut problems) else { return Err(problems.finish()) };
    let root = if matches!(root.kind, Kind::Null) { Node { kind: Kind::Map(Vec::new()), span: root.span } } else { root };
    let top = root.span.start..root.span.start + 1;
    walk::check(&root, &SPEC, "", &top, &mut problems);
    let system = system_of(&root, &mut problems);
    if !problems.is_empty() {
        return Err(problems.finish());
    }
    let spec = system.and_then(|system| spec(&root, system, &mut problems));
    match spec {
        Some(spec) if problems.is_empty() => Ok(spec),
        _ => {
            if problems.is_empty() {
                disagree(&root, "the spec", &mut problems);
            }
            Err(problems.finish())
        }
    }
}

/// The system that the changes are in: the one that `in` names, or the only one.
fn system_of(root: &Node, problems: &mut Problems<'_>) -> Option<String> {
    let (schema, systems) = (root.get("schema")?, root.get("systems")?);
    let (Kind::Map(_), Kind::Map(entries)) = (&schema.kind, &systems.kind) else { return None };
    let names = || entries.iter().map(|entry| brief(&entry.key)).collect::<Vec<_>>().join("`, `");
    match schema.get("in") {
        Some(Node { kind: Kind::Text(name), span }) => {
            if !name.is_empty() && !entries.is_empty() && !entries.iter().any(|entry| entry.key == *name) {
                let message = format!("`schema.in` is `{}`, which is not a system of this file", brief(name));
                problems.add(code::SYSTEM, span, message, format!("write one of `{}`", names()));
            }
            Some(name.clone())
        }
        Some(_) => None,
        None if entries.len() > 1 => {
            let message = format!("`schema` lacks `in`, and there are {} systems", entries.len());
            problems.add(code::SYSTEM, &schema.span, message, format!("say which: `in:` and one of `{}`", names()));
            None
        }
        None => entries.first().map(|entry| entry.key.clone()),
    }
}

fn disagree(node: &Node, what: &str, problems: &mut Problems<'_>) {
    let message = format!("{what} was found right, but could not be taken over: a fault of Segue");
    problems.add(code::READER, &node.span, message, "report it with this part of the file");
}

/// The typed spec; `None` only where a table and a type disagree.
fn spec(root: &Node, system: String, problems: &mut Problems<'_>) -> Option<Spec> {
    let nothing = Node { kind: Kind::Null, span: 0..0 };
    let part = |key: &str| root.get(key).unwrap_or(&nothing);
    let (limits, throttle) = (part("limits"), part("throttle"));
    Some(Spec {
        segue: 1,
        id: text(root.get("id"))?,
        name: text(root.get("name")).unwrap_or_default(),
        why: text(root.get("why")).unwrap_or_default(),
        owners: mapping(part("owners"), |node| text(Some(node)))?,
        systems: mapping(part("systems"), system_at)?,
        schema: SchemaChange { system, changes: changes(root.get("schema")?.get("changes")?, problems)? },
        limits: Limits {
            downtime: quantity(limits, "downtime", |text| words::duration(text, true).ok()).ok()?,
            rollback: rollback(limits)?,
        },
        checks: mapping(part("checks"), check_at)?,
        throttle: Throttle {
            max_replication_lag: quantity(throttle, "max_replication_lag", duration).ok()?,
            max_load: mapping(throttle.get("max_load").unwrap_or(&nothing), |node| text(Some(node))?.parse().ok())?,
            batch_target: quantity(throttle, "batch_target", duration).ok()?,
            ddl_lock_timeout: quantity(throttle, "ddl_lock_timeout", duration).ok()?,
            max_wal: quantity(throttle, "max_wal", |text| -> Option<Bytes> { words::size(text).ok() }).ok()?,
        },
        keep_old: quantity(root, "keep_old", duration).ok()?.unwrap_or(Millis(0)),
    })
}

/// A scalar as text; SQL may be written as a number or a boolean.
fn text(node: Option<&Node>) -> Option<String> {
    match &node?.kind {
        Kind::Text(text) | Kind::Number(text) => Some(text.clone()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn mapping<T>(node: &Node, value: impl Fn(&Node) -> Option<T>) -> Option<BTreeMap<String, T>> {
    match &node.kind {
        Kind::Null => Some(BTreeMap::new()),
        Kind::Map(entries) => entries.iter().map(|entry| Some((entry.key.clone(), value(&entry.value)?))).collect(),
        _ => None,
    }
}

fn duration(text: &str) -> Option<Millis> {
    words::duration(text, false).ok()
}

/// A table takes what a type does not.
struct Disagreement;

/// `None` where the key is left out.
fn quantity<T>(node: &Node, key: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Disagreement> {
    let Some(value) = node.get(key) else { return Ok(None) };
    text(Some(value)).and_then(|text| read(&text)).map(Some).ok_or(Disagreement)
}

fn rollback(limits: &Node) -> Option<RollbackWish> {
    match limits.get("rollback") {
        None => Some(RollbackWish::default()),
        Some(node) => RollbackWish::deserialize(Value(node)).ok(),
    }
}

fn system_at(node: &Node) -> Option<System> {
    if let Some(postgres) = node.get("postgres") {
        return Some(System::Postgres { url: Reference::from(text(postgres.get("url"))?) });
    }
    Some(System::Sqlite { path: systems::path_reference(&text(node.get("sqlite")?.get("path"))?) })
}

fn check_at(node: &Node) -> Option<Check> {
    let sql = if matches!(node.kind, Kind::Map(_)) { node.get("sql") } else { Some(node) };
    Some(Check { sql: text(sql)? })
}

fn changes(node: &Node, problems: &mut Problems<'_>) -> Option<Vec<Change>> {
    let Kind::List(items) = &node.kind else { return None };
    let mut changes = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match Change::deserialize(Value(item)) {
            Ok(change) => changes.push(change),
            Err(_) => disagree(item, &format!("`schema.changes[{index}]`"), problems),
        }
    }
    Some(changes)
}

/// The record of the whole file, for the JSON Schema.
pub(super) const fn record() -> &'static Record {
    &keys::SPEC
}
