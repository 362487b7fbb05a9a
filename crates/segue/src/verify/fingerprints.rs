//! A stored fingerprint of the source's tables: written, or held against what they hold now.

use std::path::Path;

use segue_engine::rows::{Read, ReadColumn, TableRows};
use segue_model::verify::{CheckReport, Verdict};
use segue_verify::checks::drift::{self, Drifted};
use segue_verify::fingerprint::{self, Drift, Fingerprint};
use segue_verify::{Options, Pace, TablePair};

use super::rows::{Moments, failure};
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
pub(crate) async fn of_side(side: &SideOpen, tables: &[segue_model::ident::TableName]) -> Result<Reads, Failure> {
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

/// Writes what the tables hold at this moment.
pub(crate) async fn save(path: &Path, reads: &Reads, moments: &Moments, options: &Options, pace: &dyn Pace) -> Result<(), Failure> {
    let mut tables = Vec::new();
    for (read, cheap) in reads {
        tables.push(fingerprint::take(moments.source(), read, *cheap, options, pace).await.map_err(failure)?);
    }
    let text = Fingerprint::new(tables, crate::VERSION).to_json().map_err(failure)?;
    crate::cli::check::write(path, &text)
}

/// Holds the tables against a stored fingerprint.
pub(crate) async fn drifted(
    path: &Path,
    reads: &Reads,
    moments: &Moments,
    options: &Options,
    pace: &dyn Pace,
) -> Result<CheckReport, Failure> {
    let text = inputs::read_text(path, "the fingerprint")?;
    let saved = Fingerprint::from_json(&text).map_err(failure)?;
    let mut found = Vec::new();
    for table in &saved.tables {
        let Some((read, _)) = reads.iter().find(|(read, _)| read.table == table.table) else {
            let seen = "it is not there any more, or was left out".to_owned();
            found.push(Drifted { table: table.table.to_string(), verdict: Verdict::Undecided, seen });
            continue;
        };
        let drift = fingerprint::drift(moments.source(), read, table, options, pace).await.map_err(failure)?;
        found.push(told(&table.table.to_string(), &drift));
    }
    for (read, _) in reads.iter().filter(|(read, _)| saved.table(&read.table).is_none()) {
        let seen = "the fingerprint does not have it".to_owned();
        found.push(Drifted { table: read.table.to_string(), verdict: Verdict::Undecided, seen });
    }
    Ok(drift::report(&format!("the fingerprint `{}`", path.display()), &found))
}

fn told(table: &str, drift: &Drift) -> Drifted {
    let seen = if !drift.columns.is_empty() {
        drift.columns.join("; ")
    } else if drift.ranges.is_empty() {
        format!("{} rows, as they were", drift.rows_now)
    } else {
        let range = |from: &Option<String>, below: &Option<String>| {
            format!("from {} below {}", from.as_deref().unwrap_or("the first"), below.as_deref().unwrap_or("the end"))
        };
        let some: Vec<String> = drift.ranges.iter().take(5).map(|one| range(&one.from, &one.below)).collect();
        let more = if drift.ranges.len() > 5 { format!(" and {} more", drift.ranges.len() - 5) } else { String::new() };
        format!("{} rows then, {} now; other rows in the ranges {}{more}", drift.rows_then, drift.rows_now, some.join(", "))
    };
    let verdict = match (drift.is_none(), drift.columns.is_empty()) {
        (true, _) => Verdict::Equal,
        (false, true) => Verdict::Different,
        (false, false) => Verdict::Undecided,
    };
    Drifted { table: table.to_owned(), verdict, seen }
}
