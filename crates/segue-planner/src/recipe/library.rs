//! A library or a driver in the place of another one.
//!
//! The old one gets an interface of the tree's own (branch by abstraction); then the new one is built behind it, and
//! which of the two is used is a setting and not a deployment. Tests: `tests/it/project_recipes_code.rs`.

use segue_model::finding::Severity;

use super::build::{self, PhaseDraft, StepDraft};
use super::code::{self, Change};
use super::code_phase::{self, from, said, to};
use super::code_tool;
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::reasons;
use crate::say;

/// What drivers do otherwise, with how one sees it.
const DRIVER: [(&str, &str, &str); 6] = [
    (
        "placeholders",
        "Rewrites placeholders and their order (`?` by position against `$1`), and lists for `IN`",
        "each statement of the tree was prepared once against the new database, and none failed",
    ),
    (
        "keys",
        "Rewrites how a new row's key comes back (`insertId` against `RETURNING`), and how many rows were changed",
        "a test inserts, updates and deletes, and sees the same key and the same counts",
    ),
    (
        "values",
        "Rewrites how values come back: whole numbers above 2^53, decimals, dates with and without a zone, booleans, JSON, binary, NULL",
        "a test with one edge value of each type reads the same on both",
    ),
    (
        "transactions",
        "Rewrites begin, commit, nesting and isolation, and what happens to a connection after an error",
        "a test that fails in the middle of a transaction leaves nothing behind and gives its connection back",
    ),
    (
        "errors",
        "Rewrites what is done for error codes: duplicate key, deadlock, lost connection, time-out",
        "a test provokes each of them and sees the same handling",
    ),
    (
        "pool",
        "Sets the pool: size, waiting, idle time, TLS, time-outs of connections and of statements",
        "under load no request waits longer for a connection than before, and the database sees no more connections than it allows",
    ),
];

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let changes = code::changes(ground, &["library", "driver"]);
    let (old, new) = (said(&changes, from), said(&changes, to));
    let mut draft = Draft::new(
        "library",
        pattern(
            "branch by abstraction",
            format!(
                "uses of {old} stand all over the tree; behind an interface of the tree's own they are exchanged for {new} in one place, by a setting that goes both ways"
            ),
            &[
                reasons::big_bang(ground, &format!("each use of {old} exchanged in one commit")),
                (
                    "long-lived branch",
                    "a branch that changes every file meets every other change of the team, and cannot be released until it is whole"
                        .to_owned(),
                ),
                reasons::blue_green(ground, "a setting inside one build"),
            ],
        ),
    );
    for change in &changes {
        let what = if change.what == "driver" {
            "connections, placeholders, keys, values, transactions, errors"
        } else {
            "each use, and the values that it gives"
        };
        draft.aspect(if change.what == "driver" { "Driver" } else { "Library" }, change.from.said(), change.to.said(), what);
    }
    let also: &[&str] = if changes.iter().any(|change| change.what == "driver") { &["sql", "placeholder"] } else { &[] };
    let prepare = code::prepare(ground, &mut draft, &changes, "each use is known, and what it gives is pinned by tests", also);
    draft.phase(prepare);
    draft.phase(seam(ground, &changes, also));
    let replaced = replace(ground, &mut draft, &changes);
    draft.phase(replaced);
    let prove = code_phase::prove(ground, &mut draft, &changes, "replace");
    draft.phase(prove);
    let (crossing, own): (Vec<Change>, Vec<Change>) = changes.iter().cloned().partition(crosses);
    let mut after = Vec::new();
    if !own.is_empty() {
        code_phase::shift(ground, &mut draft, "prove", "requests, by the setting that chooses the implementation");
        code_phase::by_setting(
            &mut draft,
            "the log shows the share of requests on the new implementation, chosen by a stable hash of the user",
        );
        after.push("shift");
    }
    if !crossing.is_empty() {
        let phase = ready(ground, &mut draft, &crossing);
        draft.phase(phase);
        after.push("ready");
    }
    code_phase::end(ground, &mut draft, &changes, &after);
    for change in &changes {
        code_phase::before_last(&mut draft, "retire", drop_seam(ground, change));
    }
    draft
}

/// Drivers by the database that they speak to.
const SPEAKS: [(&str, &[&str]); 5] = [
    ("MySQL or MariaDB", &["mysql2", "mysql", "mariadb", "pymysql", "mysqlclient", "mysql-connector-j", "mysql-connector-python"]),
    ("PostgreSQL", &["pg", "postgres", "psycopg", "psycopg2", "asyncpg", "pgx", "pq", "postgresql", "npgsql", "tokio-postgres"]),
    ("SQLite", &["sqlite3", "better-sqlite3", "rusqlite"]),
    ("Oracle", &["oracledb", "cx_oracle", "ojdbc11"]),
    ("SQL Server", &["mssql", "tedious", "pyodbc", "pymssql"]),
];

/// The database that a driver speaks to, where its name tells.
pub(crate) fn speaks(name: &str) -> Option<&'static str> {
    let own = name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    SPEAKS.iter().find(|(_, names)| names.contains(&own.as_str())).map(|(database, _)| *database)
}

/// Whether the new driver speaks to another database: then its data are other data.
fn crosses(change: &Change) -> bool {
    let ends = (speaks(&change.from.name), speaks(&change.to.name));
    change.what == "driver" && matches!(ends, (Some(from), Some(to)) if from != to)
}

/// The driver of another database is never given a share of users: half of the writes would be on each side. It changes
/// in the moment in which the data do.
fn ready(ground: &Ground<'_>, draft: &mut Draft, crossing: &[Change]) -> PhaseDraft {
    let (old, new) = (said(crossing, from), said(crossing, to));
    if ground.spec.program.moves.is_none() {
        let message =
            format!("{old} and {new} speak to different databases: the data must move as well, and nothing in the spec moves them");
        let fix =
            "Write `move` with both databases: the driver then changes in the moment in which the writers do, and goes back with them.";
        draft.findings.push(say::finding(55, Severity::High, format!("driver {old}"), message, fix));
        draft.need("the move of the data to the database of the new driver", "move", &["ready"]);
    }
    build::phase("ready", &format!("{new} is in production behind its setting, off, until the data have moved"))
        .after(&["prove"])
        .owner(ground.role("developer"))
        .back(
            "leave the setting off; once the data have moved, it goes back together with the writers, by the move's own way back",
            "none while it is off",
            "each instance reports the old driver, and its error rate is that of the baseline",
        )
        .step(
            build::manual(
                "deploy",
                "deploy",
                format!("Deploys the build that has both drivers, with {old} in use, and tries a connection of {new} at its start"),
                "when writers are held there is time for a setting and not for a deployment",
                "each instance reports both drivers, the old one in use, and one connection of the new one that was opened and closed",
            )
            .owner(ground.role("developer"))
            .undo("deploy the build from before", "0 rows", "each instance reports the build from before")
            .people("cutover", 1),
        )
        .step(
            build::manual(
                "switch",
                "plan_switch",
                "Writes the turn of the setting into the runbook of the move: after the writers are held and both sides compare equal, before they go on; never for a share of users",
                "with a share of users on each driver, half of the writes would be on each side and neither would be whole",
                "a rehearsal of the move turned the setting there and back while writers were held",
            )
            .owner(ground.role("lead"))
            .reads()
            .people("runbook", 1),
        )
}

/// The old one behind an interface.
fn seam(ground: &Ground<'_>, changes: &[Change], also: &[&str]) -> PhaseDraft {
    let mut phase = code_phase::work(
        ground,
        "seam",
        "every use goes through an interface of the tree's own, and the old one still does the work",
        "prepare",
    )
    .deliver("an interface with the calls that this tree needs and no more")
    .deliver("tests of the interface, green with the old implementation");
    for change in changes {
        phase = phase
            .step(
                build::manual(
                    &format!("interface-{}", change.id()),
                    "write_code",
                    format!("Writes an interface for what {} does here, with {} behind it", change.from.said(), change.from.said()),
                    "it is released and proven before anything new comes",
                    "the tests of the interface are green, and the build with it serves production for a day with the baseline's error rate",
                )
                .owner(ground.role("developer"))
                .undo("revert the commit", "0 rows", "the tests are green")
                .people("framework_route", 2),
            )
            .steps(
                code::rewrites(
                    ground,
                    change,
                    if change.what == "driver" { also } else { &[] },
                    "it goes through the interface, and the old one still does the work",
                )
                .into_iter()
                // What the new one is given stands at the step that writes it.
                .map(|step| step.drafts(Vec::new())),
            );
    }
    phase
}

/// The new one behind the same interface.
fn replace(ground: &Ground<'_>, draft: &mut Draft, changes: &[Change]) -> PhaseDraft {
    let mut phase =
        code_phase::work(ground, "replace", "the new implementation passes the tests of the old one and is used by nobody", "seam")
            .deliver("both implementations behind one setting, the old one by default");
    for change in changes {
        match code_tool::tool(ground, &change.to) {
            Some(tool) => phase = phase.step(tool.add(ground, change, "both are in the tree until the last use has moved")),
            None => draft.need(format!("how {} is added to the tree", change.to.said()), "code.path", &["replace"]),
        }
        phase = if change.what == "driver" { phase.steps(driver(ground, change)) } else { phase.step(implementation(ground, change)) };
        phase = phase.step(setting(ground, change));
    }
    phase
}

fn implementation(ground: &Ground<'_>, change: &Change) -> StepDraft {
    let dates = ["moment", "date-fns", "luxon", "dayjs", "joda-time", "arrow", "pendulum"];
    let is_date = [&change.from.name, &change.to.name].iter().any(|name| dates.contains(&name.to_ascii_lowercase().as_str()));
    let edges = if is_date {
        "time zones, daylight saving, months of different length, parsing of bad text, and that values are no longer changed in place"
    } else {
        "empty and missing values, errors, limits, and what is changed in place"
    };
    build::manual(
        &format!("implement-{}", change.id()),
        "write_code",
        format!("Writes the interface over {}; looks above all at {edges}", change.to.said()),
        "the same tests decide for both, so a difference is seen before users see it",
        "the tests of the interface are green with both implementations, with the same edge values",
    )
    .owner(ground.role("developer"))
    .undo("revert the commit; nobody uses it yet", "0 rows", "the tests are green")
    .drafts(code::drafts(ground, change, &[], |_| true))
    .people("framework_route", 2)
}

fn driver(ground: &Ground<'_>, change: &Change) -> Vec<StepDraft> {
    let step = |(id, what, tell): &(&str, &str, &str)| {
        build::manual(
            &format!("{id}-{}", change.id()),
            "write_code",
            format!("{what}, from {} to {}", change.from.said(), change.to.said()),
            "drivers of two databases agree on little but the word SQL",
            tell,
        )
        .owner(ground.role("developer"))
        .undo("revert the commit; nobody uses it yet", "0 rows", "the tests are green with the old driver")
        .drafts(match *id {
            "placeholders" => code::drafts(ground, change, &["sql", "placeholder"], |rule| rule.starts_with("sql.")),
            "pool" => code::drafts(ground, change, &[], |_| true),
            _ => Vec::new(),
        })
        .people("framework_route", 1)
    };
    DRIVER.iter().map(step).collect()
}

fn setting(ground: &Ground<'_>, change: &Change) -> StepDraft {
    build::manual(
        &format!("setting-{}", change.id()),
        "write_code",
        if crosses(change) {
            "Adds the setting that chooses the driver for the whole service, the old one by default"
        } else {
            "Adds the setting that chooses the implementation for each request, by a stable hash of the user, the old one by default"
        },
        "going back is then one change of a setting, without a build",
        "a test turns it both ways while requests run: none fails, and both implementations were used",
    )
    .owner(ground.role("developer"))
    .undo("revert the commit; the old implementation is used", "0 rows", "the tests are green")
    .people("framework_route", 1)
}

fn drop_seam(ground: &Ground<'_>, change: &Change) -> StepDraft {
    build::manual(
        &format!("setting-off-{}", change.id()),
        "write_code",
        "Takes the setting and the old implementation out; the interface may stay",
        "a choice that nobody makes any more is a fault that waits",
        "a search of the tree finds neither the setting nor the old name, and the tests are green",
    )
    .owner(ground.role("developer"))
    .undo("revert the commit", "0 rows", "the tests are green")
    .people("framework_route", 1)
}
