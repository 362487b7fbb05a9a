//! PostgreSQL's table locks, weakest first.
//!
//! Names as `pg_locks` shows them; which lock blocks what is the table of
//! <https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES>. Tests: the lock oracle.

/// A table lock's mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl Mode {
    /// As `pg_locks` names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccessShare => "AccessShareLock",
            Self::RowShare => "RowShareLock",
            Self::RowExclusive => "RowExclusiveLock",
            Self::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            Self::Share => "ShareLock",
            Self::ShareRowExclusive => "ShareRowExclusiveLock",
            Self::Exclusive => "ExclusiveLock",
            Self::AccessExclusive => "AccessExclusiveLock",
        }
    }

    /// As `LOCK TABLE … IN … MODE` names it.
    pub(crate) fn named(words: &str) -> Option<Self> {
        Some(match words {
            "access share" => Self::AccessShare,
            "row share" => Self::RowShare,
            "row exclusive" => Self::RowExclusive,
            "share update exclusive" => Self::ShareUpdateExclusive,
            "share" => Self::Share,
            "share row exclusive" => Self::ShareRowExclusive,
            "exclusive" => Self::Exclusive,
            "access exclusive" => Self::AccessExclusive,
            _ => return None,
        })
    }

    /// Writers wait for it.
    pub(crate) fn blocks_writes(self) -> bool {
        self >= Self::Share
    }

    /// What it keeps others from, in words.
    pub(crate) fn blocks(self) -> &'static str {
        match self {
            Self::AccessExclusive => "blocks reads and writes",
            mode if mode.blocks_writes() => "blocks writes",
            _ => "blocks neither reads nor writes",
        }
    }
}
