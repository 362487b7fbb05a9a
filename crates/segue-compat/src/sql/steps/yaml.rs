//! A whole `segue.yaml` from the steps that Segue can run. Tests: `tests/it/sql/steps.rs`, which reads it back.

use segue_model::check::CheckStep;
use serde_json::Value;

/// A spec of one system. `system` is `postgres`, whose URL stands in the environment variable `url_env`, or `sqlite`, where
/// `url_env` is the path of the file; steps
/// that a person must do stand in it as comments. Without a step that Segue runs the list of changes is empty, which no
/// reader takes: ask before (`steps.iter().any(|step| step.change.is_some())`).
pub fn spec_yaml(steps: &[CheckStep], system: &str, url_env: &str) -> String {
    let mut out = String::from("segue: 1\nid: CHECK-001\nname: from-segue-check\n");
    let place = if system == "sqlite" { format!("path: {}", Value::from(url_env)) } else { format!("url: env:{url_env}") };
    out.push_str(&format!("systems:\n  db: {{{system}: {{{place}}}}}\nschema:\n  in: db\n  changes:\n"));
    for step in steps {
        match &step.change {
            Some(change) => out.push_str(&format!("    - {}\n", tagged(change))),
            None => out.push_str(&format!("    # {} ({}): {}\n", step.phase, step.by, line(&step.what))),
        }
        if let (None, Some(command)) = (&step.change, &step.command) {
            out.push_str(&format!("    #   {}\n", line(command)));
        }
    }
    out
}

/// On one line, so that a comment stays one.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}') { ' ' } else { c }).collect()
}

/// `rename_column: {table: "users", …}`: the outermost key in block style, the rest as JSON, which YAML reads.
fn tagged(change: &Value) -> String {
    let Some((name, body)) = change.as_object().and_then(|map| map.iter().next()) else { return "null".to_owned() };
    let Some(body) = body.as_object() else { return format!("{name}: {}", scalar(body)) };
    let parts: Vec<String> = body
        .iter()
        .map(|(key, value)| {
            if key == "columns" && name == "create_table" {
                format!("columns: {}", columns(value))
            } else {
                format!("{key}: {}", scalar(value))
            }
        })
        .collect();
    format!("{name}: {{{}}}", parts.join(", "))
}

/// Pairs in the table's order become a mapping in that order.
fn columns(value: &Value) -> String {
    let pairs = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let shown = pairs.iter().filter_map(|pair| {
        let (name, body) = (pair.get(0)?, pair.get(1)?);
        Some(format!("{}: {}", scalar(name), scalar(body)))
    });
    format!("{{{}}}", shown.collect::<Vec<_>>().join(", "))
}

/// JSON with a space behind each colon and comma outside texts, as YAML wants it.
fn scalar(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let parts: Vec<String> =
                map.iter().map(|(key, value)| format!("{}: {}", scalar(&Value::String(key.clone())), scalar(value))).collect();
            format!("{{{}}}", parts.join(", "))
        }
        other => other.to_string(),
    }
}
