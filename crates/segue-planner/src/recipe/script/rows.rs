//! Queries about rows, and the signals by which a table is copied by its key.
//!
//! A name that cannot be shown as it is gives no command. Tests: `tests/it/project_commands.rs`.

use super::engine::Engine;
use super::name;

/// Asks the stream to read one table in ranges of its key while changes go on; what changes in between wins.
pub(crate) fn copy_signal(from: Engine, table: &str) -> Option<String> {
    let dialect = from.dialect()?;
    name::table(dialect, table)?;
    let bare = segue_model::ident::TableName::parse(table).ok()?;
    let id = name::text(&format!("copy-{}", short(&bare.name)))?;
    // Debezium reads the name as a pattern: what is special in one is escaped.
    let collection = match from {
        Engine::Postgres => {
            let schema = if bare.schema.is_empty() { "public".to_owned() } else { bare.schema.clone() };
            name::text(&format!("{schema}.{}", bare.name))?
        }
        Engine::Mysql | Engine::Mariadb if bare.schema.is_empty() => format!("concat(database(), '.', {})", name::text(&bare.name)?),
        Engine::Mysql | Engine::Mariadb => name::text(&format!("{}.{}", bare.schema, bare.name))?,
        _ => return None,
    };
    let build = if from == Engine::Postgres {
        format!("json_build_object('data-collections', json_build_array({collection}), 'type', 'incremental')::text")
    } else {
        format!("json_object('data-collections', json_array({collection}), 'type', 'incremental')")
    };
    Some(format!("insert into segue_signal (id, type, data)\nvalues ({id}, 'execute-snapshot', {build});"))
}

/// A key of at most 42 characters.
fn short(name: &str) -> String {
    if name.len() <= 36 { name.to_owned() } else { segue_model::canonical::digest_bytes(name.as_bytes()).chars().take(36).collect() }
}

/// Empties the copy of a table.
pub(crate) fn empty(to: Engine, table: &str) -> Option<String> {
    let dialect = to.dialect()?;
    let bare = segue_model::ident::TableName::parse(table).ok()?;
    Some(format!("delete from {};", name::quoted(dialect, &bare.name)?))
}

/// Counts values that do not convert, by what the spec says of the column.
pub(crate) fn unconvertible(from: Engine, column: &str, rule: &segue_model::spec::program::ColumnConversion) -> Option<String> {
    let dialect = from.dialect()?;
    let (table, column) = column.rsplit_once('.')?;
    let (table, column) = (name::table(dialect, table)?, name::quoted(dialect, column)?);
    let wrong = match (rule.from_text.as_deref(), rule.from_epoch.as_deref(), dialect) {
        (Some("json"), _, "postgres") => format!("not ({column} is json)"),
        (Some("json"), _, _) => format!("not json_valid({column})"),
        (_, Some(unit), _) => {
            let year = if unit == "milliseconds" { 4_102_444_800_000_u64 } else { 4_102_444_800 };
            format!("({column} < 0 or {column} > {year})")
        }
        _ => return None,
    };
    Some(format!("select count(*) as does_not_convert\nfrom {table}\nwhere {column} is not null and {wrong};"))
}

/// Counts dates that are no dates; MySQL and MariaDB take them.
pub(crate) fn zero_dates() -> String {
    "select table_name, column_name\nfrom information_schema.columns\nwhere table_schema = database() and data_type in ('date', 'datetime', 'timestamp')\norder by table_name, column_name;".to_owned()
}

/// Runs one business rule on both sides and compares the answers, line by line.
pub(crate) fn check_both(source: Engine, target: Engine, sql: &str) -> Option<String> {
    let mut end = "SEGUE_CHECK".to_owned();
    while sql.lines().any(|line| line == end) {
        end.push('_');
    }
    let side = |engine: Engine, name: &str, lower: &str| -> Option<String> {
        Some(match engine {
            Engine::Postgres => format!(
                "psql --no-psqlrc --set=ON_ERROR_STOP=1 --tuples-only --no-align --field-separator='|' --dbname=\"${name}_URL\" --file=check.sql | LC_ALL=C sort > check.{lower}"
            ),
            Engine::Mysql | Engine::Mariadb => format!(
                "mysql --defaults-extra-file=\"${name}_CNF\" --batch --skip-column-names \"${name}_DATABASE\" < check.sql | tr '\\t' '|' | LC_ALL=C sort > check.{lower}"
            ),
            Engine::Sqlite => {
                format!("sqlite3 -batch -bail -noheader -separator '|' \"${name}_FILE\" < check.sql | LC_ALL=C sort > check.{lower}")
            }
            _ => return None,
        })
    };
    let (one, other) = (side(source, "SOURCE", "source")?, side(target, "TARGET", "target")?);
    let text = sql.trim_end().trim_end_matches(';');
    Some(format!("set -o pipefail\ncat > check.sql <<'{end}'\n{text};\n{end}\n{one}\n{other}\ndiff check.source check.target"))
}

/// Drops what a rendered conversion made, so that it can be made again.
pub(crate) fn empty_schema() -> crate::recipe::build::Shell<'static> {
    crate::recipe::build::Shell {
        text: "drop schema public cascade;\ncreate schema public;".to_owned(),
        before: "run on the target, which no application uses yet; it holds nothing but what the conversion made",
        expected: "the target lists no table",
    }
}

/// Sets each sequence of PostgreSQL that belongs to a column behind the column's highest value.
pub(crate) fn sequences_from_columns() -> String {
    "set -o pipefail\npsql --no-psqlrc --set=ON_ERROR_STOP=1 --tuples-only --no-align --dbname=\"$TARGET_URL\" <<'SQL' | psql --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction --dbname=\"$TARGET_URL\"\nselect format('select pg_catalog.setval(%L, greatest((select coalesce(max(%I), 1) from %s), 1));', s.oid::regclass, a.attname, d.refobjid::regclass)\nfrom pg_catalog.pg_class s\njoin pg_catalog.pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')\njoin pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid\nwhere s.relkind = 'S' order by 1;\nSQL".to_owned()
}

/// The statements that cost most, from the server's own statistics; the dialect first.
pub(crate) fn statements(engine: Engine) -> Option<(&'static str, String)> {
    match engine {
        Engine::Postgres => Some((
            "postgres",
            "select calls, round(total_exec_time) as total_ms, query\nfrom pg_stat_statements\norder by total_exec_time desc\nlimit 100;".to_owned(),
        )),
        Engine::Mysql | Engine::Mariadb => Some((
            "mysql",
            "select count_star as calls, round(sum_timer_wait / 1000000000) as total_ms, digest_text as query\nfrom performance_schema.events_statements_summary_by_digest\norder by sum_timer_wait desc\nlimit 100;"
                .to_owned(),
        )),
        _ => None,
    }
}

/// The extensions of a PostgreSQL database.
pub(crate) fn extensions() -> String {
    "select extname, extversion from pg_catalog.pg_extension order by extname;".to_owned()
}
