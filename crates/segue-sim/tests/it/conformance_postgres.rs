//! PostgreSQL passes the suite that defines an engine, on each major that is found.

use segue_postgres::private_server::find_bins;
use segue_sim::conformance::{PostgresServer, conformance};

#[tokio::test]
async fn the_postgres_engine_conforms() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    assert!(!bins.is_empty(), "no PostgreSQL: `apt-get install postgresql`, or set SEGUE_TEST_PG_BINS");
    for bins in bins {
        let server = PostgresServer::start(&bins);
        let cases = conformance(async || server.fixture().await).await;
        assert!(cases >= 20, "only {cases} cases ran on {}", bins.display());
    }
}
