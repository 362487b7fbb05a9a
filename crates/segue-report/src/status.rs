//! A run's status: where it is, what it waits for, whether it can go back, what each side connects with.
//!
//! A pure function of its view. Tests: `tests/it/status.rs`.

use segue_model::units::counted;
use serde_json::{Value, json};

use crate::text::{Page, Style, cell, columns, count, short};
use crate::time::rfc3339;
use crate::view::{BackView, PhaseState, PhaseView, RunState, StatusView, VersionView, WaitingView};

/// The status in plain words, folded at `width` columns.
pub fn status_text(view: &StatusView, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    page.line(0, 2, &[cell(format!("run {}", view.run)).style(Style::Bold), cell(format!("plan {}", short(&view.plan)))]);
    let (sentence, style) = state(view);
    page.line(2, 4, &[cell(sentence).style(style)]);
    for waiting in &view.waiting_for {
        page.line(4, 6, &[cell(asked(waiting)).style(Style::Warn)]);
        if let Some(command) = &waiting.command {
            page.line(6, 8, &[cell(format!("Next: {command}"))]);
        }
    }
    let wide = view.phases.iter().map(|phase| columns(&phase.name)).max().unwrap_or(0) + 2;
    view.phases.iter().for_each(|phase| phase_line(&mut page, phase, wide));
    let (back, style) = back(&view.back);
    page.line(2, 4, &[cell("Can we go back?").style(Style::Bold), cell(back).style(style)]);
    if let Some(command) = &view.back.command {
        page.line(4, 6, &[cell(format!("Next: {command}"))]);
    }
    if let Some(versions) = &view.versions {
        version_line(&mut page, "old", &versions.old);
        version_line(&mut page, "new", &versions.new);
    }
    if let Some(lease) = &view.lease {
        let held = format!("Executor {}, epoch {}, lease until {}", lease.holder, lease.epoch, rfc3339(lease.expires_at_ms));
        page.line(2, 4, &[cell(held).style(Style::Dim)]);
    }
    page.finish()
}

/// What is waited for, in words: not everything is a value with a threshold.
fn asked(waiting: &WaitingView) -> String {
    let WaitingView { gate, value, threshold, .. } = waiting;
    match (gate.as_str(), threshold.as_str()) {
        ("executor", "started") => "nobody runs it now".to_owned(),
        ("pause", "resumed") => value.clone(),
        (_, "done" | "a person") => format!("{gate}: {value}"),
        _ => format!("{gate}: it is {value}, it must be {threshold}"),
    }
}

fn state(view: &StatusView) -> (String, Style) {
    let place = if view.phase.is_empty() { String::new() } else { format!(" in `{}`", view.phase) };
    match view.state {
        RunState::Running => (format!("Running{place}."), Style::Good),
        RunState::Waiting => (format!("Waiting{place}: nothing is wrong."), Style::Warn),
        RunState::Paused => (format!("Paused{place}: `segue resume` goes on."), Style::Warn),
        RunState::Done if view.left_aside > 0 => (format!("Over, and {}.", left_aside(view.left_aside)), Style::Warn),
        RunState::Done => ("Done: everything was applied.".to_owned(), Style::Good),
        RunState::RolledBack => ("Rolled back: everything was undone.".to_owned(), Style::Good),
        RunState::Stuck => (format!("STUCK{place}: an undo failed, a person is needed."), Style::Bad),
        RunState::Failed => (format!("Failed{place}: the state is saved, and it is safe to run again."), Style::Bad),
    }
}

/// `2 rows were left as they are`: what a repair says of rows that somebody changed or the database did not take.
pub fn left_aside(rows: u64) -> String {
    format!("{} {}", counted(rows, "row"), if rows == 1 { "was left as it is" } else { "were left as they are" })
}

fn phase_line(page: &mut Page, phase: &PhaseView, wide: usize) {
    let (symbol, word, style) = match phase.state {
        PhaseState::Pending => (".", "to come", Style::Dim),
        PhaseState::Running => (">", "running", Style::Plain),
        PhaseState::Waiting => ("?", "waiting", Style::Warn),
        PhaseState::Done => ("*", "done", Style::Good),
        PhaseState::Undone => ("<", "undone", Style::Plain),
    };
    let name = cell(format!("{symbol} {}", phase.name)).style(style).pad(wide);
    page.line(2, 4, &[name, cell(word).pad(7), cell(format!("{} of {}", phase.steps_done, count(phase.steps, "step")))]);
}

fn back(back: &BackView) -> (String, Style) {
    let time = back.seconds.map_or_else(String::new, |seconds| format!(", about {seconds} s"));
    match (back.possible, back.rows_lost) {
        (false, _) => ("no".to_owned(), Style::Bad),
        (true, Some(0)) => (format!("yes, 0 rows lost{time}"), Style::Good),
        (true, Some(rows)) => (format!("yes, with {} lost{time}", counted(rows, "row")), Style::Warn),
        (true, None) => (format!("yes; what it would lose was not looked at{time}"), Style::Warn),
    }
}

fn version_line(page: &mut Page, side: &str, version: &VersionView) {
    let ready = if version.ready { ("ready", Style::Good) } else { ("not ready yet", Style::Warn) };
    page.line(2, 4, &[cell(format!("{side} version")), cell(format!("search_path {}", version.search_path)), cell(ready.0).style(ready.1)]);
}

/// The status document of `docs/formats.md`.
pub fn status_json(view: &StatusView, segue_version: &str) -> Value {
    let lease =
        view.lease.as_ref().map(|lease| json!({"holder": lease.holder, "epoch": lease.epoch, "expires_at": rfc3339(lease.expires_at_ms)}));
    let mut document = json!({
        "format_version": 1,
        "segue": segue_version,
        "run": view.run,
        "plan": view.plan,
        "phase": view.phase,
        "state": view.state,
        "waiting_for": view.waiting_for,
        "phases": view.phases,
        "back": view.back,
        "lease": lease,
        "versions": view.versions,
    });
    if view.left_aside > 0 {
        document["left_aside"] = json!(view.left_aside);
    }
    document
}
