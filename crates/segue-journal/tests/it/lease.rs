//! The lease on both stores: one holder, expiry, force, and the epoch that every append is checked against.

use segue_journal::*;
use segue_model::event::Event;

use crate::store::both;

#[test]
fn one_holder_at_a_time() {
    both(|store, run| {
        assert_eq!(store.take_lease(run, "a:1", 1_000, 500).expect("free"), 1);
        let held = store.take_lease(run, "b:2", 1_400, 500).expect_err("held");
        assert_eq!(held.code(), "SG-JR-010");
        assert!(matches!(held, JournalError::Held { epoch: 1, for_ms: 100, .. }));
        store.renew_lease(run, 1, 1_400, 500).expect("ours");
        assert!(store.take_lease(run, "b:2", 1_500, 500).is_err(), "renewed");
        assert_eq!(store.take_lease(run, "b:2", 1_900, 500).expect("it ran out"), 2);
        assert_eq!(store.renew_lease(run, 1, 1_901, 500).expect_err("taken").code(), "SG-JR-009");
    });
}

#[test]
fn a_stale_epoch_cannot_append() {
    both(|store, run| {
        let resumed = Event::Paused { why: "test".to_owned() };
        assert_eq!(store.append(run, 1, 0, &resumed, true).expect_err("no lease").code(), "SG-JR-009");
        store.take_lease(run, "a:1", 0, 100).expect("free");
        store.append(run, 1, 1, &Event::LeaseTaken { holder: "a:1".to_owned(), epoch: 1 }, true).expect("ours");
        store.take_lease(run, "b:2", 100, 100).expect("it ran out");
        let error = store.append(run, 1, 101, &resumed, true).expect_err("stale");
        assert!(matches!(error, JournalError::Stale { ours: 1, current: 2, .. }));
        assert!(error.is_fenced());
        assert_eq!(store.entries(run).expect("readable").len(), 2, "nothing was written");
    });
}

#[test]
fn a_person_may_end_a_lease() {
    both(|store, run| {
        assert_eq!(store.unlock(run).expect("nothing to do"), None);
        store.take_lease(run, "a:1", 0, 1_000_000).expect("free");
        let was = store.unlock(run).expect("by force").expect("there was one");
        assert_eq!((was.holder.as_str(), was.epoch), ("a:1", 1));
        assert!(store.append(run, 1, 1, &Event::Resumed, true).is_err(), "its holder is out");
        assert_eq!(store.take_lease(run, "b:2", 1, 10).expect("free"), 2, "the epoch rises all the same");
        store.release_lease(run, 1).expect("not ours: nothing happens");
        assert!(store.take_lease(run, "c:3", 2, 10).is_err());
        store.release_lease(run, 2).expect("ours");
        assert_eq!(store.take_lease(run, "c:3", 2, 10).expect("given back"), 3);
    });
}
