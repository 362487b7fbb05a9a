//! From a service that one runs oneself to one that a provider runs: replicate, read there, switch the writes.
//!
//! What a managed service does not allow is found before anything is copied. Tests: `tests/it/project_recipes_infra.rs`.

use super::build::{self, PhaseDraft, Shell, StepDraft};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::infra::Ends;
use super::{infra, infra_data, infra_phase, reasons, traffic};

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let ends = infra::ends(ground, "self-hosted", "managed");
    let mut draft = Draft::new(
        "infra",
        pattern(
            "replicate, read, switch",
            format!(
                "{} follows {} until both are the same; reads try it first, then the writes change over, and the old one follows back",
                ends.to, ends.from
            ),
            &[
                reasons::big_bang(ground, &ends.to),
                ("backup and restore", format!("writes would stop for as long as it takes: {}", reasons::downtime(ground))),
                (
                    "writes to both by the application",
                    "two writes without one transaction drift apart at the first error; the stream of the database does not".to_owned(),
                ),
            ],
        ),
    );
    infra::mapping(ground, &mut draft, &ends);
    let prepare = infra::prepare(ground, &mut draft, &ends, "what the managed service allows is compared with what is used")
        .task(
            "What the provider does and does not do: patches, versions and their end, windows, backups, support, exit",
            ground.role("lead"),
            "review",
            2,
        )
        .steps(limits(ground));
    draft.phase(prepare);
    draft.phase(infra::network(ground, &ends, "prepare"));
    draft.phase(infra::target(ground, &ends, "network"));
    let carries = infra_data::carries(ground);
    if carries {
        let data = infra_data::follow(ground, &mut draft, &ends, "target");
        draft.phase(data);
    } else if ground.spec.program.moves.is_none() {
        draft.need("which service it is, with its data", "systems", &["data", "cutover"]);
    }
    let prove = infra_phase::prove(ground, &mut draft, &ends, if carries { "data" } else { "target" });
    draft.phase(prove);
    if carries {
        draft.phase(reads(ground, &ends));
        infra_data::cutover(ground, &mut draft, &ends, "canary");
        infra_phase::finish(ground, &mut draft, &ends, &["cutover"], true);
    } else {
        infra_phase::move_users(ground, &mut draft, &ends, "prove", "clients of the service");
    }
    draft
}

/// What is used, so that it can be compared with what is allowed.
fn limits(ground: &Ground<'_>) -> Vec<StepDraft> {
    let mut steps = Vec::new();
    for system in infra::databases(ground) {
        let (text, before) = match ground.dialect(system) {
            Some("postgres") => (
                "psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$SOURCE_URL\" --command='\\dx' --command='\\du' --command='\\dconfig' --command='\\db+'",
                "SOURCE_URL names the database, the password is in PGPASSFILE; psql is 15 or newer",
            ),
            _ => (
                "mysql --defaults-extra-file=\"$SOURCE_CNF\" --table --execute='show plugins; show global variables; show engines'",
                "SOURCE_CNF is an option file with host, user and password",
            ),
        };
        steps.push(
            build::shell(
                &format!("used-{system}"),
                "list_features",
                format!("Lists extensions, roles, settings that are not the default and storage places of {system}"),
                "what a managed service does not allow (superuser, files, extensions, plugins) stops the move on its last day",
                Shell {
                    text: text.to_owned(),
                    before,
                    expected: "a list; each line is allowed at the target, has a replacement, or is not needed",
                },
            )
            .owner(ground.role("dba"))
            .reads()
            .people("review", 2),
        );
    }
    steps.push(
        build::manual(
            "lost",
            "list_losses",
            "Writes down what nobody can do any more at the target: log in to the machine, read its files, be superuser, choose the minute of a patch; and who did it until now",
            "runbooks for the night name these commands",
            "each line has a new way (view, API, ticket) that was tried, and the runbooks name it",
        )
        .owner(ground.role("oncall"))
        .reads()
        .people("runbook", 1),
    );
    steps
}

/// Reads that can bear a copy go to the managed service first.
fn reads(ground: &Ground<'_>, ends: &Ends) -> PhaseDraft {
    let (steps, hold_s, from) = ground.ladder(ground.profile.service);
    let first = super::ground::share(steps.first().copied().unwrap_or(1_000));
    let phase = build::phase("canary", &format!("a share of the reads comes from {}, and nothing is worse for them", ends.to))
        .after(&["prove"])
        .owner(ground.role("oncall"))
        .users("reads of a share of users may be as old as the lag")
        .hold(hold_s, &from)
        .back("point the reads at the old side: one setting", "reads come from the old side again", "the old side's read counter is that of the baseline")
        .step(
            build::manual(
                "reads",
                "set_share",
                format!("Sends {first} of the reads that can bear a few seconds of age to {}: reports, lists, searches; never a read after a write of the same user", ends.to),
                "plans of queries, memory and network are then known before a write depends on them",
                "the target's read counter shows the share, its p95 is within the gate, and no user reported an old value",
            )
            .owner(ground.role("oncall"))
            .undo("point the reads at the old side", "0 rows", "the target's read counter stands still")
            .people("cutover", 1),
        );
    traffic::health(phase, ground, hold_s.min(3_600))
}
