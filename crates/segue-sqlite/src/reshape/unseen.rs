//! Refuses an UPDATE of the table that was computed from a new form that is not there yet.
//!
//! A new column of a row that is not converted holds the sentinel (in a STRICT table: NULL). The sentinel reads as an
//! infinite number and carries a mark, so that `x + 1` is infinite, `x || '!'` carries the mark, and what a function
//! makes of a value that it does not understand is NULL. Such a result over such a row, where `up` has something to
//! give, is refused and never guessed. What makes a small whole number of it (`x % 7`) cannot be told from a value
//! that the statement brought along; the plan says so. The new side's view computes, and is never refused. Tests:
//! `tests/it/unseen.rs`.

use segue_engine::quote;
use segue_model::reshape::Derived;

use super::layout::{Layout, MARK, SENTINEL};
use super::triggers::{Event, any};

/// A condition over the deciding select's `segue_u…`, `NEW` and `OLD`.
pub(crate) fn condition(layout: &Layout<'_>, event: Event<'_>) -> String {
    let each = layout.change.up.iter().enumerate();
    match event {
        Event::Insert => "0".to_owned(),
        Event::Update if layout.before.strict => "0".to_owned(),
        Event::Update => any(each.map(|(at, d)| computed(d, at))),
        Event::SetNull(physical) => any(each.filter(|(_, d)| d.physical == physical).map(|(at, _)| format!("segue_u{at} IS NOT NULL"))),
    }
}

/// The sentinel stood there, and what stands there now was made of it.
fn computed(d: &Derived, at: usize) -> String {
    let column = quote::name(&d.physical);
    let lost = format!("(NEW.{column} IS NULL AND segue_u{at} IS NOT NULL)");
    // A column of text affinity stores an infinite number as its text.
    let infinite = format!("NEW.{column} COLLATE BINARY IN (9e999, -9e999, 'Inf', '-Inf')");
    let marked = format!("instr(CAST(NEW.{column} AS TEXT), {MARK}) > 0");
    let part = format!("(typeof(NEW.{column}) = 'blob' AND instr({SENTINEL}, NEW.{column}) > 0)");
    format!("(OLD.{column} IS {SENTINEL} AND NEW.{column} IS NOT {SENTINEL} AND ({lost} OR {infinite} OR {marked} OR {part}))")
}

/// What the client reads.
pub(crate) fn message(layout: &Layout<'_>) -> String {
    format!(
        "SG-SQ-019: a row of {0} has no new form yet, and this statement computes one of its new columns from nothing: write it \
         through view {1}, or run the statement again once the new version is ready",
        layout.table,
        layout.view()
    )
}
