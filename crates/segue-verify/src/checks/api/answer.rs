//! Two answers: status, headers, body.
//!
//! A header's values may be secret (cookies): a sentence names the header alone. Tests: below.

use super::super::digits::rounded;
use super::body::{Rules, differences};

/// An answer of a server.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200.
    pub status: u16,
    /// Names in lower case, in the order that they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

impl Reply {
    fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
    }

    /// Its body is not compressed.
    pub(super) fn is_plain(&self) -> bool {
        self.header("content-encoding").iter().all(|coding| coding.trim().eq_ignore_ascii_case("identity"))
    }

    fn says_json(&self) -> bool {
        self.header("content-type").first().is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
            kind == "application/json" || kind.ends_with("+json")
        })
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// How they differ.
    pub different: Vec<String>,
    /// What could not be told.
    pub unknown: Vec<String>,
    /// How the bodies were compared.
    pub compared: &'static str,
}

/// Compares two answers.
pub fn compare(old: &Reply, new: &Reply, rules: &Rules) -> Found {
    let mut found = Found::default();
    if old.status != new.status {
        found.different.push(format!("status {} at the old side, {} at the new", old.status, new.status));
    }
    for name in &rules.headers {
        if old.header(name) != new.header(name) {
            found.different.push(format!("header `{name}` differs"));
        }
    }
    let as_json = old.says_json() && new.says_json();
    if as_json {
        match (serde_json::from_slice(&old.body), serde_json::from_slice(&new.body)) {
            (Ok(left), Ok(right)) => {
                found.compared = "JSON by value";
                let told = differences(&left, &right, rules);
                found.different.extend(told.different);
                found.unknown.extend(told.unknown);
                let rounded = rounded(&old.body) + rounded(&new.body);
                if rounded > 0 && old.body != new.body {
                    found.unknown.push(format!("{rounded} numbers of the bodies have more digits than are compared"));
                }
                return found;
            }
            // Two bodies that both are no JSON may still be the same bytes.
            (Err(_), Err(_)) => {}
            _ => {
                found.different.push("only one of the bodies is JSON".to_owned());
                return found;
            }
        }
    } else if old.says_json() != new.says_json() && old.body.len() + new.body.len() > 0 {
        found.different.push("only one of the answers says that it is JSON".to_owned());
        return found;
    }
    found.compared = "body by bytes";
    if old.body != new.body {
        found.different.push(format!("other bodies, of {} and {} bytes", old.body.len(), new.body.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, kind: &str, body: &str) -> Reply {
        let headers = vec![("content-type".to_owned(), kind.to_owned()), ("etag".to_owned(), body.len().to_string())];
        Reply { status, headers, body: body.as_bytes().to_vec() }
    }

    fn check(old: &Reply, new: &Reply, expected: &[&str]) {
        let rules = Rules { headers: vec!["etag".to_owned()], ..Rules::default() };
        assert_eq!(compare(old, new, &rules).different, expected);
    }

    #[test]
    fn numbers_that_are_rounded_are_never_equal() {
        let json = "application/json";
        let told = |old: &str, new: &str| compare(&reply(200, json, old), &reply(200, json, new), &Rules::default());
        let found = told("{\"id\": 12345678901234567890123}", "{\"id\": 12345678901234567890999}");
        assert!(found.different.is_empty() && found.unknown.len() == 1, "{found:?}");
        assert_eq!(told("[1.00000000000000001]", "[1.00000000000000002]").unknown.len(), 1);
        assert_eq!(told("[12345678901234567890123]", "[12345678901234567890123]").unknown.len(), 0, "the same bytes");
        assert_eq!(told("[12345678901234567890123, 1]", "[12345678901234567890123, 2]").different, ["/1 is another number"]);
    }

    #[test]
    fn answers_are_compared_whole() {
        let json = "application/json; charset=utf-8";
        check(&reply(200, json, "{\"a\":1,\"b\":2}"), &reply(200, "application/json", "{\"b\":2,\"a\":1}"), &[]);
        check(&reply(200, json, "{}"), &reply(404, json, "{}"), &["status 200 at the old side, 404 at the new"]);
        check(&reply(200, json, "[1]"), &reply(200, json, "[10]"), &["header `etag` differs", "/0 is another number"]);
        check(&reply(200, "text/plain", "{}"), &reply(200, json, "{}"), &["only one of the answers says that it is JSON"]);
        check(&reply(200, json, "{}"), &reply(200, json, "{1"), &["only one of the bodies is JSON"]);
        check(&reply(200, "text/plain", "a"), &reply(200, "text/plain", "b"), &["other bodies, of 1 and 1 bytes"]);
        check(&reply(204, "", ""), &reply(204, "", ""), &[]);
        check(&reply(200, "application/vnd.x+json", "{1"), &reply(200, "application/vnd.x+json", "{1"), &[]);
    }
}
