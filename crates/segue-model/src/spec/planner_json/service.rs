//! The parts of the document about services: endpoints, load, machines, and the flags by which traffic moves.
//!
//! Tests: `tests/it/planner_json.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::Cursor;
use super::finding;
use crate::finding::{Finding, Severity};
use crate::spec::problems::{Problems, brief, code};
use crate::spec::program::{Extract, Facts, Rollout, Service};
use crate::units::Millis;

/// Engines whose version people write behind the name.
const ENGINES: [(&str, &str); 9] = [
    ("postgresql", "PostgreSQL"),
    ("postgres", "PostgreSQL"),
    ("mysql", "MySQL"),
    ("mariadb", "MariaDB"),
    ("sqlite", "SQLite"),
    ("oracle", "Oracle"),
    ("sql server", "SQL Server"),
    ("mongodb", "MongoDB"),
    ("kubernetes", "Kubernetes"),
];

/// `PostgreSQL 13` out of `PostgreSQL 13 Production Database`.
pub(super) fn version(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (at, word, name) = ENGINES
        .iter()
        .filter_map(|(word, name)| Some((lower.find(word)?, word, name)))
        .min_by_key(|(at, word, _)| (*at, usize::MAX - word.len()))?;
    let behind = lower[at + word.len()..].trim_start();
    let end = behind.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(behind.len());
    let number = behind[..end].trim_matches('.');
    Some(if number.is_empty() { (*name).to_owned() } else { format!("{name} {number}") })
}

/// What the document states of the old and the new service.
pub(super) fn facts(document: &Cursor<'_>, old: &mut Facts, new: &mut Facts) {
    let at = |keys: &[&str]| document.get("service_details").and_then(|details| details.at(keys));
    if let Some(load) = at(&["legacy_service", "current_load"]) {
        old.peak_tps = load.number_of("peak_requests_per_second", 0).or(old.peak_tps);
    }
    if let Some(machines) = at(&["legacy_service", "infrastructure"]) {
        old.replicas = machines.text_of("instances").and_then(|text| text.parse().ok());
    }
    if let Some(load) = at(&["new_service", "target_performance"]) {
        new.peak_tps = load.number_of("peak_requests_per_second", 0);
    }
    if let Some(machines) = at(&["new_service", "infrastructure"]) {
        new.replicas = machines.text_of("initial_replicas").and_then(|text| text.parse().ok());
    }
}

/// The service that is taken out; its routes are those of the old one's endpoints.
pub(super) fn service(document: &Cursor<'_>, source: &str, target: &str) -> Service {
    let endpoints = document.at(&["service_details", "legacy_service"]).map(|old| old.list("endpoints")).unwrap_or_default();
    let routes: BTreeSet<String> = endpoints.iter().filter_map(Cursor::shown).map(|endpoint| route(&endpoint)).collect();
    let extract = Extract { tables: Vec::new(), routes: routes.into_iter().collect() };
    Service { from: source.to_owned(), extract: BTreeMap::from([(target.to_owned(), extract)]) }
}

/// `GET /users/{id}/profile` is `/users/*/profile`.
fn route(endpoint: &str) -> String {
    let path = endpoint.rsplit_once(' ').map_or(endpoint, |(_, path)| path);
    let part =
        |part: &str| if part.starts_with('{') && part.ends_with('}') || part.starts_with(':') { "*".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The first flag's schedule is how traffic moves; each other flag stays among the facts.
pub(super) fn rollout(document: &Cursor<'_>, findings: &mut Vec<Finding>, problems: &mut Problems<'_>) -> Option<Rollout> {
    for flag in document.list("feature_flags") {
        rising(&flag, problems);
    }
    let flags = document.list("feature_flags");
    let flag = flags.iter().find(|flag| !flag.list("rollout_schedule").is_empty())?;
    let schedule = flag.list("rollout_schedule");
    let mut steps: Vec<u64> = schedule.iter().filter_map(|step| step.number_of("percentage", 3)).collect();
    steps.retain(|step| *step > 0);
    if let Some(initial) = flag.get("initial_percentage")
        && let Some(first) = initial.number(3).filter(|first| *first > 0 && steps.first().is_none_or(|step| first <= step))
    {
        initial.take();
        if steps.first() != Some(&first) {
            steps.insert(0, first);
        }
    }
    if steps.last().is_some_and(|last| *last < 100_000) {
        steps.push(100_000);
        let message = "the schedule does not end at 100%; the plan ends it there".to_owned();
        let object = format!("`{}.rollout_schedule`", flag.path);
        findings.push(finding(code::ACTION, Severity::Info, object, message, "add a last step of 100 if that is meant"));
    }
    // Hours in thousandths. Each step is held as long as the longest; a time that differs stays among the facts.
    let times = || schedule.iter().filter_map(|step| step.get("duration_hours"));
    let longest = times().filter_map(|time| time.number(3)).max().filter(|hours| *hours > 0);
    times().filter(|time| longest.is_some() && time.number(3) == longest).for_each(|time| time.take());
    let hold = longest.map(|hours| Millis(hours.saturating_mul(3_600)));
    Some(Rollout { system: None, shadow_ppm10: None, steps, hold, sticky: None })
}

/// Shares are at most 100 and rise.
fn rising(flag: &Cursor<'_>, problems: &mut Problems<'_>) {
    let mut shares: Vec<Cursor<'_>> = flag.list("rollout_schedule").iter().filter_map(|step| step.get("percentage")).collect();
    let mut last = None;
    shares.extend(flag.get("initial_percentage"));
    for (index, share) in shares.iter().enumerate() {
        let Some(value) = share.millionths() else { continue };
        if value > 100_000_000 {
            let message = format!("`{}` is more than 100", brief(&share.path));
            problems.add(code::RANGE, &share.node.span, message, "write a share of 100");
        } else if last.is_some_and(|last| value <= last) && share.path.ends_with("].percentage") && index > 0 {
            let message = format!("`{}` is not larger than the step before it", brief(&share.path));
            problems.add(code::ORDER, &share.node.span, message, "write steps that rise");
        }
        last = Some(value);
    }
}
