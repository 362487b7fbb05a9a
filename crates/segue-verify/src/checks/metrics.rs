//! Figures of both sides, each with the direction in which it is worse.
//!
//! One rule for all figures (`new > old * 1.1`) passes a throughput that fell to a tenth and flags one that rose (trap
//! T9): here slower is worse and less throughput is worse. A figure whose direction nobody knows is not compared.
//! Tests: below.

use std::collections::BTreeMap;

use segue_model::spec::program::Tolerance;
use segue_model::verify::CheckReport;
use serde::Deserialize;

use super::digits::rounded;
use super::{Draft, Exact};

/// Which way is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is worse: times, load, errors.
    LowerIsBetter,
    /// Less is worse: throughput, availability.
    HigherIsBetter,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Exact,
    /// Which way is worse; `None`: by its name.
    pub direction: Option<Direction>,
    /// It must not be worse than this, whatever the other side says (an error rate below 0.1).
    pub limit: Option<Exact>,
}

/// Names, without what stands around them, and which way is worse.
const KNOWN: &[(&str, Direction)] = &[
    ("response_time", Direction::LowerIsBetter),
    ("latency", Direction::LowerIsBetter),
    ("duration", Direction::LowerIsBetter),
    ("p50", Direction::LowerIsBetter),
    ("p90", Direction::LowerIsBetter),
    ("p95", Direction::LowerIsBetter),
    ("p99", Direction::LowerIsBetter),
    ("cpu_usage", Direction::LowerIsBetter),
    ("memory_usage", Direction::LowerIsBetter),
    ("disk_usage", Direction::LowerIsBetter),
    ("error_rate", Direction::LowerIsBetter),
    ("errors", Direction::LowerIsBetter),
    ("lag", Direction::LowerIsBetter),
    ("downtime", Direction::LowerIsBetter),
    ("throughput", Direction::HigherIsBetter),
    ("requests_per_second", Direction::HigherIsBetter),
    ("transactions_per_second", Direction::HigherIsBetter),
    ("rps", Direction::HigherIsBetter),
    ("tps", Direction::HigherIsBetter),
    ("availability", Direction::HigherIsBetter),
    ("uptime", Direction::HigherIsBetter),
    ("success_rate", Direction::HigherIsBetter),
    ("cache_hit_rate", Direction::HigherIsBetter),
];

/// Which way a figure of this name is worse: by the whole name, or by its beginning or end (`checkout_p95_ms`).
pub fn direction(name: &str) -> Option<Direction> {
    let name = name.to_lowercase().replace(['-', ' ', '.'], "_");
    let fits = |word: &str| {
        let (before, after) = (format!("{word}_"), format!("_{word}"));
        name == word || name.starts_with(&before) || name.ends_with(&after) || name.contains(&format!("_{word}_"))
    };
    let mut found: Vec<Direction> = KNOWN.iter().filter(|(word, _)| fits(word)).map(|(_, direction)| *direction).collect();
    found.dedup();
    // A name that says both says neither.
    if let [only] = found.as_slice() { Some(*only) } else { None }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    value: serde_json::Number,
    direction: Option<Direction>,
    limit: Option<serde_json::Number>,
    /// For people.
    #[serde(rename = "unit")]
    _unit: Option<String>,
}

/// Reads a file of figures: a list of `{"name", "value", "direction", "limit", "unit"}`, or a map of names to numbers.
pub fn read(json: &[u8]) -> Result<Vec<Metric>, String> {
    let exact = |number: &serde_json::Number| Exact::parse(&number.to_string()).ok_or_else(|| format!("`{number}` is no number of use"));
    let metric = |name: String, value: &serde_json::Number, direction, limit: Option<&serde_json::Number>| {
        Ok::<_, String>(Metric { name, value: exact(value)?, direction, limit: limit.map(exact).transpose()? })
    };
    let text = |error: serde_json::Error| format!("line {}, column {}: {}", error.line(), error.column(), reason(&error));
    let mut metrics = if json.trim_ascii_start().starts_with(b"{") {
        let map: BTreeMap<String, serde_json::Number> = serde_json::from_slice(json).map_err(text)?;
        map.into_iter().map(|(name, value)| metric(name, &value, None, None)).collect::<Result<Vec<_>, _>>()?
    } else {
        let list: Vec<Entry> = serde_json::from_slice(json).map_err(text)?;
        list.into_iter()
            .map(|entry| metric(entry.name, &entry.value, entry.direction, entry.limit.as_ref()))
            .collect::<Result<Vec<_>, _>>()?
    };
    let rounded = rounded(json);
    if rounded > 0 {
        return Err(format!("{rounded} of its numbers have more digits than are compared: a double, or a whole number of 64 bits"));
    }
    metrics.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(twice) = metrics.windows(2).find(|two| two[0].name == two[1].name) {
        return Err(format!("`{}` stands there twice", twice[0].name));
    }
    Ok(metrics)
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

/// Compares the figures of the old side with those of the new one.
pub fn compare(source: &[Metric], target: &[Metric], tolerance: Option<Tolerance>) -> CheckReport {
    let mut draft = Draft::new("metrics", "performance");
    for old in source {
        match target.iter().find(|new| new.name == old.name) {
            Some(new) => one(old, new, tolerance, &mut draft),
            None => draft.unknown(format!("{}: the target has no such figure", old.name)),
        }
    }
    for new in target.iter().filter(|new| !source.iter().any(|old| old.name == new.name)) {
        draft.gap(format!("{}: the source has no such figure", new.name));
        limit(new, &mut draft);
    }
    if source.is_empty() {
        draft.unknown("the source has no figures");
    }
    draft.finish()
}

fn one(old: &Metric, new: &Metric, tolerance: Option<Tolerance>, draft: &mut Draft) {
    let said = old.direction.or(new.direction);
    if let (Some(left), Some(right)) = (old.direction, new.direction)
        && left != right
    {
        draft.unknown(format!("{}: the two files say other directions", old.name));
        return;
    }
    limit(&Metric { limit: new.limit.clone().or_else(|| old.limit.clone()), direction: said, ..new.clone() }, draft);
    let Some(direction) = said.or_else(|| direction(&old.name)) else {
        draft.gap(format!("{}: nobody said whether more or less of it is better; give its direction", old.name));
        return;
    };
    let worse = match direction {
        Direction::LowerIsBetter => new.value > old.value,
        Direction::HigherIsBetter => new.value < old.value,
    };
    let figures = format!("{}: {} at the source, {} at the target", old.name, old.value.show(), new.value.show());
    if !worse {
        draft.say(format!("{figures}: not worse"));
    } else if Exact::within(&old.value, &new.value, tolerance) {
        draft.say(format!("{figures}: worse, within the tolerance"));
    } else {
        let way = if direction == Direction::LowerIsBetter { "more of it is worse" } else { "less of it is worse" };
        draft.differs(format!("{figures}: {way}"));
    }
}

fn limit(metric: &Metric, draft: &mut Draft) {
    let Some(limit) = &metric.limit else { return };
    match metric.direction.or_else(|| direction(&metric.name)) {
        Some(Direction::LowerIsBetter) if metric.value > *limit => {
            draft.differs(format!("{}: {} is above its limit {}", metric.name, metric.value.show(), limit.show()));
        }
        Some(Direction::HigherIsBetter) if metric.value < *limit => {
            draft.differs(format!("{}: {} is below its limit {}", metric.name, metric.value.show(), limit.show()));
        }
        Some(_) => draft.say(format!("{}: {} keeps its limit {}", metric.name, metric.value.show(), limit.show())),
        None => draft.gap(format!("{}: its limit, because nobody said whether more or less of it is better", metric.name)),
    }
}

#[cfg(test)]
mod tests {
    use segue_model::verify::Verdict;

    use super::*;

    fn ten_percent(old: &str, new: &str) -> CheckReport {
        let read = |json: &str| read(json.as_bytes()).expect("figures");
        compare(&read(old), &read(new), Some(Tolerance::PercentMilli(10_000)))
    }

    #[test]
    fn a_figure_that_would_be_rounded_is_refused() {
        let refused = read(br#"{"rows": 12345678901234567890123}"#).expect_err("more than 64 bits");
        assert!(refused.contains("more digits"), "{refused}");
    }

    /// Trap T9: less throughput is worse, more is not.
    #[test]
    fn each_figure_has_its_direction() {
        for (old, new, verdict) in [
            (r#"{"throughput": 1000}"#, r#"{"throughput": 100}"#, Verdict::Different),
            (r#"{"throughput": 1000}"#, r#"{"throughput": 1500}"#, Verdict::Equal),
            (r#"{"throughput": 1000}"#, r#"{"throughput": 900}"#, Verdict::Equal),
            (r#"{"throughput": 1000}"#, r#"{"throughput": 899.9}"#, Verdict::Different),
            (r#"{"response_time": 100}"#, r#"{"response_time": 110}"#, Verdict::Equal),
            (r#"{"response_time": 100}"#, r#"{"response_time": 110.1}"#, Verdict::Different),
            (r#"{"response_time": 100}"#, r#"{"response_time": 1}"#, Verdict::Equal),
            (r#"{"cpu_usage": 50, "memory_usage": 50}"#, r#"{"cpu_usage": 50, "memory_usage": 60}"#, Verdict::Different),
            (r#"{"error_rate": 0}"#, r#"{"error_rate": 0.001}"#, Verdict::Different),
            (r#"{"checkout_p95_ms": 10}"#, r#"{"checkout_p95_ms": 20}"#, Verdict::Different),
        ] {
            let report = ten_percent(old, new);
            assert_eq!(report.verdict, verdict, "{old} {new}: {:?}", report.evidence);
        }
    }

    #[test]
    fn what_nobody_knows_is_said() {
        let report = ten_percent(r#"{"widgets": 1}"#, r#"{"widgets": 9}"#);
        assert_eq!((report.verdict, report.not_compared.len()), (Verdict::Equal, 1));
        let report = ten_percent(r#"[{"name": "widgets", "value": 1, "direction": "lower_is_better"}]"#, r#"{"widgets": 9}"#);
        assert_eq!(report.verdict, Verdict::Different);
        assert_eq!(ten_percent(r#"{"p95": 1}"#, "{}").verdict, Verdict::Undecided);
        assert_eq!(ten_percent("{}", "{}").verdict, Verdict::Undecided);
        assert_eq!(direction("error_rate_of_throughput"), None);
    }

    #[test]
    fn a_limit_holds_whatever_the_source_was() {
        let report = ten_percent(r#"{"error_rate": 5}"#, r#"[{"name": "error_rate", "value": 0.2, "limit": 0.1}]"#);
        assert_eq!(report.verdict, Verdict::Different);
        assert!(report.evidence[0].contains("above its limit 0.1"), "{:?}", report.evidence);
    }

    #[test]
    fn a_file_that_is_none_is_refused() {
        for bad in ["", "[1]", r#"{"a": "1"}"#, r#"[{"name": "a", "value": 1}, {"name": "a", "value": 2}]"#, r#"[{"name": "a"}]"#] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
