//! The few URLs that are called: https and http, a host, a path. No sentence about one holds it. Tests: below.

/// The longest URL.
const LENGTH_MAX: usize = 2_048;

/// A URL taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) secure: bool,
    /// An IPv6 address stands in brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// With its query, never empty.
    pub(super) path: String,
}

impl Url {
    /// Reads one; what is refused is said in words without the URL.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let text = text.split('#').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '<' | '>' | '"' | '`' | '^' | '{' | '}' | '|');
        if text.len() > LENGTH_MAX || !text.chars().all(plain) {
            return Err("it is no URL that is called: characters of it must be written as %..".to_owned());
        }
        let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err("only https and http are spoken".to_owned()),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err("it holds a user or a password, which do not belong into a URL".to_owned());
        }
        // The colons of an IPv6 address stand in brackets.
        let at = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
        let (host, port) = match at {
            Some(at) => (&authority[..at], authority[at + 1..].parse().map_err(|_| "its port is no number".to_owned())?),
            None => (authority, if secure { 443 } else { 80 }),
        };
        if host.is_empty() || port == 0 {
            return Err("it has no host".to_owned());
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self { secure, host: host.to_ascii_lowercase(), port, path })
    }

    /// What stands in front of the paths of requests: without a query.
    pub(super) fn base(text: &str) -> Result<Self, String> {
        let authority = text.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
        if text.contains(['?', '#']) || authority.contains('@') {
            return Err("the base URL holds a user or a query: put a header `authorization: env:NAME` into the file of requests".to_owned());
        }
        let mut url = Self::read(text).map_err(|_| "the base URL is none: http://HOST:PORT/PATH or https://…".to_owned())?;
        url.path = url.path.trim_end_matches('/').to_owned();
        Ok(url)
    }

    /// As the header `host` has it.
    pub(super) fn authority(&self) -> String {
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The host without brackets.
    pub(super) fn name(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let url = Url::read("https://Example.com:8443/a/b.yaml?x=1#/c").expect("it reads");
        assert_eq!((url.secure, url.host.as_str(), url.port, url.path.as_str()), (true, "example.com", 8443, "/a/b.yaml?x=1"));
        assert_eq!(Url::read("http://[::1]:80").map(|url| (url.host, url.path)), Ok(("[::1]".to_owned(), "/".to_owned())));
        for text in ["ftp://h/x", "https://u:p@h/x", "https:///x", "https://h:x/y", "https://h/a b", "https://h/\r\nHost: x", "file:///etc"]
        {
            assert!(Url::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn base_urls() {
        let base = Url::base("http://127.0.0.1:8080/v1/").expect("a base");
        assert_eq!((base.secure, base.path.as_str(), base.authority().as_str()), (false, "/v1", "127.0.0.1:8080"));
        assert_eq!(Url::base("https://api.example").expect("a base").authority(), "api.example");
        for bad in ["", "ftp://x", "api.example", "http://user:canary@x/", "http://x/?a=canary", "http:///x"] {
            let error = Url::base(bad).expect_err(bad);
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
