//! From the difference of two schemas to the migration: steps in an order that is safe, in the words of `segue.yaml`.
//!
//! Expand first (what nobody misses), then the applications shift, then contract. What Segue has no word for yet, or what
//! needs a decision of a person, is `manual` with the plain statement. Must never call lossy work `run` without the
//! expressions that a person wrote. Tests: `tests/it/sql/steps.rs`.

mod change;
mod statement;
mod yaml;

use std::collections::BTreeMap;

use segue_model::change::Change;
use segue_model::check::CheckStep;

use super::Dialect;
use super::compare::Sides;
use crate::draft::{Draft, fingerprint};
pub(crate) use change::{action, created};
pub(crate) use statement::quoted;
pub use yaml::spec_yaml;

/// A step before it has its finding.
pub(crate) struct Wish {
    /// What it is called.
    pub(crate) id: String,
    pub(crate) phase: &'static str,
    pub(crate) what: String,
    /// In the words of `segue.yaml`; none where Segue has none, or where a person must decide.
    pub(crate) change: Option<Change>,
    pub(crate) command: Option<String>,
    /// The object of the finding that asks for it.
    pub(crate) object: String,
}

/// The steps that the difference needs.
pub(crate) fn of(sides: &Sides<'_>, drafts: &[Draft]) -> Vec<CheckStep> {
    let mut wishes = change::wishes(sides);
    if wishes.is_empty() {
        return Vec::new();
    }
    let order = |wish: &Wish| match wish.phase {
        "expand" => 0,
        "shift" => 1,
        _ => 2,
    };
    wishes.push(Wish {
        id: "shift applications".to_owned(),
        phase: "shift",
        what: "Move every application to the new version; both versions must work until the last one is there.".to_owned(),
        change: None,
        command: None,
        object: String::new(),
    });
    wishes.sort_by_key(order);
    let mut findings: BTreeMap<&str, String> = BTreeMap::new();
    for draft in drafts {
        findings.entry(draft.object.as_str()).or_insert_with(|| fingerprint(&draft.rule, &draft.object, &draft.change));
    }
    // Segue reshapes PostgreSQL and SQLite; MySQL's tables are moved, not reshaped.
    let runs = sides.dialect != Dialect::Mysql;
    wishes.into_iter().map(|wish| step(wish, runs, &findings)).collect()
}

fn step(wish: Wish, runs: bool, findings: &BTreeMap<&str, String>) -> CheckStep {
    let change = wish.change.filter(|_| runs).and_then(|change| serde_json::to_value(change).ok());
    CheckStep {
        id: wish.id,
        phase: wish.phase.to_owned(),
        what: wish.what,
        by: if change.is_some() { "run" } else { "manual" }.to_owned(),
        change,
        command: wish.command,
        finding: findings.get(wish.object.as_str()).cloned(),
    }
}
