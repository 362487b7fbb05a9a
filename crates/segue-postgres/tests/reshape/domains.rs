//! Domain types: what one would do to rows unasked is refused by name, the harmless ones work.

use segue_model::finding::Severity;
use segue_model::reshape::TableChange;

use crate::build::Build;
use crate::database::{databases, table};
use crate::journey::{Journey, rows};

const SETUP: &str =
    "create domain plain as integer; create domain own as integer default 5; create domain checked as integer check (value > 0);
    create domain cut as varchar(3); create domain above as cut;
    create table t (id int primary key, v text, o own, c checked, s cut, p plain); insert into t values (1, '1', 2, 3, 's', 4)";

fn build() -> Build {
    Build::on(
        &table("public.t"),
        &["id"],
        &[
            ("id", "integer not null"),
            ("v", "text"),
            ("o", "public.own"),
            ("c", "public.checked"),
            ("s", "public.cut"),
            ("p", "public.plain"),
        ],
    )
}

async fn check(change: fn() -> TableChange, expect: &[&str]) {
    for database in databases(SETUP).await {
        let journey = Journey::begin(&database, change()).await;
        let survey = journey.survey().await;
        let critical = survey.findings.iter().filter(|finding| finding.severity == Severity::Critical);
        let found: Vec<String> = critical.map(|finding| format!("{} {}", finding.code, finding.object)).collect();
        assert_eq!(found, expect, "{}", database.major);
    }
}

#[tokio::test]
async fn what_gives_values_rewrites_or_cuts_is_refused() {
    check(|| build().rename("o", "renamed").done(), &["SG-PG-132 column o of public.t"]).await;
    check(|| build().rename("c", "renamed").done(), &["SG-PG-132 column c of public.t"]).await;
    check(|| build().convert("v", "public.own", "v::int", "v::text").done(), &["SG-PG-132 column v__tag of public.t"]).await;
    check(|| build().convert("v", "public.checked", "v::int", "v::text").done(), &["SG-PG-132 column v__tag of public.t"]).await;
    check(|| build().convert("v", "public.above", "v", "v::text").done(), &["SG-PG-132 column v__tag of public.t"]).await;
    check(|| build().convert("s", "text", "s::text", "s").done(), &["SG-PG-132 column s of public.t"]).await;
    check(|| build().add("n", "public.own", None, Some("1"), &[]).done(), &["SG-PG-132 column n of public.t"]).await;
    check(|| build().rename("s", "renamed").convert("v", "public.plain", "v::int", "v::text").done(), &[]).await;
}

#[tokio::test]
async fn a_plain_domain_works() {
    for database in databases(SETUP).await {
        let change = build().rename("s", "renamed").convert("v", "public.plain", "v::int", "v::text").done();
        let mut journey = Journey::begin(&database, change).await;
        journey.all().await;
        assert_eq!(rows(&database.client, "select renamed, v, pg_typeof(v) from t").await, ["s|1|plain"]);
    }
}
