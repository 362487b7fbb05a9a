//! `segue schema`: prints the JSON Schema of the spec.

use clap::{Args, ValueEnum};

use super::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which document
    #[arg(value_enum, default_value_t = Name::Spec)]
    name: Name,
}

/// The documents that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// `segue.yaml`
    Spec,
}

impl Schema {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        match self.name {
            Name::Spec => show.json(&segue_model::spec::schema())?,
        }
        Ok(Exit::Ok)
    }
}
