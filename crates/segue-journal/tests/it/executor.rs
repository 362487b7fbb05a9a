//! The executor under crashes at every point, failures of every kind, and appends that fail.

use std::sync::atomic::Ordering;

use segue_journal::*;
use segue_model::event::Event;

use crate::world::{BATCHES, CrashAt, Stage, World, block_on, plan};

/// Goes forward until the end; the end must come.
fn finish(stage: &Stage) -> End {
    for _ in 0..5 {
        match stage.forward().expect("no crash is planted") {
            End::Waiting { .. } => stage.approve(),
            end => return end,
        }
    }
    panic!("the run does not end: {:?}", stage.state().mode);
}

/// From whatever a crash left, to one of the two ends.
fn settle(stage: &Stage, abort: bool, what: &str) {
    if abort {
        match stage.back(None, true) {
            Ok(End::RolledBack { to }) => {
                assert_eq!(to, "");
                assert!(stage.is_empty(), "{what}: {:?}", stage.world.parts());
                return;
            }
            // The old form is gone: the only way is forward.
            Ok(End::Failed { code, .. }) => assert_eq!(code, "SG-RUN-006", "{what}"),
            Err(ExecError::Refused { code, .. }) => assert_eq!(code, "SG-RUN-006", "{what}"),
            other => panic!("{what}: {other:?}"),
        }
        assert!(stage.world.parts().iter().any(|part| part.starts_with("contract/")), "{what}: refused without a reason");
    }
    let end = finish(stage);
    assert!(matches!(end, End::Done | End::AlreadyDone), "{what}: {end:?}");
    assert!(stage.is_full(), "{what}: {:?}", stage.world.parts());
}

fn points_of(go: impl Fn(&Stage, &CrashAt)) -> u64 {
    let (stage, hooks) = (Stage::new(&plan(), World::new()), CrashAt::default());
    go(&stage, &hooks);
    hooks.seen.load(Ordering::SeqCst)
}

fn go_forward(stage: &Stage, hooks: &CrashAt) {
    let end = block_on(stage.executor(hooks).forward(None));
    assert!(matches!(end, Ok(End::Done) | Err(ExecError::Crashed)), "{end:?}");
}

fn go_back_from_shift(stage: &Stage, hooks: &CrashAt) {
    assert_eq!(stage.until("shift").expect("no crash"), End::ReachedPhase("shift".to_owned()));
    let end = block_on(stage.executor(hooks).back(None, true, "0 rows"));
    assert!(matches!(end, Ok(End::RolledBack { .. }) | Err(ExecError::Crashed)), "{end:?}");
}

#[test]
fn every_crash_point_ends_in_one_of_two_states() {
    for go in [go_forward as fn(&Stage, &CrashAt), go_back_from_shift] {
        let points = points_of(go);
        assert!(points > 60, "only {points} points");
        for point in 0..points {
            for abort in [false, true] {
                for keep in [0, 99] {
                    let stage = Stage::new(&plan(), World::new());
                    go(&stage, &CrashAt::point(point));
                    stage.after_crash(keep);
                    if matches!(stage.state().mode, Mode::RollingBack { .. } | Mode::Ended(segue_model::event::Outcome::RolledBack))
                        && !abort
                    {
                        // Whoever goes forward while a run goes back, finishes going back.
                        assert_eq!(stage.forward().expect("no crash"), End::RolledBack { to: String::new() });
                        assert!(stage.is_empty());
                        continue;
                    }
                    settle(&stage, abort, &format!("point {point} of {points}, abort {abort}, keep {keep}"));
                }
            }
        }
    }
}

#[test]
fn a_crash_while_recovering_from_a_crash() {
    let points = points_of(go_forward);
    for first in (0..points).step_by(7) {
        for second in (0..points).step_by(5) {
            for abort in [false, true] {
                let stage = Stage::new(&plan(), World::new());
                go_forward(&stage, &CrashAt::point(first));
                stage.after_crash(0);
                let hooks = CrashAt::point(second);
                let executor = stage.executor(&hooks);
                let again = if abort { block_on(executor.back(None, true, "0 rows")) } else { block_on(executor.forward(None)) };
                drop(executor);
                if matches!(again, Err(ExecError::Crashed)) {
                    stage.after_crash(0);
                }
                let ended = stage.state().mode == Mode::Ended(segue_model::event::Outcome::RolledBack);
                if ended {
                    assert!(stage.is_empty());
                } else {
                    settle(&stage, abort, &format!("points {first} and {second}, abort {abort}"));
                }
            }
        }
    }
}

#[test]
fn nothing_happens_after_a_crash_point() {
    let points = points_of(go_forward);
    for point in 0..points {
        let (stage, hooks) = (Stage::new(&plan(), World::new()), CrashAt::point(point));
        go_forward(&stage, &hooks);
        assert_eq!(hooks.seen.load(Ordering::SeqCst), point + 1, "the dead executor came to another point");
    }
}

#[test]
fn an_append_that_fails_stops_the_effect() {
    let whole = Stage::new(&plan(), World::new());
    assert_eq!(whole.forward().expect("no crash"), End::Done);
    let appends = whole.store.appends();
    for n in 1..=appends {
        let stage = Stage::new(&plan(), World::new());
        stage.store.fail_append(n);
        let error = stage.forward().expect_err("the journal could not be written");
        assert_eq!(error.code(), "SG-JR-001", "append {n}");
        let state = stage.state();
        for part in stage.world.parts().iter() {
            let step = part.split('#').next().expect("a step's id");
            assert_ne!(*state.step(step), StepState::NotStarted, "append {n}: {part} is there, the journal knows nothing of it");
        }
        stage.after_crash(0);
        settle(&stage, n % 2 == 0, &format!("append {n}"));
    }
}

#[test]
fn an_older_checkpoint_is_gone_on_from() {
    let stage = Stage::new(&plan(), World::new());
    stage.until("expand").expect("no crash");
    // Find the point behind the third checkpoint.
    let watch = CrashAt::default();
    let probe = Stage::new(&plan(), World::new());
    probe.until("expand").expect("no crash");
    block_on(probe.executor(&watch).forward(Some("backfill"))).expect("no crash");
    let mut older = 0;
    for point in 0..watch.seen.load(Ordering::SeqCst) {
        let stage = Stage::new(&plan(), World::new());
        stage.until("expand").expect("no crash");
        let end = block_on(stage.executor(&CrashAt::point(point)).forward(Some("backfill")));
        assert!(matches!(end, Err(ExecError::Crashed)));
        let before = stage.state().step("backfill/a").checkpoint().cloned();
        stage.after_crash(0);
        let after = stage.state().step("backfill/a").checkpoint().cloned();
        older += u32::from(before != after);
        settle(&stage, false, &format!("point {point}"));
    }
    assert!(older > 0, "no unsynced checkpoint was ever lost");
    assert_eq!(BATCHES, 5);
}

#[test]
fn an_undo_that_fails_is_stuck_until_it_works() {
    let stage = Stage::new(&plan(), World::new());
    stage.until("shift").expect("no crash");
    stage.world.fail("backfill/a/undo", StepError::new("SG-TEST-001", "a table is held").help("let it go"));
    let end = stage.back(None, true).expect("no crash");
    assert_eq!(
        end,
        End::Stuck {
            step: "backfill/a".to_owned(),
            code: "SG-TEST-001".to_owned(),
            message: "a table is held".to_owned(),
            help: "let it go".to_owned()
        }
    );
    assert!(matches!(stage.state().mode, Mode::Stuck { .. }));
    assert!(matches!(stage.forward().expect("no crash"), End::Stuck { .. }), "forward is no way out");
    assert_eq!(stage.back(None, true).expect("no crash"), End::RolledBack { to: String::new() });
    assert!(stage.is_empty());
}

#[test]
fn failures_that_pass_are_tried_again_and_bounded() {
    let lock = || StepError::new("SG-TEST-002", "no lock").retry(RetryClass::Soon);
    let stage = Stage::new(&plan(), World::new());
    for _ in 0..3 {
        stage.world.fail("expand/a/perform", lock());
        stage.world.fail("expand/b/verify", StepError::new("SG-TEST-003", "gone").retry(RetryClass::Reconnect));
    }
    assert_eq!(stage.forward().expect("no crash"), End::Done);
    assert_eq!((stage.world.calls("expand/a/perform"), stage.world.calls("expand/a/observe")), (4, 4), "observed before each try");

    let stage = Stage::new(&plan(), World::new());
    for _ in 0..1_000 {
        stage.world.fail("expand/a/perform", lock());
    }
    let End::Failed { step, code, .. } = stage.forward().expect("no crash") else { panic!("it must give up") };
    assert_eq!((step.as_str(), code.as_str()), ("expand/a", "SG-TEST-002"));
    let policy = RetryPolicy::default();
    assert!(stage.world.calls("expand/a/perform") <= policy.soon_attempts);
    let waited = stage.time.now_ms.load(Ordering::SeqCst).unsigned_abs();
    assert!(waited <= policy.soon_budget_ms + policy.soon_cap_ms, "{waited} ms");
    assert!(matches!(stage.state().step("expand/a"), StepState::Failed { .. }));
    stage.world.errors.lock().expect("one thread").clear();
    assert_eq!(stage.forward().expect("no crash"), End::Done, "the same command goes on");
}

#[test]
fn a_fenced_executor_touches_nothing_more() {
    // The database says so.
    let stage = Stage::new(&plan(), World::new());
    stage.world.fail("expand/a/perform", StepError::new("SG-TEST-004", "taken over").kind(StepErrorKind::Fenced));
    let before = stage.until("prepare").expect("no crash");
    assert_eq!(before, End::ReachedPhase("prepare".to_owned()));
    let End::Failed { kind, .. } = stage.forward().expect("no crash") else { panic!("fenced") };
    assert_eq!(kind, StepErrorKind::Fenced);
    assert!(matches!(stage.state().step("expand/a"), StepState::Started { .. }), "nothing was written after it");

    // The journal says so: another took the lease while a step ran.
    let stage = Stage::new(&plan(), World::new());
    let thief = Thief { stage: &stage, step: "expand/a" };
    let End::Failed { kind, code, .. } = block_on(stage.executor(&thief).forward(None)).expect("an end") else { panic!("fenced") };
    assert_eq!((kind, code.as_str()), (StepErrorKind::Fenced, "SG-JR-009"));
    let parts = stage.world.parts().clone();
    assert!(parts.contains("expand/a#1") && !parts.contains("expand/b#0"), "{parts:?}");
    assert_eq!(stage.store.lease(&stage.run).expect("memory").expect("a lease").holder, "thief:2", "it gave no lease back");
}

/// Takes the run away just after a step's effect.
struct Thief<'a> {
    stage: &'a Stage,
    step: &'a str,
}

impl Hooks for Thief<'_> {
    fn at(&self, point: CrashPoint<'_>) -> std::ops::ControlFlow<()> {
        if matches!(point, CrashPoint::AfterEffect(step) if step == self.step) {
            let later = self.stage.time.now_ms() + 60_000;
            self.stage.store.take_lease(&self.stage.run, "thief:2", later, 10_000).expect("it ran out");
        }
        std::ops::ControlFlow::Continue(())
    }
}

#[test]
fn another_version_of_a_step_kind_is_refused_before_anything() {
    let mut world = World::new();
    world.versions.insert("walk".to_owned(), 2);
    let stage = Stage::new(&plan(), world);
    let error = stage.forward().expect_err("refused");
    assert_eq!(error.code(), "SG-RUN-003");
    assert!(stage.is_empty());
    assert_eq!(stage.store.entries(&stage.run).expect("memory").len(), 1, "nothing was written");
    assert_eq!(stage.store.lease(&stage.run).expect("memory"), None);
}

#[test]
fn a_foreign_object_and_a_mismatch_are_named() {
    let mut world = World::new();
    world.mismatch = Some("backfill/a".to_owned());
    let stage = Stage::new(&plan(), world);
    let end = stage.forward().expect("no crash");
    let expect = End::Mismatch { step: "backfill/a".to_owned(), code: "SG-TEST-009".to_owned(), message: "parts are missing".to_owned() };
    assert_eq!(end, expect);
    assert_eq!(stage.forward().expect("no crash"), expect, "and again");
    assert_eq!(stage.back(Some("prepare"), false).expect("no crash"), End::RolledBack { to: "prepare".to_owned() });
    assert_eq!(stage.world.parts().len(), 2, "prepare stays");
}

#[test]
fn back_and_forward_again() {
    let stage = Stage::new(&plan(), World::new());
    stage.until("shift").expect("no crash");
    assert!(stage.state().ready());
    assert_eq!(stage.back(Some("expand"), false).expect("no crash"), End::RolledBack { to: "expand".to_owned() });
    let state = stage.state();
    assert!(!state.ready());
    assert_eq!(state.current_phase().map(|phase| phase.name.as_str()), Some("backfill"));
    assert!(matches!(stage.forward().expect("no crash"), End::Waiting { gate, .. } if gate == "shift/approval"), "a new decision");
    stage.approve();
    assert_eq!(stage.forward().expect("no crash"), End::Done);
    assert!(stage.is_full());
    assert_eq!(stage.forward().expect("no crash"), End::AlreadyDone);
    assert_eq!(stage.back(None, true).expect_err("the old form is gone").code(), "SG-RUN-006");
}

/// A clock at whose first look another executor goes on: between our look at the journal and our lease.
struct Overtaken<'a> {
    stage: &'a Stage,
    goes: fn(&Stage),
    went: std::sync::atomic::AtomicBool,
}

#[async_trait::async_trait]
impl Clock for Overtaken<'_> {
    fn now_ms(&self) -> i64 {
        if !self.went.swap(true, Ordering::SeqCst) {
            (self.goes)(self.stage);
        }
        self.stage.time.now_ms()
    }

    async fn sleep(&self, ms: u64) {
        self.stage.time.sleep(ms).await;
    }
}

fn overtaken(stage: &Stage, goes: fn(&Stage)) -> End {
    let clock = Overtaken { stage, goes, went: false.into() };
    block_on(Executor { clock: &clock, ..stage.executor(&NoHooks) }.forward(None)).expect("no crash")
}

#[test]
fn who_takes_the_lease_after_another_has_ended_does_nothing() {
    let stage = Stage::new(&plan(), World::new());
    let end = overtaken(&stage, |stage| assert_eq!(finish(stage), End::Done));
    assert_eq!(end, End::AlreadyDone);
    let before = stage.state().seq;
    assert_eq!(stage.forward().expect("the lease is free"), End::AlreadyDone);
    assert_eq!(stage.state().seq, before, "nothing was written");
    assert_eq!(stage.store.lease(&stage.run).expect("memory").expect("it was taken").holder, "", "it was given back");
}

#[test]
fn who_takes_the_lease_after_another_has_gone_on_goes_on_from_there() {
    let stage = Stage::new(&plan(), World::new());
    let end = overtaken(&stage, |stage| assert_eq!(stage.until("expand").expect("no crash"), End::ReachedPhase("expand".to_owned())));
    assert!(matches!(end, End::Done | End::Waiting { .. }), "{end:?}");
    assert!(matches!(finish(&stage), End::Done | End::AlreadyDone));
    assert!(stage.is_full());
}

#[test]
fn what_cannot_be_undone_is_refused_before_anything_is_undone() {
    let stage = Stage::new(&plan(), World::new());
    stage.world.fail("contract/a/verify", StepError::new("SG-TEST-005", "no"));
    assert!(matches!(stage.forward().expect("no crash"), End::Failed { .. }));
    let parts = stage.world.parts().clone();
    let End::Failed { code, .. } = stage.back(None, true).expect("no crash") else { panic!("refused") };
    assert_eq!(code, "SG-RUN-006");
    assert_eq!(*stage.world.parts(), parts);
    assert_eq!(stage.state().mode, Mode::Forward, "the run can go on");
    // The same when the step was begun and left nothing: then it may go back.
    let stage = Stage::new(&plan(), World::new());
    stage.world.fail("contract/a/perform", StepError::new("SG-TEST-006", "no"));
    assert!(matches!(stage.forward().expect("no crash"), End::Failed { .. }));
    assert_eq!(stage.back(None, true).expect("no crash"), End::RolledBack { to: String::new() });
    assert!(stage.is_empty());
}

#[test]
fn an_unknown_phase_is_refused() {
    let stage = Stage::new(&plan(), World::new());
    assert_eq!(stage.until("contrakt").expect_err("no such phase").code(), "SG-RUN-004");
    assert_eq!(stage.back(Some("x"), false).expect_err("no such phase").code(), "SG-RUN-004");
}

#[test]
fn observers_see_every_event_once() {
    let stage = Stage::new(&plan(), World::new());
    stage.forward().expect("no crash");
    let seen = stage.watcher.events.lock().expect("one thread").clone();
    let written = stage.store.entries(&stage.run).expect("memory");
    assert_eq!(seen, written[1..], "all but the creation of the run");
    assert!(matches!(written.last().map(|entry| &entry.event), Some(Event::RunEnded { .. })));
}
