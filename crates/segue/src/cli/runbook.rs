//! `segue runbook`: the runbook of a plan as Markdown, shell, SQL or JSON; or one of its blocks run, with its output kept.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::{Args, Subcommand};
use segue_model::plan::Plan;
use segue_model::problem::Problem;
use segue_report::runbook;

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::PlanInputs;
use crate::runs;
use crate::show::Show;

/// Arguments of `segue runbook`.
#[derive(Debug, Args)]
pub(crate) struct Runbook {
    #[command(flatten)]
    inputs: PlanInputs,
    #[command(subcommand)]
    deed: Option<Deed>,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Run one block of the runbook and keep its output as evidence
    Run(RunBlock),
}

#[derive(Debug, Args)]
struct RunBlock {
    /// The step, as the runbook names it
    step: String,
    /// Run what undoes the step instead
    #[arg(long)]
    undo: bool,
    /// Say yes to the block without being asked
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    inputs: PlanInputs,
}

impl Runbook {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        if let Some(Deed::Run(block)) = &self.deed {
            return block.run(global, show);
        }
        let plan = self.inputs.find(global)?.plan;
        match show.format {
            Format::Shell => show.result(&runbook::shell(&plan))?,
            Format::Sql => show.result(&runbook::sql(&plan))?,
            _ => show.document(|| runbook::json(&plan), || runbook::markdown(&plan))?,
        }
        let readiness = runbook::readiness(&plan);
        if readiness.is_red() {
            show.say(&format!("rollback readiness is red: {}", readiness.reasons.join("; ")));
        }
        Ok(Exit::Ok)
    }
}

impl RunBlock {
    fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let plan = self.inputs.find(global)?.plan;
        let block = self.block(&plan)?;
        show.say(&format!("precondition: {}\n\n{}\n", block.precondition, block.text));
        if !self.yes && !show.ask("Run this block?") {
            return Err(Failure::new(
                Exit::Waiting,
                Problem::new("SG-CLI-076", format!("nobody said yes to the block of {}", self.step))
                    .safe("nothing was run")
                    .help(format!("segue runbook run {} --yes", self.step)),
            ));
        }
        let (code, kept) = self.execute(global, show, &plan, &block.text)?;
        if code == 0 {
            show.say(&format!("expected: {}\nevidence: {}", block.expected, kept.display()));
            return Ok(Exit::Ok);
        }
        Err(Failure::new(
            Exit::Failed,
            Problem::new("SG-CLI-077", format!("the block of {} ended with {code}", self.step))
                .safe(format!("its output is kept in {}", kept.display()))
                .help(format!("mend the cause and run it again, or go back: segue runbook run {} --undo", self.step)),
        ))
    }

    fn block(&self, plan: &Plan) -> Result<runbook::Block, Failure> {
        let found = if self.undo { runbook::undo_block(plan, &self.step) } else { runbook::block(plan, &self.step) };
        match found {
            Some(block) if block.language == "shell" => Ok(block),
            Some(block) => Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-075", format!("the block of {} is {}, which needs your own client", self.step, block.language))
                    .safe("nothing was run")
                    .help("segue runbook --format sql writes it to a file for psql, mysql or sqlite3"),
            )),
            None => {
                let known: Vec<&str> = plan
                    .phases
                    .iter()
                    .flat_map(|phase| &phase.steps)
                    .filter(|step| runbook::block(plan, &step.id).is_some())
                    .map(|step| step.id.as_str())
                    .take(20)
                    .collect();
                let help = if known.is_empty() {
                    "no step of this plan is a command".to_owned()
                } else {
                    format!("steps with a block: {}", known.join(", "))
                };
                Err(Failure::new(
                    Exit::Usage,
                    Problem::new("SG-CLI-074", format!("the plan has no block for `{}`", self.step)).safe("nothing was run").help(help),
                ))
            }
        }
    }

    /// Runs the block with bash; what it says goes to the person and into a file that only this account can read.
    fn execute(&self, global: &Global, show: &Show, plan: &Plan, text: &str) -> Result<(i32, PathBuf), Failure> {
        let folder = global.state_dir.join("evidence").join(plan.digest.get(..12).unwrap_or("plan"));
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|error| Failure::of_path(&folder, &error))?;
        let name: String = self.step.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect();
        let undo = if self.undo { "-undo" } else { "" };
        let path = folder.join(format!("{name}{undo}-{}.txt", runs::mark()));
        let kept = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let mut kept = kept.map_err(|error| Failure::of_path(&path, &error))?;
        let begun = jiff::Timestamp::now();
        writeln!(kept, "step {}{undo}\nplan {}\nby {}\nbegun {begun}\n", self.step, plan.digest, runs::person())?;
        // One stream: what the block says on both of its outputs stays in order.
        let mut child = Command::new("bash")
            .args(["-euo", "pipefail", "-c", "exec 2>&1; eval \"$1\"", "segue", text])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line?;
                kept.write_all(&line)?;
                kept.write_all(b"\n")?;
                show.say(&String::from_utf8_lossy(&line));
            }
        }
        let status = child.wait()?;
        let code = status.code().unwrap_or(-1);
        writeln!(kept, "\nended {} with {code}", jiff::Timestamp::now())?;
        kept.sync_all()?;
        Ok((code, path))
    }
}
