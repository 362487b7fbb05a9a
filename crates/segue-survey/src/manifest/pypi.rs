//! Python: requirements, pyproject, Poetry, Pipfile. Tests: `tests/it/tree.rs`.

use super::{lines, packages, runtime_version};
use crate::document::Node;
use crate::gather::{Gather, Seen};

const RUN: &str = "needed to run";
const BUILD: &str = "to build and test only";

pub(super) fn requirements(text: &str, gather: &mut Gather) {
    let file = gather.path().rsplit('/').next().unwrap_or_default().to_lowercase();
    let runtime = !["dev", "test", "lint", "doc"].iter().any(|word| file.contains(word));
    for (line, text) in lines(text) {
        let text = text.split(" #").next().unwrap_or_default().trim();
        if !text.is_empty() && !text.starts_with(['#', '-']) {
            requirement(text, runtime, line, gather);
        }
    }
}

/// `name[extra]>=1,<2; marker`; the version of `==` counts as resolved.
fn requirement(text: &str, runtime: bool, line: u32, gather: &mut Gather) {
    let text = text.split(';').next().unwrap_or_default().trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let rest = if rest.starts_with('[') { rest.split_once(']').map_or("", |(_, r)| r) } else { rest };
    let version = rest.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if let Some(exact) = version.strip_prefix("==").filter(|v| !v.contains([',', '*'])) {
        gather.locked("pypi", name, exact.trim_start_matches('=').split(' ').next().unwrap_or_default());
    }
    gather.package(Seen { name, ecosystem: "pypi", version, runtime, why: if runtime { RUN } else { BUILD }, line });
}

fn list(node: Option<&Node>, runtime: bool, gather: &mut Gather) {
    for item in node.map(Node::items).unwrap_or_default() {
        if let Some(text) = item.text() {
            requirement(text, runtime, item.line, gather);
        }
    }
}

pub(super) fn project(node: &Node, gather: &mut Gather) {
    list(node.at(&["project", "dependencies"]), true, gather);
    for groups in [node.at(&["project", "optional-dependencies"]), node.get("dependency-groups")] {
        for entry in groups.map(Node::entries).unwrap_or_default() {
            list(Some(&entry.node), false, gather);
        }
    }
    if let Some(python) = node.at(&["project", "requires-python"])
        && let Some(text) = python.text()
    {
        runtime_version("python", text, python.line, gather);
    }
    let Some(poetry) = node.at(&["tool", "poetry"]) else { return };
    let mut groups = vec![(poetry.get("dependencies"), true), (poetry.get("dev-dependencies"), false)];
    for entry in poetry.get("group").map(Node::entries).unwrap_or_default() {
        groups.push((entry.node.get("dependencies"), false));
    }
    for (group, runtime) in groups {
        for entry in group.map(Node::entries).unwrap_or_default() {
            let version = entry.node.text().or_else(|| entry.node.text_at("version")).unwrap_or_default();
            if entry.key == "python" {
                runtime_version("python", version, entry.line, gather);
            } else {
                gather.package(Seen {
                    name: &entry.key,
                    ecosystem: "pypi",
                    version,
                    runtime,
                    why: if runtime { RUN } else { BUILD },
                    line: entry.line,
                });
            }
        }
    }
}

pub(super) fn pipfile(node: &Node, gather: &mut Gather) {
    packages(node.get("packages"), "pypi", true, RUN, gather);
    packages(node.get("dev-packages"), "pypi", false, BUILD, gather);
    if let Some(python) = node.at(&["requires", "python_version"])
        && let Some(text) = python.text()
    {
        runtime_version("python", text, python.line, gather);
    }
}

pub(super) fn pipfile_lock(node: &Node, gather: &mut Gather) {
    for section in ["default", "develop"] {
        for entry in node.get(section).map(Node::entries).unwrap_or_default() {
            if let Some(version) = entry.node.text_at("version") {
                gather.locked("pypi", &entry.key, version.trim_start_matches('='));
            }
        }
    }
}
