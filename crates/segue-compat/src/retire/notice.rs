//! What is told to whom, where and when (document 003): a sentence for each channel, and which draft of `segue notify`
//! says it at length.
//!
//! Everything goes out on the first day; `latest` is the last day on which it still leaves the audience its lead time
//! before the removal. Tests: `tests/it/retire.rs`.

use segue_model::check::retire::{Notice, Operation};

use super::calendar::{Timeline, weeks_before};

/// Channel, audience, lead time in weeks, and the draft.
const CHANNELS: [(&str, &str, u32, Option<&str>); 9] = [
    ("api-docs", "api_consumers", 6, Some("deprecation")),
    ("readme", "api_consumers", 6, Some("deprecation")),
    ("site-banner", "users", 4, Some("deprecation")),
    ("changelog", "api_consumers", 6, Some("deprecation")),
    ("email", "api_consumers", 6, Some("api-notice")),
    ("forum", "api_consumers", 6, Some("deprecation")),
    ("blog", "users", 4, Some("deprecation")),
    ("support", "support", 6, Some("support-brief")),
    ("internal", "engineering", 8, Some("technical-update")),
];

/// The notices, in the order in which they must be out at the latest.
pub(super) fn notices(timeline: &Timeline, operations: &[Operation]) -> Vec<Notice> {
    if operations.is_empty() {
        return Vec::new();
    }
    let what = named(operations);
    let mut out: Vec<Notice> = CHANNELS
        .iter()
        .map(|(channel, audience, lead, draft)| Notice {
            channel: (*channel).to_owned(),
            audience: (*audience).to_owned(),
            on: timeline.start.to_string(),
            latest: weeks_before(timeline.removal, *lead).max(timeline.start).to_string(),
            text: text(channel, &what, timeline),
            draft: draft.map(str::to_owned),
        })
        .collect();
    out.sort_by(|a, b| a.latest.cmp(&b.latest));
    out
}

fn named(operations: &[Operation]) -> String {
    let names: Vec<String> = operations.iter().take(3).map(|operation| format!("`{}`", operation.name.replace('`', "'"))).collect();
    let more = operations.len().saturating_sub(names.len());
    if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") }
}

fn text(channel: &str, what: &str, timeline: &Timeline) -> String {
    let (start, removal) = (timeline.start, timeline.removal);
    match channel {
        "api-docs" => {
            format!("Deprecated since {start}: {what}. Not answered in this form from {removal}. The migration guide has before and after.")
        }
        "readme" => format!(
            "Deprecation: {start} notice, {} both forms, {} warnings become errors outside production, {removal} removal.",
            timeline.compatibility, timeline.hard
        ),
        "site-banner" => format!("Calls of {what} change. The old form ends on {removal}."),
        "changelog" => format!("Deprecated: {what}; removal on {removal}."),
        "support" => format!("From {start} clients of {what} ask what to do: send the migration guide. Nothing fails before {removal}."),
        "internal" => {
            format!("{what}: both forms from {}, errors in staging from {}, removal on {removal}.", timeline.compatibility, timeline.hard)
        }
        _ => {
            format!("We change {what}. Nothing breaks today: the old form is answered until {removal}. The migration guide has the steps.")
        }
    }
}
