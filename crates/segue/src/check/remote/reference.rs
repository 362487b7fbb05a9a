//! Where a reference in a document of the web leads. Tests: below.

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
    use super::joined;

    #[test]
    fn a_document_of_the_web_names_its_own_host_alone() {
        assert_eq!(joined("https://h/a/b.yaml", "../c.yaml#/x").as_deref(), Some("https://h/c.yaml"));
        assert_eq!(joined("https://h/a/b.yaml", "/etc/passwd").as_deref(), Some("https://h/etc/passwd"));
        assert_eq!(joined("https://h/a.yaml", "../../c.yaml"), None);
        assert_eq!(joined("https://h/a.yaml", "//other/c.yaml"), None);
        assert_eq!(joined("https://h/a.yaml", "https://other/c.yaml"), None);
    }
}
