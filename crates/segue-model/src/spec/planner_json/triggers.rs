//! Thresholds, requirements and triggers of the document as conditions.
//!
//! Its metrics have other names, and its shares are fractions of 1. Tests: `tests/it/planner_json.rs`.

use super::cursor::Cursor;
use super::finding;
use crate::finding::{Finding, Severity};
use crate::spec::problems::{Problems, brief, code};
use crate::spec::program::{MetricCondition, MetricValue, Trigger};

/// All of them: triggers first, then thresholds, then requirements.
pub(super) fn all(document: &Cursor<'_>, findings: &mut Vec<Finding>, problems: &mut Problems<'_>) -> Vec<Trigger> {
    let mut out = Vec::new();
    for place in document.list("rollback_triggers") {
        let Some(metric) = place.text_of("metric") else { continue };
        let action = place.text_of("action");
        let when = place.get("threshold").and_then(|threshold| condition(&metric, &threshold, problems));
        place.text_of("threshold");
        // Thousandths of a minute.
        let for_ms = place.number_of("duration_minutes", 3).unwrap_or(0).saturating_mul(60);
        if let Some(when) = when {
            out.push(Trigger { when: MetricCondition { for_ms, ..when }, action: act(&place, action.as_deref(), findings) });
        }
    }
    if let Some(thresholds) = document.at(&["monitoring", "alert_thresholds"]) {
        for (metric, threshold) in thresholds.entries() {
            if let Some(when) = condition(metric, &threshold, problems) {
                threshold.text();
                out.push(Trigger { when, action: "warn".to_owned() });
            }
        }
    }
    requirements(document, &mut out, problems);
    out
}

/// What the new side must reach; a run that finds it missed waits for people.
fn requirements(document: &Cursor<'_>, out: &mut Vec<Trigger>, problems: &mut Problems<'_>) {
    let performance = document.get("performance_requirements").and_then(|place| place.get("max_query_response_time_ms"));
    let target = document.at(&["service_details", "new_service", "target_performance", "p95_response_time_ms"]);
    for limit in [performance, target].into_iter().flatten() {
        if let Some(when) = condition("response_time_p95", &limit, problems) {
            limit.text();
            out.push(Trigger { when, action: "pause".to_owned() });
        }
    }
    let special = document.get("constraints").map(|place| place.list("special_requirements")).unwrap_or_default();
    if let Some(place) =
        special.iter().find(|place| place.shown().is_some_and(|text| text.to_lowercase().replace(['-', ' '], "_") == "zero_data_loss"))
    {
        place.text();
        let when =
            MetricCondition { metric: "mismatches".to_owned(), side: None, op: ">".to_owned(), value: MetricValue::Milli(0), for_ms: 0 };
        out.push(Trigger { when, action: "rollback".to_owned() });
    }
}

/// What the script's actions are here.
fn act(place: &Cursor<'_>, action: Option<&str>, findings: &mut Vec<Finding>) -> String {
    match action {
        None | Some("automatic_rollback" | "rollback") => "rollback",
        Some("manual_rollback" | "pause" | "pause_migration") => "pause",
        Some("alert_team" | "alert") => "warn",
        Some(other) => {
            let message = format!("Segue does not do `{}` by itself: it warns, and whoever is told does it", brief(other));
            findings.push(finding(code::ACTION, Severity::Info, format!("`{}.action`", place.path), message, ""));
            "warn"
        }
    }
    .to_owned()
}

/// `None` with a problem where the number is no value of that metric.
fn condition(metric: &str, threshold: &Cursor<'_>, problems: &mut Problems<'_>) -> Option<MetricCondition> {
    let millionths = threshold.millionths()?;
    let below = matches!(metric, "availability" | "success_rate" | "request_rate" | "throughput" | "requests_per_second");
    let mut range = |message: &str| {
        let message = format!("`{}` {message}", brief(&threshold.path));
        problems.add(code::RANGE, &threshold.node.span, message, "write a share of 1, such as `0.05` for 5%");
    };
    let (name, value) = match metric {
        "error_rate" | "availability" | "success_rate" => {
            if millionths > 1_000_000 {
                range("is a share, and more than 1");
                return None;
            }
            // A millionth is a tenth of a thousandth of a per cent.
            let name = if metric == "error_rate" { metric } else { "availability" };
            (name, MetricValue::PercentMilli(millionths.div_ceil(10)))
        }
        "response_time_p50" | "response_time_p95" | "response_time_p99" => {
            (metric.trim_start_matches("response_time_"), MetricValue::Ms(millionths.div_ceil(1_000_000)))
        }
        "p50" | "p95" | "p99" => (metric, MetricValue::Ms(millionths.div_ceil(1_000_000))),
        "request_rate" | "requests_per_second" => ("throughput", MetricValue::Milli(millionths.div_ceil(1_000))),
        _ => (metric, MetricValue::Milli(millionths.div_ceil(1_000))),
    };
    let op = if below { "<" } else { ">" };
    Some(MetricCondition { metric: identifier(name), side: Some("new".to_owned()), op: op.to_owned(), value, for_ms: 0 })
}

/// The name as a condition takes one: a query of that name can measure it.
fn identifier(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { plain } else { format!("_{plain}") }
}
