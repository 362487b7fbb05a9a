//! Checklists with their state, and who is told what, when.
//!
//! Tests: `tests/it/html.rs`.

use segue_model::plan::Plan;
use segue_model::plan::program::{Checklist, Communication};

use super::escape::Html;
use super::{Extra, FULL, tone};
use crate::plan::{dates, say};

/// The checklists.
pub(super) fn checklists(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    page.para("lead", "An item that must be done keeps the gate of its list closed. Segue ticks what it can see by itself.");
    for list in &plan.program.checklists {
        let state = |word: &str| list.items.iter().filter(|item| item.state == word).count() as u64;
        page.raw("<details><summary><b>").text(&list.title).raw("</b> ");
        page.el(
            "span",
            "small",
            format!("{} of {} done", state("done"), say::many(list.items.len() as u64 - state("not-applicable"), "item")),
        );
        page.raw("</summary><div class=\"body\">");
        items(page, list);
        page.raw("</div></details>");
    }
}

fn items(page: &mut Html, list: &Checklist) {
    page.raw("<ul class=\"plain\">");
    for (at, item) in list.items.iter().enumerate() {
        if page.len() > FULL {
            page.el("li", "", format!("and {} more", list.items.len() - at));
            break;
        }
        let ((tone, symbol), words) = tone::item(&item.state);
        page.raw("<li><div class=\"row\">");
        if let Some(minutes) = item.at_min {
            page.el("span", "at", say::offset(minutes));
        }
        page.badge(tone, symbol, words).said("span", "grow", &item.what);
        if item.must {
            page.badge("accent", "◆", "must");
        }
        page.raw("</div>");
        let owner = if item.owner.is_empty() { String::new() } else { format!("{} · ", item.owner) };
        let tell = if item.how_to_tell.is_empty() { String::new() } else { format!("{} · ", item.how_to_tell) };
        page.para("small", format!("{owner}{tell}from {}", item.from)).raw("</li>");
    }
    page.raw("</ul>");
}

/// The second of the schedule that a communication is due at, counted from the start of its phase.
fn due_at(plan: &Plan, message: &Communication) -> u64 {
    let phase = plan.phases.iter().find(|phase| phase.name == message.phase);
    phase.and_then(|phase| phase.project.starts).map_or(0, |starts| starts.p50_s)
}

/// The calendar of messages, first things first.
pub(super) fn comms(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    let mut all: Vec<&Communication> = plan.program.comms.iter().collect();
    all.sort_by_key(|message| {
        (i64::try_from(due_at(plan, message)).unwrap_or(i64::MAX).saturating_add(message.offset_s), &message.audience, &message.what)
    });
    page.para("lead", "Drafts until somebody sends them: `segue notify` writes each text.");
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Due</th><th scope=\"col\">Audience</th><th scope=\"col\">What</th>");
    page.raw("<th scope=\"col\">Again</th><th scope=\"col\">Channel</th><th scope=\"col\">To</th><th scope=\"col\">From</th></tr></thead><tbody>");
    for message in all {
        let when = dates::due(plan, due_at(plan, message), message.offset_s);
        page.raw("<tr><th scope=\"row\">").text(when).raw("<br><span class=\"small\">").text(relative(message)).raw("</span></th>");
        page.cell("Audience", say::words(&message.audience)).cell("What", &message.what).cell("Again", say::every(message.every_s));
        page.cell("Channel", &message.channel).cell("To", &message.to).cell("From", &message.from).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

/// `4 weeks before shift`.
fn relative(message: &Communication) -> String {
    let time = say::time(message.offset_s.unsigned_abs());
    match message.offset_s {
        0 => format!("when {} starts", message.phase),
        1.. => format!("{time} after {} starts", message.phase),
        _ => format!("{time} before {}", message.phase),
    }
}
