//! The workshop: `cargo xtask VERB`.
//!
//! One file a verb. The workshop builds, checks and measures the product; it never becomes part of
//! it, and no crate may depend on it. Its own tests stand at the foot of each module and run on
//! fixture strings, so that every check is known to be able to fail.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

mod bench;
mod ci;
mod dependencies;
mod docs;
mod metadata;
mod new;
mod postgres;
mod setup;
mod shell;
mod soak;
mod test;
mod tidy;

use shell::Workshop;

const USAGE: &str = "\
The workshop of Segue.

Usage: cargo xtask VERB

  test                     install what is missing, then all of the proof's layers L0 to L3
  ci                       the definition of done: `test`, and the documentation builds clean
  tidy                     the house rules; with --write-ratchet, lower the size ratchet
                           (and --admit, to take new exceptions into it)
  dependencies             licences, bans and sources of everything we depend on
  docs [--check]           write (or compare) the generated pages under docs/
  new KIND NAME            a new step, rule, report, verb or engine, with its page and test
  bench [NAME...]          figures beside their peers or limits, median and spread
  soak [PART...]           the long proof, SEGUE_SOAK minutes of it (default 60); writes RELIABILITY.md
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let Some((verb, rest)) = arguments.split_first() else {
        print!("{USAGE}");
        return Ok(ExitCode::from(64));
    };
    let workshop = Workshop::find()?;
    match verb.as_str() {
        "test" => test::run(&workshop, rest),
        "ci" => ci::run(&workshop),
        "tidy" => tidy::run(&workshop, rest),
        "dependencies" => dependencies::run(&workshop),
        "docs" => docs::run(&workshop, rest),
        "new" => new::run(&workshop, rest),
        "bench" => bench::run(&workshop, rest),
        "soak" => soak::run(&workshop, rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => {
            eprintln!("error: there is no verb `{other}`\n\n{USAGE}");
            Ok(ExitCode::from(64))
        }
    }
}
