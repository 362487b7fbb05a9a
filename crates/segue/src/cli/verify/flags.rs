//! The flags of `segue verify` beside the rows: checks, fingerprints, repair, scripts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What is compared beside the rows.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Beside the rows")]
pub(crate) struct CheckFlags {
    /// More to compare than rows
    #[arg(long, value_name = "WHAT,…", value_enum, value_delimiter = ',')]
    pub(crate) with: Vec<With>,
    /// Leave the rows away: only what --with, --check and the like name
    #[arg(long)]
    pub(crate) no_rows: bool,
    /// A query that both sides must answer alike; besides those of the spec's `checks`
    #[arg(long = "check", value_name = "NAME=SQL")]
    pub(crate) queries: Vec<String>,
    /// A query that must not be slower at the target; timed in turns, several times
    #[arg(long = "time", value_name = "NAME=SQL")]
    pub(crate) timed: Vec<String>,
    /// How far counts, figures and the numbers of queries may be apart
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) tolerance: Option<u64>,
    /// Two files of figures, before and after: [{"name", "value"}]
    #[arg(long, value_name = "FILE", num_args = 2)]
    pub(crate) metrics: Vec<PathBuf>,
    /// A file of rules that the target's rows must keep: [{"table", "rule": {…}}]
    #[arg(long, value_name = "FILE")]
    pub(crate) quality: Option<PathBuf>,
    /// A file of requests that two servers must answer alike; with --api-source and --api-target
    #[arg(long, value_name = "FILE", requires = "api_source", requires = "api_target")]
    pub(crate) requests: Option<PathBuf>,
    /// The base URL of the old API
    #[arg(long, value_name = "URL", requires = "requests")]
    pub(crate) api_source: Option<String>,
    /// The base URL of the new API
    #[arg(long, value_name = "URL", requires = "requests")]
    pub(crate) api_target: Option<String>,
    /// Write what the source's tables hold now, as sums: to be compared later
    #[arg(long, value_name = "FILE")]
    pub(crate) save_fingerprint: Option<PathBuf>,
    /// Compare the source's tables with such a file: has anything drifted since?
    #[arg(long, value_name = "FILE")]
    pub(crate) against_fingerprint: Option<PathBuf>,
}

/// More than rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    /// Counts of rows, with --tolerance
    Counts,
    /// Columns, types, defaults, indexes, constraints, triggers
    Catalog,
    /// Sums, smallest and largest values of each column
    Aggregates,
    /// Sequences and auto-increments stand above their columns
    Counters,
    /// Grants, roles, row-level security, TLS
    Security,
    /// Of a run: whether it could still go back, and what that would lose
    Rollback,
}

/// Putting rows right, and scripts.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Putting it right")]
pub(crate) struct RepairFlags {
    /// Write a script of corrections, or apply them as a run that can be resumed and rolled back
    #[arg(long, value_name = "HOW", value_enum)]
    pub(crate) repair: Option<Repair>,
    /// Which side is put right
    #[arg(long, value_name = "WAY", value_enum, default_value_t, requires = "repair")]
    pub(crate) direction: Way,
    /// Refuse to change more rows than that
    #[arg(long, value_name = "COUNT", default_value_t = 1_000, requires = "repair")]
    pub(crate) max_rows: u64,
    /// Write rows also where triggers fire that cannot be left out; what they do is not taken back
    #[arg(long)]
    pub(crate) fire_triggers: bool,
    /// Say what would be changed, and change nothing
    #[arg(long, requires = "repair")]
    pub(crate) dry_run: bool,
    /// Apply without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// The folder for scripts; default here
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write validation scripts that run without Segue, one for each side
    #[arg(long, value_name = "FORM", value_enum, conflicts_with = "repair")]
    pub(crate) emit: Option<Emit>,
}

/// How rows are put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Repair {
    /// A script, and the script that undoes it
    Sql,
    /// A run: journaled, resumable, reversible
    Apply,
}

/// Which side becomes like the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// The target becomes as the source is
    #[default]
    SourceToTarget,
    /// The source becomes as the target is
    TargetToSource,
}

/// What is written for others to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// SQL
    Sql,
}

/// `1%`, `0.5`: in thousandths of a per cent.
fn percent(text: &str) -> Result<u64, String> {
    let number: f64 = text.trim_end_matches('%').trim().parse().map_err(|_| format!("`{text}` is no share: 1%"))?;
    if !(0.0..=100.0).contains(&number) {
        return Err(format!("`{text}` is not between 0% and 100%"));
    }
    Ok((number * 1_000.0).round() as u64)
}

impl CheckFlags {
    /// Without what a run can be asked.
    pub(crate) fn beside_a_run(&self) -> Self {
        let mut rest = self.clone();
        rest.with.retain(|with| *with != With::Rollback);
        rest
    }

    /// Without fingerprints, which one side is enough for.
    pub(crate) fn beside_fingerprints(&self) -> Self {
        Self { save_fingerprint: None, against_fingerprint: None, ..self.clone() }
    }

    /// Only what needs no database was asked for: figures of two files, answers of two servers.
    pub(crate) fn need_no_database(&self) -> bool {
        let without = Self { metrics: Vec::new(), requests: None, ..self.clone() };
        self.any() && !without.any()
    }

    /// Something beside the rows was asked for.
    pub(crate) fn any(&self) -> bool {
        !self.with.is_empty()
            || !self.queries.is_empty()
            || !self.timed.is_empty()
            || !self.metrics.is_empty()
            || self.quality.is_some()
            || self.requests.is_some()
            || self.save_fingerprint.is_some()
            || self.against_fingerprint.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_exactly() {
        assert_eq!((percent("1%"), percent("0.5"), percent(" 10 %")), (Ok(1_000), Ok(500), Ok(10_000)));
        assert!(percent("x").is_err() && percent("101%").is_err() && percent("-1").is_err());
    }
}
