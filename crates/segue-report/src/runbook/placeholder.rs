//! Finds what looks like a hole that somebody should have filled: `{backup_file}`, `<host>`, `TODO`, `YOUR_TOKEN`.
//!
//! Decides whether a command may be printed, and tests hold every export against it. Never a proof that a command is
//! right. Tests: below, and `tests/it/runbook_exports.rs`.

use std::sync::LazyLock;

use regex::Regex;

/// Something that looks like a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub what: String,
}

/// `${NAME}`, `%{http_code}` and `stash@{name}` are no holes, nor is a path's `/{id}`.
static BRACES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?P<before>^|.)(?P<hole>\{\{?\s?[A-Za-z_][A-Za-z0-9_ .-]*[A-Za-z0-9_]\s?\}?\})").ok());
static ANGLES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?P<before>^|.)(?P<hole><[A-Za-z_][A-Za-z0-9_ .-]*[A-Za-z0-9_]>)").ok());
static BRACKETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\[(?:[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+)+|(?:X|N)%?|YYYY-MM-DD|Name|Date|Feature|User|URL|Contact info)\]").ok()
});
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:TODO|TBD|TBA|FIXME|XXX+|xxx+|CHANGE_?ME|REPLACE_?ME|FILL_?IN|INSERT_HERE|YOUR_[A-Z][A-Z0-9_]*|your-[a-z-]+-here)\b")
        .ok()
});

/// Everything in the text that looks like a hole, in the order of its lines.
pub fn placeholders(text: &str) -> Vec<Placeholder> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut say = |what: &str| found.push(Placeholder { line: at + 1, what: what.to_owned() });
        for capture in BRACES.iter().flat_map(|pattern| pattern.captures_iter(line)) {
            if !matches!(&capture["before"], "$" | "%" | "#" | "@" | "/") {
                say(&capture["hole"]);
            }
        }
        for capture in ANGLES.iter().flat_map(|pattern| pattern.captures_iter(line)) {
            let hole = &capture["hole"];
            let compares = [" and ", " or ", " AND ", " OR "].iter().any(|word| hole.contains(word));
            let element = line.contains("</");
            if !(compares || element || &capture["before"] == "<") {
                say(hole);
            }
        }
        for hole in BRACKETS.iter().flat_map(|pattern| pattern.find_iter(line)) {
            say(hole.as_str());
        }
        for hole in WORDS.iter().flat_map(|pattern| pattern.find_iter(line)) {
            let template = line.contains("mktemp") && hole.as_str().chars().all(|c| c == 'X');
            if !template {
                say(hole.as_str());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn holes_are_found() {
        for hole in [
            "psql < {backup_file}",
            "cd {{ folder }}",
            "pg_restore -d <database> dump",
            "curl https://<your host>/x",
            "# TODO: fill",
            "when: TBD",
            "token=YOUR_TOKEN",
            "port xxx",
            "from [YYYY-MM-DD] on",
            "Hi [User],",
            "key=CHANGE_ME",
        ] {
            assert_eq!(placeholders(hole).len(), 1, "{hole}");
        }
        assert_eq!(placeholders("fine\nset {a_b} and {c_d}").iter().map(|hole| hole.line).collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn what_a_language_means_so_is_no_hole() {
        for fine in [
            "echo \"${NAME:?set it} ${OTHER}\"",
            "curl -w '%{http_code}' \"$URL\"",
            "awk '{print $1}' file",
            "docker ps --format '{{.Names}}'",
            "where a<b and c>d",
            "cat <in >out",
            "mktemp /tmp/segue.XXXXXX",
            "- [ ] a task, - [x] done, [a link](https://example.org)",
            "GET /orders/{id}",
            "sum by (code) (rate(up{job=\"x\"}[5m]))",
            "{ echo a; }",
            "<title>text</title>",
            "[ -n \"$X\" ]",
            "cat <<EOF",
        ] {
            assert_eq!(placeholders(fine), [], "{fine}");
        }
    }
}
