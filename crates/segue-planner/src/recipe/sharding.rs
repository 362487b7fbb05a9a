//! Rows of one database over several: a key, slots, shards, and slot after slot over.
//!
//! Which slot a row belongs to is a stable hash of its key, the same in every process and language. A slot moves alone:
//! copied, compared, switched, and back. Tests: `tests/it/project_cases.rs`.

use segue_model::finding::Severity;
use segue_model::plan::Pattern;
use segue_model::spec::program::Move;
use segue_model::units::counted;

use super::build::{self, PhaseDraft, Shell, StepDraft, none_of};
use super::draft::{Draft, pattern};
use super::ground::{Ground, Table, size};
use super::platform_switch::data;
use super::script::engine::{self, Engine};
use super::script::rows;
use super::{observed_work, preparation, retire, traffic};
use crate::say::finding;

/// So many slots: a slot is 0.4% of the rows, small enough to move in one quiet hour.
const SLOTS: u64 = 256;

/// The part.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let first = ground.spec.systems.keys().next().cloned().unwrap_or_else(|| "source".to_owned());
    let bare = Move { from: first, to: "the shards".to_owned(), ..Move::default() };
    let moves = ground.spec.program.moves.as_ref().unwrap_or(&bare);
    let source = engine::of(ground, &moves.from);
    let tables = observed_work::tables(ground, moves);
    let mut draft = Draft::new("sharding", choose(ground));
    describe(&mut draft, ground, moves, &tables);
    draft.phase(prepare(ground, moves, source));
    draft.phase(route(ground));
    draft.phase(shards(ground, moves, &tables));
    draft.phase(compare(ground, moves, &tables));
    let division = traffic::Division {
        what: "the slots",
        ladder: ground.profile.service,
        after: &["verify"],
        users: "writes of the users of a slot wait for a moment while it changes its shard",
        back: "each shard's stream runs back into the source, so that the source has every write of its slots",
    };
    traffic::shift(&mut draft, ground, &division);
    let told = "for each slot: writes of the slot wait, its shard has the last change, the shard's stream back into the source is armed, the slot compares equal, the map's new version names the shard, writes go on";
    traffic::by_flag(&mut draft, "move_slots", ground.role("dba"), told, "its router is the application's own");
    let old = retire::Old {
        what: &format!("the undivided database ({})", engine::title(ground, &moves.from)),
        after: &["shift"],
        owner: "dba",
        kept_true: "each shard's stream runs back into the source",
        archive: "a last backup of the undivided database",
    };
    retire::retire(&mut draft, ground, &old);
    draft
}

fn choose(ground: &Ground<'_>) -> Pattern {
    let downtime = if ground.no_downtime() { "`limits.downtime` is none, and " } else { "" };
    pattern(
        "cdc",
        "slots are copied by a stream and moved one after the other: a mistake concerns one slot in 256, and each slot has its own way back",
        &[
            ("big-bang", format!("{downtime}every user would wait for the whole to be divided, and one wrong row would stop all")),
            (
                "dual-write",
                "a write to the source and to a shard has no common transaction; a slot has one owner at any time instead".to_owned(),
            ),
            (
                "blue-green",
                "twice the whole for as long as it takes, and still one moment in which every slot changes its owner".to_owned(),
            ),
        ],
    )
}

fn describe(draft: &mut Draft, ground: &Ground<'_>, moves: &Move, tables: &[Table]) {
    draft.figure("slots", SLOTS.to_string(), "profile segue (a slot is 0.4% of the rows)");
    draft.aspect(
        "Distribution",
        format!("one database, {}", engine::title(ground, &moves.from)),
        format!("shards behind a map of {SLOTS} slots"),
        "a key in each table, a map, a router, slot after slot",
    );
    if let Some((bytes, how)) = ground.bytes(&moves.from) {
        draft.aspect("Data", format!("{} ({how})", size(bytes)), "the same rows, divided", "each slot is compared before it moves");
    } else {
        draft.need(format!("how much data {} holds", moves.from), format!("systems.{}.facts.size", moves.from), &["shards", "estimate"]);
    }
    draft.need(
        "the column by which rows are divided: it is in every table, never changes, and most statements name it",
        "phases.prepare.tasks",
        &["prepare", "rollback"],
    );
    draft.need("how many statements do not name the key: the phase `prepare` lists them", "phases.prepare.tasks", &["prepare", "estimate"]);
    draft.need(
        "the number of shards, from size, growth and peak load",
        format!("systems.{}.facts.growth_per_day", moves.from),
        &["shards"],
    );
    if tables.is_empty() {
        draft
            .not_checked
            .push(format!("the tables of {}: which have the key, and which are small enough to be on every shard", moves.from));
    }
    let message = "transactions, unique keys and joins over several shards end: each that there is must be found and changed first";
    draft.findings.push(finding(
        45,
        Severity::Medium,
        "sharding",
        message,
        "Let the phase `prepare` list them from the statement statistics; what cannot be changed stays on one shard.",
    ));
    observed_work::findings(draft, ground, &moves.from);
}

fn prepare(ground: &Ground<'_>, moves: &Move, source: Engine) -> PhaseDraft {
    let (dba, developer) = (ground.role("dba"), ground.role("developer"));
    let phase = preparation::prepare(ground, "the key is chosen, and nothing that the application does needs two shards at once")
        .task(
            "Choose the key: list candidates with the share of statements that name them and with the largest share of one value",
            dba,
            "review",
            3,
        )
        .task(
            "List transactions, unique keys, foreign keys and joins over several values of the key, from the statement statistics",
            developer,
            "review",
            3,
        )
        .task_without_time("Rewrite the statements that do not name the key", developer, "the list of statements says how many")
        .deliver("the key with the figures that speak for it")
        .deliver("no statement without the key, but those that ask every shard on purpose");
    let phase = preparation::backup(phase, ground, &moves.from);
    let phase = observed_work::tasks(phase, ground, &moves.from, dba);
    match rows::statements(source) {
        Some((dialect, text)) => phase.step(
            build::sql(
                "statements",
                "list_statements",
                "Lists the statements that cost most, to be read for the key",
                "a statement without the key asks every shard",
                dialect,
                Shell {
                    text,
                    before: "the statistics of statements are on for a week at least",
                    expected: "each statement is marked: names the key, does not, asks all on purpose",
                },
            )
            .owner(dba)
            .reads(),
        ),
        None => phase,
    }
}

/// The map and the router, while everything is still in one place.
fn route(ground: &Ground<'_>) -> PhaseDraft {
    let developer = ground.role("developer");
    let undo = "take the router out: every slot still points at the source";
    build::phase("route", "every statement goes through a map of slots, and every slot points at the source")
        .after(&["prepare"])
        .owner(developer)
        .step(
            build::manual(
                "map",
                "make_map",
                format!("A map of {SLOTS} slots: the first 4 bytes of SHA-256 of the key's text, modulo {SLOTS}; each slot names its shard; a change of the map has a version"),
                "the same row is in the same slot in every process, language and year",
                "a thousand keys fall into the same slots in each language that is used, and no slot has more than twice the mean",
            )
            .owner(developer)
            .undo(undo, "0 rows", "no statement passes the router")
            .people("endpoint", 2),
        )
        .step(
            build::manual(
                "router",
                "route",
                "The application asks the map for each statement; a statement for a slot that is being moved waits",
                "what moves slots later is tried while every slot points at the source",
                "each connection comes from the router, and a statement without the key is refused in the test environment",
            )
            .owner(developer)
            .undo(undo, "0 rows", "no statement passes the router")
            .people("endpoint", 4),
        )
        .gate("error-rate", "the router breaks nothing", build::metric("error_rate", Some("new"), "<=", segue_model::spec::program::MetricValue::PercentMilli(ground.profile.error_rate_milli.value), 86_400), ground.profile.error_rate_milli.place)
        .back(undo, "none", "the source's error rate and p95 are those of the baseline")
        .deliver("a map with versions and a router with figures by slot")
}

fn shards(ground: &Ground<'_>, moves: &Move, tables: &[Table]) -> PhaseDraft {
    let dba = ground.role("dba");
    let undo = "empty the shards; the source was only read";
    let mut phase = build::phase("shards", "each shard has its rows and follows the source")
        .after(&["route"])
        .owner(dba)
        .task("Set the shards up with the settings of the source, backups and alerts included", dba, "resource", 3)
        .step(
            build::manual(
                "definitions",
                "copy_schema",
                "Makes every table on every shard from its definition; keys are numbered so that no two shards give the same one",
                "a key that exists twice cannot be merged on the way back",
                "each shard lists the same tables and constraints as the source",
            )
            .owner(dba)
            .undo(undo, "0 rows", "the shards list no table")
            .people("table", (tables.len() as u64).max(1)),
        )
        .back(undo, "none", "the source lists no follower")
        .deliver("shards with backups that were restored once");
    if tables.is_empty() {
        let bytes = ground.bytes(&moves.from);
        let facts = bytes.map(|(bytes, _)| [("bytes".to_owned(), bytes)].into()).unwrap_or_default();
        phase = phase.step(fill("all", "every table".to_owned(), dba, undo).machine(
            "copy",
            bytes.map_or(0, |(bytes, _)| bytes),
            facts,
            "size of the source",
        ));
    }
    for table in tables {
        let what = table.rows.map_or_else(|| table.name.clone(), |rows| format!("{} ({})", table.name, counted(rows, "row")));
        phase = phase.step(fill(&table.name, what, dba, undo).machine("copy", table.bytes.unwrap_or(0), table.facts(), &table.from));
    }
    phase.gate("lag", "the shards keep up", data::lag(ground, 3_600), data::lag_from(ground))
}

fn fill(id: &str, what: String, owner: &str, undo: &str) -> StepDraft {
    build::manual(
        id,
        "copy_table",
        format!("Copies {what} to the shards in ranges of its key, each row to the shard of its slot, and lets each shard follow the source's changes of its slots"),
        "a slot can move once its shard has its rows and follows",
        "the counts of the shards add up to the source's, slot by slot, and no row is on two shards",
    )
    .owner(owner)
    .undo(undo, "0 rows", "the table is empty on each shard")
}

fn compare(ground: &Ground<'_>, moves: &Move, tables: &[Table]) -> PhaseDraft {
    let dba = ground.role("dba");
    let rows = tables.iter().map(|table| table.rows).sum::<Option<u64>>().filter(|_| !tables.is_empty());
    let rows = rows.or_else(|| ground.stated(&moves.from).rows);
    let facts = rows.map(|rows| [("rows".to_owned(), rows)].into()).unwrap_or_default();
    build::phase("verify", "every row is on exactly one shard, and equal to the source's")
        .after(&["shards"])
        .owner(dba)
        .step(
            build::manual(
                "slots",
                "verify_rows",
                "Compares each slot of each table: counts and a checksum of each whole row, in both directions",
                "an extra row on a second shard is found in one direction only",
                "0 missing, 0 extra, 0 changed rows in each slot; the counts of all slots add up to the table's",
            )
            .owner(dba)
            .reads()
            .machine("verify", rows.unwrap_or(0), facts, "rows of the source"),
        )
        .step(
            build::manual(
                "one-slot-and-back",
                "rehearse",
                "Moves one slot without users to its shard, writes, and brings it back",
                "a way back that was never gone is a hope",
                "the slot compares equal after the way back, and the time of each step is written down",
            )
            .owner(dba)
            .undo("point the slot at the source in the map", "0 rows: the shard's stream runs back", "the slot compares equal")
            .people("rehearsal", 1),
        )
        .gate("mismatches", "no slot differs", none_of("mismatches"), "profile segue")
        .back("point each slot at the source in the map", "none", "every slot points at the source")
}
