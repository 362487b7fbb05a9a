//! A real schema: Sakila loads, and each of its tables is read whole.

use std::path::PathBuf;

use segue_engine::Engine as _;

use crate::database::{databases, table};

#[tokio::test]
async fn sakila_reads_whole() {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/data/sakila/postgres-schema.sql"].iter().collect();
    let Ok(schema) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "../shared/data is missing");
        return;
    };
    for db in databases(&schema).await {
        db.client.batch_execute("reset search_path").await.expect("reset");
        let tables = db.engine.tables().await.expect("tables");
        let asked: i64 = db
            .client
            .query_one("select count(*) from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace", &[])
            .await
            .expect("count")
            .get(0);
        assert_eq!(i64::try_from(tables.len()).expect("small"), asked);
        let catalog = db.engine.catalog(&tables).await.expect("a catalog");
        assert_eq!(catalog.tables.len(), tables.len());
        assert_eq!(catalog, db.engine.catalog(&tables).await.expect("again"), "two readings are the same");
        let film = catalog.table(&table("public.film")).expect("film");
        assert_eq!(film.primary_key(), ["film_id"]);
        let column = |name: &str| film.column(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(column("film_id").identity.as_deref(), None, "a sequence of nobody's is no serial");
        assert_eq!(column("rating").data_type, "public.mpaa_rating");
        assert_eq!(column("fulltext").data_type, "tsvector");
        assert!(film.triggers.iter().any(|t| t.name == "film_fulltext_trigger"), "{:?}", film.triggers);
        assert!(film.referenced_by.iter().any(|r| r.table == table("public.inventory") && r.columns == ["film_id"]));
        let view = catalog.views.iter().find(|v| v.name == table("public.film_list")).expect("film_list");
        assert!(view.reads.iter().any(|(name, columns)| *name == film.name && columns.contains(&"title".to_owned())));
        // The server's own count of what hangs on these tables is the oracle.
        let row = db
            .client
            .query_one(
                "select (select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition), \
                 (select count(*) from pg_constraint k join pg_class c on c.oid = k.conrelid where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and k.contype in ('p','u','c','f','x')), \
                 (select count(*) from pg_views where schemaname = 'public')",
                &[],
            )
            .await
            .expect("counts");
        let total = |count: &dyn Fn(&segue_model::catalog::Table) -> usize| catalog.tables.iter().map(count).sum::<usize>() as i64;
        assert_eq!(total(&|t| t.indexes.len()), row.get::<_, i64>(0));
        assert_eq!(total(&|t| t.constraints.len()), row.get::<_, i64>(1));
        assert_eq!(catalog.views.len() as i64, row.get::<_, i64>(2));
    }
}
