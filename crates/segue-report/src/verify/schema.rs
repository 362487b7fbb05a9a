//! The JSON Schema of the comparison's document, as `segue schema verify` prints it.
//!
//! Every document that Segue writes is valid by it, and has no key that it does not name. Tests: `tests/it/verify.rs`.

use serde_json::{Value, json};

/// The schema.
pub fn schema() -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let verdict = json!({"enum": ["equal", "different", "undecided"]});
    let strings = json!({"type": "array", "items": {"type": "string"}});
    let check = object(
        &["name", "kind", "verdict"],
        json!({
            "name": text("Its name."), "kind": text("`count`, `query`, `aggregate`, `catalog`, `performance`, …"), "verdict": verdict,
            "evidence": strings, "not_compared": strings,
        }),
    );
    let mut schema = object(
        &["format_version", "segue", "verdict", "engine", "tables", "checks", "moments", "not_compared"],
        json!({
            "format_version": {"const": 1}, "segue": text("The version of Segue."), "verdict": verdict,
            "engine": text("`sketch`, `merge`, `pushdown`, `sample`, `forms`, or `mixed`; `fingerprint` of one side; `scripts` where only these were written."),
            "tables": {"type": "array", "items": {"$ref": "#/$defs/table"}},
            "checks": {"type": "array", "items": check},
            "moments": strings, "not_compared": strings,
        }),
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("segue verify");
    schema["$defs"] = json!({"table": table(&text, &verdict, &strings), "row": row(&text)});
    schema
}

fn table(text: &impl Fn(&str) -> Value, verdict: &Value, strings: &Value) -> Value {
    let whole = json!({"type": "integer", "minimum": 0});
    let maybe = json!({"type": ["integer", "null"], "minimum": 0});
    let rows = object(&["source", "target"], json!({"source": maybe, "target": maybe}));
    let gap = object(&["column", "reason"], json!({"column": text("Empty for the table as a whole."), "reason": text("One sentence.")}));
    let aside = object(&["key", "reason"], json!({"key": {"type": "object"}, "reason": text("Without any value.")}));
    object(
        &["source", "target", "verdict", "engine", "rows", "missing_in_target", "extra_in_target", "changed", "examples", "not_compared"],
        json!({
            "source": text("Its name at the source."), "target": text("Its name at the target."), "verdict": verdict,
            "engine": text("How it was compared; empty where it was not."), "why": text("Why in that way."), "rows": rows,
            "missing_in_target": whole, "extra_in_target": whole, "changed": whole, "moving": whole, "unconverted": whole, "rejected": whole,
            "examples": {"type": "array", "items": {"$ref": "#/$defs/row"}},
            "kept_aside": {"type": "array", "items": aside},
            "not_compared": {"type": "array", "items": gap}, "notes": strings,
            "undecided": {"type": ["string", "null"], "description": "Why nobody knows."}, "duration_ms": whole,
        }),
    )
}

fn row(text: &impl Fn(&str) -> Value) -> Value {
    let values = json!({"type": "object", "additionalProperties": {"type": ["string", "null"]}});
    object(
        &["key", "kind", "columns"],
        json!({
            "key": {"type": "object", "description": "The key's columns; empty where there is none, or keys are hidden."},
            "key_hash": text("In the place of a key."), "kind": {"enum": ["missing_in_target", "extra_in_target", "changed"]},
            "columns": {"type": "array", "items": {"type": "string"}},
            "values": object(&["source", "target"], json!({"source": values, "target": values})),
            "kinds": object(&["source", "target"], json!({"source": values, "target": values})),
        }),
    )
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}
