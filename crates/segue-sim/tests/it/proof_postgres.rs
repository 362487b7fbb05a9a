//! Each step kind is proved on PostgreSQL: every sixth point on the newest major in CI, all on all in the soak.

use segue_postgres::private_server::find_bins;
use segue_sim::conformance::PostgresServer;
use segue_sim::proof::{Thoroughness, kinds, prove_step};

use crate::soak;

#[tokio::test]
async fn every_kind_of_a_plan_on_postgres() {
    let mut bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    assert!(!bins.is_empty(), "no PostgreSQL: `apt-get install postgresql`, or set SEGUE_TEST_PG_BINS");
    if !soak::soaking() {
        bins = bins.pop().into_iter().collect();
    }
    for bins in bins {
        let server = PostgresServer::start(&bins);
        let kinds = kinds(&server.fixture().await).await;
        assert_eq!(kinds.len(), segue_steps::KINDS.len(), "{kinds:?}");
        let (mut points, mut of) = (0, 0);
        for (at, kind) in kinds.iter().enumerate() {
            let thoroughness = if soak::soaking() { Thoroughness { rest: 0, of: 1 } } else { Thoroughness { rest: at as u64 % 6, of: 6 } };
            let proved = prove_step(kind, async || server.fixture().await, thoroughness).await;
            points += proved.points;
            of += proved.of;
        }
        soak::say("proof", "journal points of steps on postgres", points, of);
        println!("proof: {} kinds on postgres, {points} journal points of {of}", kinds.len());
    }
}
