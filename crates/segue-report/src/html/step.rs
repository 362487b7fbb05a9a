//! One step: what, why, who, the exact command, how to tell, and how it is undone.
//!
//! Tests: `tests/it/html.rs`.

use segue_model::plan::{Command, Step};

use super::escape::Html;
use super::tone;
use crate::plan::say;

/// The step, folded.
pub(super) fn write(page: &mut Html, step: &Step) {
    let ((by_tone, by_symbol), by) = tone::by(&step.by);
    page.raw("<details class=\"step\"><summary>").badge(by_tone, by_symbol, by).el("code", "", &step.id).said("span", "what", &step.what);
    match step.reversible.as_str() {
        "no" => page.badge("bad", "✕", "final"),
        "until_contract" => page.badge("good", "✓", "reversible until contract"),
        _ => page.badge("good", "✓", "reversible"),
    };
    page.raw("</summary><div class=\"body\"><dl class=\"facts\">");
    page.fact("Why", &step.why)
        .fact("Lock", &step.lock)
        .fact("Owner", &step.outside.owner)
        .fact("Not by Segue because", &step.outside.because);
    page.fact("Done when", &step.outside.how_to_tell).raw("</dl>");
    if let Some(text) = &step.outside.command {
        command(page, "Run", text);
    }
    if !step.outside.drafts.is_empty() {
        page.el("h4", "", "Drafts of what the code becomes (shown, never applied)");
    }
    for draft in &step.outside.drafts {
        page.raw("<p class=\"small\">")
            .text(&draft.at)
            .raw("</p><pre tabindex=\"0\"><code>")
            .lines(&say::difference(draft))
            .raw("</code></pre>");
    }
    page.raw("<h4>")
        .text(if step.reversible == "no" { "After this" } else { "Undo" })
        .raw("</h4>")
        .para("", &step.undo.what)
        .raw("<dl class=\"facts\">");
    page.fact("Loses", &step.undo.loses);
    page.fact("Takes", step.undo.time.as_ref().map(|time| format!("{} ({})", say::time(time.seconds), time.from)).unwrap_or_default());
    page.fact("Undone when", &step.undo.verify).raw("</dl>");
    if let Some(undo) = &step.undo.command {
        command(page, "Undo by", undo);
    }
    page.raw("</div></details>");
}

fn command(page: &mut Html, word: &str, command: &Command) {
    let dialect = if command.dialect.is_empty() { String::new() } else { format!(", {}", command.dialect) };
    page.el("h4", "", format!("{word} ({}{dialect})", command.language));
    if !command.precondition.is_empty() {
        page.raw("<p class=\"small\">Before: ").text(&command.precondition).raw("</p>");
    }
    // A box that scrolls must be reachable by keyboard.
    page.raw("<pre tabindex=\"0\"><code>").lines(&command.text).raw("</code></pre>");
    if !command.expected.is_empty() {
        page.raw("<p class=\"small\">Expect: ").text(&command.expected).raw("</p>");
    }
}
