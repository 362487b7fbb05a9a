//! What people ask of a run while it goes: pause, resume, abort, go back, approve; and Ctrl-C.

use std::sync::Arc;

use segue_journal::*;

use crate::world::{Stage, World, plan};

#[test]
fn a_pause_stops_in_the_middle_of_a_step_and_a_resume_goes_on() {
    let stage = Stage::new(&plan(), World::new());
    *stage.world.request_at.lock().expect("one thread") = Some(("backfill/a/perform".to_owned(), Request::Pause));
    assert_eq!(stage.forward().expect("no crash"), End::Paused);
    let batches = stage.world.parts().iter().filter(|part| part.starts_with("backfill/")).count();
    assert_eq!(batches, 1, "it stopped after the batch");
    assert!(stage.store.pending_requests(&stage.run).expect("memory").is_empty(), "it was answered");
    assert_eq!(stage.forward().expect("no crash"), End::Paused, "it rests until it is resumed");
    stage.ask(Request::Resume);
    assert_eq!(stage.forward().expect("no crash"), End::Done);
    assert!(stage.is_full());
}

#[test]
fn an_abort_in_the_middle_of_a_step_undoes_everything() {
    let stage = Stage::new(&plan(), World::new());
    *stage.world.request_at.lock().expect("one thread") = Some(("backfill/a/perform".to_owned(), Request::Abort));
    assert_eq!(stage.forward().expect("no crash"), End::RolledBack { to: String::new() });
    assert!(stage.is_empty());
    assert_eq!(stage.state().mode, Mode::Ended(segue_model::event::Outcome::RolledBack));
    let runs = stage.store.runs().expect("memory");
    assert_eq!(runs[0].ended, Some(segue_model::event::Outcome::RolledBack));
}

#[test]
fn a_request_to_go_back_leaves_the_run_alive() {
    let stage = Stage::new(&plan(), World::new());
    let back = Request::Rollback { to: "prepare".to_owned() };
    *stage.world.request_at.lock().expect("one thread") = Some(("backfill/a/perform".to_owned(), back));
    assert_eq!(stage.forward().expect("no crash"), End::RolledBack { to: "prepare".to_owned() });
    assert_eq!(stage.world.parts().len(), 2);
    stage.approve();
    assert_eq!(stage.forward().expect("no crash"), End::Done);
}

#[test]
fn an_abort_behind_the_point_of_no_return_is_refused() {
    let stage = Stage::new(&plan(), World::new());
    *stage.world.request_at.lock().expect("one thread") = Some(("contract/a/verify".to_owned(), Request::Abort));
    let end = stage.forward().expect("no crash");
    assert!(matches!(&end, End::Failed { code, .. } if code == "SG-RUN-006"), "{end:?}");
    assert!(stage.store.pending_requests(&stage.run).expect("memory").is_empty());
    assert_eq!(stage.forward().expect("no crash"), End::Done);
}

#[test]
fn an_approval_of_another_plan_is_not_one() {
    let stage = Stage::new(&plan(), World::new());
    let pending = stage.store.pending_requests(&stage.run).expect("memory");
    stage.store.drop_request(&stage.run, pending[0].id).expect("memory");
    stage.ask(Request::Approve { what: "plan".to_owned(), digest: "another".to_owned() });
    assert!(matches!(stage.forward().expect("no crash"), End::Waiting { gate, .. } if gate == "shift/approval"));
    assert!(stage.watcher.notes.lock().expect("one thread").iter().any(|note| note.contains("not taken")));
    let entries = stage.store.entries(&stage.run).expect("memory").len();
    assert!(matches!(stage.forward().expect("no crash"), End::Waiting { .. }));
    assert_eq!(stage.store.entries(&stage.run).expect("memory").len(), entries + 1, "only the lease: the same wait is not written twice");
    let digest = stage.state().plan.digest.clone();
    stage.ask(Request::Approve { what: "shift/approval".to_owned(), digest });
    assert_eq!(stage.forward().expect("no crash"), End::Done);
}

#[test]
fn a_measured_gate_is_not_opened_by_an_approval() {
    let stage = Stage::new(&plan(), World::new());
    *stage.world.gate_open.lock().expect("one thread") = false;
    assert!(matches!(stage.forward().expect("no crash"), End::Waiting { gate, .. } if gate == "backfill/rows"));
    *stage.world.gate_open.lock().expect("one thread") = true;
    assert_eq!(stage.forward().expect("no crash"), End::Done);
}

#[test]
fn one_press_finishes_the_batch() {
    let stage = Stage::new(&plan(), World::new());
    stage.until("expand").expect("no crash");
    stage.stop.press();
    assert_eq!(stage.forward().expect("no crash"), End::Interrupted);
    stage.stop.clear();
    assert_eq!(stage.forward().expect("no crash"), End::Done);
}

#[test]
fn two_presses_end_a_step_that_hangs_and_its_lease_was_kept() {
    let mut world = World::new();
    world.hangs = Some("expand/a".to_owned());
    let mut stage = Stage::new(&plan(), world);
    stage.beat_ms = 1_000;
    stage.time.stop_after = Some((100, Arc::clone(&stage.stop)));
    assert_eq!(stage.forward().expect("no crash"), End::Interrupted);
    // 100 beats are 100 s, ten times the lease: nobody could have taken it.
    let lease = stage.store.lease(&stage.run).expect("memory").expect("a lease");
    assert!(lease.expires_at_ms > 100_000, "{lease:?}");
    assert_eq!(lease.epoch, 1);
    assert!(matches!(stage.state().step("expand/a"), StepState::Started { .. }));
}
