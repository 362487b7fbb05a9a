//! Which credentials are enough on one side and not on the other.
//!
//! An alternative of the old document still holds when the new one has an alternative that asks for no more. A scheme that only
//! has another name is the same. Must never call a requirement met whose scheme is unknown. Tests:
//! `tests/cases/openapi/security.txt`.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Requirement, Scheme, Security};
use super::pair::Scene;

/// How many pairs are looked at; beyond, only what is the very same is the same.
const GUESSES_MAX: usize = 10_000;

/// What became of the alternatives.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Was enough, is not: what people call it.
    pub(super) lost: BTreeSet<String>,
    /// Is enough, was not.
    pub(super) gained: BTreeSet<String>,
    /// The same schemes with a further scope: scheme, scope.
    pub(super) scopes_added: BTreeSet<(String, String)>,
    /// The same schemes without a scope.
    pub(super) scopes_removed: BTreeSet<(String, String)>,
}

/// Compares two requirements, neither of which is open.
pub(super) fn compare(scene: &Scene<'_>, old: &Security, new: &Security) -> Compared {
    let mut compared = Compared::default();
    if old.is_open() || new.is_open() || old.alternatives == new.alternatives {
        return compared;
    }
    let old: Vec<Requirement> = old.alternatives.iter().map(|requirement| translated(requirement, scene)).collect();
    let new: Vec<Requirement> = new.alternatives.iter().cloned().collect();
    if old.len().saturating_mul(new.len()) > GUESSES_MAX {
        let only = |these: &[Requirement], those: &[Requirement]| {
            let those: BTreeSet<&Requirement> = those.iter().collect();
            these.iter().filter(|one| !those.contains(one)).map(words).collect()
        };
        return Compared { lost: only(&old, &new), gained: only(&new, &old), ..compared };
    }
    for before in old.iter().filter(|before| !new.iter().any(|after| is_met(after, before))) {
        match new.iter().find(|after| after.keys().eq(before.keys())) {
            Some(after) => compared.scopes_added.extend(further(after, before)),
            None => {
                compared.lost.insert(words(before));
            }
        }
    }
    for after in new.iter().filter(|after| !old.iter().any(|before| is_met(before, after))) {
        match old.iter().find(|before| before.keys().eq(after.keys())) {
            Some(before) => compared.scopes_removed.extend(further(before, after)),
            None => {
                compared.gained.insert(words(after));
            }
        }
    }
    compared
}

/// Who has the second has all that the first asks for.
fn is_met(asked: &Requirement, had: &Requirement) -> bool {
    asked.iter().all(|(scheme, scopes)| had.get(scheme).is_some_and(|had| scopes.is_subset(had)))
}

fn further(more: &Requirement, fewer: &Requirement) -> Vec<(String, String)> {
    let of_scheme = |(scheme, scopes): (&String, &BTreeSet<String>)| {
        let had = fewer.get(scheme).cloned().unwrap_or_default();
        scopes.difference(&had).map(|scope| (scheme.clone(), scope.clone())).collect::<Vec<_>>()
    };
    more.iter().flat_map(of_scheme).collect()
}

fn words(requirement: &Requirement) -> String {
    requirement.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ")
}

/// A requirement of the old document by the names of the new one.
fn translated(requirement: &Requirement, scene: &Scene<'_>) -> Requirement {
    let name_of = |name: &String| {
        let scheme = scene.old.schemes.get(name);
        scheme.and_then(|scheme| same_scheme(name, scheme, &scene.old.schemes, &scene.new.schemes)).unwrap_or(name).clone()
    };
    requirement.iter().map(|(name, scopes)| (name_of(name), scopes.clone())).collect()
}

/// The name that a scheme has on the other side: its own, or that of the only one that works alike and was not there before.
pub(super) fn same_scheme<'a>(
    name: &str,
    scheme: &Scheme,
    here: &BTreeMap<String, Scheme>,
    there: &'a BTreeMap<String, Scheme>,
) -> Option<&'a String> {
    if let Some((name, _)) = there.get_key_value(name) {
        return Some(name);
    }
    if there.len() > GUESSES_MAX {
        return None;
    }
    let alike = |other: &Scheme| other.kind == scheme.kind && other.details == scheme.details && other.flows == scheme.flows;
    let mut found = there.iter().filter(|(other, one)| !here.contains_key(*other) && alike(one));
    let first = found.next().map(|(name, _)| name);
    if found.next().is_some() { None } else { first }
}

/// The schemes that both sides have, by the new name.
pub(super) fn scheme_pairs<'a>(scene: &Scene<'a>) -> Vec<(&'a str, &'a Scheme, &'a Scheme)> {
    let pair = |(name, old): (&'a String, &'a Scheme)| {
        let name = same_scheme(name, old, &scene.old.schemes, &scene.new.schemes)?;
        Some((name.as_str(), old, scene.new.schemes.get(name)?))
    };
    scene.old.schemes.iter().filter_map(pair).collect()
}

/// The operations of the new document that ask for a scheme.
pub(super) fn users(scene: &Scene<'_>, name: &str) -> BTreeSet<String> {
    let asks = |security: &Security| security.alternatives.iter().any(|requirement| requirement.contains_key(name));
    scene.new.operations.iter().filter(|operation| asks(&operation.security)).map(super::model::Operation::label).collect()
}
