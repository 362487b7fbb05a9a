//! `segue verify`: compares the two forms of every row of a run's tables, by an independent read.

use clap::Args;
use segue_engine::Engine;
use segue_journal::State;
use segue_model::problem::Problem;
use segue_model::reshape::TableChange;
use segue_report::{CheckVerdict, TableVerdict, Verdict, VerifyView};

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;
use crate::{planning, runs};

/// Rows compared in one read.
const RANGE: u64 = 5_000;

/// Arguments of `segue verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Leave the keys of differing rows and of rows kept aside out
    #[arg(long)]
    hide_keys: bool,
}

impl Verify {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let run = runs::open(global)?;
        let state = run.state()?;
        if state.phase_ended_at("expand").is_none()
            || state.phases.last().is_some_and(|phase| matches!(phase, segue_journal::PhaseState::Ended { .. }))
        {
            return Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-044", format!("run {} has no two forms to compare now", run.id))
                    .safe("nothing was touched")
                    .help("two forms live from the end of `expand` until `contract`, where the spec changes rows: segue status"),
            ));
        }
        let view = runs::block_on(async {
            let engine = planning::engine_of(&state.plan, std::path::Path::new("."))?;
            compare(&state, engine.as_ref(), self.hide_keys).await
        })?;
        if show.format == Format::Json {
            show.json(&segue_report::verify_json(&view, crate::VERSION))?;
        } else {
            show.result(&segue_report::verify_text(&view, show.width, show.color))?;
        }
        Ok(match view.verdict {
            Verdict::Equal => Exit::Ok,
            Verdict::Different => Exit::Mismatch,
            Verdict::Undecided => Exit::Failed,
        })
    }
}

async fn compare(state: &State, engine: &dyn Engine, hide_keys: bool) -> Result<VerifyView, Failure> {
    let plan = &state.plan;
    let mut tables = Vec::new();
    for change in plan.execution.tables.iter().filter(|change| !change.up.is_empty() || !change.down.is_empty()) {
        tables.push(table(change, engine, hide_keys).await?);
    }
    let readings = segue_steps::readings(engine, plan, state).await;
    let checks: Vec<CheckVerdict> =
        readings.iter().map(|reading| CheckVerdict { name: reading.name.clone(), verdict: verdict(reading.agrees) }).collect();
    let all = || tables.iter().map(|table| table.verdict).chain(checks.iter().map(|check| check.verdict));
    let verdict = if all().any(|verdict| verdict == Verdict::Different) {
        Verdict::Different
    } else if all().any(|verdict| verdict == Verdict::Undecided) {
        Verdict::Undecided
    } else {
        Verdict::Equal
    };
    let unchanged = plan.execution.tables.iter().filter(|change| change.up.is_empty() && change.down.is_empty());
    let unasked =
        readings.iter().filter(|reading| reading.agrees.is_none()).map(|reading| format!("check {}: {}", reading.name, reading.what));
    let not_compared = unchanged
        .map(|change| format!("{}: no row changes its form; rows that break a new constraint are found by its own step", change.table))
        .chain(unasked)
        .collect();
    Ok(VerifyView { verdict, engine: "forms".to_owned(), tables, checks, not_compared })
}

fn verdict(agrees: Option<bool>) -> Verdict {
    match agrees {
        Some(true) => Verdict::Equal,
        Some(false) => Verdict::Different,
        None => Verdict::Undecided,
    }
}

async fn table(change: &TableChange, engine: &dyn Engine, hide_keys: bool) -> Result<TableVerdict, Failure> {
    let reshape = engine.reshape();
    let (mut rows, mut changed, mut unconverted, mut examples, mut after) = (0, 0, 0, Vec::new(), None);
    loop {
        let range = reshape.compare(change, after.as_ref(), RANGE).await?;
        rows += range.compared;
        changed += range.mismatches;
        unconverted += range.unconverted;
        examples.extend(range.examples);
        match range.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    examples.truncate(10);
    if hide_keys {
        examples.clear();
    }
    let aside = reshape.rejected(change).await?;
    let (rejected, kept_aside) = (aside.count, if hide_keys { Vec::new() } else { aside.examples });
    let verdict = match (changed, unconverted + rejected) {
        (0, 0) => Verdict::Equal,
        (0, _) => Verdict::Undecided,
        _ => Verdict::Different,
    };
    Ok(TableVerdict {
        source: change.table.to_string(),
        target: change.table.to_string(),
        verdict,
        source_rows: rows,
        target_rows: rows,
        unconverted,
        rejected,
        changed,
        examples,
        kept_aside,
        not_compared: Vec::new(),
    })
}
