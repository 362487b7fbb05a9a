//! The verify document of `docs/formats.md`.

use segue_model::verify::{ColumnValues, Example, SeenValue, TableReport, VerifyReport};
use serde_json::{Map, Value, json};

/// The document.
pub fn json(report: &VerifyReport, segue_version: &str) -> Value {
    let tables: Vec<Value> = report.tables.iter().map(table).collect();
    json!({
        "format_version": 1,
        "segue": segue_version,
        "verdict": report.verdict,
        "engine": report.engine,
        "tables": tables,
        "checks": report.checks,
        "moments": report.moments,
        "not_compared": report.not_compared,
    })
}

fn table(table: &TableReport) -> Value {
    let aside: Vec<Value> = table.kept_aside.iter().map(|(key, reason)| json!({"key": object(key), "reason": reason})).collect();
    json!({
        "source": table.source,
        "target": table.target,
        "verdict": table.verdict,
        "engine": table.engine,
        "why": table.why,
        "rows": table.rows,
        "missing_in_target": table.missing_in_target,
        "extra_in_target": table.extra_in_target,
        "changed": table.changed,
        "moving": table.moving,
        "unconverted": table.unconverted,
        "rejected": table.rejected,
        "examples": table.examples.iter().map(example).collect::<Vec<_>>(),
        "kept_aside": aside,
        "not_compared": table.not_compared,
        "notes": table.notes,
        "undecided": table.undecided,
        "duration_ms": table.ms,
    })
}

/// The value of one side.
type Side = fn(&ColumnValues) -> &Option<SeenValue>;

/// `{"key": {"id": 7}, "kind": "changed", "columns": ["total"]}`: in the document, and with `table` a line of `--diff-rows`.
pub fn example(example: &Example) -> Value {
    let mut out = json!({"key": object(&example.key), "kind": example.kind, "columns": example.columns});
    if let Some(hash) = &example.key_hash {
        out["key_hash"] = json!(hash);
    }
    if !example.values.is_empty() {
        let side = |at: Side, part: fn(&SeenValue) -> &String| -> Map<String, Value> {
            example.values.iter().map(|value| (value.0.clone(), json!(at(value).as_ref().map(part)))).collect()
        };
        let sides = |part| json!({"source": side(|value| &value.1, part), "target": side(|value| &value.2, part)});
        out["values"] = sides(|value| &value.text);
        out["kinds"] = sides(|value| &value.kind);
    }
    out
}

fn object(key: &[(String, Value)]) -> Value {
    Value::Object(key.iter().cloned().collect())
}
