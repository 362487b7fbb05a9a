//! The whole of a comparison: every table, then the checks, one report.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use segue_engine::ErrorKind;
use segue_journal::StopFlag;
use segue_model::spec::Spec;
use segue_model::verify::{Verdict, VerifyReport};
use segue_verify::{Pace, TablePair};

use super::checks::{self, Ground};
use super::fingerprints;
use super::found::DiffRows;
use super::line::Line;
use super::pace::Paced;
use super::rows::{self, Moments, TableDone, Wanted};
use super::sides::SideOpen;
use crate::cli::verify::flags::CheckFlags;
use crate::drive::signals::Signals;
use crate::failure::Failure;
use crate::show::Show;

/// What a comparison has beside its rows.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    /// Where each differing row is written.
    pub(crate) diff_rows: Option<PathBuf>,
    /// Bounds of what the databases carry meanwhile.
    pub(crate) max_load: BTreeMap<String, u64>,
    /// The same of replication lag.
    pub(crate) max_lag: Option<Duration>,
    /// Both sides are the same database.
    pub(crate) one_database: bool,
}

/// The sides and what was asked for.
pub(crate) struct Whole<'a> {
    /// The truth by default.
    pub(crate) source: &'a SideOpen,
    /// What is to be the same.
    pub(crate) target: &'a SideOpen,
    /// What of the rows.
    pub(crate) wanted: &'a Wanted,
    /// The rest.
    pub(crate) extra: &'a Extra,
    /// What is compared beside the rows.
    pub(crate) checks: &'a CheckFlags,
    /// The spec, where there is one.
    pub(crate) spec: Option<&'a Spec>,
}

/// What it came to, with what a repair needs.
pub(crate) struct Outcome {
    /// The report.
    pub(crate) report: VerifyReport,
    /// The tables with their differing rows.
    pub(crate) tables: Vec<TableDone>,
    /// What was read of both sides.
    pub(crate) pairs: Vec<TablePair>,
    /// A person stopped it.
    pub(crate) stopped: Option<crate::exit::Exit>,
}

impl Outcome {
    /// A connection or a login failed.
    pub(crate) fn lost_a_side(&self) -> bool {
        let lost = |done: &TableDone| matches!(done.failed, Some(ErrorKind::Connection | ErrorKind::Credentials));
        self.tables.iter().any(lost)
    }
}

/// Compares all tables.
pub(crate) async fn compare(whole: &Whole<'_>, show: &Show) -> Result<Outcome, Failure> {
    let (source, target, wanted) = (whole.source, whole.target, whole.wanted);
    let stop = Arc::new(StopFlag::new());
    let signals = Signals::listen(Arc::clone(&stop), show.clone())?;
    let paced = Paced::new(
        vec![Arc::clone(&source.database), Arc::clone(&target.database)],
        stop,
        whole.extra.max_load.clone(),
        whole.extra.max_lag,
    );
    let mut line = Line::new(show);
    line.doing("reading the catalogs …");
    let paired = rows::pair(source, target, wanted).await?;
    let mut diff_rows = whole.extra.diff_rows.as_deref().map(DiffRows::create).transpose().map_err(rows::failure)?;
    let moments = Moments::take(source, target, wanted.options.readers, whole.extra.one_database).await?;
    let (mut tables, mut pairs) = (Vec::new(), Vec::new());
    for (a, b, made) in paired.tables {
        if signals.last().is_some() {
            break;
        }
        line.begin();
        match made {
            Err(error) => tables.push(rows::unpaired(&a, &b, &error)),
            Ok(pair) => {
                pairs.push(pair.clone());
                if !whole.checks.no_rows {
                    tables.push(rows::table((source, target), &moments, pair, wanted, &paced, &line, diff_rows.as_mut()).await);
                }
            }
        }
    }
    let stopped = signals.last();
    let words = moments.words();
    let beside = if stopped.is_some() { Ok(Beside::default()) } else { beside(whole, &pairs, &moments, &paced, &line).await };
    moments.close().await;
    line.finish();
    let beside = beside?;
    tables.extend(paired.alone.iter().map(|(table, in_source)| rows::alone(table, *in_source)));
    if let Some(file) = diff_rows {
        file.finish().map_err(rows::failure)?;
    }
    let mut report = report(&tables, beside.checks);
    report.moments = words;
    report.not_compared.extend(paired.notes);
    report.not_compared.extend(beside.left_out);
    // What a server cannot keep still while it is read; the advice of a file is for those who write to it.
    for side in [source, target].into_iter().filter(|side| side.engine != "sqlite") {
        report.not_compared.extend(side.warnings.iter().map(|warning| format!("the {}: {warning}", side.name)));
    }
    Ok(Outcome { report, tables, pairs, stopped })
}

/// What was compared beside the rows.
#[derive(Default)]
struct Beside {
    checks: Vec<segue_model::verify::CheckReport>,
    left_out: Vec<String>,
}

async fn beside(whole: &Whole<'_>, pairs: &[TablePair], moments: &Moments, pace: &dyn Pace, line: &Line) -> Result<Beside, Failure> {
    line.doing("the checks …");
    let ground = Ground { sides: (whole.source, whole.target), pairs, moments, spec: whole.spec, show_values: whole.wanted.shown.values };
    let (mut checks, left_out) = checks::run(whole.checks, &ground).await?;
    let reads = fingerprints::of_pairs(pairs);
    checks.extend(stored(whole.checks, &reads, moments, whole.wanted, pace).await?);
    Ok(Beside { checks, left_out })
}

/// Fingerprints: the one that is written, the one that is held against.
async fn stored(
    flags: &CheckFlags,
    reads: &fingerprints::Reads,
    moments: &Moments,
    wanted: &Wanted,
    pace: &dyn Pace,
) -> Result<Option<segue_model::verify::CheckReport>, Failure> {
    if let Some(path) = &flags.save_fingerprint {
        fingerprints::save(path, reads, moments, &wanted.options, pace).await?;
    }
    match &flags.against_fingerprint {
        None => Ok(None),
        Some(path) => fingerprints::drifted(path, reads, moments, &wanted.options, pace).await.map(Some),
    }
}

/// One side alone: a fingerprint of it is written, or held against what it holds now.
pub(crate) async fn alone(side: &SideOpen, flags: &CheckFlags, wanted: &Wanted, show: &Show) -> Result<Outcome, Failure> {
    let stop = Arc::new(StopFlag::new());
    let signals = Signals::listen(Arc::clone(&stop), show.clone())?;
    let paced = Paced::new(vec![Arc::clone(&side.database)], stop, BTreeMap::new(), None);
    let all = side.database.tables().await?;
    let chosen = segue_verify::mapping::tables(&all, &all, &wanted.choice).map_err(rows::failure)?;
    let tables: Vec<_> = chosen.pairs.into_iter().map(|(table, _)| table).collect();
    let reads = fingerprints::of_side(side, &tables).await?;
    let moments = Moments::take(side, side, wanted.options.readers, true).await?;
    let stored = stored(flags, &reads, &moments, wanted, &paced).await;
    let moment = moments.source().moment();
    moments.close().await;
    let mut report = VerifyReport::new("fingerprint", Vec::new(), stored?.into_iter().collect());
    report.moments.push(format!("source: {moment}"));
    if let Some(path) = &flags.save_fingerprint {
        report.not_compared.push(format!("nothing was compared: what {} tables hold is in `{}`", reads.len(), path.display()));
    }
    Ok(Outcome { report, tables: Vec::new(), pairs: Vec::new(), stopped: signals.last() })
}

fn report(tables: &[TableDone], checks: Vec<segue_model::verify::CheckReport>) -> VerifyReport {
    let mut reports: Vec<_> = tables.iter().map(|done| done.report.clone()).collect();
    reports.sort_by(|a, b| a.source.cmp(&b.source));
    let mut engines: Vec<&str> = reports.iter().map(|table| table.engine.as_str()).filter(|engine| !engine.is_empty()).collect();
    engines.sort_unstable();
    engines.dedup();
    let engine = match engines.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        _ => "mixed".to_owned(),
    };
    let mut report = VerifyReport::new(engine, reports, checks);
    if report.tables.is_empty() && report.checks.is_empty() {
        // Nothing compared is never equal.
        report.verdict = Verdict::Undecided;
        report.not_compared.push("no table was compared".to_owned());
    }
    report
}
