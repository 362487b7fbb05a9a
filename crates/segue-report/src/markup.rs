//! Users' texts in Markdown: the one door through which every document and runbook puts them there.
//!
//! Every text first goes through [`shown`]: after that it has no line break, no control and no invisible character. What
//! would be markup is escaped; only whole `code spans` stay. Tests: below, `tests/it/document_hostile.rs`,
//! `tests/it/runbook_hostile.rs`.

use crate::text::shown;

/// A text as it may begin a line: what would be markup is escaped, and what stands in backticks stays code.
pub(crate) fn inline(text: &str) -> String {
    set(text, true)
}

/// The same inside a line, where nothing can begin a list, a heading or a quotation.
pub(crate) fn within(text: &str) -> String {
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
            // `12. ` begins a list, `0.1.0` does not.
            '.' | ')' => begins && at > 0 && chars[..at].iter().all(char::is_ascii_digit) && after.is_none_or(|next| *next == ' '),
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
pub(crate) fn code(text: &str) -> String {
    let text = shown(text).replace('|', "\\|");
    let fence = "`".repeat(longest(&text, '`') + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Backticks around a block, more than it has in a row.
pub(crate) fn fence(text: &str) -> String {
    "`".repeat((longest(text, '`') + 1).max(3))
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
    fn markdown_keeps_its_place() {
        assert_eq!(inline("until `contract`, *really* <b>"), "until `contract`, \\*really\\* \\<b>");
        assert_eq!(inline("order_items and _x_"), "order_items and \\_x\\_");
        assert_eq!(inline("# head"), "\\# head");
        assert_eq!(inline("12. step"), "12\\. step");
        assert_eq!(inline("0.1.0"), "0.1.0");
        assert_eq!(inline("a ` b"), "a \\` b");
        assert_eq!(inline("a `x|y` | b"), "a `x\\|y` \\| b");
        assert_eq!(inline("a\n# b\u{202e}"), "a\\\\u{a}# b\\\\u{202e}");
        assert_eq!(inline("[x](javascript:y) &lt;"), "\\[x\\](javascript:y) \\&lt;");
        assert_eq!(inline("~40 s"), "\\~40 s");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("a ```` b"), "`````");
        assert_eq!(fence("a"), "```");
    }
}
