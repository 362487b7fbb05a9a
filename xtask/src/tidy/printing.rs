//! Only the binary and the workshop print, and only they read the environment. A library gives
//! values; what is shown, and where, is decided in one place.

use super::Violation;
use super::paths;
use super::source::Source;

const ROOMS: &[&str] = &["segue", "xtask"];
const MACROS: &[&str] = &["print", "println", "eprint", "eprintln"];

/// Checks one file; whatever is for proof only may do both.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    if ROOMS.contains(&source.package()) || source.is_proof() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut say = |line: usize, message: String| {
        if !source.is_test(line) {
            found.push(Violation { path: source.path.clone(), line, rule: "printing", message });
        }
    };
    for (index, line) in source.lexed.code.lines().enumerate() {
        for name in MACROS {
            let call = format!("{name}!");
            let is_whole = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if line.match_indices(&call).any(|(at, _)| is_whole(at)) {
                say(index + 1, format!("`{call}` in a library; return the value"));
            }
        }
    }
    for path in paths::paths(&source.lexed.code) {
        if path.path == "std::env" || path.path.starts_with("std::env::") {
            say(path.line, format!("`{}` in a library; take the value as an argument", path.path));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn libraries_neither_print_nor_read_the_environment() {
        let library = "crates/segue-steps/src/a.rs";
        assert_eq!(count(library, "fn a() { println!(\"x\"); }"), 1);
        assert_eq!(count(library, "fn a() { eprintln!(\"x\"); }"), 1);
        assert_eq!(count(library, "fn a() { pretty_print!(x); }"), 0);
        assert_eq!(count(library, "use std::env;"), 1);
        assert_eq!(count(library, "#[cfg(test)]\nmod t { fn a() { println!(); } }"), 0);
        assert_eq!(count("crates/segue/src/a.rs", "fn a() { println!(); }"), 0);
        assert_eq!(count("crates/segue-steps/examples/a.rs", "fn a() { println!(); }"), 0);
    }
}
