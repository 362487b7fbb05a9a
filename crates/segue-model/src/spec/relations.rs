//! What must hold between keys that stand far apart: names of systems, orders, and who measures what.
//!
//! A JSON Schema cannot say these. Runs on any tree, also one with problems; must never tell a mistake twice.
//! Tests: `tests/it/problems.rs`, `tests/it/conditions.rs`.

mod metrics;
mod order;

use super::keys::{DATABASES, ENGINES};
use super::node::{Entry, Kind, Node};
use super::problems::{Problems, Span, brief, code, nearest};

/// Checks everything; gives the name of the system that the changes of form are in.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) -> Option<String> {
    let system = system_of_schema(root, problems);
    ends_of_move(root, problems);
    system_of_rollout(root, problems);
    metrics::check(root, problems);
    order::check(root, problems);
    system
}

/// The entries of a mapping.
fn entries(node: Option<&Node>) -> &[Entry] {
    match node.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => entries,
        _ => &[],
    }
}

/// The items of a list, or the one value that stands for it.
fn items(node: Option<&Node>) -> &[Node] {
    match node {
        None => &[],
        Some(Node { kind: Kind::List(items), .. }) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// A text.
fn text(node: Option<&Node>) -> Option<(&str, &Span)> {
    match node? {
        Node { kind: Kind::Text(text), span } => Some((text, span)),
        _ => None,
    }
}

/// The names of the systems with one of these engine keys, in the file's order.
pub(super) fn of_engine<'n>(root: &'n Node, engines: &[&str]) -> Vec<&'n str> {
    let systems = entries(root.get("systems")).iter();
    systems.filter(|entry| engines.iter().any(|engine| entry.value.get(engine).is_some())).map(|entry| entry.key.as_str()).collect()
}

/// Whether the systems can be told apart: a name may be looked up in them.
fn systems_are_read(root: &Node) -> bool {
    matches!(root.get("systems"), Some(Node { kind: Kind::Map(entries), .. }) if !entries.is_empty())
}

/// A name that must be a system of one of these engines.
fn system_name(root: &Node, key: &str, node: Option<&Node>, (engines, what): (&[&str], &str), problems: &mut Problems<'_>) {
    let Some((name, span)) = text(node).filter(|(name, _)| !name.is_empty()) else { return };
    if !systems_are_read(root) {
        return;
    }
    let Some(entry) = entries(root.get("systems")).iter().find(|entry| entry.key == name) else {
        let names = of_engine(root, engines);
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", brief(near)),
            None if names.is_empty() => format!("add {what} of that name to `systems`"),
            None => format!("write one of `{}`", names.iter().map(|name| brief(name)).collect::<Vec<_>>().join("`, `")),
        };
        problems.add(code::SYSTEM, span, format!("`{key}` is `{}`, which is not a system of this file", brief(name)), help);
        return;
    };
    let engine = ENGINES.iter().find(|engine| entry.value.get(engine).is_some());
    if let Some(engine) = engine.filter(|engine| !engines.contains(engine)) {
        let message = format!("`{key}` is `{}`, which is a system of the kind `{engine}`", brief(name));
        problems.add(code::SYSTEM, span, message, format!("name {what}"));
    }
}

/// The system that the changes are in: the one that `in` names, or the only database.
fn system_of_schema(root: &Node, problems: &mut Problems<'_>) -> Option<String> {
    let schema = root.get("schema").filter(|schema| matches!(schema.kind, Kind::Map(_)))?;
    if !systems_are_read(root) {
        return None;
    }
    let databases = of_engine(root, DATABASES);
    match (schema.get("in"), databases.as_slice()) {
        (Some(node), _) => {
            system_name(root, "schema.in", Some(node), (DATABASES, "a database"), problems);
            text(Some(node)).map(|(name, _)| name.to_owned())
        }
        (None, [one]) => Some((*one).to_owned()),
        (None, []) => {
            let engines = |entry: &Entry| ENGINES.iter().any(|engine| entry.value.get(engine).is_some());
            // A system whose kind is missing or wrong was told of already.
            if entries(root.get("systems")).iter().all(engines) {
                problems.add(code::SYSTEM, &schema.span, "`schema` needs a database, and `systems` has none", "add one to `systems`");
            }
            None
        }
        (None, several) => {
            let message = format!("`schema` lacks `in`, and there are {} systems", several.len());
            let names: Vec<String> = several.iter().map(|name| brief(name)).collect();
            problems.add(code::SYSTEM, &schema.span, message, format!("say which: `in:` and one of `{}`", names.join("`, `")));
            None
        }
    }
}

/// Both ends of a move are databases, and not the same.
fn ends_of_move(root: &Node, problems: &mut Problems<'_>) {
    let Some(node) = root.get("move") else { return };
    let ends = ["postgres", "mysql", "sqlite", "other"];
    system_name(root, "move.from", node.get("from"), (&ends, "a database, or one of the kind `other`"), problems);
    system_name(root, "move.to", node.get("to"), (&ends, "a database, or one of the kind `other`"), problems);
    if let (Some((from, _)), Some((to, span))) = (text(node.get("from")), text(node.get("to")))
        && from == to
        && !from.is_empty()
    {
        problems.add(code::SYSTEM, span, "`move.from` and `move.to` are the same system", "name two systems");
    }
    let columns = node.get("convert").and_then(|convert| convert.get("columns"));
    for entry in entries(columns).iter().filter(|entry| !entry.key.is_empty()) {
        let parts: Vec<&str> = entry.key.split('.').collect();
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty()) {
            let message = format!("`{}` is not the name of a column with its table", brief(&entry.key));
            problems.add(code::NAMED, &entry.span, message, "write `table.column`");
        }
    }
}

/// `rollout.system` is an `http` system, and may be left out where there is only one.
fn system_of_rollout(root: &Node, problems: &mut Problems<'_>) {
    let Some(rollout) = root.get("rollout").filter(|rollout| matches!(rollout.kind, Kind::Map(_))) else { return };
    if let Some(node) = rollout.get("system") {
        if let Some((name, span)) = text(Some(node)).filter(|_| root.get("systems").is_none()) {
            let message = format!("`rollout.system` is `{}`, but the file has no `systems`", brief(name));
            problems.add(code::SYSTEM, span, message, "add it: `http: {old, new}`");
        }
        system_name(root, "rollout.system", Some(node), (&["http"], "a system of the kind `http`"), problems);
        return;
    }
    let several = of_engine(root, &["http"]);
    if several.len() > 1 {
        let names: Vec<String> = several.iter().map(|name| brief(name)).collect();
        let message = format!("`rollout` lacks `system`, and there are {} of the kind `http`", several.len());
        problems.add(code::SYSTEM, &rollout.span, message, format!("say which: `system:` and one of `{}`", names.join("`, `")));
    }
}
