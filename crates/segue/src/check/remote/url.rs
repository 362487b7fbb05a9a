//! The few URLs that are fetched: https and http, a host, a path. Tests: below.

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
            return Err("it is no URL that is fetched: characters of it must be written as %..".to_owned());
        }
        let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err("only https is fetched".to_owned()),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err("it holds a user or a password, which do not belong into a document".to_owned());
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
}

/// A relative reference in a document of the web: on the same host, and nowhere else.
pub(in crate::check) fn joined(from: &str, reference: &str) -> Option<String> {
    let reference = reference.split('#').next().unwrap_or_default();
    if reference.is_empty() || reference.contains("://") || reference.starts_with("//") {
        return None;
    }
    let from = from.split(['#', '?']).next().unwrap_or_default();
    let (scheme, rest) = from.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if let Some(absolute) = reference.strip_prefix('/') {
        return Some(format!("{scheme}://{host}/{absolute}"));
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in reference.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                // Above the host's root there is nothing.
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(format!("{scheme}://{host}/{}", parts.join("/")))
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
    fn a_document_of_the_web_names_its_own_host_alone() {
        assert_eq!(joined("https://h/a/b.yaml", "../c.yaml#/x").as_deref(), Some("https://h/c.yaml"));
        assert_eq!(joined("https://h/a/b.yaml", "/etc/passwd").as_deref(), Some("https://h/etc/passwd"));
        assert_eq!(joined("https://h/a.yaml", "../../c.yaml"), None);
        assert_eq!(joined("https://h/a.yaml", "//other/c.yaml"), None);
        assert_eq!(joined("https://h/a.yaml", "https://other/c.yaml"), None);
    }
}
