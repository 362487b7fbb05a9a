//! What a comparison finds on its way: examples for the report, a line a row for `--diff-rows`, and the rows that a
//! repair is made of.
//!
//! Keys may be shown; `--hide-keys` has their hashes instead. No other value leaves it without `--show-values`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use segue_engine::rows::{self, Datum};
use segue_model::verify::{ColumnValues, DifferenceKind, Example, SeenValue};
use segue_verify::{Difference, Progress, Sink, TablePair, VerifyError};
use serde_json::Value;

use super::line::Line;

/// What may be shown of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shown {
    /// No key: hashes stand for them.
    pub(crate) hide_keys: bool,
    /// Values of the columns that differ.
    pub(crate) values: bool,
    /// Examples of a table in the report.
    pub(crate) examples: usize,
}

/// The file of `--diff-rows`. Nobody else may read it: it names rows, and values where they were asked for.
pub(crate) struct DiffRows {
    out: BufWriter<File>,
    path: String,
}

impl DiffRows {
    /// Makes the file, or empties it.
    pub(crate) fn create(path: &Path) -> Result<Self, VerifyError> {
        let shown = path.display().to_string();
        let open = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
        match open {
            Ok(file) => Ok(Self { out: BufWriter::new(file), path: shown }),
            Err(error) => Err(unwritable(&shown, &error)),
        }
    }

    /// The file of a comparison that goes on: what stands behind its first bytes is written again.
    pub(crate) fn go_on(path: &Path, bytes: u64) -> Result<Self, VerifyError> {
        let shown = path.display().to_string();
        let open = std::fs::OpenOptions::new().append(true).open(path).and_then(|file| file.set_len(bytes).map(|()| file));
        match open {
            Ok(file) => Ok(Self { out: BufWriter::new(file), path: shown }),
            Err(error) => Err(unwritable(&shown, &error)),
        }
    }

    /// So many bytes are in it.
    pub(crate) fn bytes(&mut self) -> Result<u64, VerifyError> {
        let length = self.out.flush().and_then(|()| self.out.get_ref().metadata());
        length.map(|file| file.len()).map_err(|error| unwritable(&self.path, &error))
    }

    fn line(&mut self, line: &Value) -> Result<(), VerifyError> {
        writeln!(self.out, "{line}").map_err(|error| unwritable(&self.path, &error))
    }

    /// All of it is on its way to the disk.
    pub(crate) fn finish(mut self) -> Result<(), VerifyError> {
        let synced = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        synced.map_err(|error| unwritable(&self.path, &error))
    }
}

fn unwritable(path: &str, error: &std::io::Error) -> VerifyError {
    VerifyError::File(format!("`{path}` cannot be written: {}", crate::show::why(error)))
}

/// The sink of one table.
pub(crate) struct Found<'a> {
    pair: &'a TablePair,
    shown: Shown,
    line: &'a Line,
    diff_rows: Option<&'a mut DiffRows>,
    /// Some of the rows.
    pub(crate) examples: Vec<Example>,
    /// All of the rows, where somebody wants them; at most `keep`.
    pub(crate) kept: Vec<Difference>,
    keep: usize,
    /// What is kept is told after a second look only.
    defer: bool,
    /// Rows that were found and are not in `kept`.
    pub(crate) over: u64,
}

impl<'a> Found<'a> {
    /// Of a pair. `keep`: so many rows are kept for a repair or a second look.
    pub(crate) fn new(pair: &'a TablePair, shown: Shown, line: &'a Line, diff_rows: Option<&'a mut DiffRows>, keep: usize) -> Self {
        Self { pair, shown, line, diff_rows, examples: Vec::new(), kept: Vec::new(), keep, defer: false, over: 0 }
    }

    /// What is kept is told by [`Found::settled`], after a second look; what is over is told at once.
    pub(crate) fn deferred(mut self) -> Self {
        self.defer = true;
        self
    }

    /// Something was told of single rows that could not be told once more: a line of the file, or `values`.
    pub(crate) fn has_told(&self, values: bool) -> bool {
        let at_once = !self.defer && !self.kept.is_empty();
        (self.diff_rows.is_some() && (at_once || self.over > 0)) || (values && at_once)
    }

    /// Tells of rows that were looked at a second time: what is left of the first look.
    pub(crate) fn settled(&mut self, found: &[Difference]) -> Result<(), VerifyError> {
        for difference in found {
            self.tell(difference)?;
        }
        Ok(())
    }

    fn tell(&mut self, difference: &Difference) -> Result<(), VerifyError> {
        let wanted = self.examples.len() < self.shown.examples;
        if !wanted && self.diff_rows.is_none() {
            return Ok(());
        }
        let example = example(self.pair, difference, self.shown);
        if let Some(file) = &mut self.diff_rows {
            let mut line = segue_report::verify::row_json(&example);
            line["table"] = Value::from(self.pair.source.table.to_string());
            file.line(&line)?;
        }
        if wanted {
            self.examples.push(example);
        }
        Ok(())
    }
}

impl Sink for Found<'_> {
    fn differences(&mut self, found: &[Difference]) -> Result<(), VerifyError> {
        for difference in found {
            if self.kept.len() >= self.keep {
                self.over += difference.count;
                self.tell(difference)?;
            } else if self.defer {
                // Its rows are read again for the second look.
                self.kept.push(Difference { source_row: None, target_row: None, ..difference.clone() });
            } else {
                self.kept.push(difference.clone());
                self.tell(difference)?;
            }
        }
        Ok(())
    }

    fn progress(&mut self, progress: Progress) {
        self.line.progress(&self.pair.source.table.to_string(), progress);
    }
}

/// A differing row as the report has it.
pub(crate) fn example(pair: &TablePair, difference: &Difference, shown: Shown) -> Example {
    let names = pair.key_names();
    let key = rows::key::read(&difference.key).unwrap_or_default();
    let has_key = !names.is_empty() && key.len() == names.len() && !shown.hide_keys;
    let named = |positions: &[usize]| positions.iter().filter_map(|at| pair.names.get(*at).cloned()).collect();
    Example {
        key: if has_key { names.iter().zip(&key).map(|(name, value)| ((*name).to_owned(), plain(value))).collect() } else { Vec::new() },
        key_hash: (!has_key).then(|| hash_of(difference)),
        kind: difference.kind,
        columns: named(&difference.columns),
        values: if shown.values { values(pair, difference) } else { Vec::new() },
    }
}

fn hash_of(difference: &Difference) -> String {
    let hash = if difference.key.is_empty() { difference.source.or(difference.target).unwrap_or(0) } else { rows::hash(&difference.key) };
    format!("{hash:032x}")
}

/// A key's value: numbers that every reader of JSON takes as they are stay numbers.
fn plain(value: &Datum) -> Value {
    match value {
        Datum::Null => Value::Null,
        Datum::Boolean(truth) => Value::from(*truth),
        Datum::Integer(number) => match i64::try_from(*number) {
            Ok(small) if small.unsigned_abs() < 1 << 53 => Value::from(small),
            _ => Value::from(number.to_string()),
        },
        other => Value::from(other.show()),
    }
}

fn values(pair: &TablePair, difference: &Difference) -> Vec<ColumnValues> {
    let read = |row: &Option<Vec<u8>>| row.as_deref().and_then(|row| rows::seen::row(row).ok()).unwrap_or_default();
    let (source, target) = (read(&difference.source_row), read(&difference.target_row));
    let all: Vec<usize> = (0..pair.names.len()).collect();
    let wanted = if difference.kind == DifferenceKind::Changed { &difference.columns } else { &all };
    let at = |row: &[Option<SeenValue>], at: usize| row.get(at).cloned().flatten();
    wanted.iter().filter_map(|column| Some((pair.names.get(*column)?.clone(), at(&source, *column), at(&target, *column)))).collect()
}
