//! PHP Composer. Tests: `tests/it/tree.rs`.

use super::runtime_version;
use crate::document::Node;
use crate::gather::{Gather, Seen};

pub(super) fn manifest(node: &Node, gather: &mut Gather) {
    for (section, runtime, why) in
        [("require", true, "needed to run (`require`)"), ("require-dev", false, "to build and test only (`require-dev`)")]
    {
        for entry in node.get(section).map(Node::entries).unwrap_or_default() {
            let version = entry.node.text().unwrap_or_default();
            if entry.key == "php" {
                runtime_version("php", version, entry.line, gather);
            } else {
                gather.package(Seen { name: &entry.key, ecosystem: "composer", version, runtime, why, line: entry.line });
            }
        }
    }
}

pub(super) fn lock(node: &Node, gather: &mut Gather) {
    for section in ["packages", "packages-dev"] {
        for package in node.get(section).map(Node::items).unwrap_or_default() {
            if let (Some(name), Some(version)) = (package.text_at("name"), package.text_at("version")) {
                gather.locked("composer", name, version.trim_start_matches('v'));
            }
        }
    }
}
