//! `segue abort`: undoes everything and ends the run.

use clap::Args;

use super::Global;
use super::rollback::go_back;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue abort`.
#[derive(Debug, Args)]
pub(crate) struct Abort {
    /// Say yes to the loss statement
    #[arg(long)]
    yes: bool,
}

impl Abort {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        go_back(global, show, None, true, self.yes)
    }
}
