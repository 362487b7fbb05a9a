//! Whether something in the spec can measure the metric of each condition, in the unit that it is compared with.
//!
//! Segue itself counts what it moves and asks the databases; what users feel comes from an `http` system; anything
//! else is a query of a `prometheus` system or a check. Tests: `tests/it/conditions.rs`.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{entries, items, of_engine, text};
use crate::spec::condition::{self, Placed};
use crate::spec::keys::DATABASES;
use crate::spec::node::Node;
use crate::spec::problems::{Problems, Span, brief, code, nearest};
use crate::spec::program::MetricValue;
use crate::spec::words::inside;

/// What a metric is counted in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A percentage, or a number of at most 1.
    Share,
    Time,
    Number,
    /// A size or a percentage.
    Space,
}

/// What Segue and the databases measure.
const DATABASE: [(&str, Unit); 4] =
    [("lag", Unit::Time), ("mismatches", Unit::Number), ("rows_rejected", Unit::Number), ("disk_free", Unit::Space)];
/// What an `http` system measures.
const TRAFFIC: [(&str, Unit); 6] = [
    ("error_rate", Unit::Share),
    ("p50", Unit::Time),
    ("p95", Unit::Time),
    ("p99", Unit::Time),
    ("throughput", Unit::Number),
    ("availability", Unit::Share),
];

/// With so many names of the file's own a wrong one is compared: bounds the work on a file of nothing but those.
const COMPARED_MAX: usize = 100;
/// So many wrong names get a suggestion; more problems are not shown anyway.
const SUGGESTED_MAX: usize = 100;

/// Checks every condition of the file whose words are right.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    let known = Known::new(root);
    for item in items(root.get("rollback_when")) {
        known.condition(item.get("when").unwrap_or(item), problems);
    }
    for phase in entries(root.get("phases")) {
        for item in items(phase.value.get("gate")) {
            known.condition(item, problems);
        }
    }
}

/// What the spec can measure.
struct Known<'n> {
    /// Names of queries and checks.
    own: BTreeSet<&'n str>,
    database: bool,
    http: bool,
    suggested: Cell<usize>,
}

impl<'n> Known<'n> {
    fn new(root: &'n Node) -> Self {
        let systems = entries(root.get("systems")).iter();
        let queries = systems.filter_map(|entry| entry.value.get("prometheus")).flat_map(|node| entries(node.get("queries")));
        Self {
            own: queries.chain(entries(root.get("checks"))).map(|entry| entry.key.as_str()).collect(),
            database: !of_engine(root, DATABASES).is_empty(),
            http: !of_engine(root, &["http"]).is_empty(),
            suggested: Cell::new(0),
        }
    }

    fn condition(&self, node: &Node, problems: &mut Problems<'_>) {
        let Some((written, span)) = text(Some(node)) else { return };
        let Ok(placed) = condition::parse(written) else { return };
        let Placed { condition, metric, value, other } = placed;
        let mut tell = |part: &Range<usize>, (message, help): (String, String)| {
            let at: Span = inside(problems.text(), written, span, part);
            problems.add(code::METRIC, &at, message, help);
        };
        let mut fine = true;
        for (name, part) in [(Some(&condition.metric), Some(&metric)), (condition.value.other(), other.as_ref())] {
            if let (Some(name), Some(part)) = (name, part)
                && let Some(help) = self.unmeasured(name)
            {
                fine = false;
                tell(part, (format!("nothing in this spec measures `{}`", brief(name)), help));
            }
        }
        if fine && let Some(problem) = self.unit_differs(&condition.metric, &condition.value) {
            tell(&value, problem);
        }
    }

    fn is_own(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// What could measure it, where nothing does.
    fn unmeasured(&self, name: &str) -> Option<String> {
        let among = |metrics: &[(&str, Unit)]| metrics.iter().any(|(known, _)| *known == name);
        if self.is_own(name) || among(&DATABASE) && self.database || among(&TRAFFIC) && self.http {
            return None;
        }
        if among(&DATABASE) {
            return Some(format!("add a database to `systems`, or a `prometheus` system with a query of the name `{name}`"));
        }
        if among(&TRAFFIC) {
            return Some(format!("add an `http` system to `systems`, or a `prometheus` system with a query of the name `{name}`"));
        }
        let names = DATABASE.iter().chain(&TRAFFIC).map(|(name, _)| *name).chain(self.own.iter().copied().take(COMPARED_MAX));
        self.suggested.set(self.suggested.get() + 1);
        let near = if self.suggested.get() > SUGGESTED_MAX { None } else { nearest(name, names) };
        Some(match near {
            Some(near) => format!("did you mean `{}`?", brief(near)),
            None => format!("add a query `{}` to a `prometheus` system, or a check of that name", brief(name)),
        })
    }

    fn unit(&self, name: &str) -> Option<Unit> {
        // What a query or a check gives is the user's own.
        let built_in = DATABASE.iter().chain(&TRAFFIC).find(|(known, _)| *known == name).map(|(_, unit)| *unit);
        built_in.filter(|_| !self.is_own(name))
    }

    /// A value of another unit than the metric's; the message and what to write.
    fn unit_differs(&self, metric: &str, value: &MetricValue) -> Option<(String, String)> {
        let unit = self.unit(metric)?;
        if let MetricValue::Times { metric: other, .. } = value {
            let fits = self.unit(other).is_none_or(|other| other == unit);
            let message = format!("`{metric}` and `{}` are not counted in the same unit", brief(other));
            return (!fits).then(|| (message, "compare a metric with itself on the other side".to_owned()));
        }
        let (fits, help) = match unit {
            Unit::Share => {
                (matches!(value, MetricValue::PercentMilli(..=100_000) | MetricValue::Milli(..=1_000)), "a percentage up to `100%`")
            }
            Unit::Time => (matches!(value, MetricValue::Ms(_)), "a duration with its unit, such as `200ms`"),
            Unit::Number => (matches!(value, MetricValue::Milli(_)), "a number"),
            Unit::Space => {
                (matches!(value, MetricValue::Bytes(_) | MetricValue::PercentMilli(..=100_000)), "a size such as `10GiB`, or a percentage")
            }
        };
        (!fits).then(|| (format!("`{metric}` is not counted in that unit"), format!("write {help}")))
    }
}

impl MetricValue {
    /// The metric on the right side.
    fn other(&self) -> Option<&String> {
        match self {
            Self::Times { metric, .. } => Some(metric),
            _ => None,
        }
    }
}
