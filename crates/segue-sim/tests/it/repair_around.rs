//! What stands around a row that is put right: foreign keys that act, triggers that refuse, numbers that the server gives
//! out, and another session's deadlock. Nothing that nobody compared may change, and one row must not stop the others.

use std::sync::Arc;

use segue_engine::rows::Correct as _;
use segue_journal::{End, NoHooks};
use segue_sim::repair::{RepairRun, equal, picture, repair};
use segue_sim::rows::Place;

use crate::repair::{mendable, pairs};
use crate::servers;

/// Each engine with a database of its own.
pub(crate) async fn places() -> Vec<Place> {
    let mut all = vec![Place::sqlite(), Place::postgres(servers::postgres().last().expect("some")).await];
    if let Some(programs) = servers::mariadb() {
        all.push(Place::mariadb(&programs, &[]).await);
    }
    all
}

/// Runs a repair of these tables of the target to its end.
pub(crate) async fn repaired(source: &Place, target: &Place, tables: &[&str]) -> RepairRun {
    let (from, to) = (mendable(source), mendable(target));
    let pairs = pairs(source, target, tables).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let run = RepairRun::new(to, target.engine, &fix);
    let end = run.go(&NoHooks, false).await;
    assert!(matches!(end, Ok(End::Done)), "{}: {end:?}", target.shown);
    run
}

/// Rows of other tables that would change with a row of ours: they were not compared, and no undo would know them.
#[tokio::test]
async fn a_change_that_others_would_follow_is_left_aside() {
    for target in places().await {
        let source = Place::sqlite();
        let what = target.shown.clone();
        for place in [&source, &target] {
            place.execute("create table p (id integer primary key, code varchar(9) unique, v varchar(9))").await;
            for (child, acts) in [("c", "cascade"), ("n", "set null")] {
                place
                    .execute(&format!(
                        "create table {child} (id integer primary key, code varchar(9), foreign key (code) references p (code) on update {acts})"
                    ))
                    .await;
            }
        }
        source.execute("insert into p values (1, 'A', 'a'), (2, 'B', 'b'), (3, 'C', 'c'), (4, 'D', 'd')").await;
        target.execute("insert into p values (1, 'X', 'a'), (2, 'Y', 'b'), (3, 'Z', 'c'), (4, 'D', 'x')").await;
        target.execute("insert into c values (10, 'X'), (11, 'D')").await;
        target.execute("insert into n values (20, 'Y'), (21, 'D')").await;
        let to = mendable(&target);
        let others = [target.table("c"), target.table("n")];
        let before = picture(to.as_ref(), &others).await;
        let run = repaired(&source, &target, &["p"]).await;
        assert!(picture(to.as_ref(), &others).await == before, "{what}: rows changed that nobody compared");
        let done = run.repaired();
        assert_eq!((done.right, done.refused.get("SG-FIX-011").copied()), (2, Some(2)), "{what}: {done:?}");
    }
}

/// The same of rows that go, where the table has no key: a unique column that may be null is none.
#[tokio::test]
async fn copies_that_others_would_follow_stay() {
    for target in places().await {
        let source = Place::sqlite();
        let what = target.shown.clone();
        for place in [&source, &target] {
            place.execute("create table p (code varchar(9) unique, v varchar(9))").await;
            place
                .execute(
                    "create table c (id integer primary key, code varchar(9), foreign key (code) references p (code) on delete cascade)",
                )
                .await;
        }
        target.execute("insert into p values ('X', 'a'), ('Y', 'b')").await;
        target.execute("insert into c values (10, 'X')").await;
        let to = mendable(&target);
        let others = [target.table("c")];
        let before = picture(to.as_ref(), &others).await;
        let run = repaired(&source, &target, &["p"]).await;
        assert!(picture(to.as_ref(), &others).await == before, "{what}: rows went that nobody compared");
        let done = run.repaired();
        assert_eq!((done.right, done.refused.get("SG-FIX-011").copied()), (1, Some(1)), "{what}: {done:?}");
    }
}

/// One row that the database's own rules refuse does not stop the others.
#[tokio::test]
async fn a_row_that_a_trigger_or_a_missing_default_refuses_is_left_aside() {
    let Some(programs) = servers::mariadb() else { return };
    let (source, target) = (Place::sqlite(), Place::mariadb(&programs, &[]).await);
    for place in [&source, &target] {
        place.execute("create table t (id integer primary key, n integer)").await;
        place.execute("create table d (id integer primary key, n integer)").await;
        place.execute("create table v (id integer primary key, n integer)").await;
    }
    target
        .execute(
            "create trigger guarded before insert on t for each row begin if new.n > 100 then \
             signal sqlstate '45000' set message_text = 'canary'; end if; end",
        )
        .await;
    target.execute("alter table d add column more integer not null").await;
    target.execute("alter table v add constraint small check (n < 100)").await;
    source.execute("insert into t values (1, 1), (2, 200), (3, 3)").await;
    source.execute("insert into d values (1, 1)").await;
    source.execute("insert into v values (1, 1), (2, 200)").await;
    let done = repaired(&source, &target, &["t", "d", "v"]).await.repaired();
    assert_eq!((done.right, done.refused.values().sum::<u64>()), (3, 3), "{done:?}");
}

/// A number that the server gives out stands beside the key: it is left as it is where the rows agree on it.
#[tokio::test]
async fn a_generated_number_beside_the_key_does_not_stop_a_change() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let (left, right) = (server.in_schema("l"), server.in_schema("r"));
    for schema in ["l", "r"] {
        server.execute(&format!("create schema {schema}; create table {schema}.t (id int primary key, n int generated always as identity, v text); insert into {schema}.t (id, v) values (1, 'a'), (2, 'b')")).await;
    }
    server.execute("update r.t set v = 'x'").await;
    let done = repaired(&left, &right, &["t"]).await.repaired();
    assert!(done.is_whole(), "{done:?}");
    // A number that is another one is not the server's to change: one row is left aside, the other is put right.
    server.execute("update r.t set v = 'x'; update r.t set n = default where id = 2").await;
    let done = repaired(&left, &right, &["t"]).await.repaired();
    assert_eq!((done.right, done.refused.values().sum::<u64>()), (1, 1), "{done:?}");
}

/// Rows that come with their numbers: the next insert of the application must not meet them.
#[tokio::test]
async fn counters_stand_above_the_rows_that_came() {
    let source = Place::sqlite();
    for target in places().await {
        let what = target.shown.clone();
        let own = match target.engine {
            "postgres" => vec![
                "a int generated by default as identity primary key",
                "a bigserial primary key",
                "a int generated always as identity primary key",
            ],
            "mariadb" => vec!["a bigint auto_increment primary key"],
            _ => vec!["a integer primary key autoincrement"],
        };
        for (at, own) in own.iter().enumerate() {
            let table = format!("on_{}_{at}", target.engine);
            source.execute(&format!("create table {table} (a integer primary key, v varchar(9))")).await;
            source.execute(&format!("insert into {table} values (1, 'a'), (2, 'b'), (7, 'c'), (5000000, 'd')")).await;
            target.execute(&format!("create table {table} ({own}, v varchar(9))")).await;
            let to = mendable(&target);
            let pairs = pairs(&source, &target, &[&table]).await;
            let fix = repair(mendable(&source).as_ref(), to.as_ref(), &pairs).await;
            let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
            assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)), "{what}");
            target.execute(&format!("insert into {table} (v) values ('next')")).await;
            // Above, and not below: it is the largest.
            let above = format!("delete from {table} where a = (select a from (select max(a) as a from {table}) m) and v = 'next'");
            target.execute(&above).await;
            assert!(equal(mendable(&source).as_ref(), to.as_ref(), &pairs).await, "{what}: the next row is not above {own}");
        }
    }
}

/// By script it is the same.
#[tokio::test]
async fn a_script_moves_the_counters_too() {
    let (source, target) = (Place::sqlite(), Place::postgres(servers::postgres().last().expect("some")).await);
    source.execute("create table t (a integer primary key, v text)").await;
    source.execute("insert into t values (1, 'a'), (2, 'b'), (7, 'c')").await;
    target.execute("create table t (a bigserial primary key, v text)").await;
    let (from, to) = (mendable(&source), mendable(&target));
    let pairs = pairs(&source, &target, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    let scripts = segue_verify::repair::script(&fix, to.as_ref()).expect("scripts");
    target.load(&scripts.repair).await;
    target.execute("insert into t (v) values ('next')").await;
    target.execute("delete from t where a = 8 and v = 'next'").await;
    assert!(equal(from.as_ref(), to.as_ref(), &pairs).await);
    target.load(&scripts.repair).await;
    target.execute("insert into t (v) values ('next'); delete from t where a = 9 and v = 'next'").await;
    assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "a script that runs again moves nothing back");
}

/// A sequence from which a column of MariaDB takes its default: by a run and by script, on its own numbers, never back.
#[tokio::test]
async fn a_sequence_of_mariadb_stands_above_the_rows_that_came() {
    let Some(programs) = servers::mariadb() else { return };
    for (at, (own, last)) in [("", 8), ("start with 2 increment by 10", 12), ("start with 50 increment by 10", 50)].into_iter().enumerate()
    {
        for by_script in [false, true] {
            if by_script && at > 0 {
                continue;
            }
            let (source, target) = (Place::sqlite(), Place::mariadb(&programs, &[]).await);
            source.execute("create table t (a integer primary key, v text)").await;
            source.execute("insert into t values (1, 'a'), (2, 'b'), (7, 'c')").await;
            target.execute(&format!("create sequence `num``s)` {own}")).await;
            target.execute("create table t (a bigint not null default nextval(`num``s)`) primary key, v varchar(9))").await;
            let (from, to) = (mendable(&source), mendable(&target));
            let pairs = pairs(&source, &target, &["t"]).await;
            let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
            for _ in 0..2 {
                if by_script {
                    target.load(&segue_verify::repair::script(&fix, to.as_ref()).expect("a script").repair).await;
                } else {
                    let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
                    assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)));
                    assert!(run.repaired().is_whole(), "{:?}", run.repaired());
                }
            }
            target.execute("insert into t (v) values ('next')").await;
            source.execute(&format!("insert into t values ({last}, 'next')")).await;
            assert!(equal(from.as_ref(), to.as_ref(), &pairs).await, "{own}: the next number is not {last}; script: {by_script}");
        }
    }
}

/// Who may write rows and not move the sequence is told so before; rows come all the same.
#[tokio::test]
async fn a_sequence_that_cannot_be_moved_is_named() {
    let Some(programs) = servers::mariadb() else { return };
    let server = Place::mariadb(&programs, &[]).await;
    server.execute("create sequence s").await;
    server.execute("create table t (a bigint not null default nextval(s) primary key, v varchar(9))").await;
    let (_, host) = server.url().split_once('@').map(|(head, host)| (head.to_owned(), host.to_owned())).expect("a host");
    for (user, grants, named) in [("blind", "", true), ("reader", "select", true), ("mover", "select, insert", false)] {
        server.execute(&format!("create user {user}")).await;
        server.execute(&format!("grant select, insert, update, delete on t to {user}")).await;
        if !grants.is_empty() {
            server.execute(&format!("grant {grants} on s to {user}")).await;
        }
        let target = segue_mysql::Target::parse(&format!("mysql://{user}@{host}"), &std::collections::BTreeMap::new()).expect("a URL");
        let warnings = segue_mysql::MysqlEngine::new(target).warnings(&server.table("t")).await.expect("warnings");
        assert_eq!(warnings.iter().any(|warning| warning.contains("SETVAL")), named, "{user}: {warnings:?}");
    }
    server.execute("insert into t (v) values ('first')").await;
    server.execute("alter table t add constraint only_one check (a = 1)").await;
}

/// What fills a `char(n)` up is no part of its value: elsewhere it is written without, by a run as by a script.
#[tokio::test]
async fn what_fills_a_column_up_is_not_written_elsewhere() {
    let source = Place::postgres(servers::postgres().last().expect("some")).await;
    source.execute("create table t (id int primary key, c char(5))").await;
    source.execute("insert into t values (1, 'ab'), (2, ''), (3, 'x  y'), (4, null), (5, 'new')").await;
    for by_script in [false, true] {
        for target in [Place::sqlite()] {
            target.execute("create table t (id integer primary key, c text)").await;
            target.execute("insert into t values (2, ''), (5, 'old')").await;
            let to = mendable(&target);
            let pairs = pairs(&source, &target, &["t"]).await;
            let fix = repair(mendable(&source).as_ref(), to.as_ref(), &pairs).await;
            if by_script {
                target.load(&segue_verify::repair::script(&fix, to.as_ref()).expect("a script").repair).await;
            } else {
                let run = RepairRun::new(Arc::clone(&to), target.engine, &fix);
                assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)));
                assert!(run.repaired().is_whole(), "{:?}", run.repaired());
            }
            assert!(equal(mendable(&source).as_ref(), to.as_ref(), &pairs).await, "script: {by_script}");
            let stored = Place::sqlite();
            stored.execute("create table t (id integer primary key, c text)").await;
            stored.execute("insert into t values (1, 'ab'), (2, ''), (3, 'x  y'), (4, null), (5, 'new')").await;
            let tables = [stored.table("t")];
            let same = picture(mendable(&stored).as_ref(), &tables).await == picture(to.as_ref(), &tables).await;
            assert!(same, "spaces were written; script: {by_script}");
        }
    }
}
