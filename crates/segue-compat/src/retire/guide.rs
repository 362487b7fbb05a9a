//! The migration guide's matter: for each operation what its clients must change, with before and after.
//!
//! Values are witnesses that Segue made from the contracts, never anybody's data. What many operations share stands once,
//! at the object that changed. Tests: `tests/it/retire.rs`.

use std::collections::BTreeMap;

use segue_model::check::retire::{Change, Operation};
use segue_model::check::{Breaks, CheckFinding, CheckReport, Side};

use super::{Asked, header, successor};

/// What breaks clients of the old side, by operation.
pub(super) fn operations(report: &CheckReport, asked: &Asked<'_>) -> Vec<Operation> {
    let mut all: BTreeMap<String, Operation> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.breaks.contains(&Breaks::Deploy)) {
        for name in names(finding) {
            let operation = all.entry(name.clone()).or_insert_with(|| Operation {
                name,
                removed: false,
                successor: None,
                headers: Vec::new(),
                warnings: Vec::new(),
                changes: Vec::new(),
            });
            operation.removed |= takes_away(finding);
            operation.changes.push(change(finding));
        }
    }
    let found = successor::Paths::of(report);
    let mut out: Vec<Operation> = all.into_values().collect();
    for operation in out.iter_mut().filter(|operation| operation.removed) {
        operation.successor = successor::of(&operation.name, asked, &found);
        operation.headers = operation.successor.iter().filter_map(|successor| header::successor(&successor.name)).collect();
    }
    out
}

/// The operations that a finding is about: those that use the object, where all are named; else the object.
fn names(finding: &CheckFinding) -> Vec<String> {
    if let Some(name) = operation(&finding.object) {
        return vec![name];
    }
    match &finding.reach {
        Some(reach) if !reach.examples.is_empty() && reach.count == reach.examples.len() => reach.examples.clone(),
        Some(reach) if reach.count > 0 => vec![format!("{} (used by {})", finding.object, reach.count)],
        _ => vec![finding.object.clone()],
    }
}

/// `GET /orders` of `paths/~1orders/get` and all that stands in it.
fn operation(object: &str) -> Option<String> {
    let mut parts = object.strip_prefix("paths/")?.split('/');
    let path = parts.next()?.replace("~1", "/").replace("~0", "~");
    match parts.next() {
        Some(method) if matches!(method, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
            Some(format!("{} {path}", method.to_ascii_uppercase()))
        }
        Some(_) => None,
        None => Some(path),
    }
}

/// The finding says that something goes that clients call, not only a part of it.
pub(super) fn takes_away(finding: &CheckFinding) -> bool {
    const PARTS: [&str; 12] =
        ["body", "parameter", "header", "property", "enum", "response", "argument", "media", "security", "default", "value", "scope"];
    finding.rule.ends_with("-removed") && !PARTS.iter().any(|part| finding.rule.contains(part))
}

fn change(finding: &CheckFinding) -> Change {
    let value = |side: Side| finding.witness.as_ref().filter(|witness| witness.accepted_by == side).map(|witness| witness.value.clone());
    Change {
        finding: finding.id.clone(),
        rule: finding.rule.clone(),
        object: finding.object.clone(),
        what: finding.message.clone(),
        before: value(Side::Old),
        after: value(Side::New),
        todo: finding.fix.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::operation;

    #[test]
    fn an_object_names_its_operation() {
        assert_eq!(operation("paths/~1orders~1{id}/get/parameters/query/q").as_deref(), Some("GET /orders/{id}"));
        assert_eq!(operation("paths/~1orders").as_deref(), Some("/orders"));
        assert_eq!(operation("paths/~1orders/servers"), None);
        assert_eq!(operation("components/schemas/Order"), None);
    }
}
