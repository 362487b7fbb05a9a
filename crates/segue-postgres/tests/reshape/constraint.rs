//! Indexes and constraints added while writers go on, each made twice, unmade twice, made again.

use std::collections::BTreeMap;

use segue_engine::{ErrorKind, Piece, PieceState, Reshape as _};
use segue_model::change::{CreateIndex, IndexColumn, IndexPart, Nulls, Order, ReferenceAction};
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource};

use crate::build::{Build, TAG};
use crate::database::{Database, databases, table};
use crate::journey::{Journey, refused, rows};

const SETUP: &str = "create table users (id int primary key); insert into users select generate_series(1, 10);
    create table t (id int primary key, name text, u int, v int); insert into t select g, 'n' || g, g, g from generate_series(1, 10) g";

async fn begin(database: &Database) -> Journey<'_> {
    let columns = [("id", "integer not null"), ("name", "text"), ("u", "integer"), ("v", "integer")];
    Journey::begin(database, Build::on(&table("public.t"), &["id"], &columns).done()).await
}

fn add(name: &str, what: ConstraintWhat) -> ConstraintAdd {
    ConstraintAdd { table: table("public.t"), tag: TAG.to_owned(), name: name.to_owned(), what }
}

fn build(name: &str, source: IndexSource, unique: bool) -> IndexBuild {
    IndexBuild { table: table("public.t"), tag: TAG.to_owned(), name: name.to_owned(), source, unique }
}

#[tokio::test]
async fn constraints_without_a_scan_then_validated() {
    for database in databases(SETUP).await {
        let journey = begin(&database).await;
        let list = [
            add("odd \"check\"", ConstraintWhat::Check { check: "years > 0".into(), physical: vec![("years".into(), "v".into())] }),
            add("no_null", ConstraintWhat::NotNull { column: "u".into() }),
            add(
                "to_users",
                ConstraintWhat::ForeignKey {
                    columns: vec!["u".into()],
                    target: table("public.users"),
                    target_columns: vec!["id".into()],
                    on_delete: Some(ReferenceAction::SetNull),
                    on_update: Some(ReferenceAction::Cascade),
                    deferrable: true,
                },
            ),
        ];
        for add in &list {
            journey.make(Piece::Constraint(add)).await;
            journey.make(Piece::Constraint(add)).await;
            assert_eq!(journey.observe(Piece::Validate(add)).await, PieceState::Absent);
            journey.make(Piece::Validate(add)).await;
            for _ in 0..2 {
                database.engine.unmake(&journey.guard, Piece::Constraint(add)).await.unwrap();
                assert_eq!(journey.observe(Piece::Constraint(add)).await, PieceState::Absent);
            }
            journey.make(Piece::Constraint(add)).await;
        }
        assert_eq!(refused(&database.client, "insert into t values (11, 'x', 1, 0)").await, "23514");
        assert_eq!(refused(&database.client, "insert into t values (11, 'x', null, 1)").await, "23514");
        assert_eq!(refused(&database.client, "insert into t values (11, 'x', 99, 1)").await, "23503");
        assert_eq!(
            rows(&database.client, "select pg_get_constraintdef(oid) from pg_constraint where conname = 'to_users'").await,
            ["FOREIGN KEY (u) REFERENCES users(id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE NOT VALID"]
        );
        // Old rows that do not fit stop the validation only.
        database.client.batch_execute("alter table t drop constraint no_null; update t set u = null where id = 3").await.unwrap();
        journey.make(Piece::Constraint(&list[1])).await;
        let error = database.engine.make(&journey.guard, Piece::Validate(&list[1])).await.expect_err("a NULL is there");
        assert_eq!(error.kind, ErrorKind::Constraint);
        let other = add("no_null", ConstraintWhat::NotNull { column: "v".into() });
        assert_eq!(database.engine.make(&journey.guard, Piece::Constraint(&other)).await.expect_err("another's").code, "SG-PG-143");
    }
}

#[tokio::test]
async fn not_null_of_a_shared_column_becomes_real_at_contract() {
    for database in databases(SETUP).await {
        let mut journey = begin(&database).await;
        let no_null = add("no_null", ConstraintWhat::NotNull { column: "u".into() });
        journey.change.new[2].nullable = false;
        journey.change.constraints.push(no_null.clone());
        journey.expand().await;
        let error = database.engine.make(&journey.guard, Piece::Contract(&journey.change)).await.expect_err("nothing shows it");
        assert_eq!(error.code, "SG-PG-147");
        journey.make(Piece::Constraint(&no_null)).await;
        journey.make(Piece::Validate(&no_null)).await;
        journey.make(Piece::Shift(&journey.change)).await;
        journey.make(Piece::Contract(&journey.change)).await;
        assert_eq!(
            rows(&database.client, "select attnotnull from pg_attribute where attrelid = 't'::regclass and attname = 'u'").await,
            ["t"]
        );
        assert_eq!(rows(&database.client, "select conname from pg_constraint where conname = 'no_null'").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn unique_by_an_index_that_becomes_a_constraint() {
    for database in databases(SETUP).await {
        let journey = begin(&database).await;
        let index = build("one_name", IndexSource::Unique(vec!["name".into(), "u".into()]), true);
        let unique = add("one_name", ConstraintWhat::Unique { columns: vec!["name".into(), "u".into()], index: "one_name".into() });
        database.client.batch_execute("update t set name = 'twice', u = 1 where id in (3, 4, 5)").await.unwrap();
        let error = database.engine.make(&journey.guard, Piece::Index(&index)).await.expect_err("a value twice");
        assert_eq!((error.code, error.kind), ("SG-PG-141", ErrorKind::Constraint));
        assert!(
            error.message.contains("3 rows have a value of (name, u)") && error.help.contains("id=") && !error.message.contains("twice"),
            "{error}"
        );
        assert_eq!(journey.observe(Piece::Index(&index)).await, PieceState::Absent);
        database.client.batch_execute("update t set u = id").await.unwrap();
        journey.make(Piece::Index(&index)).await;
        journey.make(Piece::Index(&index)).await;
        journey.make(Piece::Constraint(&unique)).await;
        journey.make(Piece::Constraint(&unique)).await;
        database.engine.unmake(&journey.guard, Piece::Constraint(&unique)).await.unwrap();
        database.engine.unmake(&journey.guard, Piece::Index(&index)).await.unwrap();
        journey.make(Piece::Constraint(&unique)).await;
        assert_eq!(
            rows(&database.client, "select pg_get_constraintdef(oid) from pg_constraint where conname = 'one_name'").await,
            ["UNIQUE (name, u)"]
        );
    }
}

#[tokio::test]
async fn indexes_with_everything() {
    for database in databases(SETUP).await {
        let journey = begin(&database).await;
        let define = CreateIndex {
            table: "t".into(),
            name: "rich".into(),
            columns: vec![
                IndexColumn::Name("years".into()),
                IndexColumn::Part(IndexPart {
                    expression: Some("lower(name)".into()),
                    order: Some(Order::Desc),
                    nulls: Some(Nulls::Last),
                    operator_class: Some("text_pattern_ops".into()),
                    ..IndexPart::default()
                }),
                IndexColumn::Part(IndexPart { column: Some("name".into()), collation: Some("C".into()), ..IndexPart::default() }),
            ],
            unique: false,
            method: Some("btree".into()),
            predicate: Some("years > 3".into()),
            include: vec!["id".into()],
            with: BTreeMap::from([("fillfactor".to_owned(), "70".to_owned())]),
        };
        let index = build("rich", IndexSource::Define { define: define.clone(), physical: vec![("years".into(), "v".into())] }, false);
        journey.make(Piece::Index(&index)).await;
        journey.make(Piece::Index(&index)).await;
        assert_eq!(
            rows(&database.client, "select indexdef from pg_indexes where indexname = 'rich'").await,
            [
                "CREATE INDEX rich ON public.t USING btree (v, lower(name) text_pattern_ops DESC NULLS LAST, name COLLATE \"C\") INCLUDE (id) WITH (fillfactor='70') WHERE (v > 3)"
            ]
        );
        // A failed build of ours is taken away and made again.
        database.client.batch_execute("update pg_index set indisvalid = false where indexrelid = 'rich'::regclass").await.unwrap();
        assert_eq!(journey.observe(Piece::Index(&index)).await, PieceState::Partial);
        journey.make(Piece::Index(&index)).await;
        let other = build(
            "rich",
            IndexSource::Define { define: CreateIndex { predicate: None, ..define }, physical: vec![("years".into(), "v".into())] },
            false,
        );
        assert_eq!(database.engine.make(&journey.guard, Piece::Index(&other)).await.expect_err("another's").code, "SG-PG-142");
        journey.make(Piece::DropIndex(&table("public.t"), "rich")).await;
        journey.make(Piece::DropIndex(&table("public.t"), "rich")).await;
        database.engine.unmake(&journey.guard, Piece::Index(&index)).await.unwrap();
    }
}
