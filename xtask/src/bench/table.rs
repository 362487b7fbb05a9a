//! The bench's result as a table for people, and the goals that were missed.

use std::collections::BTreeMap;

use super::rows::{Goal, Row};
use super::sample::Sample;

/// Figures by the row's place and their name.
type Samples = BTreeMap<(usize, String), Sample>;

/// The table: a line a figure, then a line a goal.
pub(crate) fn render(rows: &[&Row], samples: &Samples, runs: usize) -> String {
    let mut out = format!("Medians of {runs} interleaved runs, with the smallest and the largest.\n\n");
    out.push_str("| figure | median | smallest | largest |\n|---|---:|---:|---:|\n");
    for ((index, figure), sample) in samples {
        if let (Some(median), Some((low, high))) = (sample.median(), sample.range()) {
            let name = rows[*index].name;
            let (median, low, high) = (number(median), number(low), number(high));
            out.push_str(&format!("| {name} {figure} | {median} | {low} | {high} |\n"));
        }
    }
    out.push_str("\n| goal | reached |\n|---|---|\n");
    for (index, row) in rows.iter().enumerate() {
        for goal in row.goals {
            let judged = judge(index, *goal, samples);
            out.push_str(&format!("| {} {} |\n", row.name, judged.text));
        }
    }
    out
}

/// The goals that do not hold, as lines. What was not measured is told elsewhere.
pub(crate) fn missed(rows: &[&Row], samples: &Samples) -> Vec<String> {
    let mut found = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        for goal in row.goals {
            let judged = judge(index, *goal, samples);
            if judged.good == Some(false) {
                found.push(format!("{} {}", row.name, judged.text));
            }
        }
    }
    found
}

struct Judged {
    text: String,
    /// `None` where it was not measured.
    good: Option<bool>,
}

fn judge(index: usize, goal: Goal, samples: &Samples) -> Judged {
    let median = |figure: &str| samples.get(&(index, figure.to_owned()))?.median();
    let (wanted, value, good) = match goal {
        Goal::AtMost(figure, bound) => {
            let value = median(figure);
            let good = value.map(|v| v <= bound);
            (format!("{figure} ≤ {}", number(bound)), value, good)
        }
        Goal::Ratio(figure, peer, bound) => {
            let value = match (median(figure), median(peer)) {
                (Some(ours), Some(theirs)) if theirs > 0.0 => Some(ours / theirs),
                _ => None,
            };
            let good = value.map(|v| v >= bound);
            (format!("{figure} / {peer} ≥ {}", number(bound)), value, good)
        }
    };
    let reached = value.map_or_else(|| "not measured".to_owned(), number);
    let word = match good {
        Some(true) => " ok",
        Some(false) => " MISSED",
        None => "",
    };
    Judged { text: format!("{wanted} | {reached}{word}"), good }
}

/// Three digits that matter.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::rows::Figures;

    const ROW: Row = Row {
        name: "journal",
        prepare: |_| Ok(()),
        measure: |_| Ok(Figures::new()),
        goals: &[Goal::Ratio("ours", "theirs", 0.8), Goal::AtMost("ms", 20.0)],
    };

    fn samples(figures: &[(&str, &[f64])]) -> Samples {
        let mut found = Samples::new();
        for (name, values) in figures {
            let sample = found.entry((0, (*name).to_owned())).or_default();
            values.iter().for_each(|value| sample.push(*value));
        }
        found
    }

    #[test]
    fn goals_are_judged_by_medians() {
        let good = samples(&[("ours", &[90.0, 10.0, 95.0]), ("theirs", &[100.0]), ("ms", &[5.0])]);
        assert!(missed(&[&ROW], &good).is_empty());
        let text = render(&[&ROW], &good, 3);
        assert!(text.contains("| journal ours | 90.0 | 10.0 | 95.0 |"), "{text}");
        assert!(text.contains("| journal ours / theirs ≥ 0.80 | 0.90 ok |"), "{text}");
        let bad = samples(&[("ours", &[10.0]), ("theirs", &[100.0]), ("ms", &[21.0])]);
        assert_eq!(missed(&[&ROW], &bad).len(), 2);
        assert!(missed(&[&ROW], &samples(&[])).is_empty());
    }
}
