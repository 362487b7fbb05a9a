//! Going forward: gates, steps, gates, phase by phase, from wherever the journal ends.
//!
//! It never skips a gate, never runs two steps at once, never goes on after an append that failed. Requests of
//! people are answered at the borders between steps. Tests: `tests/it/executor.rs`, `tests/it/requests.rs`.

use segue_model::event::{Event, Outcome};
use segue_model::plan::{Condition, Gate, Phase, Step as Card};
use serde_json::Value;

use crate::executor::retry::with_retries;
use crate::executor::{CrashPoint, End, ExecError, Executor, GateReading, GateView, Session, back};
use crate::step::{Observed, RetryClass, Step, StepError, StepErrorKind, Stop, Verdict};
use crate::store::{PendingRequest, Request};
use crate::transition::{Mode, PhaseState};

/// What the border between two steps says.
enum Border {
    /// Go on.
    GoOn,
    /// The call ends here.
    End(End),
    /// A person asked to go back.
    Back(back::Wish),
}

/// Goes forward to the end, a phase's end, a closed gate, or a wish to stop.
pub(crate) async fn forward(executor: &Executor<'_>, session: &Session<'_>, until: Option<&str>) -> Result<End, ExecError> {
    let mode = session.state().mode.clone();
    match mode {
        Mode::RollingBack { .. } => return back::back(executor, session, None).await,
        Mode::Stuck { step, code, message, .. } => {
            return Ok(End::Stuck { step, code, message, help: "mend what stands in the way, then go back again".to_owned() });
        }
        _ => {}
    }
    let plan = session.plan();
    for (index, phase) in plan.phases.iter().enumerate() {
        let began = session.state().phases[index];
        if !matches!(began, PhaseState::Ended { .. })
            && let Some(end) = run_phase(executor, session, phase).await?
        {
            return Ok(end);
        }
        if until == Some(phase.name.as_str()) && index + 1 < plan.phases.len() {
            return Ok(End::ReachedPhase(phase.name.clone()));
        }
    }
    session.append(Event::RunEnded { outcome: Outcome::Done }, true, None)?;
    Ok(End::Done)
}

async fn run_phase(executor: &Executor<'_>, session: &Session<'_>, phase: &Phase) -> Result<Option<End>, ExecError> {
    let index = session.state().phase_index(&phase.name).unwrap_or(0);
    let began = session.state().phases[index];
    if began == PhaseState::NotStarted {
        if let Some(end) = pass_gates(executor, session, &phase.entry).await? {
            return Ok(Some(end));
        }
        if let Some(end) = cross_border(executor, session).await? {
            return Ok(Some(end));
        }
        session.append(Event::PhaseStarted { phase: phase.name.clone() }, true, None)?;
    }
    for card in &phase.steps {
        if session.state().step(&card.id).is_verified() {
            continue;
        }
        if let Some(end) = cross_border(executor, session).await? {
            return Ok(Some(end));
        }
        if let Some(end) = run_step(executor, session, card).await? {
            return Ok(Some(end));
        }
    }
    if let Some(end) = pass_gates(executor, session, &phase.gates).await? {
        return Ok(Some(end));
    }
    if let Some(end) = cross_border(executor, session).await? {
        return Ok(Some(end));
    }
    session.append(Event::PhaseEnded { phase: phase.name.clone() }, true, None)?;
    Ok(None)
}

/// Answers what people asked; `Some` ends the call.
async fn cross_border(executor: &Executor<'_>, session: &Session<'_>) -> Result<Option<End>, ExecError> {
    match border(executor, session)? {
        Border::GoOn => Ok(None),
        Border::End(end) => Ok(Some(end)),
        Border::Back(wish) => back::back(executor, session, Some(wish)).await.map(Some),
    }
}

fn border(executor: &Executor<'_>, session: &Session<'_>) -> Result<Border, ExecError> {
    session.asked_is_answered();
    for pending in session.pending()? {
        if let Some(wish) = answer(session, &pending)? {
            return Ok(Border::Back(wish));
        }
    }
    if matches!(session.state().mode, Mode::Paused { .. }) {
        return Ok(Border::End(End::Paused));
    }
    if executor.stop.get() != Stop::No {
        return Ok(Border::End(End::Interrupted));
    }
    Ok(Border::GoOn)
}

/// Answers one request; a wish to go back is answered by going back.
fn answer(session: &Session<'_>, pending: &PendingRequest) -> Result<Option<back::Wish>, ExecError> {
    let consumes = Some(pending.id);
    let paused = matches!(session.state().mode, Mode::Paused { .. });
    match &pending.request {
        Request::Pause if paused => session.drop_request(pending.id, "the run rests already")?,
        Request::Pause => session.append(Event::Paused { why: format!("{} asked for it", pending.by) }, true, consumes)?,
        Request::Resume if paused => session.append(Event::Resumed, true, consumes)?,
        Request::Resume => session.drop_request(pending.id, "the run is not at rest: nothing to resume")?,
        Request::Abort => return Ok(Some(wish(String::new(), true, pending))),
        Request::Rollback { to } => return Ok(Some(wish(to.clone(), false, pending))),
        Request::Approve { what, digest } => {
            let event = Event::Approved { what: what.clone(), by: pending.by.clone(), digest: digest.clone() };
            let legal = crate::transition::next(&session.state(), &event);
            match legal {
                Ok(_) => session.append(event, true, consumes)?,
                Err(illegal) => session.drop_request(pending.id, &format!("an approval was not taken: {illegal}"))?,
            }
        }
    }
    Ok(None)
}

fn wish(to: String, ends: bool, pending: &PendingRequest) -> back::Wish {
    back::Wish { to, ends, loses: format!("as shown to {}", pending.by), request: Some(pending.id) }
}

/// Passes gates in order; `Some` is the first that is closed, or what went wrong.
async fn pass_gates(executor: &Executor<'_>, session: &Session<'_>, gates: &[Gate]) -> Result<Option<End>, ExecError> {
    for gate in gates {
        if session.state().gates.contains(&gate.id) {
            continue;
        }
        if let Some(end) = cross_border(executor, session).await? {
            return Ok(Some(end));
        }
        let (reading, by) = match read_gate(executor, session, gate).await {
            Ok(read) => read,
            Err(error) => return stopped(executor, session, &gate.id, error, false).await.map(Some),
        };
        let GateReading { open, value, threshold } = reading;
        if open {
            session.append(Event::GatePassed { gate: gate.id.clone(), value, threshold, by }, true, None)?;
            continue;
        }
        let waiting = Mode::Waiting { gate: gate.id.clone(), value: value.clone(), threshold: threshold.clone() };
        let known = session.state().mode == waiting;
        if !known {
            session.append(Event::GateWaiting { gate: gate.id.clone(), value: value.clone(), threshold: threshold.clone() }, true, None)?;
        }
        return Ok(Some(End::Waiting { gate: gate.id.clone(), value, threshold }));
    }
    Ok(None)
}

async fn read_gate(executor: &Executor<'_>, session: &Session<'_>, gate: &Gate) -> Result<(GateReading, Option<String>), StepError> {
    if gate.condition == Condition::Approval {
        let by = session.state().approval(&gate.id).map(str::to_owned);
        let value = by.as_ref().map_or("not approved".to_owned(), |by| format!("approved by {by}"));
        return Ok((GateReading { open: by.is_some(), value, threshold: "a person's approval".to_owned() }, by));
    }
    if let Some(needed) = gate.condition.people_asked() {
        // These measure what Segue does not see: each needs a yes of its own, a yes to the plan is not enough.
        let given = session.state().approvers(&gate.id);
        let by = session.state().approvals.get(&gate.id).cloned();
        let reading =
            GateReading { open: given >= needed as usize, value: format!("{given} approved"), threshold: format!("{needed} approved") };
        return Ok((reading, by));
    }
    let (plan, state, now_ms) = (session.plan(), session.state().clone(), session.now_ms());
    let view = GateView { now_ms, state: &state };
    let reading = with_retries(executor, session, &gate.id, |_| executor.gates.measure(&plan, gate, &view)).await?;
    Ok((reading, None))
}

/// One step, from `started` to `verified`. `None`: it is done.
async fn run_step(executor: &Executor<'_>, session: &Session<'_>, card: &Card) -> Result<Option<End>, ExecError> {
    let step = match executor.steps.build(&session.plan(), card) {
        Ok(step) => step,
        Err(error) => return session.failed(&card.id, error).map(Some),
    };
    let attempt = session.state().step(&card.id).attempt() + 1;
    session.append(Event::StepStarted { step: card.id.clone(), version: card.version, attempt }, true, None)?;
    let output = match with_retries(executor, session, &card.id, |cx| Box::pin(perform_once(session, step.as_ref(), cx))).await {
        Ok(output) => output,
        Err(error) => return stopped(executor, session, &card.id, error, true).await.map(Some),
    };
    session.append(Event::StepPerformed { step: card.id.clone(), output: output.clone() }, true, None)?;
    let (step, output) = (step.as_ref(), &output);
    let verify = with_retries(executor, session, &card.id, |mut cx| Box::pin(async move { step.verify(&mut cx, output).await }));
    let (code, message) = match verify.await {
        Ok(Verdict::Ok(evidence)) => {
            session.append(Event::StepVerified { step: card.id.clone(), evidence }, true, None)?;
            return Ok(None);
        }
        Ok(Verdict::Mismatch { code, message, .. }) => (code, message),
        Err(error) => return stopped(executor, session, &card.id, error, true).await.map(Some),
    };
    session.append(Event::StepFailed { step: card.id.clone(), code: code.clone(), message: message.clone() }, true, None)?;
    Ok(Some(End::Mismatch { step: card.id.clone(), code, message }))
}

/// Observes, and performs what is not done yet.
async fn perform_once(session: &Session<'_>, step: &dyn Step, mut cx: crate::step::Context<'_>) -> Result<Value, StepError> {
    let resume = match step.observe(&mut cx).await? {
        Observed::Done(output) => return Ok(output),
        Observed::Foreign(finding) => {
            let code = if finding.code.is_empty() { "SG-RUN-007".to_owned() } else { finding.code };
            return Err(StepError::new(code, format!("{}: {}", finding.object, finding.message))
                .help(finding.fix)
                .retry(RetryClass::Never));
        }
        // Nothing of it is there: a checkpoint of before an undo or a restored backup must not be believed.
        Observed::NotDone => None,
        Observed::Partial => session.state().step(&step.card().id).checkpoint().cloned(),
    };
    let id = &step.card().id;
    session.crash_point(CrashPoint::BeforeEffect(id)).map_err(|_| StepError::crashed())?;
    let output = step.perform(&mut cx, resume).await?;
    session.crash_point(CrashPoint::AfterEffect(id)).map_err(|_| StepError::crashed())?;
    Ok(output)
}

/// How the call ends when a step or a gate could not go on.
async fn stopped(executor: &Executor<'_>, session: &Session<'_>, id: &str, error: StepError, journaled: bool) -> Result<End, ExecError> {
    if session.is_dead() || error.kind == StepErrorKind::Fenced {
        return session.failed(id, error);
    }
    if error.kind == StepErrorKind::Interrupted {
        // Why it was interrupted is what the border says.
        return Ok(cross_border(executor, session).await?.unwrap_or(End::Interrupted));
    }
    if journaled {
        let event = Event::StepFailed { step: id.to_owned(), code: error.code.clone(), message: error.message.clone() };
        session.append(event, true, None)?;
    }
    if error.kind == StepErrorKind::Mismatch {
        return Ok(End::Mismatch { step: id.to_owned(), code: error.code, message: error.message });
    }
    session.failed(id, error)
}
