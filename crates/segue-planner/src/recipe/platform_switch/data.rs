//! The data itself: streams set up, tables copied, both sides compared, writers switched.
//!
//! Each known table is a step of its own with its rows and bytes; what is critical comes first, so that it is watched
//! longest. Tests: `tests/it/project_cases.rs`.

use std::collections::BTreeMap;

use segue_model::plan::Condition;
use segue_model::spec::program::MetricValue;

use super::way::{self, Way};
use super::{Ends, no_row_aside, settings};
use crate::estimate::words;
use crate::recipe::build::{self, PhaseDraft, Shell, StepDraft, metric, none_of};
use crate::recipe::draft::Draft;
use crate::recipe::ground::{Ground, Table};
use crate::recipe::script::debezium::{self, Direction};
use crate::recipe::script::engine::Engine;
use crate::recipe::script::rows;

/// The phases that bring rows over.
pub(super) fn phases(draft: &mut Draft, ground: &Ground<'_>, ends: &Ends<'_>, way: Way) {
    draft.findings.extend(way::findings(way, ground, ends));
    match way {
        Way::Stream => {
            draft.phase(stream(ground, ends));
            draft.phase(copy(ground, ends, way, "stream"));
        }
        Way::DualWrite => {
            draft.phase(both(ground));
            draft.phase(copy(ground, ends, way, "dual-write"));
        }
        Way::Window => draft.phase(copy(ground, ends, way, "rehearse")),
    }
}

fn direction(ground: &Ground<'_>, ends: &Ends<'_>, back: bool) -> Direction {
    let chunk = ground.profile.batch_rows.value;
    if back {
        Direction { name: "back", from: ends.target, to: ends.source, read: "TARGET", written: "SOURCE", chunk }
    } else {
        Direction { name: "forward", from: ends.source, to: ends.target, read: "SOURCE", written: "TARGET", chunk }
    }
}

const CONNECT: &str = "CONNECT_URL is the address of a Kafka Connect worker with Debezium, whose `config.providers` has `env` and whose environment has the hosts, users and passwords of both sides";

/// A stream in one direction as steps.
fn connectors(ground: &Ground<'_>, ends: &Ends<'_>, back: bool) -> Vec<StepDraft> {
    let direction = direction(ground, ends, back);
    let dba = ground.role("dba");
    let (from, to) = if back { ("target", "source") } else { ("source", "target") };
    let name = direction.name;
    if !debezium::fits(direction.from, direction.to) {
        let how = if direction.from == Engine::Sqlite || direction.to == Engine::Sqlite {
            "a trigger on each table writes each change into an outbox table in the same transaction, and a job applies the outbox in its order"
        } else {
            "by a tool that both can"
        };
        let step = build::manual(
            &format!("{name}-stream"),
            "stream",
            format!("Carries every change from the {from} to the {to}: {how}"),
            "writers go on while rows move",
            "a test row that is inserted, changed and deleted on one side is inserted, changed and deleted on the other within seconds",
        );
        return vec![step.owner(dba).undo(
            "stop the stream and remove what it made; rows of the side that is read stay",
            "0 rows",
            "the side that is read lists no follower",
        )];
    }
    let exclude = if back { &[][..] } else { ends.moves.exclude.as_slice() };
    // One direction at a time: a stream that runs both ways would send each change round for ever.
    let stop = if back { format!("{}\n", debezium::stop(&self::direction(ground, ends, false))) } else { String::new() };
    let start = format!("{stop}{}", debezium::start(&direction));
    let what = if back { "Ends the forward stream and starts the one" } else { "Starts the stream" };
    let forward = || debezium::start(&self::direction(ground, ends, false));
    let (undo, undone) = if back {
        (
            "stop it and let the target follow again from where it was; writers are still held, so that nothing is lost",
            format!("{}\n{}", debezium::stop(&direction), forward()),
        )
    } else {
        ("stop the stream; the side that is read keeps its rows", debezium::stop(&direction))
    };
    vec![
        settings(
            &format!("{name}-reader"),
            format!("Settings of the connector that reads the {from}'s log"),
            debezium::reader(&direction, exclude),
        )
        .owner(dba),
        settings(&format!("{name}-writer"), format!("Settings of the connector that writes to the {to}"), debezium::writer(&direction))
            .owner(dba),
        build::shell(
            &format!("{name}-start"),
            "stream",
            format!("{what} from the {from} to the {to}"),
            "from here on no change of the side that is read is missed",
            Shell { text: start, before: CONNECT, expected: "both states are RUNNING and each task is RUNNING" },
        )
        .owner(dba)
        .undo(
            undo,
            "0 rows",
            "the connect worker lists the connectors of one direction at most, and no slot or binlog reader of the other is left",
        )
        .undo_shell(Shell { text: undone, before: CONNECT, expected: "the two connectors of this direction are gone" }),
    ]
}

fn stream(ground: &Ground<'_>, ends: &Ends<'_>) -> PhaseDraft {
    build::phase("stream", "every change of the source from now on reaches the target")
        .after(&["schema"])
        .owner(ground.role("dba"))
        .steps(connectors(ground, ends, false))
        .task(
            "Alert on lag, on a stopped task, on the rejected topic, and on the log that the source keeps for the stream",
            ground.role("oncall"),
            "alert",
            4,
        )
        .gate("lag", "the stream keeps up", lag(ground, 600), lag_from(ground))
        .back("stop the stream; nothing reads from the target yet", "none", "the source lists no reader of its log")
        .deliver("a stream with alerts")
}

/// The target keeps up.
pub(in crate::recipe) fn lag(ground: &Ground<'_>, for_s: u64) -> Condition {
    lag_of(ground, "target", for_s)
}

/// A side keeps up with the other.
pub(in crate::recipe) fn lag_of(ground: &Ground<'_>, side: &str, for_s: u64) -> Condition {
    let limit = ground.spec.throttle.max_replication_lag.map_or(5_000, |ms| ms.0);
    metric("lag", Some(side), "<=", MetricValue::Ms(limit), for_s)
}

/// Seconds after which a switch is given up.
pub(in crate::recipe) fn budget(ground: &Ground<'_>) -> u64 {
    let lag = ground.spec.throttle.max_replication_lag.map_or(5_000, |ms| ms.0);
    let allowed = ground.downtime_ms();
    (if allowed == 0 { lag } else { allowed }).div_ceil(1_000)
}

/// Where that limit comes from.
pub(in crate::recipe) fn lag_from(ground: &Ground<'_>) -> &'static str {
    if ground.spec.throttle.max_replication_lag.is_some() {
        "spec throttle.max_replication_lag"
    } else {
        "profile segue (throttle.max_replication_lag)"
    }
}

fn both(ground: &Ground<'_>) -> PhaseDraft {
    let undo = "take the second write out by its flag; the source has every row";
    build::phase("dual-write", "each write goes to both sides, and what failed on one is known and repaired")
        .after(&["schema"])
        .owner(ground.role("developer"))
        .step(
            build::manual(
                "both-sides",
                "dual_write",
                "The application writes to the source, then to the target in the same request, behind a flag; a failed second write goes into an outbox on the source, in the source's transaction",
                "the source stays right whatever the target does, and nothing that failed is forgotten",
                "the outbox is empty for an hour under ordinary load, and a target that was stopped on purpose is caught up by the repair job",
            )
            .owner(ground.role("developer"))
            .undo(undo, "0 rows", "the target's write counter stands still, the source's moves")
            .people("endpoint", 4),
        )
        .gate("mismatches", "the repair job finds nothing that the outbox does not know", none_of("mismatches"), "profile segue")
        .back(undo, "none", "the source's error rate is the baseline's")
}

fn copy(ground: &Ground<'_>, ends: &Ends<'_>, way: Way, after: &'static str) -> PhaseDraft {
    let mut phase = build::phase("copy", "each row of the source is on the target").after(&[after]).owner(ground.role("dba")).back(
        "stop the copy and empty the tables of the target",
        "none",
        "the target's tables are empty",
    );
    if way == Way::Window {
        phase = phase
            .back(
                "stop the copy, let the writers go on at the source, and empty the tables of the target",
                "writers go on at the source",
                "the source's write counter moves again, and the target's tables are empty",
            )
            .in_windows(&ground.spec.program.windows)
            .users("writers are held while rows are copied")
            .entry(
                "approval",
                "the people who answer for it say that writers may stop now",
                build::people(&["lead"], 1),
                ground.profile.approvals.place,
            );
        phase = phase.step(
            build::manual(
                "hold-writers",
                "hold_writers",
                "Holds every writer of the source",
                "a row written during the copy would be missed",
                "the source's write counter stands still",
            )
            .lock("writers wait for as long as the copy and the comparison take")
            .owner(ground.role("dba"))
            .undo("let the writers go on at the source", "0 rows", "the source's write counter moves again"),
        );
    }
    if ends.tables.is_empty() {
        let bytes = ends.bytes.map_or(0, |(bytes, _)| bytes);
        let facts = whole(ground, ends);
        let from = ends.bytes.map_or_else(|| "nobody stated the size".to_owned(), |(_, how)| format!("size of {}, {how}", ends.moves.from));
        let step = build::manual(
            "all",
            "copy_table",
            "Copies every table in ranges of its key, a batch at a time, from the last key that arrived",
            "a copy that was stopped goes on where it was, and no page of rows is skipped when rows are deleted meanwhile",
            "each table has as many rows on both sides, and the last key of each is written down",
        );
        phase = phase.step(finished(step, ground).machine("copy", bytes, facts, &from));
    }
    for table in &ends.tables {
        phase = phase.step(one(ground, ends, way, table));
    }
    phase = no_row_aside(phase).deliver("a count of rows by table on both sides");
    if way == Way::Stream { phase.gate("lag", "the stream caught up behind the copy", lag(ground, 3_600), lag_from(ground)) } else { phase }
}

/// Bytes and rows of everything, as far as they are known.
fn whole(ground: &Ground<'_>, ends: &Ends<'_>) -> BTreeMap<String, u64> {
    let bytes = ends.bytes.map(|(bytes, _)| ("bytes".to_owned(), bytes));
    let rows = ground.stated(&ends.moves.from).rows.map(|rows| ("rows".to_owned(), rows));
    bytes.into_iter().chain(rows).collect()
}

fn finished(step: StepDraft, ground: &Ground<'_>) -> StepDraft {
    step.owner(ground.role("dba")).undo(
        "empty the table on the target and copy it again from its first key; the source was only read",
        "0 rows",
        "the table on the target is empty",
    )
}

/// One table.
fn one(ground: &Ground<'_>, ends: &Ends<'_>, way: Way, table: &Table) -> StepDraft {
    let rows = table.rows.map_or_else(|| "its rows".to_owned(), |rows| words::count(rows, "row"));
    let critical = if table.critical { ", critical: it comes first and is watched longest" } else { "" };
    let how = if table.keyed { "in ranges of its key" } else { "as a whole, because it has no key" };
    let what = format!("Copies {rows} of {} {how}{critical}", table.name);
    let why = match way {
        Way::Stream => "rows that change meanwhile arrive by the stream, and the newer one wins",
        Way::DualWrite => "rows that change meanwhile are written to both sides by the application, and the newer one wins",
        Way::Window => "writers are held, so that what is copied is everything",
    };
    let signal = rows::copy_signal(ends.source, &table.name)
        .filter(|_| way == Way::Stream && table.keyed && debezium::fits(ends.source, ends.target));
    let step = match (signal, ends.source.dialect()) {
        (Some(text), Some(dialect)) => build::sql(
            &table.name,
            "copy_table",
            what,
            why,
            dialect,
            Shell {
                text,
                before: "run on the source; the forward stream is RUNNING; a stopped copy goes on where it was",
                expected: "the reader's log says that the incremental snapshot of the table is completed",
            },
        ),
        _ => build::manual(
            &table.name,
            "copy_table",
            what,
            why,
            "the table has as many rows on both sides, and the last key is written down",
        ),
    };
    let step = match (rows::empty(ends.target, &table.name), ends.target.dialect()) {
        (Some(text), Some(dialect)) => finished(step, ground).undo_sql(
            dialect,
            Shell {
                text,
                before: "run on the target; the stream is stopped, and no application reads there yet",
                expected: "the table on the target has 0 rows",
            },
        ),
        _ => finished(step, ground),
    };
    step.machine("copy", table.bytes.unwrap_or(0), table.facts(), &table.from)
}

/// Every row and every rule compared, while writers go on.
///
/// Where the copy was made in one window, writers wait for it: it runs in the same one.
pub(in crate::recipe) fn verify(ground: &Ground<'_>, ends: &Ends<'_>, after: &str) -> PhaseDraft {
    let dba = ground.role("dba");
    let mut phase = build::phase("verify", "both sides agree on every row and on every business rule")
        .after(&[after])
        .owner(dba)
        .back("nothing to go back from: it only reads", "none", "not needed")
        .gate("mismatches", "0 rows are missing, extra or different", none_of("mismatches"), "profile segue")
        .deliver("a report of the comparison by table");
    let compare = |name: &str, what: String, table: Option<&str>| {
        let why = "counts alone miss a changed row, and a comparison in one direction misses an extra one";
        let told = "0 missing, 0 extra, 0 changed; each difference was looked at, repaired and compared again";
        let step = match own_comparison(ground, ends, table) {
            Some(text) => build::shell(name, "verify_rows", what, why, Shell { text, before: COMPARED, expected: told }),
            None => build::manual(name, "verify_rows", what, why, told),
        };
        step.owner(dba).reads()
    };
    if ends.tables.is_empty() {
        let bytes = ends.bytes.map_or(0, |(bytes, _)| bytes);
        let facts = whole(ground, ends);
        let from = ends.bytes.map_or("nobody stated the size", |(_, how)| how);
        phase = phase.step(
            compare(
                "all",
                "Compares every table: counts and a checksum of each whole row, by ranges of the key, in both directions".to_owned(),
                None,
            )
            .machine("verify", bytes, facts, from),
        );
    }
    for table in &ends.tables {
        let mut facts = table.facts();
        facts.remove("indexes");
        facts.remove("columns");
        let critical = if table.critical { ", first and again after the copy of the others, because it is critical" } else { "" };
        let how = if table.keyed { "by ranges of the key" } else { "as a bag of rows, because it has no key" };
        let what = format!("Compares {}: counts and a checksum of each whole row, {how}, in both directions{critical}", table.name);
        phase = phase.step(compare(&table.name, what, Some(&table.name)).machine("verify", table.rows.unwrap_or(0), facts, &table.from));
    }
    for (name, check) in &ground.spec.checks {
        phase = phase.step(rule(ground, ends, name, &check.sql));
    }
    phase
}

const COMPARED: &str = "SEGUE_SPEC names this spec, unless it is segue.yaml here; the variables that `systems` refers to are set; the accounts may read the rows of both sides";

/// Segue's own comparison, where it reads both sides; `None` where it does not, or where a name would be taken for a pattern.
fn own_comparison(ground: &Ground<'_>, ends: &Ends<'_>, table: Option<&str>) -> Option<String> {
    let reads = |engine: Engine| matches!(engine, Engine::Postgres | Engine::Mysql | Engine::Mariadb | Engine::Sqlite);
    let there = |system: &str| ground.spec.systems.contains_key(system);
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    if !(reads(ends.source) && reads(ends.target) && there(&ends.moves.from) && there(&ends.moves.to) && table.is_none_or(plain)) {
        return None;
    }
    let only = table.map_or_else(String::new, |table| format!(" --table {table}"));
    Some(format!("segue verify -f \"${{SEGUE_SPEC:-segue.yaml}}\"{only}"))
}

/// A look at rows by a person; where writers are held meanwhile it is done on copies before.
pub(in crate::recipe) fn by_eye(phase: PhaseDraft, ground: &Ground<'_>) -> PhaseDraft {
    let rows = ground.profile.sample_rows.value.min(50);
    let what = format!("Compare {rows} rows field by field by eye, the oddest ones first: NULL, empty, longest, oldest, other scripts");
    phase.task(what, ground.role("dba"), "review", 2)
}

/// One business rule on both sides.
fn rule(ground: &Ground<'_>, ends: &Ends<'_>, name: &str, sql: &str) -> StepDraft {
    let id = format!("check-{name}");
    let what = format!("Asks the business rule `{name}` on both sides and compares the answers");
    let why = "rows can be equal and still mean something else to another engine";
    let expected = "no line of difference";
    let step = match rows::check_both(ends.source, ends.target, sql) {
        Some(text) => build::shell(
            &id,
            "verify_check",
            what,
            why,
            Shell {
                text,
                before: "SOURCE_ and TARGET_ variables name both sides (URL for PostgreSQL, CNF and DATABASE for MySQL and MariaDB, FILE for SQLite); the query's text is right for both engines",
                expected,
            },
        ),
        None => build::manual(&id, "verify_check", what, why, expected),
    };
    step.owner(ground.role("dba")).reads()
}

/// Writers go to the target.
pub(super) fn cutover(ground: &Ground<'_>, ends: &Ends<'_>, way: Way, after: &str) -> PhaseDraft {
    let roles: Vec<&str> =
        if ground.spec.owners.is_empty() { vec!["lead"] } else { ground.spec.owners.keys().map(String::as_str).collect() };
    let count = ground.profile.approvals.value.min(u32::try_from(roles.len()).unwrap_or(1));
    let dba = ground.role("dba");
    let mut phase = build::phase("cutover", "the target takes the writes, and the source follows it")
        .after(&[after])
        .owner(dba)
        .users("writers wait for the switch; readers go on")
        .in_windows(&ground.spec.program.windows)
        .entry("approval", "the people who answer for it say yes", build::people(&roles, count), ground.profile.approvals.place)
        .entry("mismatches", "both sides still agree", none_of("mismatches"), "profile segue")
        .back(
            &format!("hold the writers, wait until {}, send them to the source, compare, let them go on", way.back().1),
            "writers wait once more for as long as the switch took",
            "the source's write counter moves, both sides compare equal, and each check is equal",
        )
        .back_takes(budget(ground), "the switch back has the budget of the switch; the rehearsal measures it")
        .deliver(&format!("{}, running, with an alert on its lag", way.back().0));
    if way != Way::Window {
        phase = phase.step(
            build::manual(
                "hold-writers",
                "hold_writers",
                "Holds the writers: the pool keeps their statements waiting",
                "a write that reaches the source after the last change was read would be lost",
                "no session of an application is in a transaction on the source, and its write counter stands still",
            )
            .owner(dba)
            .lock("writers wait for as long as the switch takes")
            .undo("let the writers go on at the source", "0 rows", "the source's write counter moves again"),
        );
    }
    if way != Way::Window {
        phase = phase.step(
            build::manual(
                "drain",
                "wait_for_lag",
                "Waits until the target has the source's last change: the stream has no lag, or the outbox is empty",
                "what is still on its way would be lost",
                "the last position or entry is confirmed, twice in a row; rows rejected is still 0",
            )
            .owner(dba)
            .reads(),
        );
    }
    phase = phase.steps(ends_of_switch(ground, ends, way));
    phase
        .gate("back-lag", "the source follows the target", lag_of(ground, "source", 600), lag_from(ground))
        .gate("checks", "both sides agree after the first writes on the target", none_of("mismatches"), "profile segue")
        .task("Everybody of the runbook is on the call from the first hold to the last gate", ground.role("lead"), "cutover", 3)
}

/// Only what changed since the whole was compared.
fn compare_changed(dba: &str) -> StepDraft {
    build::manual(
        "compare-changed",
        "verify_rows",
        "Compares the rows that changed since the whole was compared, by their keys, and each check of the spec",
        "the whole was compared while writers went on; what is left is small, and writers wait for it",
        "0 missing, 0 extra, 0 changed, and each check is equal",
    )
    .owner(dba)
    .reads()
}

/// Compare what changed, arm the way back, open.
fn ends_of_switch(ground: &Ground<'_>, ends: &Ends<'_>, way: Way) -> Vec<StepDraft> {
    let dba = ground.role("dba");
    let (through, arrived) = way.back();
    // In one window writers were held before the whole was compared: nothing changed since.
    let mut steps: Vec<StepDraft> = (way != Way::Window).then(|| compare_changed(dba)).into_iter().collect();
    if ends.target == Engine::Postgres {
        steps.push(
            build::shell(
                "sequences",
                "set_sequences",
                "Sets each sequence of the target behind the highest value of its column",
                "rows arrived with their own keys: the first insert without one would meet a key that exists",
                Shell {
                    text: rows::sequences_from_columns(),
                    before: "writers are held; TARGET_URL names the database",
                    expected: "one row of setval for each sequence that belongs to a column",
                },
            )
            .owner(dba)
            .undo("nothing to put back: a sequence that is ahead harms nobody", "0 rows", "not needed"),
        );
    }
    if way == Way::DualWrite {
        steps.push(
            build::manual(
                "arm-back",
                "arm_back_stream",
                "Turns the order of the two writes round: the target first, then the source, with the outbox on the target",
                "this is the way back: whatever is written on the target arrives on the source as well",
                "a test write is on both sides, and a source that is stopped on purpose is caught up from the outbox",
            )
            .owner(ground.role("developer"))
            .undo(
                "turn the order round again; the outbox is empty, so that nothing is lost",
                "0 rows",
                "a test write is on both sides, the source first",
            ),
        );
    } else {
        steps.extend(connectors(ground, ends, true));
    }
    steps.push(
        build::manual(
            "open-writers",
            "open_writers",
            "Points the pool at the target and lets the writers go on there",
            "from here on the target is the side that is written to",
            &format!(
                "the target's write counter moves, the source's moves by {through} alone, and a test row of the target is on the source"
            ),
        )
        .owner(dba)
        .until_contract()
        .undo(
            &format!("hold the writers, wait until {arrived}, point the pool at the source, let the writers go on there"),
            &format!("0 rows: the source has every write of the target through {through}"),
            "the source's write counter moves, and both sides compare equal",
        )
        .people("cutover", 2),
    );
    steps
}
