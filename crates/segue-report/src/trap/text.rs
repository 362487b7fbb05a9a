//! A text to look for traps in: comments blanked, lines kept, and patterns that say on which line they match.
//!
//! Blanking keeps every line break, so that places stay right. A string's content stays: SQL stands in strings of other
//! languages. Tests: below and in `rule/`.

use std::sync::LazyLock;

use regex::Regex;

use super::Language;

/// A pattern that is compiled once.
pub(super) type Pattern = LazyLock<Option<Regex>>;

/// Compiles a pattern: upper or lower case, `.` matches line breaks. Tests hold that each of ours compiles.
pub(super) fn pattern(source: &str) -> Option<Regex> {
    Regex::new(&format!("(?is){source}")).ok()
}

/// A text with its comments blanked.
pub(super) struct Text<'t> {
    /// The text without comments; as long in lines as the original.
    pub(super) code: String,
    /// The text as it was written.
    pub(super) raw: &'t str,
    /// What it is written in.
    pub(super) language: Language,
}

impl<'t> Text<'t> {
    pub(super) fn new(raw: &'t str, language: Language) -> Self {
        let code = match language {
            Language::Sql => blank(raw, &["--"], true),
            Language::Shell | Language::Python => blank(raw, &["#"], false),
            Language::JavaScript => blank(raw, &["//"], true),
            Language::Any => raw.to_owned(),
        };
        Self { code, raw, language }
    }

    /// Whether it may hold this language.
    pub(super) fn may_be(&self, languages: &[Language]) -> bool {
        self.language == Language::Any || languages.contains(&self.language)
    }

    /// The lines on which the pattern matches.
    pub(super) fn lines(&self, pattern: &Pattern) -> Vec<usize> {
        pattern.iter().flat_map(|pattern| pattern.find_iter(&self.code)).map(|found| self.line(found.start())).collect()
    }

    /// Whether the pattern matches anywhere.
    pub(super) fn has(&self, pattern: &Pattern) -> bool {
        pattern.as_ref().is_some_and(|pattern| pattern.is_match(&self.code))
    }

    /// Statements with the place where each begins: what stands between semicolons, and between the fences of prose.
    pub(super) fn statements(&self) -> Vec<(usize, &str)> {
        let mut out = Vec::new();
        let mut begin = 0;
        let mut close = |from: usize, to: usize| {
            let part = &self.code[from..to];
            if !part.trim().is_empty() {
                out.push((from + part.len() - part.trim_start().len(), part.trim()));
            }
        };
        let mut at = 0;
        for line in self.code.split_inclusive('\n') {
            if line.trim_start().starts_with("```") {
                close(begin, at);
                begin = at + line.len();
            } else {
                for (semicolon, _) in line.match_indices(';') {
                    close(begin, at + semicolon);
                    begin = at + semicolon + 1;
                }
            }
            at += line.len();
        }
        close(begin, self.code.len());
        out
    }

    /// The line of a place, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.code.get(..at).map_or(0, |before| before.matches('\n').count()) + 1
    }
}

/// Blanks what stands behind a mark up to its line's end, and `/* … */` where the language has it. A mark inside quotes
/// of one line is none, nor is one that goes on a word (`a#b`, `http://`).
fn blank(raw: &str, marks: &[&str], stars: bool) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut inside = false;
    for line in raw.split_inclusive('\n') {
        let mut quote: Option<char> = None;
        let mut at = 0;
        let mut before = ' ';
        while let Some(c) = line[at..].chars().next() {
            let rest = &line[at..];
            if inside {
                if rest.starts_with("*/") {
                    inside = false;
                    out.push_str("  ");
                    at += 2;
                    continue;
                }
                out.push(if c == '\n' { '\n' } else { ' ' });
            } else if quote.is_none() && stars && rest.starts_with("/*") {
                inside = true;
                out.push(' ');
            } else if quote.is_none() && (before.is_whitespace() || before == ';') && marks.iter().any(|mark| rest.starts_with(mark)) {
                if line.ends_with('\n') {
                    out.push('\n');
                }
                break;
            } else {
                match quote {
                    Some(open) if open == c => quote = None,
                    None if matches!(c, '\'' | '"') => quote = Some(c),
                    _ => {}
                }
                out.push(c);
            }
            before = c;
            at += c.len_utf8();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_lines_stay() {
        let text = Text::new("a -- b\nc /* d\ne */ f\n'-- g' h--i", Language::Sql);
        assert_eq!(text.code, "a \nc     \n     f\n'-- g' h--i");
        assert_eq!(text.code.lines().count(), text.raw.lines().count());
        assert_eq!(Text::new("a # b\nc#d\n'# e'", Language::Python).code, "a \nc#d\n'# e'");
        assert_eq!(Text::new("x // y\n\"http://z\"", Language::JavaScript).code, "x \n\"http://z\"");
    }

    #[test]
    fn statements_know_their_lines() {
        let text = Text::new("select 1;\n\n  select 2;\n", Language::Sql);
        let lines: Vec<(usize, &str)> = text.statements().into_iter().map(|(at, sql)| (text.line(at), sql)).collect();
        assert_eq!(lines, [(1, "select 1"), (3, "select 2")]);
        let prose = Text::new("words; more\n```sql\nselect 3\n```\nwords", Language::Any);
        let lines: Vec<(usize, &str)> = prose.statements().into_iter().map(|(at, sql)| (prose.line(at), sql)).collect();
        assert_eq!(lines, [(1, "words"), (1, "more"), (3, "select 3"), (5, "words")]);
    }
}
