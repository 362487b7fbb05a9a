//! An assessment summed up: objects by rule, uses by rule, volumes.
//!
//! Nothing is dropped: what is not named is counted. Tests: `tests/it/assessment.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::{Assessment, Resource, SystemSeen, Verdict};
use segue_model::units::Bytes;

use crate::plan::say::thousands;

/// How many objects of a rule are named.
const EXAMPLES: usize = 5;

/// The objects that one rule judged in one way.
#[derive(Debug)]
pub(crate) struct Rule<'a> {
    pub(crate) verdict: &'static str,
    pub(crate) name: &'a str,
    pub(crate) number: u64,
    pub(crate) minutes: u64,
    pub(crate) reason: &'a str,
    pub(crate) examples: Vec<String>,
}

/// The word of a verdict as in the JSON form.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Auto => "auto",
        Verdict::AutoWithWarning => "auto-with-warning",
        Verdict::Manual => "manual",
        Verdict::Blocked => "blocked",
    }
}

/// Objects by verdict and rule; what stops most comes first.
pub(crate) fn rules(assessment: &Assessment) -> Vec<Rule<'_>> {
    let mut by: BTreeMap<(std::cmp::Reverse<Verdict>, &str, &str), Rule<'_>> = BTreeMap::new();
    for object in &assessment.objects {
        // One rule of clouds speaks of queues and of databases: what it says of one is not true of the other.
        let kind = if object.rule.starts_with("cloud.") { object.reason.as_str() } else { "" };
        let rule = by.entry((std::cmp::Reverse(object.verdict), &object.rule, kind)).or_insert_with(|| Rule {
            verdict: word(object.verdict),
            name: &object.rule,
            number: 0,
            minutes: 0,
            reason: &object.reason,
            examples: Vec::new(),
        });
        rule.number += 1;
        rule.minutes += object.effort_min;
        if rule.examples.len() < EXAMPLES {
            let place = if object.place.is_empty() { String::new() } else { format!(" ({})", object.place) };
            rule.examples.push(format!("{} {}{place}", object.kind, object.name));
        }
    }
    by.into_values().collect()
}

/// Objects by verdict in words: `61 auto, 5 auto with warning, 2 manual, 0 blocked`.
pub(crate) fn verdicts(assessment: &Assessment) -> String {
    let all = [Verdict::Auto, Verdict::AutoWithWarning, Verdict::Manual, Verdict::Blocked];
    let part = |verdict| {
        let number = assessment.objects.iter().filter(|object| object.verdict == verdict).count();
        format!("{} {}", thousands(number as u64), word(verdict).replace('-', " "))
    };
    all.map(part).join(", ")
}

/// What takes the place of a resource; `None` where nobody named a target: then nothing was looked for.
pub(crate) fn equivalent(resource: &Resource) -> Option<&str> {
    match resource.equivalent.as_deref() {
        None if resource.note.is_empty() => None,
        found => Some(found.unwrap_or("no equivalent")),
    }
}

/// The uses in code that one rule found.
#[derive(Debug)]
pub(crate) struct Uses<'a> {
    pub(crate) name: &'a str,
    pub(crate) what: &'a str,
    pub(crate) number: u64,
    pub(crate) points: u64,
    pub(crate) examples: Vec<String>,
}

/// Uses in code by rule, the most points first.
pub(crate) fn incidents(assessment: &Assessment) -> Vec<Uses<'_>> {
    let mut by: BTreeMap<&str, Uses<'_>> = BTreeMap::new();
    for incident in &assessment.incidents {
        let fresh = || Uses { name: &incident.rule, what: &incident.what, number: 0, points: 0, examples: Vec::new() };
        let uses = by.entry(&incident.rule).or_insert_with(fresh);
        uses.number += 1;
        uses.points += u64::from(incident.points);
        if uses.examples.len() < EXAMPLES {
            uses.examples.push(format!("{}:{}", incident.file, incident.line));
        }
    }
    let mut all: Vec<Uses<'_>> = by.into_values().collect();
    all.sort_by_key(|uses| (std::cmp::Reverse(uses.points), uses.name));
    all
}

/// All rows of a system; `None` where a table's are not known.
pub(crate) fn rows(seen: &SystemSeen) -> Option<u64> {
    seen.tables.iter().map(|table| table.rows).sum::<Option<u64>>().filter(|_| !seen.tables.is_empty())
}

/// `128.4 GiB`.
pub(crate) fn bytes(number: u64) -> String {
    Bytes(number).to_string()
}

/// How sure an assessment is of what it says, and why.
pub(crate) fn confidence(assessment: &Assessment) -> (&'static str, String) {
    let live = assessment.systems.values().filter(|seen| seen.how == "live").count();
    let (systems, gaps) = (assessment.systems.len(), assessment.not_checked.len());
    let estimated =
        assessment.systems.values().flat_map(|seen| &seen.tables).filter(|table| table.rows_estimated || table.rows.is_none()).count();
    let because = format!(
        "{live} of {systems} systems looked at live, {} measured, {} without a counted number of rows, {} not read",
        crate::text::count(assessment.rates.len(), "rate"),
        crate::text::count(estimated, "table"),
        crate::text::count(gaps, "thing"),
    );
    let level = match (live == systems && systems > 0, assessment.rates.is_empty(), gaps) {
        (true, false, 0) => "high",
        (true, _, 0..=9) => "medium",
        _ => "low",
    };
    (level, because)
}
