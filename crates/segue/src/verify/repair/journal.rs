//! What the journal knows of repairs: one that was not finished, what a finished one left aside, files of none.
//!
//! A file is named and never removed: where a journal was lost, an undo file may be the only way back. Tests:
//! `tests/verify/killed.rs`, `tests/verify/repair.rs`.

use std::collections::BTreeSet;
use std::path::Path;

use segue_journal::{JournalError, JournalStore as _, Mode, OpenMode, Request, SqliteStore, State, Store};
use segue_model::action::Action;
use segue_model::event::{Event, Outcome};
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_steps::Repairs;

use crate::cli::Global;
use crate::cli::verify::flags::RepairFlags;
use crate::drive::{self, drive};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Run};
use crate::show::Show;

/// A repair of this database that was stopped goes on before anything is compared: what it began is finished by its own
/// files, so that its undo file is the way back from all of it.
pub(super) fn finish_earlier(
    (engine, location): (&str, &Reference),
    flags: &RepairFlags,
    global: &Global,
    show: &Show,
) -> Result<(), Failure> {
    let Some((run, state)) = unfinished(engine, location, global)? else { return Ok(()) };
    let id = run.id.clone();
    if !matches!(state.mode, Mode::Forward | Mode::Waiting { .. } | Mode::Paused { .. }) {
        return Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-039", format!("run {id}, a repair of this database, was to be taken back and is not done with it"))
                .safe("nothing was read or changed")
                .help(format!("segue rollback --run {id} goes on with that")),
        ));
    }
    show.say(&format!("run {id}, a repair of this database, was stopped: it goes on first"));
    if !flags.yes && !show.ask("Go on with it?") {
        return Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-039", format!("nobody said yes to going on with run {id}"))
                .safe("nothing was changed")
                .help(format!("the same command with --yes; or segue rollback --run {id} takes it back")),
        ));
    }
    approve(&run, &state.plan)?;
    // We are asked inside of a runtime, and a run has its own.
    tokio::task::block_in_place(|| drive(global, show, &run, &drive::Way::Forward { until: None }))?;
    show.say(&format!("to take it back: segue verify --undo-repair {id}; the comparison begins"));
    Ok(())
}

/// Says yes to the plan, as the person who sits here.
pub(super) fn approve(run: &Run, plan: &Plan) -> Result<(), Failure> {
    let request = Request::Approve { what: "plan".to_owned(), digest: plan.digest.clone() };
    run.store.request(&run.id, &request, &runs::person(), runs::now_ms())?;
    Ok(())
}

fn opened(global: &Global) -> Result<Option<SqliteStore>, Failure> {
    match Store::open(&global.state_dir, OpenMode::Read) {
        Ok(_) => Ok(Some(Store::open(&global.state_dir, OpenMode::Write)?)),
        Err(JournalError::None { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The last repair of this database that is not over.
fn unfinished(engine: &str, location: &Reference, global: &Global) -> Result<Option<(Run, State)>, Failure> {
    let Some(store) = opened(global)? else { return Ok(None) };
    for summary in store.runs()?.iter().rev().filter(|run| run.ended.is_none()) {
        let state = store.state(&summary.run)?;
        let execution = &state.plan.execution;
        if Repairs::are_of(&state.plan) && execution.engine == engine && execution.location == *location {
            return Ok(Some((Run { store, id: summary.run.clone() }, state)));
        }
    }
    Ok(None)
}

/// Rows that a repair left as they are, because somebody changed them or the database did not take them. None in a run
/// that is no repair.
pub(crate) fn left_aside(run: &Run, state: &State) -> Result<u64, Failure> {
    if !Repairs::are_of(&state.plan) {
        return Ok(0);
    }
    let entries = run.store.entries(&run.id)?;
    let last = entries.iter().rev().find_map(|entry| match &entry.event {
        Event::StepVerified { evidence, .. } => evidence.get("left_aside").and_then(serde_json::Value::as_u64),
        _ => None,
    });
    Ok(last.unwrap_or(0))
}

/// The command that takes a finished repair back.
pub(crate) fn way_back(run: &str, state: &State) -> Option<String> {
    let done = Repairs::are_of(&state.plan) && state.mode == Mode::Ended(Outcome::Done);
    done.then(|| format!("segue verify --undo-repair {run}"))
}

/// Files with rows that no run of the journal names: of a repair that was killed before it began.
pub(super) fn files_of_no_run(store: &SqliteStore, folder: &Path) -> Result<Vec<String>, Failure> {
    let mut named = BTreeSet::new();
    for run in store.runs()? {
        let plan = store.state(&run.run)?.plan;
        for step in plan.phases.iter().flat_map(|phase| &phase.steps) {
            if let Action::RepairRows { rows, undo, .. } = &step.action {
                named.extend([rows.name.clone(), undo.name.clone()]);
            }
        }
    }
    let Ok(all) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let names: BTreeSet<String> = all.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    Ok(names.into_iter().filter(|name| Path::new(name).extension().is_some_and(|end| end == "rows") && !named.contains(name)).collect())
}
