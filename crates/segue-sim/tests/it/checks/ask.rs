//! Questions to servers: they read, alone, bounded, and what they give is the same on every engine.

use segue_engine::ErrorKind;
use segue_engine::rows::Question;
use segue_model::spec::program::Tolerance;
use segue_model::verify::Verdict;
use segue_verify::checks::queries::{Query, QueryOptions, check};
use segue_verify::{Side, VerifyError};

use super::stand::{Stand, says};

#[tokio::test]
async fn a_query_that_writes_is_refused_by_the_server() {
    for stand in Stand::all().await {
        stand.run(&["create table t (id int)", "insert into t values (1)"]).await;
        let mut writes = vec![
            "delete from t",
            "insert into t values (2)",
            "drop table t",
            "select 1; delete from t",
            "delete from t returning id",
            "create table u (id int)",
            "select id from t where id = ?",
            "",
        ];
        match stand.place.engine {
            "postgres" => {
                stand.place.execute("create function f() returns int language sql as 'delete from t; select 1'").await;
                writes.extend(["select f()", "with d as (delete from t returning id) select id from d", "commit"]);
            }
            "mariadb" => {
                let set = "create function f() returns int modifies sql data begin delete from t; return 1; end";
                stand.run(&["set global log_bin_trust_function_creators = 1", set]).await;
                writes.extend(["select f()", "select id from t into outfile '/tmp/x'", "set session transaction read write"]);
            }
            _ => writes.extend(["pragma query_only = off", "pragma journal_mode = delete", "attach ':memory:' as m"]),
        }
        for sql in writes {
            let error = stand.answer(sql).await.expect_err(sql);
            assert_ne!(error.kind, ErrorKind::Connection, "{}: {sql}: {error}", stand.place.shown);
            assert_eq!(stand.number("select count(*) from t").await, "1", "{}: {sql}", stand.place.shown);
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_or_too_late_is_an_error() {
    for stand in Stand::all().await {
        stand.run(&["create table t (id int)", "insert into t values (1), (2), (3)"]).await;
        let few = Question { rows_max: 2, ..Question::new("select id from t") };
        assert_eq!(stand.ask.ask(&few).await.expect_err("too many").kind, ErrorKind::Resources, "{}", stand.place.shown);
        let small = Question { bytes_max: 4, ..Question::new("select id from t") };
        assert_eq!(stand.ask.ask(&small).await.expect_err("too large").kind, ErrorKind::Resources, "{}", stand.place.shown);
        let endless = match stand.place.engine {
            "postgres" => "select pg_sleep(600)",
            "mariadb" => "select benchmark(100000000000, md5(rand()))",
            _ => "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        };
        let hasty = Question { time_ms_max: 200, ..Question::new(endless) };
        assert_eq!(stand.ask.ask(&hasty).await.expect_err("too late").kind, ErrorKind::Cancelled, "{}", stand.place.shown);
        // The next one is answered.
        assert_eq!(stand.number("select max(id) from t").await, "3");
    }
}

const POSTGRES: &str = "create table v (id int, b boolean, n numeric(10,2), f double precision, r real, t text, d date, \
    ts timestamp, tz timestamptz, j jsonb, u bigint)";
const MARIADB: &str = "create table v (id int, b boolean, n decimal(12,4), f double, r float, t text, d date, ts datetime(6), \
    tz timestamp(6) null, j json, u bigint unsigned)";
const SQLITE: &str =
    "create table v (id integer, b integer, n numeric, f real, r real, t text, d text, ts text, tz text, j text, u integer)";
const ROWS: &str = "insert into v values \
    (1, true, 12.50, 0.1, 1.5, 'é😀', '2026-11-21', '2026-11-21 10:00:00.5', '2026-11-21 10:00:00.5', '{\"b\": [1, 2.0], \"a\": null}', 7), \
    (2, false, -0.01, -2.5e10, 0, '', '1969-12-31', '2026-11-21 00:00:00', '2026-11-21 00:00:00', '[]', 0), \
    (3, null, null, null, null, null, null, null, null, null, null)";

fn query(name: &str, sql: &str) -> Query {
    Query { name: name.to_owned(), source: sql.to_owned(), target: sql.to_owned(), tolerance: None, ordered: false }
}

#[tokio::test]
async fn values_are_the_same_on_every_engine() {
    let stands = Stand::all().await;
    for stand in &stands {
        let table = match stand.place.engine {
            "postgres" => POSTGRES,
            "mariadb" => MARIADB,
            _ => SQLITE,
        };
        stand.run(&[table, ROWS]).await;
    }
    for source in &stands {
        for target in &stands {
            let both = format!("{} {}", source.place.shown, target.place.shown);
            let ask = async |query: &Query| check(query, &*source.ask, &*target.ask, &QueryOptions::default()).await.expect("asked");
            let report = ask(&query("all", "select * from v")).await;
            assert_eq!(report.verdict, Verdict::Equal, "{both}: {report:#?}");
            let ordered = Query { ordered: true, ..query("ordered", "select id, n from v order by id desc") };
            assert_eq!(ask(&ordered).await.verdict, Verdict::Equal, "{both}");
            let report =
                ask(&Query { target: "select id, n from v where id < 3".to_owned(), ..query("fewer", "select id, n from v") }).await;
            assert_eq!(report.verdict, Verdict::Different, "{both}");
            says(&report, &["the source gives 3 rows, the target 2", "row 3 of the source"]);
            let report =
                ask(&Query { target: "select id, t from v".to_owned(), ..query("null", "select id, coalesce(t, '') from v") }).await;
            assert_eq!(report.verdict, Verdict::Different, "{both}: NULL is not the empty text");
            let turned = Query { target: "select id, n from v order by id".to_owned(), ordered: true, ..ordered };
            assert_eq!(ask(&turned).await.verdict, Verdict::Different, "{both}: the order counts where it is asked for");
            let sum = Query { target: "select sum(n) + 0.1 from v".to_owned(), ..query("sum", "select sum(n) from v") };
            let report = ask(&sum).await;
            assert_eq!(report.verdict, Verdict::Different, "{both}");
            assert!(!report.evidence.iter().any(|line| line.contains("12.49")), "no value without being asked: {report:?}");
            let near = Query { tolerance: Some(Tolerance::PercentMilli(1000)), ..sum };
            assert_eq!(ask(&near).await.verdict, Verdict::Equal, "{both}: 0.1 of 12.49 is less than 1%");
        }
    }
}

#[tokio::test]
async fn a_query_that_one_side_does_not_understand_is_undecided() {
    let (postgres, Some(mariadb)) = (Stand::postgres().await, Stand::mariadb().await) else { return };
    postgres.run(&["create table t (a text)"]).await;
    mariadb.run(&["create table t (a text)"]).await;
    let report = check(&query("dialect", "select a::text from t"), &*postgres.ask, &*mariadb.ask, &QueryOptions::default()).await;
    let report = report.expect("both answered something");
    assert_eq!(report.verdict, Verdict::Undecided);
    says(&report, &["the target did not answer", "[SG-MY-016]"]);
    // A server that is gone is an error of its side, not a check that failed.
    let gone = segue_postgres::Target::parse("postgres://nobody@127.0.0.1:1/none", &std::collections::BTreeMap::new()).expect("a URL");
    let gone = segue_postgres::PostgresEngine::new(gone);
    let error = check(&query("gone", "select 1"), &*mariadb.ask, &gone, &QueryOptions::default()).await.expect_err("gone");
    assert!(matches!(error, VerifyError::Side { side: Side::Target, .. }), "{error}");
}
