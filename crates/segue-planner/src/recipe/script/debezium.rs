//! Settings of Debezium connectors: changes of one database into another of another kind, and back.
//!
//! Secrets are read by the connect worker from its own environment (`${env:…}`), never written here. What cannot be
//! applied is kept aside in a topic and counted, never dropped. Tests: `tests/it/project_commands.rs`.

use segue_model::plan::program::Command;

use super::engine::Engine;

/// One direction of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direction {
    /// `forward` or `back`.
    pub(crate) name: &'static str,
    /// Where changes are read.
    pub(crate) from: Engine,
    /// Where they are written.
    pub(crate) to: Engine,
    /// The prefix of the variables of the side that is read: `SOURCE` or `TARGET`.
    pub(crate) read: &'static str,
    /// The same of the side that is written.
    pub(crate) written: &'static str,
    /// Rows of a chunk when a table is read by its key.
    pub(crate) chunk: u64,
}

/// Whether both ends can be done so.
pub(crate) fn fits(from: Engine, to: Engine) -> bool {
    let read = matches!(from, Engine::Postgres | Engine::Mysql | Engine::Mariadb | Engine::Oracle | Engine::SqlServer);
    read && matches!(to, Engine::Postgres | Engine::Mysql | Engine::Mariadb | Engine::Oracle | Engine::SqlServer)
}

fn class(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "io.debezium.connector.postgresql.PostgresConnector",
        Engine::Mariadb => "io.debezium.connector.mariadb.MariaDbConnector",
        Engine::Oracle => "io.debezium.connector.oracle.OracleConnector",
        Engine::SqlServer => "io.debezium.connector.sqlserver.SqlServerConnector",
        _ => "io.debezium.connector.mysql.MySqlConnector",
    }
}

/// The settings of the reading side, as a document of `PUT /connectors/NAME/config`.
pub(crate) fn reader(direction: &Direction, exclude: &[String]) -> Command {
    let side = direction.read;
    let prefix = format!("segue_{}", direction.name);
    let mut keys: Vec<(&str, String)> = vec![
        ("connector.class", class(direction.from).to_owned()),
        ("tasks.max", "1".to_owned()),
        ("topic.prefix", prefix.clone()),
        ("database.hostname", format!("${{env:{side}_HOST}}")),
        ("database.port", format!("${{env:{side}_PORT}}")),
        ("database.user", format!("${{env:{side}_USER}}")),
        ("database.password", format!("${{env:{side}_PASSWORD}}")),
        ("snapshot.mode", "no_data".to_owned()),
        ("signal.enabled.channels", "source".to_owned()),
        ("incremental.snapshot.chunk.size", direction.chunk.to_string()),
        ("decimal.handling.mode", "precise".to_owned()),
        ("time.precision.mode", "connect".to_owned()),
        ("tombstones.on.delete", "false".to_owned()),
        ("heartbeat.interval.ms", "10000".to_owned()),
    ];
    match direction.from {
        Engine::Postgres => keys.extend([
            ("database.dbname", format!("${{env:{side}_DATABASE}}")),
            ("plugin.name", "pgoutput".to_owned()),
            ("slot.name", prefix.clone()),
            ("publication.name", prefix.clone()),
            ("publication.autocreate.mode", "all_tables".to_owned()),
            ("signal.data.collection", "public.segue_signal".to_owned()),
        ]),
        Engine::Mysql | Engine::Mariadb => keys.extend([
            ("database.server.id", "654201".to_owned()),
            ("database.include.list", format!("${{env:{side}_DATABASE}}")),
            ("schema.history.internal.kafka.bootstrap.servers", "${env:KAFKA_SERVERS}".to_owned()),
            ("schema.history.internal.kafka.topic", format!("{prefix}_history")),
            ("signal.data.collection", format!("${{env:{side}_DATABASE}}.segue_signal")),
        ]),
        _ => keys.extend([
            ("database.dbname", format!("${{env:{side}_DATABASE}}")),
            ("schema.history.internal.kafka.bootstrap.servers", "${env:KAFKA_SERVERS}".to_owned()),
            ("schema.history.internal.kafka.topic", format!("{prefix}_history")),
        ]),
    }
    if !exclude.is_empty() {
        let patterns: Vec<String> = exclude.iter().map(|glob| format!(".*\\\\.{}", pattern(glob))).collect();
        keys.push(("table.exclude.list", patterns.join(",")));
    }
    let before = match direction.from {
        Engine::Postgres => {
            "wal_level is logical; the role may replicate; a table public.segue_signal(id varchar(42) primary key, type varchar(32), data varchar(2048)) is there"
        }
        Engine::Mysql | Engine::Mariadb => {
            "the binlog has rows (binlog_format ROW, binlog_row_image FULL) and is kept longer than the copy takes; a table segue_signal(id varchar(42) primary key, type varchar(32), data varchar(2048)) is there"
        }
        _ => "the vendor's log of changes is switched on for every table that moves",
    };
    config(
        &keys,
        before,
        &format!(
            "the file segue-{}-reader.json; `curl \"$CONNECT_URL/connectors/segue-{}-reader/status\"` says RUNNING after the next step",
            direction.name, direction.name
        ),
    )
}

/// The settings of the writing side.
pub(crate) fn writer(direction: &Direction) -> Command {
    let side = direction.written;
    let keys: Vec<(&str, String)> = vec![
        ("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector".to_owned()),
        ("tasks.max", "1".to_owned()),
        // The table of signals is for the reader alone: the other side has none, and its rows would count as rejected.
        ("topics.regex", format!("segue_{}\\\\.(?!.*segue_signal$).*", direction.name)),
        ("connection.url", format!("${{env:{side}_JDBC_URL}}")),
        ("connection.username", format!("${{env:{side}_USER}}")),
        ("connection.password", format!("${{env:{side}_PASSWORD}}")),
        ("insert.mode", "upsert".to_owned()),
        ("delete.enabled", "true".to_owned()),
        ("primary.key.mode", "record_key".to_owned()),
        ("schema.evolution", "none".to_owned()),
        ("collection.name.format", "${source.table}".to_owned()),
        ("errors.tolerance", "all".to_owned()),
        ("errors.deadletterqueue.topic.name", format!("segue_{}_rejected", direction.name)),
        ("errors.deadletterqueue.context.headers.enable", "true".to_owned()),
    ];
    let expected = format!(
        "the file segue-{}-writer.json; rows that do not fit arrive in the topic segue_{}_rejected and close the gate",
        direction.name, direction.name
    );
    config(&keys, "the tables are there with their keys, so that a row that arrives twice is written once", &expected)
}

/// The command that gives both documents to the connect worker.
pub(crate) fn start(direction: &Direction) -> String {
    let one = |part: &str| {
        let name = format!("segue-{}-{part}", direction.name);
        format!(
            "curl --fail --silent --show-error --request PUT --header 'Content-Type: application/json' --data @{name}.json \"$CONNECT_URL/connectors/{name}/config\""
        )
    };
    let status =
        |part: &str| format!("curl --fail --silent --show-error \"$CONNECT_URL/connectors/segue-{}-{part}/status\"", direction.name);
    format!("{}\n{}\n{}\n{}", one("writer"), one("reader"), status("writer"), status("reader"))
}

/// The command that ends both.
pub(crate) fn stop(direction: &Direction) -> String {
    let one = |part: &str| {
        format!("curl --fail --silent --show-error --request DELETE \"$CONNECT_URL/connectors/segue-{}-{part}\"", direction.name)
    };
    format!("{}\n{}", one("reader"), one("writer"))
}

fn config(keys: &[(&str, String)], before: &str, expected: &str) -> Command {
    let lines: Vec<String> = keys.iter().map(|(key, value)| format!("  \"{key}\": \"{value}\"")).collect();
    Command {
        language: "config".to_owned(),
        dialect: String::new(),
        text: format!("{{\n{}\n}}", lines.join(",\n")),
        precondition: before.to_owned(),
        expected: expected.to_owned(),
    }
}

/// A glob of the spec as a regular expression inside JSON.
fn pattern(glob: &str) -> String {
    let mut out = String::new();
    for c in glob.chars().filter(|c| !c.is_control()) {
        match c {
            '*' => out.push_str(".*"),
            '"' => out.push_str("\\\""),
            c if c.is_ascii_punctuation() && c != '_' => out.push_str(&format!("\\\\{c}")),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_are_json() {
        for engine in [Engine::Postgres, Engine::Mysql, Engine::Mariadb, Engine::Oracle] {
            let direction =
                Direction { name: "forward", from: engine, to: Engine::Postgres, read: "SOURCE", written: "TARGET", chunk: 1_000 };
            for command in [reader(&direction, &["tmp_*".to_owned(), "a\"b.c".to_owned()]), writer(&direction)] {
                let value: serde_json::Value = serde_json::from_str(&command.text).expect("JSON");
                assert!(value["connector.class"].as_str().is_some_and(|class| class.starts_with("io.debezium")));
                assert!(!command.text.contains("password\": \"s"), "no secret");
            }
        }
    }
}
