//! Users' texts into shell words, SQL comments and the info of a fence, so that none of them leaves its place. Markdown has
//! a door of its own, `crate::markup`.
//! Tests: below, and `tests/it/runbook_hostile.rs`.

use std::fmt::Write as _;

use crate::text::shown;

/// A text that begins a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// An id as it stands behind `segue:step=` of a fence: everything but letters, digits and `/_.~-` as `%2A`.
pub(crate) fn info(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"/_.~-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// One word of a shell.
pub(crate) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// A text behind `# ` or `-- `: one line, always.
pub(crate) fn comment(text: &str) -> String {
    shown(text.trim())
}

/// Whether a command can be shown as it is: line breaks and tabs are all it has beside visible characters.
pub(crate) fn is_visible(text: &str) -> bool {
    text.split(['\n', '\t']).all(|part| shown(part) == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_keeps_its_place() {
        assert_eq!(info("copy/or ders`\n"), "copy/or%20ders%60%0A");
    }

    #[test]
    fn shell_words_keep_their_place() {
        assert_eq!(shell("shift"), "shift");
        assert_eq!(shell("a'; rm -rf ~ #"), "'a'\\''; rm -rf ~ #'");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("$(x)"), "'$(x)'");
        assert!(is_visible("a\n\tb"));
        assert!(!is_visible("a\u{202e}b") && !is_visible("a\rb") && !is_visible("a\u{1b}[2J"));
    }
}
