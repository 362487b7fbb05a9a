//! Each step kind that a plan on SQLite has is proved there: every third point in CI, all in the soak.

use segue_sim::conformance::SqliteFixture;
use segue_sim::proof::{Thoroughness, kinds, prove_step};

use crate::soak;

#[tokio::test]
async fn every_kind_of_a_plan_on_sqlite() {
    let kinds = kinds(&SqliteFixture::new()).await;
    assert!(kinds.len() >= 9, "only {kinds:?}");
    let (mut points, mut of) = (0, 0);
    for (at, kind) in kinds.iter().enumerate() {
        let thoroughness = if soak::soaking() { Thoroughness { rest: 0, of: 1 } } else { Thoroughness { rest: at as u64 % 3, of: 3 } };
        let proved = prove_step(kind, async || SqliteFixture::new(), thoroughness).await;
        points += proved.points;
        of += proved.of;
    }
    soak::say("proof", "journal points of steps on sqlite", points, of);
    println!("proof: {} kinds on sqlite, {points} journal points of {of}", kinds.len());
}
