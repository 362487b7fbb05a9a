//! Every file opens with `//!`: what it is for, what it must never do, where its tests are.

use super::Violation;
use super::source::Source;

/// Checks one file. Attributes of the whole file may stand before the words.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    let first = source.text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("#!["));
    let written = first.is_some_and(|line| line.strip_prefix("//!").is_some_and(|words| words.trim().len() >= 10));
    if written {
        return Vec::new();
    }
    vec![Violation {
        path: source.path.clone(),
        line: 1,
        rule: "module_docs",
        message: "opens without `//!` and a sentence that says what the module is for".to_owned(),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_with_words() {
        let count = |text: &str| check(&Source::new("a.rs", text)).len();
        assert_eq!(count("//! What this is for.\nfn a() {}"), 0);
        assert_eq!(count("#![forbid(unsafe_code)]\n\n//! What this is for."), 0);
        assert_eq!(count("//! x\n"), 1);
        assert_eq!(count("// What this is for.\n"), 1);
        assert_eq!(count("use std::fmt;\n//! What this is for."), 1);
        assert_eq!(count(""), 1);
    }
}
