//! `segue status`: where a run is, what it waits for, and whether it can go back.

use std::time::Duration;

use clap::Args;
use segue_journal::{JournalStore as _, Mode, PhaseState as Told, State, StepState};
use segue_model::event::Outcome;
use segue_report::{BackView, LeaseView, PhaseState, PhaseView, RunState, StatusView, VersionView, VersionsView, WaitingView};

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Run};
use crate::show::Show;
use crate::{planning, verify, versions};

/// Arguments of `segue status`.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Show it again every second until the run ends
    #[arg(long)]
    watch: bool,
}

impl Status {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let mut last = None;
        loop {
            let run = runs::open(global)?;
            let state = run.state()?;
            let view = view(&run, &state)?;
            if last.as_ref() != Some(&view) {
                if show.format == Format::Json {
                    show.json(&segue_report::status_json(&view, crate::VERSION))?;
                } else {
                    show.result(&segue_report::status_text(&view, show.width, show.color))?;
                }
            }
            let over = matches!(view.state, RunState::Done | RunState::RolledBack | RunState::Stuck);
            if !self.watch || over {
                return Ok(Exit::Ok);
            }
            last = Some(view);
            std::thread::sleep(Duration::from_secs(1));
        }
    }
}

/// Everything that `status` says, from the journal alone, but for the loss, which the database is asked for when
/// it can be reached.
pub(crate) fn view(run: &Run, state: &State) -> Result<StatusView, Failure> {
    let lease = run.store.lease(&run.id)?.filter(|lease| !lease.is_free(runs::now_ms()) && !runs::is_gone(&lease.holder));
    let phase = match &state.mode {
        // It stands still where the undo failed, and not where it once went forward to.
        Mode::Stuck { step, .. } => state.plan.phases.iter().find(|phase| phase.steps.iter().any(|card| card.id == *step)),
        _ => state.current_phase(),
    };
    let phase = phase.map_or(String::new(), |phase| phase.name.clone());
    let failed = state.steps.values().any(|step| matches!(step, StepState::Failed { .. }));
    let run_state = match &state.mode {
        Mode::Ended(Outcome::Done) => RunState::Done,
        Mode::Ended(Outcome::RolledBack) => RunState::RolledBack,
        Mode::Stuck { .. } => RunState::Stuck,
        Mode::Paused { .. } => RunState::Paused,
        Mode::Forward | Mode::RollingBack { .. } if failed && lease.is_none() => RunState::Failed,
        Mode::Forward | Mode::RollingBack { .. } if lease.is_some() => RunState::Running,
        Mode::Forward if is_back(state) => RunState::RolledBack,
        Mode::Waiting { .. } | Mode::Forward | Mode::RollingBack { .. } => RunState::Waiting,
    };
    Ok(StatusView {
        run: run.id.clone(),
        plan: state.plan.digest.clone(),
        phase,
        state: run_state,
        waiting_for: waiting(state, run_state),
        phases: phases(state),
        back: back(run, state),
        lease: lease.map(|lease| LeaseView { holder: lease.holder, epoch: lease.epoch, expires_at_ms: lease.expires_at_ms }),
        versions: version_views(state),
        left_aside: verify::repair::left_aside(run, state)?,
    })
}

/// It went back to the beginning and did not start again.
fn is_back(state: &State) -> bool {
    state.undo_stack().is_empty() && state.steps.values().any(|step| matches!(step, StepState::Undone { .. }))
}

fn waiting(state: &State, run_state: RunState) -> Vec<WaitingView> {
    match &state.mode {
        Mode::Waiting { gate, value, threshold } => {
            let approval = state
                .plan
                .phases
                .iter()
                .flat_map(|phase| phase.entry.iter().chain(&phase.gates))
                .any(|asked| asked.id == *gate && asked.condition.takes_approval());
            let command = if approval { format!("segue approve {gate}") } else { "segue apply".to_owned() };
            vec![WaitingView { gate: gate.clone(), value: value.clone(), threshold: threshold.clone(), command: Some(command) }]
        }
        Mode::Paused { why } => {
            vec![WaitingView {
                gate: "pause".to_owned(),
                value: why.clone(),
                threshold: "resumed".to_owned(),
                command: Some("segue resume".to_owned()),
            }]
        }
        Mode::Stuck { step, code, message, .. } => {
            vec![WaitingView {
                gate: step.clone(),
                value: format!("{code}: {message}"),
                threshold: "a person".to_owned(),
                command: Some(format!("segue explain {code}")),
            }]
        }
        _ if run_state == RunState::Failed => state
            .steps
            .iter()
            .filter_map(|(id, step)| match step {
                StepState::Failed { code, message, .. } => Some(WaitingView {
                    gate: id.clone(),
                    value: format!("{code}: {message}"),
                    threshold: "done".to_owned(),
                    command: Some("segue apply".to_owned()),
                }),
                _ => None,
            })
            .collect(),
        _ if run_state == RunState::Waiting => {
            vec![WaitingView {
                gate: "executor".to_owned(),
                value: "not running".to_owned(),
                threshold: "started".to_owned(),
                command: Some("segue apply".to_owned()),
            }]
        }
        _ => Vec::new(),
    }
}

fn phases(state: &State) -> Vec<PhaseView> {
    state
        .plan
        .phases
        .iter()
        .zip(&state.phases)
        .map(|(phase, told)| {
            let undone = phase.steps.iter().any(|step| matches!(state.step(&step.id), StepState::Undone { .. }));
            let told = match told {
                Told::Ended { .. } => PhaseState::Done,
                Told::NotStarted if undone => PhaseState::Undone,
                Told::NotStarted => PhaseState::Pending,
                Told::Started if matches!(state.mode, Mode::Waiting { .. }) => PhaseState::Waiting,
                Told::Started => PhaseState::Running,
            };
            PhaseView { name: phase.name.clone(), state: told, steps_done: state.steps_done(&phase.name), steps: phase.steps.len() }
        })
        .collect()
}

/// Going back is possible until a step that cannot be undone has begun.
pub(crate) fn can_go_back(state: &State) -> bool {
    !matches!(state.mode, Mode::Ended(_))
        && !state.undo_stack().iter().any(|id| state.plan.step(id).is_some_and(|step| step.reversible == "no"))
}

fn back(run: &Run, state: &State) -> BackView {
    if let Some(command) = verify::repair::way_back(&run.id, state) {
        return BackView { possible: true, rows_lost: Some(0), seconds: None, command: Some(command) };
    }
    let possible = can_go_back(state);
    // Going back from a repair gives every row back as it was.
    let asks = possible && !state.undo_stack().is_empty() && !segue_steps::Repairs::are_of(&state.plan);
    let rows_lost = if asks { loss_rows(run, state) } else { possible.then_some(0) };
    BackView { possible, rows_lost, seconds: None, command: None }
}

/// Asks the database; `None` where it cannot be reached.
fn loss_rows(run: &Run, state: &State) -> Option<u64> {
    runs::block_on(async {
        let engine = planning::engine_of(&state.plan, std::path::Path::new("."))?;
        let guard = crate::drive::guard(&run.id, &state.plan, state.epoch);
        let execution = &state.plan.execution;
        let loss = engine.reshape().loss(&guard, &execution.tables, &execution.new_tables).await?;
        Ok(loss.rows)
    })
    .ok()
}

fn version_views(state: &State) -> Option<VersionsView> {
    let expanded = state.phase_ended_at("expand").is_some();
    let contracted = state.phase_ended_at("contract").is_some();
    if !expanded || contracted || state.plan.execution.tables.is_empty() {
        return None;
    }
    let (old, new) = versions::of(&state.plan)?;
    Some(VersionsView { old: VersionView { search_path: old, ready: true }, new: VersionView { search_path: new, ready: state.ready() } })
}
