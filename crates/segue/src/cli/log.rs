//! `segue log`: what happened, from the journal.

use clap::Args;
use segue_journal::JournalStore as _;

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs;
use crate::show::Show;

/// Arguments of `segue log`.
#[derive(Debug, Args)]
pub(crate) struct Log {}

impl Log {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let run = runs::open(global)?;
        let entries = run.store.entries(&run.id)?;
        if show.format == Format::Json {
            show.json(&segue_report::log_json(&entries, crate::VERSION))?;
        } else {
            show.result(&segue_report::log_text(&entries, show.width, show.color))?;
        }
        Ok(Exit::Ok)
    }
}
