//! A run of the plan, where there is one: where it is, its journal, and texts that others made of it.
//!
//! The journal is given and never read here. Holds no row's value, as the journal holds none. Tests: `tests/it/html.rs`.

use segue_model::plan::Plan;

use super::escape::Html;
use super::{Extra, FULL};
use crate::journal::in_words;
use crate::plan::{dates, say};
use crate::view::{PhaseState, RunState};

/// Where the run is.
pub(super) fn now(page: &mut Html, _: &Plan, extra: &Extra<'_>) {
    let Some(status) = extra.status else { return };
    let (tone, symbol, words) = match status.state {
        RunState::Running => ("accent", "▶", "running"),
        RunState::Waiting => ("warn", "◔", "waiting at a gate"),
        RunState::Paused => ("warn", "‖", "paused"),
        RunState::Done => ("good", "✓", "done"),
        RunState::RolledBack => ("warn", "↩", "rolled back"),
        RunState::Stuck => ("dire", "✕", "stuck: a person is needed"),
        RunState::Failed => ("bad", "✕", "failed; safe to run again"),
    };
    page.raw("<p>").badge(tone, symbol, words).raw(" ").text(format!("Run {}", status.run));
    page.text(if status.phase.is_empty() { String::new() } else { format!(", in {}", status.phase) }).raw("</p><ul class=\"plain\">");
    for phase in &status.phases {
        let (tone, symbol, words) = match phase.state {
            PhaseState::Pending => ("calm", "○", "not begun"),
            PhaseState::Running => ("accent", "▶", "running"),
            PhaseState::Waiting => ("warn", "◔", "at a gate"),
            PhaseState::Done => ("good", "✓", "done"),
            PhaseState::Undone => ("warn", "↩", "undone"),
        };
        page.raw("<li class=\"row\">").el("b", "grow", &phase.name).badge(tone, symbol, words);
        page.el("span", "small", format!("{} of {}", phase.steps_done, say::many(phase.steps as u64, "step"))).raw("</li>");
    }
    page.raw("</ul>");
    for gate in &status.waiting_for {
        page.raw("<p>Waits for <code>").text(&gate.gate).raw("</code>: ").text(format!("{} (asked: {})", gate.value, gate.threshold));
        if let Some(command) = &gate.command {
            page.raw(" – <code>").text(command).raw("</code>");
        }
        page.raw("</p>");
    }
}

/// The journal, last first.
pub(super) fn journal(page: &mut Html, _: &Plan, extra: &Extra<'_>) {
    const SHOWN: usize = 500;
    page.para("lead", "Last first. The journal is the only record of a run.").raw("<ol class=\"plain\">");
    for (at, entry) in extra.journal.iter().rev().enumerate() {
        if page.len() > FULL || at >= SHOWN {
            page.el("li", "", format!("and {} before: `segue log`", say::many((extra.journal.len() - at) as u64, "entry")));
            break;
        }
        page.raw("<li class=\"row\">")
            .el("time", "small", dates::moment(entry.at_ms, &extra.zone))
            .el("span", "grow", in_words(&entry.event))
            .raw("</li>");
    }
    page.raw("</ol>");
}

/// Texts of others.
pub(super) fn texts(page: &mut Html, _: &Plan, extra: &Extra<'_>) {
    for (title, text) in extra.texts {
        if page.len() > FULL {
            page.para("small", "One more text is left out: the page is full.");
            return;
        }
        let limit = text.char_indices().nth(100_000).map_or(text.len(), |(at, _)| at);
        page.raw("<details><summary><b>").text(title).raw("</b></summary><div class=\"body\"><pre class=\"words\" tabindex=\"0\">");
        page.lines(&text[..limit]).raw("</pre></div></details>");
    }
}
