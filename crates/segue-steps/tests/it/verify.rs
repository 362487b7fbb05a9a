//! What `verify_table` and `backfill_table` must catch: planted faults, each by its code.

use std::sync::Arc;

use segue_engine::memory::{Planted, Side};
use segue_journal::{End, JournalStore as _};

use crate::shop::{Stage, plan, shop, users};

#[test]
fn a_trigger_that_was_dropped_is_found() {
    let engine = shop(30, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("backfill");
    engine.plant(&users(), Planted::TriggersDropped).expect("in transition");
    engine.client(Side::Old).execute("update users set name = 'CANARY' where id = 7").expect("the old side writes");
    let End::Mismatch { step, code, message } = stage.until("verify") else { panic!("row 7 disagrees") };
    assert_eq!((step.as_str(), code.as_str()), ("verify/users", "SG-RUN-011"));
    assert!(message.starts_with("1 of 30 rows"), "{message}");
    let notes = stage.watcher.notes.lock().expect("one thread").clone();
    assert!(notes.iter().any(|note| note.contains("id=7")), "whoever watches sees the key: {notes:?}");
    let journal = serde_json::to_string(&stage.store.entries(&stage.run).expect("memory")).expect("JSON");
    assert!(!journal.contains("CANARY") && !journal.contains("id=7"), "the journal holds no row's values");
    engine.client(Side::Old).execute("update users set name = 'user 7' where id = 7").expect("mended");
    assert_eq!(stage.until("verify"), End::ReachedPhase("verify".to_owned()), "the same command goes on");
}

#[test]
fn a_row_that_was_skipped_is_found() {
    let engine = shop(30, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("expand");
    engine.plant(&users(), Planted::RowSkipped).expect("none is converted yet");
    stage.until("backfill");
    let End::Mismatch { code, .. } = stage.until("verify") else { panic!("a row says that it was converted and was not") };
    assert_eq!(code, "SG-RUN-011");
}

#[test]
fn it_is_looked_at_again_before_the_contract() {
    let engine = shop(30, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("shift");
    engine.plant(&users(), Planted::TriggersDropped).expect("in transition");
    engine.client(Side::Old).execute("update users set name = 'x' where id = 7").expect("the old side writes");
    let End::Mismatch { step, .. } = stage.forward() else { panic!("row 7 disagrees") };
    assert_eq!(step, "contract/verify");
}
