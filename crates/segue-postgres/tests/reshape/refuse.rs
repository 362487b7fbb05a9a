//! What stands in the way is refused before anything is touched, each by its own code and by name.

use segue_model::finding::Severity;
use segue_model::reshape::{TableChange, Value};

use crate::build::Build;
use crate::database::{Database, databases, table};
use crate::journey::Journey;

async fn codes(database: &Database, change: TableChange) -> Vec<String> {
    let journey = Journey::begin(database, change).await;
    let survey = journey.survey().await;
    survey
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Critical)
        .inspect(|finding| assert!(!finding.fix.is_empty() && !finding.object.is_empty(), "{finding:?}"))
        .map(|finding| format!("{} {}", finding.code, finding.object))
        .collect()
}

fn build() -> Build {
    Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "integer"), ("w", "integer")])
}

fn converts() -> TableChange {
    build().convert("v", "text", "v::text", "v::int").done()
}

#[tokio::test]
async fn policies_on_14() {
    for database in databases("create table t (id int primary key, v int, w int); create policy own on t using (w > 0)").await {
        let found = codes(&database, converts()).await;
        assert_eq!(!found.is_empty(), database.major == 14, "{found:?}");
    }
}

/// `setup` after `create table t (id, v, w)`; every refusal that a conversion of `v` meets.
async fn check(setup: &str, expect: &[&str]) {
    for database in databases(&format!("create table t (id int primary key, v int, w int); {setup}")).await {
        let mut found = codes(&database, converts()).await;
        // On 14 a table with policies is refused as a whole as well.
        found.retain(|code| database.major > 14 || !code.starts_with("SG-PG-115"));
        assert_eq!(found, expect, "{}: {setup}", database.major);
    }
}

#[tokio::test]
async fn objects_on_the_column() {
    check("create view seen as select v from t", &["SG-PG-105 view public.seen"]).await;
    check("create materialized view seen as select v from t", &["SG-PG-105 materialized view public.seen"]).await;
    check("create policy own on t using (v > 0); alter table t enable row level security", &["SG-PG-106 policy own on table public.t"])
        .await;
    check(
        "create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger watch before update of v on t for each row execute function f()",
        &["SG-PG-107 trigger watch on table public.t"],
    )
    .await;
    check("create rule log as on delete to t where old.v > 3 do also nothing", &["SG-PG-108 rule log on table public.t"]).await;
    check("create statistics both_of on v, w from t", &["SG-PG-109 statistics object public.both_of"]).await;
    check("alter table t add g int generated always as (v * 2) stored", &["SG-PG-111 column g of public.t"]).await;
    check("alter table t add constraint apart exclude using btree (v with =)", &["SG-PG-113 constraint apart on table public.t"]).await;
    check(
        "alter table t add unique (v); create table child (v int references t (v))",
        &["SG-PG-101 constraint child_v_fkey on table public.child", "SG-PG-101 constraint t_v_key on table public.t"],
    )
    .await;
    check(
        "alter table t alter v set not null; create unique index own on t (v); alter table t replica identity using index own",
        &["SG-PG-112 index public.own"],
    )
    .await;
    check("alter table t alter v set default (random() * 9)::int", &["SG-PG-120 default of column v of public.t"]).await;
    check("create index by_digit on t ((v % 10))", &["SG-PG-130 index `by_digit`"]).await;
    check("create publication feed for table t", &["SG-PG-127 table public.t"]).await;
    check("alter table t add \"v__tag\" int", &["SG-PG-129 column v__tag of public.t"]).await;
    check("create table child () inherits (t)", &["SG-PG-104 table public.t"]).await;
    check(
        "create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger \"~~~\" before insert on t for each row execute function f()",
        &["SG-PG-125 trigger ~~~ on public.t"],
    )
    .await;
    // What does not concern the column is left alone.
    check("create view seen as select w from t; create index w on t (w); alter table t add g int generated always as (w * 2) stored", &[])
        .await;
}

#[tokio::test]
async fn columns_that_are_more_than_a_value() {
    for database in databases(
        "create table t (id int primary key, v serial, w int); create table p (id int primary key, v int, w int) partition by range (id)",
    )
    .await
    {
        let found = codes(&database, converts()).await;
        assert!(found.contains(&"SG-PG-102 column v of public.t".to_owned()), "{found:?}");
        let found = codes(&database, build().convert("id", "text", "id::text", "id::int").done()).await;
        assert_eq!(found, ["SG-PG-101 constraint t_pkey on table public.t"]);
        let change = Build::on(&table("public.p"), &["id"], &[("id", "integer not null"), ("v", "integer"), ("w", "integer")]);
        let found = codes(&database, change.convert("v", "text", "v::text", "v::int").done()).await;
        assert_eq!(found, ["SG-PG-103 table public.p"]);
        let found = codes(
            &database,
            Build::on(&table("public.none"), &["id"], &[("id", "integer not null")]).add("x", "int", None, None, &[]).done(),
        )
        .await;
        assert_eq!(found, ["SG-PG-146 table public.none"]);
    }
}

#[tokio::test]
async fn a_dropped_column_takes_only_what_is_its_own() {
    let setup = "create table t (id int primary key, v int check (v > 0), w int); create index own on t (v); create index of_two on t (v, w); create index part on t (w) where v > 3";
    for database in databases(setup).await {
        let found = codes(&database, build().drop("v", None).done()).await;
        assert_eq!(found, ["SG-PG-128 index public.of_two", "SG-PG-128 index public.part"]);
    }
}

#[tokio::test]
async fn expressions() {
    for database in databases("create table t (id int primary key, v int, w int); create function sly(int) returns int volatile language sql as 'select $1'; create type mood as enum ('good', 'bad')").await {
        for (to, up, down, expect) in [
            ("text", "nothing::text", "v::int", vec!["SG-PG-117 `up` of column v of public.t"]),
            ("text", "v::text", "v +", vec!["SG-PG-117 `down` of column v of public.t"]),
            ("text", "v::text", "v || 'x'", vec!["SG-PG-117 `down` of column v of public.t"]),
            ("text", "random()::text", "v::int", vec!["SG-PG-116 `up` of column v of public.t"]),
            ("int", "public.sly(v)", "v", vec!["SG-PG-116 `up` of column v of public.t"]),
            ("bigint", "v::bigint + nextval('t')", "v::int", vec!["SG-PG-116 `up` of column v of public.t"]),
            ("nonsense(3)", "v", "v", vec!["SG-PG-117 column v of public.t"]),
            ("text", "upper(t.v::text) -- words", "length(t.v)", vec![]),
            ("mood", "'good'", "1", vec![]),
            ("mood", "case when v > 0 then 'good' else 'bad' end", "1", vec!["SG-PG-117 `up` of column v of public.t"]),
        ] {
            let found = codes(&database, build().convert("v", to, up, down).done()).await;
            // CASE of two literals is text to the server, as it would be in an UPDATE.
            if to == "mood" && up.starts_with("case") {
                assert!(found.is_empty() || found == expect, "{found:?}");
            } else {
                assert_eq!(found, expect, "{up} / {down}");
            }
        }
        let cast = |to: &str| {
            let value = |to: &str| Value::Cast { column: "v".to_owned(), to: to.to_owned() };
            build().convert_by("v", to, value(to), value("integer")).done()
        };
        assert_eq!(codes(&database, cast("bigint")).await, Vec::<String>::new());
        assert_eq!(codes(&database, cast("numeric(12,2)")).await, Vec::<String>::new());
        assert_eq!(codes(&database, cast("smallint")).await, ["SG-PG-118 column v of public.t"]);
        assert_eq!(codes(&database, cast("text")).await, ["SG-PG-118 column v of public.t"]);
        let no_key = Build::on(&table("public.t"), &[], &[("id", "integer not null"), ("v", "integer"), ("w", "integer")]);
        assert_eq!(codes(&database, no_key.convert("v", "text", "v::text", "v::int").done()).await, ["SG-PG-119 table public.t"]);
        // A survey leaves nothing behind.
        let left = crate::journey::rows(&database.client, "select relname from pg_class where relnamespace::regnamespace::text like 'pg_temp%'").await;
        assert_eq!(left, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_unique_constraint_that_is_more_than_unique() {
    for database in databases("create table t (id int primary key, v int unique deferrable, w int)").await {
        let journey = Journey::begin(&database, converts()).await;
        let findings = journey.survey().await.findings;
        let found: Vec<_> = findings.iter().map(|finding| (finding.code.as_str(), finding.severity)).collect();
        assert_eq!(found, [("SG-PG-133", Severity::High)]);
    }
    for database in databases("create table t (id int primary key, v int, w int)").await {
        if database.major >= 18 {
            let sql = "create extension btree_gist; alter table t add r int4range not null default '[1,2)', add constraint apart unique (v, r without overlaps)";
            if database.client.batch_execute(sql).await.is_err() {
                // A server without the contributed modules has no index that such a constraint could use.
                continue;
            }
            assert_eq!(codes(&database, converts()).await, ["SG-PG-114 constraint apart on table public.t"]);
        }
    }
}

#[tokio::test]
async fn a_check_that_the_server_does_not_understand() {
    use segue_model::reshape::{ConstraintAdd, ConstraintWhat};
    for (check, refused) in [("w > 0 and t.v is not null", false), ("nn > 0", true), ("w >", true)] {
        for database in databases("create table t (id int primary key, v int, w int)").await {
            let mut change = converts();
            let what = ConstraintWhat::Check { check: check.to_owned(), physical: Vec::new() };
            change.constraints.push(ConstraintAdd { table: table("public.t"), tag: change.tag.clone(), name: "c".to_owned(), what });
            let found = codes(&database, change).await;
            assert_eq!(found.iter().any(|code| code == "SG-PG-117 check `c` of public.t"), refused, "{check}: {found:?}");
        }
    }
}

#[tokio::test]
async fn somebody_elses_view_where_ours_would_stand() {
    let setup =
        "create table t (id int primary key, v int, w int); create schema public_tag_new; create view public_tag_new.t as select id from t";
    for database in databases(setup).await {
        // Before any run: while one holds the database, the views are its own.
        let journey = Journey { database: &database, guard: crate::database::guard("RUN-1", 1), change: converts() };
        let findings = journey.survey().await.findings;
        let found: Vec<String> = findings.iter().map(|finding| format!("{} {}", finding.code, finding.object)).collect();
        assert_eq!(found, ["SG-PG-129 relation public_tag_new.t"]);
    }
}
