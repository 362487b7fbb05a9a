//! The whole of a comparison: every table, then the checks, one report.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use segue_engine::ErrorKind;
use segue_journal::StopFlag;
use segue_model::spec::Spec;
use segue_model::verify::{Verdict, VerifyReport};
use segue_verify::{Pace, TablePair, VerifyError};

use super::checks::{self, Ground};
use super::fingerprints;
use super::found::DiffRows;
use super::line::Line;
use super::pace::{Bounds, Paced};
use super::rows::{self, Alone, Moments, TableDone, Wanted, Work};
use super::sides::SideOpen;
use super::stopped::Keeper;
use crate::cli::verify::flags::{CheckFlags, With};
use crate::drive::signals::Signals;
use crate::failure::Failure;
use crate::show::Show;

/// What a comparison has beside its rows.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    /// Where each differing row is written.
    pub(crate) diff_rows: Option<PathBuf>,
    /// Bounds of what the databases carry meanwhile.
    pub(crate) bounds: Bounds,
    /// Both sides are the same database.
    pub(crate) one_database: bool,
    /// Where what is finished is kept, so that a comparison that was stopped can go on.
    pub(crate) folder: Option<PathBuf>,
    /// Go on with one that was stopped.
    pub(crate) resume: bool,
    /// The rows that differ are to be put right.
    pub(crate) for_repair: bool,
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
    if let Some(path) = &whole.checks.against_fingerprint {
        fingerprints::columns_of(path, wanted)?;
    }
    let stop = Arc::new(StopFlag::new());
    let signals = Signals::listen(Arc::clone(&stop), show.clone())?;
    let mut keeper = Keeper::open((source, target), wanted, whole.extra, show)?;
    let mut line = Line::new(show);
    let paced = Paced::new(&[&source.database, &target.database], stop, whole.extra.bounds.clone(), line.waits(show));
    line.doing("reading the catalogs …");
    paced.possible().await.map_err(rows::failure)?;
    let paired = rows::pair(source, target, wanted).await?;
    let mut diff_rows = diff_rows(whole.extra, &keeper).map_err(rows::failure)?;
    let moments = Moments::take(source, target, wanted.options.readers, whole.extra.one_database).await?;
    keeper.at(moments.words());
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
                    let work = Work { sides: (source, target), moments: &moments, wanted, pace: &paced, line: &line };
                    tables.push(one(&work, pair, &mut diff_rows, &mut keeper).await?);
                }
            }
        }
    }
    let stopped = signals.last();
    let words = keeper.moments(moments.words());
    let beside = if stopped.is_some() { Ok(Beside::default()) } else { beside(whole, &pairs, &moments, &paced, &line).await };
    if stopped.is_none() {
        // A server that is still at work would have to be waited for.
        moments.close().await;
    }
    line.finish();
    let beside = beside?;
    keeper.close(&tables, stopped.is_some());
    let unread = of_one_side(&paired.alone, whole.checks, &mut tables);
    if let Some(file) = diff_rows {
        file.finish().map_err(rows::failure)?;
    }
    let wrote = beside.written.is_some() && tables.is_empty() && beside.checks.is_empty();
    let mut report = if wrote { VerifyReport::written("fingerprint") } else { report(&tables, beside.checks) };
    report.moments = words;
    report.not_compared.extend(unread);
    report.not_compared.extend(paired.notes);
    report.not_compared.extend(beside.left_out);
    report.moments.extend(beside.written);
    // What a server cannot keep still while it is read; the advice of a file is for those who write to it.
    for side in [source, target].into_iter().filter(|side| side.engine != "sqlite") {
        report.not_compared.extend(side.warnings.iter().map(|warning| format!("the {}: {warning}", side.name)));
    }
    Ok(Outcome { report, tables, stopped })
}

/// Tables of one side alone are a difference, unless neither rows nor counts nor forms were asked for: then they are
/// only named.
fn of_one_side(alone: &[Alone], checks: &CheckFlags, tables: &mut Vec<TableDone>) -> Vec<String> {
    if !checks.no_rows || checks.with.iter().any(|with| matches!(with, With::Counts | With::Catalog)) {
        tables.extend(alone.iter().map(rows::alone));
        return Vec::new();
    }
    let side = |in_source: bool| if in_source { "source" } else { "target" };
    alone.iter().map(|one| format!("{}: only the {} has it", one.table, side(one.in_source))).collect()
}

/// The file of differing rows: a new one, or that of the run that was stopped.
fn diff_rows(extra: &Extra, keeper: &Keeper) -> Result<Option<DiffRows>, VerifyError> {
    let Some(path) = &extra.diff_rows else { return Ok(None) };
    keeper.goes_on().map_or_else(|| DiffRows::create(path), |bytes| DiffRows::go_on(path, bytes)).map(Some)
}

/// One table, unless an earlier run finished it.
async fn one(work: &Work<'_>, pair: TablePair, diff_rows: &mut Option<DiffRows>, keeper: &mut Keeper) -> Result<TableDone, Failure> {
    if let Some(done) = keeper.ended(&pair) {
        return Ok(done);
    }
    let done = rows::table(work, pair, diff_rows.as_mut(), keeper).await;
    let told = diff_rows.as_mut().map(DiffRows::bytes).transpose().map_err(rows::failure)?;
    keeper.end(&done, told.unwrap_or(0));
    Ok(done)
}

/// What was compared beside the rows.
#[derive(Default)]
struct Beside {
    checks: Vec<segue_model::verify::CheckReport>,
    left_out: Vec<String>,
    written: Option<String>,
}

async fn beside(whole: &Whole<'_>, pairs: &[TablePair], moments: &Moments, pace: &dyn Pace, line: &Line) -> Result<Beside, Failure> {
    line.doing("the checks …");
    let ground = Ground { sides: (whole.source, whole.target), pairs, moments, spec: whole.spec, show_values: whole.wanted.shown.values };
    let (mut checks, left_out) = checks::run(whole.checks, &ground).await?;
    let reads = fingerprints::of_pairs(pairs);
    let stored = stored(whole.checks, whole.source, (&reads, false), moments, whole.wanted, pace).await?;
    checks.extend(stored.check);
    Ok(Beside { checks, left_out, written: stored.written })
}

/// What became of fingerprints.
struct Stored {
    /// How the tables stand to the one that they were held against.
    check: Option<segue_model::verify::CheckReport>,
    /// A sentence about the one that was written.
    written: Option<String>,
}

/// Fingerprints: the one that is written, the one that is held against. `whole`: the reads have every column.
async fn stored(
    flags: &CheckFlags,
    side: &SideOpen,
    (reads, whole): (&fingerprints::Reads, bool),
    moments: &Moments,
    wanted: &Wanted,
    pace: &dyn Pace,
) -> Result<Stored, Failure> {
    // Against first: the same file may be written anew.
    let check = match &flags.against_fingerprint {
        None => None,
        Some(path) => {
            let there = side.database.tables().await?;
            Some(fingerprints::drifted(path, (reads, &there, whole), moments, wanted, pace).await?)
        }
    };
    let written = match &flags.save_fingerprint {
        None => None,
        Some(path) => Some(fingerprints::save(path, reads, moments, wanted, pace).await?),
    };
    Ok(Stored { check, written })
}

/// One side alone: a fingerprint of it is written, or held against what it holds now.
pub(crate) async fn alone(side: &SideOpen, flags: &CheckFlags, wanted: &Wanted, show: &Show) -> Result<Outcome, Failure> {
    let stop = Arc::new(StopFlag::new());
    let signals = Signals::listen(Arc::clone(&stop), show.clone())?;
    let paced = Paced::new(&[&side.database], stop, Bounds::default(), Box::new(|_| {}));
    let known = flags.against_fingerprint.as_deref().map_or(Ok(BTreeSet::new()), |path| fingerprints::columns_of(path, wanted))?;
    let all = rows::in_schema(side.database.tables().await?, wanted.schemas.0.as_deref(), "source")?;
    let chosen = segue_verify::mapping::tables(&all, &all, &wanted.choice).map_err(rows::failure)?;
    let tables: Vec<_> = chosen.pairs.into_iter().map(|(table, _)| table).collect();
    let (reads, unread) = fingerprints::of_side(side, &tables, &wanted.mappings.all, &known).await?;
    let moments = Moments::take(side, side, wanted.options.readers, true).await?;
    let stored = stored(flags, side, (&reads, true), &moments, wanted, &paced).await;
    let moment = moments.source().moment();
    moments.close().await;
    let stored = stored?;
    let mut report = match stored.check {
        None => VerifyReport::written("fingerprint"),
        Some(check) => VerifyReport::new("fingerprint", Vec::new(), vec![check]),
    };
    report.moments.push(format!("source: {moment}"));
    report.moments.extend(stored.written);
    report.not_compared.extend(unread);
    Ok(Outcome { report, tables: Vec::new(), stopped: signals.last() })
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
