//! Planted faults: each must be seen by the comparison, which believes neither triggers nor the helper column.

use crate::build::Build;
use crate::database::{databases, table};
use crate::journey::Journey;

const SETUP: &str =
    "create table t (id int primary key, name text, cents int); insert into t select g, 'n' || g, g from generate_series(1, 30) g";

fn change() -> segue_model::reshape::TableChange {
    Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("name", "text"), ("cents", "integer")])
        .rename("name", "full_name")
        .convert("cents", "numeric(12,3)", "cents / 100.0", "round(cents * 100)")
        .done()
}

async fn planted(fault: &str) -> (u64, Vec<String>) {
    let mut out = (0, Vec::new());
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        journey.expand().await;
        journey.backfill(8).await;
        // A lossy write of the new side is no fault.
        database.client.batch_execute("update public_tag_new.t set cents = 1.505 where id = 30").await.unwrap();
        assert_eq!(journey.verify().await, 30);
        database.client.batch_execute(fault).await.unwrap_or_else(|error| panic!("{fault}: {:?}", error.as_db_error()));
        let (_, mismatches, examples) = journey.differences().await;
        out = (mismatches, examples);
    }
    out
}

#[tokio::test]
async fn a_trigger_that_was_off() {
    let fault = "alter table t disable trigger all; update public_tag_old.t set name = 'x' where id in (3, 9); update public_tag_new.t set cents = 7 where id = 4";
    assert_eq!(planted(fault).await, (3, vec!["id=3".to_owned(), "id=4".to_owned(), "id=9".to_owned()]));
}

#[tokio::test]
async fn a_batch_that_only_the_helper_says_was_converted() {
    let fault = "alter table t disable trigger all; update t set cents__tag = null where id between 10 and 14";
    assert_eq!(planted(fault).await.0, 5);
}

#[tokio::test]
async fn a_wrong_down_in_the_installed_trigger() {
    // The expression of `down` in the function's text is changed; the spec says another.
    let fault = "do $$ declare body text; begin
        select pg_get_functiondef(p.oid) into body from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = 'segue' and proname like 'tag%update';
        assert position('round(cents * 100)' in body) > 0;
        execute replace(body, 'round(cents * 100)', 'round(cents * 10)'); end $$;
        update public_tag_new.t set cents = 2.5 where id = 11";
    assert_eq!(planted(fault).await, (1, vec!["id=11".to_owned()]));
}

#[tokio::test]
async fn expressions_that_fail_for_some_rows_do_not_end_it() {
    for database in
        databases("create table t (id int primary key, v text); insert into t select g, g::text from generate_series(1, 40) g").await
    {
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "text")])
            .convert("v", "integer", "v::int", "case when v = 0 then 'none' else v::text end")
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        journey.backfill(8).await;
        // Right, though `up` of the old form fails.
        database.client.batch_execute("update public_tag_new.t set v = 0 where id in (5, 6)").await.unwrap();
        assert_eq!(journey.verify().await, 40);
        database
            .client
            .batch_execute("alter table t disable trigger all; update t set v = 'other' where id = 6; update t set v = '9' where id = 20")
            .await
            .unwrap();
        let (_, mismatches, examples) = journey.differences().await;
        assert_eq!((mismatches, examples), (2, vec!["id=6".to_owned(), "id=20".to_owned()]));
    }
}

#[tokio::test]
async fn rows_not_yet_converted_are_counted_apart() {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        journey.expand().await;
        let comparison = journey.reshape().compare(&journey.change, None, 100).await.unwrap();
        assert_eq!((comparison.compared, comparison.mismatches, comparison.unconverted), (30, 0, 30));
    }
}
