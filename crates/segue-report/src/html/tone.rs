//! What a colour of the page means: a tone is never alone, a symbol and a word stand beside it.
//!
//! Tests: `tests/it/html.rs`.

use segue_model::finding::Severity;
use segue_model::plan::Phase;

use crate::plan::say;

/// A tone, its symbol.
pub(crate) type Tone = (&'static str, &'static str);

/// Of a risk level.
pub(super) fn level(level: &str) -> Tone {
    match level {
        "low" => ("good", "▁"),
        "medium" => ("warn", "▃"),
        "high" => ("bad", "▅"),
        _ => ("dire", "█"),
    }
}

/// Of a finding.
pub(crate) fn severity(severity: Severity) -> (Tone, &'static str) {
    match severity {
        Severity::Info => (("calm", "ℹ"), "info"),
        Severity::Low => (("calm", "▁"), "low"),
        Severity::Medium => (("warn", "▃"), "medium"),
        Severity::High => (("bad", "▅"), "high"),
        Severity::Critical => (("dire", "█"), "critical"),
    }
}

/// Of the way back from a phase, and its words.
pub(super) fn back(phase: &Phase) -> (Tone, &'static str) {
    if say::is_final(phase) {
        (("bad", "✕"), "no way back")
    } else if say::loses(phase) {
        (("warn", "◐"), "back with loss")
    } else {
        (("good", "✓"), "back without loss")
    }
}

/// Of who does a step, and a short word.
pub(super) fn by(by: &str) -> (Tone, &'static str) {
    match by {
        "run" => (("accent", "▶"), "Segue"),
        "command" => (("calm", "❯"), "command"),
        _ => (("calm", "☞"), "person"),
    }
}

/// Of an item of a checklist, and its word.
pub(super) fn item(state: &str) -> (Tone, &'static str) {
    match state {
        "done" => (("good", "☑"), "done"),
        "not-applicable" => (("calm", "⊘"), "not applicable"),
        _ => (("warn", "☐"), "open"),
    }
}
