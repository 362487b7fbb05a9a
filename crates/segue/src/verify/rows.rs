//! Comparing tables, one after the other, in one moment of each side; rows that differ are looked at a second time where
//! the databases are live.
//!
//! A side that fails makes its table undecided, by name; it is never a difference and never equality.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::rows::Snapshot;
use segue_engine::{EngineError, ErrorKind};
use segue_model::catalog::Table;
use segue_model::change::Change;
use segue_model::ident::TableName;
use segue_model::verify::{Counts, DifferenceKind, Gap, TableReport, Verdict};
use segue_verify::mapping::{self, Choice};
use segue_verify::{Compared, Difference, Options, Pace, Settling, TablePair, VerifyError};

use super::asked::Mappings;
use super::found::{DiffRows, Found, Shown};
use super::line::Line;
use super::sides::SideOpen;
use super::stopped::Keeper;
use super::views;
use crate::failure::Failure;

/// What of the rows was asked for.
pub(crate) struct Wanted {
    /// Which tables.
    pub(crate) choice: Choice,
    /// How their columns belong together.
    pub(crate) mappings: Mappings,
    /// How they are compared.
    pub(crate) options: Options,
    /// What may be shown.
    pub(crate) shown: Shown,
    /// Rows kept of each table, for a second look or a repair.
    pub(crate) keep: usize,
    /// No second look at rows that differ: the databases are at rest.
    pub(crate) at_rest: bool,
    /// Views that are named are compared: nothing is to be put right.
    pub(crate) views: bool,
    /// Only tables of these schemas: of the source, of the target.
    pub(crate) schemas: (Option<String>, Option<String>),
}

/// A table that was compared, with what a repair needs.
pub(crate) struct TableDone {
    /// For the report.
    pub(crate) report: TableReport,
    /// What was read; `None` where the table is on one side only or could not be paired.
    pub(crate) pair: Option<TablePair>,
    /// The rows that differ, as many as were kept.
    pub(crate) found: Vec<Difference>,
    /// Rows that differ and were not kept.
    pub(crate) over: u64,
    /// The kind of error that left it undecided.
    pub(crate) failed: Option<ErrorKind>,
}

/// Tables of both sides, paired.
pub(crate) struct Paired {
    /// Pairs, and those that could not be made into one: with the reason.
    pub(crate) tables: Vec<(TableName, TableName, Result<TablePair, VerifyError>)>,
    /// Tables of one side only.
    pub(crate) alone: Vec<Alone>,
    /// What somebody should know.
    pub(crate) notes: Vec<String>,
}

/// A table that only one side has.
pub(crate) struct Alone {
    /// Its name.
    pub(crate) table: TableName,
    /// That side is the source.
    pub(crate) in_source: bool,
    /// The other one has a view of that name.
    pub(crate) view: bool,
}

/// Pairs the tables and their columns.
pub(crate) async fn pair(source: &SideOpen, target: &SideOpen, wanted: &Wanted) -> Result<Paired, Failure> {
    let (of_source, of_target) = (wanted.schemas.0.as_deref(), wanted.schemas.1.as_deref());
    let mut here = in_schema(source.database.tables().await?, of_source, "source")?;
    let mut there = in_schema(target.database.tables().await?, of_target, "target")?;
    let (mut from, mut to) = (BTreeSet::new(), BTreeSet::new());
    if wanted.views {
        // What has another name on the other side is not looked for under this one.
        let Choice { include, renamed, .. } = &wanted.choice;
        let of_both = |name: &&String| !renamed.contains_key(*name) && !renamed.values().any(|to| to == *name);
        from = views::named(source, of_source, &mut here, include.iter().filter(of_both).chain(renamed.keys())).await?;
        to = views::named(target, of_target, &mut there, include.iter().filter(of_both).chain(renamed.values())).await?;
    }
    let found = mapping::tables(&here, &there, &wanted.choice).map_err(failure)?;
    let (mut tables, all) = (Vec::new(), &wanted.mappings.all);
    let mut unknown: Vec<String> = all.ignored.iter().chain(&all.only).cloned().collect();
    let checks = checks_of(target, &found.pairs, &wanted.mappings.changes).await?;
    for (a, b) in &found.pairs {
        let mut made = pair_of((source, a), (target, b), &wanted.mappings, &checks, &mut unknown).await;
        if let Ok(pair) = &mut made {
            views::note(pair, from.contains(a), to.contains(b));
        }
        tables.push((a.clone(), b.clone(), made));
    }
    if let Some(name) = unknown.first().filter(|_| !tables.is_empty()) {
        let message = format!("no table has a column `{name}`, which --columns or --ignore-columns names");
        return Err(super::asked::refuse("SG-VER-002", message, "look at its name"));
    }
    let only = found.only_in_source.into_iter().map(|table| (table, true));
    let (mut alone, mut notes) = (Vec::new(), found.notes);
    notes.extend(wanted.mappings.unread.iter().cloned());
    for (table, in_source) in only.chain(found.only_in_target.into_iter().map(|table| (table, false))) {
        if let Some(sentence) = mapping::declared_table(&wanted.mappings.changes, &table, in_source) {
            notes.push(sentence);
            continue;
        }
        let view = views::instead(if in_source { target } else { source }, &table).await;
        alone.push(Alone { table, in_source, view });
    }
    Ok(Paired { tables, alone, notes })
}

/// The tables of a schema; a schema without tables is refused, or everything would be "only on the other side".
pub(crate) fn in_schema(mut tables: Vec<TableName>, schema: Option<&str>, side: &str) -> Result<Vec<TableName>, Failure> {
    if let Some(schema) = schema {
        tables.retain(|table| table.schema == schema);
        if tables.is_empty() {
            let message = format!("the {side} has no table in a schema `{schema}`");
            return Err(super::asked::refuse("SG-VER-002", message, "look at its name; case counts"));
        }
    }
    Ok(tables)
}

/// The names of constraints that hold for all rows, by table of the target: asked for only where a change needs them.
async fn checks_of(
    target: &SideOpen,
    pairs: &[(TableName, TableName)],
    changes: &[Change],
) -> Result<BTreeMap<TableName, BTreeSet<String>>, Failure> {
    if !changes.iter().any(|change| matches!(change, Change::AddCheck(check) if !check.up.is_empty())) {
        return Ok(BTreeMap::new());
    }
    let tables: Vec<TableName> = pairs.iter().map(|(_, table)| table.clone()).collect();
    let catalog = target.database.catalog_of(&tables).await?.catalog;
    let names = |table: &Table| table.constraints.iter().filter(|one| one.validated).map(|one| one.name.clone()).collect();
    Ok(catalog.tables.iter().map(|table| (table.name.clone(), names(table))).collect())
}

/// `unknown`: names of columns to be compared or left out that no table had so far.
async fn pair_of(
    (source, a): (&SideOpen, &TableName),
    (target, b): (&SideOpen, &TableName),
    mappings: &Mappings,
    checks: &BTreeMap<TableName, BTreeSet<String>>,
    unknown: &mut Vec<String>,
) -> Result<TablePair, VerifyError> {
    let on = |side| move |error| VerifyError::Side { side, error };
    let here = source.database.describe(a).await.map_err(on(segue_verify::Side::Source))?;
    let there = target.database.describe(b).await.map_err(on(segue_verify::Side::Target))?;
    let mut mapping = mappings.of(&a.name);
    let has = |name: &str| here.columns.iter().chain(&there.columns).any(|column| column.name.eq_ignore_ascii_case(name));
    // A flag names columns for all tables: each table takes those that it has.
    unknown.retain(|name| !has(name));
    mapping.ignored.retain(|name| has(name));
    if mapping.only.iter().any(|name| has(name)) {
        mapping.only.retain(|name| has(name));
    }
    let none = BTreeSet::new();
    let declared = mapping::reshape(&mut mapping, &mappings.changes, &here, (&there, checks.get(b).unwrap_or(&none)))?;
    mapping::spell(&mut mapping, &here, &there, source.database.as_ref())?;
    let mut pair = mapping::pair(&here, source.engine, &there, target.engine, &mapping)?;
    mapping::declare(&mut pair, &declared);
    Ok(pair)
}

/// One moment of each side. Where both are one database, it is the same moment.
pub(crate) struct Moments {
    source: Box<dyn Snapshot>,
    target: Option<Box<dyn Snapshot>>,
}

impl Moments {
    /// Takes them. `one`: both sides are the same database.
    pub(crate) async fn take(source: &SideOpen, target: &SideOpen, readers: usize, one: bool) -> Result<Self, EngineError> {
        if one {
            let both = source.database.snapshot(readers * 2).await?;
            // Both sides are read at once: where a moment has one reader, each side needs a moment of its own.
            if both.readers() > 1 {
                return Ok(Self { source: both, target: None });
            }
            both.close().await?;
        }
        let source = source.database.snapshot(readers).await?;
        let target = target.database.snapshot(readers).await?;
        Ok(Self { source, target: Some(target) })
    }

    /// That of the source.
    pub(crate) fn source(&self) -> &dyn Snapshot {
        self.source.as_ref()
    }

    /// That of the target.
    pub(crate) fn target(&self) -> &dyn Snapshot {
        self.target.as_deref().unwrap_or(self.source.as_ref())
    }

    /// In words.
    pub(crate) fn words(&self) -> Vec<String> {
        match &self.target {
            None => vec![format!("both sides: {}", self.source.moment())],
            Some(target) => vec![format!("source: {}", self.source.moment()), format!("target: {}", target.moment())],
        }
    }

    /// Lets them go. What is over anyway may fail unheard.
    pub(crate) async fn close(self) {
        let _ = self.source.close().await;
        if let Some(target) = self.target {
            let _ = target.close().await;
        }
    }
}

/// What tables are compared with.
pub(crate) struct Work<'a> {
    /// Both sides.
    pub(crate) sides: (&'a SideOpen, &'a SideOpen),
    /// Their moments.
    pub(crate) moments: &'a Moments,
    /// What was asked for.
    pub(crate) wanted: &'a Wanted,
    /// How fast.
    pub(crate) pace: &'a dyn Pace,
    /// The line of progress.
    pub(crate) line: &'a Line,
}

/// Compares one pair; goes on where an earlier run stopped.
pub(crate) async fn table(work: &Work<'_>, pair: TablePair, diff_rows: Option<&mut DiffRows>, keeper: &mut Keeper) -> TableDone {
    let Work { sides, moments, wanted, pace, line } = *work;
    let mut report = TableReport::empty(pair.source.table.to_string(), pair.target.table.to_string());
    report.not_compared.clone_from(&pair.not_compared);
    report.notes.clone_from(&pair.notes);
    // A row that goes on changing is told apart only on a second look; what is found at first is told after that.
    let live = !wanted.at_rest && wanted.options.sample.is_none() && !pair.source.key.is_empty();
    let mut sink = Found::new(&pair, wanted.shown, line, diff_rows, wanted.keep);
    if live {
        sink = sink.deferred();
    }
    let compared = async {
        let mut noting = keeper.noting(&pair, sink)?;
        let resume = noting.resume();
        let (source, target) = (moments.source(), moments.target());
        let compared = segue_verify::compare(source, target, &pair, &wanted.options, pace, &mut noting, resume.as_ref()).await?;
        Ok((compared, noting.into_found()))
    };
    let (compared, (mut sink, parts)) = match Box::pin(compared).await {
        Ok(done) => done,
        Err(error) => return undecided(report, pair, error),
    };
    report.notes.extend(parts);
    fill(&mut report, &compared);
    let mut found = std::mem::take(&mut sink.kept);
    if live && !found.is_empty() {
        let told = match settle(sides, &pair, &found, pace, &mut report).await {
            Ok(left) => sink.settled(&left).map(|()| left),
            Err(error) => Err(error),
        };
        found = match told {
            Ok(left) => left,
            Err(error) => {
                drop(sink);
                return undecided(report, pair, error);
            }
        };
        if sink.over > 0 {
            report.notes.push(format!("{} of the rows that differ were not looked at a second time", sink.over));
        }
    }
    report.examples = std::mem::take(&mut sink.examples);
    let over = sink.over;
    drop(sink);
    verdict(&mut report, &pair, &compared, wanted);
    TableDone { report, pair: Some(pair), found, over, failed: None }
}

/// The second look: what differs still, what is equal by now, what goes on moving.
async fn settle(
    sides: (&SideOpen, &SideOpen),
    pair: &TablePair,
    found: &[Difference],
    pace: &dyn Pace,
    report: &mut TableReport,
) -> Result<Vec<Difference>, VerifyError> {
    let keys: Vec<Vec<u8>> = found.iter().map(|difference| difference.key.clone()).collect();
    let settled =
        segue_verify::settle(sides.0.database.as_ref(), sides.1.database.as_ref(), pair, &keys, Settling::default(), pace).await?;
    for (kind, total) in [
        (DifferenceKind::MissingInTarget, &mut report.missing_in_target),
        (DifferenceKind::ExtraInTarget, &mut report.extra_in_target),
        (DifferenceKind::Changed, &mut report.changed),
    ] {
        let count = |list: &[Difference]| list.iter().filter(|one| one.kind == kind).map(|one| one.count).sum::<u64>();
        *total = total.saturating_sub(count(found)) + count(&settled.different);
    }
    report.moving = settled.moving.len() as u64;
    report.notes.push(settled.why);
    Ok(settled.different)
}

fn fill(report: &mut TableReport, compared: &Compared) {
    compared.engine.clone_into(&mut report.engine);
    report.why.clone_from(&compared.why);
    report.rows = Counts { source: Some(compared.source_rows), target: Some(compared.target_rows) };
    report.missing_in_target = compared.missing;
    report.extra_in_target = compared.extra;
    report.changed = compared.changed;
    report.ms = compared.ms;
    report.notes.extend(compared.sample.as_ref().map(|sample| sample.sentence.clone()));
    report.notes.extend(compared.incomplete.clone());
}

/// What it comes to. A column that nobody asked to leave out and that could not be compared makes it undecided; one that
/// only one side has makes it different: what was lost with a column is lost.
fn verdict(report: &mut TableReport, pair: &TablePair, compared: &Compared, wanted: &Wanted) {
    let alone: Vec<&String> = pair.only_in_source.iter().chain(&pair.only_in_target).filter(|name| !left_out(name, wanted)).collect();
    let unread: Vec<&Gap> = report
        .not_compared
        .iter()
        .filter(|gap| {
            !left_out(&gap.column, wanted) && !pair.only_in_source.contains(&gap.column) && !pair.only_in_target.contains(&gap.column)
        })
        .collect();
    let differs = report.different() > 0 || compared.incomplete.is_some() || !alone.is_empty();
    report.verdict = if differs {
        Verdict::Different
    } else if !unread.is_empty() {
        let names: BTreeSet<&str> = unread.iter().map(|gap| gap.column.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        report.undecided = Some(format!("not compared: {}; leave it out by name if that is right: --ignore-columns", names.join(", ")));
        Verdict::Undecided
    } else if report.moving > 0 {
        report.undecided = Some("rows went on changing while they were compared: run it again".to_owned());
        Verdict::Undecided
    } else {
        Verdict::Equal
    };
}

fn left_out(column: &str, wanted: &Wanted) -> bool {
    let all = &wanted.mappings.all;
    let is_in = |list: &[String]| list.iter().any(|name| name.eq_ignore_ascii_case(column));
    is_in(&all.ignored) || (!all.only.is_empty() && !is_in(&all.only))
}

/// A table that could not be compared to the end.
pub(crate) fn undecided(mut report: TableReport, pair: TablePair, error: VerifyError) -> TableDone {
    let failed = kind_of(&error);
    report.verdict = Verdict::Undecided;
    report.undecided = Some(words(&error));
    TableDone { report, pair: Some(pair), found: Vec::new(), over: 0, failed }
}

/// The same, of a table whose sides could not be paired.
pub(crate) fn unpaired(source: &TableName, target: &TableName, error: &VerifyError) -> TableDone {
    let mut report = TableReport::empty(source.to_string(), target.to_string());
    report.undecided = Some(words(error));
    TableDone { report, pair: None, found: Vec::new(), over: 0, failed: kind_of(error) }
}

/// A table that only one side has.
pub(crate) fn alone(Alone { table, in_source, view }: &Alone) -> TableDone {
    let mut report = TableReport::empty(table.to_string(), table.to_string());
    report.verdict = Verdict::Different;
    let other = if *in_source { "target" } else { "source" };
    report.notes.push(format!("the {other} has no such table"));
    if *view {
        report.notes.push(format!("the {other} has a view of that name: --table {table} compares the two"));
    }
    TableDone { report, pair: None, found: Vec::new(), over: 0, failed: None }
}

fn kind_of(error: &VerifyError) -> Option<ErrorKind> {
    match error {
        VerifyError::Side { error, .. } => Some(error.kind),
        _ => None,
    }
}

/// With the code, where there is one.
fn words(error: &VerifyError) -> String {
    match error {
        VerifyError::Side { error: engine, .. } => format!("{error} ({})", engine.code),
        _ => error.to_string(),
    }
}

/// A failure of the whole.
pub(crate) fn failure(error: VerifyError) -> Failure {
    match error {
        VerifyError::Side { error, .. } => error.into(),
        VerifyError::Interrupted => Failure::new(
            crate::exit::Exit::Interrupted,
            segue_model::problem::Problem::new("SG-VER-003", "it was interrupted").safe("nothing was changed"),
        ),
        VerifyError::Cannot(message) => super::asked::refuse("SG-VER-002", message, "segue verify --help"),
        VerifyError::File(message) => Failure::new(
            crate::exit::Exit::Failed,
            segue_model::problem::Problem::new("SG-CLI-001", message)
                .safe("nothing was changed")
                .help("name a file in a folder that can be written"),
        ),
    }
}
