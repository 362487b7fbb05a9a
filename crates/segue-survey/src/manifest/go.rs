//! Go modules; a version in `go.mod` is exact, and `go.sum` proves it. Tests: `tests/it/tree.rs`.

use super::{lines, runtime_version};
use crate::gather::{Gather, Seen};
use crate::tree::Tree;

pub(super) fn read(text: &str, tree: &Tree, gather: &mut Gather) {
    let folder = gather.folder();
    let sums = if folder.is_empty() { "go.sum".to_owned() } else { format!("{folder}/go.sum") };
    let proven = tree.has(&sums);
    let mut inside = "";
    for (line, text) in lines(text) {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["go", version] => runtime_version("go", version, line, gather),
            [word @ ("require" | "replace" | "exclude" | "retract"), "("] => inside = word,
            [")"] => inside = "",
            ["require", name, version, ..] => module(name, version, text, proven, line, gather),
            [name, version, ..] if inside == "require" && version.starts_with('v') => module(name, version, text, proven, line, gather),
            _ => {}
        }
    }
}

fn module(name: &str, version: &str, text: &str, proven: bool, line: u32, gather: &mut Gather) {
    if text.contains("// indirect") {
        return;
    }
    if proven {
        gather.locked("go", name, version);
    }
    gather.package(Seen { name, ecosystem: "go", version, runtime: true, why: "needed to run (`require`)", line });
}
