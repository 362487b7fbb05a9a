//! A run's journal, an event a line.
//!
//! Checkpoints hold keys of rows: their data is never shown, here or in JSON. Of outputs and evidence the text shows
//! figures only. Tests: `tests/it/journal.rs`.

use segue_model::event::{Entry, Event};
use serde_json::{Map, Value, json};

use crate::text::{Page, Style, cell, short};
use crate::time::rfc3339;

/// One line an event, oldest first, folded at `width` columns.
pub fn log_text(entries: &[Entry], width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    for entry in entries {
        let (what, style) = told(&entry.event);
        let seq = entry.seq.to_string();
        let indent = 5usize.saturating_sub(seq.len());
        let cells =
            [cell(seq), cell(seconds(entry.at_ms)).style(Style::Dim), cell(kind(&entry.event)).style(style).pad(14), cell(what).flows()];
        page.line(indent, 8, &cells);
    }
    page.finish()
}

/// The moment to the second: the JSON form has the milliseconds.
fn seconds(at_ms: i64) -> String {
    rfc3339(at_ms.div_euclid(1_000) * 1_000).replace(".000Z", "Z")
}

/// The event's `type`, as in the JSON form.
fn kind(event: &Event) -> String {
    let value = serde_json::to_value(event).unwrap_or(Value::Null);
    value.get("type").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// An event in words: its kind, then what it tells.
pub(crate) fn in_words(event: &Event) -> String {
    let (kind, what) = (kind(event).replace('_', " "), told(event).0);
    if what.is_empty() { kind } else { format!("{kind}: {what}") }
}

fn told(event: &Event) -> (String, Style) {
    match event {
        Event::RunStarted { plan, segue, .. } => (format!("{} plan {} by segue {segue}", plan.id, short(&plan.digest)), Style::Bold),
        Event::LeaseTaken { holder, epoch } => (format!("{holder}, epoch {epoch}"), Style::Plain),
        Event::PhaseStarted { phase } | Event::PhaseEnded { phase } => (phase.clone(), Style::Bold),
        Event::StepStarted { step, attempt, .. } if *attempt > 1 => (format!("{step}, attempt {attempt}"), Style::Plain),
        Event::StepStarted { step, .. } | Event::UndoStarted { step } | Event::Undone { step } => (step.clone(), Style::Plain),
        Event::Checkpoint { step, .. } => (step.clone(), Style::Dim),
        Event::StepPerformed { step, output } => (join(step, &figures(output)), Style::Plain),
        Event::StepVerified { step, evidence } => (join(step, &figures(evidence)), Style::Good),
        Event::StepFailed { step, code, message } => (format!("{step}: {code}: {message}"), Style::Bad),
        Event::GateWaiting { gate, value, threshold } => (format!("{gate}: it is {value}, it must be {threshold}"), Style::Warn),
        Event::GatePassed { gate, value, by, .. } => {
            (by.as_ref().map_or_else(|| format!("{gate}: {value}"), |by| format!("{gate}: {value}, by {by}")), Style::Good)
        }
        Event::Approved { what, by, digest } => (format!("{what} by {by}, for plan {}", short(digest)), Style::Good),
        Event::Paused { why } => (why.clone(), Style::Warn),
        Event::Resumed => (String::new(), Style::Plain),
        Event::RollbackStarted { to, loses, .. } => (format!("to {}, loses {loses}", or_beginning(to)), Style::Warn),
        Event::RolledBack { to } => (format!("to {}", or_beginning(to)), Style::Good),
        Event::Stuck { step, code, message } => (format!("{step}: {code}: {message}; a person is needed"), Style::Bad),
        Event::RunEnded { outcome } => {
            (serde_json::to_value(outcome).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(), Style::Bold)
        }
    }
}

fn or_beginning(phase: &str) -> &str {
    if phase.is_empty() { "the beginning" } else { phase }
}

fn join(step: &str, figures: &str) -> String {
    if figures.is_empty() { step.to_owned() } else { format!("{step}: {figures}") }
}

/// Numbers and truths of a step's output, by name.
fn figures(value: &Value) -> String {
    let Value::Object(map) = value else { return String::new() };
    let shown = map.iter().filter(|(_, value)| value.is_number() || value.is_boolean());
    shown.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// The journal as a document; each event as in the event stream of `docs/formats.md`.
pub fn log_json(entries: &[Entry], segue_version: &str) -> Value {
    let mut run_phase = String::new();
    let events: Vec<Value> = entries.iter().map(|entry| event_json(entry, &mut run_phase)).collect();
    json!({"format_version": 1, "segue": segue_version, "events": events})
}

fn event_json(entry: &Entry, phase: &mut String) -> Value {
    let mut map = match serde_json::to_value(&entry.event) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    match &entry.event {
        Event::RunStarted { plan, .. } => {
            map.insert("plan".to_owned(), Value::String(plan.digest.clone()));
        }
        Event::Checkpoint { .. } => {
            map.remove("data");
        }
        Event::PhaseStarted { phase: started } => phase.clone_from(started),
        _ => {}
    }
    if !phase.is_empty() {
        map.entry("phase").or_insert_with(|| Value::String(phase.clone()));
    }
    map.insert("seq".to_owned(), json!(entry.seq));
    map.insert("at".to_owned(), json!(rfc3339(entry.at_ms)));
    map.insert("epoch".to_owned(), json!(entry.epoch));
    Value::Object(map)
}
