//! What other tools miss is found here, line by line of the table in `docs/canonical.md`; and what only looks different
//! (another order of columns, another layout of pages, another collation) is equal by every engine.

use segue_sim::rows::Place;
use serde_json::{Value, json};

use crate::engines::{mariadb, postgres};
use crate::room::{Room, table};

/// The first column of the page's table, the type at the source, at the target, and the two values.
const MISSED: &[(&str, &str, &str, &str, &str)] = &[
    ("another text (control)", "text", "text", "'x'", "'y'"),
    ("NULL and the word `<null>`", "text", "text", "null", "'<null>'"),
    ("NULL and the empty text", "text", "text", "null", "''"),
    ("NULL and a text", "text", "text", "null", "'x'"),
    ("NULL and false", "boolean", "boolean", "null", "false"),
    ("NULL and NaN", "double precision", "double precision", "'NaN'", "null"),
    ("scale of `numeric` without one", "numeric", "numeric", "1.5", "1.50"),
    ("the fraction of `numeric` without a scale", "numeric", "numeric", "0.1", "0.4"),
    ("`timestamp(6)` beside `timestamp(3)`", "timestamp(6)", "timestamp(3)", "'2026-11-21 10:00:00.123456'", "'2026-11-21 10:00:00.123'"),
    ("minus zero of a float", "double precision", "double precision", "'-0'", "0"),
    ("neighbouring floats", "double precision", "double precision", "0.1", "0.10000000000000002"),
    ("digits of `numeric(30,20)`", "numeric(30,20)", "numeric(30,20)", "0.1", "0.10000000000000000001"),
    ("`jsonb`, `bytea`, arrays, `char`", "jsonb", "jsonb", "'{\"a\": 1}'", "'{\"a\": 2}'"),
];

#[test]
fn the_page_has_a_line_for_each() {
    let page = include_str!("../../../../docs/canonical.md");
    let (_, section) = page.split_once("## What other tools miss").expect("the section");
    let lines: Vec<Vec<&str>> =
        section.lines().filter(|line| line.starts_with("| ")).skip(1).map(|line| line.split('|').map(str::trim).collect()).collect();
    let first: Vec<&str> = lines.iter().map(|cells| cells[1]).collect();
    assert_eq!(first, MISSED.iter().map(|(what, ..)| *what).collect::<Vec<_>>());
    assert!(lines.iter().all(|cells| cells[5] == "different"), "{lines:?}");
}

fn verify(words: &[&str]) -> (i32, Value) {
    let said = tokio::task::block_in_place(|| Room::shop().segue(&[&["verify", "--format", "json"], words].concat()));
    (said.code, serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_other_tools_miss_is_found() {
    let place = Place::postgres(&postgres()).await;
    place.execute("create schema a").await;
    place.execute("create schema b").await;
    for (at, (_, source, target, left, right)) in MISSED.iter().enumerate() {
        for (schema, form, value) in [("a", source, left), ("b", target, right)] {
            place.execute(&format!("create table {schema}.t{at} (id int primary key, v {form})")).await;
            // The value of the source with the type of the target is equal where it only stands beside.
            place.execute(&format!("insert into {schema}.t{at} values (1, {value}), (2, null)")).await;
        }
    }
    let url = place.url();
    for engine in ["sketch", "merge"] {
        let (code, document) =
            verify(&["--source", &url, "--target", &url, "--source-schema", "a", "--target-schema", "b", "--engine", engine]);
        assert_eq!(code, 4);
        for (at, (what, ..)) in MISSED.iter().enumerate() {
            let found = table(&document, &format!("a.t{at}"));
            assert_eq!((&found["changed"], &found["examples"][0]["key"]), (&json!(1), &json!({"id": 1})), "{engine}: {what}: {found:#}");
        }
    }
}

/// Rows in two forms that hold the same: other columns first, other collations, other pages.
async fn twins(place: &Place, [source, target]: [&str; 2], tidy: &str, rows: &str) {
    place.execute(source).await;
    place.execute(target).await;
    place.execute(&format!("insert into one {rows} order by id")).await;
    // Written in another order, with rows that came and went, then put together anew.
    place.execute("insert into two (id, s, n) select id + 100000, s, n from one").await;
    place.execute("insert into two (id, s, n) select id, s, n from one order by n desc, id desc").await;
    place.execute("delete from two where id >= 100000").await;
    place.execute(tidy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_order_of_columns_layout_and_collation_is_equal() {
    let rows = "select i as id, case i % 4 when 0 then 'a' when 1 then 'A' when 2 then 'ä' else null end as s, i % 7 as n";
    let server = Place::postgres(&postgres()).await;
    let forms = [
        "create table one (id int primary key, s text collate \"C\", n int)",
        "create table two (n int, s text collate \"und-x-icu\", id int primary key)",
    ];
    twins(&server, forms, "vacuum full two", &format!("(id, s, n) {rows} from generate_series(1, 3000) i")).await;
    let mut places = vec![server];
    if let Some(programs) = mariadb() {
        let server = Place::mariadb(&programs, &[]).await;
        let forms = [
            "create table one (id int primary key, s varchar(9) character set utf8mb4 collate utf8mb4_bin, n int)",
            "create table two (n int, s varchar(9) character set utf8mb4 collate utf8mb4_unicode_ci, id int primary key)",
        ];
        twins(
            &server,
            forms,
            "optimize table two",
            &format!("(id, s, n) select * from ({rows} from (select seq as i from seq_1_to_3000) q) r"),
        )
        .await;
        places.push(server);
    }
    for place in &places {
        let url = place.url();
        for engine in ["sketch", "merge", "pushdown"] {
            let (code, document) =
                verify(&["--source", &url, "--target", &url, "--rename", "one=two", "--table", "one", "--engine", engine]);
            let found = &document["tables"][0];
            assert_eq!((code, &found["verdict"], &found["engine"]), (0, &json!("equal"), &json!(engine)), "{document:#}");
            assert_eq!(found["rows"], json!({"source": 3000, "target": 3000}));
        }
    }
}
