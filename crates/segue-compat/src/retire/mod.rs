//! How what a change breaks is retired without surprise: the deprecation plan of an API's operations.
//!
//! Phases with dates from a first day and a profile, `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) headers, notices,
//! the guide with before and after for each operation, and the metrics by which each phase ends. Nothing is taken away
//! without an alternative or without a period: that is a finding. Never reads a clock. Tests: `tests/it/retire.rs`.

mod calendar;
mod guide;
mod header;
mod mark;
mod metric;
mod notice;
mod phase;
pub mod profile;
pub mod rule;
mod step;
mod successor;

use std::collections::BTreeMap;

use jiff::civil::Date;
use segue_model::check::retire::{Retirement, Support};
use segue_model::check::{CheckReport, FORMAT_VERSION};

use crate::draft;
use crate::rule::Rule;
use profile::Profile;

pub use step::steps;

/// The rules about retirements.
pub static RULES: &[&Rule] = &[&rule::without_alternative::RULE, &rule::without_period::RULE];

/// What a retirement is made with beside the check.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The first day of the deprecation.
    pub start: Date,
    /// Whose periods it takes.
    pub profile: &'a Profile,
    /// The first day on which the old form is not answered, where that is fixed; else it follows from the profile.
    pub removal: Option<Date>,
    /// What takes an operation's place, by the operation: `GET /v1/orders` → `GET /v2/orders`.
    pub successors: BTreeMap<String, String>,
    /// The address of the migration guide, for the `Link` header.
    pub guide: Option<String>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// The text is no day.
    Day(String),
    /// There is no such profile.
    Profile(String),
    /// The kind of contract has no operations that a client calls.
    Kind(String),
}

impl Unfit {
    /// Its code.
    pub const CODE: &'static str = "SG-CHK-075";
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(text) => write!(f, "`{text}` is no day of the form 2027-01-11 between 1970 and 9000"),
            Self::Profile(name) => {
                let known: Vec<&str> = profile::PROFILES.iter().map(|profile| profile.name).collect();
                write!(f, "there is no profile `{name}`; there are {}", known.join(", "))
            }
            Self::Kind(kind) => write!(f, "a contract of kind {kind} has no operations to deprecate"),
        }
    }
}

impl<'a> Asked<'a> {
    /// From the words of a command line.
    pub fn read(start: &str, profile: &str) -> Result<Asked<'a>, Unfit> {
        let day = crate::ignore::day(start).filter(|day| (1970..=9000).contains(&day.year()));
        Ok(Asked {
            start: day.ok_or_else(|| Unfit::Day(start.chars().take(40).collect()))?,
            profile: Profile::named(profile).ok_or_else(|| Unfit::Profile(profile.chars().take(40).collect()))?,
            removal: None,
            successors: BTreeMap::new(),
            guide: None,
        })
    }
}

/// Kinds whose clients call operations or use members.
const KINDS: [&str; 7] = ["openapi", "graphql", "proto", "asyncapi", "api", "python", "typescript"];

/// The plan to retire what the check says breaks the clients of the old side.
pub fn plan(report: &CheckReport, asked: &Asked<'_>) -> Result<Retirement, Unfit> {
    if !KINDS.contains(&report.kind.as_str()) {
        return Err(Unfit::Kind(report.kind.clone()));
    }
    let timeline = calendar::Timeline::new(asked);
    let mut operations = guide::operations(report, asked);
    for operation in &mut operations {
        operation.warnings = mark::snippets(&report.kind, operation, &timeline, asked);
    }
    let mut findings = rule::without_alternative::findings(&operations);
    findings.extend(rule::without_period::findings(&operations, &timeline, asked));
    draft::order(&mut findings);
    let mut not_checked = not_known(report, asked, &operations);
    not_checked.extend(report.not_checked.iter().cloned());
    not_checked.sort();
    not_checked.dedup();
    Ok(Retirement {
        format_version: FORMAT_VERSION,
        segue: env!("CARGO_PKG_VERSION").to_owned(),
        kind: report.kind.clone(),
        profile: asked.profile.name.to_owned(),
        profile_from: asked.profile.from.to_owned(),
        start: asked.start.to_string(),
        removal: timeline.removal.to_string(),
        support: Support {
            until: calendar::before(timeline.removal).to_string(),
            weeks_after_all_moved: asked.profile.weeks_after_all_moved,
            from: asked.profile.support_from.to_owned(),
        },
        headers: header::headers(&timeline, asked, &operations),
        phases: phase::phases(&timeline, asked),
        notices: notice::notices(&timeline, &operations),
        operations,
        findings,
        not_checked,
    })
}

fn not_known(report: &CheckReport, asked: &Asked<'_>, operations: &[segue_model::check::retire::Operation]) -> Vec<String> {
    let mut out = Vec::new();
    if operations.is_empty() {
        out.push("nothing that the check found breaks a client of the old side: there is nothing to retire".to_owned());
        return out;
    }
    out.push("how many clients call each operation: count the calls by client before the first day".to_owned());
    if asked.guide.is_none() {
        out.push("the address of the migration guide: `Link` has no `rel=\"deprecation\"` until it is known".to_owned());
    }
    if report.undecided || report.findings.iter().any(|finding| finding.undecided) {
        out.push("what the check could not decide is not in this plan".to_owned());
    }
    out
}
