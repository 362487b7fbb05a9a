//! Every engine's look passes one suite, and real schemas read whole on each.

use std::path::PathBuf;

use segue_engine::inspect::Look;
use segue_sim::inspect::{Looked, MariaDb, Postgres, Sqlite, between, conformance};

use crate::servers::{mariadb, postgres};

fn data(name: &str) -> Option<String> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/data", name].iter().collect();
    let found = std::fs::read_to_string(&path).ok();
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "../shared/data is missing");
    found
}

#[tokio::test]
async fn looking_at_sqlite_conforms() {
    assert_eq!(conformance(&Sqlite::new()).await, 11);
}

#[tokio::test]
async fn looking_at_postgres_conforms() {
    for bins in postgres() {
        assert_eq!(conformance(&Postgres::start(&bins).await).await, 11, "{}", bins.display());
    }
}

#[tokio::test]
async fn looking_at_mariadb_conforms() {
    let Some(programs) = mariadb() else { return };
    assert_eq!(conformance(&MariaDb::start(&programs, &[], "looks").await).await, 11);
}

/// Tables with their rows, in all spellings of Chinook.
const CHINOOK: &[(&str, u64)] = &[
    ("album", 347),
    ("artist", 275),
    ("customer", 59),
    ("employee", 8),
    ("genre", 25),
    ("invoice", 412),
    ("invoiceline", 2240),
    ("mediatype", 5),
    ("playlist", 18),
    ("playlisttrack", 8715),
    ("track", 3503),
];

async fn chinook_is_whole(fixture: &dyn Looked) {
    let seen = fixture.inspect().seen(Look::default()).await.expect("a look");
    let plain = |name: &str| name.rsplit('.').next().unwrap_or_default().replace('_', "").to_lowercase();
    let found: Vec<_> = seen.system.tables.iter().map(|table| (plain(&table.name), table.rows.unwrap_or_default())).collect();
    let mut found: Vec<_> = found.iter().map(|(name, rows)| (name.as_str(), *rows)).collect();
    found.sort_unstable();
    assert_eq!(found, CHINOOK);
    assert!(seen.system.tables.iter().all(|table| !table.rows_estimated && table.keyed), "{:?}", seen.system.tables);
    let catalog = fixture.inspect().catalog_all().await.expect("a catalog").catalog;
    let keys: usize = catalog.tables.iter().map(|t| t.constraints.iter().filter(|c| c.references.is_some()).count()).sum();
    assert_eq!((catalog.tables.len(), keys), (11, 11));
    let columns: usize = catalog.tables.iter().map(|table| table.columns.len()).sum();
    assert_eq!(columns, 64);
}

#[tokio::test]
async fn chinook_reads_whole_on_all_three() {
    let (Some(for_sqlite), Some(for_postgres), Some(for_mysql)) =
        (data("chinook/sqlite.sql"), data("chinook/postgresql.sql"), data("chinook/mysql.sql"))
    else {
        return;
    };
    let sqlite = Sqlite::new();
    let script = for_sqlite.trim_start_matches('\u{feff}');
    sqlite.execute(&format!("begin; {script}; commit")).await.expect("Chinook loads");
    chinook_is_whole(&sqlite).await;
    let postgres = Postgres::start(&postgres()[0]).await;
    postgres.load(for_postgres.trim_start_matches('\u{feff}')).await;
    chinook_is_whole(&postgres).await;
    let Some(programs) = mariadb() else { return };
    let mariadb = MariaDb::start(&programs, &[], "chinook").await;
    mariadb.load(for_mysql.trim_start_matches('\u{feff}')).await;
    chinook_is_whole(&mariadb).await;
    // Real rows of each go to each of the others.
    let all: [(&dyn Looked, &str); 3] = [(&sqlite, "Track"), (&postgres, "track"), (&mariadb, "Track")];
    for (source, table) in all {
        for (target, _) in all {
            let probed = between(source, target, table).await;
            let rates: Vec<&str> = probed.rates.iter().map(|rate| rate.what.as_str()).collect();
            assert_eq!((rates.as_slice(), probed.not_checked.as_slice()), (["copy", "index", "read", "write"].as_slice(), [].as_slice()));
            assert!(probed.rates[0].sample.starts_with("3503 rows"), "{:?}", probed.rates);
        }
    }
}

/// Rows of MySQL's Sakila.
const SAKILA: &[(&str, u64)] = &[
    ("actor", 200),
    ("address", 603),
    ("category", 16),
    ("city", 600),
    ("country", 109),
    ("customer", 599),
    ("film", 1000),
    ("film_actor", 5462),
    ("film_category", 1000),
    ("film_text", 1000),
    ("inventory", 4581),
    ("language", 6),
    ("payment", 16049),
    ("rental", 16044),
    ("staff", 2),
    ("store", 2),
];

#[tokio::test]
async fn sakila_reads_whole_on_mariadb() {
    let (Some(schema), Some(rows), Some(programs)) = (data("sakila/mysql-schema.sql"), data("sakila/mysql-data.sql"), mariadb()) else {
        return;
    };
    let db = MariaDb::start(&programs, &["performance-schema=on", "log-bin", "binlog-format=row"], "sakila").await;
    db.load(&schema).await;
    db.load(&rows).await;
    let seen = db.inspect().seen(Look::default()).await.expect("a look");
    let found: Vec<_> = seen.system.tables.iter().map(|table| (table.name.as_str(), table.rows.unwrap_or_default())).collect();
    assert_eq!(found, SAKILA);
    for (kind, count) in [("view", 7), ("trigger", 6), ("routine", 6), ("event", 0), ("partition", 0)] {
        assert_eq!(seen.system.counts.get(kind), Some(&count), "{kind}");
    }
    let settings = &seen.system.settings;
    assert_eq!((settings["log_bin"].as_str(), settings["binlog_format"].as_str(), settings["replicas"].as_str()), ("ON", "ROW", "0"));
    assert!(settings.contains_key("sql_mode") && settings.contains_key("character_set_server"), "{settings:?}");
    let of = |name: &str| seen.system.tables.iter().find(|table| table.name == name).expect(name);
    assert!(seen.system.tables.iter().any(|table| table.usage == "frequent"), "{:?}", seen.system.tables);
    assert_eq!((of("film").columns, of("film").indexes), (13, 4));
    let catalog = db.inspect().catalog_all().await.expect("a catalog").catalog;
    let film = catalog.table(&db.table("film")).expect("film");
    let column = |name: &str| film.column(name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(column("film_id").data_type, "smallint(5) unsigned");
    assert_eq!(column("film_id").identity.as_deref(), Some("auto_increment"));
    assert_eq!(column("rating").data_type, "enum('G','PG','PG-13','R','NC-17')");
    assert_eq!(column("rating").default.as_deref(), Some("'G'"));
    assert_eq!(column("release_year").data_type, "year(4)");
    assert!(film.options.iter().any(|line| line == "column `last_update`: on update current_timestamp()"), "{:?}", film.options);
    assert_eq!(film.triggers.len(), 3);
    let key = film.constraints.iter().find(|c| c.name == "fk_film_language").expect("a foreign key");
    assert_eq!(key.definition, "FOREIGN KEY (`language_id`) REFERENCES `language` (`language_id`) ON DELETE RESTRICT ON UPDATE CASCADE");
    assert!(film.referenced_by.iter().any(|r| r.table == db.table("inventory") && r.columns == ["film_id"]), "{:?}", film.referenced_by);
    let text = catalog.table(&db.table("film_text")).expect("film_text");
    assert!(text.indexes.iter().any(|index| index.definition.starts_with("FULLTEXT KEY")), "{:?}", text.indexes);
    let view = catalog.views.iter().find(|view| view.name == db.table("film_list")).expect("film_list");
    let reads: Vec<_> = view.reads.iter().map(|(table, _)| table.name.as_str()).collect();
    assert_eq!(reads, ["actor", "category", "film", "film_actor", "film_category"]);
    assert_eq!(catalog.tables.iter().map(|t| t.indexes.len()).sum::<usize>(), 41);
}

#[tokio::test]
async fn sakila_reads_whole_on_postgres() {
    let (Some(schema), Some(rows)) = (data("sakila/postgres-schema.sql"), data("sakila/postgres-data.sql")) else { return };
    for bins in postgres() {
        let db = Postgres::start(&bins).await;
        db.load(&schema).await;
        db.load(&rows).await;
        let seen = db.inspect().seen(Look::default()).await.expect("a look");
        let rows = |name: &str| seen.system.tables.iter().find(|t| t.name == format!("public.{name}")).and_then(|t| t.rows);
        for (name, count) in SAKILA.iter().filter(|(name, _)| !["film_text", "payment"].contains(name)) {
            assert_eq!(rows(name), Some(*count), "{name}");
        }
        assert!(seen.system.counts["view"] >= 5 && seen.system.counts["routine"] >= 8, "{:?}", seen.system.counts);
        assert_eq!((seen.system.counts["enum"], seen.system.counts["domain"]), (1, 1));
    }
}
