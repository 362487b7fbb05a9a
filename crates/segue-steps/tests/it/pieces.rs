//! Every kind on the reference engine: forward, back, again; who stands in the way; what cannot be undone.

use std::sync::Arc;

use segue_engine::Blocker;
use segue_journal::{End, Mode, StepState};
use segue_model::ident::TableName;

use crate::shop::{Stage, clients, plan, shop, users};

#[test]
fn forward_through_every_kind() {
    let engine = shop(30, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    assert_eq!(stage.until("shift"), End::ReachedPhase("shift".to_owned()));
    let (old, new, _) = clients(&engine);
    old.execute("insert into users (id, name, age) values (100, 'eve', '7')").expect("the old side writes");
    new.execute("insert into users (id, full_name, age, greeting) values (101, 'bob', 8, 'hi bob')").expect("the new side writes");
    assert_eq!(new.rows("select full_name, age, greeting from users where id = 100").expect("reads"), [["eve", "7", "dear eve"]]);
    assert_eq!(old.rows("select name, age from users where id = 101").expect("reads"), [["bob", "8"]]);
    assert_eq!(stage.forward(), End::Done);
    assert_eq!(stage.output("backfill/users")["converted"], 30);
    assert_eq!(stage.output("contract/verify")["compared"], 32);
    assert_eq!(stage.forward(), End::AlreadyDone);
}

#[test]
fn back_from_shift_leaves_the_beginning_and_forward_again_the_same_end() {
    let straight = shop(30, |_| false);
    assert_eq!(Stage::new(Arc::new(straight.clone()), plan()).forward(), End::Done);

    let engine = shop(30, |_| false);
    let before = engine.snapshot();
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    for phase in ["expand", "backfill", "verify", "shift"] {
        assert_eq!(stage.until(phase), End::ReachedPhase(phase.to_owned()));
        let end = stage.back(Some("prepare"));
        assert_eq!(end, End::RolledBack { to: "prepare".to_owned() }, "from {phase}");
    }
    assert_eq!(stage.forward(), End::Done);
    assert_eq!(engine.snapshot().lines(), straight.snapshot().lines());

    let engine = shop(30, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("shift");
    assert_eq!(stage.back(None), End::RolledBack { to: String::new() });
    assert_eq!(engine.snapshot().lines(), before.lines(), "nothing of us is left");
}

#[test]
fn who_holds_a_lock_is_named_and_the_same_command_goes_on() {
    let engine = shop(5, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("prepare");
    let blocker = Blocker {
        session: "4711".to_owned(),
        application: "nightly report".to_owned(),
        user: "app".to_owned(),
        state: "idle in transaction".to_owned(),
        transaction_age_ms: 61_000,
    };
    engine.block(&users(), vec![blocker]);
    let End::Failed { step, message, help, .. } = stage.until("expand") else { panic!("the lock is held") };
    assert_eq!(step, "expand/users");
    assert!(message.contains("session 4711 (nightly report, user app, idle in transaction, transaction 61 s old)"), "{message}");
    assert!(help.contains("run the same command again"), "{help}");
    assert!(matches!(stage.state().step("expand/users"), StepState::Failed { .. }));
    engine.block(&users(), vec![]);
    assert_eq!(stage.until("expand"), End::ReachedPhase("expand".to_owned()));
}

#[test]
fn an_undo_that_meets_a_lock_is_stuck_until_it_is_let_go() {
    let engine = shop(5, |_| false);
    let before = engine.snapshot();
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("expand");
    let blocker = Blocker {
        session: "7".to_owned(),
        application: String::new(),
        user: "app".to_owned(),
        state: "active".to_owned(),
        transaction_age_ms: 1_000,
    };
    engine.block(&users(), vec![blocker]);
    let End::Stuck { message, .. } = stage.back(None) else { panic!("the lock is held") };
    assert!(message.contains("no application name"), "{message}");
    engine.block(&users(), vec![]);
    assert_eq!(stage.back(None), End::RolledBack { to: String::new() });
    assert_eq!(engine.snapshot().lines(), before.lines());
}

#[test]
fn nothing_goes_back_behind_the_contract() {
    let engine = shop(5, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("shift");
    // The step behind the contract cannot go on: somebody holds its table.
    let archive = TableName::new("public", "archive");
    let session = || Blocker {
        session: "7".to_owned(),
        application: "x".to_owned(),
        user: "u".to_owned(),
        state: "active".to_owned(),
        transaction_age_ms: 1,
    };
    engine.block(&archive, vec![session()]);
    let End::Failed { step, .. } = stage.forward() else { panic!("the lock is held") };
    assert_eq!(step, "contract/old");
    let End::Failed { code, .. } = stage.back(None) else { panic!("the old form is gone") };
    assert_eq!(code, "SG-RUN-006");
    assert_eq!(stage.state().mode, Mode::Forward);
    engine.block(&archive, vec![]);
    assert_eq!(stage.forward(), End::Done);
}

#[test]
fn a_contract_that_never_happened_can_go_back() {
    let engine = shop(5, |_| false);
    let before = engine.snapshot();
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("shift");
    let session = Blocker {
        session: "7".to_owned(),
        application: "x".to_owned(),
        user: "u".to_owned(),
        state: "active".to_owned(),
        transaction_age_ms: 1,
    };
    engine.block(&users(), vec![session]);
    let End::Failed { step, .. } = stage.forward() else { panic!("the lock is held") };
    assert_eq!(step, "contract/users");
    engine.block(&users(), vec![]);
    assert_eq!(stage.back(None), End::RolledBack { to: String::new() });
    assert_eq!(engine.snapshot().lines(), before.lines());
}

#[test]
fn a_stale_executor_is_refused_by_the_database() {
    let engine = shop(5, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("prepare");
    // A second journal that knows the same run by name, at a lower epoch: its writes must not pass.
    stage.until("expand");
    let late = Stage::new(Arc::new(engine.clone()), plan());
    let End::Failed { kind, .. } = late.until("prepare") else { panic!("the database knows a higher epoch") };
    assert_eq!(kind, segue_journal::StepErrorKind::Fenced);
}
