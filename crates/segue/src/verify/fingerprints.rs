//! A stored fingerprint of the source's tables: written, or held against what they hold now.

use std::collections::BTreeSet;
use std::path::Path;

use segue_engine::rows::{Read, ReadColumn, TableRows};
use segue_model::ident::TableName;
use segue_model::units::grouped;
use segue_model::verify::{CheckReport, Verdict};
use segue_verify::checks::drift::{self, Drifted};
use segue_verify::fingerprint::{self, Fingerprint};
use segue_verify::{Options, Pace, TablePair, VerifyError};

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

/// What is read of a side alone: every column that can be read, under its own class.
pub(crate) async fn of_side(side: &SideOpen, tables: &[TableName]) -> Result<Reads, Failure> {
    let mut out = Vec::new();
    for table in tables {
        let described = side.database.describe(table).await?;
        out.push((own(&described), described.ranges_are_cheap));
    }
    Ok(out)
}

fn own(table: &TableRows) -> Read {
    let readable: Vec<_> = table.columns.iter().filter(|column| column.unreadable.is_none()).collect();
    let columns =
        readable.iter().map(|column| ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() }).collect();
    let place = |name: &String| readable.iter().position(|column| column.name == *name);
    let key = table.key.as_ref().and_then(|key| key.iter().map(place).collect::<Option<Vec<_>>>()).unwrap_or_default();
    Read::new(table.table.clone(), columns, key)
}

/// Writes what the tables hold at this moment. Gives a sentence about it.
pub(crate) async fn save(path: &Path, reads: &Reads, moments: &Moments, options: &Options, pace: &dyn Pace) -> Result<String, Failure> {
    let mut tables = Vec::new();
    for (read, cheap) in reads {
        tables.push(fingerprint::take(moments.source(), read, *cheap, options, pace).await.map_err(failure)?);
    }
    let (count, rows) = (tables.len(), tables.iter().map(|table| table.rows).sum::<u64>());
    let text = Fingerprint::new(tables, crate::VERSION).to_json().map_err(failure)?;
    crate::cli::check::write(path, &text)?;
    let tables = if count == 1 { "1 table".to_owned() } else { format!("{count} tables") };
    Ok(format!("the fingerprint of {tables} with {} rows is in `{}`", grouped(rows), path.display()))
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
            let drift =
                fingerprint::drift(moments.source(), read, table, &wanted.options, pace).await.map_err(|error| broken(path, error))?;
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
