//! Rows that stand in the way of a constraint are named by their keys, at most ten, and by nothing else.

use segue_engine::{EngineError, Piece};
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, IndexBuild, IndexSource, TableChange};

use crate::build::{Build, TAG};
use crate::database::{databases, table};
use crate::journey::Journey;

const SETUP: &str = "create table p (id int primary key); insert into p select generate_series(1, 3);
    create table t (a int, \"b, =\" text, n int, canary text, primary key (a, \"b, =\"));
    insert into t select g, 'k' || g, g, 'canary-' || g from generate_series(1, 30) g; create table bare (v int); insert into bare values (1), (null)";

fn change() -> TableChange {
    let columns = [("a", "integer not null"), ("b, =", "text not null"), ("n", "integer"), ("canary", "text")];
    Build::on(&table("public.t"), &["a", "b, ="], &columns).convert("n", "bigint", "n * 10", "(n / 10)::int").done()
}

fn add(name: &str, what: ConstraintWhat) -> ConstraintAdd {
    ConstraintAdd { table: table("public.t"), tag: TAG.to_owned(), name: name.to_owned(), what }
}

fn check(text: &str, physical: &[(&str, &str)]) -> ConstraintWhat {
    let physical = physical.iter().map(|(name, physical)| ((*name).to_owned(), (*physical).to_owned())).collect();
    ConstraintWhat::Check { check: text.to_owned(), physical }
}

fn says(error: &EngineError, message: &str, help: &str) {
    assert_eq!((error.code, error.message.as_str()), ("SG-PG-011", message), "{error:?}");
    assert!(error.help.starts_with(help), "{}", error.help);
    assert!(!format!("{error:?}").contains("canary-"), "a value of a row: {error:?}");
}

#[tokio::test]
async fn a_constraint_names_the_rows_that_it_does_not_hold_for() {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        let foreign = ConstraintWhat::ForeignKey {
            columns: vec!["a".into()],
            target: table("public.p"),
            target_columns: vec!["id".into()],
            on_delete: None,
            on_update: None,
            deferrable: false,
        };
        database.client.batch_execute("update t set canary = null where a in (4, 9)").await.unwrap();
        let cases = [
            (
                add("some \"rows\"", check("a <> 7 and canary <> 'canary-8'", &[])),
                "2 rows",
                "the rows in the way: a=7, b, ==k7; a=8, b, ==k8",
            ),
            (add("one", check("a < 30", &[])), "1 row", "the rows in the way: a=30, b, ==k30. Both forms still work"),
            (
                add("given", ConstraintWhat::NotNull { column: "canary".into() }),
                "2 rows",
                "the rows in the way: a=4, b, ==k4; a=9, b, ==k9.",
            ),
            (add("parent", foreign), "27 rows", "the rows in the way, the first 10: a=4, b, ==k4; a=5"),
        ];
        for (add, count, help) in cases {
            journey.make(Piece::Constraint(&add)).await;
            let error = journey.reshape().make(&journey.guard, Piece::Validate(&add)).await.expect_err("rows are in the way");
            says(&error, &format!("constraint {} of public.t does not hold for {count}", add.name), help);
            journey.reshape().unmake(&journey.guard, Piece::Constraint(&add)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_backfill_names_rows_that_a_new_constraint_does_not_let_it_touch() {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        journey.expand().await;
        // Over a column of both forms, and over a twin as it would become.
        for (check, physical) in [("a <> 7", vec![]), ("n <> 70", vec![("n", "n__tag")])] {
            let add = add("grown", self::check(check, &physical));
            journey.make(Piece::Constraint(&add)).await;
            let mut after = None;
            let error = loop {
                match journey.reshape().backfill(&journey.guard, &journey.change, after.as_ref(), 5).await {
                    Ok(batch) => after = Some(batch.next.expect("the row of the next batch is in the way")),
                    Err(error) => break error,
                }
            };
            says(
                &error,
                "constraint grown of public.t does not hold for 1 row",
                "the rows in the way: a=7, b, ==k7. Both forms still work",
            );
            journey.reshape().unmake(&journey.guard, Piece::Constraint(&add)).await.unwrap();
        }
        assert_eq!(journey.reshape().unconverted(&journey.change).await.unwrap(), 25, "the batches before are done");
        journey.backfill(5).await;
        journey.verify().await;
    }
}

#[tokio::test]
async fn a_unique_index_names_the_rows_that_share_a_value() {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        database.client.batch_execute("update t set canary = 'canary-1' where a in (1, 2, 3)").await.unwrap();
        let source = IndexSource::Unique(vec!["canary".to_owned()]);
        let build = IndexBuild { table: table("public.t"), tag: TAG.to_owned(), name: "one".to_owned(), source, unique: true };
        let error = journey.reshape().make(&journey.guard, Piece::Index(&build)).await.expect_err("three are the same");
        assert_eq!(
            (error.code, error.message.as_str()),
            ("SG-PG-141", "index one on public.t cannot be unique: 3 rows have a value of (canary) that another row has too")
        );
        assert!(error.help.starts_with("the rows in the way: a=1, b, ==k1; a=2, b, ==k2; a=3, b, ==k3. "), "{}", error.help);
        // A table without any key: how many cannot be said by keys, and the server's refusal stands.
        let what = ConstraintWhat::NotNull { column: "v".into() };
        let bare = ConstraintAdd { table: table("public.bare"), tag: TAG.to_owned(), name: "given".to_owned(), what };
        journey.make(Piece::Constraint(&bare)).await;
        let error = journey.reshape().make(&journey.guard, Piece::Validate(&bare)).await.expect_err("one is NULL");
        assert!(error.code == "SG-PG-011" && error.message.contains("`given`"), "{error:?}");
    }
}
