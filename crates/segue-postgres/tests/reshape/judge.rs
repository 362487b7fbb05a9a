//! Planning looks and makes nothing: over sessions that may not write, as a role that may make nothing, on a standby.

use std::collections::BTreeMap;

use segue_engine::Engine as _;
use segue_model::change::{Columns, CreateIndex, CreateTable, IndexColumn, IndexPart, NewColumn, Order};
use segue_model::finding::Severity;
use segue_model::plan::Throttle;
use segue_model::reshape::{IndexBuild, IndexSource, NewTable, Survey, TableChange};

use crate::build::Build;
use crate::database::{Database, databases, engine, role, table};

const SETUP: &str = "create type mood as enum ('good', 'bad');
    create function sly(int) returns int volatile language sql as 'select $1';
    create function rate(int) returns int stable language plpgsql as 'begin return $1; end';
    create domain \"İİİİİİİİİİİİ\" as text;
    create table t (id int primary key, v int default 7, w int check (w > -9), s text, at timestamptz, d timestamp, check (v > -9));
    create index by_v on t (v desc, lower(s)) where v > 3; create unique index of_v on t (v, id) include (w); comment on column t.v is 'v'";

fn build() -> Build {
    let columns = [
        ("id", "integer not null"),
        ("v", "integer"),
        ("w", "integer"),
        ("s", "text"),
        ("at", "timestamp with time zone"),
        ("d", "timestamp without time zone"),
    ];
    Build::on(&table("public.t"), &["id"], &columns)
}

fn converts() -> TableChange {
    build().convert("v", "bigint", "v * 10", "(v / 10)::int").add("note", "text not null", Some("'n'"), Some("s || 'x'"), &["s"]).done()
}

async fn survey(engine: &segue_postgres::PostgresEngine, change: &TableChange) -> Survey {
    engine.reshape().survey(change, &Throttle::default()).await.expect("a survey")
}

fn found(survey: &Survey) -> Vec<String> {
    survey.findings.iter().map(|finding| format!("{:?} {} {}", finding.severity, finding.code, finding.message)).collect()
}

/// The URL of a role that may make nothing at all in this database.
async fn looker(database: &Database) -> String {
    role(&database.client, "looker").await;
    let sql = "alter role looker login password 'x'; grant select on all tables in schema public to looker;
         do $$ begin execute format('revoke all on database %I from public', current_database());
                     execute format('grant connect on database %I to looker', current_database()); end $$;
         revoke create on schema public from public";
    database.client.batch_execute(sql).await.expect("rights taken away");
    format!("postgres://looker:x@{}", database.url.split_once('@').expect("a login").1)
}

#[tokio::test]
async fn a_role_that_may_make_nothing_plans_as_well_as_any() {
    for database in databases(SETUP).await {
        let url = looker(&database).await;
        let client = crate::database::connect(&url).await;
        for made in ["create temporary table x (a int)", "create table public.x (a int)"] {
            assert_eq!(crate::journey::refused(&client, made).await, "42501", "{made}");
        }
        let poor = engine(&url);
        for change in [converts(), build().convert("v", "text", "v::text", "random()::int").done()] {
            let (rich, poor) = (survey(&database.engine, &change).await, survey(&poor, &change).await);
            assert_eq!(rich.carries, poor.carries);
            assert_eq!(found(&rich), found(&poor));
        }
        let carries = survey(&poor, &converts()).await.carries;
        assert_eq!(carries.len(), 5, "{carries:?}");
    }
}

#[tokio::test]
async fn a_standby_can_be_planned_on() {
    use segue_postgres::private_server::{PrivateServer, Setup};
    for bins in crate::database::bins() {
        let source = PrivateServer::start(&bins).expect("a server");
        let client = crate::database::connect(&source.url()).await;
        client.batch_execute(SETUP).await.expect("the test's own setup");
        let standby = PrivateServer::start_with(&bins, Setup::standby_of(&source)).expect("a standby");
        let to = engine(&standby.url());
        let other = crate::database::connect(&standby.url()).await;
        crate::database::until(&other, "select pg_is_in_recovery() and to_regclass('public.t') is not null and exists (select from pg_description where description = 'v')").await;
        let (here, there) = (survey(&engine(&source.url()), &converts()).await, survey(&to, &converts()).await);
        assert_eq!(found(&there), Vec::<String>::new());
        assert_eq!(here.carries, there.carries);
        assert!(to.reshape().survey_made(&[made("numeric(4,2)", Some("1"), None)], &[], &[]).await.expect("looked at").is_empty());
    }
}

async fn expression(database: &Database, up: &str, to: &str) -> Vec<String> {
    let survey = survey(&database.engine, &build().convert("v", to, up, "1").done()).await;
    let findings = survey.findings.iter().filter(|finding| finding.object.starts_with("`up`"));
    findings.map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

#[tokio::test]
async fn what_is_not_a_function_of_the_row_is_named() {
    for database in databases(SETUP).await {
        for (up, expect) in [
            ("v + 1", ""),
            ("(select max(x) from generate_series(1, v) x)::int", ""),
            ("length(to_char(at, 'YYYY')) + extract(year from at::date)::int", ""),
            ("case when s = 'today' then 1 else 2 end", ""),
            ("(v || '')::int -- now()", ""),
            ("random()::int", "SG-PG-116 it calls random(), which is volatile"),
            ("v + public.sly(w)", "SG-PG-116 it calls public.sly(integer), which is volatile"),
            ("(select count(*) from (select clock_timestamp()) x)::int", "SG-PG-116 it calls clock_timestamp(), which is volatile"),
            ("extract(year from now())::int", "SG-PG-116 now() is the present moment"),
            ("extract(year from age(at))::int", "SG-PG-116 current_date is the present moment"),
            ("extract(year from current_date)::int", "SG-PG-116 current_date is the present moment"),
            ("extract(year from 'Today'::date)::int", "SG-PG-116 'Today' is read as the present moment"),
            ("extract(year from 'tomorrow 04:05'::timestamp)::int", "SG-PG-116 'tomorrow 04:05' is read as the present moment"),
            ("upper_inc('[today,infinity)'::daterange)::int", "SG-PG-116 '[today,infinity)' is read as the present moment"),
            ("case when s in ('today', 'x') then 1 else 2 end", ""),
            ("length('Today ' || 'only' || s)", ""),
            ("length((to_jsonb(v) || '{\"now\":1}'::jsonb)::text)", ""),
            ("length(txid_current_snapshot()::text)", "SG-PG-116 txid_current_snapshot() is the present moment"),
            ("generate_series(1, v)", "SG-PG-117 it gives several values for one row"),
            ("(select min(x) from unnest(array[v, w]) x)", ""),
            ("length(current_user)", "SG-PG-116 current_user depends on who asks"),
            ("length(current_setting('work_mem'))", "SG-PG-116 current_setting() depends on who asks"),
            ("rate(v)", "SG-PG-134 it calls public.rate(integer), which is stable"),
            ("v + $1", "SG-PG-117 the server does not understand it: there is no parameter $1"),
            ("1); drop table t; --", "SG-PG-117 the server does not understand it"),
            ("v / 0", ""),
            ("1 / 0", "SG-PG-117 the server does not understand it"),
        ] {
            let found = expression(&database, up, "integer").await;
            assert_eq!(found.len(), usize::from(!expect.is_empty()), "{} {up}: {found:?}", database.major);
            assert!(found.iter().all(|found| found.starts_with(expect)), "{} {up}: {found:?}", database.major);
        }
    }
}

/// What the server has of functions that need nothing of the row is either refused or a fact of the database itself.
#[tokio::test]
async fn what_needs_no_row_gives_no_value_of_a_row() {
    for database in databases(SETUP).await {
        let sql = "select p.proname::text from pg_proc p join pg_type t on t.oid = p.prorettype where p.pronamespace = 'pg_catalog'::regnamespace \
                   and p.provolatile = 's' and p.pronargs = 0 and p.prokind = 'f' and not p.proretset and t.typtype <> 'p' order by 1";
        let names: Vec<String> = database.client.query(sql, &[]).await.expect("functions").iter().map(|row| row.get(0)).collect();
        assert!(names.len() > 20, "{names:?}");
        let mut passed = Vec::new();
        for name in &names {
            let found = expression(&database, &format!("length({name}()::text)"), "integer").await;
            if found.is_empty() {
                passed.push(name.as_str());
            }
        }
        let same = ["getdatabaseencoding", "json_build_array", "json_build_object", "jsonb_build_array", "jsonb_build_object"];
        assert_eq!(passed, same, "{}", database.major);
    }
}

#[tokio::test]
async fn a_lock_in_the_way_is_no_fault_of_the_expression() {
    let setup = format!("{SETUP}; create table other (w int)");
    for database in databases(&setup).await {
        let change = build().convert("v", "bigint", "(select max(w) from other)", "1").done();
        assert_eq!(found(&survey(&database.engine, &change).await), Vec::<String>::new());
        database.client.batch_execute("begin; lock table other in access exclusive mode").await.expect("held");
        let error = database.engine.reshape().survey(&change, &Throttle::default()).await.expect_err("nobody knows");
        assert_eq!((error.kind, error.code), (segue_engine::ErrorKind::LockTimeout, "SG-PG-007"));
        database.client.batch_execute("rollback").await.expect("let go");
    }
}

#[tokio::test]
async fn a_default_may_be_of_the_moment_and_nothing_else() {
    for database in databases(SETUP).await {
        let add = |default: &str, up: Option<&str>| build().add("made", "timestamptz not null", Some(default), up, &[]).done();
        assert_eq!(found(&survey(&database.engine, &add("now()", None)).await), Vec::<String>::new());
        assert_eq!(survey(&database.engine, &add("now()", Some("current_timestamp"))).await.findings.len(), 1);
        assert_eq!(survey(&database.engine, &add("clock_timestamp()", None)).await.findings.len(), 1);
    }
}

#[tokio::test]
async fn a_value_is_stored_without_a_cast_or_refused() {
    for database in databases(SETUP).await {
        for (to, up, fits) in [
            ("mood", "'good'", true),
            ("mood", "'worse'", false),
            ("mood", "v::text", false),
            ("mood[]", "array['good']::mood[]", true),
            ("text", "v", true),
            ("varchar(3)[]", "array[v]", true),
            ("smallint", "v + 1", true),
            ("numeric(12,2)", "v / 100.0", true),
            ("numeric", "s", false),
            ("date", "d", true),
            ("jsonb", "to_jsonb(v)", true),
            ("jsonb", "s", false),
            ("jsonb", "'{\"a\": 1}'", true),
            ("boolean", "v", false),
            ("oid", "v", true),
            ("smallint", "v::oid", false),
            ("integer", "null", true),
        ] {
            let found = expression(&database, up, to).await;
            assert_eq!(found.is_empty(), fits, "{} {up} to {to}: {found:?}", database.major);
        }
    }
}

fn made(data_type: &str, default: Option<&str>, check: Option<&str>) -> NewTable {
    let last = NewColumn { default: default.map(ToOwned::to_owned), check: check.map(ToOwned::to_owned), ..NewColumn::new(data_type) };
    let columns = vec![("id".to_owned(), NewColumn { primary_key: true, ..NewColumn::new("bigserial") }), ("c".to_owned(), last)];
    let define = CreateTable {
        table: "fresh".to_owned(),
        columns: Columns(columns),
        primary_key: Vec::new(),
        unique: Vec::new(),
        checks: BTreeMap::new(),
        foreign_keys: Vec::new(),
        comment: None,
    };
    NewTable { table: table("public.fresh"), define }
}

#[tokio::test]
async fn a_new_table_is_judged_before_anything_is_touched() {
    for database in databases(SETUP).await {
        for (data_type, default, check, expect) in [
            ("numeric(4,2)", Some("1.5"), Some("c > 0 and fresh.id > 0"), None),
            ("text collate \"C\"", Some("upper('x') -- words"), None, None),
            ("mood", Some("'good'"), None, None),
            ("timestamptz", Some("now()"), Some("c < now()"), None),
            ("numerc(4,2)", None, None, Some("type \"numerc\" does not exist")),
            ("int, x int", None, None, Some("its type is not understood")),
            ("anyarray", None, None, Some("anyarray is not a type that a column can have")),
            ("int", Some("'one'"), None, Some("the type of its default does not fit the column")),
            ("int", Some("id + 1"), None, Some("column \"id\" does not exist")),
            ("int", Some("(select 1)"), None, Some("cannot use subquery")),
            ("int", Some("generate_series(1, 2)"), None, Some("it is several values")),
            ("int", Some("count(*)"), None, Some("or a value of several rows")),
            ("text\ncollate\"C\"", Some("'x'"), None, None),
            ("\"İİİİİİİİİİİİ\" collate \"C\"", Some("'x'"), None, None),
            ("int", None, Some("c + 1"), Some("must be type boolean")),
            ("int", None, Some("c > (select max(v) from t)"), Some("cannot use subquery in check constraint")),
        ] {
            let findings = database.engine.reshape().survey_made(&[made(data_type, default, check)], &[], &[]).await.expect("looked at");
            let found: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            assert_eq!(found.len(), usize::from(expect.is_some()), "{data_type} {default:?} {check:?}: {found:?}");
            assert!(found.iter().all(|found| found.contains(expect.unwrap_or_default())), "{found:?}");
            assert!(findings.iter().all(|finding| finding.severity == Severity::Critical && finding.code == "SG-PG-117"));
        }
        let mut keyed = made("json", None, None);
        keyed.define.unique = vec![vec!["c".to_owned()]];
        let findings = database.engine.reshape().survey_made(&[keyed], &[], &[]).await.expect("looked at");
        assert_eq!(findings[0].message, "values of type json have no order, and cannot be unique or a key");
    }
}

fn define(on: &str, method: Option<&str>, part: IndexPart, predicate: Option<&str>) -> CreateIndex {
    CreateIndex {
        table: on.to_owned(),
        name: "fresh_index".to_owned(),
        columns: vec![IndexColumn::Part(part)],
        unique: false,
        method: method.map(ToOwned::to_owned),
        predicate: predicate.map(ToOwned::to_owned),
        include: Vec::new(),
        with: BTreeMap::new(),
    }
}

fn of(define: CreateIndex) -> IndexBuild {
    let (table, name, unique) = (table(&define.table), define.name.clone(), define.unique);
    IndexBuild { table, tag: "tag".to_owned(), name, source: IndexSource::Define { define, physical: Vec::new() }, unique }
}

/// What is said before anything is touched, against the server itself, which builds the index or does not.
async fn agrees(database: &Database, build: &IndexBuild) {
    let reshape = database.engine.reshape();
    let findings = reshape.survey_made(&[], std::slice::from_ref(build), &[]).await.expect("looked at");
    let guard = crate::database::guard("RUN-1", 1);
    reshape.make(&guard, segue_engine::Piece::Control).await.expect("control tables");
    let built = reshape.make(&guard, segue_engine::Piece::Index(build)).await;
    assert_eq!(findings.is_empty(), built.is_ok(), "{} {build:?}: {findings:?} {built:?}", database.major);
    assert!(findings.iter().all(|finding| finding.code == "SG-PG-135" && finding.object == "index fresh_index of public.t"));
    reshape.unmake(&guard, segue_engine::Piece::Index(build)).await.expect("unmade");
}

#[tokio::test]
async fn a_new_index_is_judged_as_the_server_would() {
    for database in databases(SETUP).await {
        let column = |column: &str| IndexPart { column: Some(column.to_owned()), ..IndexPart::default() };
        let computed = |sql: &str| IndexPart { expression: Some(sql.to_owned()), ..IndexPart::default() };
        let class = |part: IndexPart, class: &str| IndexPart { operator_class: Some(class.to_owned()), ..part };
        let collate = |part: IndexPart| IndexPart { collation: Some("C".to_owned()), ..part };
        for (method, part, predicate) in [
            (None, column("v"), Some("w > 3")),
            (None, column("absent"), None),
            (None, computed("lower(s)"), Some("v >")),
            (None, computed("lower(s) -- words"), None),
            (None, computed("lower(v)"), None),
            (None, computed("at::date"), None),
            (None, computed("d::date"), None),
            (None, computed("public.sly(v)"), None),
            (None, computed("rate(v)"), None),
            (None, computed("s || now()"), None),
            (None, computed("(select 1)"), None),
            (None, column("v"), Some("at > now()")),
            (None, column("v"), Some("v")),
            (None, class(column("s"), "text_pattern_ops"), None),
            (None, class(column("v"), "text_pattern_ops"), None),
            (None, class(column("v"), "no_such_ops"), None),
            (None, collate(column("s")), None),
            (None, collate(column("v")), None),
            (None, computed("to_json(v)"), None),
            (None, computed("array[v, w]"), None),
            (Some("gin"), computed("array[v, w]"), None),
            (Some("gin"), column("v"), None),
            (Some("hash"), column("s"), None),
            (Some("nothing"), column("s"), None),
            (Some("brin"), column("at"), None),
        ] {
            agrees(&database, &of(define("public.t", method, part, predicate))).await;
        }
        for method in ["btree", "hash", "gist", "spgist", "gin", "brin"] {
            let part = if method == "gin" { computed("array[v]") } else { column("s") };
            let part = if method == "gist" { computed("s::tsvector") } else { part };
            let plain = define("public.t", Some(method), part, None);
            let two = vec![plain.columns[0].clone(), plain.columns[0].clone()];
            let descending = IndexPart { order: Some(Order::Desc), ..column("s") };
            for define in [
                CreateIndex { unique: true, ..plain.clone() },
                CreateIndex { columns: two, ..plain.clone() },
                CreateIndex { include: vec!["w".to_owned()], ..plain.clone() },
                CreateIndex { columns: vec![IndexColumn::Part(descending)], ..plain },
            ] {
                agrees(&database, &of(define)).await;
            }
        }
        let of_new = |part: IndexPart| of(define("public.fresh", None, part, None));
        let fresh = [made("text", None, None)];
        let good = database.engine.reshape().survey_made(&fresh, &[of_new(computed("lower(c)"))], &[]).await.expect("looked at");
        assert!(good.is_empty(), "{good:?}");
        let change = [build().convert("v", "text", "v::text", "v::int").done()];
        let over_new = [of(define("public.t", None, computed("lower(v)"), None))];
        assert!(database.engine.reshape().survey_made(&[], &over_new, &change).await.expect("looked at").is_empty());
    }
}
