//! The pure crates never open a socket or a file, never read a clock or the environment, never
//! start a process, never know tokio and never walk a map in an order that differs from run to run:
//! the same input gives the same bytes.

use super::Violation;
use super::paths;
use super::source::Source;

const PURE: &[&str] = &["segue-model", "segue-planner", "segue-report", "segue-compat", "segue-survey"];

/// Modules that a pure crate must not name, by the beginning of the path.
const MODULES: &[&str] =
    &["tokio", "std::net", "std::env", "std::fs", "std::process", "std::thread", "std::collections::HashMap", "std::collections::HashSet"];

/// Functions that a pure crate must not call, by the end of the path.
const CLOCKS: &[&str] = &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];

/// Checks one file of a pure crate; tests may do what they need.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    if !PURE.contains(&source.package()) || source.is_test_file() {
        return Vec::new();
    }
    paths::paths(&source.lexed.code)
        .into_iter()
        .filter(|found| !source.is_test(found.line))
        .filter(|found| {
            let begins = |module: &&str| found.path.strip_prefix(*module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
            let ends = |clock: &&str| found.path.strip_suffix(*clock).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"));
            MODULES.iter().any(begins) || CLOCKS.iter().any(ends)
        })
        .map(|found| Violation {
            path: source.path.clone(),
            line: found.line,
            rule: "purity",
            message: format!("`{}` in a pure crate; take the value as an argument (a map: BTreeMap)", found.path),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn pure_crates_are_kept_pure() {
        let pure = "crates/segue-planner/src/a.rs";
        assert_eq!(count(pure, "use std::{fmt, fs};"), 1);
        assert_eq!(count(pure, "let t = std::time::Instant::now();"), 1);
        assert_eq!(count(pure, "use tokio::time;"), 1);
        assert_eq!(count(pure, "// std::fs\nlet a = \"std::fs\"; tokio_like();"), 0);
        assert_eq!(count(pure, "#[cfg(test)]\nmod tests { use std::fs; }"), 0);
        assert_eq!(count("crates/segue/src/a.rs", "use std::fs;"), 0);
    }
}
