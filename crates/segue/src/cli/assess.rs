//! `segue assess`: what is there, and what each object needs: live systems, dumps, schema documents, source trees.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use segue_report::{document, html};

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::observe::{self, Bounds};
use crate::runs;
use crate::show::Show;

/// Arguments of `segue assess`.
#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// Folders, SQL dumps and schema documents; default what the spec names
    #[arg(value_name = "PATH", conflicts_with = "file")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    inputs: Inputs,
    /// For paths: the database or cloud that it shall move to
    #[arg(long, value_name = "WHERE", value_enum, requires = "paths")]
    to: Option<To>,
    /// Measure the real rates on a bounded sample; the target gets a table that goes away again
    #[arg(long, conflicts_with_all = ["offline", "paths"])]
    probe: bool,
}

/// Where it shall move to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    Postgres,
    Mysql,
    Sqlite,
    Aws,
    Gcp,
    Azure,
}

impl To {
    fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Sqlite => "sqlite",
            Self::Aws => "aws",
            Self::Gcp => "gcp",
            Self::Azure => "azure",
        }
    }
}

impl Assess {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        let bounds = Bounds { offline: self.inputs.offline, insist: true, probe: self.probe, today: self.inputs.today() };
        let assessment = if self.paths.is_empty() {
            let file = self.inputs.spec()?;
            runs::block_on(observe::spec(&file, bounds))?
        } else {
            observe::paths(&self.paths, self.to.map(To::word), bounds)?
        };
        match show.format {
            Format::Html => show.result(&html::assessment(&assessment))?,
            Format::Markdown => show.result(&document::assessment_markdown(&assessment))?,
            _ => {
                show.document(
                    || document::assessment_json(&assessment),
                    || document::assessment_text(&assessment, show.width, show.color),
                )?;
            }
        }
        if let Some(path) = &show.output
            && show.format == Format::Json
        {
            show.say(&format!("saved {}; next: segue plan --assessment {}", path.display(), path.display()));
        }
        Ok(Exit::Ok)
    }
}
