//! A retirement for people and scripts: the plan with its days as Markdown, the migration guide, and JSON.
//!
//! Values in it are witnesses that Segue made. Every text passes the door of Markdown. Tests:
//! `tests/it/check_retirement.rs`.

use segue_model::check::retire::{Operation, Retirement};

use super::{pretty, say};
use crate::markup::{code, fence, inline, within};
use crate::text::count;

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
