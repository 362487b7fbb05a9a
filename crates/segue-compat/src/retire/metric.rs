//! The metrics by which each phase ends: document 003's, each with how one tells.
//!
//! Tests: `tests/it/retire.rs`.

use segue_model::check::retire::Exit;

const SOFT: &str = "document 003, soft deprecation: success metrics";
const COMPATIBILITY: &str = "document 003, compatibility layer: success metrics";
const HARD: &str = "document 003, hard deprecation: success metrics";
const REMOVAL: &str = "document 003, removal: success metrics";

fn exit(from: &str, metric: &str, op: &str, value: &str, what: &str, measured_by: &str) -> Exit {
    let [metric, op, value, what, measured_by, from] = [metric, op, value, what, measured_by, from].map(str::to_owned);
    Exit { metric, op, value, what, measured_by, from }
}

/// F176.
pub(super) fn soft() -> Vec<Exit> {
    vec![
        exit(
            SOFT,
            "operations_logged",
            "==",
            "100%",
            "each deprecated operation logs its calls",
            "a trial call of each operation is in the log with its client",
        ),
        exit(
            SOFT,
            "guide_published",
            "==",
            "yes",
            "the migration guide is published",
            "its address answers 200, and each operation of this plan is in it",
        ),
        exit(SOFT, "audiences_told", "==", "100%", "everybody whom it concerns was told", "each notice of this plan has gone out"),
        exit(
            SOFT,
            "dashboard",
            "==",
            "yes",
            "a dashboard shows who still calls what",
            "it shows yesterday's calls by operation and client",
        ),
    ]
}

/// F177.
pub(super) fn compatibility() -> Vec<Exit> {
    vec![
        exit(
            COMPATIBILITY,
            "error_rate_increase",
            "<",
            "0.1%",
            "the error rate of the new form is less than 0.1% higher",
            "errors by calls of the new form less those of the old form's baseline",
        ),
        exit(
            COMPATIBILITY,
            "p95_difference",
            "<=",
            "10%",
            "its performance is within 10% of the baseline",
            "p95 of the new form against the old form's baseline",
        ),
        exit(COMPATIBILITY, "critical_bugs", "==", "0", "no critical bug is open", "the tracker, by label"),
        exit(
            COMPATIBILITY,
            "users_migrated",
            ">=",
            "75%",
            "at least 75% of the users have moved",
            "clients of the first week without a call of the old form this week, by clients of the first week",
        ),
    ]
}

/// F181.
pub(super) fn hard() -> Vec<Exit> {
    vec![
        exit(
            HARD,
            "legacy_traffic",
            "<",
            "5%",
            "less than 5% of the traffic uses the old form",
            "calls of the old form by all calls, of the last 7 days",
        ),
        exit(
            HARD,
            "high_volume_users_left",
            "==",
            "0",
            "every user of high volume has moved",
            "the ten clients with most calls of the first week have none this week",
        ),
        exit(
            HARD,
            "guide_followed",
            ">=",
            "95%",
            "at least 95% of the users followed the guide",
            "clients whose calls of the new form are accepted, by clients that moved",
        ),
        exit(HARD, "tickets", "<", "10", "fewer than 10 tickets are about the migration", "the tracker, by label, since the first day"),
    ]
}

/// F183.
pub(super) fn removal() -> Vec<Exit> {
    vec![
        exit(
            REMOVAL,
            "legacy_code",
            "==",
            "0",
            "no code of the old form is left",
            "a search of the source tree for its names finds nothing",
        ),
        exit(REMOVAL, "tests", "==", "pass", "all tests pass without it", "CI on the commit that removes it"),
        exit(
            REMOVAL,
            "docs_updated",
            "==",
            "yes",
            "the documentation does not name it any more",
            "a search of the documentation; the guide stands in the archive",
        ),
        exit(
            REMOVAL,
            "regressions",
            "==",
            "0",
            "nothing else got worse",
            "error rate and p95 of the other operations against the week before",
        ),
    ]
}
