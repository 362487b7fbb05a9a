//! Digests of queries: the same rows give the same text, nothing else does, and nothing can be written.

use segue_engine::{Engine as _, ErrorKind};

use crate::database::databases;

#[tokio::test]
async fn the_digest_is_of_the_rows_in_their_order() {
    let setup = "create table t (q int, b text); insert into t values (1, 'a'), (2, null), (3, ''), (4, 'x,y')";
    for db in databases(setup).await {
        let digest = async |sql: &str| db.engine.query_digest(sql).await.expect(sql);
        let first = digest("select * from t order by q").await;
        assert_eq!(first.1, 4);
        assert_eq!(digest("select * from public.t order by q; -- the end").await, first);
        assert_ne!(digest("select * from t order by q desc").await.0, first.0);
        assert_ne!(digest("select 'a'::text, ''::text").await.0, digest("select ''::text, 'a'::text").await.0);
        assert_ne!(digest("select null::text").await.0, digest("select ''::text").await.0);
        assert_eq!(digest("select 1 where false").await.1, 0);
        assert_eq!(digest("with w as (select 1 as one) select one from w").await.1, 1);
        assert_eq!(digest("values (1), (2)").await.1, 2);
    }
}

#[tokio::test]
async fn a_query_only_reads() {
    for db in databases(
        "create table t (id int); create function f() returns int language sql as 'delete from t; select 1'; insert into t values (1)",
    )
    .await
    {
        for sql in [
            "select f()",
            "delete from t returning id",
            "select 1; delete from t",
            "select 1) as q; delete from t; --",
            "with d as (delete from t returning id) select id from d",
            "select id from t where id = $1",
            "select set_config('transaction_read_only', 'off', true), f()",
            "",
        ] {
            let error = db.engine.query_digest(sql).await.expect_err(sql);
            assert_ne!(error.kind, ErrorKind::Other, "{sql}: {error}");
            let left: i64 = db.client.query_one("select count(*) from t", &[]).await.expect("count").get(0);
            assert_eq!(left, 1, "{sql}");
        }
    }
}
