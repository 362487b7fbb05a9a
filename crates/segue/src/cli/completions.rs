//! `segue completions SHELL`: prints a completion script.

use clap::Args;
use clap_complete::Shell;

use super::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::command(), "segue", &mut script);
        show.result(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Ok)
    }
}
