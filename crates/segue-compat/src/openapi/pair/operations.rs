//! Which operation of the old document is which of the new one.
//!
//! By method and path, the names of path parameters aside; what is left by `operationId` and by paths that differ only in a
//! version, a slash or the way of writing. Must never pair one operation twice. Tests: below.

use std::collections::{BTreeMap, BTreeSet};

use crate::openapi::model::{Document, Operation};

/// Pairs, and what has no partner.
pub(in crate::openapi) struct Matched<'a> {
    pub(in crate::openapi) same: Vec<(&'a Operation, &'a Operation)>,
    pub(in crate::openapi) moved: Vec<Moved<'a>>,
    pub(in crate::openapi) removed: Vec<&'a Operation>,
    pub(in crate::openapi) added: Vec<&'a Operation>,
    /// The base path went into the paths or came out of them: what a client calls is the same.
    pub(in crate::openapi) by_full_path: bool,
}

/// An operation that seems to have moved.
pub(in crate::openapi) struct Moved<'a> {
    pub(in crate::openapi) old: &'a Operation,
    pub(in crate::openapi) new: &'a Operation,
    /// How sure that is, in percent.
    pub(in crate::openapi) confidence_percent: u8,
    pub(in crate::openapi) evidence: String,
}

/// Pairs the operations of two documents.
pub(in crate::openapi) fn match_operations<'a>(old: &'a Document, new: &'a Document) -> Matched<'a> {
    let bases = (base_path(old), base_path(new));
    let bare = (keyed(&old.operations, ""), keyed(&new.operations, ""));
    if bases.0 == bases.1 {
        return matched(&bare.0, &bare.1, false);
    }
    let full = (keyed(&old.operations, bases.0), keyed(&new.operations, bases.1));
    let count = |pair: &(Keyed<'a>, Keyed<'a>)| pair.0.keys().filter(|key| pair.1.contains_key(*key)).count();
    if count(&full) > count(&bare) { matched(&full.0, &full.1, true) } else { matched(&bare.0, &bare.1, false) }
}

/// Pairs webhooks by their name and method.
pub(super) fn match_by_name<'a>(old: &'a [Operation], new: &'a [Operation]) -> Matched<'a> {
    match_by_name_of(&old.iter().collect::<Vec<_>>(), &new.iter().collect::<Vec<_>>())
}

/// The same for callbacks.
pub(super) fn match_by_name_of<'a>(old: &[&'a Operation], new: &[&'a Operation]) -> Matched<'a> {
    let key =
        |operations: &[&'a Operation]| operations.iter().map(|one| ((one.path.clone(), one.method.clone()), *one)).collect::<Keyed<'a>>();
    let mut matched = matched(&key(old), &key(new), false);
    for moved in std::mem::take(&mut matched.moved) {
        matched.removed.push(moved.old);
        matched.added.push(moved.new);
    }
    matched
}

type Keyed<'a> = BTreeMap<(String, String), &'a Operation>;

/// The base path that all servers of a document share.
fn base_path(document: &Document) -> &str {
    let first = document.servers.first().map_or("", |server| server.path());
    if document.servers.iter().all(|server| server.path() == first) { first } else { "" }
}

fn keyed<'a>(operations: &'a [Operation], base: &str) -> Keyed<'a> {
    let mut found = Keyed::new();
    for operation in operations {
        let key = (template(&format!("{base}{}", operation.path)), operation.method.clone());
        // Two paths that differ only in a name are one; the second keeps its own words, so that nothing is lost.
        let key = if found.contains_key(&key) { (operation.path.clone(), operation.method.clone()) } else { key };
        found.insert(key, operation);
    }
    found
}

/// A path without the names of its parameters: `/a/{id}` is `/a/{}`.
pub(in crate::openapi) fn template(path: &str) -> String {
    let mut written = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => {
                inside = true;
                written.push('{');
            }
            '}' => {
                inside = false;
                written.push('}');
            }
            _ if inside => {}
            other => written.push(other),
        }
    }
    written
}

fn matched<'a>(old: &Keyed<'a>, new: &Keyed<'a>, by_full_path: bool) -> Matched<'a> {
    let same = old.iter().filter_map(|(key, operation)| Some((*operation, *new.get(key)?))).collect();
    let removed: Vec<&Operation> = old.iter().filter(|(key, _)| !new.contains_key(*key)).map(|(_, operation)| *operation).collect();
    let added: Vec<&Operation> = new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, operation)| *operation).collect();
    let moved = moves(&removed, &added);
    let gone: BTreeSet<*const Operation> =
        moved.iter().flat_map(|moved| [std::ptr::from_ref(moved.old), std::ptr::from_ref(moved.new)]).collect();
    let left = |operations: Vec<&'a Operation>| -> Vec<&'a Operation> {
        operations.into_iter().filter(|operation| !gone.contains(&std::ptr::from_ref(*operation))).collect()
    };
    Matched { same, removed: left(removed), added: left(added), moved, by_full_path }
}

/// First by the same `operationId`, then by what a path says when versions and ways of writing are left out.
fn moves<'a>(removed: &[&'a Operation], added: &[&'a Operation]) -> Vec<Moved<'a>> {
    let mut moved: Vec<Moved<'a>> = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&'a Operation>> = BTreeMap::new();
    let mut by_words: BTreeMap<(String, &str), Vec<&'a Operation>> = BTreeMap::new();
    for operation in added {
        if let Some((id, _)) = &operation.id {
            by_id.entry(id).or_default().push(operation);
        }
        by_words.entry((words_of(&operation.path), &operation.method)).or_default().push(operation);
    }
    let mut taken: BTreeSet<*const Operation> = BTreeSet::new();
    let mut left = Vec::new();
    for old in removed {
        let id = old.id.as_ref().map(|(id, _)| id.as_str());
        match id.and_then(|id| Some((id, by_id.get(id)?.as_slice()))) {
            Some((id, [new])) if taken.insert(std::ptr::from_ref(*new)) => {
                let evidence = format!("both are called `{id}`");
                let confidence_percent = if old.method == new.method { 95 } else { 80 };
                moved.push(Moved { old, new, confidence_percent, evidence });
            }
            _ => left.push(*old),
        }
    }
    for old in left {
        if let Some([new]) = by_words.get(&(words_of(&old.path), old.method.as_str())).map(Vec::as_slice)
            && taken.insert(std::ptr::from_ref(*new))
        {
            let evidence = "the paths differ only in a version, a slash, capitals or the way of writing words".to_owned();
            moved.push(Moved { old, new, confidence_percent: 75, evidence });
        }
    }
    moved
}

/// The words of a path: lower case, no versions, no marks between words, no plural, no names of parameters.
fn words_of(path: &str) -> String {
    let mut parts = Vec::new();
    for part in template(path).split('/') {
        let part: String = part.chars().filter(|c| !matches!(c, '-' | '_' | '.')).flat_map(char::to_lowercase).collect();
        let is_version = part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
        if part.is_empty() || is_version {
            continue;
        }
        parts.push(part.strip_suffix('s').unwrap_or(&part).to_owned());
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_no_names() {
        assert_eq!(template("/a/{id}/b/{key}.json"), "/a/{}/b/{}.json");
        assert_eq!(template("/a/{id"), "/a/{");
        assert_eq!(words_of("/v1/user-groups/{id}/"), words_of("/v2/userGroup/{key}"));
        assert_ne!(words_of("/users"), words_of("/users/{id}"));
    }
}
