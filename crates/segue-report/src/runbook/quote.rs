//! Users' texts into Markdown, shell and SQL comments, so that none of them leaves its place.
//!
//! Every text first goes through [`shown`]: after that it has no line break, no control and no invisible character.
//! Tests: below, and `tests/it/runbook_hostile.rs`.

use std::fmt::Write as _;

use crate::text::shown;

/// A text as it stands in a line of Markdown: nothing in it is markup but whole `code spans`.
pub(crate) fn markdown(text: &str) -> String {
    let text = shown(text.trim());
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|code| !code.trim().is_empty());
    let mut out = String::with_capacity(text.len() + 8);
    if paired {
        for (at, part) in parts.iter().enumerate() {
            if at % 2 == 1 {
                let _ = write!(out, "`{}`", part.replace('|', "\\|"));
            } else {
                prose(&mut out, part, at == 0);
            }
        }
    } else {
        prose(&mut out, &text, true);
    }
    out
}

fn prose(out: &mut String, text: &str, opens: bool) {
    let chars: Vec<char> = text.chars().collect();
    let word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    for (at, c) in chars.iter().enumerate() {
        let escape = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' => true,
            '_' => !(word(at.checked_sub(1)) && word(Some(at + 1))),
            '&' => chars.get(at + 1).is_some_and(|next| next.is_alphanumeric() || *next == '#'),
            '#' | '-' | '+' | '=' | '>' | '~' => opens && at == 0 && *c != '~' || *c == '~' && chars.get(at + 1) == Some(&'~'),
            '.' | ')' => opens && digits > 0 && at == digits && chars.get(at + 1).is_none_or(|next| *next == ' '),
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(*c);
    }
}

/// A text that begins a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A text as a code span.
pub(crate) fn code(text: &str) -> String {
    let text = shown(text).replace('|', "\\|");
    let ticks = "`".repeat(longest_run(&text) + 1);
    if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        format!("{ticks} {text} {ticks}")
    } else {
        format!("{ticks}{text}{ticks}")
    }
}

/// Backticks around a block, more than it has in a row.
pub(crate) fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// An id as it stands behind `segue:step=` of a fence: everything but letters, digits and `/_.~-` as `%2A`.
pub(crate) fn info(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"/_.~-".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// One word of a shell.
pub(crate) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// A text behind `# ` or `-- `: one line, always.
pub(crate) fn comment(text: &str) -> String {
    shown(text.trim())
}

/// Whether a command can be shown as it is: line breaks and tabs are all it has beside visible characters.
pub(crate) fn is_visible(text: &str) -> bool {
    text.split(['\n', '\t']).all(|part| shown(part) == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_keeps_its_place() {
        assert_eq!(markdown("until `contract`, *really* <b>"), "until `contract`, \\*really\\* \\<b>");
        assert_eq!(markdown("order_items and _x_"), "order_items and \\_x\\_");
        assert_eq!(markdown("# head"), "\\# head");
        assert_eq!(markdown("12. step"), "12\\. step");
        assert_eq!(markdown("0.1.0"), "0.1.0");
        assert_eq!(markdown("a ` b"), "a \\` b");
        assert_eq!(markdown("a `x|y` | b"), "a `x\\|y` \\| b");
        assert_eq!(markdown("a\n# b\u{202e}"), "a\\\\u{a}# b\\\\u{202e}");
        assert_eq!(markdown("[x](javascript:y) &lt;"), "\\[x\\](javascript:y) \\&lt;");
        assert_eq!(markdown("~40 s"), "~40 s");
    }

    #[test]
    fn code_fences_and_info_keep_their_place() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fence("a ```` b"), "`````");
        assert_eq!(fence("a"), "```");
        assert_eq!(info("copy/or ders`\n"), "copy/or%20ders%60%0A");
    }

    #[test]
    fn shell_words_keep_their_place() {
        assert_eq!(shell("shift"), "shift");
        assert_eq!(shell("a'; rm -rf ~ #"), "'a'\\''; rm -rf ~ #'");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("$(x)"), "'$(x)'");
        assert!(is_visible("a\n\tb"));
        assert!(!is_visible("a\u{202e}b") && !is_visible("a\rb") && !is_visible("a\u{1b}[2J"));
    }
}
