//! The fence: who took the database over keeps it; who lost it cannot write.

use mysql_async::prelude::Queryable as _;
use segue_engine::{ErrorKind, Fence as _, Guard};

use crate::database::database;

fn guard(run: &str, epoch: u64) -> Guard {
    Guard {
        run: run.to_owned(),
        tag: "t1".to_owned(),
        step: "repair".to_owned(),
        epoch,
        lock_timeout_ms: 1000,
        spec_digest: "d".to_owned(),
    }
}

const TABLE: &str = "create table segue_control (one tinyint not null primary key default 1, run varchar(190) not null, \
    tag varchar(190) not null, epoch bigint unsigned not null, spec_digest varchar(190) not null, state varchar(10) not null) \
    engine = InnoDB collate utf8mb4_bin";

#[tokio::test]
async fn without_a_table_nothing_holds_the_database() {
    let Some(db) = database(&[]).await else { return };
    assert_eq!(db.engine.state().await.expect("a state").active, None);
    db.engine.take(&guard("r1", 3)).await.expect("nothing to take");
    db.engine.check(&guard("r1", 3)).await.expect("nothing to check");
}

#[tokio::test]
async fn a_later_epoch_takes_over_and_an_earlier_one_is_refused() {
    let setup = [TABLE, "insert into segue_control values (1, 'r1', 't1', 3, 'd', 'active')"];
    let Some(db) = database(&setup).await else { return };
    assert_eq!(db.engine.state().await.expect("a state").active, Some(("r1".to_owned(), "t1".to_owned(), 3)));
    db.engine.take(&guard("r1", 4)).await.expect("taken");
    assert_eq!(db.engine.state().await.expect("a state").active, Some(("r1".to_owned(), "t1".to_owned(), 4)));
    for refused in [db.engine.take(&guard("r1", 3)).await, db.engine.check(&guard("r1", 3)).await] {
        let error = refused.expect_err("an earlier epoch");
        assert_eq!((error.code, error.kind), ("SG-MY-014", ErrorKind::Fenced));
    }
    let error = db.engine.take(&guard("R1", 9)).await.expect_err("another run, although the names differ by case alone");
    assert_eq!((error.code, error.kind), ("SG-MY-023", ErrorKind::Fenced));
}

#[tokio::test]
async fn a_row_that_somebody_else_keeps_locked_is_a_sentence() {
    let setup = [TABLE, "insert into segue_control values (1, 'r1', 't1', 3, 'd', 'active')"];
    let Some(mut db) = database(&setup).await else { return };
    db.client.query_drop("start transaction").await.expect("begun");
    db.client.query_drop("select * from segue_control lock in share mode").await.expect("locked");
    let url_engine = &db.engine;
    let check = url_engine.check(&guard("r1", 3)).await;
    assert!(check.is_ok(), "reading does not wait: {check:?}");
    db.client.query_drop("rollback").await.expect("free");
    url_engine.take(&guard("r1", 5)).await.expect("taken");
}
