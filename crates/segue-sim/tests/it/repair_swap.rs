//! Rows that take each other's unique values: each of them collides whichever is written first. They are put right in one
//! transaction, by spare values that nobody else sees, or left as they are.

use std::sync::Arc;

use segue_journal::{End, NoHooks};
use segue_sim::repair::{RepairRun, equal, picture, repair};
use segue_sim::rows::Place;
use segue_verify::repair::script;

use crate::repair::{mendable, pairs};
use crate::repair_around::{places, repaired};
use crate::servers;

/// Two tables; rows of `k` refer to rows of `t`, so that these cannot go and come again.
async fn make(place: &Place, rows: &str) {
    place.execute("create table t (id integer primary key, code varchar(9) not null unique, n integer unique, v varchar(9))").await;
    place.execute("create table k (id integer primary key, t integer, foreign key (t) references t (id) on delete cascade)").await;
    place.execute(&format!("insert into t (id, code, n) values {rows}")).await;
    place.execute("insert into k values (1, 1), (2, 2), (3, 3)").await;
}

/// A swap in both columns, a circle of three, a chain of three, NULLs, and values of rows that the target alone has.
const SOURCE: &str = "(1, 'B', 20), (2, 'A', 10), (3, 'E', null), (4, 'C', 30), (5, 'D', 50), (6, 'G', 60), (7, 'H', 70), (8, 'I', 80), \
                      (9, 'Z', 90), (10, 'K', 100)";
const TARGET: &str = "(1, 'A', 10), (2, 'B', 20), (3, 'C', 30), (4, 'D', null), (5, 'E', 50), (6, 'F', 60), (7, 'G', 70), (8, 'H', 80), \
                      (10, 'J', 98), (98, 'K', 100), (99, 'Z', 90)";

#[tokio::test]
async fn unique_values_are_exchanged_and_given_back() {
    for target in places().await {
        let (source, what) = (Place::sqlite(), target.shown.clone());
        make(&source, SOURCE).await;
        make(&target, TARGET).await;
        let (from, to) = (mendable(&source), mendable(&target));
        let (pairs, tables) = (pairs(&source, &target, &["t"]).await, [target.table("t"), target.table("k")]);
        let before = picture(to.as_ref(), &tables).await;
        let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
        for (fix, back) in [(&fix, false), (&fix.inverse(), true)] {
            let run = RepairRun::new(Arc::clone(&to), target.engine, fix);
            let end = run.go(&NoHooks, false).await;
            assert!(matches!(end, Ok(End::Done)), "{what}: {end:?}");
            assert!(run.repaired().is_whole(), "{what}: {:?}", run.repaired());
            assert_eq!(equal(from.as_ref(), to.as_ref(), &pairs).await, !back, "{what}");
        }
        assert!(picture(to.as_ref(), &tables).await == before, "{what}: not the old rows");
        let scripts = script(&fix, to.as_ref()).expect("scripts");
        for _ in 0..2 {
            target.load(&scripts.repair).await;
            assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "{what}: by script\n{}", scripts.repair);
        }
        for _ in 0..2 {
            target.load(&scripts.undo).await;
            assert!(picture(to.as_ref(), &tables).await == before, "{what}: not the old rows, by script\n{}", scripts.undo);
        }
    }
}

/// Rows of a column of each type that takes no NULL.
#[tokio::test]
async fn values_of_each_type_are_exchanged() {
    for target in places().await {
        let source = Place::sqlite();
        let what = target.shown.clone();
        let types = match target.engine {
            "postgres" => vec!["smallint", "bigint", "numeric(4,1)", "char(2)", "text", "date", "timestamp"],
            "mariadb" => vec!["smallint unsigned", "bigint unsigned", "decimal(4,1)", "char(2)", "varchar(200)", "date", "datetime(6)"],
            _ => vec!["integer", "numeric", "char(2)", "text", "date"],
        };
        for (at, kind) in types.iter().enumerate() {
            let values = match *kind {
                "date" => ["'2026-11-20'", "'2026-11-21'", "'2026-11-22'"],
                kind if kind.contains("timestamp") || kind.contains("datetime") => {
                    ["'2026-11-20 00:00:00'", "'2026-11-21 00:00:00'", "'2026-11-22 00:00:00'"]
                }
                kind if kind.contains("char") || kind == "text" => ["'a'", "'b'", "'c'"],
                _ => ["1", "2", "3"],
            };
            let table = format!("t{at}");
            let common = match *kind {
                kind if kind.contains("int") => "bigint",
                "datetime(6)" => "datetime",
                kind => kind,
            };
            source.execute(&format!("create table {table} (id integer primary key, u {common} not null)")).await;
            target.execute(&format!("create table {table} (id integer primary key, u {kind} not null unique)")).await;
            let rows = |order: [usize; 3]| {
                let row = |(id, at): (usize, usize)| format!("({id}, {})", values[at]);
                order.into_iter().enumerate().map(row).collect::<Vec<_>>().join(", ")
            };
            source.execute(&format!("insert into {table} values {}", rows([1, 2, 0]))).await;
            target.execute(&format!("insert into {table} values {}", rows([0, 1, 2]))).await;
            let run = repaired(&source, &target, &[&table]).await;
            assert!(run.repaired().is_whole(), "{what}: {kind}: {:?}", run.repaired());
        }
    }
}

/// A swap over the whole length of a long repair, and a value that each row takes from the next one.
#[tokio::test]
async fn rows_far_from_each_other_are_exchanged() {
    const ROWS: u32 = 450;
    for target in places().await {
        let source = Place::sqlite();
        for (place, from_source) in [(&source, true), (&target, false)] {
            place.execute("create table t (id integer primary key, code varchar(9) not null unique, at integer not null unique)").await;
            let row = |id: u32| {
                let code = if from_source { ROWS + 1 - id } else { id };
                format!("({id}, 'c{code}', {})", id + u32::from(from_source))
            };
            place.execute(&format!("insert into t values {}", (1..=ROWS).map(row).collect::<Vec<_>>().join(", "))).await;
        }
        let run = repaired(&source, &target, &["t"]).await;
        assert!(run.repaired().is_whole(), "{}: {:?}", target.shown, run.repaired());
    }
}

/// What a row that nobody compared holds is not taken from it; the others are put right, and no spare value stays.
#[tokio::test]
async fn a_value_that_somebody_else_holds_is_left_to_her() {
    for target in places().await {
        let (source, what) = (Place::sqlite(), target.shown.clone());
        make(&source, "(1, 'B', 1), (2, 'A', 2), (3, 'X', 3), (4, 'C', 4)").await;
        make(&target, "(1, 'A', 1), (2, 'B', 2), (3, 'C', 3), (4, 'D', 4)").await;
        let (from, to) = (mendable(&source), mendable(&target));
        let pairs = pairs(&source, &target, &["t"]).await;
        let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
        target.execute("insert into t (id, code) values (77, 'X')").await;
        let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
        assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)), "{what}");
        let done = run.repaired();
        // The third cannot have X, and keeps what the fourth was to take.
        assert_eq!((done.right, done.refused.values().sum::<u64>()), (2, 2), "{what}: {done:?}");
        let shall = Place::sqlite();
        make(&shall, "(1, 'B', 1), (2, 'A', 2), (3, 'C', 3), (4, 'D', 4), (77, 'X', null)").await;
        assert!(equal(mendable(&shall).as_ref(), to.as_ref(), &pairs).await, "{what}: other rows than these");
    }
}

/// A trigger would see the spare values, and tell others of them: then there are none.
#[tokio::test]
async fn no_trigger_sees_a_spare_value() {
    let Some(programs) = servers::mariadb() else { return };
    let (source, target) = (Place::sqlite(), Place::mariadb(&programs, &[]).await);
    make(&source, "(1, 'B', 1), (2, 'A', 2), (3, 'c', 3)").await;
    make(&target, "(1, 'A', 1), (2, 'B', 2), (3, 'C', 3)").await;
    target.execute("create table seen (code varchar(30) not null)").await;
    target.execute("create trigger noted after update on t for each row insert into seen values (new.code)").await;
    let done = repaired(&source, &target, &["t"]).await.repaired();
    assert_eq!((done.right, done.refused.get("SG-MY-011").copied()), (1, Some(2)), "{done:?}");
    target.execute("alter table seen add constraint known check (code in ('c'))").await;
}
