//! The size of files and functions, as a ratchet.
//!
//! A file holds at most 600 lines without its tests and a function at most 70. What is longer today
//! stands in `xtask/ratchet.txt` with its length, and that list may only shrink: an entry that grew
//! is a breach, and one that shrank must be lowered with `cargo xtask tidy --write-ratchet`. A new
//! entry needs `--admit`, and a reason in the commit.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Violation;
use super::source::{self, Source};

const RATCHET: &str = "xtask/ratchet.txt";
const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

const HEADER: &str = "\
# What is longer than the house allows (files 600 lines without tests, functions 70).
# This list may only shrink: `cargo xtask tidy --write-ratchet` lowers it.
";

/// What is too long: `path` or `path::function`, and its length.
type Lengths = BTreeMap<String, usize>;

/// Compares what is too long with the ratchet.
pub(crate) fn check(root: &Path, sources: &[Source]) -> Result<Vec<Violation>> {
    Ok(compare(&measure(sources), &read(root)?))
}

/// Lowers and removes entries; with `admit`, takes in what is new or grew.
pub(crate) fn write_ratchet(root: &Path, sources: &[Source], admit: bool) -> Result<()> {
    let file = root.join(RATCHET);
    let now = measure(sources);
    let before = read(root)?;
    let kept: Lengths = now
        .into_iter()
        .filter_map(|(name, lines)| match before.get(&name) {
            _ if admit => Some((name, lines)),
            Some(allowed) => Some((name, lines.min(*allowed))),
            None => None,
        })
        .collect();
    let mut text = HEADER.to_owned();
    for (name, lines) in &kept {
        text.push_str(&format!("{name} {lines}\n"));
    }
    fs::write(&file, text).with_context(|| RATCHET.to_owned())
}

fn read(root: &Path) -> Result<Lengths> {
    match fs::read_to_string(root.join(RATCHET)) {
        Ok(text) => parse(&text),
        Err(_) => Ok(Lengths::new()),
    }
}

fn parse(text: &str) -> Result<Lengths> {
    let entries = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    entries
        .map(|line| {
            let (name, lines) = line.rsplit_once(' ').with_context(|| format!("{RATCHET}: `{line}` is not a name and a length"))?;
            Ok((name.to_owned(), lines.parse().context(RATCHET)?))
        })
        .collect()
}

fn compare(now: &Lengths, allowed: &Lengths) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut say = |name: &str, message: String| {
        found.push(Violation { path: name.to_owned(), line: 0, rule: "size", message });
    };
    for (name, lines) in now {
        let limit = allowed.get(name).copied().unwrap_or_else(|| limit(name));
        if *lines > limit {
            say(name, format!("{lines} lines, {limit} allowed; it is two ideas: split it by idea"));
        }
    }
    for (name, allowed) in allowed {
        let lines = now.get(name).copied();
        if lines.is_none_or(|lines| lines < *allowed) {
            say(name, "is shorter than the ratchet says; run `cargo xtask tidy --write-ratchet`".to_owned());
        }
    }
    found
}

fn limit(name: &str) -> usize {
    if name.contains("::") { FUNCTION_LINES_MAX } else { FILE_LINES_MAX }
}

/// Everything over its limit. Tests are not measured.
fn measure(sources: &[Source]) -> Lengths {
    let mut found = Lengths::new();
    for source in sources {
        let lines = source.lines_without_tests();
        if lines > FILE_LINES_MAX {
            found.insert(source.path.clone(), lines);
        }
        for (name, first, last) in functions(&source.lexed.code) {
            let lines = last - first + 1;
            if lines > FUNCTION_LINES_MAX && !source.is_test(first) {
                // Two functions of one name in one file share an entry: the longest counts.
                let longest = found.entry(format!("{}::{name}", source.path)).or_default();
                *longest = lines.max(*longest);
            }
        }
    }
    found
}

/// Each function with a body: its name, its first and its last line.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let is_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !is_word || name.is_empty() {
            continue;
        }
        let end = source::end_of_item(code, at);
        if code[end..].starts_with('}') {
            found.push((name, source::line_of(code, at), source::line_of(code, end)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(entries: &[(&str, usize)]) -> Lengths {
        entries.iter().map(|(n, l)| ((*n).to_owned(), *l)).collect()
    }

    #[test]
    fn functions_are_measured_with_their_bodies() {
        let code = "fn a(x: [u8; 2]) -> u8 {\n    {\n    }\n    1\n}\nfn b();\nfn c() {}\n";
        let found = functions(code);
        assert_eq!(found, [("a".into(), 1, 5), ("c".into(), 7, 7)]);
    }

    #[test]
    fn long_files_and_functions_are_found_but_not_tests() {
        let body = "    x();\n".repeat(80);
        let text = format!("//! Long.\nfn long() {{\n{body}}}\n#[cfg(test)]\nmod tests {{\n    fn t() {{\n{body}}}\n}}\n");
        let source = Source::new("crates/a/src/b.rs", text);
        assert_eq!(measure(&[source]), lengths(&[("crates/a/src/b.rs::long", 82)]));
        let file = Source::new("crates/a/src/c.rs", "fn a() {}\n".repeat(601));
        assert_eq!(measure(&[file]), lengths(&[("crates/a/src/c.rs", 601)]));
    }

    #[test]
    fn the_ratchet_only_shrinks() {
        let none = lengths(&[]);
        let count = |now: &Lengths, allowed: &Lengths| compare(now, allowed).len();
        assert_eq!(count(&lengths(&[("a.rs", 700)]), &none), 1);
        assert_eq!(count(&lengths(&[("a.rs", 700)]), &lengths(&[("a.rs", 700)])), 0);
        assert_eq!(count(&lengths(&[("a.rs", 701)]), &lengths(&[("a.rs", 700)])), 1);
        assert_eq!(count(&lengths(&[("a.rs", 650)]), &lengths(&[("a.rs", 700)])), 1);
        assert_eq!(count(&none, &lengths(&[("a.rs::f", 80)])), 1);
        assert_eq!(parse("# x\na.rs::f 80\n").expect("it parses"), lengths(&[("a.rs::f", 80)]));
    }
}
