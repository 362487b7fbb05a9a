//! Where an API answers: protocol, host and base path of a server's address.
//!
//! Addresses are taken apart as text; nothing is ever connected to. Tests: below.

use crate::source::Place;

/// One server of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openapi) struct Server {
    /// As written, variables by their defaults.
    pub(in crate::openapi) url: String,
    /// The variables with what they may be.
    pub(in crate::openapi) variables: std::collections::BTreeMap<String, (String, Vec<String>)>,
    pub(in crate::openapi) place: Place,
}

impl Server {
    /// `https`, if it says one.
    pub(in crate::openapi) fn protocol(&self) -> Option<&str> {
        self.url.split_once("://").map(|(protocol, _)| protocol)
    }

    /// The host with its port; `None` for an address relative to the document's.
    pub(in crate::openapi) fn host(&self) -> Option<&str> {
        let rest = self.url.split_once("://").map(|(_, rest)| rest).or_else(|| self.url.strip_prefix("//"))?;
        Some(rest.split(['/', '?', '#']).next().unwrap_or_default())
    }

    /// The base path without the last slash: empty, or `/v1`.
    pub(in crate::openapi) fn path(&self) -> &str {
        let rest = match self.url.split_once("://").map(|(_, rest)| rest).or_else(|| self.url.strip_prefix("//")) {
            Some(rest) => rest.find('/').map_or("", |at| &rest[at..]),
            None => &self.url,
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        rest.trim_end_matches('/')
    }
}

/// An address without the user and the password that stand before its host: those are never shown and never compared.
pub(in crate::openapi) fn without_user(url: &str) -> String {
    let start = url.find("//").map_or(0, |at| at + 2);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    match url[start..end].rfind('@') {
        Some(at) if start > 0 => format!("{}{}", &url[..start], &url[start + at + 1..]),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let of = |url: &str| Server { url: url.to_owned(), variables: std::collections::BTreeMap::new(), place: Place::default() };
        let whole = of("https://api.example.com:8443/v1/?x#y");
        assert_eq!((whole.protocol(), whole.host(), whole.path()), (Some("https"), Some("api.example.com:8443"), "/v1"));
        assert_eq!((of("/v2").host(), of("/v2").path()), (None, "/v2"));
        assert_eq!((of("//h/x").host(), of("//h/x").path(), of("/").path()), (Some("h"), "/x", ""));
    }

    #[test]
    fn nobody_is_named_in_an_address() {
        for (url, bare) in [
            ("https://u:secret@h/v1", "https://h/v1"),
            ("//u@h:1", "//h:1"),
            ("https://u:p@q@h?x=a@b", "https://h?x=a@b"),
            ("https://h/a@b", "https://h/a@b"),
            ("/a@b", "/a@b"),
        ] {
            assert_eq!(without_user(url), bare);
        }
    }
}
