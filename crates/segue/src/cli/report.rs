//! `segue report`: documents from the plan, the journal and what was observed.

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use segue_journal::JournalStore as _;
use segue_model::event::Entry;
use segue_model::problem::Problem;
use segue_planner::estimate;
use segue_report::{document, html, tracker};

use super::{Format, Global, status};
use crate::actual;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::{Found, PlanInputs};
use crate::show::Show;

/// Arguments of `segue report`.
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    inputs: PlanInputs,
    /// The order of the sections of the Markdown document: Segue's own, or that of a requirement document
    #[arg(long, value_enum, value_name = "ORDER", default_value_t = Order::Segue)]
    order: Order,
    /// Plan against actual, and the rates that the run showed
    #[arg(long)]
    retrospective: bool,
    /// Phases and tasks for a tracker (with --format json or csv)
    #[arg(long, conflicts_with = "retrospective")]
    tracker: bool,
    /// A condensed summary for an orchestrating agent, as JSON
    #[arg(long, conflicts_with_all = ["retrospective", "tracker"])]
    summary: bool,
    /// The zone of the reader's clock, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
}

/// The order of the sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    Segue,
    Doc001,
    Doc002,
    Doc003,
}

impl From<Order> for document::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Segue => Self::Segue,
            Order::Doc001 => Self::Doc001,
            Order::Doc002 => Self::Doc002,
            Order::Doc003 => Self::Doc003,
        }
    }
}

impl Report {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let zone = zone(&self.zone)?;
        let found = self.inputs.find(global)?;
        let plan = &found.plan;
        let entries = entries(&found)?;
        if self.retrospective {
            return self.look_back(&found, &entries, show);
        }
        if self.summary {
            show.json(&segue_report::summary_json(plan))?;
            return Ok(Exit::Ok);
        }
        match show.format {
            Format::Csv => show.result(&tracker::csv(plan))?,
            _ if self.tracker => show.json(&tracker::json(plan))?,
            Format::Html => {
                let view = found.run.as_ref().map(|run| status::view(run, &run.state()?)).transpose()?;
                let assessment = self.inputs.inputs.assessment()?;
                let texts = texts(&found, &entries);
                let extra = html::Extra { status: view.as_ref(), journal: &entries, zone, assessment: assessment.as_ref(), texts: &texts };
                show.result(&html::report(plan, &extra))?;
            }
            _ => show.document(|| segue_report::plan_json(plan), || document::plan_markdown(plan, self.order.into()))?,
        }
        Ok(Exit::Ok)
    }

    fn look_back(&self, found: &Found, entries: &[Entry], show: &Show) -> Result<Exit, Failure> {
        if entries.is_empty() {
            return Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-080", "there is no run of this plan to look back on")
                    .safe("nothing was touched")
                    .help("name the folder of the run's journal with --state-dir, or the run with --run"),
            ));
        }
        let back = estimate::retrospective(&found.plan, &actual::of(entries));
        let json = || {
            let mut document = serde_json::to_value(&back).unwrap_or_default();
            document["format_version"] = 1.into();
            document["segue"] = crate::VERSION.into();
            document["plan"] = found.plan.digest.as_str().into();
            document
        };
        show.document(json, || retrospective_text(&back))?;
        Ok(Exit::Ok)
    }
}

/// The texts that the page shows beside the plan.
fn texts(found: &Found, entries: &[Entry]) -> Vec<(String, String)> {
    if entries.is_empty() {
        return Vec::new();
    }
    let back = estimate::retrospective(&found.plan, &actual::of(entries));
    vec![("Plan against actual".to_owned(), retrospective_text(&back))]
}

fn retrospective_text(back: &estimate::Retrospective) -> String {
    let time = |seconds: Option<u64>| seconds.map_or_else(|| "-".to_owned(), segue_report::about);
    let mut text = format!("{:<34} {:>12} {:>12}  {}\n", "phase or step", "planned P50", "actual", "verdict");
    for row in &back.rows {
        let indent = if row.kind == "phase" { "" } else { "  " };
        let name = format!("{indent}{}", segue_report::shown(&row.id));
        text.push_str(&format!(
            "{name:<34} {:>12} {:>12}  {}\n",
            time(row.planned.map(|planned| planned.1)),
            time(row.actual_s),
            row.verdict
        ));
    }
    text.push_str(&format!("whole: {}\n", time(back.total_s)));
    if let Some(adherence) = back.adherence_permille {
        text.push_str(&format!("plan adherence: {}.{}% of the rows lay between P5 and P95\n", adherence / 10, adherence % 10));
    }
    for learned in &back.learned {
        let key = if learned.spec_key.is_empty() { &learned.key } else { &learned.spec_key };
        text.push_str(&format!("learned: {key} {} rows/s ({})\n", learned.rate.rows_per_s, learned.rate.sample));
    }
    for gap in &back.not_compared {
        text.push_str(&format!("not compared: {gap}\n"));
    }
    text
}

/// The journal of the plan's run.
pub(crate) fn entries(found: &Found) -> Result<Vec<Entry>, Failure> {
    match &found.run {
        Some(run) => Ok(run.store.entries(&run.id)?),
        None => Ok(Vec::new()),
    }
}

/// A zone by its name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Failure> {
    TimeZone::get(name).map_err(|_| {
        Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-081", format!("there is no time zone `{name}`"))
                .safe("nothing was touched")
                .help("name it as the zone database does, such as Europe/Berlin or UTC"),
        )
    })
}
