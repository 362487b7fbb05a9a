//! Cases of the `openapi` family.
#![allow(clippy::format_collect, reason = "documents of tests are built from small parts")]

mod case_file;
mod cases;
mod coverage;
mod files;
mod hostile;
mod large;
mod properties;
mod refused;
mod steps;
mod tolerant;

use segue_compat::draft::{Outcome, report};
use segue_compat::openapi;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{Refused, Source};
use segue_model::check::{CheckReport, Side};

/// Both texts, compared by the default policy.
fn compared(old: &str, new: &str) -> Result<Outcome, Vec<Refused>> {
    openapi::check(&Source::one(Side::Old, "old.yaml", old), &Source::one(Side::New, "new.yaml", new), &DEFAULT)
}

/// The report of both texts as of a day.
fn reported(old: &str, new: &str, today: Option<&str>) -> CheckReport {
    let (old, new) = (Source::one(Side::Old, "old.yaml", old), Source::one(Side::New, "new.yaml", new));
    let outcome = openapi::check_on(&old, &new, &DEFAULT, today).unwrap_or_else(|wrong| panic!("refused: {wrong:#?}"));
    report("openapi", &DEFAULT, &[&old, &new], outcome)
}
