//! Facts of an old planner's document that have no key of `segue.yaml`: each becomes a step, a gate, a task or a number
//! in one. A fact is never merely repeated.
//!
//! Facts stand under their path in the document. What nobody knows is a finding of the reader. Tests:
//! `tests/it/project_planner_json.rs`.

mod service;

use std::collections::BTreeMap;

use segue_model::plan::{Condition, Gate, Phase};
use segue_model::units::Millis;

use super::build::{self, PhaseDraft};
use super::draft::Draft;
use super::ground::Ground;

/// The document's facts by path.
pub(super) struct Facts<'a>(&'a BTreeMap<String, String>);

impl<'a> Facts<'a> {
    /// The text at a path.
    pub(super) fn get(&self, path: &str) -> Option<&'a str> {
        self.0.get(path).map(String::as_str)
    }

    /// Paths that begin so, with their texts, numbered items in the order of their numbers.
    pub(super) fn under(&self, prefix: &str) -> Vec<(&'a str, &'a str)> {
        let mut out: Vec<(&str, &str)> =
            self.0.iter().filter(|(path, _)| path.starts_with(prefix)).map(|(path, text)| (path.as_str(), text.as_str())).collect();
        out.sort_by_key(|(path, _)| (number(&path[prefix.len()..]), *path));
        out
    }

    /// Texts below a path as `key value`, joined.
    pub(super) fn words(&self, prefix: &str) -> String {
        let word = |(path, text): &(&str, &str)| format!("{} {text}", path[prefix.len()..].trim_start_matches('.').replace('_', " "));
        self.under(prefix).iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// The number of an item: `12]…` is 12.
fn number(rest: &str) -> u64 {
    rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX)
}

/// Changes the part that the document is about.
pub(crate) fn apply(ground: &Ground<'_>, parts: &mut [Draft]) {
    let Some(imported) = &ground.spec.program.imported else { return };
    let (facts, Some(part)) = (Facts(&imported.facts), parts.first_mut()) else { return };
    requirements(part, ground, &facts);
    metrics(part, ground, &facts);
    triggers(part, ground);
    load(part, ground, &facts);
    hours(part, ground, &facts);
    service::apply(part, ground, &facts);
}

/// Changes the phase of that name, where there is one.
pub(super) fn change(part: &mut Draft, name: &str, how: impl FnOnce(PhaseDraft) -> PhaseDraft) {
    if let Some(phase) = part.phases.iter_mut().find(|phase| phase.name == name) {
        *phase = how(PhaseDraft(std::mem::take(phase))).0;
    }
}

/// The last phase before users may notice anything, and the first in which they may.
fn around_first_noticed(part: &Draft) -> (Option<String>, Option<String>) {
    let at = part.phases.iter().position(Phase::is_noticed);
    let name = |at: usize| part.phases.get(at).map(|phase| phase.name.clone());
    (at.and_then(|at| at.checked_sub(1)).and_then(name), at.and_then(name))
}

/// Each special requirement is shown on both sides before users meet the new one.
fn requirements(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let (_, Some(first)) = around_first_noticed(part) else { return };
    for (path, text) in facts.under("constraints.special_requirements[") {
        let words = text.replace('_', " ");
        let what = format!("Write a test that shows `{words}`, and run it on the old side and on the new one");
        change(part, "prepare", |phase| phase.task(what, ground.role("developer"), "review", 2));
        let gate = Gate {
            id: format!("{first}/{}", build::id_part(text)),
            what: format!("the test of `{words}` passes on both sides"),
            condition: Condition::Approvals { by: vec![ground.role("lead").to_owned()], count: 1 },
            from: format!("spec {path}"),
        };
        if let Some(phase) = part.phases.iter_mut().find(|phase| phase.name == first) {
            phase.entry.push(gate);
        }
    }
}

/// Metrics that somebody called critical: on the dashboards with an alert; those that only a metrics system has are needed.
fn metrics(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    const KNOWN: [&str; 5] = ["request_rate", "error_rate", "response_time_p50", "response_time_p95", "response_time_p99"];
    for (_, metric) in facts.under("monitoring.critical_metrics[") {
        let what = format!("Show {} of both sides on one dashboard, with an alert", metric.replace('_', " "));
        change(part, "prepare", |phase| phase.task(what, ground.role("oncall"), "alert", 1));
        if !KNOWN.contains(&metric) {
            part.need(
                format!("the query that measures {metric}"),
                format!("systems.metrics.prometheus.queries.{}", build::id_part(metric)),
                &["rollback"],
            );
        }
    }
}

/// Metrics of triggers that no system of the document measures.
fn triggers(part: &mut Draft, ground: &Ground<'_>) {
    const KNOWN: [&str; 8] = ["error_rate", "p50", "p95", "p99", "throughput", "availability", "mismatches", "rows_rejected"];
    for trigger in ground.spec.program.rollback_when.iter().filter(|trigger| !KNOWN.contains(&trigger.when.metric.as_str())) {
        let metric = &trigger.when.metric;
        let key = format!("systems.metrics.prometheus.queries.{metric}");
        if !part.needed.iter().any(|needed| needed.spec_key == key) {
            part.need(format!("the query that measures {metric}"), key, &["rollback"]);
        }
    }
}

/// What the new side must carry.
fn load(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    if let Some(connections) = facts.get("performance_requirements.concurrent_connections") {
        let what = format!("Give the target room for {connections} connections at once, with a pool in front of it, and try that many");
        change(part, "prepare", |phase| phase.task(what, ground.role("dba"), "load_test", 1));
    }
    for (path, value) in facts.under("performance_requirements.").into_iter().filter(|(path, _)| !path.ends_with("concurrent_connections"))
    {
        let name = path.rsplit('.').next().unwrap_or(path).replace('_', " ");
        let what = format!("Measure {name} on the target under load: {value} is asked for");
        change(part, "prepare", |phase| phase.task(what, ground.role("dba"), "load_test", 1));
    }
}

/// The hours in which nothing may be felt: the switch is over or given up before they begin.
fn hours(part: &mut Draft, ground: &Ground<'_>, facts: &Facts<'_>) {
    let at = |key: &str| facts.get(&format!("business_continuity.critical_business_hours.{key}"));
    let (Some(start), Some(end)) = (at("start"), at("end")) else { return };
    let zone = at("timezone").map_or_else(String::new, |zone| format!(" {zone}"));
    let what = format!(
        "Decide half an hour before {start}{zone} whether the work goes on: from {start} to {end}{zone} nothing may be felt, so that it is over or given up by then"
    );
    let noticed: Vec<String> = part.phases.iter().filter(|phase| phase.is_noticed()).map(|phase| phase.name.clone()).collect();
    for name in noticed {
        let what = what.clone();
        change(part, &name, |phase| phase.task(what, ground.role("lead"), "review", 1));
    }
}

/// A number of the document, in thousandths.
pub(super) fn milli(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole: u64 = whole.parse().ok()?;
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    whole.checked_mul(1_000)?.checked_add(part.parse().ok()?)
}

/// Hours of the document as time.
pub(super) fn hours_of(text: &str) -> Option<Millis> {
    milli(text).and_then(|milli| milli.checked_mul(3_600)).map(Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        assert_eq!((milli("12"), milli("0.5"), milli("x")), (Some(12_000), Some(500), None));
        assert_eq!(hours_of("1.5"), Some(Millis(5_400_000)));
    }

    #[test]
    fn items_come_in_the_order_of_their_numbers() {
        let map = ["a[10]", "a[2]", "a[1].x"].map(|path| (path.to_owned(), path.to_owned())).into();
        assert_eq!(Facts(&map).under("a[").iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["a[1].x", "a[2]", "a[10]"]);
    }
}
