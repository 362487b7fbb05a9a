//! How what a change breaks is retired without surprise: phases with dates, headers, notices, guide and exit metrics.
//!
//! A plain value made from a check, a first day and a profile. No date in it comes from a clock. Tests: segue-compat
//! (`retire`), segue-report (`check_retirement`).

use serde::{Deserialize, Serialize};

use super::CheckFinding;

/// The whole plan of a retirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retirement {
    /// The version of this form, 1.
    pub format_version: u32,
    /// The version of Segue.
    pub segue: String,
    /// The kind of contract.
    pub kind: String,
    /// The profile whose periods it takes: `doc003`.
    pub profile: String,
    /// Where the profile's periods come from.
    pub profile_from: String,
    /// The first day of the deprecation, `2027-01-11`.
    pub start: String,
    /// The first day on which the old form is not answered.
    pub removal: String,
    /// Until when the old form is supported, at least.
    pub support: Support,
    /// The headers of each answer of an operation that ends.
    pub headers: Vec<Header>,
    /// The phases, in order.
    pub phases: Vec<RetirePhase>,
    /// What each operation's clients must change: the migration guide.
    pub operations: Vec<Operation>,
    /// What is told to whom, and when, in order.
    pub notices: Vec<Notice>,
    /// What forbids the plan as it stands: no alternative, no period.
    pub findings: Vec<CheckFinding>,
    /// What this plan does not know, one sentence each.
    pub not_checked: Vec<String>,
}

/// The support window of the old form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// The last day.
    pub until: String,
    /// Weeks that it is kept after all traffic has moved, at least.
    pub weeks_after_all_moved: u32,
    /// Where that comes from.
    pub from: String,
}

/// A header field of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The document that defines it.
    pub by: String,
}

/// One phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetirePhase {
    /// `soft`, `compatibility`, `hard`, `removal`.
    pub name: String,
    /// `weeks 1–4`.
    pub weeks: String,
    /// The first day.
    pub first: String,
    /// The last day; none for the removal.
    pub last: Option<String>,
    /// What is done in it.
    pub actions: Vec<String>,
    /// What must be true before the next one begins.
    pub exit: Vec<Exit>,
}

/// A metric by which a phase ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// Its name: `users_migrated`.
    pub metric: String,
    /// `>=`, `<`, `==` …
    pub op: String,
    /// The threshold with its unit: `75%`.
    pub value: String,
    /// What it says, for people.
    pub what: String,
    /// How one tells.
    pub measured_by: String,
    /// Where the threshold comes from.
    pub from: String,
}

/// What the clients of one operation must change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// `POST /orders`, or the object where no operation is known.
    pub name: String,
    /// It goes as a whole.
    pub removed: bool,
    /// What takes its place, where that is known.
    pub successor: Option<Successor>,
    /// Headers of its own answers, beside those of all.
    pub headers: Vec<Header>,
    /// The warnings where it is written: in the contract or in the code.
    pub warnings: Vec<Snippet>,
    /// Its changes, the worst first.
    pub changes: Vec<Change>,
}

/// A piece of a contract or of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The phase in which it is added: `soft`, `hard`.
    pub phase: String,
    /// `yaml`, `graphql`, `python` …
    pub language: String,
    /// The text.
    pub text: String,
}

/// What takes an operation's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// `POST /v2/orders`.
    pub name: String,
    /// `stated` by the caller, or `proposed` by Segue.
    pub by: String,
    /// Why it is proposed.
    pub evidence: String,
}

/// One change of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The finding's id.
    pub finding: String,
    /// Its rule.
    pub rule: String,
    /// What changed.
    pub object: String,
    /// What is so.
    pub what: String,
    /// What worked before: a value that the old side took.
    pub before: Option<serde_json::Value>,
    /// What works after, where it is known.
    pub after: Option<serde_json::Value>,
    /// What a client does.
    pub todo: String,
}

/// Something that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Where it stands: `api-docs`, `readme`, `site-banner`, `changelog`, `email`, `forum`, `blog`, `support`, `internal`.
    pub channel: String,
    /// Whom it is for.
    pub audience: String,
    /// The day on which it goes out.
    pub on: String,
    /// The last day on which it still leaves the lead time.
    pub latest: String,
    /// The words.
    pub text: String,
    /// The draft of `segue notify` that says it at length, if there is one.
    pub draft: Option<String>,
}
