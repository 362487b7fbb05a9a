//! Values into another form: text to JSON, numbers to moments, addresses cleaned, tables split.
//!
//! Every rule is tried on all values before it changes one; what does not convert is kept aside with its reason and
//! never becomes an empty value; the old form stays until nobody can miss it. Tests: `tests/it/project_cases.rs`.

use std::collections::BTreeMap;

use segue_model::finding::Severity;
use segue_model::plan::Pattern;
use segue_model::spec::program::{ColumnConversion, Move};

use super::build::{self, PhaseDraft, Shell, StepDraft, none_of};
use super::draft::{Draft, pattern};
use super::ground::{Ground, Table};
use super::platform_switch::data;
use super::script::engine::{self, Engine};
use super::script::rows;
use super::{imported, observed_work, preparation, retire, traffic};
use crate::say::finding;

/// The part.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let first = ground.spec.systems.keys().next().cloned().unwrap_or_else(|| "source".to_owned());
    let bare = Move { from: first, to: "the new form".to_owned(), ..Move::default() };
    let moves = ground.spec.program.moves.as_ref().unwrap_or(&bare);
    let source = engine::of(ground, &moves.from);
    let tables = observed_work::tables(ground, moves);
    let mut draft = Draft::new("data", choose(ground));
    describe(&mut draft, ground, moves, &tables);
    draft.phase(prepare(ground, moves));
    draft.phase(profile(ground, moves, source));
    draft.phase(trial(ground, &tables));
    draft.phase(transform(ground, moves, &tables));
    draft.phase(verify(ground, moves, &tables));
    let division = traffic::Division {
        what: "the readers of these values, the same users each time by a stable hash of their id",
        ladder: ground.profile.service,
        after: &["verify"],
        users: "none: both forms hold the same",
        back: "they read the old form again, which every write has kept true",
    };
    traffic::shift(&mut draft, ground, &division);
    let told = "the flag's own count of readers shows the share, and a reader of the new form shows the same as one of the old";
    traffic::by_flag(&mut draft, "set_flag", ground.role("developer"), told, "which form is read is decided inside of the application");
    let old = retire::Old {
        what: "the old form of the values",
        after: &["shift"],
        owner: "dba",
        kept_true: "each write fills both forms",
        archive: "the old values by key, and every row that was kept aside with its reason",
    };
    retire::retire(&mut draft, ground, &old);
    draft
}

fn choose(ground: &Ground<'_>) -> Pattern {
    let loss = if ground.no_loss() { "`limits.data_loss` is none, and " } else { "" };
    pattern(
        "expand-contract",
        "the new form is filled beside the old one, in batches and from each write, and is compared before anybody reads it; the old values are there until the end",
        &[
            ("big-bang", format!("{loss}an update in place overwrites the only copy of the old values, stops writers for as long as it takes, and cannot be compared afterwards")),
            ("cdc", "values are changed inside one system, or on their way by the part that moves them; a second stream would add a second place for mistakes".to_owned()),
            ("event-sourcing", "old values are no events: nobody knows what happened between them".to_owned()),
        ],
    )
}

fn describe(draft: &mut Draft, ground: &Ground<'_>, moves: &Move, tables: &[Table]) {
    for (column, rule) in &moves.columns {
        draft.aspect(
            column,
            from_words(rule),
            rule.to.clone().unwrap_or_default(),
            "each value by one rule; what does not convert is kept aside",
        );
    }
    if let Some(zero) = &moves.zero_dates {
        draft.aspect("Dates that are none", "0000-00-00", zero.clone(), "each is replaced and counted");
    }
    if moves.columns.is_empty() {
        draft.need("each column that changes, with what it holds and what it becomes", "move.convert.columns", &["profile", "transform"]);
    }
    if tables.iter().all(|table| table.rows.is_none()) {
        draft.need(format!("how many rows {} holds", moves.from), format!("systems.{}.facts.rows", moves.from), &["transform", "estimate"]);
    }
    for (column, _) in moves.columns.iter().filter(|(_, rule)| rule.from_epoch.is_some() && rule.zone.is_none()) {
        let fix = format!("Say it: `move.convert.columns.{column}.zone: UTC`, if that is what the numbers count from.");
        draft.findings.push(finding(
            46,
            Severity::High,
            format!("column {column}"),
            "nobody says in which zone its times were counted: a wrong one moves every value by hours",
            fix,
        ));
    }
    draft.figure("batch", format!("{} rows", ground.profile.batch_rows.value), ground.profile.batch_rows.place);
    draft.figure("sample", format!("{} rows", ground.profile.sample_rows.value), ground.profile.sample_rows.place);
    observed_work::findings(draft, ground, &moves.from);
}

fn from_words(rule: &ColumnConversion) -> String {
    match (&rule.from_text, &rule.from_epoch, &rule.zone) {
        (Some(text), ..) => format!("text that holds {text}"),
        (_, Some(unit), Some(zone)) => format!("{unit} since 1970, {zone}"),
        (_, Some(unit), None) => format!("{unit} since 1970"),
        (_, _, Some(zone)) => format!("times without a zone, meant as {zone}"),
        _ => "as it is".to_owned(),
    }
}

fn prepare(ground: &Ground<'_>, moves: &Move) -> PhaseDraft {
    let phase = preparation::prepare(ground, "what the values mean is written down, and a backup restores")
        .task(
            "Write down each rule with examples: ordinary, empty, NULL, oldest, longest, wrong on purpose",
            ground.role("developer"),
            "column_conversion",
            (moves.columns.len() as u64).max(1),
        )
        .task(
            "Write the way back of each rule, or say what it cannot bring back",
            ground.role("developer"),
            "column_conversion",
            (moves.columns.len() as u64).max(1),
        )
        .deliver("rules with examples, in version control");
    let phase = preparation::backup(phase, ground, &moves.from);
    observed_work::tasks(phase, ground, &moves.from, ground.role("dba"))
}

/// Every value is asked whether it converts, before one is changed.
fn profile(ground: &Ground<'_>, moves: &Move, source: Engine) -> PhaseDraft {
    let dba = ground.role("dba");
    let mut phase = build::phase("profile", "for every value it is known whether its rule takes it")
        .after(&["prepare"])
        .owner(dba)
        .back("nothing to go back from: it only reads", "none", "not needed")
        .deliver("a count of values that do not convert, by column and reason, with what is decided about each");
    for (column, rule) in &moves.columns {
        let what = format!("Counts the values of {column} that do not convert");
        let why = "a value that cannot be read must not become an empty one";
        let expected = "0, or a decision for each kind of value: correct it, keep it aside, leave the column out";
        let step = match (rows::unconvertible(source, column, rule), source.dialect()) {
            (Some(text), Some(dialect)) => build::sql(
                column,
                "profile",
                what,
                why,
                dialect,
                Shell { text, before: "run on a replica or at a quiet hour: it reads the whole table", expected },
            ),
            _ => build::manual(column, "profile", what, why, expected),
        };
        phase = phase.step(step.owner(dba).reads());
    }
    if moves.zero_dates.is_some() && matches!(source, Engine::Mysql | Engine::Mariadb) {
        phase = phase.step(
            build::sql(
                "zero-dates",
                "profile",
                "Lists the columns that may hold dates that are none",
                "0000-00-00 is a value there and an error elsewhere",
                "mysql",
                Shell {
                    text: rows::zero_dates(),
                    before: "run in the database that is concerned",
                    expected: "each column is counted and has a decision",
                },
            )
            .owner(dba)
            .reads(),
        );
    }
    if moves.columns.is_empty() {
        phase = phase.step(
            build::manual(
                "values",
                "profile",
                "Counts for each rule the values that it does not take",
                "a value that cannot be read must not become an empty one",
                "0, or a decision for each kind of value",
            )
            .owner(dba)
            .reads(),
        );
    }
    for change in imported::changes(ground) {
        phase = phase.step(imported::step(ground, change));
    }
    phase.gate(
        "decided",
        "each kind of value that does not convert has a decision",
        build::people(&[ground.role("lead")], 1),
        "profile segue",
    )
}

fn trial(ground: &Ground<'_>, tables: &[Table]) -> PhaseDraft {
    let developer = ground.role("developer");
    build::phase("trial", "the rules ran on a copy, twice, with the same result")
        .after(&["profile"])
        .owner(developer)
        .step(
            build::manual(
                "copy",
                "rehearse",
                format!(
                    "Runs every rule on a copy of {}, stops it half-way on purpose, runs it again, then runs the way back",
                    if tables.is_empty() { "the data".to_owned() } else { format!("{} tables", tables.len()) }
                ),
                "a job that cannot be stopped and run again is not ready for the real rows",
                "the second run changes nothing, the way back gives the old values, and its time is written down",
            )
            .owner(developer)
            .reads()
            .people("rehearsal", 2),
        )
        .step(
            build::manual(
                "sample",
                "verify_rows",
                format!("Compares {} rows field by field with what the rule's examples say", ground.profile.sample_rows.value),
                "a rule that is wrong is wrong for every row",
                "0 fields differ",
            )
            .owner(ground.role("dba"))
            .reads()
            .people("review", 1),
        )
        .gate("mismatches", "the sample has no difference", none_of("mismatches"), ground.profile.sample_rows.place)
        .back("nothing to go back from: it ran on a copy", "none", "not needed")
}

fn transform(ground: &Ground<'_>, moves: &Move, tables: &[Table]) -> PhaseDraft {
    let (dba, developer) = (ground.role("dba"), ground.role("developer"));
    let undo = "empty the new form; the old one was never changed";
    let mut phase = build::phase("transform", "every row has its new form, and each write fills both")
        .after(&["trial"])
        .owner(dba)
        .step(
            build::manual(
                "both",
                "dual_write",
                "Each write fills both forms in one transaction: by a trigger, or in the one place of the application that writes",
                "a row that is changed after its batch would keep its old new form",
                "a test row that is inserted and changed has both forms at once",
            )
            .owner(developer)
            .undo("take the second form out of the writes", "0 rows", "a new row has the old form alone")
            .people("endpoint", (moves.columns.len() as u64).max(1)),
        )
        .back(undo, "none", "readers have the old form, and the new one is empty")
        .deliver("a list of rows that were kept aside, each with its key and its reason");
    let batch = ground.profile.batch_rows.value;
    let named: Vec<Table> = if tables.is_empty() { from_columns(moves) } else { tables.to_vec() };
    for table in &named {
        let facts: BTreeMap<String, u64> = table.rows.map(|rows| ("rows".to_owned(), rows)).into_iter().collect();
        phase = phase.step(
            job(&table.name, format!("Fills the new form of {}, {batch} rows at a time by ranges of its key, from the last key that was done; a row whose new form is there is left alone", table.name), dba, undo)
                .machine("backfill", table.rows.unwrap_or(0), facts, &table.from),
        );
    }
    phase.gate("rows-rejected", "no row is kept aside without a decision", none_of("rows_rejected"), "profile segue").gate(
        "lag",
        "replicas keep up with the job",
        data::lag(ground, 600),
        data::lag_from(ground),
    )
}

/// The tables of the columns, where nobody listed tables.
fn from_columns(moves: &Move) -> Vec<Table> {
    let mut names: Vec<&str> = moves.columns.keys().filter_map(|column| column.rsplit_once('.')).map(|(table, _)| table).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        names.push("every table concerned");
    }
    names
        .into_iter()
        .map(|name| Table { name: name.to_owned(), keyed: true, from: "move.convert.columns".to_owned(), ..Table::default() })
        .collect()
}

fn job(id: &str, what: String, owner: &str, undo: &str) -> StepDraft {
    build::manual(
        id,
        "backfill",
        what,
        "small batches leave writers alone, and a stopped job goes on where it was",
        "no row is left whose new form is missing and whose old one is not empty; the rows kept aside have their reasons",
    )
    .owner(owner)
    .lock("row locks of one batch at a time")
    .undo(undo, "0 rows", "no row has a new form")
}

fn verify(ground: &Ground<'_>, moves: &Move, tables: &[Table]) -> PhaseDraft {
    let dba = ground.role("dba");
    let rows = tables.iter().map(|table| table.rows).sum::<Option<u64>>().filter(|_| !tables.is_empty());
    let rows = rows.or_else(|| ground.stated(&moves.from).rows);
    let facts: BTreeMap<String, u64> = rows.map(|rows| ("rows".to_owned(), rows)).into_iter().collect();
    let mut phase =
        build::phase("verify", "the new form of every row is what its rule makes of the old one, and every business rule agrees")
            .after(&["transform"])
            .owner(dba)
            .step(
                build::manual(
                    "every-row",
                    "verify_rows",
                    "Converts every row once more by an independent program and compares with what is stored",
                    "the program that wrote the rows would agree with its own mistake",
                    "0 rows differ, 0 rows lack their new form",
                )
                .owner(dba)
                .reads()
                .machine("verify", rows.unwrap_or(0), facts, "rows of the tables"),
            )
            .back("nothing to go back from: it only reads", "none", "not needed")
            .gate("mismatches", "no row differs", none_of("mismatches"), "profile segue");
    for name in ground.spec.checks.keys() {
        phase = phase.step(
            build::manual(
                &format!("check-{name}"),
                "verify_check",
                format!("Asks the business rule `{name}` over the old and over the new form"),
                "values can convert and still mean something else",
                "both answers are the same",
            )
            .owner(dba)
            .reads(),
        );
    }
    phase
}
