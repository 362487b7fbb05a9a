//! Soft, compatibility, hard, removal: what is done when. The words are for people; nothing here runs.
//!
//! Tests: `tests/it/retire.rs`.

use jiff::civil::Date;
use segue_model::check::retire::RetirePhase;

use super::Asked;
use super::calendar::{Timeline, before, weeks};
use super::metric;

/// The four phases with their days.
pub(super) fn phases(timeline: &Timeline, asked: &Asked<'_>) -> Vec<RetirePhase> {
    let profile = asked.profile;
    let (soft, both) = (profile.soft_weeks, profile.soft_weeks + profile.compatibility_weeks);
    let all = profile.weeks();
    let fixed = asked.removal.is_some();
    let numbered = |from: u32, to: u32| if fixed { String::new() } else { format!("weeks {from}\u{2013}{to}") };
    let phase = |name: &str, weeks: String, first: Date, next: Option<Date>, actions: Vec<String>, exit| RetirePhase {
        name: name.to_owned(),
        weeks,
        first: first.to_string(),
        // A removal that comes too early leaves phases no day.
        last: next.map(|next| before(next).max(first).to_string()),
        actions,
        exit,
    };
    vec![
        phase("soft", numbered(1, soft), timeline.start, Some(timeline.compatibility), soft_actions(), metric::soft()),
        phase(
            "compatibility",
            numbered(soft + 1, both),
            timeline.compatibility,
            Some(timeline.hard),
            compatibility_actions(timeline, asked),
            metric::compatibility(),
        ),
        phase("hard", numbered(both + 1, all), timeline.hard, Some(timeline.removal), hard_actions(), metric::hard()),
        phase(
            "removal",
            if fixed { String::new() } else { format!("from week {}", all + 1) },
            timeline.removal,
            None,
            removal_actions(),
            metric::removal(),
        ),
    ]
}

fn said(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn soft_actions() -> Vec<String> {
    said(&[
        "Send the `Deprecation`, `Sunset` and `Link` headers with each answer of an operation that ends",
        "Mark the operations as deprecated in the contract and in the client libraries: replacement, version of the removal, address of the guide",
        "Log each call of a deprecated operation with its client, never with its body, and show the counts on a dashboard",
        "Publish the migration guide, and send the notices of this plan",
    ])
}

fn compatibility_actions(timeline: &Timeline, asked: &Asked<'_>) -> Vec<String> {
    let mut out = said(&[
        "Answer both forms side by side; the old one by an adapter over the new implementation",
        "Choose the form by path or media type, then by the header `X-Use-New-API` for trials, then by a stable hash of the client",
    ]);
    let ladder = asked.profile.ladder;
    let each = asked.profile.compatibility_weeks / u32::try_from(ladder.len()).unwrap_or(1).max(1);
    let mut day = timeline.compatibility;
    for share in ladder {
        let rest = if *share == 100 { "; the old form is still answered" } else { "" };
        out.push(format!("From {}: {share}% of calls that name no form get the new one{rest}", day.min(timeline.hard)));
        day = weeks(day, each);
    }
    out
}

fn hard_actions() -> Vec<String> {
    said(&[
        "Refuse the old form in development, test and staging with the guide's address; in production warn for the last time",
        "Find the clients that are left in the log, write to each, offer help, agree on a day",
        "Report the calls of the old form each day by client, and raise an alert when one makes more than the day before",
    ])
}

fn removal_actions() -> Vec<String> {
    said(&[
        "Answer the old form with 410 and a link to the guide for a week; the adapter stays in the build",
        "Remove the old handlers, the adapter, the flag and their tests",
        "Release under a new major version with the removal in its changelog, and archive the guide",
    ])
}
