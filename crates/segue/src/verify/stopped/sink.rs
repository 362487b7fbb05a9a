//! The sink of a table that may be gone on with: what it is told goes on to [`Found`], and once a range is done that
//! stands in the file, with the rows below its end that differ.
//!
//! Ranges are read side by side, so rows of a later one may be known already: they are left to the next line, because a
//! comparison that goes on finds them again.

use segue_verify::{Difference, Progress, Resume, Sink, VerifyError};

use super::file::{RangeDone, Record, Row};
use super::{Keeper, Name};
use crate::verify::found::Found;

/// The sink.
pub(crate) struct Noting<'k, 'f> {
    keeper: &'k mut Keeper,
    found: Found<'f>,
    name: Name,
    /// Rows that stand in no line yet.
    fresh: Vec<Row>,
    /// How many rows of lines differ.
    noted: u64,
    resume: Option<Resume>,
    /// For the report: what was compared earlier.
    parts: Vec<String>,
}

impl<'k, 'f> Noting<'k, 'f> {
    /// Of a table; rows of an earlier run are told first.
    pub(super) fn new(keeper: &'k mut Keeper, mut found: Found<'f>, name: Name) -> Result<Self, VerifyError> {
        let (mut noted, mut resume, mut parts) = (0, None, Vec::new());
        if let Some(open) = keeper.open_of(&name) {
            parts = keeper.parts(&open);
            let rows: Vec<Difference> = open.rows.iter().map(Row::difference).collect();
            noted = open.rows.iter().map(|row| row.count).sum();
            found.differences(&rows)?;
            found.over += open.over;
            resume = Some(open.resume);
        }
        Ok(Self { keeper, found, name, fresh: Vec::new(), noted, resume, parts })
    }

    /// Where it goes on.
    pub(crate) fn resume(&self) -> Option<Resume> {
        self.resume.clone()
    }

    /// The sink behind it, and what of the table was compared earlier.
    pub(crate) fn into_found(self) -> (Found<'f>, Vec<String>) {
        (self.found, self.parts)
    }

    fn note(&mut self, below: &[u8], done: Progress) {
        let (rows, later): (Vec<Row>, Vec<Row>) = std::mem::take(&mut self.fresh).into_iter().partition(|row| row.is_below(below));
        self.fresh = later;
        self.noted += rows.iter().map(|row| row.count).sum::<u64>();
        let over = done.different.saturating_sub(self.noted);
        let resume = Resume { below: below.to_vec(), done };
        let Name { table, form } = self.name.clone();
        let told = self.keeper.told;
        self.keeper.write(&Record::Range(RangeDone { table, form, resume, rows, over, told }));
    }
}

impl Sink for Noting<'_, '_> {
    fn differences(&mut self, found: &[Difference]) -> Result<(), VerifyError> {
        let before = self.found.kept.len();
        self.found.differences(found)?;
        if self.keeper.notes_ranges() {
            // As many as `Found` keeps; of the others the number alone.
            self.fresh.extend(self.found.kept[before..].iter().map(Row::of));
        }
        Ok(())
    }

    fn progress(&mut self, progress: Progress) {
        self.found.progress(progress);
    }

    fn range_done(&mut self, below: Option<&[u8]>, progress: Progress) -> Result<(), VerifyError> {
        // The last range ends the table, which has a line of its own. What was told of single rows cannot be told again.
        if let Some(below) = below.filter(|_| self.keeper.notes_ranges() && !self.found.has_told(self.keeper.shows_values())) {
            self.note(below, progress);
        }
        Ok(())
    }
}
