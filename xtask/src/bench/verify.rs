//! `segue verify` beside its peers on the same rows, and beside the limit: both sides streamed and thrown away.
//!
//! The example `verify_bench` of `segue-sim` starts the servers, fills them and measures. Rows: `SEGUE_BENCH_ROWS`. Peers
//! come from PyPI into `target/bench/verify-peers`; `SEGUE_BENCH_PEERS=none` leaves them out, which is said.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::example;
use super::rows::Figures;
use crate::setup;
use crate::shell::{self, Workshop};
use crate::test;

const PEERS: &str = "target/bench/verify-peers";
/// `data-diff` breaks with what its dependencies became since: the last that it knows.
const PACKAGES: &[&str] = &["reladiff", "data-diff", "dbt-core<1.9", "pydantic<2", "psycopg2-binary", "mysql-connector-python"];

/// Builds the example and installs the peers, once.
pub(crate) fn prepare(workshop: &Workshop) -> Result<()> {
    example::build(workshop, "segue-sim", "verify_bench")?;
    if without_peers() {
        eprintln!("   SEGUE_BENCH_PEERS=none: the peers of verify are not measured");
        return Ok(());
    }
    let folder = workshop.path(PEERS);
    if folder.join("bin/reladiff").is_file() && folder.join("bin/data-diff").is_file() {
        return Ok(());
    }
    shell::must(workshop.command("python3").args(["-m", "venv"]).arg(&folder)).context("a place for the peers")?;
    shell::must(workshop.command(folder.join("bin/pip")).args(["install", "--quiet"]).args(PACKAGES)).context("the peers from PyPI")
}

fn without_peers() -> bool {
    std::env::var("SEGUE_BENCH_PEERS").is_ok_and(|text| text == "none")
}

fn run(workshop: &Workshop, which: &str) -> Result<Figures> {
    let machine = setup::ensure(workshop, test::MAJORS)?;
    let binary: PathBuf = workshop.path("target/release/examples/verify_bench");
    let mut command = workshop.command(binary);
    command.arg(which).env(setup::POSTGRES_BINS, machine.postgres_bins()).env_remove("SEGUE_BENCH_PEERS");
    if !without_peers() {
        command.env("SEGUE_BENCH_PEERS", workshop.path(PEERS).join("bin"));
    }
    let text = shell::read(&mut command).with_context(|| format!("verify_bench {which}"))?;
    example::figures(&text)
}

/// MariaDB and PostgreSQL with 1,000 differences.
pub(crate) fn cross(workshop: &Workshop) -> Result<Figures> {
    run(workshop, "cross")
}

/// Builds the example; the peer is Debian's.
pub(crate) fn prepare_replica(workshop: &Workshop) -> Result<()> {
    example::build(workshop, "segue-sim", "verify_bench")?;
    setup::program(workshop, "pt-table-checksum", "percona-toolkit")
}

/// MariaDB and its replica.
pub(crate) fn replica(workshop: &Workshop) -> Result<Figures> {
    run(workshop, "replica")
}

/// PostgreSQL and PostgreSQL, equal and wholly different.
pub(crate) fn same(workshop: &Workshop) -> Result<Figures> {
    run(workshop, "same")
}
