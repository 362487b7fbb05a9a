//! A database to another version of the same engine: the new version stands beside the old one and follows it, then the
//! old one follows the new one.
//!
//! An upgrade in place has no way back that keeps new writes: it is never chosen by this recipe. Tests:
//! `tests/it/project_cases.rs`.

use std::collections::BTreeMap;

use segue_model::finding::Severity;
use segue_model::plan::Pattern;
use segue_model::spec::program::Move;
use segue_model::units::Millis;

use super::build::{self, PhaseDraft, Shell, none_of};
use super::draft::{Draft, pattern};
use super::ground::{Ground, size};
use super::platform_switch::way::Way;
use super::platform_switch::{self, Ends, data};
use super::script::engine::{self, Engine};
use super::script::{replica, rows};
use super::{imported, observed_work, preparation, retire, traffic};
use crate::say::finding;

/// Whether a move is one between two versions of the same engine.
pub(crate) fn fits(ground: &Ground<'_>) -> bool {
    let Some(moves) = &ground.spec.program.moves else { return false };
    let (from, to) = (engine::of(ground, &moves.from), engine::of(ground, &moves.to));
    from == to && from != Engine::Other && moves.types.is_empty() && moves.columns.is_empty()
}

/// The part.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let (from, to) = ends(ground);
    let bare = Move { from: from.clone(), to, ..Move::default() };
    let moves = ground.spec.program.moves.as_ref().unwrap_or(&bare);
    let source = engine::of(ground, &moves.from);
    let ends = Ends { moves, source, target: source, tables: observed_work::tables(ground, moves), bytes: ground.bytes(&moves.from) };
    let mut draft = Draft::new("version-upgrade", choose(ground, source));
    describe(&mut draft, ground, &ends);
    draft.phase(prepare(ground, &ends));
    draft.phase(follow(ground, &ends));
    draft.phase(data::by_eye(data::verify(ground, &ends, "follow"), ground));
    draft.phase(platform_switch::rehearse(ground, &ends, Way::Stream, "verify"));
    let mut before = "rehearse";
    if ground.spec.program.rollout.is_some() {
        let division = traffic::Division {
            what: "requests that only read",
            ladder: ground.profile.service,
            after: &["rehearse"],
            users: "reads are served by the new version, seconds behind the old one at most",
            back: "all reads are served by the old version again; writes never left it",
        };
        traffic::shift(&mut draft, ground, &division);
        before = "shift";
    }
    draft.phase(cutover(ground, &ends, before));
    let mut last = "cutover";
    if !imported::changes(ground).is_empty() {
        draft.phase(form(ground));
        last = "form";
    }
    let old = retire::Old {
        what: &format!("the old version ({})", engine::title(ground, &moves.from)),
        after: &[last],
        owner: "dba",
        kept_true: "the old version follows the new one",
        archive: "a last backup of the old version, with the binaries that can read it",
    };
    retire::retire(&mut draft, ground, &old);
    draft
}

/// The names of both systems, where the spec has no `move`.
fn ends(ground: &Ground<'_>) -> (String, String) {
    let mut names = ground.spec.systems.keys();
    let first = names.next().cloned().unwrap_or_else(|| "source".to_owned());
    (first, names.next().cloned().unwrap_or_else(|| "target".to_owned()))
}

fn choose(ground: &Ground<'_>, engine: Engine) -> Pattern {
    let in_place = if ground.wants_back() {
        "writers stop for the upgrade, and the old version cannot read what the new one wrote: `limits.rollback` is required, and going back would lose every write since"
    } else {
        "writers stop for the upgrade and for the statistics after it, and nothing is compared before users meet it"
    };
    let rolling = match engine {
        Engine::Mysql | Engine::Mariadb => {
            "upgrading replicas one by one ends with the same switch, and leaves no old version that follows"
        }
        _ => "replicas of another major version cannot follow by the physical log, so that there is nothing to roll through",
    };
    pattern(
        "blue-green",
        "the new version stands beside the old one and follows it; it is compared and loaded before anybody meets it, and afterwards the old one follows, so that going back loses nothing",
        &[
            ("big-bang", in_place.to_owned()),
            ("rolling", rolling.to_owned()),
            ("dual-write", "two writes without a common transaction drift apart; the engine's own replication does not".to_owned()),
            ("canary", "writes cannot be divided between two versions of one set of rows; reads can, with `rollout`".to_owned()),
        ],
    )
}

fn describe(draft: &mut Draft, ground: &Ground<'_>, ends: &Ends<'_>) {
    let moves = ends.moves;
    draft.aspect(
        "Version",
        engine::title(ground, &moves.from),
        engine::title(ground, &moves.to),
        "a second server, followed, compared, switched",
    );
    let bytes = ends.bytes.map_or_else(String::new, |(bytes, how)| format!("{} ({how})", size(bytes)));
    draft.aspect("Data", bytes.clone(), bytes, "none: the same rows");
    for (system, side) in [(&moves.from, "the version there is"), (&moves.to, "the version there shall be")] {
        if ground.version(system).is_none() {
            draft.need(
                format!("{side}: what changed between the two decides what must be tried"),
                format!("systems.{system}.facts.version"),
                &["prepare", "estimate"],
            );
        }
    }
    if ends.bytes.is_none() {
        draft.need(format!("how much data {} holds", moves.from), format!("systems.{}.facts.size", moves.from), &["follow", "estimate"]);
    }
    let lag = ground.spec.throttle.max_replication_lag.map_or(5_000, |ms| ms.0);
    let (ms, from) = match ground.downtime_ms() {
        0 => (lag, "writers wait in the pool and none is refused; the switch is given up after throttle.max_replication_lag"),
        allowed => (allowed, "limits.downtime: the switch is given up and writers go on at the old version when it takes longer"),
    };
    draft.findings.extend(super::reasons::writers_wait(ground, "cutover"));
    draft.figure("switch_budget", Millis(ms).to_string(), from);
    draft.downtime = Some((ms, from.to_owned()));
    if matches!(ends.source, Engine::Mysql | Engine::Mariadb) {
        let message = "an older version that follows a newer one is outside of what the vendor supports: it works until a feature of the new version is used";
        let fix = "Use no new feature and no new default collation before `retire`, and let the rehearsal show the way back.";
        draft.findings.push(finding(44, Severity::Medium, "way back", message, fix));
    }
    observed_work::statements_needed(draft, ground);
    observed_work::findings(draft, ground, &moves.from);
}

fn prepare(ground: &Ground<'_>, ends: &Ends<'_>) -> PhaseDraft {
    let dba = ground.role("dba");
    let phase = preparation::prepare(ground, "what changes between the versions is known, and the new version stands empty")
        .task(
            "Read the release notes of each major version in between: removed settings, new reserved words, changed defaults",
            dba,
            "review",
            2,
        )
        .task("Set the new version up with the settings of the old one, each renamed or removed one with a note", dba, "resource", 1)
        .task("Try drivers, pools and extensions of every program against the new version", ground.role("developer"), "dependency", 2)
        .deliver("a list of differences between the versions with what is done about each");
    let phase = preparation::backup(phase, ground, &ends.moves.from);
    let phase = match ends.source {
        Engine::Postgres => phase.step(
            build::sql(
                "extensions",
                "list_extensions",
                "Lists the extensions that must exist on the new version",
                "an index or a type of an extension that is missing stops the copy of the definitions",
                "postgres",
                Shell {
                    text: rows::extensions(),
                    before: "run on the old version, and compare with pg_available_extensions of the new one",
                    expected: "each extension is available on the new version",
                },
            )
            .owner(dba)
            .reads(),
        ),
        Engine::Mysql => phase.step(
            build::shell(
                "upgrade-check",
                "check_upgrade",
                "Lets MySQL Shell look for what the new version no longer takes",
                "it reads the catalog and the settings and names what breaks",
                Shell {
                    text: "mysqlsh --defaults-extra-file=\"$SOURCE_CNF\" -- util check-for-server-upgrade".to_owned(),
                    before: "SOURCE_CNF is an option file with host, user and password; MySQL Shell has the new version",
                    expected: "0 errors; each warning is looked at",
                },
            )
            .owner(dba)
            .reads(),
        ),
        _ => phase,
    };
    observed_work::tasks(phase, ground, &ends.moves.from, dba)
}

fn follow(ground: &Ground<'_>, ends: &Ends<'_>) -> PhaseDraft {
    let dba = ground.role("dba");
    let bytes = ends.bytes.map(|(bytes, _)| bytes);
    let mut facts: BTreeMap<String, u64> = bytes.map(|bytes| ("bytes".to_owned(), bytes)).into_iter().collect();
    if let Some(rows) = ends.tables.iter().map(|table| table.rows).sum::<Option<u64>>().filter(|_| !ends.tables.is_empty()) {
        facts.insert("rows".to_owned(), rows);
    }
    let from = ends.bytes.map_or_else(|| "nobody stated the size".to_owned(), |(_, how)| format!("size of {}, {how}", ends.moves.from));
    let phase = build::phase("follow", "the new version has every row and follows each change")
        .after(&["prepare"])
        .owner(dba)
        .steps(replica::follow(ground, ends.source, &ends.moves.from, &facts, &from))
        .task("Alert on lag, on a stopped stream, and on the log that the old version keeps for it", ground.role("oncall"), "alert", 3)
        .gate("lag", "the new version keeps up", data::lag(ground, 3_600), data::lag_from(ground))
        .back(
            "drop the stream and the new version's copy; the old version was only read",
            "none",
            "the old version lists no follower and keeps no log for one",
        );
    statistics(phase, ground, ends)
}

fn statistics(phase: PhaseDraft, ground: &Ground<'_>, ends: &Ends<'_>) -> PhaseDraft {
    let text = match ends.source {
        Engine::Postgres => "vacuumdb --analyze-in-stages --no-password --dbname=\"$TARGET_URL\"".to_owned(),
        Engine::Mysql | Engine::Mariadb => {
            "mysqlcheck --defaults-extra-file=\"$TARGET_CNF\" --analyze --databases \"$SOURCE_DATABASE\"".to_owned()
        }
        _ => return phase,
    };
    let before = if ends.source == Engine::Postgres {
        "TARGET_URL names the database; the password is in PGPASSFILE"
    } else {
        "TARGET_CNF is the new version's option file"
    };
    phase.step(
        build::shell(
            "statistics",
            "analyse",
            "Collects statistics on the new version",
            "without them the first queries get bad plans",
            Shell { text, before, expected: "each table has statistics" },
        )
        .owner(ground.role("dba"))
        .undo("nothing to put back: statistics change no row", "0 rows", "not needed"),
    )
}

fn cutover(ground: &Ground<'_>, ends: &Ends<'_>, after: &str) -> PhaseDraft {
    let dba = ground.role("dba");
    let roles: Vec<&str> =
        if ground.spec.owners.is_empty() { vec!["lead"] } else { ground.spec.owners.keys().map(String::as_str).collect() };
    let count = ground.profile.approvals.value.min(u32::try_from(roles.len()).unwrap_or(1));
    build::phase("cutover", "the new version takes the writes, and the old one follows it")
        .after(&[after])
        .owner(dba)
        .users("writers wait for the switch; readers go on")
        .in_windows(&ground.spec.program.windows)
        .entry("approval", "the people who answer for it say yes", build::people(&roles, count), ground.profile.approvals.place)
        .entry("mismatches", "both versions still agree", none_of("mismatches"), "profile segue")
        .steps(replica::switch(ground, ends.source, &ends.moves.from))
        .gate("back-lag", "the old version follows the new one", data::lag_of(ground, "source", 600), data::lag_from(ground))
        .gate("mismatches-after", "both versions agree after the first writes", none_of("mismatches"), "profile segue")
        .task("Everybody of the runbook is on the call from the first hold to the last gate", ground.role("lead"), "cutover", 3)
        .back(
            "hold the writers, wait until the back stream has no lag, send them to the old version, compare, let them go on",
            "writers wait once more for as long as the switch took",
            "the old version's write counter moves, and both compare equal",
        )
        .back_takes(data::budget(ground), "the switch back has the budget of the switch; the rehearsal measures it")
        .deliver("the back stream, running, with an alert on its lag")
}

/// Changes of form that an old document lists beside the new version: never in the same switch.
fn form(ground: &Ground<'_>) -> PhaseDraft {
    let changes = imported::changes(ground);
    build::phase("form", "the tables have their new form, while both versions of the application work")
        .after(&["cutover"])
        .owner(ground.role("dba"))
        .steps(changes.iter().map(|change| imported::step(ground, change)))
        .task("Write each change as `schema.changes` with `up` and `down`, so that Segue runs it without a pause", ground.role("dba"), "column_conversion", changes.len() as u64)
        .gate("mismatches", "both forms agree on every row", none_of("mismatches"), "profile segue")
        .back(
            "take out what was added; what was changed keeps its old column until `retire`. The old version gets each change first, so that it can still follow",
            "none: the old form is kept true",
            "the catalog of the tables is what it was before",
        )
}
