//! `segue check --matrix`: many versions of one contract, each pair in both directions.
//!
//! Versions are the entries of a folder in the natural order of their names (`v2` before `v10`), or the revisions of a range
//! of git that changed a path, the oldest first.

use segue_compat::matrix;
use segue_compat::source::Source;
use segue_model::check::Side;
use segue_model::check::matrix::{Matrix, Version};

use super::compare::{self, How};
use super::kind::Kind;
use super::side::{self, Gathering, Loaded};
use super::{git, refuse};
use crate::failure::Failure;

/// The matrix of what an argument names.
pub(crate) fn matrix(argument: &str, how: &How) -> Result<Matrix, Failure> {
    let names = names(argument)?;
    matrix::fitting(names.len())
        .map_err(|count| refuse(matrix::Count::CODE, count.to_string(), "give fewer of them, or a narrower range"))?;
    let mut versions = Vec::new();
    let mut sources: Vec<Source> = Vec::new();
    let mut gaps: Vec<Vec<String>> = Vec::new();
    let mut kind = how.kind;
    for (name, place) in names {
        let Loaded::Files(mut source) = side::load(&place, Side::Old, how.kind, how.remote)? else {
            return Err(refuse("SG-CHK-008", format!("`{place}` is a database: a matrix is of documents"), "give a folder of versions"));
        };
        let found = match kind {
            Some(kind) => kind,
            None => Kind::of_both(&source, &source)?,
        };
        if let Some(first) = sources.first()
            && how.kind.is_none()
        {
            Kind::of_both(first, &source)?;
        }
        kind = Some(found);
        let mut with = Gathering::new(how.remote);
        side::gather(&mut source, found, &place, &mut with)?;
        gaps.push(with.gaps);
        let declared = source.files.first().and_then(matrix::declared).or_else(|| numbered(&name));
        versions.push(Version { name, declared });
        sources.push(source);
    }
    let kind = kind.unwrap_or(Kind::Config);
    matrix::build(&versions, &how.policy, |old, new| {
        let not_read: Vec<String> = [old, new].into_iter().flat_map(|at| gaps[at].iter().cloned()).collect();
        let (old, new) = (sources[old].clone(), Source { side: Side::New, ..sources[new].clone() });
        let mut report = compare::texts(&old, &new, kind, how)?.report;
        compare::add_gaps(&mut report, not_read);
        Ok(report)
    })
}

/// The name of each version with what is to be loaded.
fn names(argument: &str) -> Result<Vec<(String, String)>, Failure> {
    if let Some(range) = argument.strip_prefix("git:") {
        let wrong = || {
            refuse(
                "SG-CHK-004",
                format!("`{argument}` is no range of git"),
                "write it as git:REV..REV:PATH, as in git:v1.0.0..main:api.yaml",
            )
        };
        let (revs, path) = range.split_once(':').ok_or_else(wrong)?;
        let (first, last) = revs.split_once("..").ok_or_else(wrong)?;
        let revs = git::range(first, if last.is_empty() { "HEAD" } else { last }, path)?;
        return Ok(revs.into_iter().map(|rev| (git::title(&rev), format!("git:{rev}:{path}"))).collect());
    }
    let unreadable = |why: String| {
        refuse("SG-CHK-001", format!("`{argument}` cannot be read: {why}"), "give a folder with one file or folder a version")
    };
    let entries = std::fs::read_dir(argument).map_err(|error| unreadable(crate::show::why(&error)))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|name| !name.starts_with('.')).collect();
    names.sort_by(|a, b| natural(a).cmp(&natural(b)).then_with(|| a.cmp(b)));
    let folder = argument.trim_end_matches('/');
    Ok(names.into_iter().map(|name| (name.clone(), format!("{folder}/{name}"))).collect())
}

/// Texts and numbers in turn, so that `v2` comes before `v10`.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(text);
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        parts.push((head.to_owned(), tail[..digits].parse().unwrap_or(u64::MAX)));
        rest = &tail[digits..];
    }
    parts
}

/// A version number in a name: `v1.2.0`, `orders-1.2.0.avsc`.
fn numbered(name: &str) -> Option<String> {
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let rest = &name[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest[..end].trim_matches('.');
    (number.split('.').count() == 3).then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_natural_order() {
        let mut names = vec!["v10.yaml", "v2.yaml", "v1.10.0.yaml", "v1.9.0.yaml"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["v1.9.0.yaml", "v1.10.0.yaml", "v2.yaml", "v10.yaml"]);
        assert_eq!(numbered("orders-1.2.0.avsc").as_deref(), Some("1.2.0"));
        assert_eq!((numbered("v2.yaml"), numbered("x")), (None, None));
    }
}
