//! What an UPDATE computes from a new form that is not there yet is refused, whatever way it comes; what it says by
//! itself is taken; and once a row is converted nothing of this is left.

use segue_engine::Piece;
use segue_model::reshape::TableChange;

use crate::build::Build;
use crate::database::{Database, databases, table};
use crate::journey::{Journey, rows};

const SETUP: &str = "create table t (id int primary key, a text, n int, k int); create unique index t_k on t (k);
     insert into t select g, 'a' || g, g, g from generate_series(1, 9) g; update t set n = null where id = 9";

/// A rename, a conversion, a new column that is computed.
fn change() -> TableChange {
    Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("a", "text"), ("n", "integer"), ("k", "integer")])
        .rename("a", "b")
        .convert("n", "bigint", "n * 10", "(n / 10)::int")
        .add("size", "integer", None, Some("length(b)"), &["a"])
        .done()
}

const ALL: &str = "select id, a, b, n, n__tag, size, segue_side_tag from public.t where id = any ($ids) order by id";

async fn seen(database: &Database, ids: &str) -> Vec<String> {
    rows(&database.client, &ALL.replace("$ids", &format!("array[{ids}]"))).await
}

async fn works(database: &Database, sql: &str) {
    database.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{}: {sql}: {:?}", database.major, error.as_db_error()));
}

/// The statement is refused with our code, and left nothing behind.
async fn refused(database: &Database, sql: &str) {
    let before = rows(&database.client, "select * from public.t order by id").await;
    let error = database.client.batch_execute(sql).await.expect_err(sql);
    let error = error.as_db_error().expect("an error of the server");
    assert_eq!(error.code().code(), "55000", "{sql}: {error:?}");
    assert!(error.message().starts_with("SG-PG-027: a row of table \"t\" has no new form yet"), "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("is ready")), "{error:?}");
    assert_eq!(rows(&database.client, "select * from public.t order by id").await, before, "{sql}");
}

#[tokio::test]
async fn null_made_of_a_row_that_is_not_converted_is_refused() {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        journey.expand().await;
        for sql in [
            "update public_tag_new.t set n = n + 1 where id = 1",
            "update public.t set n__tag = n__tag + 1 where id = 1",
            "update public.t set b = b || '!' where id = 1",
            "update public_tag_new.t set size = size + 1 where id = 1",
            "update public_tag_new.t set k = 77, n = n + 1 where id = 1",
            "update public_tag_new.t set n = null where id = 1",
            "with x as (update public_tag_new.t set n = n + 1 where id = 1 returning id) select * from x",
            "insert into public_tag_new.t (id, k) values (1, 1) on conflict (id) do update set n = t.n + 1",
            "insert into public.t (id, k) values (1, 1) on conflict (k) do update set n__tag = t.n__tag + 1",
        ] {
            refused(&database, sql).await;
        }
        if database.major >= 15 {
            refused(
                &database,
                "merge into public.t u using (values (1)) v(i) on u.id = v.i when matched then update set n__tag = u.n__tag * 2",
            )
            .await;
        }
        if database.major >= 17 {
            refused(
                &database,
                "merge into public_tag_new.t u using (values (1)) v(i) on u.id = v.i when matched then update set n = u.n * 2",
            )
            .await;
        }
        // One converted row among others, and prepared.
        works(&database, "update public_tag_new.t set n = 500 where id = 2").await;
        refused(&database, "update public_tag_new.t set n = n + 10").await;
        let prepared = database.client.prepare("update public_tag_new.t set n = n + $1 where id = $2").await.unwrap();
        let error = database.client.execute(&prepared, &[&1_i64, &3_i32]).await.expect_err("refused");
        assert_eq!(error.code().unwrap().code(), "55000");
        assert_eq!(database.client.execute(&prepared, &[&10_i64, &2_i32]).await.unwrap(), 1);
        assert_eq!(seen(&database, "1, 2, 3").await, ["1|a1|∅|1|∅|∅|0", "2|a2|a2|51|510|2|2", "3|a3|∅|3|∅|∅|0"]);
        journey.backfill(3).await;
        // Now every one of them is an ordinary statement.
        works(&database, "update public_tag_new.t set n = n + 10 where id <= 2; update public.t set b = b || '!' where id = 1").await;
        works(&database, "update public_tag_new.t set size = size + 1 where id = 3; update public_tag_new.t set n = null where id = 3")
            .await;
        works(&database, "insert into public_tag_new.t (id, k) values (1, 1) on conflict (id) do update set n = t.n + 10").await;
        assert_eq!(seen(&database, "1, 2, 3").await, ["1|a1!|a1!|3|30|3|2", "2|a2|a2|52|520|2|2", "3|a3|a3|∅|∅|3|2"]);
        journey.verify().await;
        journey.make(Piece::Shift(&journey.change)).await;
        works(&database, "update public_tag_new.t set n = null where id = 1").await;
    }
}

#[tokio::test]
async fn what_loses_nothing_is_taken() {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        journey.expand().await;
        // There is no old value.
        works(&database, "update public_tag_new.t set n = n + 1 where id = 9").await;
        // A column that is not named; the old form as well, which counts; whole values.
        works(&database, "update public_tag_new.t set k = 100 + k where id = 1").await;
        works(&database, "update public.t set n = n + 1, n__tag = n__tag + 1 where id = 2").await;
        works(&database, "update public_tag_new.t set n = 70, size = 7 where id = 3; update public_tag_new.t set n = null where id = 3")
            .await;
        // Nobody can tell this from a value that was meant: the plan and the guide say so.
        works(&database, "update public_tag_new.t set n = coalesce(n, 0) + 10 where id = 4").await;
        assert_eq!(
            seen(&database, "1, 2, 3, 4, 9").await,
            ["1|a1|a1|1|10|2|2", "2|a2|a2|3|30|2|2", "3|a3|a3|∅|∅|7|2", "4|a4|a4|1|10|2|2", "9|a9|a9|∅|∅|2|2"]
        );
        journey.backfill(3).await;
        journey.verify().await;
        let notes = journey.survey().await.notes.join("\n");
        assert!(notes.contains("SG-PG-027") && notes.contains("coalesce(x, 0) + 1"), "{notes}");
    }
}

#[tokio::test]
async fn a_row_kept_aside_has_no_new_form_either() {
    let setup =
        "create table t (id int primary key, v text, w text); insert into t values (1, 'bad', '5'), (2, '7', 'worse'), (3, 'bad', 'bad')";
    for database in databases(setup).await {
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "text"), ("w", "text")])
            .convert("v", "integer", "v::int", "v::text")
            .convert("w", "integer", "w::int", "w::text")
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        // Before the backfill and after: `up` has nothing to give but an error.
        refused(&database, "update public_tag_new.t set v = v + 1 where id = 1").await;
        assert_eq!(journey.backfill(10).await.rejected, 3);
        refused(&database, "update public_tag_new.t set v = v + 1 where id = 1").await;
        // The other column of the row was converted, and was seen.
        works(&database, "update public_tag_new.t set w = w + 1 where id = 1; update public_tag_new.t set v = null where id = 2").await;
        works(&database, "update public_tag_new.t set v = 11 where id = 1; update public_tag_old.t set w = null where id = 2").await;
        works(&database, "update public_tag_new.t set v = 1, w = 2 where id = 3").await;
        let got = rows(&database.client, "select id, v, v__tag, w, w__tag, segue_side_tag from public.t order by id").await;
        assert_eq!(got, ["1|11|11|6|6|2", "2|∅|∅|∅|∅|2", "3|1|1|2|2|2"]);
        assert_eq!(journey.reshape().rejected(&journey.change).await.unwrap().count, 0);
        journey.verify().await;
    }
}

#[tokio::test]
async fn between_users_triggers_and_partitions_too() {
    let setup = "create table t (id int primary key, a text, n int, k int) partition by range (id);
        create table t1 partition of t for values from (0) to (100); create table t2 partition of t for values from (100) to (200);
        create function f() returns trigger language plpgsql as $$ begin new.k := new.k + 1; return new; end $$;
        create trigger zz before update on t for each row execute function f();
        insert into t select g, 'a' || g, g, g from generate_series(1, 9) g";
    for database in databases(setup).await {
        let journey = Journey::begin(&database, change()).await;
        journey.expand().await;
        refused(&database, "update public_tag_new.t set n = n + 1 where id = 1").await;
        refused(&database, "update public_tag_new.t set id = 101, n = n + 1 where id = 1").await;
        works(&database, "update public_tag_new.t set n = 10 where id = 2").await;
        works(&database, "update public_tag_new.t set n = n + 10, size = null where id = 2").await;
        assert_eq!(seen(&database, "1, 2").await, ["1|a1|∅|1|∅|∅|0", "2|a2|a2|2|20|∅|2"]);
    }
}
