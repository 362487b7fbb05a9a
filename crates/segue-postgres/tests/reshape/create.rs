//! New tables with everything that a spec can say of them, and tables that go.

use std::collections::BTreeMap;

use segue_engine::{Engine as _, Piece, PieceState, Reshape as _};
use segue_model::change::{ColumnReference, Columns, CreateTable, Identity, NewColumn, NewForeignKey, ReferenceAction};
use segue_model::reshape::NewTable;

use crate::build::Build;
use crate::database::{databases, table};
use crate::journey::{Journey, refused, rows};

fn reference() -> ColumnReference {
    ColumnReference { table: "users".into(), columns: vec!["id".into()], on_delete: Some(ReferenceAction::Cascade), on_update: None }
}

fn reviews() -> NewTable {
    let columns = vec![
        ("id".to_owned(), NewColumn { primary_key: true, identity: Some(Identity::Always), ..NewColumn::new("bigint") }),
        ("user id".to_owned(), NewColumn { null: Some(false), references: Some(reference()), ..NewColumn::new("int") }),
        ("other".to_owned(), NewColumn::new("int")),
        (
            "stars".to_owned(),
            NewColumn {
                default: Some("5 -- the best".into()),
                check: Some("stars between 1 and 5".into()),
                comment: Some("it's 1..5".into()),
                ..NewColumn::new("int")
            },
        ),
        ("code".to_owned(), NewColumn { unique: true, ..NewColumn::new("varchar(9)") }),
    ];
    let define = CreateTable {
        table: "reviews".into(),
        columns: Columns(columns),
        primary_key: Vec::new(),
        unique: vec![vec!["user id".into(), "stars".into()]],
        checks: BTreeMap::from([("odd \"name\"".to_owned(), "code <> ''".to_owned())]),
        foreign_keys: vec![NewForeignKey {
            name: "other_user".into(),
            columns: vec!["other".into()],
            references: ColumnReference { on_delete: None, ..reference() },
        }],
        comment: Some("what's said".into()),
    };
    NewTable { table: table("public.reviews"), define }
}

#[tokio::test]
async fn everything_that_a_table_can_have() {
    for database in databases("create table users (id int primary key); insert into users values (1), (2)").await {
        let journey = Journey::begin(&database, Build::on(&table("public.users"), &["id"], &[("id", "integer not null")]).done()).await;
        let new = reviews();
        assert_eq!(journey.observe(Piece::Create(&new)).await, PieceState::Absent);
        journey.make(Piece::Create(&new)).await;
        journey.make(Piece::Create(&new)).await;
        let client = &database.client;
        client.batch_execute("insert into reviews (\"user id\", code) values (1, 'a'), (2, 'b')").await.unwrap();
        assert_eq!(rows(client, "select id, \"user id\", stars, code from reviews order by 1").await, ["1|1|5|a", "2|2|5|b"]);
        assert_eq!(refused(client, "insert into reviews (\"user id\", stars) values (1, 6)").await, "23514");
        assert_eq!(refused(client, "insert into reviews (\"user id\", code, stars) values (1, '', 1)").await, "23514");
        assert_eq!(refused(client, "insert into reviews (\"user id\", code) values (1, 'c')").await, "23505");
        assert_eq!(refused(client, "insert into reviews (\"user id\", other, stars) values (1, 9, 2)").await, "23503");
        assert_eq!(
            rows(client, "select obj_description('reviews'::regclass), col_description('reviews'::regclass, 4)").await,
            ["what's said|it's 1..5"]
        );
        let loss = database.engine.loss(&journey.guard, &[], std::slice::from_ref(&new)).await.unwrap();
        assert_eq!((loss.rows, loss.what), (2, vec!["2 rows of table public.reviews, which the old form does not have".to_owned()]));
        client.batch_execute("delete from users where id = 1").await.unwrap();
        assert_eq!(rows(client, "select count(*) from reviews").await, ["1"]);
        for _ in 0..2 {
            database.engine.unmake(&journey.guard, Piece::Create(&new)).await.unwrap();
            assert_eq!(journey.observe(Piece::Create(&new)).await, PieceState::Absent);
        }
        journey.make(Piece::Create(&new)).await;
        journey.make(Piece::DropTable(&new.table)).await;
        journey.make(Piece::DropTable(&new.table)).await;
    }
}

#[tokio::test]
async fn values_that_going_back_would_lose() {
    for database in
        databases("create table users (id int primary key, name text); insert into users select g, 'n' || g from generate_series(1, 9) g")
            .await
    {
        let change = Build::on(&table("public.users"), &["id"], &[("id", "integer not null"), ("name", "text")])
            .add("initial", "text", None, Some("left(name, 1)"), &["name"])
            .add("note", "text", None, None, &[])
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        journey.backfill(4).await;
        let loss = || async { database.engine.loss(&journey.guard, std::slice::from_ref(&journey.change), &[]).await.unwrap() };
        assert_eq!(loss().await.values, 0);
        database.client.batch_execute("update public_tag_new.users set initial = 'Z', note = 'hello' where id < 4; update public_tag_new.users set initial = 'n' where id = 5").await.unwrap();
        let lost = loss().await;
        assert_eq!(lost.values, 6);
        assert_eq!(
            lost.what,
            [
                "3 values of column initial of public.users, which the old form does not have",
                "3 values of column note of public.users, which the old form does not have"
            ]
        );
        let load = database.engine.load().await.unwrap();
        assert!(load.figures["connections"] >= 1 && load.replication_lag_ms.is_none(), "{load:?}");
        assert_eq!(
            database.engine.reshape().versions(std::slice::from_ref(&journey.change)).unwrap(),
            ("\"public_tag_old\", \"public\"".to_owned(), "\"public_tag_new\", \"public\"".to_owned())
        );
    }
}
