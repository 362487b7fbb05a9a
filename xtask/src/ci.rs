//! `cargo xtask ci`: the definition of done.
//!
//! All that `test` does, and before the tests the documentation, whose warnings are errors, and
//! the examples in it, which the fast test runner does not run.

use std::process::ExitCode;

use anyhow::Result;

use crate::shell::{self, Workshop, stage};
use crate::test;

/// Runs everything that a finished change must pass.
pub(crate) fn run(workshop: &Workshop) -> Result<ExitCode> {
    let machine = test::prepare(workshop)?;
    test::checks(workshop)?;
    stage("documentation", || {
        let mut command = workshop.cargo(&["doc", "--quiet", "--workspace", "--no-deps"]);
        shell::must(command.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    stage("examples in the documentation", || shell::must(&mut workshop.cargo(&["test", "--quiet", "--workspace", "--doc"])))?;
    test::tests(workshop, &machine, &[])
}
