//! `segue rollback`: says what going back would lose, then goes back, keeping the writes of both versions.

use clap::Args;
use segue_engine::Loss;
use segue_journal::{JournalStore as _, Mode, Request, State};
use segue_model::problem::Problem;
use segue_model::units::counted;

use super::Global;
use super::pause::illegal;
use super::status::can_go_back;
use crate::drive::{Way, drive, guard};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::planning;
use crate::runs::{self, Run};
use crate::show::Show;

/// Arguments of `segue rollback`.
#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The last phase that stays; default none, the beginning
    #[arg(long, value_name = "PHASE")]
    to: Option<String>,
    /// Say yes to the loss statement
    #[arg(long)]
    yes: bool,
}

impl Rollback {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        go_back(global, show, self.to.as_deref(), false, self.yes)
    }
}

/// Goes back, or asks the executor that holds the run to.
pub(crate) fn go_back(global: &Global, show: &Show, to: Option<&str>, ends: bool, yes: bool) -> Result<Exit, Failure> {
    let run = runs::open(global)?;
    let state = run.state()?;
    allowed(&run, &state, to)?;
    let loss = what_is_lost(&run, &state, to)?;
    let statement = statement(&loss);
    show.say(&statement);
    if !yes && !show.ask("Go back?") {
        let verb = if ends { "abort".to_owned() } else { to.map_or_else(|| "rollback".to_owned(), |to| format!("rollback --to {to}")) };
        return Err(Failure::new(
            Exit::Waiting,
            Problem::new("SG-CLI-047", format!("nobody said yes to going back: {statement}"))
                .safe("nothing was touched")
                .help(format!("segue {verb} --yes")),
        ));
    }
    if let Some(holder) = run.live_holder()? {
        let request = if ends { Request::Abort } else { Request::Rollback { to: to.unwrap_or_default().to_owned() } };
        run.store.request(&run.id, &request, &runs::person(), runs::now_ms())?;
        show.told(&format!("run {}: {holder} was asked to go back", run.id))?;
        show.say("next: segue status --watch");
        return Ok(Exit::Ok);
    }
    drive(global, show, &run, &Way::Back { to: to.map(str::to_owned), ends, loses: statement })
}

fn allowed(run: &Run, state: &State, to: Option<&str>) -> Result<(), Failure> {
    if let Some(command) = crate::verify::repair::way_back(&run.id, state) {
        let failure = illegal(&run.id, "the repair is done: it is taken back by a run of its own", &command);
        return Err(Failure { exit: Exit::Human, ..failure });
    }
    if let Mode::Ended(_) = state.mode {
        let done = state.mode == Mode::Ended(segue_model::event::Outcome::Done);
        let failure = illegal(
            &run.id,
            if done { "it is done: the old form is gone" } else { "it was undone and is over" },
            "segue log; a new spec is the way back",
        );
        return Err(if done { Failure { exit: Exit::Human, ..failure } } else { failure });
    }
    if !can_go_back(state) {
        return Err(Failure {
            exit: Exit::Human,
            ..illegal(
                &run.id,
                "`contract` has begun: the old form of at least one table is gone",
                "segue apply finishes it; a new spec is the way back",
            )
        });
    }
    match to {
        Some(phase) if state.phase_index(phase).is_none() => {
            let names: Vec<&str> = state.plan.phases.iter().map(|phase| phase.name.as_str()).collect();
            Err(illegal(&run.id, &format!("the plan has no phase `{phase}`"), &format!("--to one of {}", names.join(", "))))
        }
        Some(phase) if state.phase_ended_at(phase).is_none() => {
            Err(illegal(&run.id, &format!("`{phase}` is not over, so there is no way back to it"), "segue status, segue rollback"))
        }
        _ => Ok(()),
    }
}

/// The database is asked only when an `expand` or a new table goes.
pub(crate) fn what_is_lost(run: &Run, state: &State, to: Option<&str>) -> Result<Loss, Failure> {
    let goes = state.undone_by(to.unwrap_or_default());
    let expand = goes.iter().any(|step| matches!(step.kind.as_str(), "expand_table" | "create_table"));
    if !expand {
        return Ok(Loss::default());
    }
    runs::block_on(async {
        let engine = planning::engine_of(&state.plan, std::path::Path::new("."))?;
        let execution = &state.plan.execution;
        Ok(engine.reshape().loss(&guard(&run.id, &state.plan, state.epoch), &execution.tables, &execution.new_tables).await?)
    })
}

fn statement(loss: &Loss) -> String {
    let mut text = format!("going back loses {}", counted(loss.rows, "row"));
    if loss.values > 0 {
        text.push_str(&format!(" and {} of the new form", counted(loss.values, "value")));
    }
    for what in &loss.what {
        text.push_str(&format!("\n  {what}"));
    }
    text
}
