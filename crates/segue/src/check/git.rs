//! `git:REV:PATH`: a file or a folder as a revision has it, read by `git` itself.
//!
//! Only `cat-file`, `ls-tree`, `rev-parse` and `log` are asked, never anything that writes, and no word of the user can be
//! taken for an option. Tests: `tests/it/check/sides.rs`.

use std::process::{Command, Stdio};

use super::refuse;
use crate::failure::Failure;

/// A revision and a path in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Revision {
    /// What git takes for a revision.
    pub(super) rev: String,
    /// The path from the repository's root, or from here when it begins with `./`.
    pub(super) path: String,
}

/// Takes `git:REV:PATH` apart.
pub(super) fn parse(argument: &str) -> Result<Revision, Failure> {
    let parts = argument.strip_prefix("git:").and_then(|rest| rest.split_once(':'));
    match parts {
        Some((rev, path)) if !rev.is_empty() && !rev.starts_with('-') => {
            Ok(Revision { rev: rev.to_owned(), path: path.trim_end_matches('/').to_owned() })
        }
        _ => Err(refuse(
            "SG-CHK-004",
            format!("`{argument}` is no revision of git"),
            "write it as git:REV:PATH, as in git:v1.2.0:api/openapi.yaml",
        )),
    }
}

/// The bytes of a file; `None` when the path is a folder there.
pub(super) fn file(revision: &Revision) -> Result<Option<Vec<u8>>, Failure> {
    let object = format!("{}:{}", revision.rev, revision.path);
    let kind = ask(&["cat-file", "-t", &object], revision)?;
    if kind.trim_ascii() == b"tree" {
        return Ok(None);
    }
    ask(&["cat-file", "blob", &object], revision).map(Some)
}

/// The names of all files below a folder of a revision, relative to it, sorted.
pub(super) fn names(revision: &Revision) -> Result<Vec<String>, Failure> {
    let object = format!("{}:{}", revision.rev, revision.path);
    let bytes = ask(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", &object], revision)?;
    let mut names: Vec<String> =
        bytes.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    names.sort();
    Ok(names)
}

/// The tags and commits of `A..B` that changed a path, the oldest first, A's own state before them.
pub(super) fn range(first: &str, last: &str, path: &str) -> Result<Vec<String>, Failure> {
    let revision = Revision { rev: format!("{first}..{last}"), path: path.to_owned() };
    if first.starts_with('-') || last.starts_with('-') {
        return Err(refuse("SG-CHK-004", "a revision cannot begin with `-`", "write git:REV..REV:PATH"));
    }
    let bytes = ask(&["log", "--reverse", "--format=%H", &revision.rev, "--", path], &revision)?;
    let hashes = String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect::<Vec<_>>();
    Ok(std::iter::once(first.to_owned()).chain(hashes).collect())
}

/// The tag of a commit, else the beginning of its hash.
pub(super) fn title(rev: &str) -> String {
    let revision = Revision { rev: rev.to_owned(), path: String::new() };
    let tag = ask(&["describe", "--tags", "--exact-match", rev], &revision).ok();
    match tag.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()) {
        Some(tag) if !tag.is_empty() => tag,
        _ if rev.len() == 40 && rev.bytes().all(|byte| byte.is_ascii_hexdigit()) => rev.chars().take(10).collect(),
        _ => rev.to_owned(),
    }
}

fn ask(arguments: &[&str], revision: &Revision) -> Result<Vec<u8>, Failure> {
    let output = Command::new("git").arg("--no-pager").arg("--no-optional-locks").args(arguments).stdin(Stdio::null()).output();
    let shown = format!("git:{}:{}", revision.rev, revision.path);
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().next().unwrap_or("it gave no reason").trim_start_matches("fatal: ").to_owned();
            Err(refuse(
                "SG-CHK-005",
                format!("git cannot read `{shown}`: {said}"),
                "look at `git log` and `git ls-tree -r REV`; paths begin at the repository's root",
            ))
        }
        Err(error) => {
            Err(refuse("SG-CHK-005", format!("git cannot be run for `{shown}`: {}", error.kind()), "install git, or give a file"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_taken_apart() {
        let revision = parse("git:origin/main:api/v1.yaml").expect("it is one");
        assert_eq!((revision.rev.as_str(), revision.path.as_str()), ("origin/main", "api/v1.yaml"));
        for wrong in ["git:", "git:main", "git::x", "git:--exec=x:y"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
