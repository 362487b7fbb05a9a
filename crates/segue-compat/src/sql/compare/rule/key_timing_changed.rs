//! When a key is checked is another thing.
//!
//! # What it checks
//! `DEFERRABLE` and `INITIALLY DEFERRED` of primary, unique and foreign keys and of exclusions that are on both sides.
//!
//! # Why it breaks
//! `ON CONFLICT` takes no deferrable key, and no foreign key may refer to one. A key that is checked at the end lets a
//! statement pass that was refused, and fails the COMMIT. `SET CONSTRAINTS … DEFERRED` fails on a key that is not deferrable.
//!
//! # Safe path
//! Change the application first, so that it works with both; then add the new key beside the old one and drop the old one.
//!
//! # Example
//! ```sql
//! -- old
//! UNIQUE (email)
//! -- new
//! UNIQUE (email) DEFERRABLE INITIALLY DEFERRED
//! ```

use segue_model::catalog::{Constraint, ConstraintKind};

use super::super::pair::{Pair, Sides};
use super::super::sink::{BOTH, DEPLOY, ROLLBACK, Sink, part_path};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "sql-key-timing-changed",
    title: "When a key is checked is another thing",
    why: "ON CONFLICT takes no deferrable key; a key that is checked at the end fails the COMMIT and not the statement; SET CONSTRAINTS fails on a key that is not deferrable.",
    fix: "Change the application first, so that it works with both; then exchange the keys.",
    answers: &[],
};

/// Looks for it.
pub(crate) fn check(sides: &Sides<'_>, pair: &Pair<'_>, sink: &mut Sink<'_>) {
    for new in pair.new.constraints.iter().filter(|new| is_key(new)) {
        let same = |old: &&Constraint| {
            old.kind == new.kind
                && pair.new_names(&old.columns) == new.columns
                && sides.same_target(old.references.as_ref(), new.references.as_ref())
        };
        // Two keys on the same columns: the one of the same name is the one that is meant.
        let alike: Vec<&Constraint> = pair.old.constraints.iter().filter(same).collect();
        let Some(old) = alike.iter().find(|old| old.name == new.name).or(alike.first()) else { continue };
        let (before, now) = (Timing::of(old), Timing::of(new));
        if before == now {
            continue;
        }
        let arbiter = new.kind != ConstraintKind::ForeignKey;
        let breaks = match (before, now) {
            (Timing::Immediate, Timing::Deferrable) if !arbiter => ROLLBACK,
            (Timing::Deferrable, Timing::Immediate) if !arbiter => DEPLOY,
            _ => BOTH,
        };
        let message = format!("the key {} of table {} is {} where it was {}", new.name, pair.new.name.name, now.words(), before.words());
        sink.add(&RULE, breaks, part_path(pair.new, &new.name), format!("{} -> {}", before.words(), now.words()), message);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timing {
    Immediate,
    Deferrable,
    Deferred,
}

impl Timing {
    fn of(constraint: &Constraint) -> Self {
        let text = constraint.definition.to_lowercase();
        if text.contains(" initially deferred") {
            Self::Deferred
        } else if text.contains(" deferrable") && !text.contains(" not deferrable") {
            Self::Deferrable
        } else {
            Self::Immediate
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Immediate => "checked at once",
            Self::Deferrable => "deferrable",
            Self::Deferred => "checked at COMMIT",
        }
    }
}

fn is_key(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::ForeignKey | ConstraintKind::Exclusion)
}
