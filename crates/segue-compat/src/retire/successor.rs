//! What takes an operation's place: as the caller states it, else proposed from the new contract.
//!
//! A proposal is the same method on the same path under a higher version segment (`/v1/orders` → `/v2/orders`), and says
//! so; anything less alike is nobody's to guess. Tests: `tests/it/retire.rs`.

use std::collections::BTreeMap;

use segue_model::check::retire::Successor;
use segue_model::check::{CheckReport, Side};

use super::Asked;
use crate::doc::{At, Doc};

/// Operations of the new side by method and path without versions.
#[derive(Debug, Default)]
pub(super) struct Paths {
    found: BTreeMap<(String, String), Vec<(u32, String)>>,
}

impl Paths {
    /// Of the new side's first text, where it is OpenAPI; nothing where it cannot be read.
    pub(super) fn of(report: &CheckReport) -> Self {
        let mut found: BTreeMap<_, Vec<(u32, String)>> = BTreeMap::new();
        let source = report.sources.iter().find(|source| source.side == Side::New);
        let Some(doc) = source.filter(|_| report.kind == "openapi").and_then(|source| Doc::read(&source.text).ok()) else {
            return Self::default();
        };
        for (path, _, item) in doc.root().get("paths").into_iter().flat_map(At::entries) {
            for (method, _, _) in item.entries() {
                let (version, rest) = without_version(path);
                found.entry((method.to_ascii_uppercase(), rest)).or_default().push((version, path.to_owned()));
            }
        }
        Self { found }
    }
}

/// What takes the place of an operation that goes.
pub(super) fn of(name: &str, asked: &Asked<'_>, paths: &Paths) -> Option<Successor> {
    if let Some(stated) = asked.successors.get(name) {
        return Some(Successor { name: stated.clone(), by: "stated".to_owned(), evidence: "named by the caller".to_owned() });
    }
    let (method, path) = name.split_once(' ')?;
    let (version, rest) = without_version(path);
    let candidates = paths.found.get(&(method.to_owned(), rest))?;
    let (_, path) = candidates.iter().filter(|(other, _)| *other > version).max()?;
    Some(Successor {
        name: format!("{method} {path}"),
        by: "proposed".to_owned(),
        evidence: "the new contract has the same method on the same path under a higher version".to_owned(),
    })
}

/// The path without the segment that is a version, parameters without their names; 0 where it has no version.
fn without_version(path: &str) -> (u32, String) {
    let mut version = 0;
    let mut out = String::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let number = segment.strip_prefix('v').and_then(|digits| digits.parse::<u32>().ok()).filter(|_| segment.len() <= 5);
        match number {
            Some(number) if version == 0 => version = number,
            _ if segment.starts_with('{') => out.push_str("/{}"),
            _ => {
                out.push('/');
                out.push_str(segment);
            }
        }
    }
    (version, out)
}

#[cfg(test)]
mod tests {
    use super::without_version;

    #[test]
    fn versions_are_segments() {
        assert_eq!(without_version("/api/v1/orders/{id}"), (1, "/api/orders/{}".to_owned()));
        assert_eq!(without_version("/orders"), (0, "/orders".to_owned()));
        assert_eq!(without_version("/values/v"), (0, "/values/v".to_owned()));
    }
}
