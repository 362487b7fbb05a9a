//! SQLite passes the suite that defines an engine.

use segue_sim::conformance::{SqliteFixture, conformance};

#[tokio::test]
async fn the_sqlite_engine_conforms() {
    let cases = conformance(async || SqliteFixture::new()).await;
    assert!(cases >= 20, "only {cases} cases ran");
}
