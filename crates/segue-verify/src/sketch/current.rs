//! One sketch of the difference of two tables that goes on being written to: what the source has is added, what the
//! target has is taken away, and a change of either side is applied as it comes.
//!
//! Whether both sides are the same at this moment costs a look at the cells, whatever the size of the tables. A change
//! that could not be applied is never forgotten: from then on there is no answer, until it is built anew. Tests:
//! `tests/it/sketch.rs`.

use super::{Element, RowChange, Sketch, TooWide};
use crate::Side;

/// The difference, kept current.
#[derive(Debug, Clone)]
pub struct Current {
    sketch: Sketch,
    /// A change was refused: the sketch is not that of the tables any more.
    broken: bool,
}

/// What is known at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    /// Both sides hold the same rows.
    Same,
    /// These rows differ: those that the source has more often count up, the target's count down.
    Different(Vec<Element>),
    /// More rows differ than the sketch can name: about so many.
    Many(u64),
    /// A change could not be applied: nothing is known.
    Unknown,
}

impl Current {
    /// Of two empty tables.
    pub fn new(empty: Sketch) -> Self {
        Self { sketch: empty, broken: false }
    }

    /// A row of a side's snapshot, or a change of it.
    pub fn apply(&mut self, side: Side, change: &RowChange<'_>) -> Result<(), TooWide> {
        let change = match side {
            Side::Source => *change,
            // What the target has is taken away: before and after change places.
            Side::Target => RowChange { before: change.after, after: change.before },
        };
        let done = self.sketch.apply(&change);
        self.broken |= done.is_err();
        done
    }

    /// Whether both sides are the same now.
    pub fn now(&self) -> Now {
        if self.broken {
            return Now::Unknown;
        }
        if self.sketch.is_zero() {
            return Now::Same;
        }
        match self.sketch.clone().decode() {
            Ok(elements) => Now::Different(elements),
            Err(not) => Now::Many(not.estimate),
        }
    }
}
