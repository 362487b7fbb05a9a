//! The backfill: any kind of key, resumable, never over a client's write, never waiting for a client's row.

use segue_engine::{ErrorKind, Guard, Key};

use crate::build::Build;
use crate::database::{connect, databases, table};
use crate::journey::{Journey, rows};

const KEYS: [(&str, &str); 9] = [
    ("int", "g - 50"),
    ("uuid", "md5(g::text)::uuid"),
    ("text", "chr(60 + g % 60) || g"),
    ("varchar(30) collate \"C\"", "'k''\\' || g"),
    ("\"char\"", "(g % 120 + 1)::int::\"char\""),
    ("timestamptz", "timestamptz '1900-01-01 BC' + g * interval '7 years 1 microsecond'"),
    ("numeric", "g / 7.0 - 3"),
    ("bytea", "decode(md5(g::text), 'hex')"),
    ("double precision", "g / 3.0::float8"),
];

#[tokio::test]
async fn every_kind_of_key() {
    let mut setup = String::new();
    for (at, (data_type, value)) in KEYS.iter().enumerate() {
        setup.push_str(&format!(
            "create table k{at} (k {data_type} primary key, v int); insert into k{at} select {value}, g from generate_series(1, 100) g;"
        ));
    }
    setup.push_str(
        "create table c (a text, b int not null, \"C\" uuid, v int, primary key (b, a, \"C\"));
         insert into c select (g % 3)::text, g % 10 - 5, md5(g::text)::uuid, g from generate_series(1, 100) g;",
    );
    for database in databases(&setup).await {
        for (at, (data_type, _)) in KEYS.iter().enumerate() {
            let bare = data_type.split(" collate").next().unwrap();
            let change = Build::on(&table(&format!("public.k{at}")), &["k"], &[("k", &format!("{bare} not null")), ("v", "integer")])
                .convert("v", "text", "v::text", "v::int")
                .done();
            let journey = Journey::begin(&database, change).await;
            journey.expand().await;
            let total = journey.backfill(7).await;
            assert_eq!((total.walked, total.converted, total.skipped), (100, 100, 0), "{data_type}");
            assert_eq!(journey.verify().await, 100, "{data_type}");
        }
        let change = Build::on(
            &table("public.c"),
            &["b", "a", "C"],
            &[("a", "text not null"), ("b", "integer not null"), ("C", "uuid not null"), ("v", "integer")],
        )
        .convert("v", "text", "v::text", "v::int")
        .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        let total = journey.backfill(11).await;
        assert_eq!((total.walked, total.converted), (100, 100));
        assert_eq!(journey.verify().await, 100);
    }
}

fn simple() -> segue_model::reshape::TableChange {
    Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "integer")]).convert("v", "text", "v::text", "v::int").done()
}

const SIMPLE: &str = "create table t (id int primary key, v int); insert into t select g, g from generate_series(1, 50) g";

#[tokio::test]
async fn a_row_that_a_client_holds_is_left_for_the_second_pass() {
    for database in databases(SIMPLE).await {
        let journey = Journey::begin(&database, simple()).await;
        journey.expand().await;
        let holder = connect(&database.url).await;
        holder
            .batch_execute("begin; update public_tag_new.t set v = 'held' || 7 where id = 3; update t set v = 9 where id = 4")
            .await
            .expect_err("not a number");
        holder
            .batch_execute("rollback; begin; update public_tag_new.t set v = '7' where id = 3; select * from t where id = 4 for update")
            .await
            .unwrap();
        let total = journey.backfill(10).await;
        assert_eq!((total.converted, total.skipped), (48, 2));
        holder.batch_execute("commit").await.unwrap();
        let total = journey.backfill(10).await;
        assert_eq!((total.converted, total.skipped), (1, 0));
        assert_eq!(rows(&database.client, "select v, v__tag from t where id in (3, 4) order by id").await, ["7|7", "4|4"]);
        assert_eq!(journey.reshape().unconverted(&journey.change).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn it_goes_on_where_a_checkpoint_says_and_a_stale_executor_is_refused() {
    for database in databases(SIMPLE).await {
        let journey = Journey::begin(&database, simple()).await;
        journey.expand().await;
        let first = journey.reshape().backfill(&journey.guard, &journey.change, None, 20).await.unwrap();
        let kept = serde_json::to_string(&first.next).unwrap();
        let next: Option<Key> = serde_json::from_str(&kept).unwrap();
        let second = journey.reshape().backfill(&journey.guard, &journey.change, next.as_ref(), 20).await.unwrap();
        assert_eq!((second.walked, second.converted), (20, 20));
        assert_eq!(journey.reshape().unconverted(&journey.change).await.unwrap(), 10);
        // One batch again: nothing is done twice.
        let again = journey.reshape().backfill(&journey.guard, &journey.change, next.as_ref(), 20).await.unwrap();
        assert_eq!((again.walked, again.converted, again.skipped), (20, 0, 0));
        let stale = Guard { epoch: 0, ..journey.guard.clone() };
        let error = journey.reshape().backfill(&stale, &journey.change, None, 50).await.expect_err("an epoch of the past");
        assert_eq!(error.kind, ErrorKind::Fenced);
        let broken = Key(serde_json::json!(["1", "2"]));
        let error = journey.reshape().backfill(&journey.guard, &journey.change, Some(&broken), 50).await.expect_err("not a key");
        assert_eq!(error.code, "SG-PG-144");
    }
}

#[tokio::test]
async fn a_role_that_may_not_switch_triggers_off_still_converts() {
    let setup = "create table t (id int primary key, v int, n int default 0); insert into t select g, g from generate_series(1, 50) g;
        create function f() returns trigger language plpgsql as 'begin new.n := new.n + 1; return new; end';
        create trigger touch before update on t for each row execute function f()";
    for database in databases(setup).await {
        crate::database::role(&database.client, "plain owner").await;
        database
            .client
            .batch_execute(
                "alter role \"plain owner\" login; alter table t owner to \"plain owner\"; alter function f() owner to \"plain owner\";
                 do $$ begin execute format('grant create on database %I to \"plain owner\"', current_database()); end $$; grant create, usage on schema public to \"plain owner\"",
            )
            .await
            .unwrap();
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "integer"), ("n", "integer")])
            .convert("v", "text", "v::text", "v::int")
            .done();
        let mut url = database.url.clone();
        let at = url.find("://").unwrap() + 3;
        let end = url.find('@').map_or(at, |end| end + 1);
        url.replace_range(at..end, "plain%20owner@");
        let plain = crate::database::Database {
            engine: crate::database::engine(&url),
            client: connect(&database.url).await,
            url,
            major: database.major,
        };
        plain.client.batch_execute("alter role \"plain owner\" password 'p'").await.unwrap();
        let plain = crate::database::Database {
            engine: crate::database::engine(&plain.url.replace("plain%20owner@", "plain%20owner:p@")),
            ..plain
        };
        let journey = Journey::begin(&plain, change).await;
        let survey = journey.survey().await;
        assert!(
            survey.findings.iter().any(|finding| finding.code == "SG-PG-123" && finding.message.contains("touch")),
            "{:?}",
            survey.findings
        );
        journey.expand().await;
        let total = journey.backfill(20).await;
        assert_eq!(total.converted, 50);
        assert_eq!(rows(&plain.client, "select count(*), sum(n), min(segue_side_tag), max(segue_side_tag) from t").await, ["50|50|2|2"]);
        journey.verify().await;
    }
}
