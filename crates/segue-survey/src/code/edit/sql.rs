//! Statements of MySQL in PostgreSQL's words, one rule at a time; texts inside of them stand as `…`.
//!
//! Nothing inside quotes or comments is ever changed. Tests: `cases.rs`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

static LIMIT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?is)\b(limit)\s+([\w:$]+|\$\{[^}]*\}|%s|\?)\s*,\s*([\w:$]+|\$\{[^}]*\}|%s|\?)").ok());
static IFNULL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bifnull(\s*\()").ok());
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(date_format|str_to_date|unix_timestamp|from_unixtime|find_in_set|date_add|date_sub|curtime|last_insert_id|found_rows|timestampdiff|datediff|convert_tz|inet_aton|uuid_to_bin)\s*\(").ok()
});
static CURDATE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bcurdate\s*\(\s*\)").ok());
static IGNORE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?is)^(insert\s+)ignore\s+(into\b.*)$").ok());

/// Before and after.
pub(super) fn draft(rule: &str, text: &str) -> Option<(String, String)> {
    let before = hidden(text)?;
    let after = match rule {
        "sql.placeholder.question" => numbered(&before),
        "sql.mysql.backticks" => quoted(&before)?,
        // Two question marks change their order: the values that are given must change theirs.
        "sql.mysql.limit-comma" => replaced(&LIMIT, &before, |found| format!("{} {} offset {}", &found[1], &found[3], &found[2]))?,
        "sql.mysql.functions" if !OTHER.as_ref()?.is_match(&before) => {
            let text = IFNULL.as_ref()?.replace_all(&before, "coalesce$1").into_owned();
            CURDATE.as_ref()?.replace_all(&text, "current_date").into_owned()
        }
        "sql.mysql.insert-ignore" => {
            replaced(&IGNORE, &before, |found| format!("{}{} on conflict do nothing", &found[1], found[2].trim_end_matches([';', ' '])))?
        }
        _ => return None,
    };
    Some((before, after))
}

fn replaced(regex: &LazyLock<Option<Regex>>, text: &str, with: impl Fn(&Captures<'_>) -> String) -> Option<String> {
    Some(regex.as_ref()?.replace_all(text, |found: &Captures<'_>| with(found)).into_owned())
}

/// Texts as `…`, and no comment; `None` where a quote has no end.
fn hidden(text: &str) -> Option<String> {
    if text.contains("--") || text.contains("/*") || text.contains('#') || text.contains('\\') {
        return None;
    }
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        if matches!(c, '\'' | '"') {
            let mut held = false;
            loop {
                match chars.next()? {
                    end if end == c => break,
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

/// `?` by its number; none stands in quotes any more.
fn numbered(text: &str) -> String {
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
    out
}

/// Names in backticks in PostgreSQL's quotes.
fn quoted(text: &str) -> Option<String> {
    text.matches('`').count().is_multiple_of(2).then(|| text.replace('`', "\""))
}
