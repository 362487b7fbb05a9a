//! What the document verbs work on: a saved plan, else a spec that is planned now, else the run of the state directory.
//!
//! The same flags for all of them. The clock is asked here, never in the planner. Tests: `tests/it/documents.rs`.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use segue_model::assessment::Assessment;
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_model::spec::program;

use crate::cli::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Run};
use crate::{planning, specfile};

/// The flags by which a spec is planned.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Inputs {
    /// The spec, or a planner JSON document
    #[arg(short, long, value_name = "SPEC", visible_aliases = ["input", "config"], short_alias = 'i')]
    pub(crate) file: Option<PathBuf>,
    /// An assessment that `segue assess -o FILE` wrote
    #[arg(long, value_name = "FILE")]
    pub(crate) assessment: Option<PathBuf>,
    /// An estimation model that overrides parts of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Thresholds, ladders and durations: segue, doc000, doc001, doc002, doc003 or doc004
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The first day of the work; overrides the spec's `start`
    #[arg(long, value_name = "DATE")]
    pub(crate) start: Option<Date>,
    /// The day on which it is planned; default today
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
    /// Never connect to anything
    #[arg(long)]
    pub(crate) offline: bool,
}

impl Inputs {
    /// The day on which it is planned.
    pub(crate) fn today(&self) -> program::Date {
        program::Date(self.today.unwrap_or_else(|| jiff::Zoned::now().date()))
    }

    /// The spec with what the flags say about it.
    pub(crate) fn spec(&self) -> Result<specfile::SpecFile, Failure> {
        let mut file = specfile::read(self.file.as_deref())?;
        if let Some(start) = self.start {
            file.spec.program.start = Some(program::Date(start));
        }
        if let Some(profile) = &self.profile {
            known_profile(profile)?;
            file.spec.program.profile = Some(profile.clone());
        }
        Ok(file)
    }

    /// The model: the built-in one, with what `--model` overrides.
    pub(crate) fn model(&self) -> Result<segue_planner::Model, Failure> {
        let Some(path) = &self.model else { return Ok(segue_planner::Model::builtin()) };
        let text = read_text(path, "the model")?;
        segue_planner::Model::read(&text).map_err(|problems| Failure::of_file(Exit::Usage, named(problems, path), text))
    }

    /// The assessment of `--assessment`.
    pub(crate) fn assessment(&self) -> Result<Option<Assessment>, Failure> {
        let Some(path) = &self.assessment else { return Ok(None) };
        let text = read_text(path, "the assessment")?;
        let refused = |message: String| {
            Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-072", message).safe("nothing was touched").help("make it again: segue assess -o assessment.json"),
            )
        };
        let shown = path.display();
        let assessment: Assessment = serde_json::from_str(&text)
            .map_err(|error| refused(format!("`{shown}` is not an assessment: line {}, column {}", error.line(), error.column())))?;
        if assessment.format_version != segue_model::assessment::FORMAT_VERSION {
            return Err(refused(format!(
                "`{shown}` has format version {}; this Segue reads {}",
                assessment.format_version,
                segue_model::assessment::FORMAT_VERSION
            )));
        }
        Ok(Some(assessment))
    }
}

const PROFILES: [&str; 6] = ["segue", "doc000", "doc001", "doc002", "doc003", "doc004"];

fn known_profile(name: &str) -> Result<(), Failure> {
    if PROFILES.contains(&name) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-073", format!("there is no profile `{name}`"))
            .safe("nothing was touched")
            .help(format!("one of {}", PROFILES.join(", "))),
    ))
}

/// The places of problems in a file that the reader did not know the name of.
fn named(mut problems: Vec<Problem>, path: &Path) -> Vec<Problem> {
    for at in problems.iter_mut().filter_map(|problem| problem.at.as_mut()).filter(|at| at.file.is_empty()) {
        at.file = path.display().to_string();
    }
    problems
}

/// A text file that the user named.
pub(crate) fn read_text(path: &Path, what: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-071", format!("{what} `{}` cannot be read: {}", path.display(), crate::show::why(&error)))
                .safe("nothing was touched")
                .help("look at its name and permissions"),
        )
    })
}

/// The flags of a verb that makes documents from a plan.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PlanInputs {
    /// A saved plan
    #[arg(long, value_name = "PLAN", conflicts_with = "file")]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
}

/// A plan, and the run that carries it out, where there is one.
pub(crate) struct Found {
    /// The plan.
    pub(crate) plan: Plan,
    /// The run.
    pub(crate) run: Option<Run>,
}

impl PlanInputs {
    /// `--plan FILE`, else `-f SPEC`, else the run, else `segue.yaml` here.
    pub(crate) fn find(&self, global: &Global) -> Result<Found, Failure> {
        if let Some(path) = &self.plan {
            let plan = runs::read_plan(path)?;
            let run = runs::latest(global)?;
            let its = run.as_ref().map(Run::state).transpose()?.is_some_and(|state| state.plan.digest == plan.digest);
            return Ok(Found { plan, run: run.filter(|_| its) });
        }
        // Where there is neither, the missing spec is what a person must hear of.
        if self.inputs.file.is_none()
            && (global.run.is_some() || !Path::new(specfile::DEFAULT).exists())
            && let Some(run) = runs::latest(global)?
        {
            return Ok(Found { plan: (*run.state()?.plan).clone(), run: Some(run) });
        }
        let file = self.inputs.spec()?;
        // A run of this very spec tells more than a plan made now, on tables that may be in transition.
        if file.spec.schema.is_some()
            && let Some(run) = runs::latest(global)?
        {
            let state = run.state()?;
            if state.plan.execution.spec_digest == runs::spec_digest(&file.spec)? {
                return Ok(Found { plan: (*state.plan).clone(), run: Some(run) });
            }
        }
        let plan = runs::block_on(planning::project(&file, &self.inputs, global))?;
        Ok(Found { plan, run: None })
    }
}
