//! Programs that measure: release examples that print one JSON object of numbers as their last line.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::rows::Figures;
use crate::setup;
use crate::shell::{self, Workshop};
use crate::test;

/// Compiles a package's example, if there is one, and its binaries, which the example may drive.
pub(crate) fn build(workshop: &Workshop, package: &str, name: &str) -> Result<()> {
    let single = format!("crates/{package}/examples/{name}.rs");
    let folder = format!("crates/{package}/examples/{name}/main.rs");
    if !workshop.path(&single).is_file() && !workshop.path(&folder).is_file() {
        bail!("{single} does not exist");
    }
    shell::must(&mut workshop.cargo(&["build", "--release", "--quiet", "--package", package, "--bins", "--example", name]))
}

/// Runs it once, with the servers that the tests get too.
pub(crate) fn run(workshop: &Workshop, package: &str, name: &str) -> Result<Figures> {
    let machine = setup::ensure(workshop, test::MAJORS)?;
    let binary = workshop.path(&format!("target/release/examples/{name}"));
    let text = shell::read(workshop.command(binary).env(setup::POSTGRES_BINS, machine.postgres_bins()))
        .with_context(|| format!("example {name} of {package}"))?;
    figures(&text).with_context(|| format!("what example {name} of {package} printed"))
}

/// The numbers of the last line; what is not a number is not a figure.
pub(crate) fn figures(text: &str) -> Result<Figures> {
    let last = text.lines().last().context("it printed nothing")?;
    let value: Value = serde_json::from_str(last)?;
    let object = value.as_object().context("its last line is not an object")?;
    let found: Figures = object.iter().filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))).collect();
    if found.is_empty() {
        bail!("its last line holds no number");
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_holds_the_figures() {
        let found = figures("warming up\n{\"a_per_s\": 2, \"b\": 1.5, \"c\": \"x\"}\n");
        let found = found.expect("it is read");
        assert_eq!(found["a_per_s"].to_bits(), 2.0_f64.to_bits());
        assert_eq!(found.len(), 2);
        assert!(figures("").is_err());
        assert!(figures("{}").is_err());
        assert!(figures("[1]").is_err());
    }
}
