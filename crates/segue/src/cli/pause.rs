//! `segue pause`: a run rests after its current batch.

use clap::Args;
use segue_journal::{JournalStore as _, Mode, Request};
use segue_model::problem::Problem;

use super::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs;
use crate::show::Show;

/// Arguments of `segue pause`.
#[derive(Debug, Args)]
pub(crate) struct Pause {}

impl Pause {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let run = runs::open(global)?;
        let state = run.state()?;
        match state.mode {
            Mode::Ended(_) => return Err(illegal(&run.id, "it is over", "segue log")),
            Mode::Paused { .. } => {
                show.told(&format!("run {} rests already", run.id))?;
                return Ok(Exit::Ok);
            }
            Mode::Stuck { .. } => return Err(illegal(&run.id, "it is stuck: a person is needed", "segue status")),
            _ => {}
        }
        run.store.request(&run.id, &Request::Pause, &runs::person(), runs::now_ms())?;
        let text = if run.live_holder()?.is_some() {
            "rests after its current batch"
        } else {
            "rests: the next `segue apply` stops at once until `segue resume`"
        };
        show.told(&format!("run {} {text}", run.id))?;
        Ok(Exit::Ok)
    }
}

/// A verb that the run's state does not allow.
pub(crate) fn illegal(run: &str, why: &str, next: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-042", format!("run {run}: {why}")).safe("nothing was changed").help(format!("what works now: {next}")),
    )
}
