//! Rights: an application's role reaches through the views what it reaches on the table, and nothing more.

use segue_engine::{Engine as _, Piece, Reshape as _};

use crate::build::Build;
use crate::database::{connect, databases, role, table};
use crate::journey::{Journey, refused, rows};

#[tokio::test]
async fn grants_hold_on_the_views_and_triggers_need_no_rights_of_the_client() {
    let setup = "create table t (id int primary key, name text, cents int); insert into t select g, 'n' || g, g from generate_series(1, 5) g;
        create function hidden(int) returns numeric immutable language sql as 'select $1 / 100.0'; revoke all on function hidden(int) from public";
    for database in databases(setup).await {
        for name in ["app role", "columns", "nobody much"] {
            role(&database.client, name).await;
        }
        database
            .client
            .batch_execute(
                "grant select, insert, update, delete on t to \"app role\"; grant select (id, cents), update (cents) on t to columns",
            )
            .await
            .unwrap();
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("name", "text"), ("cents", "integer")])
            .rename("name", "full_name")
            .convert("cents", "numeric", "hidden(cents)", "cents * 100")
            .done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        let client = connect(&database.url).await;
        client.batch_execute("set role \"app role\"").await.unwrap();
        client.batch_execute("insert into public_tag_new.t values (11, 'new', 1.5); insert into public_tag_old.t values (12, 'old', 7); insert into public.t (id, full_name, cents) values (13, 'base', 8)").await.unwrap();
        client.batch_execute("update public_tag_new.t set cents = 2 where id = 12; update public_tag_old.t set cents = 3 where id = 11; delete from public_tag_new.t where id = 5").await.unwrap();
        assert_eq!(
            rows(&database.client, "select id, name, cents, cents__tag::numeric(5,2) from t where id > 10 order by id").await,
            ["11|new|3|0.03", "12|old|200|2.00", "13|base|8|0.08"]
        );
        client.batch_execute("reset role; set role columns; update public_tag_new.t set cents = 4 where id = 11; update public_tag_old.t set cents = 5 where id = 12").await.unwrap();
        assert_eq!(rows(&client, "select id, cents from public_tag_new.t where id = 11").await, ["11|4"]);
        assert_eq!(refused(&client, "select full_name from public_tag_new.t").await, "42501");
        assert_eq!(refused(&client, "insert into public_tag_new.t values (14, 'x', 1)").await, "42501");
        client.batch_execute("reset role; set role \"nobody much\"").await.unwrap();
        assert_eq!(refused(&client, "select id from public_tag_new.t").await, "42501");
        assert_eq!(refused(&client, "select segue.reject('RUN-1', 'x', '[]', 'y') from public.t").await, "42501");
        journey.backfill(10).await;
        journey.verify().await;
        journey.make(Piece::Shift(&journey.change)).await;
        journey.make(Piece::Contract(&journey.change)).await;
        client.batch_execute("reset role; set role columns").await.unwrap();
        assert_eq!(rows(&client, "select cents::int from public.t where id = 11").await, ["4"]);
        client.batch_execute("update public_tag_new.t set cents = 6 where id = 11").await.unwrap();
        assert_eq!(refused(&client, "select full_name from public_tag_new.t").await, "42501");
    }
}

#[tokio::test]
async fn policies_hold_through_the_views() {
    let setup = "create table t (id int primary key, who text, v int); insert into t select g, case when g % 2 = 0 then 'even' else 'odd' end, g from generate_series(1, 10) g;
        create policy own on t using (who = current_user::text) with check (who = current_user::text); alter table t enable row level security";
    for database in databases(setup).await.into_iter().filter(|database| database.major >= 15) {
        role(&database.client, "even").await;
        database.client.batch_execute("grant select, insert, update on t to even").await.unwrap();
        let change = Build::on(&table("public.t"), &["id"], &[("id", "integer not null"), ("who", "text"), ("v", "integer")])
            .convert("v", "text", "v::text", "v::int")
            .done();
        let mut journey = Journey::begin(&database, change).await;
        journey.carry().await;
        journey.expand().await;
        let client = connect(&database.url).await;
        client.batch_execute("set role even").await.unwrap();
        for schema in ["public_tag_old", "public_tag_new"] {
            assert_eq!(rows(&client, &format!("select count(*) from {schema}.t")).await, ["5"]);
        }
        assert_eq!(refused(&client, "insert into public_tag_new.t values (11, 'odd', '3')").await, "42501");
        client.batch_execute("insert into public_tag_new.t values (12, 'even', '3')").await.unwrap();
        assert_eq!(journey.backfill(4).await.converted, 10);
        assert_eq!(journey.verify().await, 11);
        database.engine.unmake(&journey.guard, Piece::Expand(&journey.change)).await.unwrap();
        assert!(database.engine.reshape().row_estimate(&journey.change.table).await.unwrap() > 0);
    }
}
