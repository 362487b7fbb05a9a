//! What can go wrong with a journal, each with a stable code. A damaged journal is named, never misread.
//!
//! Messages hold names, numbers and digests, never the body of an entry. Tests: `tests/it/damage.rs`.

/// A failure of the journal's store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file could not be opened, read or written (no room, no permission, locked for too long).
    #[error("the journal could not be {doing}: {why}")]
    Io {
        /// `opened`, `read`, `written`.
        doing: &'static str,
        /// Why, in the store's own words; a journal's statements hold no user's values.
        why: String,
    },
    /// Another process is in the middle of a write to the journal and did not end it in time.
    #[error("the journal could not be {doing}: another process is writing to it and does not finish")]
    Busy {
        /// `opened`, `read`, `written`.
        doing: &'static str,
    },
    /// There is no journal in the state directory.
    #[error("there is no journal in {dir}")]
    None {
        /// The state directory as given.
        dir: String,
    },
    /// The file is not a journal of Segue, or the file itself is damaged.
    #[error("the file is not a readable journal: {why}")]
    NotAJournal {
        /// What was seen.
        why: String,
    },
    /// A newer Segue wrote it.
    #[error("the journal has version {found}, and this Segue reads up to {known}")]
    Newer {
        /// The version found.
        found: u64,
        /// The newest version that is understood here.
        known: u32,
    },
    /// An entry's hash does not fit its content or the entry before it.
    #[error("entry {seq} of run {run} is not what was written: its hash does not fit")]
    Chain {
        /// The run.
        run: String,
        /// The entry.
        seq: u64,
    },
    /// The last entries are gone.
    #[error("run {run} ends at entry {found}, but {expected} were written")]
    Truncated {
        /// The run.
        run: String,
        /// The last entry found.
        found: u64,
        /// The last entry written.
        expected: u64,
    },
    /// An entry in the middle or at the beginning is gone, or one is there twice.
    #[error("run {run} has no entry {seq}")]
    Gap {
        /// The run.
        run: String,
        /// The first entry that is missing.
        seq: u64,
    },
    /// An entry is whole by its hash but is not an event of this version.
    #[error("entry {seq} of run {run} cannot be understood: {why}")]
    Undecodable {
        /// The run.
        run: String,
        /// The entry.
        seq: u64,
        /// Why, without the entry's content.
        why: String,
    },
    /// Another executor took the run: this one's epoch is over, and nothing was written.
    #[error("run {run} was taken over: epoch {ours} is over, {current} holds it")]
    Stale {
        /// The run.
        run: String,
        /// The epoch of the caller.
        ours: u64,
        /// The epoch of the lease.
        current: u64,
    },
    /// Somebody else holds the lease.
    #[error("run {run} is held by {holder} (epoch {epoch}) for {for_ms} ms more")]
    Held {
        /// The run.
        run: String,
        /// Who holds it: `host:pid`.
        holder: String,
        /// The epoch.
        epoch: u64,
        /// When the lease ends, in milliseconds since 1970 UTC.
        expires_at_ms: i64,
        /// How long until then.
        for_ms: u64,
    },
    /// An event that cannot follow those before it; nothing was written.
    #[error("run {run}: {why}")]
    Illegal {
        /// The run.
        run: String,
        /// What was not legal.
        why: String,
    },
    /// There is no such run.
    #[error("there is no run {run}")]
    NoRun {
        /// The run asked for.
        run: String,
    },
}

impl JournalError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "SG-JR-001",
            Self::None { .. } => "SG-JR-002",
            Self::NotAJournal { .. } => "SG-JR-003",
            Self::Newer { .. } => "SG-JR-004",
            Self::Chain { .. } => "SG-JR-005",
            Self::Truncated { .. } => "SG-JR-006",
            Self::Gap { .. } => "SG-JR-007",
            Self::Undecodable { .. } => "SG-JR-008",
            Self::Stale { .. } => "SG-JR-009",
            Self::Held { .. } => "SG-JR-010",
            Self::Illegal { .. } => "SG-JR-011",
            Self::NoRun { .. } => "SG-JR-012",
            Self::Busy { .. } => "SG-JR-013",
        }
    }

    /// Another executor holds the run: stop without touching anything more.
    pub fn is_fenced(&self) -> bool {
        matches!(self, Self::Stale { .. })
    }
}
