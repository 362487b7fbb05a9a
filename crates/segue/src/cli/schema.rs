//! `segue schema`: prints the JSON Schemas of the documents, and the built-in model.

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
    /// With `model`: print the built-in model, to be changed and given with --model
    #[arg(long)]
    builtin: bool,
}

/// The documents that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// `segue.yaml`
    Spec,
    /// A saved plan
    Plan,
    /// An assessment
    Assess,
    /// What `segue check` found
    Check,
    /// What `segue verify` came to
    Verify,
    /// The estimation model, and with --builtin the model itself
    Model,
}

impl Schema {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        match self.name {
            Name::Spec => show.json(&segue_model::spec::schema())?,
            Name::Plan => show.json(&segue_report::document::plan_schema())?,
            Name::Assess => show.json(&segue_report::document::assess_schema())?,
            Name::Check => show.json(&segue_report::check::schema())?,
            Name::Verify => show.json(&segue_report::verify::schema())?,
            Name::Model if self.builtin => show.result(segue_planner::Model::builtin_text())?,
            Name::Model => show.json(&segue_planner::Model::schema())?,
        }
        Ok(Exit::Ok)
    }
}
