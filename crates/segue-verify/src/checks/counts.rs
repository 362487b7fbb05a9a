//! How many rows each side has, with the rules of each side about which rows count.
//!
//! Equal counts say nothing of the rows: a lost duplicate and a row too many are 3 = 3 (trap T3), and a count above some
//! number proves nothing (T5). The report says so. Tests:
//! `segue-sim/tests/it/checks/numbers.rs`.

use segue_engine::rows::{Class, Read, Snapshot, TableRows};
use segue_model::spec::program::Tolerance;
use segue_model::units::grouped;
use segue_model::verify::CheckReport;

use super::{Draft, Exact, many};
use crate::{Side, VerifyError};

/// A table on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// What is counted of the source: its filter is the source's rule.
    pub source: Read,
    /// What is counted of the target.
    pub target: Read,
    /// How far the counts may be apart; not at all when left out.
    pub threshold: Option<Tolerance>,
}

/// Counts each table on both sides.
pub async fn check(tables: &[Counted], source: &dyn Snapshot, target: &dyn Snapshot) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new("counts", "count");
    draft.gap("what the rows hold: equal counts are not equal rows");
    for table in tables {
        let name = shown(table);
        let (left, right) = futures_util::future::join(source.count(&table.source), target.count(&table.target)).await;
        let (left, right) = match (left, right) {
            (Ok(left), Ok(right)) => (left, right),
            (left, right) => {
                for (side, counted) in [(Side::Source, left), (Side::Target, right)] {
                    if let Err(error) = counted {
                        draft.unanswered(side, &name, error)?;
                    }
                }
                continue;
            }
        };
        let apart = left.abs_diff(right);
        let rules = match (&table.source.filter, &table.target.filter) {
            (None, None) => "",
            _ => ", of the rows that count by each side's rule",
        };
        let said = format!("the source has {}, the target {}: {} apart", grouped(left), grouped(right), grouped(apart));
        if apart == 0 {
            draft.say(format!("{name}: {} on both sides{rules}", many(left, "row", "rows")));
        } else if Exact::within(&Exact::from(left), &Exact::from(right), table.threshold) {
            draft.say(format!("{name}: {said}, within the threshold{rules}"));
        } else {
            draft.differs(format!("{name}: {said}{rules}"));
        }
    }
    Ok(draft.finish())
}

fn shown(table: &Counted) -> String {
    let (source, target) = (&table.source.table, &table.target.table);
    // Engines without schemas have none in the name.
    if source == target || (source.schema.is_empty() && source.name == target.name) {
        target.to_string()
    } else {
        format!("{source} and {target}")
    }
}

/// The column by which a table marks rows as deleted, by its usual names: `deleted_at`, `is_deleted`, `deleted`.
/// What counts is the user's to say; this is for asking, and for saying what a difference may come from.
pub fn soft_delete(table: &TableRows) -> Option<(&str, &Class)> {
    let moments = ["deleted_at", "deletedat", "deleted_on", "date_deleted"].map(|name| (name, moment as fn(&Class) -> bool));
    let truths = ["is_deleted", "deleted", "isdeleted"].map(|name| (name, truth as fn(&Class) -> bool));
    moments.into_iter().chain(truths).find_map(|(name, fits)| {
        let column = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name) && fits(&column.class))?;
        Some((column.name.as_str(), &column.class))
    })
}

fn moment(class: &Class) -> bool {
    matches!(class, Class::Date | Class::Timestamp | Class::Instant | Class::Text)
}

fn truth(class: &Class) -> bool {
    matches!(class, Class::Boolean | Class::Integer)
}
