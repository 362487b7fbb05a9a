//! Phases that changes of place share after the target stands: a pilot, a rehearsal, traffic, the end.
//!
//! Requests move first and writes last: the new place's instances write across the link to the old one until the
//! cut-over, so there is one writing side at any moment. Tests: `tests/it/project_recipes_infra.rs`.

use super::build::{self, PhaseDraft, none_of};
use super::draft::Draft;
use super::ground::Ground;
use super::infra::Ends;
use super::infra_data;
use super::retire::{self, Old};
use super::traffic::{self, Division};

/// Something whose failure hurts nobody goes first.
pub(crate) fn pilot(ground: &Ground<'_>, ends: &Ends, after: &str) -> PhaseDraft {
    let ops = ground.role("ops");
    let mut small: Vec<String> = ground
        .spec
        .program
        .about
        .values()
        .flat_map(|about| &about.dependencies)
        .filter(|one| !one.blocking)
        .map(|one| one.name.clone())
        .collect();
    small.sort();
    small.dedup();
    let what = if small.is_empty() { "the workload whose failure hurts least".to_owned() } else { format!("one of {}", small.join(", ")) };
    let phase = build::phase(
        "pilot",
        &format!("one workload that is not critical runs at {} for a week, and the procedure is corrected by it", ends.to),
    )
    .after(&[after])
    .owner(ops)
    .users("users of one workload that is not critical")
    .back(
        "start the workload in the old place again; it was stopped there and not taken away",
        "users of that workload are served by the old place again",
        "its error rate and p95 are those of the baseline",
    )
    .deliver("performance and cost of a week against the model")
    .deliver("the procedure, corrected")
    .step(
        build::manual(
            "pilot",
            "move_workload",
            format!("Moves {what} by the same procedure as all others"),
            "the procedure is tried where a fault is cheap, and the cost model meets a real bill",
            "a week without an alert, its p95 within the gate, its bill within a tenth of the model",
        )
        .owner(ops)
        .undo(
            "start it in the old place again",
            "0 rows: what it writes is still in the old place",
            "its error rate and p95 are those of the baseline",
        )
        .waits("soak", 604_800, "Segue's own: a week")
        .people("resource", 3),
    )
    .task("Correct procedure, cost model and dashboards by what the pilot showed", ground.role("lead"), "review", 2);
    traffic::health(phase, ground, 3_600)
}

/// The rehearsal: load, loss of a part, the way there and back.
pub(crate) fn prove(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends, after: &str) -> PhaseDraft {
    let profile = &ground.profile;
    let factor = profile.load_factor.value;
    let oncall = ground.role("oncall");
    let carries = infra_data::carries(ground);
    draft.figure("load_test", format!("{factor} times the ordinary load"), profile.load_factor.place);
    build::phase(
        "prove",
        &format!(
            "{} carries {factor} times the ordinary load, survives the loss of a part, and the way there and back was gone once",
            ends.to
        ),
    )
    .after(&[after])
    .owner(oncall)
    .back("nothing to undo: it ran on copies", "none", "the copies are gone, and the old place's figures are those of the baseline")
    .deliver("the report of the load test, the times of the rehearsal there and back")
    .deliver("recovery procedures for the target, tried once")
    .step(
        build::manual(
            "load",
            "load_test",
            format!("Loads the target with {factor} times the ordinary requests a second, on a copy of the data"),
            "machines of the same size are not equally quick, and limits of accounts show only under load",
            "error rate and p95 stay within the gates of the canary for the whole test; no quota was met",
        )
        .owner(oncall)
        .reads()
        .people("load_test", 1),
    )
    .step(
        build::manual(
            "recovery",
            "test_recovery",
            if carries {
                    "Takes a zone away, restores last night's backup of the target, and reads a table from it"
                } else {
                    "Takes a machine of the target away while it is loaded, and makes the target anew from its definitions"
                },
            "the target must survive what the old place survives before it carries users",
            if carries {
                    "requests of the test go on after the zone is gone; the restored table has yesterday's last row; both times are written down"
                } else {
                    "requests of the test go on after the machine is gone; the new target passes the same health checks; both times are written down"
                },
        )
        .owner(oncall)
        .reads()
        .people("backup_restore_test", 1),
    )
    .step(
        build::manual(
            "rehearse",
            "rehearse",
            "Goes the whole way there and back on copies, by the runbook, with the people and the clock of the day",
            "a way back that was never gone is a hope",
            "both ways ended, 0 rows differ, and the longest wait of a writer is written down",
        )
        .owner(ground.role("lead"))
        .reads()
        .people("rehearsal", 2),
    )
    .gate("features", "no critical feature fails", none_of("critical_features_failing"), "document 002, Success Criteria: all critical features working")
}

/// Canary, shift, the writing side, watch, retire.
pub(crate) fn move_users(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends, after: &str, what: &str) {
    let division = Division {
        what,
        ladder: ground.profile.service,
        after: &[after],
        users: "requests that ask the data of the old place across the link may be slower until the cut-over",
        back: "all writes still go to the old place, so nothing has to flow back",
    };
    traffic::shift(draft, ground, &division);
    let carries = infra_data::carries(ground);
    if carries {
        infra_data::cutover(ground, draft, ends, "shift");
    }
    let before: &[&str] = if carries { &["cutover"] } else { &["shift"] };
    finish(ground, draft, ends, before, carries);
}

/// Watch and retire.
pub(crate) fn finish(ground: &Ground<'_>, draft: &mut Draft, ends: &Ends, after: &[&str], carries: bool) {
    let kept_true = if carries {
        "the old place follows each write of the new one, so going back loses nothing"
    } else {
        "the old place stands as it was and holds no data of its own"
    };
    let archive = format!("the definitions and the last state of {}, its logs, and a copy of its data where rules ask for one", ends.from);
    let what = if ends.from == ends.to { "the old place".to_owned() } else { ends.from.clone() };
    retire::retire(draft, ground, &Old { what: &what, after, owner: "ops", kept_true, archive: &archive });
    let ttl = build::manual(
        "raise-ttl",
        "raise_ttl",
        "Raises the time to live of the names to what it was",
        "a short one asks resolvers far more often",
        "a resolver answers with the value from before",
    )
    .owner(ground.role("ops"))
    .undo("lower it again", "0 rows", "a resolver answers with 60 seconds")
    .people("network", 1);
    super::code_phase::before_last(draft, "retire", ttl);
}
