//! A retirement for people and scripts: the plan with its days as Markdown, the migration guide, and JSON.
//!
//! Values in it are witnesses that Segue made. Every text passes the door of Markdown. Tests:
//! `tests/it/check_retirement.rs`.

use segue_model::check::retire::{Operation, Retirement};

use super::{pretty, say};
use crate::markup::{code, fence, inline, within};
use crate::text::{Page, Style, cell, count, shown};

/// Operations of a guide, at most.
const OPERATIONS_MAX: usize = 500;

/// The document.
pub fn json(retirement: &Retirement) -> String {
    pretty(retirement)
}

/// The plan: phases with days and exit metrics, headers, notices, what forbids it.
pub fn markdown(retirement: &Retirement) -> String {
    let mut out = format!("# Deprecation plan ({})\n\n", within(&retirement.kind));
    if retirement.operations.is_empty() {
        out.push_str("Nothing that the check found breaks a client of the old side: there is nothing to retire.\n");
        return out;
    }
    out.push_str(&format!(
        "{} from {} to {}, by {}.\n\n",
        count(retirement.operations.len(), "operation"),
        retirement.start,
        retirement.removal,
        within(&retirement.profile_from)
    ));
    out.push_str(&format!(
        "The old form is supported until {}, and at least {} after all traffic has moved ({}).\n\n",
        retirement.support.until,
        count(usize::try_from(retirement.support.weeks_after_all_moved).unwrap_or(0), "week"),
        within(&retirement.support.from)
    ));
    findings(&mut out, retirement);
    phases(&mut out, retirement);
    out.push_str("## Headers\n\nEach answer of an operation that ends has:\n\n");
    let lines: Vec<String> = retirement.headers.iter().map(|header| format!("{}: {}", header.name, header.value)).collect();
    block(&mut out, "http", &lines.join("\n"));
    warnings(&mut out, retirement);
    notices(&mut out, retirement);
    out.push_str("## Not known\n\n");
    for gap in &retirement.not_checked {
        out.push_str(&format!("- {}\n", inline(gap)));
    }
    out.push_str("\n## Migration guide\n\n");
    operations(&mut out, retirement, "###");
    out
}

/// The plan for a terminal: the same without Markdown's marks.
pub fn text(retirement: &Retirement, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let strong = |text: String| cell(text).style(Style::Bold);
    page.line(0, 2, &[strong(format!("Deprecation plan ({})", shown(&retirement.kind)))]);
    if retirement.operations.is_empty() {
        page.line(2, 2, &[cell("Nothing that the check found breaks a client of the old side: there is nothing to retire.")]);
        return page.finish();
    }
    let operations = count(retirement.operations.len(), "operation");
    page.line(
        2,
        2,
        &[cell(format!("{operations} from {} to {}, by {}", retirement.start, retirement.removal, shown(&retirement.profile_from)))],
    );
    let weeks = count(usize::try_from(retirement.support.weeks_after_all_moved).unwrap_or(0), "week");
    let until = format!("supported until {}, and at least {weeks} after all traffic has moved", retirement.support.until);
    page.line(2, 2, &[cell(format!("{until} ({})", shown(&retirement.support.from)))]);
    for finding in &retirement.findings {
        let (symbol, word) = say::severity(finding.severity);
        let head = format!("{symbol} {word}[{}]", finding.rule);
        page.line(
            2,
            6,
            &[cell(head).style(say::style(finding.severity)), cell(format!("{} {}", shown(&finding.message), shown(&finding.fix))).flows()],
        );
    }
    section(&mut page, "Phases");
    for phase in &retirement.phases {
        let days = phase.last.as_ref().map_or_else(|| format!("from {}", phase.first), |last| format!("{} to {last}", phase.first));
        page.line(2, 4, &[strong(shown(&phase.name)), cell(format!("{days}, {}", shown(&phase.weeks))).flows()]);
        for action in &phase.actions {
            page.line(4, 6, &[cell(format!("- {}", shown(action)))]);
        }
        for exit in &phase.exit {
            let what = format!("over when {} {} {}: {}", exit.metric, exit.op, exit.value, shown(&exit.what));
            page.line(4, 6, &[cell(what), cell(format!("({})", shown(&exit.measured_by))).style(Style::Dim).flows()]);
        }
    }
    section(&mut page, "Headers of each answer of an operation that ends");
    for header in &retirement.headers {
        page.line(2, 4, &[cell(format!("{}: {}", header.name, shown(&header.value)))]);
    }
    section(&mut page, "Notices");
    for notice in &retirement.notices {
        let head = format!("{} by {} to {}:", notice.on, shown(&notice.channel), shown(&notice.audience));
        page.line(2, 4, &[cell(head), cell(shown(&notice.text)).flows()]);
    }
    section(&mut page, "What clients change");
    for operation in retirement.operations.iter().take(OPERATIONS_MAX) {
        in_words(&mut page, operation);
    }
    let left = retirement.operations.len().saturating_sub(OPERATIONS_MAX);
    if left > 0 {
        page.line(2, 4, &[cell(format!("and {}: --format json has all", count(left, "more operation")))]);
    }
    section(&mut page, "Not known");
    for gap in &retirement.not_checked {
        page.line(2, 4, &[cell(format!("- {}", shown(gap)))]);
    }
    page.line(0, 2, &[cell("The whole with examples and snippets: --format markdown").style(Style::Dim)]);
    page.finish()
}

fn section(page: &mut Page, title: &str) {
    page.line(0, 0, &[]);
    page.line(0, 2, &[cell(title).style(Style::Bold)]);
}

fn in_words(page: &mut Page, operation: &Operation) {
    let goes = match (&operation.successor, operation.removed) {
        (Some(successor), true) if successor.by == "proposed" => format!("goes; proposed in its place: {}", shown(&successor.name)),
        (Some(successor), true) => format!("goes; in its place: {}", shown(&successor.name)),
        (None, true) => "goes, and nobody has named what takes its place".to_owned(),
        (_, false) => "changes".to_owned(),
    };
    page.line(2, 4, &[cell(shown(&operation.name)).style(Style::Bold), cell(goes).flows()]);
    for header in &operation.headers {
        page.line(4, 6, &[cell(format!("answers with {}: {}", header.name, shown(&header.value)))]);
    }
    for change in &operation.changes {
        let todo = if change.todo.is_empty() { String::new() } else { format!(" {}", shown(&change.todo)) };
        page.line(4, 6, &[cell(format!("- {}.{todo}", shown(change.what.trim_end_matches('.'))))]);
    }
}

fn findings(out: &mut String, retirement: &Retirement) {
    if retirement.findings.is_empty() {
        return;
    }
    out.push_str("## What forbids it as it stands\n\n");
    for finding in &retirement.findings {
        let (symbol, word) = say::severity(finding.severity);
        out.push_str(&format!("- {symbol} {word} {}: {}. {}\n", code(&finding.rule), inline(&finding.message), inline(&finding.fix)));
    }
    out.push('\n');
}

fn phases(out: &mut String, retirement: &Retirement) {
    out.push_str("## Phases\n\n| phase | first day | last day | |\n| --- | --- | --- | --- |\n");
    for phase in &retirement.phases {
        let last = phase.last.as_deref().unwrap_or("–");
        out.push_str(&format!("| {} | {} | {last} | {} |\n", within(&phase.name), phase.first, within(&phase.weeks)));
    }
    out.push('\n');
    for phase in &retirement.phases {
        out.push_str(&format!("### {} ({})\n\n", within(&phase.name), phase.first));
        for action in &phase.actions {
            out.push_str(&format!("- {}\n", inline(action)));
        }
        out.push_str("\nIt is over when:\n\n| metric | threshold | what | how one tells |\n| --- | --- | --- | --- |\n");
        for exit in &phase.exit {
            let threshold = code(&format!("{} {}", exit.op, exit.value));
            out.push_str(&format!("| {} | {threshold} | {} | {} |\n", code(&exit.metric), within(&exit.what), within(&exit.measured_by)));
        }
        out.push('\n');
    }
}

fn notices(out: &mut String, retirement: &Retirement) {
    out.push_str("## Notices\n\n| where | whom | on | at the latest | words | at length |\n| --- | --- | --- | --- | --- | --- |\n");
    for notice in &retirement.notices {
        let draft = notice.draft.as_ref().map_or_else(|| "–".to_owned(), |kind| code(&format!("segue notify --message {kind}")));
        let (channel, audience, text) = (within(&notice.channel), within(&notice.audience), within(&notice.text));
        out.push_str(&format!("| {channel} | {audience} | {} | {} | {text} | {draft} |\n", notice.on, notice.latest));
    }
    out.push('\n');
}

/// The migration guide for clients: each operation with before, after and what to do.
pub fn guide(retirement: &Retirement) -> String {
    let mut out = String::from("# Migration guide\n\n");
    if retirement.operations.is_empty() {
        out.push_str("Nothing changes for clients.\n");
        return out;
    }
    out.push_str(&format!(
        "The old form is deprecated since {} and not answered from {}. The values below are examples that Segue made from both contracts.\n\n",
        retirement.start, retirement.removal
    ));
    operations(&mut out, retirement, "##");
    out
}

fn operations(out: &mut String, retirement: &Retirement, level: &str) {
    for operation in retirement.operations.iter().take(OPERATIONS_MAX) {
        one(out, operation, level);
    }
    let left = retirement.operations.len().saturating_sub(OPERATIONS_MAX);
    if left > 0 {
        out.push_str(&format!("and {}: `--format json` has all.\n", count(left, "more operation")));
    }
}

fn one(out: &mut String, operation: &Operation, level: &str) {
    out.push_str(&format!("{level} {}\n\n", code(&operation.name)));
    if operation.removed {
        out.push_str(&match &operation.successor {
            Some(successor) if successor.by == "proposed" => {
                format!("It goes. Segue proposes {} in its place: {}.\n\n", code(&successor.name), within(&successor.evidence))
            }
            Some(successor) => format!("It goes. Use {} in its place.\n\n", code(&successor.name)),
            None => "It goes, and nobody has named what takes its place.\n\n".to_owned(),
        });
    }
    for header in &operation.headers {
        out.push_str(&format!("Its answers also have {}.\n\n", code(&format!("{}: {}", header.name, header.value))));
    }
    for change in &operation.changes {
        out.push_str(&format!("{}\n\n", inline(&change.what)));
        value(out, "Accepted before, refused after:", change.before.as_ref());
        value(out, "Refused before, accepted after:", change.after.as_ref());
        if !change.todo.is_empty() {
            out.push_str(&format!("What to do: {}\n\n", within(&change.todo)));
        }
    }
}

/// The warnings for those who own the operation.
fn warnings(out: &mut String, retirement: &Retirement) {
    if retirement.operations.iter().all(|operation| operation.warnings.is_empty()) {
        return;
    }
    out.push_str("## Warnings where it is written\n\n");
    for operation in retirement.operations.iter().take(OPERATIONS_MAX) {
        for warning in &operation.warnings {
            out.push_str(&format!("{}, in the {} phase:\n\n", code(&operation.name), within(&warning.phase)));
            let lines: Vec<String> = warning.text.lines().map(crate::text::shown).collect();
            block(out, &warning.language, &lines.join("\n"));
        }
    }
}

fn value(out: &mut String, title: &str, value: Option<&serde_json::Value>) {
    let Some(value) = value else { return };
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let text: Vec<String> = text.lines().take(60).map(crate::text::shown).collect();
    out.push_str(&format!("{title}\n\n"));
    block(out, "json", &text.join("\n"));
}

fn block(out: &mut String, language: &str, text: &str) {
    let fence = fence(text);
    out.push_str(&format!("{fence}{language}\n{text}\n{fence}\n\n"));
}
