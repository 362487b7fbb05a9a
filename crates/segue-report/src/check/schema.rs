//! The JSON Schema of the check's document, as `segue schema check` prints it.
//!
//! Every document that Segue writes is valid by it, and has no key that it does not name. Tests: `tests/it/check_schema.rs`.

use serde_json::{Value, json};

/// The schema.
pub fn schema() -> Value {
    let text = |about: &str| json!({"type": "string", "description": about});
    let verdict = json!({"enum": ["compatible", "breaking", "undecided"]});
    let whole = json!({"type": "integer", "minimum": 0});
    let strings = json!({"type": "array", "items": {"type": "string"}});
    let or_null = |schema: &Value| json!({"anyOf": [schema, {"type": "null"}]});
    let suppressed = object(
        &["finding", "by", "reason", "until"],
        json!({
            "finding": {"$ref": "#/$defs/finding"},
            "by": text("`segue-ignore.yaml`, the comment in the file, or `baseline`."),
            "reason": text("The reason that was given."),
            "until": or_null(&json!({"type": "string", "format": "date"})),
        }),
    );
    let step = object(
        &["id", "phase", "what", "by"],
        json!({
            "id": text("Stable."), "phase": text("`expand`, `shift`, `contract`; `announce`, `soft`, `hard`, `remove` for APIs."),
            "what": text("In words."), "by": {"enum": ["run", "command", "manual"]}, "change": {"description": "As segue.yaml says it."},
            "command": text("A command or statement."), "finding": text("The finding that asks for it."),
        }),
    );
    let mut schema = object(
        &["format_version", "segue", "kind", "verdict", "deploy", "rollback", "policy", "findings", "steps", "suppressed", "not_checked"],
        json!({
            "format_version": {"const": 1}, "segue": text("The version of Segue."), "kind": text("`openapi`, `sql`, …"),
            "verdict": verdict, "deploy": verdict, "rollback": verdict,
            "undecided": {"type": "boolean", "description": "Something beyond the findings could not be decided."},
            "policy": text("Its name."),
            "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
            "steps": {"type": "array", "items": step},
            "suppressed": {"type": "array", "items": suppressed},
            "not_checked": strings,
        }),
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("segue check");
    schema["$defs"] = json!({"finding": finding(&text, &whole, &or_null)});
    schema
}

fn finding(text: &impl Fn(&str) -> Value, whole: &Value, or_null: &impl Fn(&Value) -> Value) -> Value {
    let side = json!({"enum": ["old", "new"]});
    let place = object(
        &["side", "file", "line", "column"],
        json!({
            "side": side, "file": text("As it was named."), "line": whole, "column": whole, "end_line": whole, "end_column": whole,
        }),
    );
    let reach = object(&["count", "examples"], json!({"count": whole, "examples": {"type": "array", "items": {"type": "string"}}}));
    let witness = object(&["accepted_by", "value"], json!({"accepted_by": side, "value": {"description": "A value that proves it."}}));
    let lock = object(&["object", "mode"], json!({"object": text("The table or index."), "mode": text("As the server names it.")}));
    object(
        &["rule", "id", "severity", "breaks", "object", "at", "message", "why", "fix", "reach", "witness"],
        json!({
            "rule": text("The rule's name."), "id": text("A fingerprint that does not move when lines do."),
            "severity": {"enum": ["critical", "high", "medium", "low", "info"]},
            "breaks": {"type": "array", "uniqueItems": true, "items": {"enum": ["deploy", "rollback", "rolling"]}},
            "undecided": {"type": "boolean"}, "object": text("What changed."), "at": or_null(&place), "message": text("One sentence."),
            "why": text("Why it matters."), "fix": text("What to do."), "reach": or_null(&reach), "witness": or_null(&witness),
            "statement": whole, "locks": {"type": "array", "items": lock}, "rewrites": {"type": "boolean"}, "scans": {"type": "boolean"},
            "safe_sql": {"type": "array", "items": {"type": "string"}, "description": "What to write in its place, in order."},
        }),
    )
}

/// Open for keys of later versions: a reader ignores what it does not know.
fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}
