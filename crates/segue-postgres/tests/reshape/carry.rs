//! What hangs on a converted column is carried to its twin, and the final catalog is the expected one.

use segue_engine::{Engine as _, Piece, PieceState, Reshape as _};
use segue_model::reshape::CarryKind;

use crate::build::Build;
use crate::database::{Database, databases, role, table};
use crate::journey::{Journey, rows};

/// Everything that the server says of the table, but for what a rewrite changes.
async fn described(database: &Database) -> Vec<String> {
    let mut out = rows(
        &database.client,
        "select format('%s %s %s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum), attacl) \
         from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'public.t'::regclass and attnum > 0 and not attisdropped order by attname",
    )
    .await;
    out.extend(rows(&database.client, "select indexdef from pg_indexes where tablename = 't' order by 1").await);
    out.extend(rows(&database.client, "select conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated from pg_constraint where conrelid = 'public.t'::regclass and contype <> 'n' order by 1").await);
    out.extend(
        rows(&database.client, "select tgname from pg_trigger where tgrelid = 'public.t'::regclass and not tgisinternal order by 1").await,
    );
    out
}

const RICH: &str = "create table other (k bigint primary key); insert into other select generate_series(0, 100);
    create table t (id int primary key, lower varchar(20) default 'abc', n int not null default 100, o int references other,
      constraint n_positive check (n >= 0), constraint both_unique unique (n, id) deferrable);
    create index t_lower on t (lower(lower), n) where n > 3;
    create unique index t_n on t using btree (n desc nulls last, id) include (lower);
    comment on column t.n is 'it''s n'; alter table t alter column n set statistics 77;
    insert into t select g, 'V' || g, g, g from generate_series(1, 60) g;";

#[tokio::test]
async fn indexes_constraints_defaults_and_comments_follow_the_column() {
    for database in databases(RICH).await {
        role(&database.client, "reader").await;
        database.client.batch_execute("grant select (n), update (n) on t to reader").await.unwrap();
        let change = Build::on(
            &table("public.t"),
            &["id"],
            &[("id", "integer not null"), ("lower", "character varying(20)"), ("n", "integer not null"), ("o", "integer")],
        )
        .convert("lower", "text", "lower || '!'", "left(lower, -1)")
        .convert("n", "bigint", "n * 10", "n / 10")
        .convert("o", "bigint", "o", "o")
        .done();
        let mut journey = Journey::begin(&database, change).await;
        let survey = journey.carry().await;
        let mut objects: Vec<&str> = survey.carries.iter().map(|carry| carry.object.as_str()).collect();
        objects.sort_unstable();
        assert_eq!(
            objects,
            [
                "check `n_positive`",
                "comment of column n of public.t",
                "default of column lower of public.t",
                "default of column n of public.t",
                "foreign key `t_o_fkey`",
                "index `t_lower`",
                "statistics target of column n of public.t",
                "unique constraint `both_unique`",
                "unique index `t_n`",
            ]
        );
        assert!(survey.carries.iter().any(|carry| carry.kind == CarryKind::Unique));
        journey.all().await;
        assert_eq!(
            described(&database).await,
            [
                "id integer t   ",
                "lower text f 'abc!'::text  ",
                "n bigint t '1000'::bigint it's n {reader=rw/postgres}",
                "o bigint f   ",
                "CREATE INDEX t_lower ON public.t USING btree (lower(lower), n) WHERE (n > 3)",
                "CREATE UNIQUE INDEX both_unique ON public.t USING btree (n, id)",
                "CREATE UNIQUE INDEX t_n ON public.t USING btree (n DESC NULLS LAST, id) INCLUDE (lower)",
                "CREATE UNIQUE INDEX t_pkey ON public.t USING btree (id)",
                "both_unique UNIQUE (n, id) DEFERRABLE true",
                "n_positive CHECK ((n >= 0)) true",
                "t_o_fkey FOREIGN KEY (o) REFERENCES other(k) true",
                "t_pkey PRIMARY KEY (id) true",
            ]
        );
    }
}

#[tokio::test]
async fn an_index_follows_to_a_type_that_is_only_in_the_users_path() {
    let setup = "create type mood as enum ('good', 'bad');
        create table t (id int primary key, v int not null, w text check (w <> ''));
        create index by_v on t (v, id); create index by_w on t (w) where w <> 'x'; insert into t select g, g, 'w' from generate_series(1, 9) g";
    for database in databases(setup).await {
        let build = || Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("v", "integer not null"), ("w", "text")]);
        // A type that is none is one finding, not one more for each thing that hangs on the column.
        let none = Journey::begin(&database, build().convert("w", "nonsense", "w", "w").done()).await;
        let codes: Vec<String> = none.survey().await.findings.into_iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["SG-PG-117"]);
        let change = build()
            .convert("v", "mood", "case when v > 3 then 'good'::mood else 'bad'::mood end", "case v when 'good' then 4 else 1 end")
            .done();
        let mut journey = Journey::begin(&database, change).await;
        let survey = journey.carry().await;
        assert_eq!(survey.findings, Vec::new());
        journey.all().await;
        let index = rows(&database.client, "select indexdef from pg_indexes where indexname = 'by_v'").await;
        assert_eq!(index, ["CREATE INDEX by_v ON public.t USING btree (v, id)"]);
        assert_eq!(rows(&database.client, "select pg_typeof(v), count(*) from t group by 1, v order by v").await, ["mood|6", "mood|3"]);
    }
}

#[tokio::test]
async fn unmaking_expand_leaves_everything_as_it_was() {
    for database in databases(RICH).await {
        let name = table("public.t");
        let before = database.engine.catalog(std::slice::from_ref(&name)).await.unwrap();
        let change = Build::on(
            &name,
            &["id"],
            &[("id", "integer not null"), ("lower", "character varying(20)"), ("n", "integer not null"), ("o", "integer")],
        )
        .rename("lower", "upper")
        .convert("n", "bigint", "n * 10", "n / 10")
        .add("extra", "text not null", Some("'e'"), None, &[])
        .drop("o", None)
        .done();
        let mut journey = Journey::begin(&database, change).await;
        journey.carry().await;
        for _ in 0..2 {
            journey.expand().await;
            journey.expand().await;
            journey.backfill(13).await;
            database.client.batch_execute("update public_tag_new.t set n = 70 where id = 7; insert into public_tag_new.t (id, upper, n) values (90, 'x', 900) on conflict (id) do nothing").await.unwrap();
            journey.make(Piece::Shift(&journey.change)).await;
            database.engine.unmake(&journey.guard, Piece::Shift(&journey.change)).await.unwrap();
            database.engine.unmake(&journey.guard, Piece::Expand(&journey.change)).await.unwrap();
            database.engine.unmake(&journey.guard, Piece::Expand(&journey.change)).await.unwrap();
            assert_eq!(journey.observe(Piece::Expand(&journey.change)).await, PieceState::Absent);
            let after = database.engine.catalog(std::slice::from_ref(&name)).await.unwrap();
            assert_eq!(segue_model::catalog::differences(&before, &after), Vec::<String>::new());
            assert_eq!(before, after);
        }
        assert_eq!(rows(&database.client, "select count(*), sum(n) from t where id in (7, 90)").await, ["2|97"]);
        assert_eq!(rows(&database.client, "select nspname from pg_namespace where nspname like '%tag%'").await, Vec::<String>::new());
        assert_eq!(
            rows(
                &database.client,
                "select proname from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = 'segue' and proname like 'tag%'"
            )
            .await,
            Vec::<String>::new()
        );
    }
}

#[tokio::test]
async fn hostile_names() {
    let long = "x".repeat(63);
    let setup = format!(
        "create schema \"s'\\\"; drop\"; create table \"s'\\\"; drop\".\"we\"\"ird;--😀\" (\"$id\" int primary key, search_path text not null, \"new\" int, \"{long}\" int);
         create table public.\"we\"\"ird;--😀\" (a int);
         insert into \"s'\\\"; drop\".\"we\"\"ird;--😀\" select g, 'p' || g, g, g from generate_series(1, 9) g"
    )
    .replace("\\\"", "\"\"");
    for database in databases(&setup).await {
        let name = segue_model::ident::TableName::new("s'\"; drop", "we\"ird;--😀");
        let change = Build::on(
            &name,
            &["$id"],
            &[("$id", "integer not null"), ("search_path", "text not null"), ("new", "integer"), (&long, "integer")],
        )
        .rename("search_path", "a \"quoted\"\nname")
        .convert("new", "text", "\"new\"::text -- a comment", "\"we\"\"ird;--😀\".\"new\"::int")
        .convert(&long, "bigint", &format!("\"{long}\" + 1"), &format!("\"{long}\" - 1"))
        .done();
        let mut journey = Journey::begin(&database, change).await;
        journey.all().await;
        let got = rows(&database.client, "select * from \"s'\"\"; drop\".\"we\"\"ird;--😀\" order by 1 limit 1").await;
        assert_eq!(got, ["1|p1|1|2"]);
        let columns = rows(&database.client, "select string_agg(attname, '/' order by attnum) from pg_attribute where attrelid = '\"s''\"\"; drop\".\"we\"\"ird;--😀\"'::regclass and attnum > 0 and not attisdropped").await;
        assert_eq!(columns, [format!("$id/a \"quoted\"\nname/new/{long}")]);
    }
}
