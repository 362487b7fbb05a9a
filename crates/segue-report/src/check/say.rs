//! Words and symbols that all forms share: severity, verdict, what breaks, witness, reach.
//!
//! A symbol never stands without its word, and a colour never without both. Tests: below, `tests/it/check.rs`.

use segue_model::check::{Breaks, CheckFinding, CheckReport, Lock, Reach, Side, Verdict, Witness};
use segue_model::finding::Severity;

use crate::html::tone;
use crate::text::{Style, count};

/// The longest witness that is shown, in characters.
const WITNESS_MAX: usize = 240;

/// The worst first.
pub(super) const SEVERITIES: [Severity; 5] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// Symbol and word of a severity.
pub(super) fn severity(severity: Severity) -> (&'static str, &'static str) {
    let ((_, symbol), word) = tone::severity(severity);
    (symbol, word)
}

/// How a severity is coloured on a terminal.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => Style::Bad,
        Severity::Medium => Style::Warn,
        Severity::Low => Style::Plain,
        Severity::Info => Style::Dim,
    }
}

/// Symbol, word, style and tone of a verdict.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str, Style, &'static str) {
    match verdict {
        Verdict::Compatible => ("✓", "compatible", Style::Good, "good"),
        Verdict::Undecided => ("?", "undecided", Style::Warn, "warn"),
        Verdict::Breaking => ("✕", "breaking", Style::Bad, "bad"),
    }
}

/// `deploy, rolling`; in words when it is none of them.
pub(super) fn breaks(finding: &CheckFinding) -> String {
    let words: Vec<&str> = finding.breaks.iter().map(|what| breaks_word(*what)).collect();
    match (words.is_empty(), finding.undecided) {
        (false, false) => words.join(", "),
        (false, true) => format!("{}; more could not be decided", words.join(", ")),
        (true, true) => "could not be decided".to_owned(),
        (true, false) => "nothing".to_owned(),
    }
}

pub(super) fn breaks_word(what: Breaks) -> &'static str {
    match what {
        Breaks::Deploy => "deploy",
        Breaks::Rollback => "rollback",
        Breaks::Rolling => "rolling",
    }
}

pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

/// The value that proves a finding, cut, and what it proves.
pub(super) fn witness(witness: &Witness) -> (String, String) {
    let value = witness.value.to_string();
    let cut =
        if value.chars().count() > WITNESS_MAX { format!("{}…", value.chars().take(WITNESS_MAX).collect::<String>()) } else { value };
    let other = if witness.accepted_by == Side::Old { Side::New } else { Side::Old };
    (cut, format!("is accepted by {} and refused by {}", side(witness.accepted_by), side(other)))
}

/// `14 (POST /orders, PUT /orders and 12 more)`.
pub(super) fn reach(reach: &Reach) -> String {
    let more = reach.count.saturating_sub(reach.examples.len());
    match (reach.examples.is_empty(), more) {
        (true, _) => reach.count.to_string(),
        (false, 0) => format!("{} ({})", reach.count, reach.examples.join(", ")),
        (false, more) => format!("{} ({} and {more} more)", reach.count, reach.examples.join(", ")),
    }
}

/// `AccessExclusiveLock on users`.
pub(super) fn locks(locks: &[Lock]) -> String {
    locks.iter().map(|lock| format!("{} on {}", lock.mode, lock.object)).collect::<Vec<_>>().join(", ")
}

/// `2 high, 1 info`; `no findings`.
pub(super) fn counts(findings: &[CheckFinding]) -> String {
    let of = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = SEVERITIES
        .into_iter()
        .filter_map(|one| Some(of(one)).filter(|count| *count > 0).map(|count| format!("{count} {}", severity(one).1)))
        .collect();
    if parts.is_empty() { "no findings".to_owned() } else { format!("{}: {}", count(findings.len(), "finding"), parts.join(", ")) }
}

/// The text with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What the whole comes to, in a sentence.
pub(super) fn answer(report: &CheckReport) -> &'static str {
    match (report.deploy, report.rollback) {
        (Verdict::Compatible, Verdict::Compatible) => "Nothing that was compared breaks, neither way.",
        (Verdict::Compatible, Verdict::Breaking) => "It can be deployed; going back breaks what the new side has written or called.",
        (Verdict::Compatible, Verdict::Undecided) => "It can be deployed; of going back, something could not be decided.",
        (Verdict::Breaking, Verdict::Breaking) => "Deploying it breaks, and so does going back.",
        (Verdict::Breaking, _) => "Deploying it breaks old clients or data.",
        (Verdict::Undecided, Verdict::Breaking) => "Going back breaks; of deploying, something could not be decided.",
        (Verdict::Undecided, _) => "Something could not be decided, and is not called safe.",
    }
}

/// The command that comes next.
pub(super) fn next(report: &CheckReport) -> Option<&'static str> {
    let fixes = report.findings.iter().any(|finding| !finding.safe_sql.is_empty());
    let breaks = report.deploy == Verdict::Breaking;
    match report.kind.as_str() {
        "sql" if fixes => Some("segue check FILE.sql --fix"),
        "sql" | "database" if !report.steps.is_empty() => Some("segue check OLD NEW --spec segue.yaml"),
        "openapi" | "graphql" | "proto" | "asyncapi" | "api" | "python" | "typescript" if breaks => {
            Some("segue check OLD NEW --deprecate-from DATE")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_long_witness_is_cut() {
        let (value, says) = witness(&Witness { accepted_by: Side::New, value: json!("x".repeat(999)) });
        assert_eq!(value.chars().count(), WITNESS_MAX + 1);
        assert_eq!(says, "is accepted by new and refused by old");
    }

    #[test]
    fn reach_is_counted() {
        let of = |count, examples: &[&str]| reach(&Reach { count, examples: examples.iter().map(|one| (*one).to_owned()).collect() });
        assert_eq!((of(3, &["a"]), of(1, &["a"]), of(7, &[])), ("3 (a and 2 more)".to_owned(), "1 (a)".to_owned(), "7".to_owned()));
    }
}
