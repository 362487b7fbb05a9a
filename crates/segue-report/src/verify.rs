//! What a comparison came to, for people and as the document of `docs/formats.md`.
//!
//! Keys may be printed, no other value: the view holds none. Tests: `tests/it/verify.rs`.

use serde_json::{Map, Value, json};

use crate::text::{Page, Style, cell, columns, count};
use crate::view::{TableVerdict, Verdict, VerifyView};

/// The outcome in plain words, folded at `width` columns.
pub fn verify_text(view: &VerifyView, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let (_, word, style) = verdict(view.verdict);
    let rows: u64 = view.tables.iter().map(|table| table.source_rows).sum();
    let sum = format!("{}, {rows} rows, {}", count(view.tables.len(), "table"), count(view.checks.len(), "check"));
    page.line(0, 2, &[cell(format!("Verify: {}", word.to_uppercase())).style(style), cell(sum)]);
    let wide = view.tables.iter().map(|table| columns(&named(table)) + 2).max().unwrap_or(0);
    for table in &view.tables {
        table_lines(&mut page, table, wide.min(40));
    }
    for check in &view.checks {
        let (symbol, word, style) = verdict(check.verdict);
        page.line(2, 4, &[cell(format!("{symbol} check {}", check.name)).style(style), cell(word)]);
    }
    for gap in &view.not_compared {
        page.line(2, 4, &[cell(format!("not compared: {gap}")).style(Style::Dim)]);
    }
    page.finish()
}

fn verdict(verdict: Verdict) -> (&'static str, &'static str, Style) {
    match verdict {
        Verdict::Equal => ("=", "equal", Style::Good),
        Verdict::Different => ("!", "different", Style::Bad),
        Verdict::Undecided => ("?", "undecided", Style::Warn),
    }
}

fn named(table: &TableVerdict) -> String {
    if table.source == table.target { table.source.clone() } else { format!("{} → {}", table.source, table.target) }
}

fn table_lines(page: &mut Page, table: &TableVerdict, wide: usize) {
    let (symbol, word, style) = verdict(table.verdict);
    let mut parts = vec![if table.source_rows == table.target_rows {
        format!("{} rows", table.source_rows)
    } else {
        format!("{} and {} rows", table.source_rows, table.target_rows)
    }];
    for (number, what) in [(table.changed, "differ"), (table.unconverted, "not converted yet"), (table.rejected, "kept aside")] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    page.line(2, 4, &[cell(format!("{symbol} {}", named(table))).style(style).pad(wide), cell(word).pad(9), cell(parts.join(", "))]);
    if !table.examples.is_empty() {
        page.line(4, 6, &[cell(format!("for example {}", table.examples.join("; ")))]);
    }
    for (key, reason) in &table.kept_aside {
        page.line(4, 6, &[cell(format!("kept aside: {key}: {reason}"))]);
    }
    for (column, reason) in &table.not_compared {
        page.line(4, 6, &[cell(format!("not compared: {column}: {reason}")).style(Style::Dim)]);
    }
}

/// The verify document of `docs/formats.md`.
pub fn verify_json(view: &VerifyView, segue_version: &str) -> Value {
    let tables: Vec<Value> = view.tables.iter().map(table_json).collect();
    json!({
        "format_version": 1,
        "segue": segue_version,
        "verdict": view.verdict,
        "engine": view.engine,
        "tables": tables,
        "checks": view.checks,
        "not_compared": view.not_compared,
    })
}

fn table_json(table: &TableVerdict) -> Value {
    let gaps: Vec<Value> = table.not_compared.iter().map(|(column, reason)| json!({"column": column, "reason": reason})).collect();
    let examples: Vec<Value> = table.examples.iter().map(|key| json!({"key": key_json(key), "kind": "changed", "columns": []})).collect();
    let aside: Vec<Value> = table.kept_aside.iter().map(|(key, reason)| json!({"key": key_json(key), "reason": reason})).collect();
    json!({
        "source": table.source,
        "target": table.target,
        "verdict": table.verdict,
        "rows": {"source": table.source_rows, "target": table.target_rows},
        // Both forms stand on one row: neither side can have a row that the other lacks.
        "missing_in_target": table.unconverted + table.rejected,
        "extra_in_target": 0,
        "changed": table.changed,
        "unconverted": table.unconverted,
        "rejected": table.rejected,
        "examples": examples,
        "kept_aside": aside,
        "not_compared": gaps,
    })
}

/// `id=7` as `{"id": 7}`. A key that cannot be told apart stays one text: a name or value may hold anything.
fn key_json(key: &str) -> Value {
    let mut map = Map::new();
    for part in key.split(", ") {
        let Some((name, value)) = part.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return json!({ "text": key });
        };
        let value = value.parse::<i64>().map_or_else(|_| Value::String(value.to_owned()), Value::from);
        if map.insert(name.to_owned(), value).is_some() {
            return json!({ "text": key });
        }
    }
    Value::Object(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_where_they_can_be() {
        assert_eq!(key_json("id=7"), json!({"id": 7}));
        assert_eq!(key_json("a=x, b=-2"), json!({"a": "x", "b": -2}));
        assert_eq!(key_json("name=Smith, John"), json!({"text": "name=Smith, John"}));
        assert_eq!(key_json("a=1, a=2"), json!({"text": "a=1, a=2"}));
    }
}
