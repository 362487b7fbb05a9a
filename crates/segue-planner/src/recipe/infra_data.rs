//! Data that goes with a place: databases follow by their own replication, files by repeated passes, and after the
//! switch the old place follows the new one.
//!
//! Data never comes back from a backup: writes after it would be lost. One side takes writes at any moment. Tests:
//! `tests/it/project_recipes_infra.rs`.

use std::collections::BTreeMap;

use segue_model::finding::Severity;
use segue_model::spec::program::MetricValue;

use super::build::{self, PhaseDraft, Shell, StepDraft, metric, none_of};
use super::draft::Draft;
use super::ground::{Ground, size};
use super::infra::{self, Ends};
use super::script::{engine, replica};
use super::traffic;
use crate::say;

/// Whether anything is carried over by this part.
pub(crate) fn carries(ground: &Ground<'_>) -> bool {
    !infra::databases(ground).is_empty() || files(ground) != Files::None
}

/// Files and objects that go with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    /// None that anybody named or saw.
    None,
    /// There are some, and nobody said how much.
    Some,
    /// So many bytes.
    Bytes(u64),
}

/// Bytes of files and objects: what `infra.data` says beyond the databases.
fn files(ground: &Ground<'_>) -> Files {
    let stated = infra::part(ground).and_then(|infra| infra.data).map(|data| data.0);
    let databases = infra::databases(ground);
    let buckets = infra::kinds(ground)
        .keys()
        .any(|kind| ["bucket", "file_system", "storage_account", "filestore", "blob"].iter().any(|word| kind.contains(word)));
    let known: u64 = databases.iter().filter_map(|system| ground.bytes(system)).map(|(bytes, _)| bytes).sum();
    let all_known = databases.iter().all(|system| ground.bytes(system).is_some());
    match stated {
        Some(bytes) if databases.is_empty() && ground.spec.program.moves.is_none() => Files::Bytes(bytes),
        Some(bytes) if all_known && bytes > known && ground.spec.program.moves.is_none() => Files::Bytes(bytes - known),
        _ if buckets => Files::Some,
        _ => Files::None,
    }
}

fn facts(ground: &Ground<'_>, system: &str) -> (BTreeMap<String, u64>, String) {
    let only = infra::databases(ground).len() == 1;
    let stated = infra::part(ground).and_then(|infra| infra.data).map(|data| (data.0, "spec infra.data".to_owned()));
    let known = ground.bytes(system).map(|(bytes, how)| (bytes, format!("size of {system}, {how}")));
    let bytes = known.or_else(|| stated.filter(|_| only));
    bytes.map_or_else(
        || (BTreeMap::new(), "nobody stated the size".to_owned()),
        |(bytes, from)| ([("bytes".to_owned(), bytes)].into(), from),
    )
}

/// The phase in which the new place gets a copy that follows the old one.
pub(crate) fn follow(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends, after: &str) -> PhaseDraft {
    let dba = ground.role("dba");
    let mut phase = build::phase("data", &format!("{} has a copy of all data that follows each write of {}", ends.to, ends.from))
        .after(&[after])
        .owner(dba)
        .users("none: reads and writes go on in the old place; the copy is slowed down when they suffer")
        .back(
            "stop the streams and drop the copies at the target; the old place was only read",
            "none",
            "the old place lists no follower and keeps no log for one",
        )
        .deliver("the comparison of both sides: 0 missing, 0 extra, 0 changed");
    let mut total = 0;
    for system in infra::databases(ground) {
        let (known, from) = facts(ground, system);
        match known.get("bytes") {
            Some(bytes) => total += bytes,
            None => draft.need(format!("how large {system} is"), format!("systems.{system}.facts.size"), &["data", "estimate"]),
        }
        let follow = engine::of(ground, system);
        phase = phase
            .steps(replica::follow(ground, follow, system, &known, &from))
            .step(catch_up(ground, draft, system))
            .step(compare(ground, system, &known, &from));
    }
    match files(ground) {
        Files::None => {}
        Files::Some => {
            draft.need("how much data lies in buckets and file systems", "infra.data", &["data", "estimate"]);
            phase = phase.step(passes(ground, None));
        }
        Files::Bytes(bytes) => {
            total += bytes;
            phase = phase.step(passes(ground, Some(bytes)));
        }
    }
    if total > 0 {
        draft.figure("data", size(total), "spec infra.data and the sizes of the databases");
    }
    if ground.spec.program.rates.copy.is_none()
        && !ground.assessment.is_some_and(|assessment| assessment.rates.iter().any(|rate| rate.what == "copy"))
    {
        draft.need("how fast data goes between the two places", "rates.copy", &["data", "estimate"]);
    }
    phase
        .gate("lag", "the copy is less than 5 seconds behind", metric("lag", None, "<=", MetricValue::Ms(5_000), 3_600), "Segue's own")
        .gate("equal", "both sides are the same", none_of("mismatches"), "Segue's own: a copy that differs is no copy")
}

/// What was written while the copy ran: the growth of a day, where somebody stated it; else nobody knows.
fn catch_up(ground: &Ground<'_>, draft: &mut Draft, system: &str) -> StepDraft {
    let step = build::manual(
        &format!("catch-up-{system}"),
        "wait_for_lag",
        format!("Waits until the copy of {system} has read what was written while it was made"),
        "only a copy that keeps up can be switched to",
        "lag stays below 5 seconds through the busiest hour of a working day",
    )
    .owner(ground.role("dba"))
    .reads();
    let Some(growth) = ground.stated(system).growth_per_day else {
        draft.need(
            format!("how much {system} grows in a day, to know how long its copy takes to catch up"),
            format!("systems.{system}.facts.growth_per_day"),
            &["data", "estimate"],
        );
        return step;
    };
    let from = format!("growth of a day of {system}, stated");
    step.machine("replicate_catchup", 0, [("bytes".to_owned(), growth.0)].into(), &from)
}

fn compare(ground: &Ground<'_>, system: &str, facts: &BTreeMap<String, u64>, from: &str) -> StepDraft {
    build::manual(
        &format!("compare-{system}"),
        "verify_rows",
        format!("Compares all rows of {system} on both sides by their keys, in chunks, and the spec's `checks`"),
        "a count that agrees says nothing of what stands in the rows",
        "0 missing, 0 extra, 0 changed rows; each check gives the same on both sides",
    )
    .owner(ground.role("dba"))
    .reads()
    .machine("verify", 0, facts.clone(), from)
}

/// Files and objects, pass by pass.
fn passes(ground: &Ground<'_>, bytes: Option<u64>) -> StepDraft {
    let facts: BTreeMap<String, u64> = bytes.map(|bytes| ("bytes".to_owned(), bytes)).into_iter().collect();
    let from = if bytes.is_some() { "spec infra.data, less the databases" } else { "nobody stated the size" };
    let before = "SOURCE_REMOTE and TARGET_REMOTE are remotes of rclone with their path; their credentials stand in its own configuration; TARGET_REMOTE is used for nothing else";
    build::shell(
        "files",
        "copy_files",
        "Copies files and objects in passes: the first takes all, each next one what changed",
        "a pass can be ended and started again at any time; the last one, with writers held, is short",
        Shell {
            text: "rclone sync --checksum \"$SOURCE_REMOTE\" \"$TARGET_REMOTE\"\nrclone check \"$SOURCE_REMOTE\" \"$TARGET_REMOTE\""
                .to_owned(),
            before,
            expected: "`0 differences found`; while writers go on, the differences are the files of the last minutes",
        },
    )
    .owner(ground.role("ops"))
    .undo(
        "delete the copy at the target; the old place was only read",
        "0 rows",
        "the target lists no file, and the old place's count is that of before",
    )
    .undo_shell(Shell {
        text: "rclone purge \"$TARGET_REMOTE\"".to_owned(),
        before: "TARGET_REMOTE is the copy at the target and no user reads it; read its name aloud to a second person",
        expected: "`rclone lsf \"$TARGET_REMOTE\"` lists nothing",
    })
    .machine("copy", bytes.unwrap_or(0), facts, from)
}

/// The phase in which the writing side changes place.
pub(crate) fn cutover(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends, after: &str) {
    let dba = ground.role("dba");
    if ground.no_downtime() {
        let message =
            "one side takes writes at a time, so writers wait for some seconds when it changes, and the spec allows no stop".to_owned();
        draft.findings.push(say::finding(
            54,
            Severity::Medium,
            "infra",
            message,
            "Set `limits.downtime` to what a rehearsal measured, or let the pool keep writers waiting and call it slow and not down.",
        ));
        draft.need(
            "how long writers may wait when the writing side changes place, as a rehearsal measures it",
            "limits.downtime",
            &["cutover"],
        );
    } else {
        draft.downtime =
            Some((ground.downtime_ms(), "spec limits.downtime: the switch is stopped and undone when it takes longer".to_owned()));
    }
    let roles: Vec<&str> = ground.spec.owners.keys().map(String::as_str).collect();
    let by: Vec<&str> = if roles.is_empty() { vec!["lead"] } else { roles };
    let count = ground.profile.approvals.value.min(u32::try_from(by.len()).unwrap_or(1));
    let mut phase = build::phase("cutover", &format!("{} takes the writes, and {} follows it", ends.to, ends.from))
        .after(&[after])
        .owner(dba)
        .users("writers wait while the writing side changes; reads go on")
        .back(
            "hold the writers, wait until the stream back has no lag, point them at the old place, let them go on there",
            "writers wait once more for as long as the switch took",
            "the old place's write counter moves, both sides compare equal, and each check of the spec agrees",
        )
        .entry("approval", "people who answer for it say yes", build::people(&by, count), ground.profile.approvals.place)
        .entry("equal", "both sides are the same", none_of("mismatches"), "Segue's own")
        .deliver("the stream back, running, with its lag on the dashboard");
    for system in infra::databases(ground) {
        phase = phase.steps(replica::switch(ground, engine::of(ground, system), system));
    }
    if files(ground) != Files::None {
        phase = with_files(phase, ground);
    }
    let phase = phase.gate(
        "lag",
        "the old place follows and is less than 5 seconds behind",
        metric("lag", None, "<=", MetricValue::Ms(5_000), 600),
        "Segue's own",
    );
    draft.phase(traffic::health(phase, ground, 600));
}

/// The last pass of the files belongs between holding the writers and letting them go on; the passes back come after.
fn with_files(phase: PhaseDraft, ground: &Ground<'_>) -> PhaseDraft {
    let ops = ground.role("ops");
    if !phase.0.steps.iter().any(|step| step.kind == "open_writers") {
        let hold = build::manual(
            "hold-writers-files",
            "hold_writers",
            "Holds whatever writes files",
            "a file that is written after the last pass would be missing",
            "no file of the old place has changed for a minute",
        );
        let open = build::manual(
            "open-files",
            "open_writers",
            "Points whatever writes files at the target and lets it go on there",
            "from here on the target is the side that is written to",
            "a new file appears at the target and none in the old place",
        );
        let hold = hold.owner(ops).lock("writers of files wait for the last pass").undo(
            "let them go on",
            "0 rows",
            "a new file appears in the old place",
        );
        let open = open.owner(ops).until_contract().undo(
            "hold the writers of files, take one pass back, compare, point them at the old place",
            "0 rows: the last pass back runs with writers held",
            "`rclone check` finds 0 differences, and a new file appears in the old place",
        );
        return phase.step(hold).step(last_pass(ground)).step(passes_back(ground)).step(open.people("cutover", 1));
    }
    let mut phase = phase.step(last_pass(ground)).step(passes_back(ground));
    let steps = &mut phase.0.steps;
    let open = steps.iter().position(|step| step.kind == "open_writers").unwrap_or(0);
    let files = steps.split_off(steps.len() - 2);
    steps.splice(open..open, files);
    phase
}

const REMOTES: &str = "SOURCE_REMOTE and TARGET_REMOTE are remotes of rclone with their path; writers of files are held";

fn last_pass(ground: &Ground<'_>) -> StepDraft {
    build::shell(
        "files-last",
        "copy_files",
        "Takes the last pass of the files while writers are held, and compares",
        "what was written since the pass before is minutes of files, not all of them",
        Shell {
            text: "rclone sync --checksum \"$SOURCE_REMOTE\" \"$TARGET_REMOTE\"\nrclone check \"$SOURCE_REMOTE\" \"$TARGET_REMOTE\""
                .to_owned(),
            before: REMOTES,
            expected: "`0 differences found`",
        },
    )
    .owner(ground.role("ops"))
    .lock("writers of files wait for the last pass")
    .undo(
        "let the writers go on in the old place; the copy at the target is behind again",
        "0 rows",
        "a new file appears in the old place",
    )
}

fn passes_back(ground: &Ground<'_>) -> StepDraft {
    build::shell(
        "arm-back-files",
        "arm_back_stream",
        "Starts a timer that copies files from the target back to the old place every five minutes",
        "this is the way back: whatever is written on the target arrives in the old place as well",
        Shell {
            text: "systemd-run --unit=segue-files-back --on-active=5min --on-unit-inactive=5min --setenv=RCLONE_CONFIG=\"$RCLONE_CONFIG\" rclone sync --checksum \"$TARGET_REMOTE\" \"$SOURCE_REMOTE\"".to_owned(),
            before: "the last pass found 0 differences and writers of files are still held; TARGET_REMOTE and SOURCE_REMOTE are remotes of the file that RCLONE_CONFIG names",
            expected: "`systemctl list-timers segue-files-back.timer` shows the next pass, and `systemctl status segue-files-back.service` the last one with status 0",
        },
    )
    .owner(ground.role("ops"))
    .until_contract()
    .undo("stop the timer when writers are held and the last pass back is done", "0 rows", "no timer of that name is listed")
    .undo_shell(Shell {
        text: "systemctl stop segue-files-back.timer\nrclone sync --checksum \"$TARGET_REMOTE\" \"$SOURCE_REMOTE\"\nrclone check \"$TARGET_REMOTE\" \"$SOURCE_REMOTE\"".to_owned(),
        before: REMOTES,
        expected: "`0 differences found`",
    })
    .people("cutover", 1)
}
