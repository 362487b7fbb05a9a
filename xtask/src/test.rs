//! `cargo xtask test`: README's test command.
//!
//! Layers L0 to L3 on a machine that may be fresh: what is missing is installed, then come the
//! cheap checks, and last the tests, so that the output ends with the test runner's summary. For
//! that reason nothing is printed after the tests, not even when they fail: the exit code says it.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::setup::{self, Machine};
use crate::shell::{self, Workshop, stage};
use crate::{dependencies, docs, tidy};

/// The PostgreSQL majors of each run; `soak` takes all that we support.
pub(crate) const MAJORS: &[u32] = &[15, 18];

/// Runs everything. Further arguments go to the test runner (a filter, for example).
pub(crate) fn run(workshop: &Workshop, filters: &[String]) -> Result<ExitCode> {
    let machine = prepare(workshop)?;
    checks(workshop)?;
    tests(workshop, &machine, filters)
}

/// Installs what is missing.
pub(crate) fn prepare(workshop: &Workshop) -> Result<Machine> {
    stage("setup", || setup::ensure(workshop, MAJORS))
}

/// L0 without its unit tests, cheapest first.
pub(crate) fn checks(workshop: &Workshop) -> Result<()> {
    stage("format", || shell::must(&mut workshop.cargo(&["fmt", "--all", "--check"])))?;
    stage("tidy", || tidy::check(workshop))?;
    stage("dependencies", || dependencies::check(workshop))?;
    stage("clippy", || shell::must(&mut workshop.cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])))?;
    stage("generated pages", || docs::check(workshop))
}

/// The tests, with the runner's exit code as ours.
pub(crate) fn tests(workshop: &Workshop, machine: &Machine, filters: &[String]) -> Result<ExitCode> {
    eprintln!("== tests (PostgreSQL from {})", machine.postgres_bins());
    let status = shell::status(runner(workshop, machine).args(filters))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The fast runner where it is installed, else cargo's own.
pub(crate) fn runner(workshop: &Workshop, machine: &Machine) -> Command {
    let mut command = if shell::has_program("cargo-nextest") {
        workshop.cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        workshop.cargo(&["test", "--workspace", "--no-fail-fast"])
    };
    command.env(setup::POSTGRES_BINS, machine.postgres_bins());
    command
}
