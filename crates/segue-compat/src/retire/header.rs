//! `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` with their relations.
//!
//! `Deprecation` is a date of structured fields (RFC 9651): `@` and seconds. `Sunset` is an HTTP date, and is never
//! before it. An address enters a `Link` only if it cannot end it. Tests: `tests/it/retire.rs`.

use segue_model::check::retire::{Header, Operation};

use super::Asked;
use super::calendar::{Timeline, http_date, unix};

/// The header fields of each answer of an operation that ends.
pub(super) fn headers(timeline: &Timeline, asked: &Asked<'_>, operations: &[Operation]) -> Vec<Header> {
    if operations.is_empty() {
        return Vec::new();
    }
    let header = |name: &str, value: String, by: &str| Header { name: name.to_owned(), value, by: by.to_owned() };
    let sunset = timeline.removal.max(timeline.start);
    let mut out =
        vec![header("Deprecation", format!("@{}", unix(timeline.start)), "RFC 9745"), header("Sunset", http_date(sunset), "RFC 8594")];
    let guide = asked.guide.as_deref().filter(|address| is_address(address));
    if let Some(guide) = guide {
        out.push(header("Link", format!("<{guide}>; rel=\"deprecation\"; type=\"text/html\""), "RFC 9745, 3"));
        out.push(header("Link", format!("<{guide}>; rel=\"sunset\"; type=\"text/html\""), "RFC 8594, 6"));
    }
    out
}

/// The `Link` to what takes the place of one operation, for its own answers.
pub(super) fn successor(name: &str) -> Option<Header> {
    let path = name.split_once(' ').map_or(name, |(_, path)| path);
    // A template is no address: the service fills it in.
    let fits = path.starts_with('/') && is_address(path);
    fits.then(|| Header { name: "Link".to_owned(), value: format!("<{path}>; rel=\"successor-version\""), by: "RFC 5829".to_owned() })
}

/// Only what may stand in a URI reference (RFC 3986), or in a template of one.
fn is_address(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%{}".contains(&byte))
}
