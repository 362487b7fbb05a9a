//! One side as a person names it: a file, a folder, `git:REV:PATH`, `-`, or the URL of a database.

use std::io::Read as _;
use std::path::Path;

use segue_compat::source::{File, Source};
use segue_model::check::Side;

use super::kind::Kind;
use super::{database, files, git, refuse};
use crate::failure::Failure;

/// A side that was read.
pub(crate) enum Loaded {
    /// Texts; more may be gathered when the kind is known.
    Files(Source),
    /// A live database.
    Database(Box<database::Live>),
}

/// Reads what the argument names. A folder's files are those of the kind, or of whatever kind its endings tell.
pub(crate) fn load(argument: &str, side: Side, kind: Option<Kind>) -> Result<Loaded, Failure> {
    if database::is_url(argument) {
        return Ok(Loaded::Database(Box::new(database::read(argument)?)));
    }
    if argument.starts_with("http://") || argument.starts_with("https://") {
        let help = "download it first: curl -fsSLo old.yaml URL";
        return Err(refuse("SG-CHK-006", format!("`{argument}` is remote, and segue check opens no connection to documents"), help));
    }
    let files = if argument == "-" {
        vec![from_stdin()?]
    } else if argument.starts_with("git:") {
        of_git(argument, kind)?
    } else {
        of_path(argument, kind)?
    };
    Ok(Loaded::Files(Source { side, files }))
}

/// Adds the files that a document of this kind refers to, and those that they refer to.
pub(crate) fn gather(source: &mut Source, kind: Kind, root: &str) -> Result<(), Failure> {
    let mut next = 0;
    while let Some(file) = source.files.get(next) {
        let from = file.name.clone();
        for reference in kind.references(file) {
            let Some(name) = joined(&from, &reference) else { continue };
            if source.find(&name).is_some() || source.files.len() >= files::FILES_MAX {
                continue;
            }
            // What is not there is told by the family, at the place that refers to it.
            if let Some(file) = related(root, &name)? {
                source.files.push(file);
            }
        }
        next += 1;
    }
    Ok(())
}

fn related(root: &str, name: &str) -> Result<Option<File>, Failure> {
    if root.starts_with("git:") {
        let of_name = git::parse(name)?;
        return Ok(git::file(&of_name).ok().flatten().map(|bytes| File { name: name.to_owned(), bytes: bytes.into() }));
    }
    let path = Path::new(name);
    if root == "-" || !path.is_file() { Ok(None) } else { files::one(path, name).map(Some) }
}

/// A relative name from the file that holds it: `api/v1.yaml` and `../common.yaml` are `common.yaml`.
fn joined(from: &str, reference: &str) -> Option<String> {
    let reference = reference.split('#').next().unwrap_or_default();
    if reference.is_empty() || reference.contains("://") {
        return None;
    }
    if reference.starts_with('/') {
        return Some(reference.to_owned());
    }
    // The path of `git:REV:PATH` begins behind its second colon.
    let (head, path) = match from.strip_prefix("git:").and_then(|rest| rest.split_once(':')) {
        Some((rev, path)) => (format!("git:{rev}:"), path),
        None => (String::new(), from),
    };
    let (absolute, path) = path.strip_prefix('/').map_or((false, path), |rest| (true, rest));
    let mut parts: Vec<&str> = path.split('/').filter(|part| *part != ".").collect();
    parts.pop();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    Some(format!("{head}{}{}", if absolute { "/" } else { "" }, parts.join("/")))
}

fn from_stdin() -> Result<File, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(files::BYTES_MAX + 1).read_to_end(&mut bytes);
    if let Err(error) = read {
        return Err(refuse("SG-CHK-001", format!("stdin cannot be read: {}", error.kind()), "give a file"));
    }
    if bytes.len() as u64 > files::BYTES_MAX {
        return Err(refuse("SG-CHK-001", format!("stdin gives more than {} MiB", files::BYTES_MAX >> 20), "give a file"));
    }
    Ok(File { name: "-".to_owned(), bytes: bytes.into() })
}

fn of_path(argument: &str, kind: Option<Kind>) -> Result<Vec<File>, Failure> {
    let path = Path::new(argument);
    if !path.is_dir() {
        return Ok(vec![files::one(path, argument)?]);
    }
    let all = files::folder(path, argument, &|name| wanted(name, kind))?;
    of_folder(all, argument, kind)
}

fn of_git(argument: &str, kind: Option<Kind>) -> Result<Vec<File>, Failure> {
    let revision = git::parse(argument)?;
    if let Some(bytes) = git::file(&revision)? {
        return Ok(vec![File { name: argument.to_owned(), bytes: bytes.into() }]);
    }
    let mut all = Vec::new();
    for name in git::names(&revision)?.into_iter().filter(|name| wanted(name, kind)).take(files::FILES_MAX) {
        let path = if revision.path.is_empty() { name.clone() } else { format!("{}/{name}", revision.path) };
        if let Some(bytes) = git::file(&git::Revision { rev: revision.rev.clone(), path })? {
            all.push(File { name, bytes: bytes.into() });
        }
    }
    of_folder(all, argument, kind)
}

fn wanted(name: &str, kind: Option<Kind>) -> bool {
    match kind {
        Some(kind) => kind.has_ending(name),
        None => Kind::of_folder_ending(name).is_some(),
    }
}

/// A folder is of one kind; where several are in it, somebody must say which.
fn of_folder(all: Vec<File>, argument: &str, kind: Option<Kind>) -> Result<Vec<File>, Failure> {
    let mut kinds: Vec<Kind> = all.iter().filter_map(|file| kind.or_else(|| Kind::of_folder_ending(&file.name))).collect();
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.as_slice() {
        [_] => Ok(all),
        [] => Err(refuse("SG-CHK-001", format!("the folder `{argument}` holds nothing that can be compared"), "give a file, or --type")),
        several => {
            let words: Vec<&str> = several.iter().map(|kind| kind.word()).collect();
            Err(refuse(
                "SG-CHK-002",
                format!("the folder `{argument}` holds several kinds: {}", words.join(", ")),
                "say which: --type KIND",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined() {
        for (from, reference, name) in [
            ("api/v1.yaml", "../common.yaml#/x", "common.yaml"),
            ("v1.yaml", "./a/b.yaml", "a/b.yaml"),
            ("/x/v1.yaml", "b.yaml", "/x/b.yaml"),
            ("git:main:api/v1.yaml", "b.yaml", "git:main:api/b.yaml"),
            ("../a/v1.yaml", "../b.yaml", "../b.yaml"),
            ("v1.yaml", "../b.yaml", "../b.yaml"),
        ] {
            assert_eq!(joined(from, reference).as_deref(), Some(name), "{from} {reference}");
        }
        assert!(joined("a", "https://x/y").is_none() && joined("a", "#/x").is_none());
    }
}
