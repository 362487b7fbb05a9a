//! Gates: business rules against what was recorded, and time waited.

use std::sync::Arc;

use segue_engine::memory::Side;
use segue_journal::End;
use segue_model::plan::{Condition, Plan};

use crate::shop::{Stage, block_on, plan, shop};

#[test]
fn a_business_rule_that_gives_something_else_closes_its_gate() {
    let engine = shop(30, |_| false);
    let stage = Stage::new(Arc::new(engine.clone()), plan());
    stage.until("expand");
    assert_eq!(stage.output("prepare/control")["checks"]["people"]["rows"], 1);
    engine.client(Side::Old).execute("delete from users where id = 7").expect("the old side writes");
    let End::Waiting { gate, value, threshold } = stage.until("backfill") else { panic!("29 people are not 30") };
    assert_eq!(gate, "backfill/sum");
    assert!(value.starts_with("1 row, digest ") && threshold.ends_with(" as before"), "{value} {threshold}");
    let asked = || block_on(segue_steps::readings(&engine, &plan(), &stage.state()));
    let different = asked();
    assert_eq!((different[0].name.as_str(), different[0].agrees), ("people", Some(false)));
    assert!(different[0].what.starts_with(&value) && different[0].what.contains("; before: 1 row, digest "), "{different:?}");
    engine.client(Side::Old).execute("insert into users (id, name, age) values (7, 'eve', '7')").expect("the old side writes");
    assert_eq!(asked()[0].agrees, Some(true));
    let mut broken = plan();
    broken.execution.checks.insert("broken".to_owned(), "select nothing from nowhere".to_owned());
    let readings = block_on(segue_steps::readings(&engine, &broken, &stage.state()));
    let undecided = readings.iter().find(|reading| reading.name == "broken").expect("it is asked too");
    assert!(undecided.agrees.is_none() && undecided.what.starts_with("could not be asked: SG-MEM-"), "{undecided:?}");
    assert_eq!(readings.len(), 2);
    assert_eq!(stage.until("backfill"), End::ReachedPhase("backfill".to_owned()));
}

fn waiting(since: &str, at_least_ms: u64) -> Plan {
    let mut plan = plan();
    plan.phases[4].gates[0].condition = Condition::Waited { since: since.to_owned(), at_least_ms };
    plan.sealed().expect("canonical")
}

#[test]
fn time_is_waited_by_the_journal() {
    let stage = Stage::new(Arc::new(shop(3, |_| false)), waiting("verify", 90_000));
    let End::Waiting { gate, threshold, .. } = stage.until("shift") else { panic!("nobody waited") };
    assert_eq!((gate.as_str(), threshold.as_str()), ("shift/waited", "at least 1 m 30 s since verify"));
    stage.time.0.fetch_add(89_000, std::sync::atomic::Ordering::SeqCst);
    assert!(matches!(stage.until("shift"), End::Waiting { .. }));
    stage.time.0.fetch_add(1_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(stage.until("shift"), End::ReachedPhase("shift".to_owned()));
}

#[test]
fn a_gate_about_what_the_plan_does_not_have_is_named() {
    let mut broken = plan();
    broken.phases[4].gates[0].condition = Condition::Check { name: "nope".to_owned() };
    let stage = Stage::new(Arc::new(shop(3, |_| false)), broken.sealed().expect("canonical"));
    let End::Failed { step, code, .. } = stage.until("shift") else { panic!("there is no such check") };
    assert_eq!((step.as_str(), code.as_str()), ("shift/waited", "SG-RUN-018"));
}
