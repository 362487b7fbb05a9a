//! `segue man`: prints the manual page of the program or of a verb, in roff.

use clap::Args;
use segue_model::problem::Problem;

use super::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue man`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// A verb; without one the program
    verb: Option<String>,
}

impl Man {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        let mut root = super::command();
        root.build();
        let command = match &self.verb {
            None => root,
            Some(name) => root.find_subcommand(name).cloned().ok_or_else(|| {
                Failure::new(
                    Exit::Usage,
                    Problem::new("SG-CLI-021", format!("there is no verb `{name}`"))
                        .safe("nothing was touched")
                        .help("`segue --help` lists them"),
                )
            })?,
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        show.result(&String::from_utf8_lossy(&page))?;
        Ok(Exit::Ok)
    }
}
