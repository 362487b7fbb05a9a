//! The names inside a document: `$id`, `$anchor`, and the files that it refers to.
//!
//! Bases are followed as far as local documents need them: an `$id` names its schema, whole or by its last part. A queue, no
//! recursion. Tests: `tests/it/json_schema/`.

use std::collections::{BTreeMap, BTreeSet};

use crate::doc::{At, Value};

/// Every schema that a document names itself: `$id` and `$anchor`, with its pointer.
pub(super) fn named(root: At<'_>) -> BTreeMap<String, (At<'_>, String)> {
    let mut all: BTreeMap<String, (At<'_>, String)> = BTreeMap::new();
    walk(root, |at, pointer| {
        for key in ["$id", "id"] {
            if let Some(id) = at.text_at(key).filter(|id| !id.is_empty()) {
                if key == "id" && !id.contains(['#', '/', ':']) {
                    continue; // A property's name is not an identifier.
                }
                let id = id.strip_suffix('#').unwrap_or(id);
                all.entry(id.to_owned()).or_insert((at, pointer.to_owned()));
                if let Some(last) = id.rsplit('/').next().filter(|last| !last.is_empty()) {
                    all.entry(last.to_owned()).or_insert((at, pointer.to_owned()));
                }
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(anchor) = at.text_at(key) {
                all.entry(format!("#{anchor}")).or_insert((at, pointer.to_owned()));
            }
        }
    });
    all
}

/// The names of anchors that stand more than once in all documents, one of them as a dynamic one; `$recursiveRef` where more
/// than one root may be meant by it.
pub(super) fn ambiguous_anchors<'a>(roots: impl Iterator<Item = At<'a>>) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    let (mut documents, mut recursive, mut below, mut identified) = (0, 0, false, 0);
    for root in roots {
        documents += 1;
        walk(root, |at, pointer| {
            for (key, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
                if let Some(name) = at.text_at(key) {
                    let known = counts.entry(name.to_owned()).or_default();
                    *known = (known.0 + 1, known.1 | dynamic);
                }
            }
            identified += usize::from(!pointer.is_empty() && at.text_at("$id").is_some());
            if at.get("$recursiveAnchor").and_then(At::bool) == Some(true) {
                recursive += 1;
                below |= !pointer.is_empty();
            }
        });
    }
    let several = counts.into_iter().filter(|(_, (count, dynamic))| *count > 1 && *dynamic);
    let mut ambiguous: BTreeSet<String> = several.map(|(name, _)| name).collect();
    if below || (recursive > 0 && (documents > 1 || identified > 0)) {
        ambiguous.insert("$recursiveRef".to_owned());
    }
    ambiguous
}

/// Some reference may name more than a place of the document itself. Where each is a quoted text that begins with `#`, which is
/// nearly everywhere, nothing has to be read to know that none does.
pub(super) fn may_leave(text: &str) -> bool {
    let stays = |at: usize| {
        let behind = text[at + 4..].trim_start_matches(['"', '\'']).trim_start();
        let value = behind.strip_prefix(':').map(str::trim_start);
        value.is_some_and(|value| value.starts_with("\"#") || value.starts_with("'#"))
    };
    text.contains("\\u0024") || text.contains("\\x24") || text.match_indices("$ref").any(|(at, _)| !stays(at))
}

/// The files that a document refers to, sorted; nothing that has a scheme.
pub(super) fn files(root: At<'_>) -> Vec<String> {
    let named = named(root);
    let mut files = BTreeSet::new();
    walk(root, |at, _| {
        let Some(reference) = at.text_at("$ref") else { return };
        let path = reference.split('#').next().unwrap_or_default();
        if !path.is_empty() && !path.contains("://") && !path.starts_with("urn:") && !named.contains_key(path) {
            files.insert(path.to_owned());
        }
    });
    files.into_iter().collect()
}

/// The documents with a scheme of the web that a document refers to, sorted, without what it names itself.
pub(super) fn remote(root: At<'_>) -> Vec<String> {
    let named = named(root);
    let mut found = BTreeSet::new();
    walk(root, |at, _| {
        let Some(reference) = at.text_at("$ref") else { return };
        let url = reference.split('#').next().unwrap_or_default();
        if (url.starts_with("https://") || url.starts_with("http://")) && !named.contains_key(url) {
            found.insert(url.to_owned());
        }
    });
    found.into_iter().collect()
}

/// Every map and list of a document once.
fn walk<'a>(root: At<'a>, mut visit: impl FnMut(At<'a>, &str)) {
    let mut open = vec![(root, String::new())];
    let mut seen = std::collections::BTreeSet::new();
    while let Some((at, pointer)) = open.pop() {
        if !seen.insert(at.id) {
            continue;
        }
        match at.value() {
            Value::Map => {
                visit(at, &pointer);
                for (key, _, value) in at.entries() {
                    // What stands in values is data, not schemas.
                    if !matches!(key, "enum" | "const" | "default" | "examples" | "example") && (value.is_map() || value.is_list()) {
                        open.push((value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))));
                    }
                }
            }
            Value::List(_) => {
                for (index, item) in at.items().enumerate().filter(|(_, item)| item.is_map() || item.is_list()) {
                    open.push((item, format!("{pointer}/{index}")));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_leave;

    #[test]
    fn only_quoted_places_of_the_document_stay() {
        for text in ["{\"$ref\": \"#/a\"}", "{\"$ref\":\"#\"}", "$ref: '#/a'\n", "'$ref' : \"#/a\"", "{}"] {
            assert!(!may_leave(text), "{text}");
        }
        for text in [
            "{\"$ref\": \"a.json#/a\"}",
            "$ref: # a comment\n  a.json\n",
            "$ref: &a '#/a'",
            "$ref: >-\n  #/a\n",
            "{\"\\u0024ref\": \"a.json\"}",
            "a: \"$ref\"",
        ] {
            assert!(may_leave(text), "{text}");
        }
    }
}
