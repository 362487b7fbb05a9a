//! The binary: reads the command line, runs one verb, shows the result, decides the exit code.
//!
//! The only composition root: here engines, steps, journal and reports meet. The only crate that reads the
//! environment and prints.

mod actual;
mod check;
mod cli;
mod connect;
mod demo;
mod drive;
mod exit;
mod failure;
mod inputs;
mod observe;
mod pages;
mod planning;
mod reference;
mod rehearsal;
mod runs;
mod show;
mod specfile;
mod verify;
mod versions;

use std::process::ExitCode;

/// This version of Segue.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    let (cli, verb) = match cli::parse() {
        Ok(parsed) => parsed,
        Err(error) => {
            let usage = error.use_stderr();
            if usage && show::wants_json(std::env::args()) {
                show::usage(&error.to_string());
            } else {
                let _ = error.print();
            }
            return if usage { exit::Exit::Usage.into() } else { exit::Exit::Ok.into() };
        }
    };
    let show = show::Show::new(&cli.global);
    let exit = match cli::run(&cli, &show) {
        Ok(exit) => exit,
        Err(failure) => {
            show.failure(&failure);
            failure.exit
        }
    };
    debug_assert!(exit::of_verb(&verb).contains(&exit), "`{verb}` ended with {exit:?}, which its help does not name");
    exit.into()
}
