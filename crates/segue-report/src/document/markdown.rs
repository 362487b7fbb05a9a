//! Markdown in which a text stays a text: nothing in a name opens a link, a tag, a table cell or a heading.
//!
//! Every text goes through [`inline`] or into a fence that is longer than any in it. Tests: below and
//! `tests/it/document_hostile.rs`.

use crate::text::shown;

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    out: String,
    list: bool,
}

/// A text as it may begin a line: what would be markup is escaped, and what stands in backticks stays code.
pub(super) fn inline(text: &str) -> String {
    set(text, true)
}

/// The same inside a line, where nothing can begin a list, a heading or a quotation.
fn within(text: &str) -> String {
    set(text, false)
}

fn set(text: &str, begins: bool) -> String {
    let text = shown(text);
    let pairs = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    if !pairs {
        return escaped(&text, begins);
    }
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 0 { out.push_str(&escaped(part, begins && at == 0)) } else { out.push_str(&code(part)) }
    }
    out
}

fn escaped(text: &str, begins: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let word = |other: Option<&char>| other.is_some_and(|c| c.is_alphanumeric());
        let apart = |other: Option<&char>| other == Some(&' ');
        let (before, after) = (at.checked_sub(1).and_then(|at| chars.get(at)), chars.get(at + 1));
        let markup = match c {
            '\\' | '`' | '[' | ']' | '|' | '~' | '$' => true,
            '*' => !(apart(before) && apart(after)),
            '<' => !(apart(after) || after == Some(&'=')),
            '_' => !(word(before) && word(after)),
            '&' => word(after) || after == Some(&'#'),
            '#' | '-' | '+' | '=' | '@' | '>' => begins && at == 0,
            '.' | ')' => begins && at > 0 && chars[..at].iter().all(char::is_ascii_digit),
            _ => false,
        };
        if markup {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A name as code, in as many backticks as it needs.
pub(super) fn code(text: &str) -> String {
    let text = shown(text).replace('|', "\\|");
    let fence = "`".repeat(longest(&text, '`') + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The longest row of `c` in a text.
fn longest(text: &str, c: char) -> usize {
    let mut most = 0;
    let mut here = 0;
    for other in text.chars() {
        here = if other == c { here + 1 } else { 0 };
        most = most.max(here);
    }
    most
}

impl Markdown {
    /// A heading.
    pub(super) fn heading(&mut self, level: usize, text: &str) -> &mut Self {
        self.gap();
        self.out.push_str(&format!("{} {}\n\n", "#".repeat(level), inline(text)));
        self
    }

    /// A paragraph, where there is something to say.
    pub(super) fn para(&mut self, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.gap();
            self.out.push_str(&format!("{}\n\n", inline(text)));
        }
        self
    }

    /// `**Term**: text` on a line of its own, where there is something to say.
    pub(super) fn fact(&mut self, term: &str, text: &str) -> &mut Self {
        if text.is_empty() { self } else { self.item(&format!("**{}**: {}", within(term), within(text))) }
    }

    /// `**Term**: text` as a paragraph, where there is something to say.
    pub(super) fn line(&mut self, term: &str, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.gap();
            self.out.push_str(&format!("**{}**: {}\n\n", within(term), within(text)));
        }
        self
    }

    /// A point of a list.
    pub(super) fn bullet(&mut self, text: &str) -> &mut Self {
        self.item(&inline(text))
    }

    /// A point with a box before it.
    pub(super) fn check(&mut self, done: bool, text: &str) -> &mut Self {
        self.item(&format!("[{}] {}", if done { 'x' } else { ' ' }, within(text)))
    }

    fn item(&mut self, line: &str) -> &mut Self {
        self.list = true;
        self.out.push_str(&format!("- {line}\n"));
        self
    }

    /// A table; an empty cell shows a dash.
    pub(super) fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) -> &mut Self {
        self.gap();
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        self.out.push_str(&line(heads.iter().map(|head| within(head)).collect()));
        self.out.push_str(&line(heads.iter().map(|_| "---".to_owned()).collect()));
        for row in rows {
            assert_eq!(row.len(), heads.len(), "a row has as many cells as the table has heads");
            self.out.push_str(&line(row.iter().map(|cell| if cell.is_empty() { "–".to_owned() } else { within(cell) }).collect()));
        }
        self.out.push('\n');
        self
    }

    /// A fence. Line ends stay; everything else invisible is made visible.
    pub(super) fn fence(&mut self, language: &str, text: &str) -> &mut Self {
        self.gap();
        let fence = "`".repeat((longest(text, '`') + 1).max(3));
        let lines: Vec<String> = text.lines().map(|line| shown(&line.replace('\t', "    "))).collect();
        let language: String = language.chars().filter(char::is_ascii_alphanumeric).collect();
        self.out.push_str(&format!("{fence}{language}\n{}\n{fence}\n\n", lines.join("\n")));
        self
    }

    /// Ends a list before something else begins.
    fn gap(&mut self) {
        if std::mem::take(&mut self.list) {
            self.out.push('\n');
        }
    }

    /// The text, with one line end at its end.
    pub(super) fn finish(self) -> String {
        format!("{}\n", self.out.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_a_text() {
        assert_eq!(inline("<script>[x](y) | *b*"), "\\<script>\\[x\\](y) \\| \\*b\\*");
        assert_eq!(inline("# a"), "\\# a");
        assert_eq!((inline("1. a"), within("1.5 * a < b > c")), ("1\\. a".to_owned(), "1.5 * a < b > c".to_owned()));
        assert_eq!(inline("> a"), "\\> a");
        assert_eq!(inline("order_items and _x_"), "order_items and \\_x\\_");
        assert_eq!(inline("a\n# b\u{202e}"), "a\\\\u{a}# b\\\\u{202e}");
        assert_eq!(inline("R&amp;D & more"), "R\\&amp;D & more");
    }

    #[test]
    fn code_stays_code() {
        assert_eq!(inline("until `con<tract`"), "until `con<tract`");
        assert_eq!(inline("a ` b"), "a \\` b", "a lone backtick opens nothing");
        assert_eq!((code("a`b"), code("`"), code("a|b")), ("``a`b``".to_owned(), "`` ` ``".to_owned(), "`a\\|b`".to_owned()));
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut page = Markdown::default();
        page.bullet("x").fence("sh; rm", "echo 1\n```\n\u{1b}[2J");
        assert_eq!(page.finish(), "- x\n\n````shrm\necho 1\n```\n\\u{1b}[2J\n````\n");
    }
}
