//! What a table is: its columns, its key, how much there is, whether its ranges are cheap.

use segue_engine::rows::{Class, Rows as _, TableRows};

use super::{read, whole};
use crate::database::{Database, databases, table};

async fn described(db: &Database, name: &str) -> TableRows {
    db.engine.describe(&table(name)).await.unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[tokio::test]
async fn the_key_is_what_makes_every_row_unique() {
    let setup = "
        create table pk (a int, b text, c int unique, primary key (b, a));
        create table uniq (a int unique, b int not null, c int not null, unique (b, c));
        create table partial (a int not null); create unique index on partial (a) where a > 0;
        create table expression (a int not null); create unique index on expression ((a + 1));
        create table including (a int not null, b int not null); create unique index on including (a) include (b);
        create table shortest (a int not null, b int not null, c int not null, unique (b, c)); create unique index zz on shortest (a);
        create table nothing (a int);
        create table parent (id int primary key); create table child () inherits (parent); insert into parent values (1); insert into child values (1);
        create table part (id int, k int, primary key (k, id)) partition by range (k);
        create table part1 partition of part for values from (0) to (10); create table part2 partition of part for values from (10) to (20);
        insert into part values (1, 1), (2, 11);
        create view looking as select * from pk;
        create materialized view kept as select 1 as a;
        create table dropped (a int, b int primary key, c int); alter table dropped drop column a";
    for db in databases(setup).await {
        let expected: &[(&str, Option<&[&str]>)] = &[
            ("pk", Some(&["b", "a"])),
            ("uniq", Some(&["b", "c"])),
            ("partial", None),
            ("expression", None),
            ("including", Some(&["a"])),
            ("shortest", Some(&["a"])),
            ("nothing", None),
            ("parent", None),
            ("child", None),
            ("part", Some(&["k", "id"])),
            ("looking", None),
            ("kept", None),
            ("dropped", Some(&["b"])),
        ];
        for (name, key) in expected {
            let found = described(&db, name).await;
            let key: Option<Vec<String>> = key.map(|key| key.iter().map(|column| (*column).to_owned()).collect());
            assert_eq!(found.key, key, "{name}");
            let columns = whole(&db.engine, name).await;
            read(&db.engine, &columns).await;
        }
        assert_eq!(read(&db.engine, &whole(&db.engine, "parent").await).await.len(), 2, "children are rows of their parent");
        assert_eq!(read(&db.engine, &whole(&db.engine, "part").await.in_order()).await.len(), 2);
        let tables: Vec<_> = db.engine.tables_of_rows().await.iter().map(|name| name.name.clone()).collect();
        assert!(tables.contains(&"part".to_owned()) && !tables.contains(&"part1".to_owned()) && !tables.contains(&"looking".to_owned()));
        if db.major >= 18 {
            db.client
                .batch_execute(
                    "create table loose (a int); insert into loose values (null), (null); \
                     alter table loose add constraint n not null a not valid; create unique index on loose (a)",
                )
                .await
                .expect("a NOT NULL that is not valid");
            let loose = described(&db, "loose").await;
            assert!(loose.key.is_none() && loose.columns[0].nullable, "old rows may be NULL");
        }
    }
}

trait TablesOfRows {
    async fn tables_of_rows(&self) -> Vec<segue_model::ident::TableName>;
}

impl TablesOfRows for segue_postgres::PostgresEngine {
    async fn tables_of_rows(&self) -> Vec<segue_model::ident::TableName> {
        segue_engine::rows::Rows::tables(self).await.expect("tables")
    }
}

#[tokio::test]
async fn columns_say_what_they_are() {
    let setup = "create table t (id int generated always as identity primary key, twice int generated always as (1 + 1) stored, n numeric, m numeric(5,1), \
                 r regclass, s regtype[], c char(3) not null)";
    for db in databases(setup).await {
        let found = described(&db, "t").await;
        let of = |name: &str| found.columns.iter().find(|column| column.name == name).expect("a column");
        assert!(of("twice").generated && !of("id").generated, "an identity is written");
        assert_eq!((&of("n").class, &of("m").class), (&Class::DecimalScaled, &Class::Decimal));
        assert_eq!((of("m").data_type.as_str(), of("c").data_type.as_str()), ("numeric(5,1)", "character(3)"));
        assert!(!of("c").nullable && of("n").nullable);
        assert!(of("r").unreadable.is_some() && of("s").unreadable.is_some() && of("c").unreadable.is_none());
        if db.major >= 18 {
            db.client
                .batch_execute("create table v (id int primary key, w int generated always as (id * 2) virtual); insert into v values (4)")
                .await
                .expect("made");
            assert!(described(&db, "v").await.columns[1].generated);
            let found = read(&db.engine, &whole(&db.engine, "v").await).await;
            assert_eq!(super::shown(&found[0].1), ["4", "8"]);
        }
    }
}

#[tokio::test]
async fn sizes_are_near_and_ranges_are_cheap_where_the_key_follows_the_disk() {
    let setup = "
        create table empty (id int primary key, v text);
        create table near (id int primary key, v text); insert into near select g, repeat('x', 200) from generate_series(1, 60000) g;
        create table far (id int primary key, v text); insert into far select g, repeat('x', 200) from generate_series(1, 60000) g order by md5(g::text);
        analyze near; analyze far;
        create table loaded (id int primary key, v text) with (autovacuum_enabled = off); insert into loaded select * from near order by id;
        create table mixed (id int primary key, v text) with (autovacuum_enabled = off); insert into mixed select * from far order by md5(id::text);
        create table fresh (id int primary key, v text); insert into fresh select g, repeat('x', 200) from generate_series(1, 1000) g";
    for db in databases(setup).await {
        let (near, far, empty, fresh) =
            (described(&db, "near").await, described(&db, "far").await, described(&db, "empty").await, described(&db, "fresh").await);
        assert!((55_000..65_000).contains(&near.rows) && near.bytes > 10 << 20, "{} {}", near.rows, near.bytes);
        assert!(near.ranges_are_cheap && !far.ranges_are_cheap && fresh.ranges_are_cheap);
        assert!(described(&db, "loaded").await.ranges_are_cheap && !described(&db, "mixed").await.ranges_are_cheap, "without statistics");
        assert_eq!(empty.rows, 0);
        assert!((300..6000).contains(&fresh.rows), "{}", fresh.rows);
    }
}
