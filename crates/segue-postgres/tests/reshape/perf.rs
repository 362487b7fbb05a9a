//! x
use std::time::Instant;
use crate::build::Build;
use crate::database::{databases, table};
use crate::journey::Journey;
#[tokio::test]
async fn perf() {
    for database in databases("create table t (id bigint primary key, name text not null, cents int not null, filler text default repeat('x', 60)); insert into t select g, 'name ' || g, g from generate_series(1, 200000) g; analyze t").await {
        let change = Build::on(&table("public.t"), &["id"], &[("id", "bigint not null"), ("name", "text not null"), ("cents", "integer not null"), ("filler", "text")]).rename("name", "full_name").convert("cents", "numeric(12,2)", "cents / 100.0", "cents * 100").done();
        let journey = Journey::begin(&database, change).await;
        journey.expand().await;
        let begun = Instant::now();
        let total = journey.backfill(2000).await;
        println!("{} segue {:?} {}", database.major, begun.elapsed(), total.converted);
        let begun = Instant::now();
        database.client.batch_execute("update t set cents = cents + 1 where id < 20000").await.unwrap();
        println!("plain update 20k with triggers {:?}", begun.elapsed());
        let begun = Instant::now();
        println!("verify {} {:?}", { let mut a=None; let mut n=0; loop { let c = journey.reshape().compare(&journey.change, a.as_ref(), 5000).await.unwrap(); n += c.compared; a = c.next; if a.is_none() { break n } } }, begun.elapsed());
        database.client.batch_execute("alter table t disable trigger all").await.unwrap();
        let begun = Instant::now();
        database.client.batch_execute("update t set cents = cents where id < 20000").await.unwrap();
        println!("plain update 20k no triggers {:?}", begun.elapsed());
        database.client.batch_execute("create table u (id bigint primary key, name text not null, cents int not null, filler text default repeat('x', 60), full_name text, price numeric(12,2)); insert into u select g, 'name ' || g, g from generate_series(1, 200000) g; analyze u").await.unwrap();
        let begun = Instant::now();
        let mut from = 0i64;
        while from < 200_000 {
            let row = database.client.query_one("select max(id) from (select id from u where id > $1 order by id limit 2000) x", &[&from]).await.unwrap();
            let to: i64 = row.get(0);
            database.client.execute("update u set full_name = name, price = cents / 100.0 where id > $1 and id <= $2", &[&from, &to]).await.unwrap();
            from = to;
        }
        println!("bare {:?}", begun.elapsed());
    }
}
