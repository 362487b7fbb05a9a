//! Names that say nothing (`utils`), and second words for what has one (`source`, `target`).

use super::Violation;
use super::paths;
use super::source::Source;

/// Module names under which anything could stand, and so everything ends up there.
const MODULES: &[&str] = &["utils", "util", "common", "helpers", "helper", "misc", "types"];

/// Parts of names for the two sides, which are called `source` and `target`, always.
const SIDES: &[&str] = &["src", "dst", "dest"];

/// Whole names for the same.
const SIDE_NAMES: &[&str] = &["old_db", "new_db", "from_conn", "to_conn"];

/// Names that another crate chose, where they must be written: the file and the word.
const FOREIGN: &[(&str, &str)] = &[("crates/segue-compat/src/code/syntax.rs", "src")];

/// Checks one file: its own name, the modules it declares, its identifiers.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut say = |line: usize, message: String| {
        found.push(Violation { path: source.path.clone(), line, rule: "names", message });
    };
    for part in source.path.split('/') {
        let name = part.strip_suffix(".rs").unwrap_or(part);
        if MODULES.contains(&name) {
            say(0, format!("`{name}` says nothing; name the idea"));
        }
    }
    let words = paths::words(&source.lexed.code);
    for pair in words.windows(2) {
        if pair[0].path == "mod" && MODULES.contains(&pair[1].path.as_str()) {
            let name = &pair[1].path;
            say(pair[1].line, format!("`{name}` says nothing; name the idea"));
        }
    }
    for word in &words {
        let name = word.path.to_lowercase();
        if FOREIGN.contains(&(source.path.as_str(), name.as_str())) {
            continue;
        }
        if SIDE_NAMES.contains(&name.as_str()) || name.split('_').any(|p| SIDES.contains(&p)) {
            let name = &word.path;
            say(word.line, format!("`{name}`: the sides are `source` and `target`"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_names_and_second_words_are_refused() {
        let count = |path: &str, text: &str| check(&Source::new(path, text)).len();
        assert_eq!(count("crates/a/src/utils.rs", ""), 1);
        assert_eq!(count("crates/a/tests/common/mod.rs", ""), 1);
        assert_eq!(count("crates/a/src/b.rs", "mod helpers { }"), 1);
        assert_eq!(count("crates/a/src/b.rs", "let src_url = 1; let DEST = 2;"), 2);
        assert_eq!(count("crates/a/src/b.rs", "let old_db = 1;"), 1);
        assert_eq!(count("crates/a/src/b.rs", "// dst\nlet destroy = \"src\";"), 0);
    }
}
