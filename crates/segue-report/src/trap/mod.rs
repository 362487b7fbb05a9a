//! Traps: sixteen ways in which well-meant migrations go wrong, found in what a user writes.
//!
//! One file a trap in `rule/`, each with the snippet it fires on and the right form that it leaves alone. Looks at text
//! only: it never runs it, and a finding never repeats it (it could hold a value or a secret). Tests: beside the rules,
//! below, and `tests/it/runbook_traps.rs` (no export of ours holds one).

mod rule;
mod text;

use segue_model::finding::{Finding, Severity};

use text::Text;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// SQL of any dialect.
    Sql,
    /// A shell.
    Shell,
    /// Python.
    Python,
    /// JavaScript or TypeScript.
    JavaScript,
    /// Prose with snippets of all of them: a runbook in Markdown.
    Any,
}

impl Language {
    /// The language of a file or fence by its ending or name: `sql`, `bash`, `py`, `ts`; [`Language::Any`] else.
    pub fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "sql" | "psql" | "postgres" | "postgresql" | "mysql" | "mariadb" | "sqlite" | "ddl" => Self::Sql,
            "sh" | "bash" | "shell" | "zsh" | "ksh" => Self::Shell,
            "py" | "python" => Self::Python,
            "js" | "ts" | "mjs" | "cjs" | "jsx" | "tsx" | "javascript" | "typescript" => Self::JavaScript,
            _ => Self::Any,
        }
    }
}

/// A trap: its code, what is wrong in one sentence, what to do, and how it is found.
struct Trap {
    code: &'static str,
    severity: Severity,
    message: &'static str,
    fix: &'static str,
    /// Lines, from 1, on which it begins.
    find: fn(&Text<'_>) -> Vec<usize>,
}

/// Every trap in the text. `place` says where the text stands: `runbook.md`, `segue.yaml schema.sql`.
pub fn find(text: &str, language: Language, place: &str) -> Vec<Finding> {
    let text = Text::new(text, language);
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for trap in rule::ALL {
        let mut lines = (trap.find)(&text);
        lines.sort_unstable();
        lines.dedup();
        found.extend(lines.into_iter().map(|line| (line, finding(trap, place, line))));
    }
    found.sort_by(|(a, one), (b, other)| (a, &one.code).cmp(&(b, &other.code)));
    found.into_iter().map(|(_, finding)| finding).collect()
}

fn finding(trap: &Trap, place: &str, line: usize) -> Finding {
    Finding {
        code: trap.code.to_owned(),
        severity: trap.severity,
        object: format!("{place}:{line}"),
        message: trap.message.to_owned(),
        fix: trap.fix.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes that a text gives, each once.
    pub(super) fn codes(text: &str, language: Language) -> Vec<String> {
        let mut out: Vec<String> = find(text, language, "x").into_iter().map(|finding| finding.code).collect();
        out.sort();
        out.dedup();
        out
    }

    /// The trap fires on its snippet, in its language and in prose, and not on the right form.
    pub(super) fn check(code: &str, language: Language, wrong: &[&str], right: &[&str]) {
        for text in wrong {
            for language in [language, Language::Any] {
                assert!(codes(text, language).contains(&code.to_owned()), "{code} is not found as {language:?} in\n{text}");
            }
        }
        for text in right {
            assert_eq!(codes(text, language), Vec::<String>::new(), "in\n{text}");
        }
    }

    #[test]
    fn every_trap_has_one_code_in_order() {
        let codes: Vec<String> = rule::ALL.iter().map(|trap| trap.code.to_owned()).collect();
        let expected: Vec<String> = (1..=16).map(|number| format!("SG-TRAP-{number:03}")).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn a_finding_says_where_and_never_what_stood_there() {
        let text = "-- one\nselect 1;\nSELECT * FROM users ORDER BY id LIMIT 10 OFFSET 20;\nselect 'hunter2';\n";
        let found = find(text, Language::Sql, "a.sql");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code.as_str(), found[0].object.as_str()), ("SG-TRAP-006", "a.sql:3"));
        assert!(!format!("{found:?}").contains("hunter2"));
    }

    #[test]
    fn comments_and_other_languages_are_left_alone() {
        assert_eq!(codes("-- SELECT * FROM a LIMIT 1 OFFSET 2\n/* LIMIT 1 OFFSET 2 */ select 1", Language::Sql), Vec::<String>::new());
        assert_eq!(codes("# bucket = hash(user) % 100\n", Language::Python), Vec::<String>::new());
        assert_eq!(codes("bucket = hash(user) % 100\n", Language::JavaScript), Vec::<String>::new());
        assert_eq!(codes("", Language::Any), Vec::<String>::new());
    }
}
