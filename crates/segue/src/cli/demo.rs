//! `segue demo`: the whole journey on a small live system, with proof.

#![allow(clippy::print_stdout, reason = "the demo tells its story line by line as it happens")]

use std::io::Write as _;

use clap::Args;

use super::{Format, Global};
use crate::demo::{Outcome, Story, tell};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// On a private PostgreSQL server that the demo starts and ends, instead of SQLite
    #[arg(long)]
    postgres: bool,
    /// Keep the demo's folder and print its name
    #[arg(long)]
    keep: bool,
    /// Lose a write on purpose: the proof must then fail
    #[arg(long, hide = true)]
    plant_lost_write: bool,
}

impl Demo {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        let folder = std::env::temp_dir().join(format!("segue-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let told = tell(Story { postgres: self.postgres, plant_loss: self.plant_lost_write }, &folder, &mut |line| {
            if show.format == Format::Human && !show.quiet {
                let mut out = std::io::stdout().lock();
                let _ = writeln!(out, "{line}").and_then(|()| out.flush());
            }
        });
        if self.keep {
            show.say(&format!("kept: {}", folder.display()));
        } else {
            let _ = std::fs::remove_dir_all(&folder);
        }
        let outcome = told?;
        if show.format == Format::Json {
            show.json(&json(&outcome))?;
        } else {
            show.result(&proof(&outcome))?;
        }
        Ok(if outcome.good() { Exit::Ok } else { Exit::Failed })
    }
}

fn json(outcome: &Outcome) -> serde_json::Value {
    serde_json::json!({
        "format_version": 1,
        "segue": crate::VERSION,
        "acknowledged": outcome.acknowledged,
        "failed": outcome.failed.len(),
        "lost": outcome.lost,
        "doubled": outcome.doubled,
        "wrong": outcome.wrong,
        "longest_pause_ms": outcome.longest_pause.as_millis() as u64,
        "killed": outcome.killed,
        "resumed": outcome.resumed,
        "seconds": (outcome.took.as_secs_f64() * 10.0).round() / 10.0,
    })
}

fn proof(outcome: &Outcome) -> String {
    let mut text = format!(
        "\nEvery acknowledged write held against every row:\n  acknowledged {}   failed {}   killed {}   resumed {}\n  longest pause of a writer {} ms   took {:.1} s\n",
        outcome.acknowledged,
        outcome.failed.len(),
        outcome.killed,
        outcome.resumed,
        outcome.longest_pause.as_millis(),
        outcome.took.as_secs_f64()
    );
    for failed in &outcome.failed {
        text.push_str(&format!("  failed: {}\n", crate::show::visible(failed)));
    }
    text.push_str(&format!("  lost {}   doubled {}   wrong {}\n", outcome.lost, outcome.doubled, outcome.wrong));
    text
}
