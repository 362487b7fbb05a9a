//! Going back: what was started is undone, last first, until only the wished phase and those before it stay.
//!
//! It refuses before anything is touched when a step that cannot be undone has its effect. An undo that fails
//! leaves the run stuck: a state with a code, entered again by the same command. Tests: `tests/it/executor.rs`.

use segue_model::event::{Event, Outcome};

use crate::executor::retry::with_retries;
use crate::executor::{CrashPoint, End, ExecError, Executor, Session};
use crate::step::{Context, Observed, Step, StepError, StepErrorKind, Stop};
use crate::store::Request;
use crate::transition::{Mode, StepState};

/// A wish to go back.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// The phase that stays; empty for the beginning.
    pub(crate) to: String,
    /// The run is over then.
    pub(crate) ends: bool,
    /// What the person was told would be lost.
    pub(crate) loses: String,
    /// The request that it came by.
    pub(crate) request: Option<i64>,
}

/// Goes back as wished, or goes on going back.
pub(crate) async fn back(executor: &Executor<'_>, session: &Session<'_>, wish: Option<Wish>) -> Result<End, ExecError> {
    if let Some(wish) = wish
        && let Some(end) = begin(executor, session, wish).await?
    {
        return Ok(end);
    }
    loop {
        if let Some(end) = border(executor, session).await? {
            return Ok(end);
        }
        let (to, ends) = target(session);
        let turn = session.state().undone_by(&to).first().map(|card| (*card).clone());
        let Some(card) = turn else { return finish(session, to, ends) };
        if let Some(end) = undo(executor, session, &card).await? {
            return Ok(end);
        }
    }
}

fn target(session: &Session<'_>) -> (String, bool) {
    match &session.state().mode {
        Mode::RollingBack { to, ends } | Mode::Stuck { to, ends, .. } => (to.clone(), *ends),
        _ => (String::new(), false),
    }
}

fn finish(session: &Session<'_>, to: String, ends: bool) -> Result<End, ExecError> {
    session.append(Event::RolledBack { to: to.clone() }, true, None)?;
    if ends {
        session.append(Event::RunEnded { outcome: Outcome::RolledBack }, true, None)?;
    }
    Ok(End::RolledBack { to })
}

/// Writes down that going back begins. `Some`: it cannot be, and nothing was touched.
async fn begin(executor: &Executor<'_>, session: &Session<'_>, wish: Wish) -> Result<Option<End>, ExecError> {
    let under_way = matches!(session.state().mode, Mode::RollingBack { .. } | Mode::Stuck { .. });
    if under_way && target(session) == (wish.to.clone(), wish.ends) {
        return wish.request.map_or(Ok(None), |id| session.drop_request(id, "the run is going back already").map(|()| None));
    }
    if !wish.to.is_empty() && session.state().phase_index(&wish.to).is_none() {
        let why = format!("the plan has no phase `{}`", wish.to);
        return refuse(session, &wish, "SG-RUN-004", why, "segue status shows the phases".to_owned()).map(Some);
    }
    if !session.state().may_go_back_to(&wish.to) {
        let why = format!("the run is going back further than `{}` already", wish.to);
        return refuse(session, &wish, "SG-RUN-008", why, "let it finish, then go forward again: `segue apply`".to_owned()).map(Some);
    }
    let cards: Vec<_> = session.state().undone_by(&wish.to).into_iter().filter(|card| card.reversible == "no").cloned().collect();
    for card in cards {
        match has_effect(executor, session, &card).await {
            Ok(false) => {}
            Ok(true) => {
                let why = format!("step {} was done and has no undo ({})", card.id, card.undo.what);
                let help = "the way from here is forward: run `segue apply` again".to_owned();
                return refuse(session, &wish, "SG-RUN-006", why, help).map(Some);
            }
            Err(error) if error.kind == StepErrorKind::Interrupted && !session.is_dead() => return Ok(Some(End::Interrupted)),
            Err(error) => return session.failed(&card.id, error).map(Some),
        }
    }
    let event = Event::RollbackStarted { to: wish.to, ends: wish.ends, loses: wish.loses };
    session.append(event, true, wish.request)?;
    Ok(None)
}

fn refuse(session: &Session<'_>, wish: &Wish, code: &'static str, message: String, help: String) -> Result<End, ExecError> {
    if let Some(id) = wish.request {
        session.drop_request(id, &message)?;
    }
    Ok(End::Failed { step: String::new(), code: code.to_owned(), message, help, kind: StepErrorKind::Other })
}

/// Whether a step that cannot be undone left anything in the database.
async fn has_effect(executor: &Executor<'_>, session: &Session<'_>, card: &segue_model::plan::Step) -> Result<bool, StepError> {
    if matches!(session.state().step(&card.id), StepState::Verified { .. } | StepState::Performed { .. }) {
        return Ok(true);
    }
    let step = executor.steps.build(&session.plan(), card)?;
    let step: &dyn Step = step.as_ref();
    let observed = with_retries(executor, session, &card.id, |mut cx| Box::pin(async move { step.observe(&mut cx).await })).await?;
    Ok(observed != Observed::NotDone)
}

/// Between two undos: the signal, and the requests that still make sense.
async fn border(executor: &Executor<'_>, session: &Session<'_>) -> Result<Option<End>, ExecError> {
    session.asked_is_answered();
    for pending in session.pending()? {
        if pending.request == Request::Abort {
            let wish = Wish { to: String::new(), ends: true, loses: format!("as shown to {}", pending.by), request: Some(pending.id) };
            if let Some(end) = Box::pin(begin(executor, session, wish)).await? {
                return Ok(Some(end));
            }
        } else {
            session.drop_request(pending.id, "a request was dropped: the run is going back")?;
        }
    }
    Ok((executor.stop.get() != Stop::No).then_some(End::Interrupted))
}

async fn undo(executor: &Executor<'_>, session: &Session<'_>, card: &segue_model::plan::Step) -> Result<Option<End>, ExecError> {
    let step = match executor.steps.build(&session.plan(), card) {
        Ok(step) => step,
        Err(error) => return session.failed(&card.id, error).map(Some),
    };
    session.append(Event::UndoStarted { step: card.id.clone() }, true, None)?;
    let step: &dyn Step = step.as_ref();
    match with_retries(executor, session, &card.id, |cx| Box::pin(undo_once(session, step, cx))).await {
        Ok(()) => {
            session.append(Event::Undone { step: card.id.clone() }, true, None)?;
            Ok(None)
        }
        Err(error) if session.is_dead() || matches!(error.kind, StepErrorKind::Fenced | StepErrorKind::Connection) => {
            session.failed(&card.id, error).map(Some)
        }
        Err(error) if error.kind == StepErrorKind::Interrupted => Ok(Some(border(executor, session).await?.unwrap_or(End::Interrupted))),
        Err(error) => {
            let StepError { code, message, help, .. } = error;
            session.append(Event::Stuck { step: card.id.clone(), code: code.clone(), message: message.clone() }, true, None)?;
            Ok(Some(End::Stuck { step: card.id.clone(), code, message, help }))
        }
    }
}

async fn undo_once(session: &Session<'_>, step: &dyn Step, mut cx: Context<'_>) -> Result<(), StepError> {
    let id = &step.card().id;
    session.crash_point(CrashPoint::BeforeEffect(id)).map_err(|_| StepError::crashed())?;
    step.undo(&mut cx).await?;
    session.crash_point(CrashPoint::AfterEffect(id)).map_err(|_| StepError::crashed())
}
