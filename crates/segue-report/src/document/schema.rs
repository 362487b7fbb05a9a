//! JSON Schemas of the `plan` and `assess` documents, for scripts that read them.
//!
//! Written by hand because the documents add to the types; what a run alone needs (`execution`, a step's `action`) is
//! left open. Fields may be added, so no object is closed. Tests: `tests/it/schema.rs`, which close every object and so
//! see a field that is missing here.

use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of the `plan` document, which `segue plan --format json` prints and `-o plan.segue` writes.
pub fn plan_schema() -> Value {
    let mut schema = object(json!({
        "format_version": {"const": 1}, "segue": text("The version of Segue."), "digest": text("Of everything else in canonical form."),
        "id": text("The spec's id."), "name": text("The spec's name."), "kinds": list(json!({"type": "string"})),
        "pattern": object(json!({"name": text("The pattern."), "why": text("Why it fits."), "not": list(object(json!({"name": text("A pattern."), "why": text("Why not.")})))})),
        "risk": level(), "pause_ms": whole(), "downtime_s": or_null(whole()), "rollback": text("`automated` while every step can be undone."),
        "start": or_null(json!({"type": "string", "format": "date"})), "duration_days": or_null(quantiles("number")), "effort_hours": or_null(quantiles("number")),
        "cost": or_null(object(json!({"p50": number(), "p80": number(), "currency": text("ISO 4217."), "from": text("Which rates.")}))),
        "phases": list(phase()), "risks": list(risk()), "needed_before_start": list(needed()), "checklists": list(checklist()),
        "triggers": list(trigger()), "comms": list(communication()), "findings": list(finding()), "not_checked": list(json!({"type": "string"})),
        "program": open("Everything that a run does not need, as the planner wrote it."), "execution": open("What a run needs; absent where Segue runs no step."),
    }));
    let optional = ["execution", "program"];
    top(&mut schema, "plan", &optional);
    schema
}

fn phase() -> Value {
    let mut schema = object(json!({
        "name": text("Unique in the plan."), "goal": text("What is true when it is over."), "after": list(json!({"type": "string"})),
        "start_day": or_null(number()), "end_day": or_null(number()), "end_days": or_null(quantiles("number")), "risk": level(),
        "owner": or_null(text("A role.")), "user_impact": text("What users notice; `none`."), "deliverables": list(json!({"type": "string"})),
        "estimate": estimate(), "project": open("The phase's project side, as the planner wrote it."),
        "estimate_hours": object(json!({"p5": or_null(number()), "p50": number(), "p95": or_null(number()), "from": text("Where it comes from."), "confidence": text("`measured`, `stated`, `model` or `unknown`.")})),
        "entry": list(gate()), "gates": list(gate()), "steps": list(step()),
        "tasks": list(object(json!({"do": text("What to do."), "owner": text("A role."), "hours": or_null(number()), "from": text("Where the figure comes from.")}))),
        "rollback": object(json!({
            "triggers": list(json!({"type": "string"})), "possible": {"enum": ["yes", "with-loss", "no"]}, "how": text("What is done."),
            "seconds": or_null(whole()), "user_impact": text("What users notice."), "loses": text("`0 rows`."), "verify": text("How it is verified."),
        })),
    }));
    // The confidence is said where an estimate has a spread.
    drop_required(&mut schema["properties"]["estimate_hours"], &["confidence"]);
    drop_required(&mut schema, &["project"]);
    schema
}

fn step() -> Value {
    let command = object(json!({
        "language": {"enum": ["shell", "sql", "config"]}, "dialect": text("Of SQL."), "text": text("Without a placeholder or a secret."),
        "precondition": text("What must be so before."), "expected": text("What it gives when it worked."),
    }));
    let mut undo = object(json!({
        "what": text("What undoing does."), "loses": text("`0 rows`."), "command": or_null(text("The command.")), "seconds": or_null(whole()),
        "verify": text("How to tell that it is undone."), "by_command": command, "time": estimate(), "verified_by": text("The same, where the planner said it."),
    }));
    drop_required(&mut undo, &["by_command", "time", "verified_by"]);
    let mut outside = object(
        json!({"command": or_null(command), "how_to_tell": text("Of `done`."), "owner": text("A role."), "because": text("Why Segue does not do it."),
            "drafts": list(object(json!({"at": text("`src/db.js:12`."), "before": text("As it is."), "after": text("As it would be.")})))}),
    );
    drop_required(&mut outside, &["command", "drafts"]);
    let mut schema = object(json!({
        "id": text("`PHASE/NAME`, unique in the plan."), "kind": text("The step kind."), "version": whole(), "by": {"enum": ["run", "command", "manual"]},
        "what": text("One sentence."), "why": text("One sentence."), "lock": text("The strongest lock on users' tables."), "command": or_null(text("What a person runs.")),
        "how_to_tell": text("How to tell that it is done."), "reversible": {"enum": ["yes", "until_contract", "no"]}, "undo": undo, "outside": outside,
        "action": open("The work of a step by `run`."),
    }));
    drop_required(&mut schema, &["outside", "action"]);
    schema
}

fn gate() -> Value {
    let mut schema = object(json!({
        "id": text("Unique in the plan."), "what": text("What is asked."), "from": text("Where the threshold comes from."), "metric": text("What is measured."),
        "side": or_null(text("`old`, `new`, `source` or `target`.")), "op": {"enum": ["<", "<=", ">", ">=", "=="]}, "value": {"type": ["string", "number", "boolean"]},
        "for_s": whole(), "condition": open("The same, as the planner wrote it."),
    }));
    drop_required(&mut schema, &["side"]);
    schema
}

fn risk() -> Value {
    let ten = || json!({"type": "integer", "minimum": 1, "maximum": 10});
    object(json!({
        "id": text("`R1`, or the team's own."), "category": text("A word."), "what": text("What could happen."), "severity": ten(), "occurrence": ten(), "detection": ten(),
        "rpn": whole(), "residual_rpn": whole(), "level": level(), "mitigation": text("What is done."), "trigger": text("What shows it."), "rollback": text("What is done then."),
        "owner": text("A role."), "evidence": text("What it is computed from."), "reasons": list(json!({"type": "string"})), "phases": list(json!({"type": "string"})),
    }))
}

fn needed() -> Value {
    object(
        json!({"what": text("What is needed."), "spec_key": text("The key of the spec that answers it."), "for_what": list(json!({"type": "string"}))}),
    )
}

fn checklist() -> Value {
    let item = object(json!({
        "id": text("Unique in the plan."), "what": text("What must be so."), "at_min": or_null(json!({"type": "integer"})), "owner": text("A role."), "must": {"type": "boolean"},
        "how_to_tell": text("How to tell."), "state": {"enum": ["open", "done", "not-applicable"]}, "from": text("Where it comes from."),
    }));
    object(json!({"id": text("The list."), "title": text("Its title."), "items": list(item)}))
}

fn trigger() -> Value {
    object(json!({
        "metric": text("What is measured."), "side": or_null(text("`old`, `new`.")), "op": text("A comparison."), "value": text("The right side."), "for_s": whole(),
        "when": text("As in a spec."), "action": {"enum": ["warn", "pause", "rollback"]}, "order": list(json!({"type": "string"})), "phases": list(json!({"type": "string"})),
        "from": text("Where the threshold comes from."), "measured_by": text("What measures it."),
    }))
}

fn communication() -> Value {
    object(json!({
        "audience": text("Who."), "what": text("What is told."), "offset_s": {"type": "integer"}, "phase": text("Relative to its start."), "every_s": whole(),
        "channel": text("Empty where nobody said."), "to": text("Empty where nobody said."), "from": text("Where the lead time comes from."),
    }))
}

fn finding() -> Value {
    object(json!({
        "code": text("`SG-…`, with a page."), "severity": {"enum": ["info", "low", "medium", "high", "critical"]}, "object": text("What it is about."),
        "message": text("What is so."), "fix": text("What to do."),
    }))
}

/// The JSON Schema of the `assess` document.
pub fn assess_schema() -> Value {
    let verdict = || json!({"enum": ["auto", "auto-with-warning", "manual", "blocked"]});
    let table = object(json!({
        "name": text("With the schema where there is one."), "rows": or_null(whole()), "rows_estimated": {"type": "boolean"}, "bytes": or_null(whole()), "index_bytes": or_null(whole()),
        "columns": whole(), "indexes": whole(), "keyed": {"type": "boolean"}, "writes_per_hour": or_null(whole()), "usage": text("`frequent`, `moderate`, `rare`, `unused`."),
    }));
    let system = object(json!({
        "engine": text("`postgres`, `mysql`, …"), "version": text("As the server says it."), "how": text("`live`, `dump`, `schema-json`."), "tables": list(table), "bytes": or_null(whole()),
        "settings": map(json!({"type": "string"})), "counts": map(whole()), "baselines": map(whole()),
    }));
    let mut schema = object(json!({
        "format_version": {"const": 1}, "segue": text("The version of Segue."), "systems": map(system), "verdicts": map(whole()), "effort_min": whole(), "incident_points": whole(),
        "objects": list(object(json!({"system": text("Which."), "kind": text("A word."), "name": text("Its name."), "verdict": verdict(), "rule": text("Which rule."), "reason": text("Why."), "effort_min": whole(), "place": text("Where.")}))),
        "components": list(object(json!({"name": text("Its name."), "ecosystem": text("Where it comes from."), "version": text("As written."), "locked": {"type": "boolean"}, "runtime": {"type": "boolean"}, "place": text("Where."), "end_of_life": or_null(json!({"type": "string", "format": "date"})), "note": text("A sentence.")}))),
        "dependencies": list(object(json!({"from": text("What depends."), "on": text("On what."), "kind": text("A word."), "blocking": {"type": "boolean"}, "why": text("Why."), "place": text("Where.")}))),
        "blocking_dependencies": list(json!({"type": "string"})), "optional_dependencies": list(json!({"type": "string"})),
        "resources": list(object(json!({"address": text("Its address."), "kind": text("Its kind."), "count": whole(), "equivalent": or_null(text("At the target.")), "note": text("What differs."), "place": text("Where."), "refers_to": list(json!({"type": "string"}))}))),
        "incidents": list(incident()),
        "rates": list(object(json!({"what": text("`copy`, …"), "source": text("From."), "target": text("To."), "bytes_per_s": whole(), "rows_per_s": whole(), "sample": text("On what.")}))),
        "findings": list(finding()), "not_checked": list(json!({"type": "string"})),
        "confidence": object(json!({"level": {"enum": ["low", "medium", "high"]}, "because": text("Why.")})),
    }));
    top(&mut schema, "assess", &[]);
    schema
}

fn incident() -> Value {
    let edit = object(
        json!({"to": text("What it is a draft for."), "before": text("As it is; texts stand as `…`."), "after": text("As it would be.")}),
    );
    let mut schema = object(json!({
        "rule": text("Which."), "language": text("Which."), "file": text("Where."), "line": whole(), "what": text("In words."), "points": whole(),
        "of": text("The package or module that is used."), "edits": list(edit),
    }));
    drop_required(&mut schema, &["of", "edits"]);
    schema
}

fn top(schema: &mut Value, name: &str, optional: &[&str]) {
    drop_required(schema, optional);
    schema["$schema"] = json!(DIALECT);
    schema["title"] = json!(format!("segue {name}"));
}

/// An object in which every named field stands.
fn object(properties: Value) -> Value {
    let required: Vec<&String> = properties.as_object().map(Map::keys).into_iter().flatten().collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn drop_required(schema: &mut Value, names: &[&str]) {
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !names.iter().any(|optional| name == optional));
    }
}

fn text(about: &str) -> Value {
    json!({"type": "string", "description": about})
}

fn whole() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn number() -> Value {
    json!({"type": "number", "minimum": 0})
}

fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

fn map(of: Value) -> Value {
    json!({"type": "object", "additionalProperties": of})
}

fn open(about: &str) -> Value {
    json!({"type": "object", "description": about, "additionalProperties": true})
}

fn or_null(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn level() -> Value {
    json!({"enum": ["low", "medium", "high", "critical"]})
}

fn estimate() -> Value {
    object(json!({"seconds": whole(), "from": text("Where it comes from.")}))
}

fn quantiles(kind: &str) -> Value {
    let one = || json!({"type": kind, "minimum": 0});
    object(json!({"p5": one(), "p50": one(), "p80": one(), "p95": one()}))
}
