//! `cargo xtask bench`: our figures beside their peers or limits, in one run.
//!
//! Every figure is one row of [`rows::ROWS`]: a name, what it is measured against, and how one run
//! of each side is made. The runs of all sides are interleaved, so that a machine that is busy for
//! a minute is busy for both; the table shows medians and the spread, never a best run.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::shell::Workshop;

mod check;
mod example;
mod graphql_documents;
mod hostile;
mod openapi_documents;
mod proto_documents;
mod rows;
mod sample;
mod startup;
mod table;
mod verify;

use rows::{ROWS, Row};
use sample::Sample;

/// How many times each side runs, unless `SEGUE_BENCH_ROUNDS` says otherwise.
const RUNS: usize = 5;

/// Runs the named rows, or all.
pub(crate) fn run(workshop: &Workshop, names: &[String]) -> Result<ExitCode> {
    let chosen = choose(names)?;
    let runs = match std::env::var("SEGUE_BENCH_ROUNDS") {
        Ok(text) => text.parse()?,
        Err(_) => RUNS,
    };
    if runs == 0 {
        bail!("SEGUE_BENCH_ROUNDS is at least 1");
    }
    let mut samples: BTreeMap<(usize, String), Sample> = BTreeMap::new();
    let mut absent: Vec<(usize, String)> = Vec::new();
    for (index, row) in chosen.iter().enumerate() {
        if let Err(reason) = (row.prepare)(workshop) {
            absent.push((index, format!("{reason:#}")));
        }
    }
    for round in 1..=runs {
        for (index, row) in chosen.iter().enumerate() {
            if absent.iter().any(|(gone, _)| *gone == index) {
                continue;
            }
            eprintln!("   run {round} of {runs}: {}", row.name);
            for (figure, value) in (row.measure)(workshop)? {
                samples.entry((index, figure)).or_default().push(value);
            }
        }
    }
    print!("{}", table::render(&chosen, &samples, runs));
    for (index, reason) in &absent {
        println!("not measured: {}: {reason}", chosen[*index].name);
    }
    let missed = table::missed(&chosen, &samples);
    for line in &missed {
        println!("missed: {line}");
    }
    let good = missed.is_empty() && absent.is_empty();
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn choose(names: &[String]) -> Result<Vec<&'static Row>> {
    for name in names {
        if !ROWS.iter().any(|row| row.name == *name) {
            let known: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
            bail!("there is no figure `{name}`; there are {}", known.join(", "));
        }
    }
    let wanted = |row: &&Row| names.is_empty() || names.iter().any(|name| name == row.name);
    Ok(ROWS.iter().filter(wanted).collect())
}
