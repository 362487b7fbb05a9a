//! Who stands in the way: sessions, waiting sessions, prepared transactions.

use segue_engine::Engine as _;

use crate::database::{connect, databases, table, until};

#[tokio::test]
async fn holders_are_named_oldest_first() {
    for db in databases("create table t (id int primary key); create view v as select id from t; create table u (id int)").await {
        assert_eq!(db.engine.blockers(&table("public.t")).await.expect("nobody"), []);
        let (reader, waiter) = (connect(&db.url).await, connect(&db.url).await);
        db.client.batch_execute("begin; insert into t values (1); prepare transaction 'it''s prepared'").await.expect("prepared");
        reader
            .batch_execute("set application_name = 'report'; begin; select 1 from v; select 'canary-4711'")
            .await
            .expect("idle in transaction");
        let waiting = tokio::spawn(async move { waiter.batch_execute("set application_name = 'ddl'; alter table t add x int").await });
        until(&db.client, "select exists (select from pg_locks where relation = 't'::regclass and not granted)").await;

        let found = db.engine.blockers(&table("public.t")).await.expect("blockers");
        let shown: Vec<_> = found.iter().map(|b| (b.application.as_str(), b.user.as_str(), b.state.as_str())).collect();
        assert_eq!(shown, [("", "postgres", "prepared transaction"), ("report", "postgres", "idle in transaction")]);
        assert_eq!(found[0].session, "prepared it's prepared");
        assert!(found[0].transaction_age_ms >= found[1].transaction_age_ms);
        assert!(!format!("{found:?}").contains("canary"));
        assert_eq!(db.engine.blockers(&table("public.u")).await.expect("nobody"), []);

        db.client.batch_execute("rollback prepared 'it''s prepared'").await.expect("gone");
        reader.batch_execute("commit").await.expect("gone");
        waiting.await.expect("no panic").expect("it went through");
        assert_eq!(db.engine.blockers(&table("public.t")).await.expect("nobody"), []);
    }
}
