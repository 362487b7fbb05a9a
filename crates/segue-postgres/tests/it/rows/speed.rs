//! What reading costs, printed beside a bare copy. With `SEGUE_TEST_ROWS=1000000`, in release, it is a figure; the
//! ordinary run is short, and only the numbers of rows are asserted.

use std::pin::pin;
use std::time::Instant;

use futures_util::StreamExt as _;
use segue_engine::rows::{Batch, Rows as _, hash};

use super::whole;
use crate::database::databases;

/// Processor seconds of this process.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_read_at_about_the_cost_of_a_bare_copy() {
    let count: u64 = std::env::var("SEGUE_TEST_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(20_000);
    let setup = format!(
        "create table t (id int8 primary key, a int, b int, c numeric(12,2), d text, e text, f timestamptz, g date, h boolean, i float8, j uuid, k varchar(40)); \
         insert into t select g, g % 1000, g * 7 % 100000, (g % 100000) / 100.0, 'customer number ' || g, repeat('x', 40), \
         '2026-01-01Z'::timestamptz + g * interval '1 second', '2026-01-01'::date + (g % 1000)::int, g % 2 = 0, g / 3.0, \
         md5(g::text)::uuid, 'street ' || g % 977 from generate_series(1, {count}) g; analyze t; checkpoint"
    );
    for db in databases(&setup).await {
        for round in 0..2 {
            let (begun, used) = (Instant::now(), cpu());
            let mut answer = pin!(db.client.copy_out("copy (select * from t) to stdout (format binary)").await.expect("a copy"));
            let mut bytes = 0;
            while let Some(piece) = answer.next().await {
                bytes += piece.expect("bytes").len();
            }
            let bare = (begun.elapsed().as_secs_f64(), cpu() - used);

            let read = whole(&db.engine, "t").await;
            let (begun, used) = (Instant::now(), cpu());
            let moment = db.engine.snapshot(1).await.expect("a moment");
            let mut stream = moment.stream(&read).await.expect("a stream");
            let (mut batch, mut rows, mut sum) = (Batch::default(), 0, 0_u128);
            while stream.next(&mut batch).await.expect("rows") {
                rows += batch.len() as u64;
                for (_, row) in batch.iter() {
                    sum = sum.wrapping_add(hash(row));
                }
            }
            let ours = (begun.elapsed().as_secs_f64(), cpu() - used);
            assert_eq!(rows, count);
            assert_ne!(sum, 0);
            println!(
                "PostgreSQL {} round {round}: {count} rows, {} MB: bare copy {:.2} s, {:.2} CPU s here; canonical and hashed {:.2} s, {:.2} CPU s here",
                db.major,
                bytes >> 20,
                bare.0,
                bare.1,
                ours.0,
                ours.1
            );
        }
    }
}
