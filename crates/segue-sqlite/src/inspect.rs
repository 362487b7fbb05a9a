//! Looking at a database file for an assessment: [`Inspect`] on the connection that cannot write.
//!
//! SQLite keeps no statistics of use and no sessions: what other engines say of them is said to be unknown, not
//! nothing. Counting is bounded by rows, and a look at all pages by the size of the file. It must never write to the
//! file, and never show a value. Tests: `segue_sim::inspect`, `tests/it/inspect.rs`.

mod sample;
mod tables;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use rusqlite::Connection;
use segue_engine::inspect::{Bound, CatalogSeen, Collect, Inspect, Look, Sample, Seen, Taken};
use segue_engine::{Engine, EngineError, ServerFacts};
use segue_model::assessment::SystemSeen;
use segue_model::ident::TableName;

use crate::error::Doing;
use crate::{SqliteEngine, catalog};

const DOING: &str = "looking at the database";

#[async_trait]
impl Inspect for SqliteEngine {
    async fn facts(&self) -> Result<ServerFacts, EngineError> {
        Engine::facts(self).await
    }

    async fn seen(&self, look: Look) -> Result<Seen, EngineError> {
        self.read(|connection| bounded(connection, || seen(connection, look)))
    }

    async fn catalog_of(&self, tables: &[TableName]) -> Result<CatalogSeen, EngineError> {
        let catalog = self.read(|connection| catalog::read(connection, tables))?;
        Ok(CatalogSeen { catalog, not_checked: Vec::new() })
    }

    async fn catalog_all(&self) -> Result<CatalogSeen, EngineError> {
        let catalog = self.read(|connection| catalog::read(connection, &catalog::tables(connection)?))?;
        Ok(CatalogSeen { catalog, not_checked: Vec::new() })
    }

    async fn read_sample(&self, table: &TableName, bound: Bound) -> Result<Taken, EngineError> {
        self.read(|connection| sample::read(connection, &table.name, bound))
    }

    async fn write_sample(&self, taken: &Taken) -> Result<Sample, EngineError> {
        sample::write(self.path(), taken)
    }
}

/// How long the statements of a look may run altogether.
const TIME_MAX: Duration = Duration::from_mins(1);

/// Interrupts what takes too long: then it is a sentence, or, of the schema itself, an error.
fn bounded<T>(connection: &Connection, work: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    let deadline = Instant::now() + TIME_MAX;
    connection.progress_handler(10_000, Some(move || Instant::now() >= deadline)).doing(DOING)?;
    let done = work();
    connection.progress_handler(0, None::<fn() -> bool>).doing(DOING)?;
    done
}

/// Settings of the file that a migration must know.
const PRAGMAS: &[&str] = &[
    "journal_mode",
    "page_size",
    "page_count",
    "freelist_count",
    "encoding",
    "auto_vacuum",
    "user_version",
    "application_id",
    "schema_version",
];

const COUNTS: &str = "
SELECT k.kind, (SELECT count(*) FROM sqlite_schema s WHERE s.type = k.kind AND s.name NOT LIKE 'segue\\_%' ESCAPE '\\')
FROM (SELECT 'view' AS kind UNION ALL SELECT 'trigger') k";

fn seen(connection: &Connection, look: Look) -> Result<Seen, EngineError> {
    let mut collect = Collect::default();
    let mut system = SystemSeen {
        engine: "sqlite".to_owned(),
        version: rusqlite::version().to_owned(),
        how: "live".to_owned(),
        ..SystemSeen::default()
    };
    for pragma in PRAGMAS {
        let value: rusqlite::types::Value = connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0)).doing(DOING)?;
        let shown = match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            _ => continue,
        };
        system.settings.insert((*pragma).to_owned(), shown);
    }
    let number = |name: &str| system.settings.get(name).and_then(|text| text.parse::<u64>().ok());
    system.bytes = number("page_size").zip(number("page_count")).map(|(size, count)| size * count);
    let mut counts = connection.prepare(COUNTS).doing(DOING)?;
    let rows = counts.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.cast_unsigned()))).doing(DOING)?;
    system.counts = rows.collect::<rusqlite::Result<_>>().doing(DOING)?;
    // SQLite has none, ever.
    system.counts.extend(["routine", "sequence", "event"].map(|kind| (kind.to_owned(), 0)));
    let mut findings = Vec::new();
    tables::see(connection, &mut system, &mut findings, &mut collect)?;
    collect.say("how much tables and indexes are used, and how many writes there are an hour: SQLite keeps no such counters");
    collect.say("transactions of other processes: SQLite does not say who has the file open");
    collect.say("baselines: SQLite keeps no times of queries");
    Ok(Seen::finish(system, findings, collect.done(), look))
}
