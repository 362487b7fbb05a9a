//! `segue resume`: a resting run goes on, in this process.

use clap::Args;
use segue_journal::{JournalStore as _, Mode, Request};

use super::Global;
use super::apply::go_on;
use super::pause::illegal;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs;
use crate::show::Show;

/// Arguments of `segue resume`.
#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// Stop after this phase
    #[arg(long, value_name = "PHASE")]
    until: Option<String>,
    /// Say yes to every gate that is only an approval
    #[arg(long)]
    yes: bool,
}

impl Resume {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let run = runs::open(global)?;
        let state = run.state()?;
        let asked_to_pause = run.store.pending_requests(&run.id)?.iter().any(|pending| pending.request == Request::Pause);
        match state.mode {
            Mode::Ended(_) => return Err(illegal(&run.id, "it is over", "segue log")),
            Mode::Stuck { .. } => return Err(illegal(&run.id, "it is stuck: a person is needed", "segue status, segue rollback")),
            Mode::Paused { .. } => {}
            _ if asked_to_pause => {}
            _ => return Err(illegal(&run.id, "it does not rest", "segue apply, segue status")),
        }
        run.store.request(&run.id, &Request::Resume, &runs::person(), runs::now_ms())?;
        if run.live_holder()?.is_some() {
            show.result(&format!("run {} goes on", run.id))?;
            return Ok(Exit::Ok);
        }
        go_on(global, show, run, self.until.as_deref(), self.yes)
    }
}
