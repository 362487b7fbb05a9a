//! What callers may not do with a name: reach a protected member, make an abstract class, build on a final one.
//!
//! A limit that is new breaks callers; one that is gone is told of and never loud. Readers set them. Tests: cases in
//! `tests/cases`, by `tests/it/code/`.

use std::collections::BTreeSet;

use super::model::{Form, Item, What};

/// The limits of an item.
pub(crate) type Limits = BTreeSet<Limit>;

/// One thing that callers may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Limit {
    /// Only classes that build on its class reach it: `protected`.
    Protected,
    /// It is exported as a type only: `export type { C }`.
    TypeOnly,
    /// Nobody makes one with `new`: abstract, or its constructor is not public.
    NotMade,
    /// Nobody builds on it: `@final`.
    Final,
    /// Nobody sets its attributes: `frozen=True`.
    Frozen,
}

impl Limit {
    const ALL: [Self; 5] = [Self::Protected, Self::TypeOnly, Self::NotMade, Self::Final, Self::Frozen];

    /// What can no longer be done with the name, and can be done again.
    fn words(self) -> &'static str {
        match self {
            Self::Protected => "be reached from outside of its class",
            Self::TypeOnly => "be used as a value, only as a type",
            Self::NotMade => "be made with `new`",
            Self::Final => "be built on by other classes",
            Self::Frozen => "have its attributes set",
        }
    }
}

/// A limit that one side has and the other has not.
pub(crate) struct Change {
    /// The new side has it.
    pub(crate) gained: bool,
    pub(crate) words: &'static str,
    /// What the name stands for was not read, so that it may make no difference.
    pub(crate) unread: bool,
}

/// The limits that differ between two items of one name.
pub(crate) fn changes(old: &Item, new: &Item) -> Vec<Change> {
    Limit::ALL
        .into_iter()
        .filter(|limit| *limit != Limit::TypeOnly || is_value(old) && is_value(new))
        .filter(|limit| old.limits.contains(limit) != new.limits.contains(limit))
        .map(|limit| Change {
            gained: new.limits.contains(&limit),
            words: limit.words(),
            unread: matches!(old.what, What::Import(..)) || matches!(new.what, What::Import(..)),
        })
        .collect()
}

/// It is there at run time; an interface or a type never is.
fn is_value(item: &Item) -> bool {
    match &item.what {
        What::Class(class) => matches!(class.form, Form::Plain | Form::Enum),
        What::Alias(..) => false,
        _ => true,
    }
}
