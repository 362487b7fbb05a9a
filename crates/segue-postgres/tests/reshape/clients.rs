//! Clients whose sessions are unlike others: old settings, `currval` after an insert, values that are NULL in part.

use crate::build::Build;
use crate::database::{connect, databases, table};
use crate::journey::{Journey, rows};

#[tokio::test]
async fn currval_after_an_insert_is_the_row_that_was_inserted() {
    for database in databases("create table t (id int primary key, n serial, v text)").await {
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("n", "integer not null"), ("v", "text")])
            .drop("n", Some("0"))
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        for id in 1..4 {
            let given = rows(&database.client, &format!("insert into public_tag_old.t (id) values ({id}) returning n")).await;
            assert_eq!(rows(&database.client, "select currval('t_n_seq')").await, given);
        }
        assert_eq!(rows(&database.client, "select max(n) from t").await, ["3"]);
    }
}

#[tokio::test]
async fn a_client_of_old_settings_writes_the_same_values() {
    let setup = "create table t (id int primary key, v text); insert into t values (1, 'a1'), (2, null)";
    for database in databases(setup).await {
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "text")])
            .convert("v", "text", r"regexp_replace(coalesce(v, case when v = null then 'x' end), '\d+', '#')", "v")
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        let client = connect(&database.url).await;
        client
            .batch_execute("set standard_conforming_strings = off; set escape_string_warning = off; set transform_null_equals = on")
            .await
            .unwrap();
        client.batch_execute("insert into public_tag_old.t values (3, 'c3'), (4, null)").await.unwrap();
        journey.backfill(10).await;
        assert_eq!(rows(&database.client, "select v__tag from t order by id").await, ["a#", "∅", "c#", "∅"]);
        assert_eq!(journey.verify().await, 4);
    }
}

#[tokio::test]
async fn a_composite_value_with_an_empty_field_is_a_value() {
    let setup = "create type pair as (a int, b int); create table t (id int primary key, v int, p pair)";
    for database in databases(setup).await {
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "integer"), ("p", "public.pair")])
            .convert("v", "public.pair", "row(v, 0)::public.pair", "(v).a")
            .rename("p", "q")
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        database
            .client
            .batch_execute(
                "insert into t (id, v__tag, q) values (1, row(8, null), row(7, null)); insert into public_tag_new.t values (2, row(9, null), row(6, null));
                 insert into public_tag_old.t values (3, 4, row(null, null))",
            )
            .await
            .unwrap();
        let found = rows(&database.client, "select id, v, v__tag, p, q from t order by id").await;
        assert_eq!(found, ["1|8|(8,)|(7,)|(7,)", "2|9|(9,)|(6,)|(6,)", "3|4|(4,0)|(,)|(,)"]);
        assert_eq!(journey.verify().await, 3);
    }
}
