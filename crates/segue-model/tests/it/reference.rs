//! `docs/spec.md` says what the tables say. `UPDATE_DOCS=1` writes it anew.

use std::path::PathBuf;

use segue_model::spec;
use serde_json::Value;

const BEGIN: &str = "<!-- keys: printed from the reader's tables by `UPDATE_DOCS=1 cargo nextest run -p segue-model reference` -->\n";
const END: &str = "<!-- end of the keys -->\n";

#[test]
fn the_documentation_agrees_with_the_tables() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/spec.md"));
    let text = std::fs::read_to_string(&path).expect("docs/spec.md");
    let (before, rest) = text.split_once(BEGIN).expect("the first mark");
    let (keys, after) = rest.split_once(END).expect("the second mark");
    let right = format!("\n{}", spec::reference());
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(&path, format!("{before}{BEGIN}{right}{END}{after}")).expect("written");
    } else {
        assert!(keys == right, "docs/spec.md is old: run with UPDATE_DOCS=1");
    }
}

#[test]
fn a_key_that_stands_for_others_is_not_required() {
    let text = spec::reference();
    for key in ["create_table", "drop_index", "framework", "driver"] {
        assert!(!text.contains(&format!("| `{key}` (required)")), "{key}: exactly one of its kind is required");
    }
    assert!(text.contains("| `table` (required)"));
}

#[test]
fn what_is_below_has_a_section_there() {
    let text = spec::reference();
    let mut checked = 0;
    let mut section = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.trim_matches('`').replace("The file", "");
        }
        let mut cells = line.split(" | ");
        let (Some(key), Some(takes)) = (cells.next().and_then(|cell| cell.split('`').nth(1)), cells.next()) else { continue };
        if takes.ends_with(", below") || takes.ends_with("keys below") {
            let path = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
            // The section of a list's item or of a map's entry has more in its name.
            let stands = ["`", ".", "["].iter().any(|end| text.contains(&format!("\n## `{path}{end}")));
            assert!(stands, "`{path}` says below, and has no section");
            checked += 1;
        }
        let elsewhere = takes.split_once("mapping, as `").or_else(|| takes.split_once("keys as `"));
        if let Some(at) = elsewhere.and_then(|(_, rest)| rest.split('`').next()) {
            assert!(text.contains(&format!("## `{at}`")), "`{key}` is as `{at}`, which has no section");
        }
    }
    assert!(checked > 40, "{checked}");
}

/// Every key below a schema.
fn keys(schema: &Value, out: &mut Vec<String>) {
    for (key, value) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        out.push(key.clone());
        keys(value, out);
    }
    for part in ["items", "additionalProperties"] {
        schema.get(part).into_iter().for_each(|inner| keys(inner, out));
    }
    schema.get("anyOf").and_then(Value::as_array).into_iter().flatten().for_each(|inner| keys(inner, out));
}

#[test]
fn every_key_of_the_schema_stands_in_it() {
    let (mut all, text) = (Vec::new(), spec::reference());
    keys(&spec::schema(), &mut all);
    assert!(all.len() > 250, "{}", all.len());
    for key in all {
        assert!(text.contains(&format!("| `{key}` ")), "{key}");
    }
    for line in text.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.replace("\\|", "").matches('|').count(), 4, "{line}");
    }
}
