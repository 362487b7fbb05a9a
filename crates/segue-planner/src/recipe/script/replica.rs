//! A second copy of a database that follows the first, and after the switch the first follows the second: what keeps
//! the way back open without losing a write.
//!
//! The back stream is always armed while writers are held and before the target takes its first write; a plan never
//! goes back by restoring a backup. No command carries a password in its arguments. Tests: `tests/it/project_commands.rs`.

use std::collections::BTreeMap;

use crate::recipe::build::{self, Shell, StepDraft};
use crate::recipe::ground::Ground;

use super::engine::Engine;

/// What the two sides must have before one can follow the other.
pub(crate) fn before(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => {
            "SOURCE_URL and TARGET_URL name the databases, passwords are in PGPASSFILE; wal_level is logical on both sides; psql is 15 or newer"
        }
        Engine::Mysql => {
            "SOURCE_CNF and TARGET_CNF are option files with host, user and password; both sides have gtid_mode=ON, binlog_format=ROW and different server ids"
        }
        Engine::Mariadb => {
            "SOURCE_CNF and TARGET_CNF are option files with host, user and password; both sides write a row binlog and have different server ids"
        }
        _ => "the vendor's replication is licensed and allowed between the two places",
    }
}

fn command(text: &str, before: &'static str, expected: &'static str) -> Shell<'static> {
    Shell { text: text.to_owned(), before, expected }
}

/// The steps that make the target a follower of the source; `facts` are rows and bytes where they are known.
pub(crate) fn follow(ground: &Ground<'_>, engine: Engine, system: &str, facts: &BTreeMap<String, u64>, from: &str) -> Vec<StepDraft> {
    let bytes = facts.get("bytes").copied().unwrap_or(0);
    let owner = ground.role("dba");
    let steps = match engine {
        Engine::Postgres => postgres_follow(system),
        Engine::Mysql | Engine::Mariadb => vec![mysql_follow(engine, system)],
        _ => vec![
            build::manual(
                &format!("follow-{system}"),
                "replicate",
                format!("The target's copy of {system} follows the source, by the replication of its vendor, rows and files alike"),
                "writers go on while the data moves",
                "the vendor's view shows a running stream, its lag below the gate's limit, and no refused change",
            )
            .undo(
                "stop the stream and drop the copy on the target; the source was only read",
                "0 rows",
                "the source lists no follower and keeps no log for one",
            ),
        ],
    };
    let last = steps.len().saturating_sub(1);
    let timed = |(at, step): (usize, StepDraft)| {
        let step = step.owner(owner);
        if at == last { step.machine("copy", bytes, facts.clone(), from) } else { step }
    };
    steps.into_iter().enumerate().map(timed).collect()
}

fn postgres_follow(system: &str) -> Vec<StepDraft> {
    let schema = build::shell(
        &format!("schema-{system}"),
        "copy_schema",
        format!("Makes the tables of {system} on the target from their definitions: keys, constraints and defaults with them"),
        "logical replication carries rows and no definitions",
        command(
            "set -o pipefail\npg_dump --schema-only --no-owner --no-privileges --no-password --dbname=\"$SOURCE_URL\" \\\n  | psql --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction --dbname=\"$TARGET_URL\"",
            before(Engine::Postgres),
            "it ends with 0; both sides list the same tables, indexes and constraints",
        ),
    )
    .undo("drop and make the empty target database again; the source was only read", "0 rows", "the target lists no table")
    .undo_shell(command(
        "psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$TARGET_ADMIN_URL\" --set=name=\"$TARGET_DATABASE\" <<'SQL'\ndrop database if exists :\"name\" with (force);\ncreate database :\"name\";\nSQL",
        "no application uses the target yet; TARGET_ADMIN_URL names its `postgres` database, TARGET_DATABASE the one that goes",
        "`psql -l` shows the database, and it is empty",
    ));
    let publish = build::sql(
        &format!("publish-{system}"),
        "publish",
        format!("Publishes every change of {system} on the source"),
        "the target follows what it reads from here",
        "postgres",
        command(
            "create publication segue_forward for all tables;",
            "run on the source; each table has a primary key or a replica identity: an UPDATE or DELETE on one without is refused from here on",
            "pg_publication lists segue_forward",
        ),
    )
    .undo("drop the publication", "0 rows", "pg_publication lists it no more")
    .undo_sql("postgres", command("drop publication if exists segue_forward;", "the subscription is gone", "pg_publication lists it no more"));
    let subscribe = build::shell(
        &format!("follow-{system}"),
        "replicate",
        format!("Copies the rows of {system} once and then follows each change"),
        "writers go on while the data moves",
        command(
            "psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$TARGET_URL\" <<'SQL'\n\\getenv source SOURCE_CONNINFO\ncreate subscription segue_forward connection :'source' publication segue_forward with (copy_data = true);\nSQL",
            "SOURCE_CONNINFO is how the target's server reaches the source, without a password: that is in the server's own password file; the source keeps its log until the target has read it, so watch its free disk",
            "pg_subscription_rel has srsubstate `r` for each table",
        ),
    )
    .undo("drop the subscription and its slot; the rows on the target go with the target", "0 rows", "pg_replication_slots of the source lists none of ours")
    .undo_sql(
        "postgres",
        command(
            "drop subscription if exists segue_forward;",
            "run on the target; the source can be reached, so that its slot goes too",
            "pg_replication_slots of the source lists none of ours: else the source's disk fills",
        ),
    );
    vec![schema, publish, subscribe]
}

fn mysql_follow(engine: Engine, system: &str) -> StepDraft {
    let (dump, text, stop) = mysql_words(engine, "TARGET_CNF", "SOURCE_HOST");
    build::shell(
        &format!("follow-{system}"),
        "replicate",
        format!("Loads a consistent copy of {system} into the target and follows each change from there on"),
        "writers go on while the data moves",
        Shell {
            text: format!(
                "set -o pipefail\nmysqldump --defaults-extra-file=\"$SOURCE_CNF\" --single-transaction --routines --triggers --events --hex-blob {dump} --databases \"$SOURCE_DATABASE\" \\\n  | mysql --defaults-extra-file=\"$TARGET_CNF\"\n{text}"
            ),
            before: "SOURCE_CNF and TARGET_CNF are option files with host, user and password; both sides write a row binlog with GTIDs and have different server ids; SOURCE_DATABASE names the database; SOURCE_HOST, REPLICATION_USER and REPLICATION_PASSWORD let the target reach the source over TLS",
            expected: "the target's replica status shows both threads running and no error",
        },
    )
    .undo("stop and forget the stream; the rows on the target go with the target", "0 rows", "the target's replica status is empty")
    .undo_shell(Shell {
        text: format!("mysql --defaults-extra-file=\"$TARGET_CNF\" --execute=\"{stop}\""),
        before: "TARGET_CNF is the target's option file",
        expected: "the target's replica status is empty",
    })
}

/// What the dump adds, how a server is told to follow another one, how it is told to stop.
fn mysql_words(engine: Engine, file: &str, host: &str) -> (&'static str, String, &'static str) {
    let (dump, change, start, stop) = match engine {
        Engine::Mariadb => (
            "--gtid --master-data=1",
            "change master to master_host = '$HOST', master_port = 3306, master_user = '$REPLICATION_USER', master_password = '$REPLICATION_PASSWORD', master_use_gtid = slave_pos, master_ssl = 1;",
            "start slave;",
            "stop slave; reset slave all;",
        ),
        _ => (
            "--set-gtid-purged=ON",
            "change replication source to source_host = '$HOST', source_port = 3306, source_user = '$REPLICATION_USER', source_password = '$REPLICATION_PASSWORD', source_auto_position = 1, source_ssl = 1;",
            "start replica;",
            "stop replica; reset replica all;",
        ),
    };
    let text = format!("mysql --defaults-extra-file=\"${file}\" <<SQL\n{}\n{start}\nSQL", change.replace("$HOST", &format!("${host}")));
    (dump, text, stop)
}

/// How a server is told to follow another one from now on, while writers are held and both sides are equal. MySQL knows by
/// its set of transactions what a server has; MariaDB knows it of a server that followed before, and this one never did.
fn mysql_from_now(engine: Engine, file: &str, other: &str, host: &str) -> String {
    let (_, text, _) = mysql_words(engine, file, host);
    if engine != Engine::Mariadb {
        return text;
    }
    let ask = format!(
        "position=$(mysql --defaults-extra-file=\"${other}\" --batch --skip-column-names --execute='select @@global.gtid_binlog_pos')"
    );
    format!("{ask}\n{}", text.replacen("<<SQL\n", "<<SQL\nset global gtid_slave_pos = '$position';\n", 1))
}

/// The steps of the switch itself, while writers are held: last changes, sequences, the stream back, the comparison.
pub(crate) fn switch(ground: &Ground<'_>, engine: Engine, system: &str) -> Vec<StepDraft> {
    let owner = ground.role("dba");
    let hold = build::manual(
        &format!("hold-writers-{system}"),
        "hold_writers",
        format!("Holds the writers of {system}: the pool keeps their statements waiting, or the application refuses writes with a friendly answer"),
        "a write that reaches the source after the last change was read would be lost",
        "no session of an application is in a transaction on the source, and its write counter stands still",
    )
    .lock("writers wait for as long as the switch takes")
    .undo("let the writers go on at the source", "0 rows", "the source's write counter moves again");
    let mut steps = vec![hold];
    steps.extend(match engine {
        Engine::Postgres => postgres_switch(system),
        Engine::Mysql | Engine::Mariadb => mysql_switch(engine, system),
        _ => vec![other_switch(system)],
    });
    steps.push(
        build::manual(
            &format!("open-{system}"),
            "open_writers",
            format!("Points the pool of {system} at the target and lets the writers go on there"),
            "from here on the target is the side that is written to",
            "the target's write counter moves, the source's does not, and the back stream's lag is below the gate's limit",
        )
        .until_contract()
        .undo(
            "hold the writers, wait until the back stream has no lag, point the pool at the source, let the writers go on there",
            "0 rows: the source has every write of the target through the back stream",
            "the source's write counter moves, and both sides compare equal",
        )
        .people("cutover", 2),
    );
    steps.into_iter().map(|step| step.owner(owner)).collect()
}

fn postgres_switch(system: &str) -> Vec<StepDraft> {
    let sequences = build::shell(
        &format!("sequences-{system}"),
        "set_sequences",
        format!("Sets each sequence of {system} on the target behind the source's"),
        "logical replication does not carry sequences: the first insert would meet a key that exists",
        command(
            "set -o pipefail\npsql --no-psqlrc --set=ON_ERROR_STOP=1 --tuples-only --no-align --dbname=\"$SOURCE_URL\" <<'SQL' | psql --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction --dbname=\"$TARGET_URL\"\nselect format('select pg_catalog.setval(%L, %s);', format('%I.%I', schemaname, sequencename), last_value + 1000 * increment_by)\nfrom pg_catalog.pg_sequences where last_value is not null order by schemaname, sequencename;\nSQL",
            "writers are held; SOURCE_URL and TARGET_URL name the databases",
            "one row of setval for each sequence",
        ),
    )
    .undo("nothing to put back: a sequence that is ahead harms nobody", "0 rows", "not needed");
    let back = build::shell(
        &format!("arm-back-{system}"),
        "arm_back_stream",
        format!("Ends the forward stream of {system} and lets the source follow the target from its first write on"),
        "this is the way back: whatever is written on the target arrives on the source as well",
        command(
            "psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$TARGET_URL\" <<'SQL'\nalter subscription segue_forward disable;\ndrop subscription segue_forward;\ncreate publication segue_back for all tables;\nSQL\npsql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$SOURCE_URL\" <<'SQL'\n\\getenv target TARGET_CONNINFO\ncreate subscription segue_back connection :'target' publication segue_back with (copy_data = false);\nSQL",
            "writers are held, the forward stream has no lag and both sides compared equal; TARGET_CONNINFO is how the source's server reaches the target, without a password",
            "pg_stat_subscription of the source shows segue_back running",
        ),
    )
    .undo(
        "drop the back stream and let the target follow again; writers are still held and both sides are equal, so nothing is lost or copied twice",
        "0 rows",
        "pg_subscription of the source is empty, and the target's has segue_forward running",
    )
    .undo_shell(command(
        "psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$SOURCE_URL\" --command='drop subscription if exists segue_back'\npsql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=\"$TARGET_URL\" <<'SQL'\n\\getenv source SOURCE_CONNINFO\ndrop publication if exists segue_back;\ncreate subscription segue_forward connection :'source' publication segue_forward with (copy_data = false);\nSQL",
        "writers are held and the back stream has no lag; SOURCE_CONNINFO is how the target's server reaches the source, without a password",
        "pg_subscription of the source lists none of ours, and segue_forward of the target is running",
    ));
    vec![drained(system), sequences, compared(system), back]
}

fn mysql_switch(engine: Engine, system: &str) -> Vec<StepDraft> {
    let (_, _, stop) = mysql_words(engine, "SOURCE_CNF", "TARGET_HOST");
    let follow = mysql_from_now(engine, "SOURCE_CNF", "TARGET_CNF", "TARGET_HOST");
    let again = mysql_from_now(engine, "TARGET_CNF", "SOURCE_CNF", "SOURCE_HOST");
    let back = build::shell(
        &format!("arm-back-{system}"),
        "arm_back_stream",
        format!("Ends the forward stream of {system} and lets the source follow the target from its first write on"),
        "this is the way back: whatever is written on the target arrives on the source as well",
        Shell {
            text: format!("mysql --defaults-extra-file=\"$TARGET_CNF\" --execute=\"{stop}\"\n{follow}"),
            before: "writers are held, the forward stream has no lag and both sides compared equal; TARGET_HOST, REPLICATION_USER and REPLICATION_PASSWORD let the source reach the target over TLS",
            expected: "the source's replica status shows both threads running and no error",
        },
    )
    .undo("stop the back stream and let the target follow again; writers are still held, so nothing is lost", "0 rows", "the source's replica status is empty, and the target's runs")
    .undo_shell(Shell {
        text: format!("mysql --defaults-extra-file=\"$SOURCE_CNF\" --execute=\"{stop}\"\n{again}"),
        before: "writers are held and the back stream has no lag; SOURCE_HOST, REPLICATION_USER and REPLICATION_PASSWORD let the target reach the source over TLS",
        expected: "the source's replica status is empty, and both threads of the target run",
    });
    vec![drained(system), compared(system), back]
}

fn other_switch(system: &str) -> StepDraft {
    build::manual(
        &format!("arm-back-{system}"),
        "arm_back_stream",
        format!("Waits until the target of {system} has every change, compares both sides, and lets the source follow the target by the vendor's replication"),
        "this is the way back: whatever is written on the target arrives on the source as well",
        "the vendor's view shows the stream from the target to the source running, and a test row written on the target arrives on the source",
    )
    .undo("stop the back stream; writers are still held, so nothing is lost", "0 rows", "the source lists no stream from the target")
}

fn drained(system: &str) -> StepDraft {
    build::manual(
        &format!("drain-{system}"),
        "wait_for_lag",
        format!("Waits until the target of {system} has read the source's last change"),
        "what is still on its way would be lost",
        "the position that the target confirmed is the source's last one, twice in a row",
    )
    .reads()
}

fn compared(system: &str) -> StepDraft {
    build::manual(
        &format!("compare-{system}"),
        "verify_rows",
        format!(
            "Compares the rows of {system} that changed since the whole was compared, by their keys, and the spec's `checks` on both sides"
        ),
        "the whole was compared while writers went on; what is left is small, and writers wait for it",
        "0 missing, 0 extra, 0 changed rows, and each check is equal",
    )
    .reads()
}
