//! What every migration prepares before anything moves: what is there today, a backup that restores, eyes on both sides,
//! a rehearsal. Each recipe adds its own steps.

use super::build::{self, PhaseDraft, Shell};
use super::ground::Ground;

/// The phase `prepare` with what all kinds share.
pub(crate) fn prepare(ground: &Ground<'_>, goal: &str) -> PhaseDraft {
    let mut phase = build::phase("prepare", goal)
        .owner(ground.role("lead"))
        .task("Record what is there today: versions, sizes, load, known problems", ground.role("lead"), "review", 1)
        .task("Dashboards for both sides: error rate, p95, throughput, saturation, business figures", ground.role("oncall"), "dashboard", 1)
        .task("Alerts for each trigger of the plan", ground.role("oncall"), "alert", 3)
        .task("Read the runbook aloud with everybody who has a step in it", ground.role("lead"), "runbook", 1)
        .deliver("baseline figures of the old side")
        .deliver("dashboards and alerts for both sides")
        .deliver("a runbook that everybody with a step in it has read")
        .back(
            "remove what was added for the new side; nothing of the old side was changed",
            "none",
            "the old side's baseline figures, measured again",
        )
        .step(
            build::shell(
                "assess",
                "assess",
                "Looks at every system of the spec and writes what is there",
                "estimates, verdicts and risks stand on what was measured, not on what is remembered",
                Shell {
                    text: "segue assess -f \"${SEGUE_SPEC:-segue.yaml}\" -o assessment.json\nsegue plan -f \"${SEGUE_SPEC:-segue.yaml}\" --assessment assessment.json -o plan.segue".to_owned(),
                    before: "SEGUE_SPEC names this spec, unless it is segue.yaml here; the variables that `systems` refers to are set; the accounts may read the catalog",
                    expected: "assessment.json is there, and its list of what was not checked is empty or accepted",
                },
            )
            .reads()
            .people("review", 1),
        );
    for list in &ground.spec.program.compliance {
        phase = phase.task(
            format!("Evidence for {}: who may see the data, where it lies, how long it is kept, who approved", list.to_uppercase()),
            ground.role("compliance"),
            "compliance",
            1,
        );
    }
    phase
}

/// A backup of a database before anything is touched, by its own tool, with the proof that it restores.
pub(crate) fn backup(phase: PhaseDraft, ground: &Ground<'_>, system: &str) -> PhaseDraft {
    let owner = ground.role("dba");
    let bytes = ground.bytes(system);
    let facts = bytes.map(|(bytes, _)| [("bytes".to_owned(), bytes)].into()).unwrap_or_default();
    let from = bytes.map_or("nobody stated the size".to_owned(), |(_, how)| format!("size of {system}, {how}"));
    let (text, before) = match super::script::engine::of(ground, system).dialect() {
        Some("postgres") => (
            "pg_dump --format=custom --no-password --dbname=\"$SOURCE_URL\" --file=source.dump\npg_restore --list source.dump > source.list\ntest -s source.list",
            "SOURCE_URL names the database; the password is in PGPASSFILE; the folder has room for the dump",
        ),
        Some("mysql") => (
            "mysqldump --defaults-extra-file=\"$SOURCE_CNF\" --single-transaction --routines --triggers --events --databases \"$SOURCE_DATABASE\" > source.sql\ntail -n 1 source.sql | grep -q 'Dump completed'",
            "SOURCE_CNF is an option file with host, user and password; SOURCE_DATABASE is its name; the folder has room for the dump",
        ),
        Some(_) => (
            "sqlite3 \"$SOURCE_FILE\" \".backup 'source.db'\"\ntest \"$(sqlite3 source.db 'pragma integrity_check')\" = ok",
            "SOURCE_FILE is the path of the database file",
        ),
        None => {
            let step = build::manual(
                "backup",
                "backup",
                format!("A backup of {system}, by its own tool"),
                "it is the last resort when everything else failed; it is not the way back: writes after it are not in it",
                "the backup of today was restored elsewhere and read",
            );
            return phase.step(step.owner(owner).reads().people("backup_restore_test", 1));
        }
    };
    phase.step(
        build::shell(
            "backup",
            "backup",
            format!("Writes a backup of {system} and checks that it can be read"),
            "it is the last resort when everything else failed; it is not the way back: writes after it are not in it",
            Shell {
                text: text.to_owned(),
                before,
                expected: "the command ends with 0; restore it once on another machine and read a table",
            },
        )
        .owner(owner)
        .reads()
        .machine("backup", bytes.map_or(0, |(bytes, _)| bytes), facts, &from)
        .people("backup_restore_test", 1),
    )
}
