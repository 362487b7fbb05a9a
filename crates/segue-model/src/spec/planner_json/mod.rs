//! The JSON of the planner script of requirement document 000, read into a [`Spec`].
//!
//! Known keys are checked by a table like those of `segue.yaml`: all problems at once, each with its path and place.
//! What has a key in `segue.yaml` lands there; the rest becomes [`Imported`](super::program::Imported). A key that
//! nobody knows is a finding, never lost. Must never panic, whatever the text. Tests: `tests/it/planner_json.rs`.

mod cursor;
mod fill;
mod keys;
mod service;
mod tree;
mod triggers;

use super::node::{Kind, Node};
use super::problems::{Problems, brief, code};
use super::shape::{Record, Shape};
use super::systems::holds_password;
use super::{Spec, walk};
use crate::finding::{Finding, Severity};
use crate::problem::Problem;

/// The whole document as a shape.
const DOCUMENT: Shape = Shape::Record(&keys::DOCUMENT);

/// Whether a text is such a document: a JSON object with `type` and one of `source`, `target`, `pattern` and
/// `constraints`, and no `segue`.
///
/// A text that is no right JSON but looks so is one too, so that what is wrong with it is told as such.
pub fn looks_like_planner_json(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    if !text.starts_with('{') {
        return false;
    }
    let others = ["source", "target", "pattern", "constraints"];
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        return value.get("type").is_some() && value.get("segue").is_none() && others.iter().any(|key| value.get(key).is_some());
    }
    let quoted = |key: &str| text.contains(&format!("\"{key}\""));
    quoted("type") && !quoted("segue") && others.into_iter().any(quoted)
}

/// Reads such a document. `file` is its name as the user gave it, for the places of problems.
///
/// All problems come at once, in the file's order. The findings name the keys that nobody knows (`info`) and what
/// the document says against itself.
pub fn read_planner_json(text: &str, file: &str) -> Result<(Spec, Vec<Finding>), Vec<Problem>> {
    let mut problems = Problems::new(text, file).json();
    let Some(root) = tree::read(&mut problems) else { return Err(problems.finish()) };
    let top = root.span.start..root.span.start + 1;
    walk::check(&root, &DOCUMENT, "", &top, &mut problems);
    secrets(&root, "", &mut problems);
    if !problems.is_empty() {
        return Err(problems.finish());
    }
    let mut findings = Vec::new();
    strangers(&root, &keys::DOCUMENT, "", &mut findings);
    let spec = fill::spec(&root, &mut findings, &mut problems);
    if problems.is_empty() { Ok((spec, findings)) } else { Err(problems.finish()) }
}

/// No text of the document holds a password: all of them land in the plan.
fn secrets(node: &Node, path: &str, problems: &mut Problems<'_>) {
    match &node.kind {
        Kind::Text(text) if holds_password(text) => {
            let message = format!("`{path}` holds a password in plain text");
            problems.add(code::SECRET, &node.span, message, "leave it out, and change it if this file was shared");
        }
        Kind::List(items) => items.iter().enumerate().for_each(|(index, item)| secrets(item, &format!("{path}[{index}]"), problems)),
        Kind::Map(entries) => {
            for entry in entries {
                let key = brief(&entry.key);
                secrets(&entry.value, &if path.is_empty() { key } else { format!("{path}.{key}") }, problems);
            }
        }
        _ => {}
    }
}

/// A finding of this reader.
fn finding(code: &str, severity: Severity, object: String, message: String, fix: &str) -> Finding {
    Finding { code: code.to_owned(), severity, object, message, fix: fix.to_owned() }
}

/// Names the keys that no table knows.
fn strangers(node: &Node, record: &Record, path: &str, findings: &mut Vec<Finding>) {
    let Kind::Map(entries) = &node.kind else { return };
    for entry in entries {
        let path = if path.is_empty() { brief(&entry.key) } else { format!("{path}.{}", brief(&entry.key)) };
        if let Some(key) = record.key(&entry.key) {
            inside(&entry.value, &key.shape, &path, findings);
        } else {
            let message = format!("nobody knows the key `{path}`; it is kept among the facts of the plan");
            findings.push(finding(code::STRANGE, Severity::Info, format!("`{path}`"), message, ""));
        }
    }
}

fn inside(node: &Node, shape: &Shape, path: &str, findings: &mut Vec<Finding>) {
    match (shape, &node.kind) {
        (Shape::Record(record), Kind::Map(_)) => strangers(node, record, path, findings),
        (Shape::List { of, .. }, Kind::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                inside(item, of, &format!("{path}[{index}]"), findings);
            }
        }
        _ => {}
    }
}
