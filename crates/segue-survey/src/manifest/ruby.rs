//! Bundler. Tests: `tests/it/tree.rs`.

use super::{lines, runtime_version};
use crate::gather::{Gather, Seen};

pub(super) fn gemfile(text: &str, gather: &mut Gather) {
    // Groups may stand inside of other blocks: each `do` opens one, each `end` closes one.
    let mut blocks: Vec<bool> = Vec::new();
    for (line, text) in lines(text) {
        let text = text.split('#').next().unwrap_or_default().trim();
        let texts = quoted(text);
        if let Some(rest) = text.strip_prefix("gem ").or_else(|| text.strip_prefix("gem(")) {
            let Some((name, versions)) = texts.split_first() else { continue };
            let version = versions
                .iter()
                .take_while(|v| v.starts_with(|c: char| c.is_ascii_digit() || "~><=!".contains(c)))
                .copied()
                .collect::<Vec<_>>()
                .join(", ");
            let build = blocks.contains(&true) || is_build(rest.split_once("group").map_or("", |(_, g)| g));
            let why = if build { "to build and test only (its group)" } else { "needed to run" };
            gather.package(Seen { name, ecosystem: "rubygems", version: &version, runtime: !build, why, line });
        } else if text.starts_with("ruby ")
            && let Some(version) = texts.first()
        {
            runtime_version("ruby", version, line, gather);
        } else if text == "end" {
            blocks.pop();
        }
        if text.ends_with(" do") {
            blocks.push(text.starts_with("group") && is_build(text));
        }
    }
}

/// Whether a list of groups names nothing but development and test.
fn is_build(groups: &str) -> bool {
    let names: Vec<&str> = groups
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty() && !matches!(*w, "group" | "groups" | "do"))
        .collect();
    !names.is_empty() && names.iter().all(|n| matches!(*n, "development" | "test" | "ci" | "lint" | "docs"))
}

/// The texts in quotes of one line.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = rest.as_bytes()[start] as char;
        let Some(end) = rest[start + 1..].find(quote) else { break };
        found.push(&rest[start + 1..start + 1 + end]);
        rest = &rest[start + end + 2..];
    }
    found
}

/// `    name (1.2.3)` with four blanks; those with six are what a gem needs.
pub(super) fn lock(text: &str, gather: &mut Gather) {
    let mut ruby = false;
    for (line, text) in lines(text) {
        if text.trim() == "RUBY VERSION" {
            ruby = true;
        } else if ruby {
            let version = text.trim().trim_start_matches("ruby ").split('p').next().unwrap_or_default();
            runtime_version("ruby", version, line, gather);
            ruby = false;
        } else if let Some(rest) = text.strip_prefix("    ").filter(|rest| !rest.starts_with(' '))
            && let Some((name, version)) = rest.split_once(" (")
        {
            gather.locked("rubygems", name, version.trim_end_matches(')'));
        }
    }
}
