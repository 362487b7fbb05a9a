//! `segue unlock`: takes the lease from an executor that is gone. The fence in the database keeps it out if it
//! comes back.

use clap::Args;
use segue_journal::JournalStore as _;
use segue_model::problem::Problem;

use super::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs;
use crate::show::Show;

/// Arguments of `segue unlock`.
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// Yes, that executor is gone
    #[arg(long)]
    yes: bool,
}

impl Unlock {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let run = runs::open(global)?;
        let Some(lease) = run.store.lease(&run.id)?.filter(|lease| !lease.is_free(runs::now_ms())) else {
            show.told(&format!("nobody holds run {}", run.id))?;
            return Ok(Exit::Ok);
        };
        let left = (lease.expires_at_ms - runs::now_ms()).max(0) / 1_000;
        if !self.yes && !show.ask(&format!("Run {} is held by {} for {left} s more. Take the lease from it?", run.id, lease.holder)) {
            return Err(Failure::new(
                Exit::Waiting,
                Problem::new("SG-CLI-043", format!("run {} is held by {} (epoch {}) for {left} s more", run.id, lease.holder, lease.epoch))
                    .safe("the lease was not touched")
                    .help("if that executor is gone for good: segue unlock --yes"),
            ));
        }
        run.store.unlock(&run.id)?;
        show.told(&format!("run {} is free; its former holder {} is fenced by epoch {}", run.id, lease.holder, lease.epoch))?;
        Ok(Exit::Ok)
    }
}
