//! Every engine's reading of rows passes one suite.

use segue_sim::rows::{Place, conformance};

use crate::servers::{mariadb, postgres};

#[tokio::test]
async fn reading_memory_conforms() {
    assert_eq!(conformance(&Place::memory()).await, 16);
}

#[tokio::test]
async fn reading_sqlite_conforms() {
    assert_eq!(conformance(&Place::sqlite()).await, 16);
}

#[tokio::test]
async fn reading_postgres_conforms() {
    for bins in postgres() {
        assert_eq!(conformance(&Place::postgres(&bins).await).await, 16, "{}", bins.display());
    }
}

#[tokio::test]
async fn reading_mariadb_conforms() {
    let Some(programs) = mariadb() else { return };
    for settings in [&[][..], &["log-bin", "server-id=1"]] {
        assert_eq!(conformance(&Place::mariadb(&programs, settings).await).await, 16);
    }
}
