//! A stored fingerprint of the source's tables: written, or held against what they hold now.

use std::collections::BTreeSet;
use std::path::Path;

use segue_engine::rows::{ColumnRows, Read, ReadColumn, TableRows};
use segue_model::ident::TableName;
use segue_model::units::grouped;
use segue_model::verify::{CheckReport, Verdict};
use segue_verify::checks::drift::{self, Drifted};
use segue_verify::fingerprint::{self, Chosen, Fingerprint};
use segue_verify::mapping::Mapping;
use segue_verify::{Pace, TablePair, VerifyError};

use super::asked::refuse;
use super::rows::{Moments, Wanted, failure};
use super::sides::SideOpen;
use crate::failure::Failure;
use crate::inputs;

/// A table of the source, and whether its ranges are cheap to read.
pub(crate) type Reads = Vec<(Read, bool)>;

/// What is read of the source of each pair.
pub(crate) fn of_pairs(pairs: &[TablePair]) -> Reads {
    pairs.iter().map(|pair| (pair.source.clone(), pair.ranges)).collect()
}

/// What is read of a side alone: every column that was chosen and can be read, under its own class; and a sentence for
/// each that cannot. `known`: names of columns that a fingerprint has.
pub(crate) async fn of_side(
    side: &SideOpen,
    tables: &[TableName],
    all: &Mapping,
    known: &BTreeSet<String>,
) -> Result<(Reads, Vec<String>), Failure> {
    let (mut out, mut gaps) = (Vec::new(), Vec::new());
    let mut unknown: Vec<&String> = all.only.iter().chain(&all.ignored).filter(|name| !known.contains(*name)).collect();
    for table in tables {
        let described = side.database.describe(table).await?;
        unknown.retain(|name| described.columns.iter().all(|column| column.name != **name));
        for column in described.columns.iter().filter(|column| is_chosen(column, &described, all)) {
            gaps.extend(column.unreadable.as_ref().map(|why| format!("{table}: column {} cannot be read: {why}", column.name)));
        }
        out.push((own(&described, all)?, described.ranges_are_cheap));
    }
    if let Some(name) = unknown.first().filter(|_| !tables.is_empty()) {
        let message = format!("no table has a column `{name}`, which --columns or --ignore-columns names");
        return Err(refuse("SG-VER-002", message, "look at its name; case counts"));
    }
    Ok((out, gaps))
}

fn is_chosen(column: &ColumnRows, table: &TableRows, all: &Mapping) -> bool {
    let is_key = table.key.as_ref().is_some_and(|key| key.contains(&column.name));
    (all.only.is_empty() || is_key || all.only.contains(&column.name)) && !all.ignored.contains(&column.name)
}

fn own(table: &TableRows, all: &Mapping) -> Result<Read, Failure> {
    let chosen = |column: &&ColumnRows| column.unreadable.is_none() && is_chosen(column, table, all);
    let readable: Vec<_> = table.columns.iter().filter(chosen).collect();
    if readable.is_empty() {
        let message = format!("{} has none of the columns that --columns names, or none that is left", table.table);
        return Err(refuse("SG-VER-002", message, "name the tables that have them: --table NAME"));
    }
    let columns =
        readable.iter().map(|column| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() }).collect();
    let place = |name: &String| readable.iter().position(|column| column.name == *name);
    let key = table.key.as_ref().and_then(|key| key.iter().map(place).collect::<Option<Vec<_>>>()).unwrap_or_default();
    Ok(Read { filter: all.source_where.clone(), ..Read::new(table.table.clone(), columns, key) })
}

/// Writes what the tables hold at this moment. Gives a sentence about it.
pub(crate) async fn save(path: &Path, reads: &Reads, moments: &Moments, wanted: &Wanted, pace: &dyn Pace) -> Result<String, Failure> {
    let mut tables = Vec::new();
    for (read, cheap) in reads {
        // The bounds of ranges are keys.
        let cut = *cheap && !wanted.shown.hide_keys;
        tables.push(fingerprint::take(moments.source(), read, cut, &wanted.options, pace).await.map_err(failure)?);
    }
    let (count, rows) = (tables.len(), tables.iter().map(|table| table.rows).sum::<u64>());
    let text = Fingerprint::new(tables, crate::VERSION).of(chosen(wanted)).to_json().map_err(failure)?;
    crate::cli::check::write(path, &text)?;
    let tables = if count == 1 { "1 table".to_owned() } else { format!("{count} tables") };
    Ok(format!("the fingerprint of {tables} with {} rows is in `{}`", grouped(rows), path.display()))
}

fn chosen(wanted: &Wanted) -> Chosen {
    let all = &wanted.mappings.all;
    Chosen::new(&all.only, &all.ignored, all.source_where.as_deref())
}

/// The names of columns that a fingerprint has. One of another choice of rows or columns is refused: its sums say nothing
/// of this one.
pub(crate) fn columns_of(path: &Path, wanted: &Wanted) -> Result<BTreeSet<String>, Failure> {
    let (saved, now) = (read(path)?, chosen(wanted));
    let then = &saved.chosen;
    let named = |names: &[String], flag: &str| {
        if names.is_empty() { format!("without {flag}") } else { format!("with {flag} {}", names.join(",")) }
    };
    let taken = if then.filter_hash != now.filter_hash {
        match (&then.filter_hash, &now.filter_hash) {
            (Some(_), None) => "with --where".to_owned(),
            (None, _) => "without --where".to_owned(),
            (Some(_), Some(_)) => "with another --where".to_owned(),
        }
    } else if then.columns != now.columns {
        named(&then.columns, "--columns")
    } else if then.ignored != now.ignored {
        named(&then.ignored, "--ignore-columns")
    } else {
        return Ok(saved.tables.into_iter().flat_map(|table| table.columns).map(|column| column.name).collect());
    };
    let message = format!("the fingerprint `{}` was taken {taken}, and this is another choice", path.display());
    Err(refuse("SG-VER-001", message, "give the flags with which it was taken, or take a new one"))
}

/// Refuses a file that is no fingerprint before anything is read.
pub(crate) fn look_at(path: &Path) -> Result<(), Failure> {
    read(path).map(|_| ())
}

fn read(path: &Path) -> Result<Fingerprint, Failure> {
    let text = inputs::read_text(path, "the fingerprint")?;
    Fingerprint::from_json(&text).map_err(|error| broken(path, error))
}

/// Holds the tables against a stored fingerprint. `there`: all tables of the source. `whole`: all of their columns are
/// among the reads, so that a column that is missing there is gone.
pub(crate) async fn drifted(
    path: &Path,
    (reads, there, whole): (&Reads, &[TableName], bool),
    moments: &Moments,
    wanted: &Wanted,
    pace: &dyn Pace,
) -> Result<CheckReport, Failure> {
    let saved = read(path)?;
    let (mut found, mut gaps, mut left_out) = (Vec::new(), Vec::new(), 0);
    for table in &saved.tables {
        let name = table.table.to_string();
        if !wanted.choice.takes(&table.table) {
            left_out += 1;
        } else if let Some((read, _)) = reads.iter().find(|(read, _)| read.table == table.table) {
            let drift = fingerprint::drift(moments.source(), read, table, &wanted.options, pace).await;
            let mut drift = drift.map_err(|error| broken(path, error))?;
            if wanted.shown.hide_keys {
                drift.ranges.iter_mut().for_each(|range| (range.from, range.below) = (None, None));
            }
            let names = |names: &mut dyn Iterator<Item = &String>| names.cloned().collect::<BTreeSet<_>>();
            let (then, now) =
                (names(&mut table.columns.iter().map(|column| &column.name)), names(&mut read.columns.iter().map(|column| &column.name)));
            found.push(Drifted::of(name, &drift, whole && then != now));
        } else if there.contains(&table.table) {
            let seen = "it was not read, because the target has no such table".to_owned();
            found.push(Drifted { table: name, verdict: Verdict::Undecided, seen });
        } else {
            found.push(Drifted { table: name, verdict: Verdict::Different, seen: "it is not there any more".to_owned() });
        }
    }
    if left_out > 0 {
        gaps.push(format!(
            "what of the fingerprint was left out by name: {}",
            if left_out == 1 { "1 table".to_owned() } else { format!("{left_out} tables") }
        ));
    }
    gaps.extend(
        reads
            .iter()
            .filter(|(read, _)| saved.table(&read.table).is_none())
            .map(|(read, _)| format!("{}: the fingerprint does not have it", read.table)),
    );
    Ok(drift::report(&format!("the fingerprint `{}`", path.display()), &found, gaps))
}

/// A file that is no fingerprint, or a damaged one. What else fails is what it is.
fn broken(path: &Path, error: VerifyError) -> Failure {
    match error {
        VerifyError::File(why) => refuse(
            "SG-VER-001",
            format!("`{}`: {why}", path.display()),
            "take a new one of a side that is right: segue verify --source URL --save-fingerprint FILE",
        ),
        other => failure(other),
    }
}
