//! `segue approve`: binds a person's yes to a plan's digest, or to a gate of a run.

use clap::Args;
use segue_journal::{JournalStore as _, Mode, Request};
use segue_model::problem::Problem;

use super::pause::illegal;
use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::runs::{self, Approvals};
use crate::show::Show;

/// Arguments of `segue approve`.
#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// A saved plan, or the id of a gate of the run such as `contract/approval`
    #[arg(value_name = "PLAN|GATE")]
    what: String,
    /// Who says yes; default the user of this session
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl Approve {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let by = self.by.clone().unwrap_or_else(runs::person);
        let path = std::path::Path::new(&self.what);
        if path.is_file() {
            let plan = runs::read_plan(path)?;
            Approvals::open(&global.state_dir).add(&plan.digest, &by)?;
            return told(
                show,
                &plan.digest,
                &self.what,
                &by,
                &format!("segue {} {}", if plan.runs() { "apply" } else { "runbook --plan" }, self.what),
            );
        }
        let run = runs::open(global)?;
        let state = run.state()?;
        if matches!(state.mode, Mode::Ended(_)) {
            return Err(illegal(&run.id, "it is over: no gate waits for a yes", "segue log"));
        }
        let gate = state.plan.phases.iter().flat_map(|phase| phase.entry.iter().chain(&phase.gates)).find(|gate| gate.id == self.what);
        let Some(gate) = gate else {
            let known: Vec<&str> = runs::approval_gates(&state.plan);
            return Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-040", format!("`{}` is neither a saved plan nor a gate of run {}", self.what, run.id))
                    .safe("nothing was approved")
                    .help(format!("gates that take a yes: {}", known.join(", "))),
            ));
        };
        if !gate.condition.takes_approval() {
            return Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-041", format!("gate `{}` measures; a yes cannot open it", gate.id))
                    .safe("nothing was approved")
                    .help(format!("segue explain {}", gate.id)),
            ));
        }
        let digest = state.plan.digest.clone();
        run.store.request(&run.id, &Request::Approve { what: gate.id.clone(), digest: digest.clone() }, &by, runs::now_ms())?;
        told(show, &digest, &gate.id, &by, "segue apply")
    }
}

fn told(show: &Show, digest: &str, what: &str, by: &str, next: &str) -> Result<Exit, Failure> {
    if show.format == Format::Json {
        show.json(&serde_json::json!({"format_version": 1, "segue": crate::VERSION, "approved": what, "by": by, "plan": digest}))?;
    } else {
        show.result(&format!("approved {what} (plan {}) by {by}", digest.get(..12).unwrap_or(digest)))?;
        show.say(&format!("next: {next}"));
    }
    Ok(Exit::Ok)
}
