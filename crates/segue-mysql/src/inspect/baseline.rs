//! Baselines: queries a second, cache hits, and the 95th percentile where the server keeps it.
//!
//! All since the server started. Tests: `tests/it/inspect.rs`.

use std::collections::BTreeMap;

use segue_engine::EngineError;

use super::View;
use crate::session::Flavour;

const STATUS: &str = "
SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Queries', 'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads')";

/// The upper end of the bucket in which the 95th of 100 statements lies, in picoseconds.
const P95: &str = "
SELECT min(BUCKET_TIMER_HIGH) FROM performance_schema.events_statements_histogram_global WHERE BUCKET_QUANTILE >= 0.95";

pub(super) async fn see(at: &mut View<'_>) -> Result<(), EngineError> {
    let rows = at.session.rows(STATUS, ()).await;
    let status: BTreeMap<String, u64> =
        at.collect.or_default("baselines", rows)?.iter().filter_map(|row| Some((row.text(0).to_lowercase(), row.number(1)?))).collect();
    let is = |name: &str| status.get(name).copied();
    if let (Some(queries), Some(uptime)) = (is("queries"), is("uptime").map(|uptime| uptime.max(1))) {
        at.system.baselines.insert("queries_per_s".to_owned(), queries / uptime);
        at.system.baselines.insert("window_s".to_owned(), uptime);
    }
    if let (Some(asked), Some(missed)) = (is("innodb_buffer_pool_read_requests").filter(|asked| *asked > 0), is("innodb_buffer_pool_reads"))
    {
        at.system.baselines.insert("cache_hit_permille".to_owned(), 1000 * asked.saturating_sub(missed) / asked);
    }
    let mut p95 = None;
    if at.session.is(Flavour::MySql, 8, 0, 0) {
        let rows = at.session.rows(P95, ()).await;
        p95 = at.collect.or_default("the 95th percentile of query times", rows)?.first().and_then(|row| row.number(0));
    }
    match p95 {
        Some(picoseconds) => {
            at.system.baselines.insert("p95_ms".to_owned(), picoseconds.div_ceil(1_000_000_000));
        }
        None => at.collect.say("the 95th percentile of query times: this server keeps no histogram of them"),
    }
    Ok(())
}
