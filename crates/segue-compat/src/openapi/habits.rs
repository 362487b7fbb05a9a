//! What names mean by custom: pages, order, idempotency, limits, caching.
//!
//! A name is only a hint, so rules that use it say what would happen and never take another finding away for good. Tests:
//! below, `tests/cases/openapi/behaviour.txt`.

use segue_model::check::Breaks;

use super::found::{BOTH, DEPLOY, ROLLBACK};
use super::library::Library;
use super::model::{Example, Lifecycle, Parameter};
use super::pair::Scene;
use crate::shape::{Literal, Shape, Shapes, Types};

const PAGES: &[&str] = &[
    "page",
    "pagenumber",
    "pageno",
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "perpage",
    "pagesize",
    "limit",
    "offset",
    "cursor",
    "startingafter",
    "endingbefore",
    "skip",
    "top",
    "maxresults",
    "startindex",
    "continuationtoken",
    "marker",
];
const SIZES: &[&str] = &["perpage", "pagesize", "limit", "top", "maxresults", "count", "size"];
const ORDERS: &[&str] = &["sort", "order", "orderby", "sortby", "sortorder", "sorting", "direction", "sortdirection"];

/// What a header of a response is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderKind {
    /// It says when to slow down.
    Limit,
    /// It leads to further pages, or counts them.
    Page,
    /// It makes conditional requests possible.
    Cache,
}

/// A name in small letters without marks between words.
fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}

/// It asks for a page.
pub(super) fn is_pagination(name: &str) -> bool {
    PAGES.contains(&bare(name).as_str())
}

/// It says how much comes at once.
pub(super) fn is_page_size(name: &str) -> bool {
    SIZES.contains(&bare(name).as_str())
}

/// It asks for an order.
pub(super) fn is_sort(name: &str) -> bool {
    ORDERS.contains(&bare(name).as_str())
}

/// It makes a repeated request safe.
pub(super) fn is_idempotency_key(name: &str) -> bool {
    bare(name).contains("idempotency")
}

/// Its removal is the matter of a rule of its own.
pub(super) fn has_own_rule(name: &str) -> bool {
    is_pagination(name) || is_idempotency_key(name)
}

/// What a header is for, by its name in lower case.
pub(super) fn header_kind(name: &str) -> Option<HeaderKind> {
    let bare = bare(name);
    let page =
        ["link", "xtotalcount", "xtotal", "xnextpage", "xprevpage", "xpage", "xperpage", "xtotalpages", "contentrange", "xnextcursor"];
    if bare == "retryafter" || bare.starts_with("ratelimit") || bare.starts_with("xratelimit") {
        Some(HeaderKind::Limit)
    } else if page.contains(&bare.as_str()) {
        Some(HeaderKind::Page)
    } else if ["etag", "lastmodified", "cachecontrol", "expires", "vary"].contains(&bare.as_str()) {
        Some(HeaderKind::Cache)
    } else {
        None
    }
}

/// From 0 (draft) to 3 (stable, also when nothing is said); `None` for another word.
pub(super) fn stability(life: &Lifecycle) -> Option<u8> {
    match life.stability.as_deref() {
        Some("draft") => Some(0),
        Some("alpha") => Some(1),
        Some("beta") => Some(2),
        Some("stable") | None => Some(3),
        Some(_) => None,
    }
}

/// What became of a parameter's default, and what that breaks.
pub(super) fn default_changed(scene: &Scene<'_>, old: &Parameter, new: &Parameter) -> Option<(String, &'static [Breaks])> {
    match (default_of(old, &scene.old.shapes), default_of(new, &scene.new.shapes)) {
        (None, None) => None,
        (Some(before), Some(after)) if after == before => None,
        (Some(before), Some(after)) => Some((format!("was `{before}` and is `{after}` now"), BOTH)),
        (Some(before), None) => Some((format!("was `{before}` and is not said any more"), DEPLOY)),
        (None, Some(after)) => Some((format!("was not said and is `{after}` now"), ROLLBACK)),
    }
}

fn default_of<'a>(parameter: &Parameter, shapes: &'a Shapes) -> Option<&'a Literal> {
    let shape = parameter.shape?;
    let own = shapes.get(shape).notes.as_deref().and_then(|notes| notes.default.as_ref());
    own.or_else(|| shapes.get(shapes.resolve(shape)).notes.as_deref().and_then(|notes| notes.default.as_ref()))
}

/// What became of a single value that is text on the wire, whatever its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AsText {
    /// Numbers or truths became any text.
    Widened,
    /// Any text became numbers or truths.
    Narrowed,
}

/// Of a parameter that is written by a style on both sides and is any text on exactly one.
pub(super) fn text_of(scene: &Scene<'_>, old: &Parameter, new: &Parameter) -> Option<AsText> {
    let (before, after) = (plain(old, &scene.old.shapes)?, plain(new, &scene.new.shapes)?);
    match (any_text(before), any_text(after)) {
        (false, true) if !before.types.meets(Types::STRING) => Some(AsText::Widened),
        (true, false) if !after.types.meets(Types::STRING) => Some(AsText::Narrowed),
        _ => None,
    }
}

/// The shape of a parameter that is a single value, and nothing combined.
fn plain<'a>(parameter: &Parameter, shapes: &'a Shapes) -> Option<&'a Shape> {
    let shape = shapes.get(shapes.resolve(parameter.shape?));
    let single = Types::STRING.or(Types::NUMBER).or(Types::BOOLEAN);
    let simple = parameter.media.is_none() && single.has(shape.types) && shape.reference.is_none() && shape.combined.is_none();
    simple.then_some(shape)
}

/// Texts without limits.
fn any_text(shape: &Shape) -> bool {
    shape.types == Types::STRING && shape.texts.is_none() && shape.members.is_none() && shape.unread().is_empty()
}

/// The value of an example.
pub(super) fn example(files: &Library, example: &Example) -> Option<Literal> {
    files.at(example.anchor.place.file, example.node).map(Literal::of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_way_of_writing() {
        assert!(is_pagination("per_page") && is_pagination("pageToken") && !is_pagination("homepage"));
        assert!(is_sort("order_by") && is_page_size("Page-Size") && is_idempotency_key("X-Idempotency-Key"));
        assert_eq!(header_kind("x-ratelimit-remaining"), Some(HeaderKind::Limit));
        assert_eq!((header_kind("etag"), header_kind("location")), (Some(HeaderKind::Cache), None));
    }
}
