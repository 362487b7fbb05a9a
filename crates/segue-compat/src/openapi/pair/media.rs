//! Which media type is which: the same, the same without parameters, or one that a range covers.
//!
//! Tests: below, `tests/cases/openapi/media.txt`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Scene, relate};
use crate::openapi::found::Found;
use crate::openapi::model::{Media, Operation};
use crate::openapi::rule;
use crate::policy::Role;
use crate::shape::relate::Comparison;

/// The media types of a pair of bodies, by their names.
pub(in crate::openapi) struct MediaMatch<'a> {
    pub(in crate::openapi) same: Vec<(&'a Media, &'a Media)>,
    pub(in crate::openapi) removed: Vec<(&'a str, &'a Media)>,
    pub(in crate::openapi) added: Vec<(&'a str, &'a Media)>,
}

/// Shows the bodies of requests to the rules, and relates their shapes.
pub(super) fn bodies<'a>(found: &mut Found<'_>, shapes: &mut Comparison<'a>, scene: &Scene<'a>, old: &'a Operation, new: &'a Operation) {
    for rule in rule::BODY {
        rule(found, scene, old.body.as_ref(), new.body.as_ref());
    }
    if let (Some(old), Some(new)) = (&old.body, &new.body) {
        let matched = match_media(&old.media, &new.media);
        for rule in rule::BODY_MEDIA {
            rule(found, scene, &matched);
        }
        pairs(found, shapes, scene, &matched.same, scene.positions.body);
    }
}

/// Shows each pair of media types to the rules, and relates their shapes.
pub(super) fn pairs<'a>(
    found: &mut Found<'_>,
    shapes: &mut Comparison<'a>,
    scene: &Scene<'a>,
    pairs: &[(&'a Media, &'a Media)],
    place: (Role, &'static str),
) {
    for (old, new) in pairs {
        for rule in rule::MEDIA {
            rule(found, scene, old, new, place);
        }
        relate(found, shapes, scene, (old.shape, new.shape), place, &old.examples);
    }
}

/// Pairs media types.
pub(super) fn match_media<'a>(old: &'a BTreeMap<String, Box<Media>>, new: &'a BTreeMap<String, Box<Media>>) -> MediaMatch<'a> {
    let (old_bare, new_bare) = (by_bare_name(old), by_bare_name(new));
    let mut same: Vec<(&Media, &Media)> = Vec::new();
    let mut taken: BTreeSet<*const Media> = BTreeSet::new();
    let mut removed = Vec::new();
    for (name, media) in old {
        match partner(name, new, &new_bare) {
            Some(other) => {
                taken.insert(std::ptr::from_ref(other));
                same.push((media, other));
            }
            None => removed.push((name.as_str(), &**media)),
        }
    }
    let mut added = Vec::new();
    for (name, media) in new {
        if old.contains_key(name) {
            continue;
        }
        match partner(name, old, &old_bare) {
            // A range that was narrowed to this type: both are compared, and the range itself is removed.
            Some(other) if !taken.contains(&std::ptr::from_ref::<Media>(media)) => same.push((other, media)),
            Some(_) => {}
            None => added.push((name.as_str(), &**media)),
        }
    }
    MediaMatch { same, removed, added }
}

/// Types whose parameters say nothing but the encoding of the text, by their names without it; `None` when there are several.
fn by_bare_name(media: &BTreeMap<String, Box<Media>>) -> BTreeMap<&str, Option<&Media>> {
    let mut found: BTreeMap<&str, Option<&Media>> = BTreeMap::new();
    for (name, media) in media.iter().filter(|(name, _)| is_charset_only(name)) {
        found.entry(bare(name)).and_modify(|one| *one = None).or_insert(Some(media));
    }
    found
}

/// The same type, the only one of the same type without parameters, or a range that covers it.
fn partner<'a>(name: &str, among: &'a BTreeMap<String, Box<Media>>, bare_names: &BTreeMap<&str, Option<&'a Media>>) -> Option<&'a Media> {
    if let Some(media) = among.get(name) {
        return Some(media);
    }
    let bare = bare(name);
    if let Some(Some(media)) = bare_names.get(bare).filter(|_| is_charset_only(name)) {
        return Some(media);
    }
    let kind = bare.split('/').next().unwrap_or_default();
    among.get(&format!("{kind}/*")).or_else(|| among.get("*/*")).map(AsRef::as_ref)
}

fn bare(name: &str) -> &str {
    name.split(';').next().unwrap_or_default()
}

/// Its parameters say nothing but the encoding of the text.
fn is_charset_only(name: &str) -> bool {
    name.split(';').skip(1).all(|parameter| parameter.starts_with("charset="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::model::Anchor;
    use crate::source::Place;

    #[test]
    fn ranges_cover_and_charsets_do_not_count() {
        let media = || Media {
            anchor: Anchor { object: String::new(), place: Place::default() },
            shape: None,
            encoding: None,
            examples: Vec::new(),
        };
        let of = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), Box::new(media()))).collect::<BTreeMap<_, _>>();
        let counts = |old: &[&str], new: &[&str]| {
            let (old, new) = (of(old), of(new));
            let matched = match_media(&old, &new);
            (matched.same.len(), matched.removed.len(), matched.added.len())
        };
        assert_eq!(counts(&["application/json"], &["application/json;charset=utf-8"]), (1, 0, 0));
        assert_eq!(counts(&["application/json"], &["application/json;version=2"]), (0, 1, 1));
        assert_eq!(counts(&["application/json"], &["*/*"]), (1, 0, 1));
        assert_eq!(counts(&["application/*"], &["application/json"]), (1, 1, 0));
        assert_eq!(counts(&["text/plain"], &["application/json"]), (0, 1, 1));
    }
}
