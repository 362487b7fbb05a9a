//! A Rust file of ours, read once and shown to every rule.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::lexer::{self, Lexed};

/// One file with what the rules ask of it.
#[derive(Debug)]
pub(crate) struct Source {
    /// Below the root, with `/`.
    pub(crate) path: String,
    /// The file as it is.
    pub(crate) text: String,
    /// The file with comments and literals apart.
    pub(crate) lexed: Lexed,
    /// Lines that are tests inside the file.
    test_lines: Vec<RangeInclusive<usize>>,
}

/// Reads every `.rs` file of the crates and of the workshop.
pub(crate) fn read_all(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in super::tracked(root, &["crates", "xtask"])? {
        if Path::new(&path).extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(root.join(&path)).with_context(|| path.clone())?;
            sources.push(Source::new(path, text));
        }
    }
    Ok(sources)
}

impl Source {
    /// Takes a file apart.
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lexed = lexer::lex(&text);
        let test_lines = test_lines(&lexed.code);
        Self { path: path.into(), text, lexed, test_lines }
    }

    /// The package's folder name: `segue-model`, or `xtask`.
    pub(crate) fn package(&self) -> &str {
        let mut parts = self.path.split('/');
        match parts.next() {
            Some("crates") => parts.next().unwrap_or_default(),
            Some(first) => first,
            None => "",
        }
    }

    /// Whether the whole file is for proof only: a test, a bench, an example, a build script, or
    /// anything of `segue-sim`, which is never shipped.
    pub(crate) fn is_proof(&self) -> bool {
        self.package() == "segue-sim" || self.is_test_file()
    }

    /// Whether the whole file is a test, a bench, an example or a build script.
    pub(crate) fn is_test_file(&self) -> bool {
        let inside = |folder: &str| self.path.contains(&format!("/{folder}/"));
        inside("tests") || inside("benches") || inside("examples") || self.path.ends_with("/tests.rs") || self.path.ends_with("/build.rs")
    }

    /// Whether this line is part of a test.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.is_test_file() || self.test_lines.iter().any(|range| range.contains(&line))
    }

    /// The lines of the file that are not tests.
    pub(crate) fn lines_without_tests(&self) -> usize {
        (1..=self.text.lines().count()).filter(|line| !self.is_test(*line)).count()
    }
}

/// The lines of each item under `#[cfg(test)]` or `#[test]`, with its attribute.
fn test_lines(code: &str) -> Vec<RangeInclusive<usize>> {
    let mut found: Vec<RangeInclusive<usize>> = Vec::new();
    for marker in ["#[cfg(test)]", "#[test]", "#[tokio::test"] {
        for (at, _) in code.match_indices(marker) {
            let first = line_of(code, at);
            let last = line_of(code, end_of_item(code, at + marker.len()));
            found.push(first..=last);
        }
    }
    found
}

/// Where the item that begins here ends: at the `;` or the brace that closes it.
pub(crate) fn end_of_item(code: &str, from: usize) -> usize {
    let mut depth = 0_i32;
    for (offset, c) in code[from..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth <= 0 {
                    return from + offset;
                }
            }
            ';' if depth == 0 => return from + offset,
            _ => {}
        }
    }
    code.len()
}

/// The line of a byte offset, from one.
pub(crate) fn line_of(code: &str, at: usize) -> usize {
    code[..at.min(code.len())].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_items_are_known_by_line() {
        let source =
            Source::new("crates/segue-model/src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\"; }\n}\nfn c() {}\n");
        let tests: Vec<usize> = (1..=6).filter(|line| source.is_test(*line)).collect();
        assert_eq!(tests, [2, 3, 4, 5]);
        assert_eq!(source.lines_without_tests(), 2);
        let declared = Source::new("crates/a/src/b.rs", "#[cfg(test)]\nmod tests;\nfn c() {}\n");
        assert_eq!(declared.lines_without_tests(), 1);
    }

    #[test]
    fn packages_and_proof_are_known_by_path() {
        let source = |path: &str| Source::new(path, "");
        assert_eq!(source("crates/segue/src/main.rs").package(), "segue");
        assert_eq!(source("xtask/src/main.rs").package(), "xtask");
        assert!(source("crates/segue-sim/src/lib.rs").is_proof());
        assert!(source("crates/segue/tests/it/main.rs").is_test_file());
        assert!(!source("crates/segue/src/main.rs").is_proof());
    }
}
