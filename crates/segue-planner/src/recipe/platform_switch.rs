//! A whole database from one system to another of another kind: MariaDB to PostgreSQL, Oracle to PostgreSQL.
//!
//! Rows are copied by ranges of their key while a stream carries what changes; the back stream is armed before the
//! target takes its first write. A copy in one window is chosen only where its P95 is known and fits. Tests:
//! `tests/it/project_cases.rs`, `tests/it/project_commands.rs`.

pub(super) mod data;
mod loader;
pub(super) mod way;

use segue_model::finding::Severity;
use segue_model::plan::program::Command;
use segue_model::spec::program::Move;
use segue_model::units::{self, Millis};

use super::build::{self, Shell, StepDraft, none_of};
use super::draft::Draft;
use super::ground::{Ground, Table, size};
use super::script::engine::{self, Engine};
use super::{observed_work, preparation, retire, traffic};
use crate::say::finding;
use way::Way;

/// Both ends with what moves.
pub(super) struct Ends<'a> {
    pub(super) moves: &'a Move,
    pub(super) source: Engine,
    pub(super) target: Engine,
    pub(super) tables: Vec<Table>,
    pub(super) bytes: Option<(u64, &'static str)>,
}

/// The part.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let bare = Move { from: "source".to_owned(), to: "target".to_owned(), ..Move::default() };
    let moves = ground.spec.program.moves.as_ref().unwrap_or(&bare);
    let ends = Ends {
        moves,
        source: engine::of(ground, &moves.from),
        target: engine::of(ground, &moves.to),
        tables: observed_work::tables(ground, moves),
        bytes: ground.bytes(&moves.from),
    };
    let (way, pattern) = way::choose(ground, &ends);
    let mut draft = Draft::new("move", pattern);
    describe(&mut draft, ground, &ends, way);
    draft.phase(prepare(ground, &ends));
    draft.phase(schema(ground, &ends));
    // In one window everything from the first held writer on follows at once: what is tried is tried before.
    let window = way == Way::Window;
    if window {
        draft.phase(data::by_eye(rehearse(ground, &ends, way, "schema"), ground));
    }
    data::phases(&mut draft, ground, &ends, way);
    let verify = data::verify(ground, &ends, "copy");
    draft.phase(if window {
        verify.in_windows(&ground.spec.program.windows).users("writers are held while both sides are compared").back(
            "let the writers go on at the source, where nothing was changed",
            "writers go on at the source",
            "the source's write counter moves again",
        )
    } else {
        data::by_eye(verify, ground)
    });
    if !window {
        draft.phase(rehearse(ground, &ends, way, "verify"));
    }
    let mut before = if window { "verify" } else { "rehearse" };
    if ground.spec.program.rollout.is_some() && way == Way::Stream {
        let division = traffic::Division {
            what: "requests that only read",
            ladder: ground.profile.service,
            after: &["rehearse"],
            users: "reads are served by the target, seconds behind the source at most",
            back: "all reads are served by the source again; writes never left it",
        };
        traffic::shift(&mut draft, ground, &division);
        before = "shift";
    }
    draft.phase(data::cutover(ground, &ends, way, before));
    let old = retire::Old {
        what: &format!("the source ({})", engine::title(ground, &moves.from)),
        after: &["cutover"],
        owner: "dba",
        kept_true: if way == Way::DualWrite {
            "the source follows the target by the second write and its outbox"
        } else {
            "the back stream has every write of the target on the source"
        },
        archive: "a last backup of the source and its definitions",
    };
    retire::retire(&mut draft, ground, &old);
    draft
}

/// Now and then, figures, what is missing, what was found.
fn describe(draft: &mut Draft, ground: &Ground<'_>, ends: &Ends<'_>, way: Way) {
    let moves = ends.moves;
    let (from, to) = (engine::title(ground, &moves.from), engine::title(ground, &moves.to));
    let how = match way {
        Way::Stream => "definitions are converted, rows are copied, changes are streamed, writers are moved",
        Way::DualWrite => "definitions are converted, the application writes to both, rows are copied, writers are moved",
        Way::Window => "definitions are converted; in one window writers are held, rows are copied and compared, and writers are moved",
    };
    draft.aspect("Database", from, to, how);
    let how_much = match (ends.tables.len(), ends.bytes) {
        (0, None) => String::new(),
        (0, Some((bytes, how))) => format!("{} ({how})", size(bytes)),
        (count, None) => units::counted(count as u64, "table"),
        (count, Some((bytes, how))) => format!("{}, {} ({how})", units::counted(count as u64, "table"), size(bytes)),
    };
    draft.aspect("Data", how_much.clone(), how_much, "each row is compared on both sides");
    draft.figure("batch", format!("{} rows", ground.profile.batch_rows.value), ground.profile.batch_rows.place);
    let lag = ground.spec.throttle.max_replication_lag.map_or(5_000, |ms| ms.0);
    let (ms, from) = match ground.downtime_ms() {
        0 => (lag, "writers wait in the pool and none is refused; the switch is given up after throttle.max_replication_lag".to_owned()),
        allowed => (allowed, "limits.downtime: the switch is given up and writers go on at the source when it takes longer".to_owned()),
    };
    draft.findings.extend(super::reasons::writers_wait(ground, "cutover"));
    draft.figure("switch_budget", Millis(ms).to_string(), from.as_str());
    draft.downtime = Some((ms, from));
    if ends.bytes.is_none() && ends.tables.iter().all(|table| table.bytes.is_none()) {
        draft.need(format!("how much data {} holds", moves.from), format!("systems.{}.facts.size", moves.from), &["copy", "estimate"]);
    }
    if ends.tables.is_empty() {
        draft.not_checked.push(format!("the tables of {}: nobody looked at them, so that the copy is one step for all", moves.from));
        draft.need(
            format!("the tables of {} with their rows and keys", moves.from),
            format!("systems.{}", moves.from),
            &["copy", "rollback"],
        );
    }
    if ground.assessment.is_none() {
        draft.not_checked.push(format!("the objects of {}: views, triggers, routines and events have no verdict yet", moves.from));
    }
    for table in ends.tables.iter().filter(|table| !table.keyed) {
        let message = "it has no key: rows cannot be copied in ranges, and a change cannot be found again on the other side";
        draft.findings.push(finding(
            42,
            Severity::High,
            format!("table {}", table.name),
            message,
            "Give it a primary key before the copy, or leave it out with `move.exclude`.",
        ));
    }
    if ground.no_loss() && moves.pattern.as_deref().is_some_and(|name| name.replace('_', "-") == "dual-write") {
        let message = "the spec asks for two writes without a common transaction, and `limits.data_loss` is none: a write that fails on one side is only as safe as the outbox and its repair job";
        let fix = "Leave `move.pattern` out where the source has a log of changes, or state the loss that the business accepts.";
        draft.findings.push(finding(47, Severity::High, "pattern dual-write", message, fix));
    }
    observed_work::statements_needed(draft, ground);
    observed_work::findings(draft, ground, &moves.from);
}

fn prepare(ground: &Ground<'_>, ends: &Ends<'_>) -> build::PhaseDraft {
    let dba = ground.role("dba");
    let phase = preparation::prepare(ground, "what is there is known, the target stands empty, and a backup of the source restores")
        .task(
            format!(
                "Set the target up: {}, with the memory, disk and connections of the source's peak",
                engine::title(ground, &ends.moves.to)
            ),
            dba,
            "resource",
            2,
        )
        .task(
            "List each program that connects: pool, jobs, reports, people; name who changes its address",
            ground.role("lead"),
            "consumer",
            consumers(ground, ends),
        )
        .deliver("an empty target of the right version")
        .deliver("the list of everything that connects");
    preparation::backup(phase, ground, &ends.moves.from)
}

/// Who is known to depend on the source, at least one.
fn consumers(ground: &Ground<'_>, ends: &Ends<'_>) -> u64 {
    let about = ground.spec.program.about.get(&ends.moves.from);
    about.map_or(1, |about| about.dependencies.len().max(1) as u64)
}

fn schema(ground: &Ground<'_>, ends: &Ends<'_>) -> build::PhaseDraft {
    let dba = ground.role("dba");
    let mut phase = build::phase("schema", "the target has every table, key and constraint that the source has, in its own words")
        .after(&["prepare"])
        .owner(dba)
        .step(convert(ends).owner(dba).people("table", (ends.tables.len() as u64).max(1)))
        .back("drop the definitions on the target: nothing uses them yet", "none", "the target lists no table");
    for change in super::imported::changes(ground) {
        phase = phase.step(super::imported::step(ground, change));
    }
    for (column, rule) in &ends.moves.columns {
        let to = rule.to.clone().unwrap_or_else(|| "its target type".to_owned());
        phase = phase.task(
            format!("Convert {column} to {to}, keep rows that do not convert aside, and write the way back"),
            dba,
            "column_conversion",
            1,
        );
    }
    phase = observed_work::tasks(phase, ground, &ends.moves.from, dba);
    phase = counted(phase, ground, ends);
    if observed_work::is_blocked(ground, &ends.moves.from) {
        phase = phase.gate("nothing-blocked", "every object that blocks is solved or left out", build::people(&[dba], 1), "assessment");
    }
    phase
        .gate(
            "reviewed",
            "a person read the converted definitions beside the source's",
            build::people(&[dba], 1),
            ground.profile.approvals.place,
        )
        .task("Read the converted definitions: types, defaults, collations, keys, what has no equal", dba, "review", 2)
        .deliver("the target's definitions in version control")
}

/// Objects that were counted and have no verdict of their own.
fn counted(mut phase: build::PhaseDraft, ground: &Ground<'_>, ends: &Ends<'_>) -> build::PhaseDraft {
    let judged = ground.assessment.is_some_and(|assessment| assessment.objects.iter().any(|object| object.system == ends.moves.from));
    let Some(seen) = ground.seen(&ends.moves.from).filter(|_| !judged) else { return phase };
    for (kind, count) in &seen.counts {
        let key = match kind.as_str() {
            "view" => "view",
            "trigger" => "trigger",
            "routine" | "function" | "procedure" => "routine",
            "event" => "event",
            _ => continue,
        };
        if *count > 0 {
            phase = phase.task(format!("Rewrite {count} × {kind} for the target and try each"), ground.role("dba"), key, *count);
        }
    }
    phase
}

/// The definitions in the target's words.
fn convert(ends: &Ends<'_>) -> StepDraft {
    if ends.source == Engine::Oracle && ends.target == Engine::Postgres {
        return from_oracle(ends);
    }
    let what = format!("Converts the tables of {} to {} and makes them on the target", ends.moves.from, ends.target.name());
    let why = "keys, defaults and constraints must be there before the first row";
    let undo = "drop the tables on the target; the source was only read";
    let loads = matches!(ends.source, Engine::Mysql | Engine::Mariadb | Engine::Sqlite) && ends.target == Engine::Postgres;
    let Some(text) = loads.then(|| loader::text(ends.source, ends.moves)).flatten() else {
        let told = "both sides list the same tables with the same keys, and each difference of a type is written down with its reason";
        return build::manual("definitions", "convert_schema", what, why, told).undo(undo, "0 rows", "the target lists no table");
    };
    build::shell(
        "definitions",
        "convert_schema",
        what,
        why,
        Shell {
            text,
            before: "SOURCE_URL and TARGET_URL name the databases without passwords (MYSQL_PWD and PGPASSFILE have them); the target is empty: tables of the same name are made anew",
            expected: "the summary counts as many tables as are moved, and 0 errors",
        },
    )
    .undo(undo, "0 rows", "the target lists no table")
    .undo_sql(
        "postgres",
        super::script::rows::empty_schema(),
    )
}

/// Oracle's definitions, by ora2pg.
fn from_oracle(ends: &Ends<'_>) -> StepDraft {
    build::shell(
        "definitions",
        "convert_schema",
        format!("Converts the tables of {} to PostgreSQL and makes them on the target", ends.moves.from),
        "keys, defaults and constraints must be there before the first row",
        Shell {
            text: "ora2pg --conf ora2pg.conf --type SHOW_REPORT --estimate_cost > ora2pg.report\nora2pg --conf ora2pg.conf --type TABLE --out tables.sql\npsql --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction --dbname=\"$TARGET_URL\" --file=tables.sql".to_owned(),
            before: "ora2pg.conf names the source and its schema; ORA2PG_USER and ORA2PG_PASSWD are set for a role that reads the catalog; TARGET_URL names the empty target, its password is in PGPASSFILE",
            expected: "it ends with 0; the report's list of objects is gone through one by one",
        },
    )
    .undo("drop the tables on the target; the source was only read", "0 rows", "the target lists no table")
    .undo_sql("postgres", super::script::rows::empty_schema())
}

/// The switch and the way back, once on copies.
pub(super) fn rehearse(ground: &Ground<'_>, ends: &Ends<'_>, way: Way, after: &str) -> build::PhaseDraft {
    let dba = ground.role("dba");
    let back = match way {
        Way::DualWrite => "switch the writes back",
        _ => "let the stream run back",
    };
    let phase = build::phase("rehearse", "the switch and the way back were done once on copies, with their times");
    observed_work::statements(phase, ground)
        .after(&[after])
        .owner(dba)
        .step(
            build::manual(
                "switch-and-back",
                "rehearse",
                format!("On copies of both sides: hold writers, switch, write on the target, {back}, compare; take the time of each step"),
                "a way back that was never gone is a hope",
                "the times of each step are written into the runbook, and both copies compared equal after the way back",
            )
            .owner(dba)
            .reads()
            .people("rehearsal", 2),
        )
        .step(
            build::manual(
                "load",
                "load_test",
                format!(
                    "Plays {} times the ordinary load of {} against the target",
                    ground.profile.load_factor.value,
                    engine::title(ground, &ends.moves.from)
                ),
                "the same query has another plan on another engine",
                "p95 of the ten most frequent and the ten slowest statements is within the gate's limit",
            )
            .owner(ground.role("developer"))
            .reads()
            .people("load_test", 1),
        )
        .gate("rehearsed", "the way back was gone on copies and lost nothing", build::people(&[dba], 1), ground.profile.load_factor.place)
        .back("nothing to go back from: it ran on copies", "none", "not needed")
        .deliver("measured times of the switch and of the way back")
}

/// A document of settings with the step that gives it to the worker.
pub(super) fn settings(id: &str, what: String, command: Command) -> StepDraft {
    build::settings(id, "write_settings", what, "settings in version control can be read and given again", command).undo(
        "delete the file",
        "0 rows",
        "the file is gone",
    )
}

/// The gates after rows were copied.
pub(super) fn no_row_aside(phase: build::PhaseDraft) -> build::PhaseDraft {
    phase.gate("rows-rejected", "no row was kept aside", none_of("rows_rejected"), "profile segue")
}
