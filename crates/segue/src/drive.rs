//! Drives a run: the executor with a real clock, signals, a progress line and the event stream.

mod clock;
mod crash;
mod events;
mod progress;
pub(crate) mod signals;

use std::path::Path;
use std::sync::Arc;

use segue_engine::rows::Mendable;
use segue_engine::{Engine, Guard};
use segue_journal::{
    End, ExecError, Executor, GateSource, JournalStore as _, Mode, Observer as _, RetryPolicy, StepErrorKind, StepSource, StopFlag,
};
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_model::spec::System;
use segue_model::units::Millis;
use segue_steps::{Gates, NoGates, Repairs, Steps};

use crate::cli::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Run};
use crate::show::Show;
use crate::{connect, planning, verify};

use clock::WallClock;
use crash::Crash;
use events::Watcher;
pub(crate) use events::can_tell;
use signals::Signals;

/// Which way.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// To the end, or until a phase is over.
    Forward {
        /// The last phase.
        until: Option<String>,
    },
    /// Back until only `to` and what is before it stay.
    Back {
        /// The phase that stays; `None` is the beginning.
        to: Option<String>,
        /// The run is over then.
        ends: bool,
        /// What the person was told.
        loses: String,
    },
}

/// The guard of a run outside its steps, for read-only questions.
pub(crate) fn guard(run: &str, plan: &Plan, epoch: u64) -> Guard {
    Guard {
        run: run.to_owned(),
        tag: plan.execution.tag.clone(),
        step: String::new(),
        epoch,
        lock_timeout_ms: plan.execution.throttle.ddl_lock_timeout_ms,
        spec_digest: plan.execution.spec_digest.clone(),
    }
}

/// Drives a run one way, until it ends, waits, or is stopped; shows what happens and gives the exit code.
pub(crate) fn drive(global: &Global, show: &Show, run: &Run, way: &Way) -> Result<Exit, Failure> {
    let lease = duration("--lease", &global.lease, 1_000)?;
    let patience = duration("--patience", &global.patience, 0)?;
    if let Some(held) = run.store.lease(&run.id)?.filter(|held| !held.is_free(runs::now_ms()) && runs::is_gone(&held.holder)) {
        show.say(&format!("the executor {} is gone; its lease is taken over", held.holder));
        run.store.unlock(&run.id)?;
    }
    let hushed = show.hushed();
    let was_going_back = matches!(run.state()?.mode, Mode::RollingBack { .. });
    let watcher = Watcher::new(global, show, &run.id)?;
    if let [first] = run.store.entries(&run.id)?.as_slice() {
        // The run was begun by this command, before anybody watched.
        watcher.event(first);
    }
    let (end, signal) = runs::block_on(async {
        let plan = run.state()?.plan;
        let (steps, gates) = sources(&plan, global)?;
        let stop = Arc::new(StopFlag::new());
        let signals = Signals::listen(Arc::clone(&stop), show.clone())?;
        let (clock, crash) = (WallClock, Crash::from_environment());
        let executor = Executor {
            store: &run.store,
            run: run.id.clone(),
            steps: steps.as_ref(),
            gates: gates.as_ref(),
            clock: &clock,
            hooks: &crash,
            observer: &watcher,
            stop: &stop,
            holder: runs::holder(),
            lease_ms: lease,
            beat_ms: (lease / 5).clamp(200, 2_000),
            seed: runs::now_ms().unsigned_abs() ^ u64::from(std::process::id()),
            retry: RetryPolicy { soon_budget_ms: patience, ..RetryPolicy::default() },
        };
        let end = match way {
            Way::Forward { until } => executor.forward(until.as_deref()).await,
            Way::Back { to, ends, loses } => executor.back(to.as_deref(), *ends, loses).await,
        };
        Ok((end.map_err(|error| refused(&run.id, error))?, signals.last()))
    })?;
    watcher.finish();
    if let (Way::Forward { .. }, End::RolledBack { to }, false) = (way, &end, was_going_back) {
        return Err(taken_back(&run.id, to));
    }
    // With `--events -` stdout belongs to the events.
    let streamed = global.events.as_ref().is_some_and(|path| path.as_os_str() == "-");
    let show = if streamed { &hushed } else { show };
    if matches!(end, End::Done | End::AlreadyDone) {
        let aside = verify::repair::left_aside(run, &run.state()?)?;
        if aside > 0 {
            done(show, &format!("run {} is over, and {}", run.id, segue_report::left_aside(aside)))?;
            show.say("next: segue log says why of each; segue verify compares again");
            return Ok(Exit::Mismatch);
        }
    }
    conclude(show, run, &end, signal)
}

type Sources = (Box<dyn StepSource>, Box<dyn GateSource>);

/// Where the steps and gates of a plan come from: a change of form, or a repair of rows.
fn sources(plan: &Plan, global: &Global) -> Result<Sources, Failure> {
    if Repairs::are_of(plan) {
        return Ok((Box::new(Repairs::new(side_of(plan)?, &verify::repair_folder(global))), Box::new(NoGates)));
    }
    let engine: Arc<dyn Engine> = planning::engine_of(plan, Path::new("."))?;
    Ok((Box::new(Steps::new(Arc::clone(&engine))), Box::new(Gates::new(engine))))
}

/// The database that a repair is of.
pub(crate) fn side_of(plan: &Plan) -> Result<Arc<dyn Mendable>, Failure> {
    let location = plan.execution.location.clone();
    let system = match plan.execution.engine.as_str() {
        "postgres" => System::Postgres { url: location },
        "mysql" => System::Mysql { url: location },
        _ => System::Sqlite { path: location },
    };
    Ok(connect::database(&system, Path::new("."))?)
}

/// A duration of a flag, in milliseconds.
fn duration(flag: &str, text: &str, least: u64) -> Result<u64, Failure> {
    Millis::parse(text).ok().map(|millis| millis.0).filter(|millis| *millis >= least).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-045", format!("{flag} `{text}` is not a duration of at least {}", Millis(least)))
                .safe("nothing was touched")
                .help(format!("for example {flag} 15s")),
        )
    })
}

fn refused(run: &str, error: ExecError) -> Failure {
    match error {
        ExecError::Journal(error) => {
            let mut failure = Failure::from(error);
            for problem in &mut failure.problems {
                "what was done before stands in the journal and in the database; nothing was begun after it".clone_into(&mut problem.safe);
            }
            failure
        }
        ExecError::Refused { code, message, help } => {
            let exit = if code == "SG-RUN-006" { Exit::Human } else { Exit::Usage };
            Failure::new(exit, Problem::new(code, message).safe("nothing was touched").help(help))
        }
        other => Failure::new(Exit::Failed, Problem::new(other.code(), format!("run {run}: {other}"))),
    }
}

/// Somebody asked for the way back while this executor went forward: what it was called for is not done.
fn taken_back(run: &str, to: &str) -> Failure {
    Failure::new(
        Exit::Waiting,
        Problem::new("SG-CLI-054", format!("run {run} was asked to go back while it ran, and is back at {}", place(to)))
            .safe("nothing was lost beyond what `segue rollback` or `segue abort` said to the person who asked")
            .help("segue log says who asked; segue apply goes forward again"),
    )
}

fn place(to: &str) -> String {
    if to.is_empty() { "the beginning".to_owned() } else { format!("the end of {to}") }
}

/// Says how it ended, and what comes next.
fn conclude(show: &Show, of: &Run, end: &End, signal: Option<Exit>) -> Result<Exit, Failure> {
    let run = &of.id;
    let safe = "the journal has everything; both versions of the application go on";
    match end {
        End::Done => {
            done(show, &format!("run {run} is done"))?;
            Ok(Exit::Ok)
        }
        End::AlreadyDone => {
            done(show, &format!("already applied: run {run} is done"))?;
            Ok(Exit::Ok)
        }
        End::ReachedPhase(phase) => {
            done(show, &format!("run {run} is past {phase}"))?;
            show.say("next: segue status, segue verify, segue apply; or back: segue rollback");
            Ok(Exit::Ok)
        }
        End::RolledBack { to } => {
            done(show, &format!("run {run} is back at {}", place(to)))?;
            Ok(Exit::Ok)
        }
        End::Waiting { gate, value, threshold } => Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-050", format!("run {run} waits at gate {gate}: it is {value}, and must be {threshold}"))
                .safe(safe)
                .help(opening(&of.state()?.plan, gate)),
        )),
        End::Paused => {
            Err(Failure::new(Exit::Waiting, Problem::new("SG-CLI-051", format!("run {run} rests")).safe(safe).help("segue resume")))
        }
        End::Interrupted => {
            let exit = signal.unwrap_or(Exit::Interrupted);
            Err(Failure::new(
                exit,
                Problem::new("SG-CLI-052", format!("run {run} was interrupted"))
                    .safe(safe)
                    .help("go on: segue apply; or back: segue rollback"),
            ))
        }
        End::Failed { step, code, message, help, kind } => {
            let exit = match kind {
                StepErrorKind::Connection => Exit::Connection,
                StepErrorKind::Fenced => Exit::Held,
                StepErrorKind::Mismatch => Exit::Mismatch,
                _ => Exit::Failed,
            };
            let at = if step.is_empty() { String::new() } else { format!("{step}: ") };
            let next = if help.is_empty() { format!("segue explain {code}; then segue apply, or segue rollback") } else { help.clone() };
            Err(Failure::new(exit, Problem::new(code, format!("{at}{message}")).safe(safe).help(next)))
        }
        End::Mismatch { step, code, message } => Err(Failure::new(
            Exit::Mismatch,
            Problem::new(code, format!("{step}: {message}")).safe(safe).help("segue verify shows which rows; segue rollback goes back"),
        )),
        End::Stuck { step, code, message, help } => Err(Failure::new(
            Exit::Human,
            Problem::new(code, format!("going back is stuck at {step}: {message}"))
                .safe("nothing after that step was touched; what is already undone stays undone")
                .help(format!("{help}\nsegue explain {code}; then segue rollback again")),
        )),
        other => Err(Failure::new(
            Exit::Failed,
            Problem::new("SG-CLI-053", format!("run {run} ended in a way that this binary does not know: {other:?}")),
        )),
    }
}

/// What a person does to open a gate.
fn opening(plan: &Plan, gate: &str) -> String {
    let mut gates = plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates));
    let asks_people = gates.any(|asked| asked.id == gate && asked.condition.takes_approval());
    let next = if asks_people {
        format!("segue approve {gate}, then segue apply")
    } else if gate.ends_with(".rows_rejected") {
        "segue verify names the rows and why; mend them through the old form, then segue apply".to_owned()
    } else {
        format!("segue explain {gate}; then segue apply")
    };
    format!("{next}\nor back: segue rollback")
}

/// Refuses durations that cannot be read, for each verb alike.
pub(crate) fn check(global: &Global) -> Result<(), Failure> {
    duration("--lease", &global.lease, 1_000)?;
    duration("--patience", &global.patience, 0)?;
    Ok(())
}

fn done(show: &Show, text: &str) -> Result<(), Failure> {
    if show.format == crate::cli::Format::Json {
        return show.json(&serde_json::json!({"format_version": 1, "segue": crate::VERSION, "result": text}));
    }
    if !show.quiet {
        show.result(text)?;
    }
    Ok(())
}
