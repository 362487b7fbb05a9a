//! The end: the old side is kept until nobody can miss it, then archived and let go. The only step without a way back
//! says what is kept, where and until when.

use super::build;
use super::draft::Draft;
use super::ground::Ground;

/// What is let go.
pub(crate) struct Old<'a> {
    /// `the MariaDB server`, `version 1 of the API`.
    pub(crate) what: &'a str,
    /// The phases that must be over.
    pub(crate) after: &'a [&'a str],
    /// Who lets it go.
    pub(crate) owner: &'static str,
    /// How the way back stays open while it is kept.
    pub(crate) kept_true: &'a str,
    /// What is archived before it goes; empty where there is nothing to keep.
    pub(crate) archive: &'a str,
}

/// The phases `watch` and `retire`.
pub(crate) fn retire(draft: &mut Draft, ground: &Ground<'_>, old: &Old<'_>) {
    let (keep_s, from) = ground.keep_old();
    let watch_s = ground.profile.watch_s.value.min(keep_s);
    draft.figure("keep_old", segue_model::units::Millis(keep_s * 1_000).to_string(), from.as_str());
    draft.figure("watch", segue_model::units::Millis(watch_s * 1_000).to_string(), ground.profile.watch_s.place);
    let watch = build::phase("watch", "the new side carries the whole load and nobody misses the old one")
        .after(old.after)
        .owner(ground.role("oncall"))
        .task("Go through the dashboards and the list of what users reported, each working day", ground.role("oncall"), "review", 3)
        .task("Tune what is slower than before", ground.role(old.owner), "query_rewrite", 2)
        .deliver("a signed list of what users reported and what was done")
        .hold(watch_s, ground.profile.watch_s.place)
        .back(
            &format!("go back phase by phase, the last one first, each by its own way back; {}", old.kept_true),
            "users are served by the old side again",
            "the old side's error rate and p95 are those of the baseline",
        );
    draft.phase(super::traffic::health(watch, ground, 3_600));
    let archive = if old.archive.is_empty() { "what the team wants to read later".to_owned() } else { old.archive.to_owned() };
    let kept = format!(
        "nothing brings it back; what stays is {archive}, where the team keeps its archives, for as long as the rules of the business ask"
    );
    let retire = build::phase("retire", &format!("{} is gone, and what must be kept is archived", old.what))
        .after(&["watch"])
        .owner(ground.role(old.owner))
        .hold(keep_s.saturating_sub(watch_s), &from)
        .entry(
            "approval",
            "the people who answer for it say that nobody needs the old side",
            build::people(&["lead"], 1),
            ground.profile.keep_old_s.place,
        )
        .task("Documentation, runbooks and recovery procedures name the new side alone", ground.role("lead"), "documentation", 2)
        .task("A look back: what went well, what did not, what the plan got wrong", ground.role("lead"), "review", 2)
        .deliver("the archive, listed and read once")
        .deliver("documentation that names the new side alone")
        .step(
            build::manual(
                "archive",
                "archive",
                format!("Archives {archive}"),
                "what is gone cannot be asked",
                "the archive was read on another machine: its list is complete and one part of it was restored",
            )
            .owner(ground.role(old.owner))
            .reads()
            .people("backup_restore_test", 1),
        )
        .steps(close(ground, old, &kept))
        .step(
            build::manual(
                "decommission",
                "decommission",
                format!("Lets {} go", old.what),
                "two sides cost twice and drift apart",
                "nothing answers at the old side's address, its credentials are revoked, and its cost has ended",
            )
            .owner(ground.role(old.owner))
            .last(&kept)
            .people("decommission", 1),
        )
        .last(&kept);
    draft.phase(retire);
}

/// A stream that runs on after its reader is gone fills the disk of the side that is written to.
fn close(ground: &Ground<'_>, old: &Old<'_>, kept: &str) -> Option<build::StepDraft> {
    let streams = ["stream", "follow"].iter().any(|word| old.kept_true.contains(word));
    streams.then(|| {
        build::manual(
            "close-the-way-back",
            "end_back_stream",
            "Ends what kept the way back open: readers, slots, publications, connectors, outboxes, and the accounts that they used",
            "a log that is kept for a reader who is gone fills the disk of the side that everybody writes to",
            "the new side lists no reader of its log and keeps no log for one, and its free disk grows again",
        )
        .owner(ground.role(old.owner))
        .last(kept)
    })
}
