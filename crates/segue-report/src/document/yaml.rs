//! The plan as YAML in the form of requirement document 004: `migration`, numbered `phases`, `rollback_triggers`.
//!
//! Every text is written in double quotes, so that no name can become another type, a key or an alias. Tests: below and
//! `tests/it/document.rs`.

use segue_model::plan::{Phase, Plan};
use serde_json::{Map, Value, json};

use super::{phase, reading};
use crate::plan::{dates, say};

/// The YAML document.
pub fn plan_yaml(plan: &Plan) -> String {
    let mut out = String::new();
    for (key, value) in top(plan) {
        write(&mut out, 0, key, &value);
    }
    out
}

fn top(plan: &Plan) -> Vec<(&'static str, Value)> {
    let mut phases = Map::new();
    let wide = plan.phases.len().to_string().len();
    for (at, each) in plan.phases.iter().enumerate() {
        // With leading zeros the keys stand in order wherever they are sorted.
        phases.insert(format!("{:0wide$}_{}", at + 1, each.name), one_phase(plan, each));
    }
    let needed: Vec<Value> = plan.program.needed.iter().map(|one| json!({"what": one.what, "spec_key": one.spec_key})).collect();
    let triggers: Vec<String> = plan.program.triggers.iter().map(|one| format!("{} → {}", one.when, one.action)).collect();
    let risks: Vec<Value> = plan
        .program
        .risks
        .iter()
        .map(|one| json!({"id": one.id, "risk": one.what, "rpn": one.rpn, "residual_rpn": one.residual_rpn, "mitigation": one.mitigation}))
        .collect();
    let start = plan.program.start.map_or(Value::Null, |start| json!(dates::iso(start)));
    vec![
        ("migration", json!(if plan.name.is_empty() { &plan.id } else { &plan.name })),
        ("id", json!(plan.id)),
        ("type", json!(say::kinds(plan))),
        ("migration_strategy", json!(plan.pattern.name)),
        ("why", json!(plan.program.why)),
        ("risk", json!(plan.risk)),
        ("downtime", json!(say::downtime_words(plan))),
        ("rollback", json!(say::rollback(plan))),
        ("start", start),
        ("duration", json!(reading::duration(plan))),
        ("phases", Value::Object(phases)),
        ("rollback_triggers", json!(triggers)),
        ("validation", json!(reading::criteria(plan))),
        ("risks", json!(risks)),
        ("needed_before_start", json!(needed)),
        ("not_checked", json!(plan.not_checked)),
        ("segue", json!({"version": plan.segue, "plan": plan.digest})),
    ]
}

fn one_phase(plan: &Plan, each: &Phase) -> Value {
    let mut out = Map::new();
    let mut say_it = |key: &str, value: Value| {
        if !matches!(&value, Value::Array(list) if list.is_empty()) && value != json!("") {
            out.insert(key.to_owned(), value);
        }
    };
    say_it("goal", json!(each.goal));
    say_it("after", json!(each.project.after));
    say_it("owner", json!(each.project.owner));
    say_it("duration", json!(each.project.work.as_ref().map_or_else(|| crate::text::about(each.estimate.seconds), say::spread)));
    say_it("days", json!(reading::days(plan, each)));
    say_it("window", json!(each.project.windows.iter().map(say::window).collect::<Vec<_>>()));
    say_it("delay", json!(each.project.hold.as_ref().map(|hold| say::time(hold.seconds)).unwrap_or_default()));
    say_it("tasks", json!(each.project.tasks.iter().map(|task| &task.what).collect::<Vec<_>>()));
    let steps = phase::shown(each).into_iter().map(|(step, more)| {
        let command = step.outside.command.as_ref().map(|command| &command.text);
        let mut said = json!({"id": step.id, "do": step.what, "by": step.by, "undo": step.undo.what});
        if let Some(command) = command {
            said["command"] = json!(command);
        }
        if more > 0 {
            said["more_like_it"] = json!(more);
        }
        said
    });
    say_it("steps", json!(steps.collect::<Vec<_>>()));
    say_it("gates", json!(say::all_gates(each).map(|(place, gate)| format!("{place}: {}", gate.what)).collect::<Vec<_>>()));
    say_it("deliverables", json!(each.project.deliverables));
    let possible = if say::is_final(each) { "no" } else { "yes" };
    say_it(
        "rollback",
        json!({"possible": possible, "how": say::way_back(each), "seconds": say::seconds_back(each), "loses": say::lost(each)}),
    );
    Value::Object(out)
}

/// One key with its value, in block style.
fn write(out: &mut String, indent: usize, key: &str, value: &Value) {
    out.push_str(&" ".repeat(indent));
    out.push_str(&name(key));
    out.push(':');
    block(out, indent, value);
}

/// What follows a colon or a dash.
fn block(out: &mut String, indent: usize, value: &Value) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            map.iter().for_each(|(key, value)| write(out, indent + 2, key, value));
        }
        Value::Array(list) if !list.is_empty() => {
            out.push('\n');
            for item in list {
                out.push_str(&" ".repeat(indent + 2));
                out.push('-');
                entry(out, indent + 2, item);
            }
        }
        scalar => {
            out.push(' ');
            out.push_str(&plain(scalar));
            out.push('\n');
        }
    }
}

/// What follows a dash: the first key of a map stands on its line.
fn entry(out: &mut String, indent: usize, item: &Value) {
    let Value::Object(map) = item else { return block(out, indent, item) };
    for (at, (key, value)) in map.iter().enumerate() {
        out.push_str(&if at == 0 { " ".to_owned() } else { " ".repeat(indent + 2) });
        out.push_str(&name(key));
        out.push(':');
        block(out, indent + 2, value);
    }
}

/// A key: bare where it cannot be taken for anything else.
fn name(key: &str) -> String {
    let bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && key.contains(|c: char| c.is_ascii_alphabetic());
    let word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&key.to_ascii_lowercase().as_str());
    let number = key.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').starts_with(['e', 'E', 'x', 'X', 'o', 'b'])
        && key.starts_with(|c: char| c.is_ascii_digit());
    if bare && !word && !number { key.to_owned() } else { quoted(key) }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        other => other.to_string(),
    }
}

/// A text in double quotes; what YAML does not print is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other if crate::text::shown(other.encode_utf8(&mut [0; 4])).len() > other.len_utf8() => {
                let number = u32::from(other);
                out.push_str(&if number > 0xffff { format!("\\U{number:08x}") } else { format!("\\u{number:04x}") });
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_another_type() {
        for (text, yaml) in
            [("no", "\"no\""), ("1e3", "\"1e3\""), ("*a", "\"*a\""), ("a: b", "\"a: b\""), ("x\u{202e}\n\"", "\"x\\u202e\\n\\\"\"")]
        {
            assert_eq!(plain(&json!(text)), yaml);
        }
        assert_eq!(
            (name("1_prepare"), name("no"), name("a-b"), name("1_e5")),
            ("1_prepare".to_owned(), "\"no\"".to_owned(), "\"a-b\"".to_owned(), "\"1_e5\"".to_owned())
        );
    }

    #[test]
    fn lists_and_maps_nest() {
        let mut out = String::new();
        write(&mut out, 0, "a", &json!([{"b": 1, "c": ["d", []]}, "e"]));
        assert_eq!(out, "a:\n  - b: 1\n    c:\n      - \"d\"\n      - []\n  - \"e\"\n");
    }
}
