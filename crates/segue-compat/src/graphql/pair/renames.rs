//! Types that went and types that came, as renames. Evidence: the same members, and fields that gave the one and give the
//! other. Tests: `tests/cases/graphql/type-renamed.case`, `tests/it/graphql/renames.rs`.

use std::collections::BTreeMap;

use crate::graphql::context::Context;
use crate::graphql::rename::{likeness, propose};
use crate::graphql::rule;
use crate::graphql::schema::{Named, Schema, TypeDef, TypeKind};

/// How many names of each side are compared.
const NAMES_MAX: usize = 100;
/// How many members of a type are compared.
const MEMBERS_MAX: usize = 500;

/// Finds them, tells them, and notes them for everything that follows.
pub(super) fn find<'a>(cx: &mut Context<'a>, roots: &[(&'a str, &'a str)]) {
    cx.renamed.extend(roots.iter().copied());
    let (old, new) = (cx.old.schema, cx.new.schema);
    let gone = |name: &&&str| !new.types.contains_key(**name) && !new.unread.contains(**name);
    let removed: Vec<&'a str> = old.types.keys().filter(gone).filter(|name| !cx.renamed.contains_key(**name)).copied().collect();
    let taken: Vec<&str> = cx.renamed.values().copied().collect();
    let came = |name: &&&str| !old.types.contains_key(**name) && !old.unread.contains(**name) && !taken.contains(*name);
    let added: Vec<&'a str> = new.types.keys().filter(came).copied().collect();
    if removed.is_empty() || added.is_empty() || removed.len() > NAMES_MAX || added.len() > NAMES_MAX {
        return;
    }
    let votes = votes(old, new);
    let evidence = |a: usize, b: usize| -> Option<u32> {
        let (was, is) = (old.types.get(removed.get(a)?)?, new.types.get(added.get(b)?)?);
        if was.kind != is.kind {
            return None;
        }
        let same = overlap(was, is);
        let moved = votes.get(&(was.name, is.name)).copied().unwrap_or(0);
        let alike = likeness(was.name, is.name);
        let needed = if moved > 0 { 60 } else { 75 };
        match was.kind {
            TypeKind::Scalar => (moved > 0 && alike >= 50).then_some(40),
            _ if same >= needed && (moved > 0 || alike >= 40) => Some(40),
            _ => None,
        }
    };
    // The names count for less than what the types hold: they only order equals.
    let found = propose(&removed, &added, |a, b| evidence(a, b).map(|_| 40));
    let by_members: Vec<(usize, usize)> = pairs_by_members(&removed, &added, &evidence, old, new);
    let mut told = BTreeMap::new();
    for (a, b) in found.iter().map(|pair| (pair.old, pair.new)).chain(by_members) {
        if let (Some(was), Some(is)) = (removed.get(a), added.get(b))
            && !told.contains_key(was)
            && !told.values().any(|taken| taken == is)
        {
            told.insert(*was, *is);
        }
    }
    for (was, is) in told {
        if let (Some(was), Some(is)) = (old.types.get(was), new.types.get(is)) {
            let moved = votes.get(&(was.name, is.name)).copied().unwrap_or(0);
            rule::type_def::renamed::check(cx, was, is, overlap(was, is), moved);
            cx.renamed.insert(was.name, is.name);
        }
    }
}

/// Pairs whose names are not alike, but which hold the same.
fn pairs_by_members(
    removed: &[&str],
    added: &[&str],
    evidence: &impl Fn(usize, usize) -> Option<u32>,
    old: &Schema<'_>,
    new: &Schema<'_>,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (a, was) in removed.iter().enumerate() {
        for (b, is) in added.iter().enumerate() {
            if evidence(a, b).is_some()
                && let (Some(was), Some(is)) = (old.types.get(was), new.types.get(is))
            {
                found.push((overlap(was, is), a, b));
            }
        }
    }
    found.sort_by(|x, y| y.0.cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    found.into_iter().map(|(_, a, b)| (a, b)).collect()
}

/// How many fields gave the one and give the other.
fn votes<'a>(old: &'a Schema<'a>, new: &'a Schema<'a>) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut votes = BTreeMap::new();
    for def in old.types.values() {
        let Some(other) = new.types.get(def.name) else { continue };
        let mut vote = |was: &'a str, is: &'a str| {
            if was != is && old.types.contains_key(was) && new.types.contains_key(is) {
                *votes.entry((was, is)).or_insert(0) += 1;
            }
        };
        for field in &def.fields {
            let Some(same) = other.fields.get(field.name) else { continue };
            vote(field.gives.name, same.gives.name);
            for argument in &field.arguments {
                if let Some(now) = same.arguments.get(argument.name) {
                    vote(argument.takes.name, now.takes.name);
                }
            }
        }
        for input in &def.inputs {
            if let Some(now) = other.inputs.get(input.name) {
                vote(input.takes.name, now.takes.name);
            }
        }
    }
    votes
}

/// How many of the members have the same name, in percent of all.
fn overlap(was: &TypeDef<'_>, is: &TypeDef<'_>) -> usize {
    let names = |def: &TypeDef<'_>| -> std::collections::BTreeSet<String> {
        let fields = def.fields.iter().map(Named::name);
        let inputs = def.inputs.iter().map(Named::name);
        let rest = def.values.iter().map(Named::name).chain(def.members.iter().map(Named::name));
        fields.chain(inputs).chain(rest).take(MEMBERS_MAX).map(str::to_owned).collect()
    };
    let (was, is) = (names(was), names(is));
    let all = was.union(&is).count();
    (100 * was.intersection(&is).count()).checked_div(all).unwrap_or(0)
}
