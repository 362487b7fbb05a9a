//! One side as a person names it: a file, a folder, `git:REV:PATH`, `-`, or the URL of a database.

use std::io::Read as _;
use std::path::Path;

use segue_compat::source::{File, Source};
use segue_model::check::Side;

use super::kind::Kind;
use super::remote::{self, Door, Remote};
use super::{database, files, git, refuse, root};
use crate::failure::Failure;

/// A side that was read.
pub(crate) enum Loaded {
    /// Texts; more may be gathered when the kind is known.
    Files(Source),
    /// A live database.
    Database(Box<database::Live>),
}

/// What is known while sides are gathered: the door to the web, and what did not come through it.
pub(crate) struct Gathering {
    door: Door,
    /// One sentence each.
    pub(crate) gaps: Vec<String>,
}

impl Gathering {
    /// With a door of that kind.
    pub(crate) fn new(remote: Remote) -> Self {
        Self { door: Door::new(remote), gaps: Vec::new() }
    }
}

/// Reads what the argument names. A folder's files are those of the kind, or of whatever kind its endings tell.
pub(crate) fn load(argument: &str, side: Side, kind: Option<Kind>, remote: Remote) -> Result<Loaded, Failure> {
    if database::is_url(argument) {
        return Ok(Loaded::Database(Box::new(database::read(argument)?)));
    }
    if argument.starts_with("http://") || argument.starts_with("https://") {
        let bytes = Door::new(remote).fetch(argument).map_err(|why| {
            let help = "download it first: curl -fsSLo old.yaml URL; or --allow-remote, for https";
            refuse("SG-CHK-006", format!("`{}` is remote and was not fetched: {why}", without_user(argument)), help)
        })?;
        return Ok(Loaded::Files(Source { side, files: vec![File { name: argument.to_owned(), bytes }] }));
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
pub(crate) fn gather(source: &mut Source, kind: Kind, root: &str, with: &mut Gathering) -> Result<(), Failure> {
    let given: Vec<String> = source.files.iter().map(|file| file.name.clone()).collect();
    let mut next = 0;
    while let Some(file) = source.files.get(next) {
        let (from, references) = (file.name.clone(), kind.references(file));
        fetch(source, kind, next, with);
        let is_remote = is_web(&from);
        for reference in references {
            // A document of the web never names a file of this machine.
            let name = if is_remote { remote::joined(&from, &reference) } else { joined(&from, &reference) };
            let Some(name) = name else { continue };
            if is_remote {
                take(source, &name, with);
                continue;
            }
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
    with.gaps.extend(root::unreached(source, &given, kind, word(source)));
    Ok(())
}

/// Adds the documents of the web that a file names.
fn fetch(source: &mut Source, kind: Kind, at: usize, with: &mut Gathering) {
    let Some(file) = source.files.get(at) else { return };
    let (file, wanted) = (file.name.clone(), kind.remote_references(file));
    for url in wanted {
        // A document of the web may not lead to another host either.
        let same_host = |url: &str| host(url) == host(&file);
        if is_web(&file) && !same_host(&url) {
            with.gaps.push(format!(
                "{}: `{}` was not fetched: it is of another host than the document that names it",
                word(source),
                without_user(&url)
            ));
            continue;
        }
        take(source, &url, with);
    }
}

/// The most sentences about documents that were not fetched.
const GAPS_MAX: usize = 64;

fn take(source: &mut Source, url: &str, with: &mut Gathering) {
    if with.gaps.len() >= GAPS_MAX {
        let more = "further documents of the web were not fetched".to_owned();
        if with.gaps.last() != Some(&more) {
            with.gaps.push(more);
        }
        return;
    }
    if source.find(url).is_some() || source.files.len() >= files::FILES_MAX {
        return;
    }
    match with.door.fetch(url) {
        Ok(bytes) => source.files.push(File { name: url.to_owned(), bytes }),
        Err(why) => with.gaps.push(format!("{}: `{}` was not fetched: {why}", word(source), without_user(url))),
    }
}

fn word(source: &Source) -> &'static str {
    if source.side == Side::Old { "old" } else { "new" }
}

fn is_web(name: &str) -> bool {
    name.starts_with("https://") || name.starts_with("http://")
}

fn host(url: &str) -> Option<&str> {
    url.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest))
}

/// A URL as it may be shown.
fn without_user(url: &str) -> String {
    match url.split_once("://").map(|(scheme, rest)| (scheme, rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())))) {
        Some((scheme, (authority, path))) if authority.contains('@') => {
            format!("{scheme}://{}{path}", authority.rsplit('@').next().unwrap_or_default())
        }
        _ => url.to_owned(),
    }
}

/// The file that a document refers to. Names in a folder are relative to it.
fn related(root: &str, name: &str) -> Result<Option<File>, Failure> {
    if root.starts_with("git:") {
        let of_folder = joined(&format!("{}/-", root.trim_end_matches('/')), name).filter(|_| !name.starts_with("git:"));
        let of_name = git::parse(of_folder.as_deref().unwrap_or(name))?;
        return Ok(git::file(&of_name).ok().flatten().map(|bytes| File { name: name.to_owned(), bytes: bytes.into() }));
    }
    let folder = Path::new(root);
    let path = if folder.is_dir() { folder.join(name) } else { name.into() };
    if root == "-" || !path.is_file() { Ok(None) } else { files::one(&path, name).map(Some) }
}

/// A relative name from the file that holds it: `api/v1.yaml` and `../common.yaml` are `common.yaml`.
pub(super) fn joined(from: &str, reference: &str) -> Option<String> {
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
        [kind] => root::first(all, *kind, argument),
        [] => Err(refuse(
            "SG-CHK-001",
            format!("the folder `{argument}` holds nothing that can be compared"),
            "give a file; JSON and YAML may be of several kinds: say which with --type KIND",
        )),
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
