//! Statements of MySQL in PostgreSQL's words, one rule at a time; texts inside of them stand as `…`.
//!
//! Nothing inside quotes or comments is ever changed. Tests: `cases.rs`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::super::Language;

static LIMIT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?is)\b(limit)\s+([\w:$]+|\$\{[^}]*\}|%s|\?)\s*,\s*([\w:$]+|\$\{[^}]*\}|%s|\?)").ok());
static IFNULL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bifnull(\s*\()").ok());
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(date_format|str_to_date|unix_timestamp|from_unixtime|find_in_set|date_add|date_sub|curtime|last_insert_id|found_rows|timestampdiff|datediff|convert_tz|inet_aton|uuid_to_bin)\s*\(").ok()
});
static CURDATE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bcurdate\s*\(\s*\)").ok());
static IGNORE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?is)^(insert\s+)ignore\s+(into\b.*)$").ok());

/// Before and after. Of one statement: where the text holds several, nobody knows which one is meant.
pub(super) fn draft(rule: &str, language: Language, text: &str) -> Option<(String, String)> {
    let before = hidden(text)?;
    if before.trim_end_matches([';', ' ']).contains(';') {
        return None;
    }
    let after = match rule {
        // A limit with a comma has a draft of its own, which numbers them too.
        "sql.placeholder.question" if !LIMIT.as_ref()?.is_match(&before) => numbered(language, &before)?,
        "sql.mysql.backticks" => quoted(&before)?,
        "sql.mysql.limit-comma" => offset(language, &before)?,
        "sql.mysql.functions" if !OTHER.as_ref()?.is_match(&before) => {
            let text = IFNULL.as_ref()?.replace_all(&before, "coalesce$1").into_owned();
            CURDATE.as_ref()?.replace_all(&text, "current_date").into_owned()
        }
        // Two answers to one conflict are none that PostgreSQL takes.
        "sql.mysql.insert-ignore" if !before.to_ascii_lowercase().contains("on duplicate key") => {
            replaced(&IGNORE, &before, |found| format!("{}{} on conflict do nothing", &found[1], found[2].trim_end_matches([';', ' '])))?
        }
        _ => return None,
    };
    Some((before, after))
}

fn replaced(regex: &LazyLock<Option<Regex>>, text: &str, with: impl Fn(&Captures<'_>) -> String) -> Option<String> {
    Some(regex.as_ref()?.replace_all(text, |found: &Captures<'_>| with(found)).into_owned())
}

/// The number of rows before the place to begin at. Values that are given by their place keep it: they get their number first.
fn offset(language: Language, text: &str) -> Option<String> {
    let found = LIMIT.as_ref()?.captures(text)?;
    let by_place = |mark: &str| found[2] == *mark || found[3] == *mark;
    let text = if by_place("?") { numbered(language, text)? } else { text.to_owned() };
    if by_place("%s") {
        return None;
    }
    replaced(&LIMIT, &text, |found| format!("{} {} offset {}", &found[1], &found[3], &found[2]))
}

/// Texts as `…`, and no comment; `None` where a quote has no end, and where a text stands in double quotes: that is a text to
/// MySQL and a name to PostgreSQL.
fn hidden(text: &str) -> Option<String> {
    if text.contains('"') || text.contains("--") || text.contains("/*") || text.contains('#') || text.contains('\\') {
        return None;
    }
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        if c == '\'' {
            let mut held = false;
            loop {
                match chars.next()? {
                    '\'' => break,
                    _ => held = true,
                }
            }
            if held {
                out.push('…');
            }
            out.push(c);
        }
    }
    Some(out)
}

/// `?` by its number; none stands in quotes any more. `None` for languages whose drivers for PostgreSQL keep `?` or have
/// another sign: JDBC, PDO, Python.
fn numbered(language: Language, text: &str) -> Option<String> {
    use Language::{Go, JavaScript, Ruby, Tsx, TypeScript};
    if !matches!(language, JavaScript | TypeScript | Tsx | Go | Ruby) {
        return None;
    }
    let mut number = 0;
    let mut out = String::new();
    for c in text.chars() {
        if c == '?' {
            number += 1;
            out.push_str(&format!("${number}"));
        } else {
            out.push(c);
        }
    }
    Some(out)
}

/// Names in backticks in PostgreSQL's quotes.
fn quoted(text: &str) -> Option<String> {
    text.matches('`').count().is_multiple_of(2).then(|| text.replace('`', "\""))
}
