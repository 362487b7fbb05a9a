//! The steps of a change of contract, one function a step.
//!
//! Each names what a client sees and how one tells that it is done. Tests: `tests/it/project_recipes_code.rs`.

use segue_model::spec::program::Api;

use super::build::{self, StepDraft};
use super::ground::Ground;

fn write(ground: &Ground<'_>, id: &str, what: &str, why: &str, tell: &str) -> StepDraft {
    build::manual(id, "write_code", what, why, tell).owner(ground.role("developer")).undo(
        "revert the commit and deploy the build from before",
        "0 rows",
        "the tests of the old contract are green against production",
    )
}

/// Who calls what.
pub(crate) fn count_calls(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "count-calls",
        "Writes a log line for each call of the old contract: operation, client (key or agent), version; never a body",
        "who is not counted is not told",
        "the sum of the counted calls of a day is that of the proxy's log",
    )
    .people("endpoint", 1)
}

/// No end without a successor.
pub(crate) fn successors(ground: &Ground<'_>) -> StepDraft {
    build::manual(
        "successors",
        "check_successors",
        "Names for each operation and field that ends what takes its place, and where a new required value comes from",
        "nothing is taken away without an alternative",
        "the list has no empty successor; where there is none, the operation stays in the new contract",
    )
    .owner(ground.role("developer"))
    .reads()
    .people("review", 2)
}

/// The new contract answers.
pub(crate) fn new_version(ground: &Ground<'_>, api: &Api) -> StepDraft {
    write(
        ground,
        "new-version",
        &format!("Answers the contract of {} under its own path, beside that of {}", api.new, api.old),
        "clients move one by one only if both are there",
        "the contract tests of the new file are green in production, and the old paths answer as before",
    )
    .people("endpoint", 2)
}

/// The old form over the new implementation.
pub(crate) fn adapter(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "adapter",
        "Writes the adapter: takes calls of the old form, derives new required values from old ones, calls the new implementation, turns its answers into the old form",
        "one implementation and one set of data: two of them would drift apart, and the way back would cost data",
        "recorded calls of the old contract get the same status, headers and body from the adapter as from the old implementation; calls that write are replayed on a copy",
    )
    .people("endpoint", 4)
}

/// Which version a call gets.
pub(crate) fn negotiation(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "negotiation",
        "Chooses the version by path or media type, then by the header `X-Use-New-API` for trials, then by a stable hash of the client for calls that name none; an answer says which version gave it",
        "a client can try the new one before it must, and stays on one side while shares grow",
        "a test calls with the path, with the header and without either, and reads the version from the answer",
    )
    .people("endpoint", 1)
}

/// Both contracts, held by tests.
pub(crate) fn contract_tests(ground: &Ground<'_>, api: &Api) -> StepDraft {
    write(
        ground,
        "contract-tests",
        &format!("Tests both contracts in CI against {} and {}: each operation, its errors, its limits", api.old, api.new),
        "a change for the new contract may not break the old one unseen",
        "CI fails when an answer leaves its contract",
    )
    .people("endpoint", 2)
}

/// The guide.
pub(crate) fn guide(ground: &Ground<'_>, path: &str, api: &Api) -> StepDraft {
    write(
        ground,
        "guide",
        &format!(
            "Writes the guide {path}: each breaking change from {} to {}, with code before and after, and the dates",
            api.old, api.new
        ),
        "a client that finds its case in the guide writes no ticket",
        "somebody who did not write it moved a client by the guide alone",
    )
    .people("documentation", 2)
}

/// Warnings that machines read.
pub(crate) fn headers(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "headers",
        "Sends `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) with their dates and a `Link` to the guide with each answer of the old contract",
        "tools of clients read headers; people do not read mail",
        "a call of the old contract has the three headers, one of the new contract has none",
    )
    .people("endpoint", 1)
}

/// Warnings in client libraries.
pub(crate) fn warnings(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "warnings",
        "Marks the old calls as deprecated in the client libraries and in the contract's file: replacement, version of removal, address of the guide",
        "the warning stands where the call is written",
        "a build that uses an old call shows the warning with its replacement, at the caller's line",
    )
    .people("endpoint", 1)
}

/// Consumers that the spec names, each a step of its own.
pub(crate) fn consumers(ground: &Ground<'_>) -> Vec<StepDraft> {
    let mut all: Vec<_> = ground.spec.program.about.values().flat_map(|about| &about.dependencies).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all.dedup();
    let step = |consumer: &&segue_model::spec::program::Dependency| {
        let owner = consumer.owner.as_ref().map_or_else(String::new, |owner| format!(", with {owner}"));
        let must = if consumer.blocking { "the migration does not end without it" } else { "it would fail on the day of the removal" };
        build::manual(
            &format!("client-{}", consumer.name),
            "move_client",
            format!("Moves {} ({}) to the new contract{owner}", consumer.name, consumer.kind),
            must,
            &format!("the dashboard counts no call of the old contract by {} for a day", consumer.name),
        )
        .owner(ground.role("support"))
        .undo(
            "the client goes back to its build from before: the old contract is still answered",
            "0 rows",
            "its calls of the old contract are answered with the baseline's error rate",
        )
        .people("consumer", 1)
    };
    all.iter().map(step).collect()
}

/// Failure where it hurts nobody.
pub(crate) fn refuse_in_tests(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "refuse-in-tests",
        "Refuses the old contract in development, test and staging with the guide's address; in production it warns for the last time",
        "a client's own tests find what its people did not read",
        "a call of the old contract in staging gets 410 with the guide's address, in production it is answered",
    )
    .people("endpoint", 1)
}

/// Short failures that were announced.
pub(crate) fn brownout(ground: &Ground<'_>) -> StepDraft {
    build::manual(
        "brownout",
        "refuse_for_minutes",
        "Refuses the old contract in production for announced minutes: 5, then 15, then 60, on working days, with somebody at the telephone",
        "who did not move finds out while it can still be taken back in a moment",
        "the list of clients that failed in those minutes; each was spoken to before the next ones",
    )
    .owner(ground.role("oncall"))
    .lock("calls of the old contract fail for the announced minutes")
    .undo("answer the old contract again: one setting", "0 rows", "calls of the old contract are answered with the baseline's error rate")
    .people("cutover", 3)
}

/// Usage each day.
pub(crate) fn daily_report(ground: &Ground<'_>) -> StepDraft {
    build::manual(
        "daily-report",
        "watch_usage",
        "Reports each day how many calls of the old contract each client made, and raises an alert when one makes more than the day before",
        "use that grows means that somebody builds on what ends",
        "the report of yesterday is there, and a trial call raised the alert",
    )
    .owner(ground.role("oncall"))
    .reads()
    .people("alert", 1)
}

/// 410 before the code goes.
pub(crate) fn gone(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "gone",
        "Answers the old contract with 410 and the guide's address, and keeps the adapter in the build for a week more",
        "the last answer still says where to go, and the way back is one setting for that week",
        "a call of the old contract gets 410 with a link, and no ticket came in a week",
    )
    .waits("soak", 604_800, "Segue's own: a week of 410 before the code goes")
    .people("endpoint", 1)
}

/// The code goes.
pub(crate) fn delete_code(ground: &Ground<'_>) -> StepDraft {
    write(
        ground,
        "delete-code",
        "Takes out the adapter, the old handlers, the flag and the tests of the old contract, and raises the major version",
        "code that nobody calls is code that nobody tests",
        "a search finds no name of the old contract, and all tests are green",
    )
    .people("endpoint", 2)
}
