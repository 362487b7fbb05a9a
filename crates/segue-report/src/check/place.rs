//! Where a finding is shown by tools that know only the files of the new commit.
//!
//! `git:REV:PATH` is the file `PATH`. A place in an older version of a file that is still there has no line that such a
//! tool could show: it is the file's, and the line is said in words. Tests: below.

use segue_model::check::{At, CheckFinding, CheckReport, Side};

/// A file and perhaps a region of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor<'a> {
    /// The path in the working tree.
    pub(super) path: String,
    /// The region, when the file of the working tree has it.
    pub(super) at: Option<&'a At>,
    /// `line 12 of the old version`, when it has not.
    pub(super) note: Option<String>,
}

/// Where to show a finding; nothing when no file was read.
pub(super) fn anchor<'a>(report: &CheckReport, finding: &'a CheckFinding) -> Option<Anchor<'a>> {
    let Some(at) = &finding.at else {
        return fallback(report).map(|path| Anchor { path, at: None, note: None });
    };
    let path = path(&at.file);
    let replaced = at.side == Side::Old && report.sources.iter().any(|source| source.side == Side::New && self::path(&source.file) == path);
    let past = at.side == Side::Old && at.file.starts_with("git:");
    if replaced || past {
        return Some(Anchor { path, at: None, note: Some(format!("line {} of the old version", at.line)) });
    }
    Some(Anchor { path, at: Some(at), note: None })
}

/// The file that stands for the whole: the new side's first.
fn fallback(report: &CheckReport) -> Option<String> {
    let first = |side: Side| report.sources.iter().find(|source| source.side == side);
    first(Side::New).or_else(|| first(Side::Old)).map(|source| path(&source.file))
}

/// The path of a file as it was named: without its revision, and without `./`.
pub(super) fn path(file: &str) -> String {
    let path = match file.strip_prefix("git:").and_then(|rest| rest.split_once(':')) {
        Some((_, path)) => path,
        None => file,
    };
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_revision_is_no_part_of_the_path() {
        assert_eq!(path("git:HEAD~1:api/openapi.yaml"), "api/openapi.yaml");
        assert_eq!(path("././a.yaml"), "a.yaml");
        assert_eq!(path("a:b.yaml"), "a:b.yaml");
    }
}
