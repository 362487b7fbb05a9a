//! Who watches a run: the event stream (`--events`, NDJSON as `docs/formats.md` says) and the progress line.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use segue_journal::{Observer, Progress};
use segue_model::event::{Entry, Event};
use serde_json::{Value, json};

use super::progress::Line;
use crate::cli::Global;
use crate::failure::Failure;
use crate::show::Show;

/// Writes events and draws progress. A failing event file never stops a run.
pub(crate) struct Watcher {
    run: String,
    stream: Option<Mutex<Box<dyn Write + Send>>>,
    line: Line,
    phase: Mutex<String>,
}

impl Watcher {
    /// Opens the event stream, if one is asked for.
    pub(crate) fn new(global: &Global, show: &Show, run: &str) -> Result<Self, Failure> {
        let stream: Option<Box<dyn Write + Send>> = match &global.events {
            None => None,
            Some(path) if path.as_os_str() == "-" => Some(Box::new(std::io::stdout())),
            Some(path) => Some(Box::new(opened(path)?)),
        };
        Ok(Self { run: run.to_owned(), stream: stream.map(Mutex::new), line: Line::new(show), phase: Mutex::new(String::new()) })
    }

    /// The phase of an event: that of its step or gate, whose ids begin with it, else the one under way.
    fn phase_of(&self, fields: &Value) -> String {
        let id = fields["step"].as_str().or_else(|| fields["gate"].as_str());
        match id.and_then(|id| id.split_once('/')) {
            Some((phase, _)) => phase.to_owned(),
            None => self.phase.lock().map(|phase| phase.clone()).unwrap_or_default(),
        }
    }

    /// The run has ended, for now.
    pub(crate) fn finish(&self) {
        self.line.finish();
    }

    fn write(&self, value: &Value) {
        if let Some(stream) = &self.stream
            && let Ok(mut stream) = stream.lock()
        {
            // One write a line: a JSON value shown straight into a file is a call for each token, and a kill tears it.
            let line = format!("{value}\n");
            let _ = stream.write_all(line.as_bytes()).and_then(|()| stream.flush());
        }
    }
}

fn opened(path: &Path) -> Result<File, Failure> {
    OpenOptions::new().create(true).append(true).open(path).map_err(|error| Failure::of_path(path, &error))
}

/// Refuses a file of events that cannot be written, before a run is begun that nobody would be told of.
pub(crate) fn can_tell(global: &Global) -> Result<(), Failure> {
    match &global.events {
        Some(path) if path.as_os_str() != "-" => opened(path).map(|_| ()),
        _ => Ok(()),
    }
}

impl Observer for Watcher {
    fn event(&self, entry: &Entry) {
        if let Event::PhaseStarted { phase } = &entry.event
            && let Ok(mut current) = self.phase.lock()
        {
            current.clone_from(phase);
        }
        self.line.event(&entry.event);
        if let Some((kind, mut fields)) = public(&entry.event) {
            let phase = self.phase_of(&fields);
            let base = json!({"seq": entry.seq, "at": rfc3339(entry.at_ms), "type": kind, "run": self.run, "phase": phase});
            if let (Some(fields), Value::Object(base)) = (fields.as_object_mut(), base) {
                for (key, value) in base {
                    fields.entry(key).or_insert(value);
                }
            }
            self.write(&fields);
        }
    }

    fn progress(&self, step: &str, progress: &Progress) {
        self.line.progress(step, progress);
        let phase = step.split('/').next().unwrap_or_default();
        self.write(&json!({
            "at": rfc3339(crate::runs::now_ms()), "type": "progress", "run": self.run, "phase": phase, "step": step,
            "rows_done": progress.rows_done, "rows_total": progress.rows_total, "rows_per_s": progress.rows_per_s,
            "eta_s": progress.eta_s, "note": progress.note,
        }));
    }

    fn note(&self, note: &str) {
        self.line.note(note);
    }
}

fn rfc3339(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map_or_else(|_| String::new(), |at| at.to_string())
}

/// The public form of an event; `None` for those that are the journal's own business.
fn public(event: &Event) -> Option<(&'static str, Value)> {
    Some(match event {
        Event::RunStarted { plan, .. } => ("run_started", json!({"plan": plan.digest})),
        Event::PhaseStarted { phase } => ("phase_started", json!({"phase": phase})),
        Event::StepStarted { step, attempt, .. } => ("step_started", json!({"step": step, "attempt": attempt})),
        Event::StepPerformed { step, .. } => ("step_performed", json!({"step": step})),
        Event::StepVerified { step, .. } => ("step_verified", json!({"step": step})),
        Event::GateWaiting { gate, value, threshold } => ("gate_waiting", json!({"gate": gate, "value": value, "threshold": threshold})),
        Event::GatePassed { gate, value, threshold, by } => {
            ("gate_passed", json!({"gate": gate, "value": value, "threshold": threshold, "by": by}))
        }
        Event::UndoStarted { step } => ("undo_started", json!({"step": step})),
        Event::Undone { step } => ("undone", json!({"step": step})),
        Event::Stuck { step, code, message } => ("stuck", json!({"step": step, "code": code, "message": message})),
        Event::RunEnded { outcome } => ("run_ended", json!({"outcome": outcome})),
        _ => return None,
    })
}
