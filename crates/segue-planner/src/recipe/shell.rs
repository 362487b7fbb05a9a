//! A word of a shell command that comes from the spec or an assessment: quoted, so that nothing in it is ever run.
//!
//! Values of secrets never come here: commands take those from the environment by name. Tests: below.

/// The text as one word of a POSIX shell.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | ':' | ',' | '+' | '=');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    let cleaned: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", cleaned.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn nothing_in_a_word_is_run() {
        assert_eq!(word("fastify@5"), "fastify@5");
        assert_eq!(word("@scope/name@^1"), "'@scope/name@^1'");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("$(reboot)"), "'$(reboot)'");
        assert_eq!(word("it's"), "'it'\\''s'");
        assert_eq!(word("-rf"), "'-rf'");
        assert_eq!(word("a\nb"), "'ab'");
        assert_eq!(word(""), "''");
    }
}
