//! `segue plan`: shows what a spec would do, and saves it with `-o plan.segue`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use segue_report::Detail;

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;
use crate::{planning, runs, specfile};

/// Arguments of `segue plan`.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The spec
    #[arg(short, long, value_name = "SPEC")]
    file: Option<PathBuf>,
    /// How much to show
    #[arg(long, value_enum, default_value_t = Shown::Summary)]
    detail: Shown,
    /// Exit 2 when the plan has changes, 0 when it has none
    #[arg(long)]
    detailed_exitcode: bool,
    /// Only say whether the spec can be read and the plan can be
    #[arg(long)]
    validate: bool,
}

/// How much of a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// A line a phase.
    Summary,
    /// Each table with its old and new form.
    Changes,
    /// Each step with its lock and its undo.
    Full,
}

impl From<Shown> for Detail {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Summary => Self::Summary,
            Shown::Changes => Self::Changes,
            Shown::Full => Self::Full,
        }
    }
}

impl Plan {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        let file = specfile::read(self.file.as_deref())?;
        runs::block_on(async {
            let engine = planning::engine(&file)?;
            if let Some(what) = runs::already_applied(&file.spec, engine.as_ref()).await? {
                if show.format == Format::Json {
                    show.json(&serde_json::json!({"format_version": 1, "segue": crate::VERSION, "id": file.spec.id, "already_applied": true, "phases": []}))?;
                } else {
                    show.result(&what)?;
                }
                return Ok(Exit::Ok);
            }
            runs::refuse_unfinished(&file.spec, engine.as_ref()).await?;
            let planned = planning::plan(&file, engine.as_ref()).await?;
            if self.validate {
                show.told("the spec can be read, and the plan can be")?;
                return Ok(Exit::Ok);
            }
            self.show(&planned, show)?;
            Ok(if self.detailed_exitcode { Exit::Changes } else { Exit::Ok })
        })
    }

    /// Writes the plan with `-o` (and still shows it), else shows it in the format asked for.
    fn show(&self, plan: &segue_model::plan::Plan, show: &Show) -> Result<(), Failure> {
        let mut stdout = show.clone();
        let saved = show.output.clone();
        if let Some(path) = &saved {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_owned();
            if ending == "segue" || ending == "json" {
                std::fs::write(path, format!("{:#}\n", segue_report::plan_json(plan)))?;
                stdout.output = None;
            }
        }
        if show.format == Format::Json {
            return stdout.json(&segue_report::plan_json(plan));
        }
        stdout.result(&segue_report::plan_text_at(plan, self.detail.into(), stdout.width, stdout.color))?;
        if let Some(path) = saved.filter(|_| stdout.output.is_none()) {
            show.say(&format!("saved {}; next: segue approve {}", path.display(), path.display()));
        }
        Ok(())
    }
}
