//! The memory engine passes the suite that defines an engine.

use segue_sim::conformance::{MemoryFixture, conformance};

#[tokio::test]
async fn the_memory_engine_conforms() {
    let cases = conformance(async || MemoryFixture::default()).await;
    assert!(cases >= 20, "only {cases} cases ran");
}
