//! Each kind of change from expand to contract: the table is then what the same change by hand gives.

use segue_engine::{Engine as _, Piece, PieceState, Reshape as _};
use segue_model::catalog::Catalog;
use segue_model::reshape::{TableChange, Value};

use crate::build::Build;
use crate::database::{Database, databases, table};
use crate::journey::{Journey, refused, rows};

const SETUP: &str = "create table t (id int primary key, a text, b int not null default 3, c varchar(10)); create index t_b on t (b);
    insert into t select g, case when g % 3 > 0 then 'a' || g end, g, 'c' || g from generate_series(1, 40) g";

fn build() -> Build {
    let columns = [("id", "integer not null"), ("a", "text"), ("b", "integer not null"), ("c", "character varying(10)")];
    Build::on(&table("public.t"), &["id"], &columns)
}

/// What the catalog says of the table, its columns without their order.
async fn form(database: &Database) -> Catalog {
    let mut catalog = database.engine.catalog(&[table("public.t")]).await.unwrap();
    for table in &mut catalog.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    catalog.views.clear();
    catalog
}

async fn check(change: impl Fn() -> TableChange, by_hand: &str) {
    let hands = databases(SETUP).await;
    for (database, hand) in databases(SETUP).await.into_iter().zip(hands) {
        hand.client.batch_execute(by_hand).await.unwrap_or_else(|error| panic!("{by_hand}: {:?}", error.as_db_error()));
        let mut journey = Journey::begin(&database, change()).await;
        // Back from shift, then forward again: the same as straight forward.
        journey.carry().await;
        journey.expand().await;
        journey.backfill(9).await;
        journey.carried().await;
        journey.make(Piece::Shift(&journey.change)).await;
        database.engine.unmake(&journey.guard, Piece::Shift(&journey.change)).await.unwrap();
        database.engine.unmake(&journey.guard, Piece::Expand(&journey.change)).await.unwrap();
        for carry in &journey.change.carries {
            let left = format!("select count(*) from pg_class where relname = '{}'", carry.twin);
            assert_eq!(rows(&database.client, &left).await, ["0"]);
        }
        journey.all().await;
        assert_eq!(journey.observe(Piece::Contract(&journey.change)).await, PieceState::Present);
        assert_eq!(form(&database).await, form(&hand).await, "{by_hand}");
        let all = "select to_jsonb(t) from t order by id";
        assert_eq!(rows(&database.client, all).await, rows(&hand.client, all).await, "{by_hand}");
        assert_eq!(rows(&database.client, "select count(*) from public_tag_new.t").await, ["40"]);
    }
}

#[tokio::test]
async fn rename() {
    check(|| build().rename("b", "bb").done(), "alter table t rename b to bb").await;
}

#[tokio::test]
async fn rename_twice() {
    let by_hand = "alter table t rename a to x; alter table t rename c to z";
    check(|| build().rename("a", "x").rename("c", "y").rename("y", "z").done(), by_hand).await;
}

#[tokio::test]
async fn change_type() {
    let by_hand = "alter table t alter b drop default; alter table t alter b type numeric(9,1) using b / 10.0; \
        alter table t alter b set default '0.3'::numeric(9,1)";
    check(|| build().convert("b", "numeric(9,1)", "b / 10.0", "b * 10").done(), by_hand).await;
}

#[tokio::test]
async fn change_type_by_a_cast() {
    let value = |to: &str| Value::Cast { column: "c".to_owned(), to: to.to_owned() };
    let change = || build().convert_by("c", "varchar(20)", value("varchar(20)"), value("varchar(10)")).done();
    check(change, "alter table t alter c type varchar(20)").await;
}

#[tokio::test]
async fn set_not_null() {
    let by_hand = "update t set a = 'none ' || id where a is null; alter table t alter a set not null";
    check(|| build().not_null("a", "'none ' || id").done(), by_hand).await;
}

#[tokio::test]
async fn add_columns() {
    let change = || {
        build()
            .add("d", "int not null", Some("7"), None, &[])
            .add("e", "text not null", None, Some("coalesce(a, '-') || b"), &["a", "b"])
            .add("f", "date", None, None, &[])
            .done()
    };
    let by_hand = "alter table t add d int not null default 7, add e text, add f date; \
        update t set e = coalesce(a, '-') || b; alter table t alter e set not null";
    check(change, by_hand).await;
}

#[tokio::test]
async fn drop_columns() {
    check(|| build().drop("b", Some("length(a)")).drop("c", None).done(), "alter table t drop b, drop c").await;
}

#[tokio::test]
async fn everything_at_once() {
    let change = || {
        build()
            .rename("b", "n")
            .convert("n", "bigint", "n * 2", "n / 2")
            .not_null("a", "'x'")
            .rename("a", "aa")
            .drop("c", None)
            .add("d", "int", None, Some("length(aa)"), &["a"])
            .done()
    };
    let by_hand = "alter table t drop c; update t set a = 'x' where a is null; alter table t alter a set not null; \
        alter table t alter b drop default, alter b type bigint using b * 2; alter table t alter b set default '6'::bigint; \
        alter table t rename b to n; alter table t rename a to aa; alter table t add d int; update t set d = length(aa)";
    check(change, by_hand).await;
}

#[tokio::test]
async fn a_length_is_never_cut_in_silence() {
    for database in databases(SETUP).await {
        let value = |to: &str| Value::Cast { column: "c".to_owned(), to: to.to_owned() };
        let change = build().convert_by("c", "varchar(20)", value("varchar(20)"), value("varchar(10)")).done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        assert_eq!(refused(&database.client, "insert into public_tag_new.t (id, b, c) values (99, 1, 'longer than ten')").await, "22001");
        database.client.batch_execute("insert into public_tag_new.t (id, b, c) values (99, 1, 'ten')").await.unwrap();
    }
}
