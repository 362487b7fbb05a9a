//! `segue notify`: drafts the messages to everybody. It never sends anything.

use std::path::PathBuf;

use clap::Args;
use segue_model::problem::{Place, Problem};
use segue_report::message::{self, Kind, Message, RunView, template};

use super::{Format, Global, report, status};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::{PlanInputs, read_text};
use crate::show::Show;

/// The audiences of the spec's `comms`.
const AUDIENCES: [&str; 6] = ["exec", "engineering", "support", "users", "api_consumers", "partners"];

/// Arguments of `segue notify`.
#[derive(Debug, Args)]
pub(crate) struct Notify {
    #[command(flatten)]
    inputs: PlanInputs,
    /// The message that fits this audience now: exec, engineering, support, users, api_consumers or partners
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<String>,
    /// This message; `segue notify --list` names them
    #[arg(long, value_name = "NAME", conflicts_with = "audience")]
    message: Option<String>,
    /// Name the messages and whom they are for
    #[arg(long)]
    list: bool,
    /// The zone of the reader's clock, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
    /// A template of your own for the message
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

impl Notify {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        if self.list {
            let lines: Vec<String> = Kind::ALL.iter().map(|kind| format!("{:<18} for {}\n", kind.name(), kind.audience())).collect();
            show.document(
                || serde_json::json!({"format_version": 1, "segue": crate::VERSION, "messages": Kind::ALL.map(Kind::name)}),
                || lines.concat(),
            )?;
            return Ok(Exit::Ok);
        }
        let zone = report::zone(&self.zone)?;
        let found = self.inputs.find(global)?;
        let entries = report::entries(&found)?;
        let run = found.run.as_ref().map(|run| status::view(run, &run.state()?)).transpose()?.map(|view| RunView::of(view, &entries));
        let kind = self.kind(run.as_ref())?;
        let now = jiff::Timestamp::now();
        let drafted = match &self.template {
            None => message::draft(kind, &found.plan, run.as_ref(), now, &zone),
            Some(path) => {
                let text = read_text(path, "the template")?;
                template::message(&text, kind, &found.plan, run.as_ref(), now, &zone).map_err(|error| {
                    let line = u32::try_from(error.line.max(1)).unwrap_or(1);
                    let place = Place { file: path.display().to_string(), line, column: 1, length: 1 };
                    let problem = Problem::new("SG-CLI-082", format!("the template cannot be rendered: {}", error.message))
                        .at(place)
                        .safe("nothing was written")
                        .help("the names that a template may use stand in docs/guide-plan.md");
                    Failure::of_file(Exit::Usage, vec![problem], text)
                })?
            }
        };
        tell(&drafted, show)?;
        Ok(Exit::Ok)
    }

    fn kind(&self, run: Option<&RunView>) -> Result<Kind, Failure> {
        let unknown = |what: &str, known: String| {
            Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-083", format!("there is no {what}")).safe("nothing was touched").help(format!("one of {known}")),
            )
        };
        if let Some(name) = &self.message {
            return Kind::named(name).ok_or_else(|| unknown(&format!("message `{name}`"), Kind::ALL.map(Kind::name).join(", ")));
        }
        let audience = self.audience.as_deref().unwrap_or("engineering");
        Kind::for_audience(audience, run).ok_or_else(|| unknown(&format!("audience `{audience}`"), AUDIENCES.join(", ")))
    }
}

fn tell(drafted: &Message, show: &Show) -> Result<(), Failure> {
    if show.format == Format::Html {
        return show.result(&drafted.html);
    }
    let json = || {
        let mut document = serde_json::to_value(drafted).unwrap_or_default();
        document["format_version"] = 1.into();
        document["segue"] = crate::VERSION.into();
        document
    };
    let text = || {
        let to = if drafted.to.is_empty() { drafted.audience.clone() } else { drafted.to.join(", ") };
        format!("To: {to}\nSubject: {}\n\n{}", drafted.subject, drafted.text)
    };
    show.document(json, text)
}
