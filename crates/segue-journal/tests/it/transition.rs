//! Properties of the transition table over random events.

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use segue_journal::*;
use segue_model::event::{Entry, Event, JOURNAL_VERSION, Outcome};
use segue_model::plan::Plan;
use serde_json::json;

use crate::damage::budget_ms;
use crate::world::plan;

fn first(plan: &Plan) -> Event {
    Event::RunStarted {
        journal_version: JOURNAL_VERSION,
        segue: "0.1.0".to_owned(),
        plan: Box::new(plan.clone()),
        step_kinds: std::collections::BTreeMap::new(),
    }
}

/// An event about names that the plan has, or nearly; most are illegal where they come.
fn event(u: &mut Unstructured<'_>, state: &State) -> Result<Event> {
    let plan = &state.plan;
    let phase = u.choose(&plan.phases)?;
    let gates: Vec<_> = plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).collect();
    let (step, gate) = (u.choose(&phase.steps)?.id.clone(), u.choose(&gates)?.id.clone());
    let (phase, text) = (phase.name.clone(), || "x".to_owned());
    Ok(match u.int_in_range(0..=17)? {
        0 => Event::LeaseTaken { holder: text(), epoch: state.epoch + u.int_in_range(0..=2)? },
        1 => Event::PhaseStarted { phase },
        2 => Event::PhaseEnded { phase },
        3 | 4 => Event::StepStarted { attempt: state.step(&step).attempt() + u.int_in_range(0..=1)?, step, version: 1 },
        5 => Event::Checkpoint { step, data: json!(u.int_in_range(0..=9)?) },
        6 => Event::StepPerformed { step, output: json!({}) },
        7 => Event::StepVerified { step, evidence: json!({}) },
        8 => Event::StepFailed { step, code: text(), message: text() },
        9 => Event::GateWaiting { gate, value: text(), threshold: text() },
        10 => Event::GatePassed { gate, value: text(), threshold: text(), by: None },
        11 => Event::Approved { what: gate, by: text(), digest: if u.arbitrary()? { plan.digest.clone() } else { text() } },
        12 => u.choose(&[Event::Resumed, Event::Paused { why: text() }])?.clone(),
        13 if u.ratio(1, 4)? => {
            Event::RollbackStarted { to: if u.arbitrary()? { phase } else { String::new() }, ends: u.ratio(1, 4)?, loses: text() }
        }
        14 => Event::UndoStarted { step: state.undo_stack().last().cloned().unwrap_or(step) },
        15 => Event::Undone { step },
        16 => Event::Stuck { step, code: text(), message: text() },
        17 => u.choose(&[Event::RunEnded { outcome: Outcome::Done }, Event::RunEnded { outcome: Outcome::RolledBack }])?.clone(),
        _ => Event::RolledBack {
            to: match &state.mode {
                Mode::RollingBack { to, .. } => to.clone(),
                _ => String::new(),
            },
        },
    })
}

/// What must hold in every state.
fn check(state: &State) {
    let begun = |id: &str| !matches!(state.step(id), StepState::NotStarted | StepState::Undone { .. });
    for (phase, at) in state.plan.phases.iter().zip(&state.phases) {
        for step in &phase.steps {
            assert_eq!(begun(&step.id), state.undo_stack().contains(&step.id), "the undo stack holds what was begun: {}", step.id);
        }
        if matches!(at, PhaseState::Ended { .. }) && matches!(state.mode, Mode::Forward | Mode::Waiting { .. } | Mode::Paused { .. }) {
            assert_eq!(state.steps_done(&phase.name), phase.steps.len(), "{} is over", phase.name);
            assert!(
                phase.entry.iter().chain(&phase.gates).all(|gate| state.gates.contains(&gate.id)),
                "{} has passed its gates",
                phase.name
            );
        }
    }
    // Phases go one by one: nothing is begun behind the first that is not over.
    let first_open = state.phases.iter().position(|at| !matches!(at, PhaseState::Ended { .. })).unwrap_or(state.phases.len());
    for at in state.phases.iter().skip(first_open + 1) {
        assert_eq!(*at, PhaseState::NotStarted);
    }
    if state.mode == Mode::Ended(Outcome::Done) {
        assert!(state.steps.values().all(StepState::is_verified));
    }
    if state.mode == Mode::Ended(Outcome::RolledBack) {
        assert!(state.undo_stack().is_empty());
    }
}

#[test]
fn random_events_keep_every_invariant() {
    let plan = plan();
    let (mut legal, mut refused, mut deepest) = (0_u64, 0_u64, 0);
    arbtest(|u| {
        let mut entries = vec![Entry { seq: 1, at_ms: 0, epoch: 0, event: first(&plan) }];
        let mut state = State::begin(&entries[0].event, 0).expect("a beginning");
        while !u.is_empty() && entries.len() < 400 {
            let event = if u.ratio(2, 3)? { likely(u, &state)? } else { event(u, &state)? };
            let before = state.clone();
            match next(&state, &event) {
                Err(illegal) => {
                    assert!(!illegal.why.is_empty());
                    assert_eq!(state, before);
                    refused += 1;
                }
                Ok(after) => {
                    if let Event::StepVerified { step, .. } = &event {
                        assert!(matches!(before.step(step), StepState::Performed { .. }), "verified before performed");
                    }
                    let entry =
                        Entry { seq: state.seq + 1, at_ms: i64::try_from(entries.len()).expect("small"), epoch: after.epoch, event };
                    state = state.after(&entry).expect("legal a moment ago");
                    entries.push(entry);
                    check(&state);
                    legal += 1;
                }
            }
        }
        deepest = deepest.max(state.phases.iter().filter(|phase| matches!(phase, PhaseState::Ended { .. })).count());
        assert_eq!(replay("r", &entries).expect("legal"), state, "the same entries give the same state");
        Ok(())
    })
    .size_min(512)
    .size_max(16_384)
    .budget_ms(budget_ms());
    assert!(legal > 100 && refused > 100, "{legal} legal, {refused} refused: the generator does not reach far");
    assert!(deepest >= 2, "no run got past phase {deepest}");
}

/// The event that the executor would write next, or a failure of it.
fn likely(u: &mut Unstructured<'_>, state: &State) -> Result<Event> {
    if let Mode::RollingBack { to, ends } | Mode::Stuck { to, ends, .. } = &state.mode {
        let Some(card) = state.undone_by(to).first().copied() else {
            return Ok(if *ends && u.arbitrary()? {
                Event::RunEnded { outcome: Outcome::RolledBack }
            } else {
                Event::RolledBack { to: to.clone() }
            });
        };
        let step = card.id.clone();
        return Ok(match state.step(&step) {
            StepState::Undoing { .. } if u.ratio(3, 4)? => Event::Undone { step },
            StepState::Undoing { .. } => Event::Stuck { step, code: "c".to_owned(), message: "m".to_owned() },
            _ => Event::UndoStarted { step },
        });
    }
    let Some(phase) = state.current_phase() else { return Ok(Event::RunEnded { outcome: Outcome::Done }) };
    let started = state.phases[state.phase_index(&phase.name).expect("it is the plan's")] == PhaseState::Started;
    let closed = |gates: &[segue_model::plan::Gate]| gates.iter().find(|gate| !state.gates.contains(&gate.id)).map(|gate| gate.id.clone());
    let pass = |gate| Event::GatePassed { gate, value: String::new(), threshold: String::new(), by: None };
    if !started {
        return Ok(closed(&phase.entry).map_or(Event::PhaseStarted { phase: phase.name.clone() }, pass));
    }
    let Some(card) = phase.steps.iter().find(|card| !state.step(&card.id).is_verified()) else {
        return Ok(closed(&phase.gates).map_or(Event::PhaseEnded { phase: phase.name.clone() }, pass));
    };
    let step = card.id.clone();
    Ok(match state.step(&step) {
        StepState::Started { .. } => Event::StepPerformed { step, output: json!({}) },
        StepState::Performed { .. } => Event::StepVerified { step, evidence: json!({}) },
        now => Event::StepStarted { attempt: now.attempt() + 1, step, version: 1 },
    })
}

#[test]
fn entries_that_do_not_follow_are_refused() {
    let begin = Entry { seq: 1, at_ms: 0, epoch: 0, event: first(&plan()) };
    let lease = |seq, epoch| Entry { seq, at_ms: 1, epoch, event: Event::LeaseTaken { holder: "a:1".to_owned(), epoch: 1 } };
    assert!(replay("r", &[begin.clone(), lease(2, 1)]).is_ok());
    for wrong in [vec![], vec![lease(1, 1)], vec![begin.clone(), lease(3, 1)], vec![begin.clone(), lease(2, 2)], vec![begin.clone(), begin]]
    {
        assert!(replay("r", &wrong).is_err());
    }
}
