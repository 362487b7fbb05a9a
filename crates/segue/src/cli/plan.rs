//! `segue plan`: shows what a spec would do, and saves it with `-o plan.segue`; `segue plan diff A B` compares two.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use segue_model::finding::Severity;
use segue_report::{Detail, document, html, tracker};

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::show::Show;
use crate::{planning, runs};

/// Arguments of `segue plan`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Plan {
    #[command(flatten)]
    inputs: Inputs,
    /// How much to show
    #[arg(long, value_enum, default_value_t = Shown::Summary)]
    detail: Shown,
    /// Exit 2 when the plan has changes, 0 when it has none
    #[arg(long)]
    detailed_exitcode: bool,
    /// Only say whether the spec can be read and the plan can be
    #[arg(long)]
    validate: bool,
    /// Exit 3 when a finding is at or above this severity
    #[arg(long, env = "SEGUE_FAIL_ON", hide_env_values = true, value_name = "SEVERITY", value_enum, default_value_t = FailOn::High)]
    fail_on: FailOn,
    /// Write the JSON under the keys of the planner script of document 000
    #[arg(long, value_enum, value_name = "KEYS")]
    emit: Option<Emit>,
    #[command(subcommand)]
    deed: Option<Deed>,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Say in words what changed between two saved plans
    Diff(Diff),
}

#[derive(Debug, Args)]
struct Diff {
    /// The earlier plan
    #[arg(value_name = "A")]
    before: PathBuf,
    /// The later plan
    #[arg(value_name = "B")]
    after: PathBuf,
}

/// Other keys for the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Emit {
    ClaudeSkills,
}

/// From which severity on a finding makes the exit code 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Never => None,
        }
    }
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
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        if let Some(Deed::Diff(diff)) = &self.deed {
            return diff.run(show);
        }
        let file = self.inputs.spec()?;
        if file.spec.is_schema_only() && !self.inputs.offline {
            let applied = runs::block_on(async {
                let engine = planning::engine(&file)?;
                if let Some(what) = runs::already_applied(&file.spec, engine.as_ref()).await? {
                    return Ok(Some(what));
                }
                runs::refuse_unfinished(&file.spec, engine.as_ref()).await?;
                Ok(None)
            })?;
            if let Some(what) = applied {
                if show.format == Format::Json {
                    show.json(&serde_json::json!({"format_version": 1, "segue": crate::VERSION, "id": file.spec.id, "already_applied": true, "phases": []}))?;
                } else {
                    show.result(&what)?;
                }
                return Ok(Exit::Ok);
            }
        }
        let planned = runs::block_on(planning::project(&file, &self.inputs, global))?;
        if self.validate {
            show.told("the spec can be read, and the plan can be")?;
            return Ok(Exit::Ok);
        }
        self.show(&planned, show)?;
        if let Some(least) = self.fail_on.severity()
            && planned.findings.iter().any(|finding| finding.severity >= least)
        {
            return Ok(Exit::Findings);
        }
        Ok(if self.detailed_exitcode { Exit::Changes } else { Exit::Ok })
    }

    /// Writes the plan with `-o` (and still shows it), else shows it in the format asked for.
    fn show(&self, plan: &segue_model::plan::Plan, show: &Show) -> Result<(), Failure> {
        let text = |show: &Show| segue_report::plan_text_at(plan, self.detail.into(), show.width, show.color);
        let json = || match self.emit {
            Some(Emit::ClaudeSkills) => segue_report::claude_skills_json(plan, &self.inputs.today().0.to_string()),
            None => segue_report::plan_json(plan),
        };
        let Some(path) = show.output.clone().filter(|path| saves(path) && show.format != Format::Both) else {
            return match show.format {
                Format::Markdown => show.result(&document::plan_markdown(plan, document::Order::Segue)),
                Format::Html => show.result(&html::report(plan, &html::Extra::default())),
                Format::Yaml => show.result(&document::plan_yaml(plan)),
                Format::Csv => show.result(&tracker::csv(plan)),
                _ => show.document(json, || text(show)),
            };
        };
        super::check::write(&path, &format!("{:#}\n", json()))?;
        let stdout = Show { output: None, ..show.clone() };
        if show.asked && show.format == Format::Json {
            return stdout.json(&json());
        }
        stdout.result(&text(&stdout))?;
        show.say(&format!(
            "saved {}; next: segue {} {}",
            path.display(),
            if plan.runs() { "approve" } else { "runbook --plan" },
            path.display()
        ));
        Ok(())
    }
}

/// A plan saved as data, to be read again.
fn saves(path: &Path) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ending == "segue" || ending == "json")
}

impl Diff {
    fn run(&self, show: &Show) -> Result<Exit, Failure> {
        let (before, after) = (runs::read_plan(&self.before)?, runs::read_plan(&self.after)?);
        let differences = segue_planner::diff(&before, &after);
        let json = || serde_json::json!({"format_version": 1, "segue": crate::VERSION, "before": before.digest, "after": after.digest, "differences": differences});
        let text = || {
            if differences.is_empty() {
                return "the two plans are the same\n".to_owned();
            }
            let lines: Vec<String> = differences.iter().map(|difference| format!("{difference}\n")).collect();
            crate::show::fold(&lines.concat(), show.width, 2)
        };
        show.document(json, text)?;
        Ok(Exit::Ok)
    }
}
