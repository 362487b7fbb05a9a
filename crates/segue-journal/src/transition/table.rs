//! What may follow what: one function for each family of events, all pure.
//!
//! A function either changes the copy that it is given or says why the event cannot follow; the caller throws the
//! copy away then. Tests: `tests/it/transition.rs`.

use std::sync::Arc;

use segue_model::event::{Event, Outcome};

use super::{Illegal, Mode, PhaseState, State, StepState, illegal, require};

/// The state after an event, or why it cannot follow. Pure.
pub fn next(state: &State, event: &Event) -> Result<State, Illegal> {
    if let Mode::Ended(_) = state.mode {
        return illegal("the run is over");
    }
    let mut new = state.clone();
    match event {
        Event::RunStarted { .. } => return illegal("a run starts once"),
        Event::LeaseTaken { epoch, .. } => {
            require(*epoch > state.epoch, || format!("epoch {epoch} does not follow epoch {}", state.epoch))?;
            new.epoch = *epoch;
        }
        Event::PhaseStarted { .. } | Event::PhaseEnded { .. } => phase_event(&mut new, event)?,
        Event::StepStarted { .. }
        | Event::Checkpoint { .. }
        | Event::StepPerformed { .. }
        | Event::StepVerified { .. }
        | Event::StepFailed { .. } => {
            step_event(&mut new, event)?;
        }
        Event::GateWaiting { .. } | Event::GatePassed { .. } | Event::Approved { .. } => gate_event(&mut new, event)?,
        Event::Paused { why } => {
            require(matches!(state.mode, Mode::Forward | Mode::Waiting { .. }), || "only a run that goes forward can rest".to_owned())?;
            new.mode = Mode::Paused { why: why.clone() };
        }
        Event::Resumed => {
            require(matches!(state.mode, Mode::Paused { .. }), || "only a run at rest can be resumed".to_owned())?;
            new.mode = Mode::Forward;
        }
        Event::RollbackStarted { .. }
        | Event::UndoStarted { .. }
        | Event::Undone { .. }
        | Event::Stuck { .. }
        | Event::RolledBack { .. } => {
            back_event(&mut new, event)?;
        }
        Event::RunEnded { outcome } => end_event(&mut new, *outcome)?,
    }
    Ok(new)
}

fn forward(state: &State) -> Result<(), Illegal> {
    require(state.mode == Mode::Forward, || "the run is not going forward".to_owned())
}

fn phase_event(state: &mut State, event: &Event) -> Result<(), Illegal> {
    forward(state)?;
    let (Event::PhaseStarted { phase: name } | Event::PhaseEnded { phase: name }) = event else { return illegal("not a phase's event") };
    let current = state.current_phase().filter(|phase| phase.name == *name);
    let Some(phase) = current else { return illegal(format!("{name} is not the phase whose turn it is")) };
    let Some(index) = state.phase_index(name) else { return illegal(format!("no phase {name}")) };
    let gates = if matches!(event, Event::PhaseStarted { .. }) { &phase.entry } else { &phase.gates };
    let closed = gates.iter().find(|gate| !state.gates.contains(&gate.id));
    require(closed.is_none(), || format!("{name}: gate {} was not passed", closed.map_or("", |gate| &gate.id)))?;
    if matches!(event, Event::PhaseStarted { .. }) {
        require(state.phases[index] == PhaseState::NotStarted, || format!("{name} was started already"))?;
        state.phases[index] = PhaseState::Started;
    } else {
        require(state.phases[index] == PhaseState::Started, || format!("{name} was not started"))?;
        let open = phase.steps.iter().find(|step| !state.step(&step.id).is_verified());
        require(open.is_none(), || format!("{name}: step {} is not verified", open.map_or("", |step| &step.id)))?;
        state.phases[index] = PhaseState::Ended { at_ms: state.at_ms };
    }
    Ok(())
}

fn step_event(state: &mut State, event: &Event) -> Result<(), Illegal> {
    forward(state)?;
    let (Event::StepStarted { step, .. }
    | Event::Checkpoint { step, .. }
    | Event::StepPerformed { step, .. }
    | Event::StepVerified { step, .. }
    | Event::StepFailed { step, .. }) = event
    else {
        return illegal("not a step's event");
    };
    let turn = state.next_step().filter(|next| next.id == *step);
    let Some(card) = turn else { return illegal(format!("it is not the turn of step {step}")) };
    let now = state.step(step).clone();
    let new = match (event, now) {
        (Event::StepStarted { version, attempt, .. }, now) => {
            require(*version == card.version, || format!("step {step} has version {}, not {version}", card.version))?;
            require(*attempt == now.attempt() + 1, || format!("attempt {attempt} of step {step} follows attempt {}", now.attempt()))?;
            StepState::Started { attempt: *attempt, checkpoint: now.checkpoint().cloned() }
        }
        (Event::Checkpoint { data, .. }, StepState::Started { attempt, .. }) => {
            StepState::Started { attempt, checkpoint: Some(data.clone()) }
        }
        (Event::StepPerformed { output, .. }, StepState::Started { attempt, .. }) => {
            StepState::Performed { attempt, output: output.clone() }
        }
        (Event::StepVerified { evidence, .. }, StepState::Performed { attempt, output }) => {
            StepState::Verified { attempt, output, evidence: evidence.clone() }
        }
        (Event::StepFailed { code, message, .. }, StepState::Started { attempt, checkpoint }) => {
            StepState::Failed { attempt, checkpoint, code: code.clone(), message: message.clone() }
        }
        (Event::StepFailed { code, message, .. }, StepState::Performed { attempt, .. }) => {
            StepState::Failed { attempt, checkpoint: None, code: code.clone(), message: message.clone() }
        }
        _ => return illegal(format!("step {step} is not where this could happen to it")),
    };
    if !state.stack.contains(step) {
        state.stack.push(step.clone());
    }
    state.steps.insert(step.clone(), new);
    Ok(())
}

fn gate_event(state: &mut State, event: &Event) -> Result<(), Illegal> {
    if let Event::Approved { what, by, digest } = event {
        require(*digest == state.plan.digest, || format!("the approval of {what} is of another plan"))?;
        let known = what == "plan"
            || state.plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).any(|gate| gate.id == *what);
        require(known, || format!("there is no gate {what}"))?;
        state.approvers.entry(what.clone()).or_default().insert(by.clone());
        state.approvals.insert(what.clone(), by.clone());
        return Ok(());
    }
    require(matches!(state.mode, Mode::Forward | Mode::Waiting { .. }), || "the run is not going forward".to_owned())?;
    let (Event::GateWaiting { gate, value, threshold } | Event::GatePassed { gate, value, threshold, .. }) = event else {
        return illegal("not a gate's event");
    };
    require(state.gates_now().iter().any(|now| now.id == *gate), || format!("gate {gate} does not stand here"))?;
    require(!state.gates.contains(gate), || format!("gate {gate} was passed already"))?;
    if matches!(event, Event::GatePassed { .. }) {
        state.gates.insert(gate.clone());
        state.mode = Mode::Forward;
    } else {
        state.mode = Mode::Waiting { gate: gate.clone(), value: value.clone(), threshold: threshold.clone() };
    }
    Ok(())
}

fn back_event(state: &mut State, event: &Event) -> Result<(), Illegal> {
    if let Event::RollbackStarted { to, ends, .. } = event {
        require(to.is_empty() || state.phase_index(to).is_some(), || format!("there is no phase {to}"))?;
        require(!*ends || to.is_empty(), || "a run ends only at its beginning".to_owned())?;
        require(state.may_go_back_to(to), || format!("the run is going back further than {to} already"))?;
        state.mode = Mode::RollingBack { to: to.clone(), ends: *ends };
        return Ok(());
    }
    let (Mode::RollingBack { to, ends } | Mode::Stuck { to, ends, .. }) = state.mode.clone() else {
        return illegal("the run is not going back");
    };
    let turn = state.undone_by(&to).first().map(|step| step.id.clone());
    match event {
        Event::UndoStarted { step } => {
            require(turn.as_ref() == Some(step), || format!("it is not the turn of step {step} to be undone"))?;
            state.steps.insert(step.clone(), StepState::Undoing { attempt: state.step(step).attempt() });
            state.mode = Mode::RollingBack { to, ends };
        }
        Event::Undone { step } => {
            require(matches!(state.step(step), StepState::Undoing { .. }), || format!("the undo of step {step} did not begin"))?;
            require(matches!(state.mode, Mode::RollingBack { .. }), || "the run is stuck".to_owned())?;
            state.steps.insert(step.clone(), StepState::Undone { attempt: state.step(step).attempt() });
            state.stack.retain(|id| id != step);
        }
        Event::Stuck { step, code, message } => {
            require(matches!(state.step(step), StepState::Undoing { .. }), || format!("the undo of step {step} did not begin"))?;
            state.mode = Mode::Stuck { step: step.clone(), code: code.clone(), message: message.clone(), to, ends };
        }
        Event::RolledBack { to: reached } => {
            require(matches!(state.mode, Mode::RollingBack { .. }) && *reached == to, || {
                format!("going back to `{reached}` was not under way")
            })?;
            require(turn.is_none(), || "a step that was to be undone is not".to_owned())?;
            forget_after(state, &to);
            // Whoever ends a run has one more event to write; until then it may still be resumed into its end.
            state.mode = if ends { Mode::RollingBack { to, ends } } else { Mode::Forward };
        }
        _ => return illegal("not an event of going back"),
    }
    Ok(())
}

/// Going forward again is a new decision: later phases, their gates and all approvals are as if never made.
fn forget_after(state: &mut State, to: &str) {
    let keep = state.kept_by(to);
    let plan = Arc::clone(&state.plan);
    for (index, phase) in plan.phases.iter().enumerate().skip(keep) {
        state.phases[index] = PhaseState::NotStarted;
        for gate in phase.entry.iter().chain(&phase.gates) {
            state.gates.remove(&gate.id);
        }
    }
    state.approvals.clear();
    state.approvers.clear();
}

fn end_event(state: &mut State, outcome: Outcome) -> Result<(), Illegal> {
    match outcome {
        Outcome::Done => {
            forward(state)?;
            require(state.current_phase().is_none(), || "a phase is not over".to_owned())?;
        }
        Outcome::RolledBack => {
            require(matches!(state.mode, Mode::RollingBack { ends: true, .. }), || "the run is not on its way to its end".to_owned())?;
            require(state.stack.is_empty(), || "a step is not undone".to_owned())?;
        }
    }
    state.mode = Mode::Ended(outcome);
    Ok(())
}
