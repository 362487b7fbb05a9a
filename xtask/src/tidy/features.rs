//! `docs/features.md` says of every feature of the inventory, F001 to F422, where it lives. A row
//! that claims to be done names a file or a verb that exists.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Violation;

const PAGE: &str = "docs/features.md";
const LAST: u32 = 422;
const STATES: &[&str] = &["done", "in part", "not yet", "out of scope"];

/// Checks the table against the tree.
pub(crate) fn check(root: &Path) -> Result<Vec<Violation>> {
    let text = fs::read_to_string(root.join(PAGE)).context(PAGE)?;
    Ok(problems(&text, |name| exists(root, name)))
}

fn problems(text: &str, exists: impl Fn(&str) -> bool) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut say = |line: usize, message: String| {
        found.push(Violation { path: PAGE.to_owned(), line, rule: "features", message });
    };
    let mut expected = 1;
    for (index, row) in text.lines().enumerate() {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [id, _feature, state, place] = cells.as_slice() else {
            continue;
        };
        let Some(number) = id.strip_prefix('F').and_then(|n| n.parse::<u32>().ok()) else {
            continue;
        };
        let line = index + 1;
        if number != expected {
            say(line, format!("F{expected:03} should stand here, not {id}"));
        }
        expected = number + 1;
        if !STATES.contains(state) {
            say(line, format!("`{state}` is not one of {}", STATES.join(", ")));
        }
        if *state != "not yet" && place.is_empty() {
            say(line, format!("{id} is `{state}` without a word on where or why"));
        }
        let named: Vec<&str> = place.split('`').skip(1).step_by(2).collect();
        if *state == "done" && named.is_empty() {
            say(line, format!("{id} is done, but names nothing in `…`"));
        }
        if matches!(*state, "done" | "in part") {
            for name in named.iter().filter(|name| !exists(name)) {
                say(line, format!("{id} names `{name}`, which does not exist"));
            }
        }
    }
    if expected != LAST + 1 {
        say(0, format!("the table ends before F{LAST}"));
    }
    found
}

/// A path below the root, or a verb of one of our programs that has its file.
fn exists(root: &Path, name: &str) -> bool {
    if name.contains("..") || name.starts_with('/') {
        return false;
    }
    if let Some(verb) = name.strip_prefix("segue ") {
        let verb = verb.split_whitespace().next().unwrap_or_default();
        return verb_file(root, "crates/segue/src/cli", verb);
    }
    if let Some(verb) = name.strip_prefix("cargo xtask ") {
        let verb = verb.split_whitespace().next().unwrap_or_default();
        return verb_file(root, "xtask/src", verb);
    }
    root.join(name).exists()
}

fn verb_file(root: &Path, folder: &str, verb: &str) -> bool {
    let folder = root.join(folder);
    let module = verb.replace('-', "_");
    folder.join(format!("{module}.rs")).is_file() || folder.join(&module).join("mod.rs").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(row: &str) -> String {
        let rows = (1..=LAST).map(|n| match n {
            2 => row.to_owned(),
            _ => format!("| F{n:03} | x | not yet | |"),
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    fn count(row: &str) -> usize {
        problems(&table(row), |name| name == "there.rs").len()
    }

    #[test]
    fn every_row_is_there_and_tells_the_truth() {
        assert_eq!(count("| F002 | x | not yet | |"), 0);
        assert_eq!(count("| F002 | x | done | `there.rs` |"), 0);
        assert_eq!(count("| F002 | x | done | there.rs |"), 1);
        assert_eq!(count("| F002 | x | done | `gone.rs` |"), 1);
        assert_eq!(count("| F002 | x | in part | `there.rs`; lacks y |"), 0);
        assert_eq!(count("| F002 | x | in part | `gone.rs` |"), 1);
        assert_eq!(count("| F002 | x | out of scope | |"), 1);
        assert_eq!(count("| F002 | x | soon | y |"), 1);
        assert_eq!(count("| F003 | x | not yet | |"), 2);
        assert_eq!(problems("", |_| true).len(), 1);
    }

    #[test]
    fn verbs_and_paths_are_looked_up() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(exists(&root, "cargo xtask tidy"));
        assert!(exists(&root, "xtask/src/main.rs"));
        assert!(!exists(&root, "cargo xtask juggle"));
        assert!(!exists(&root, "../main"));
    }
}
