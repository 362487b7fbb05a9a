//! From the text of `segue.yaml` to a [`Spec`], or to everything that is wrong with it.
//!
//! Must never resolve a reference, open a file or look at a database. Tests: `tests/it/`.

use serde::Deserialize as _;

use super::decode::Value;
use super::keys;
use super::node::{self, Kind, Node};
use super::problems::{Problems, code};
use super::shape::{Record, Shape};
use super::take::{self, Take};
use super::{Check, Limits, RollbackWish, SchemaChange, Spec, System, Throttle};
use super::{relations, systems, walk, words};
use crate::change::Change;
use crate::problem::Problem;
use crate::secret::Reference;
use crate::units::Millis;

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
    let system = relations::check(&root, &mut problems);
    if !problems.is_empty() {
        return Err(problems.finish());
    }
    let spec = spec(&root, system, &mut problems);
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

fn disagree(node: &Node, what: &str, problems: &mut Problems<'_>) {
    let message = format!("{what} was found right, but could not be taken over: a fault of Segue");
    problems.add(code::READER, &node.span, message, "report it with this part of the file");
}

/// The typed spec; `None` only where a table and a type disagree.
fn spec(root: &Node, system: Option<String>, problems: &mut Problems<'_>) -> Option<Spec> {
    let take = Take::default();
    let nothing = Node { kind: Kind::Null, span: 0..0 };
    let part = |key: &str| root.get(key).unwrap_or(&nothing);
    let (limits, throttle) = (part("limits"), part("throttle"));
    let spec = Spec {
        segue: 1,
        id: take.must(root, "id"),
        name: take.text(root, "name").unwrap_or_default(),
        why: take.text(root, "why").unwrap_or_default(),
        owners: take.map(root.get("owners"), |node| take.scalar(node)),
        systems: take
            .map(root.get("systems"), |node| system_at(&take, node))
            .into_iter()
            .filter_map(|(name, it)| Some((name, it?)))
            .collect(),
        schema: match root.get("schema") {
            Some(schema) => Some(SchemaChange { system: system?, changes: changes(schema.get("changes"), problems)? }),
            None => None,
        },
        limits: Limits { downtime: take.read(limits, "downtime", |text| words::duration(text, true).ok()), rollback: rollback(limits)? },
        checks: take.map(root.get("checks"), |node| Check {
            sql: if matches!(node.kind, Kind::Map(_)) { take.must(node, "sql") } else { take.scalar(node) },
        }),
        throttle: Throttle {
            max_replication_lag: take.duration(throttle, "max_replication_lag"),
            max_load: take.map(throttle.get("max_load"), |node| take.scalar(node).parse().unwrap_or_else(|_| take.wrong())),
            batch_target: take.duration(throttle, "batch_target"),
            ddl_lock_timeout: take.duration(throttle, "ddl_lock_timeout"),
            max_wal: take.size(throttle, "max_wal"),
            max_bytes_per_s: take.size(throttle, "max_bytes_per_s"),
        },
        keep_old: take.duration(root, "keep_old").unwrap_or(if root.get("move").is_some() { KEEP_OLD_OF_A_MOVE } else { Millis(0) }),
        program: take::program(&take, root),
    };
    (!take.is_wrong()).then_some(spec)
}

/// 30 days.
const KEEP_OLD_OF_A_MOVE: Millis = Millis(30 * 86_400_000);

fn rollback(limits: &Node) -> Option<RollbackWish> {
    match limits.get("rollback") {
        None => Some(RollbackWish::default()),
        Some(node) => RollbackWish::deserialize(Value(node)).ok(),
    }
}

/// A database; `None` for a system that is none.
fn system_at(take: &Take, node: &Node) -> Option<System> {
    if let Some(postgres) = node.get("postgres") {
        return Some(System::Postgres { url: Reference::from(take.must(postgres, "url")) });
    }
    if let Some(mysql) = node.get("mysql") {
        return Some(System::Mysql { url: Reference::from(take.must(mysql, "url")) });
    }
    node.get("sqlite").map(|sqlite| System::Sqlite { path: systems::path_reference(&take.must(sqlite, "path")) })
}

/// None where a file says them.
fn changes(node: Option<&Node>, problems: &mut Problems<'_>) -> Option<Vec<Change>> {
    let Some(node) = node else { return Some(Vec::new()) };
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
