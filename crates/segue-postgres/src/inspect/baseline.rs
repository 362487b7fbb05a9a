//! Baselines: transactions and queries a second, cache hits, and a 95th percentile where `pg_stat_statements` is.
//!
//! That extension keeps means for each statement, no distribution: what is given is the mean below which 95 of 100
//! calls lie, and it is said. The texts of statements are never read. Tests: `tests/it/inspect.rs`.

use segue_engine::{EngineError, quote};

use super::View;

const DATABASE: &str = "
select (xact_commit + xact_rollback)::int8, blks_hit::int8, blks_read::int8,
    greatest(extract(epoch from now() - coalesce(stats_reset, pg_postmaster_start_time()))::int8, 1)
from pg_stat_database where datname = current_database()";

const EXTENSION: &str = "
select n.nspname::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'";

pub(super) async fn see(view: &mut View<'_>) -> Result<(), EngineError> {
    let number = |row: &tokio_postgres::Row, at: usize| u64::try_from(row.get::<_, i64>(at)).unwrap_or_default();
    if let Some(row) = view.ask("baselines", DATABASE).await?.first() {
        let (transactions, hit, read, window) = (number(row, 0), number(row, 1), number(row, 2), number(row, 3));
        view.system.baselines.insert("transactions_per_s".to_owned(), transactions / window);
        view.system.baselines.insert("window_s".to_owned(), window);
        if let Some(permille) = (hit * 1000).checked_div(hit + read) {
            view.system.baselines.insert("cache_hit_permille".to_owned(), permille);
        }
    }
    let Some(schema) = view.ask("pg_stat_statements", EXTENSION).await?.first().map(|row| row.get::<_, String>(0)) else {
        view.collect.say("queries a second and the 95th percentile of query times: pg_stat_statements is not there");
        return Ok(());
    };
    let statements = format!("{}.{}", quote::name(&schema), quote::name("pg_stat_statements"));
    let since = format!("{}.{}", quote::name(&schema), quote::name("pg_stat_statements_info"));
    let sql = format!(
        "with s as (select mean_exec_time as mean, calls, sum(calls) over (order by mean_exec_time) as upto, sum(calls) over () as total \
         from {statements} where dbid = (select oid from pg_database where datname = current_database())) \
         select coalesce(ceil(min(mean) filter (where upto >= 0.95 * total)), 0)::int8, coalesce(sum(calls), 0)::int8, \
         (select greatest(extract(epoch from now() - stats_reset)::int8, 1) from {since}) from s"
    );
    if let Some(row) = view.ask("queries a second and the 95th percentile of query times", &sql).await?.first() {
        view.system.baselines.insert("p95_ms".to_owned(), number(row, 0));
        view.system.baselines.insert("queries_per_s".to_owned(), number(row, 1) / number(row, 2).max(1));
        view.collect.say("p95_ms is taken of the means of statements: pg_stat_statements keeps no distribution");
    }
    Ok(())
}
