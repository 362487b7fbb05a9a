//! npm: `package.json` and the locks of npm, Yarn and pnpm. Tests: `tests/it/tree.rs`.

use super::{packages, runtime_version};
use crate::document::Node;
use crate::gather::Gather;

pub(super) fn package(node: &Node, gather: &mut Gather) {
    packages(node.get("dependencies"), "npm", true, "needed to run (`dependencies`)", gather);
    packages(node.get("devDependencies"), "npm", false, "to build and test only (`devDependencies`)", gather);
    packages(node.get("optionalDependencies"), "npm", false, "works without it (`optionalDependencies`)", gather);
    packages(node.get("peerDependencies"), "npm", false, "brought by whoever uses it (`peerDependencies`)", gather);
    if let Some(version) = node.at(&["engines", "node"])
        && let Some(text) = version.text()
    {
        runtime_version("node", text, version.line, gather);
    }
    if let Some(version) = node.at(&["volta", "node"])
        && let Some(text) = version.text()
    {
        runtime_version("node", text, version.line, gather);
    }
}

/// Versions 2 and 3 have `packages` by path, version 1 `dependencies` by name.
pub(super) fn lock(node: &Node, gather: &mut Gather) {
    for entry in node.get("packages").map(Node::entries).unwrap_or_default() {
        // A package inside of another one is that one's own copy.
        let name = entry.key.strip_prefix("node_modules/").filter(|name| !name.contains("/node_modules/"));
        if let (Some(name), Some(version)) = (name, entry.node.text_at("version")) {
            gather.locked("npm", name, version);
        }
    }
    for entry in node.get("dependencies").map(Node::entries).unwrap_or_default() {
        if let Some(version) = entry.node.text_at("version") {
            gather.locked("npm", &entry.key, version);
        }
    }
}

/// `"a@^1", "a@~1.2":` and below it `  version "1.2.3"` (or `version: 1.2.3`).
pub(super) fn yarn(text: &str, gather: &mut Gather) {
    let mut names: Vec<&str> = Vec::new();
    for line in text.lines() {
        if !line.starts_with([' ', '#']) && line.trim_end().ends_with(':') {
            let name = |one: &'_ str| {
                let one = one.trim().trim_matches('"');
                let at = one.char_indices().skip(1).find(|(_, c)| *c == '@').map_or(one.len(), |(at, _)| at);
                one.len().min(at)
            };
            names = line.trim_end().trim_end_matches(':').split(',').map(|one| &one.trim().trim_matches('"')[..name(one)]).collect();
            names.dedup();
        } else if let Some(rest) = line.trim().strip_prefix("version") {
            let version = rest.trim_start_matches(':').trim().trim_matches('"');
            for name in names.drain(..) {
                gather.locked("npm", name, version);
            }
        }
    }
}

/// `importers` (or the root) name direct packages with `version`, perhaps with peers in brackets.
pub(super) fn pnpm(node: &Node, gather: &mut Gather) {
    let root = node.at(&["importers", "."]).unwrap_or(node);
    for section in ["dependencies", "devDependencies", "optionalDependencies"] {
        for entry in root.get(section).map(Node::entries).unwrap_or_default() {
            let version = entry.node.text().or_else(|| entry.node.text_at("version")).unwrap_or_default();
            gather.locked("npm", &entry.key, version.split(['(', '_']).next().unwrap_or_default());
        }
    }
}
