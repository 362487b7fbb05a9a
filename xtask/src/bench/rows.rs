//! The table of figures. To add one: write its program, then its row here.
//!
//! A program that measures prints one JSON object of numbers as its last line; [`super::example`]
//! runs it. A goal is either a bound on one figure or a ratio of two figures of the same run.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{check, example, hostile, startup, verify};
use crate::shell::Workshop;

/// The figures of one run, by name.
pub(crate) type Figures = BTreeMap<String, f64>;

/// What a figure must reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// The figure's median is at most this.
    AtMost(&'static str, f64),
    /// The first figure's median is at least this part of the second's.
    Ratio(&'static str, &'static str, f64),
}

/// One program and what its figures must reach.
#[derive(Debug)]
pub(crate) struct Row {
    /// The name by which `cargo xtask bench NAME` chooses it.
    pub(crate) name: &'static str,
    /// Builds what it needs; an error means that it cannot be measured here.
    pub(crate) prepare: fn(&Workshop) -> Result<()>,
    /// One run.
    pub(crate) measure: fn(&Workshop) -> Result<Figures>,
    /// What must hold over the medians.
    pub(crate) goals: &'static [Goal],
}

/// Every figure of the bench.
pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "startup",
        prepare: startup::prepare,
        measure: startup::measure,
        goals: &[Goal::AtMost("version_ms", 20.0), Goal::AtMost("plan_ms", 100.0)],
    },
    Row {
        name: "journal",
        prepare: |workshop| example::build(workshop, "segue-journal", "append_bench"),
        measure: |workshop| example::run(workshop, "segue-journal", "append_bench"),
        goals: &[Goal::Ratio("appends_per_s", "bare_commits_per_s", 0.8)],
    },
    Row {
        name: "backfill",
        prepare: |workshop| example::build(workshop, "segue", "backfill_bench"),
        measure: |workshop| example::run(workshop, "segue", "backfill_bench"),
        goals: &[
            Goal::Ratio("segue_rows_per_s", "bare_rows_per_s", 0.8),
            Goal::Ratio("segue_rows_per_s", "segue_rows_per_s_at_10k", 0.9),
            Goal::AtMost("peak_memory_mib", 48.0),
        ],
    },
    Row {
        name: "client_faults",
        prepare: |workshop| example::build(workshop, "segue", "client_faults"),
        measure: |workshop| example::run(workshop, "segue", "client_faults"),
        // `ddl_lock_timeout` is one second unless a spec says otherwise.
        goals: &[Goal::AtMost("failed_statements", 0.0), Goal::AtMost("longest_wait_ms", 1000.0)],
    },
    Row {
        name: "check_openapi",
        prepare: check::prepare_openapi,
        measure: check::openapi,
        goals: &[Goal::AtMost("segue_wall_ms", 1000.0), Goal::AtMost("segue_memory_mib", 250.0), Goal::AtMost("differing_bytes", 0.0)],
    },
    Row {
        name: "check_payment",
        prepare: check::prepare_payment,
        measure: check::payment,
        goals: &[Goal::AtMost("segue_wall_ms", 500.0), Goal::AtMost("findings", 1000.0), Goal::AtMost("differing_bytes", 0.0)],
    },
    Row {
        name: "check_graphql",
        prepare: check::prepare_graphql,
        measure: check::graphql,
        goals: &[Goal::AtMost("segue_wall_ms", 500.0), Goal::Ratio("graphql_js_cpu_ms", "segue_cpu_ms", 1.0)],
    },
    Row {
        name: "check_proto",
        prepare: check::prepare_proto,
        measure: check::proto,
        goals: &[Goal::AtMost("segue_wall_ms", 500.0), Goal::Ratio("buf_cpu_ms", "segue_cpu_ms", 1.0)],
    },
    Row {
        name: "check_hostile",
        prepare: hostile::prepare,
        measure: hostile::measure,
        goals: &[
            Goal::AtMost("slowest_wall_ms", 2000.0),
            Goal::AtMost("slowest_cpu_ms", 2000.0),
            Goal::AtMost("largest_memory_mib", 256.0),
            Goal::AtMost("no_answer", 0.0),
        ],
    },
    Row { name: "check_sql", prepare: check::prepare_sql, measure: check::sql, goals: &[Goal::AtMost("segue_wall_ms", 20.0)] },
    Row {
        name: "verify_cross",
        prepare: verify::prepare,
        measure: verify::cross,
        goals: &[
            Goal::AtMost("segue_cpu_s", 22.0),
            Goal::AtMost("segue_wall_s", 12.0),
            Goal::AtMost("segue_memory_mib", 64.0),
            Goal::AtMost("segue_wrong", 0.0),
            Goal::AtMost("merge_wrong", 0.0),
            Goal::AtMost("pushdown_wrong", 0.0),
            Goal::Ratio("limit_cpu_s", "segue_cpu_s", 1.0 / 1.5),
        ],
    },
    Row {
        name: "verify_replica",
        prepare: verify::prepare_replica,
        measure: verify::replica,
        goals: &[
            // The peer is no goal: it adds CRC32 by XOR inside the servers, so that values swapped between rows pass, and takes
            // as much CPU as it takes to read both sides.
            Goal::AtMost("segue_wrong", 0.0),
            Goal::Ratio("limit_cpu_s", "segue_cpu_s", 1.0 / 1.5),
        ],
    },
    Row {
        name: "verify_same",
        prepare: verify::prepare,
        measure: verify::same,
        goals: &[
            Goal::AtMost("segue_cpu_s", 3.5),
            Goal::AtMost("segue_wall_s", 4.0),
            Goal::AtMost("segue_wrong", 0.0),
            Goal::AtMost("pushdown_wrong", 0.0),
            Goal::AtMost("different_wrong", 0.0),
            Goal::AtMost("different_memory_mib", 64.0),
            Goal::Ratio("segue_cpu_s", "different_cpu_s", 0.5),
            Goal::Ratio("limit_cpu_s", "segue_cpu_s", 1.0 / 1.5),
        ],
    },
];
