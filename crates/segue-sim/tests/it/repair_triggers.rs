//! What fires when rows are put right: it is left out where the server allows that, else somebody is asked before.

use std::sync::Arc;

use segue_journal::{End, NoHooks};
use segue_sim::repair::{RepairRun, differences, limited, repair};
use segue_sim::rows::Place;
use segue_verify::repair::Limits;

use crate::repair::{mendable, pairs};
use crate::servers;

/// One row comes, one changes, one goes.
async fn three_deeds(source: &Place, target: &Place) {
    for place in [source, target] {
        place.execute(&format!("create table {} (id integer primary key, v varchar(9))", place.sql_name("t"))).await;
    }
    source.execute(&format!("insert into {} values (1, 'a'), (2, 'b')", source.sql_name("t"))).await;
    target.execute(&format!("insert into {} values (2, 'x'), (3, 'c')", target.sql_name("t"))).await;
}

/// Without a word about triggers one of three rows is left aside, and with it all are written and it is said what fires.
async fn asked_before(source: &Place, target: &Place, trigger: &str) {
    let (from, to) = (mendable(source), mendable(target));
    let pairs = pairs(source, target, &["t"]).await;
    let fix = limited(from.as_ref(), to.as_ref(), &pairs, Limits::default()).await;
    assert_eq!((fix.corrections.len(), fix.left.len()), (2, 1), "{}: {fix:?}", target.shown);
    let why = &fix.left[0].why;
    assert!(why.contains(trigger) && why.contains("--fire-triggers"), "{}: {why}", target.shown);
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    assert_eq!((fix.corrections.len(), fix.left.len()), (3, 0), "{}: {fix:?}", target.shown);
    assert!(fix.warnings.iter().any(|warning| warning.contains(trigger)), "{}: {:?}", target.shown, fix.warnings);
}

#[tokio::test]
async fn a_trigger_of_mariadb_is_asked_about() {
    let Some(programs) = servers::mariadb() else { return };
    for (at, event) in ["insert", "update", "delete"].into_iter().enumerate() {
        let (source, target) = (Place::sqlite(), Place::mariadb(&programs, &[]).await);
        three_deeds(&source, &target).await;
        target.execute(&format!("create trigger noted_{at} before {event} on t for each row set @seen = 1")).await;
        asked_before(&source, &target, &format!("noted_{at}")).await;
    }
}

#[tokio::test]
async fn a_trigger_of_postgres_that_always_fires_is_asked_about() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let (source, target) = (server.in_schema("l"), server.in_schema("r"));
    server.execute("create schema l; create schema r").await;
    three_deeds(&source, &target).await;
    server
        .execute(
            "create function r.noted() returns trigger language plpgsql as $$ begin return new; end $$; \
             create trigger noted before update on r.t for each row execute function r.noted(); \
             create trigger left_out before insert or delete on r.t for each row execute function r.noted(); \
             alter table r.t enable always trigger noted",
        )
        .await;
    asked_before(&source, &target, "noted").await;
}

/// As a replica the server would not look at a deferrable unique constraint: two rows would have the same value.
#[tokio::test]
async fn a_deferrable_unique_constraint_holds() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let (source, target) = (server.in_schema("l"), server.in_schema("r"));
    server.execute("create schema l; create schema r").await;
    three_deeds(&source, &target).await;
    server
        .execute(
            "alter table r.t add constraint one unique (v) deferrable initially deferred; \
             create function r.noted() returns trigger language plpgsql as $$ begin return new; end $$; \
             create trigger noted before insert on r.t for each row execute function r.noted()",
        )
        .await;
    asked_before(&source, &target, "noted").await;
    let (from, to) = (mendable(&source), mendable(&target));
    let pairs = pairs(&source, &target, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    server.execute("insert into r.t values (5, 'a')").await;
    let run = RepairRun::new(Arc::clone(&to), "postgres", &fix);
    assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)));
    let done = run.repaired();
    assert_eq!((done.right, done.refused.get("SG-PG-011").copied()), (2, Some(1)), "{done:?}");
    server.execute("do $$ begin if (select count(*) from r.t where v = 'a') <> 1 then raise 'two rows'; end if; end $$").await;
}

/// A rule does what a trigger does, and is left out as one is.
#[tokio::test]
async fn a_rule_of_postgres_does_not_act() {
    let server = Place::postgres(servers::postgres().last().expect("some")).await;
    let (source, target) = (server.in_schema("l"), server.in_schema("r"));
    server.execute("create schema l; create schema r").await;
    three_deeds(&source, &target).await;
    server
        .execute(
            "create table r.log (v text); create rule noted as on update to r.t do also insert into r.log values (new.v); \
             create rule kept as on delete to r.t do instead nothing",
        )
        .await;
    let (from, to) = (mendable(&source), mendable(&target));
    let pairs = pairs(&source, &target, &["t"]).await;
    let fix = limited(from.as_ref(), to.as_ref(), &pairs, Limits::default()).await;
    let run = RepairRun::new(Arc::clone(&to), "postgres", &fix);
    assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)));
    assert!(run.repaired().is_whole(), "{:?}", run.repaired());
    server.execute("do $$ begin if exists (select from r.log) then raise 'a rule acted'; end if; end $$").await;
}

/// A column that says what becomes of a row in the way: none goes without a word.
#[tokio::test]
async fn on_conflict_replace_takes_no_row() {
    let (source, target) = (Place::sqlite(), Place::sqlite());
    for place in [&source, &target] {
        place.execute("create table t (id integer primary key, code text unique on conflict replace, n integer)").await;
    }
    source.execute("insert into t values (1, 'a', 1), (2, 'b', 2)").await;
    target.execute("insert into t values (2, 'x', 2)").await;
    let (from, to) = (mendable(&source), mendable(&target));
    let pairs = pairs(&source, &target, &["t"]).await;
    let fix = repair(from.as_ref(), to.as_ref(), &pairs).await;
    target.execute("insert into t values (5, 'a', 5), (6, 'b', 6)").await;
    let run = RepairRun::new(Arc::clone(&to), "sqlite", &fix);
    assert!(matches!(run.go(&NoHooks, false).await, Ok(End::Done)));
    assert_eq!(run.repaired().refused.values().sum::<u64>(), 2, "{:?}", run.repaired());
    let left = differences(from.as_ref(), to.as_ref(), &pairs[0]).await;
    assert_eq!(left.len(), 4, "her two rows are there, and ours are as they were");
}
