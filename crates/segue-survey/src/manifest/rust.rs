//! Cargo manifests. Tests: `tests/it/tree.rs`.

use super::{packages, runtime_version};
use crate::document::Node;
use crate::gather::Gather;

pub(super) fn manifest(node: &Node, gather: &mut Gather) {
    sections(node, gather);
    packages(node.at(&["workspace", "dependencies"]), "cargo", true, "needed to run (`workspace.dependencies`)", gather);
    for target in node.get("target").map(Node::entries).unwrap_or_default() {
        sections(&target.node, gather);
    }
    for place in ["package", "workspace"] {
        let version = node.at(&[place, "rust-version"]).or_else(|| node.at(&[place, "package", "rust-version"]));
        if let Some(version) = version
            && let Some(text) = version.text()
        {
            runtime_version("rust", text, version.line, gather);
        }
    }
}

fn sections(node: &Node, gather: &mut Gather) {
    packages(node.get("dependencies"), "cargo", true, "needed to run (`dependencies`)", gather);
    packages(node.get("dev-dependencies"), "cargo", false, "to test only (`dev-dependencies`)", gather);
    packages(node.get("build-dependencies"), "cargo", false, "to build only (`build-dependencies`)", gather);
}
