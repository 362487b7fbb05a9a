//! Two schemas compared: what an application of the old version meets in the new schema, and the other way round.
//!
//! Tables and columns are paired first (renames with their evidence), then every rule of `rule/` looks at the schema, a
//! pair of tables or a pair of columns. Deploying breaks when statements of the old version fail or see other values;
//! going back breaks when those of the new version do. Must never call a drop and an add harmless that may be a rename,
//! and never decide what a text does not show. Tests: `tests/it/sql/compare.rs` over `tests/cases/sql-compare/`.

mod condition;
mod definition;
mod expression;
mod fit;
mod key;
mod kind;
mod name;
mod pair;
pub mod rule;
mod sink;
mod typed;
mod view;

use segue_model::check::Side;

pub(crate) use self::expression::{referred_columns, same, written_actions};
pub use self::fit::{Fit, relate};
pub(crate) use self::key::{condition as condition_of, keyed};
pub use self::kind::Kind;
pub(crate) use self::pair::{Couple, Pair, Sides};
pub use self::rule::RULES;
use self::sink::Sink;
pub(crate) use self::view::reads;
use super::{CatalogRead, Dialect};
use crate::draft::Outcome;
use crate::policy::Policy;

/// Compares two schemas of one dialect. Places may be empty: a live database has none.
pub fn check(old: &CatalogRead, new: &CatalogRead, dialect: Dialect, policy: &Policy) -> Outcome {
    let sides = Sides::new(old, new, dialect, policy);
    let mut sink = Sink::new(&sides);
    rule::run(&sides, &mut sink);
    let mut outcome = Outcome::default();
    for (side, read) in [(Side::Old, old), (Side::New, new)] {
        let name = if side == Side::Old { "old" } else { "new" };
        outcome.not_checked.extend(read.not_read.iter().map(|what| format!("{name} side, {what}")));
    }
    let beside = match dialect {
        Dialect::Postgres => Some("functions, domains, types and sequences"),
        Dialect::Mysql => Some("routines and events"),
        Dialect::Sqlite => None,
    };
    if let Some(beside) = beside.filter(|_| old.tables_alone || new.tables_alone) {
        outcome.not_checked.push(match (old.tables_alone, new.tables_alone) {
            (true, true) => format!("{beside} of live databases are not read, and not compared"),
            (true, false) => format!("old side: {beside} of a live database are not read, and not compared with the file's"),
            _ => format!("new side: {beside} of a live database are not read, and not compared with the file's"),
        });
    }
    if dialect == Dialect::Postgres && sides.shows_objects() && old.served != new.served {
        let words = "definitions of functions, domains, types and sequences: the server has other words for them than a file";
        outcome.not_checked.push(words.to_owned());
    }
    // The same statement unread on both sides hides no difference of the rest; on one side alone it may.
    outcome.undecided = unread_differ(old, new);
    outcome.take(sink.finish());
    outcome.steps = super::steps::of(&sides, &outcome.drafts);
    outcome
}

/// What was not read differs between the sides, lines aside.
fn unread_differ(old: &CatalogRead, new: &CatalogRead) -> bool {
    let texts = |read: &CatalogRead| {
        let mut found: Vec<String> =
            read.not_read.iter().map(|what| what.split_once(": ").map_or(what.as_str(), |(_, rest)| rest).to_owned()).collect();
        found.sort();
        found
    };
    texts(old) != texts(new)
}
