//! The parts of the soak, and how one runs: the test runner with a filter, stopped when its share of time is over.
//!
//! What a test did is read from the runner's own lines. A test that was still running when the time was over did not
//! fail, and it did not pass: it counts as cut off, and gives no figure.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::setup::{Machine, POSTGRES_BINS};
use crate::shell::{self, Workshop};

/// How long a runner that was asked to stop may take.
const GRACE: Duration = Duration::from_mins(1);

/// Some tests that belong together.
#[derive(Debug)]
pub(crate) struct Part {
    /// The name by which `cargo xtask soak NAME` chooses it.
    pub(crate) name: &'static str,
    /// What it proves, for the page.
    pub(crate) what: &'static str,
    package: &'static str,
    filter: &'static str,
}

/// Every part, the cheapest proof first.
pub(crate) const PARTS: &[Part] = &[
    part("simulation", "R1: every crash point and pairs of them, one thread, in memory", "segue-sim", "test(/^simulation/)"),
    part("proofs", "each step kind: fail everywhere, repeat, undo twice", "segue-sim", "test(/^proof/)"),
    part("conformance", "one suite for every engine", "segue-sim", "test(/^conformance/)"),
    part("journal", "a journal that is damaged, cut or newer", "segue-journal", "all()"),
    part("malformed", "R8: broken specs", "segue-model", "test(/^hostile/)"),
    part("postgres", "both forms alive, hostile names, the fence, on real servers", "segue-postgres", "all()"),
    part("sqlite", "the same on SQLite", "segue-sqlite", "all()"),
    part("mariadb", "rows, moments and inspection of MariaDB", "segue-mysql", "all()"),
    part(
        "rows",
        "R7: values of every type read, compared and repaired on each pair of engines",
        "segue-sim",
        "test(/^(rows|repair|checks|inspect)/)",
    ),
    part("verify-processes", "R2, R4: comparisons and repairs, killed, without room, of live pairs", "segue", "binary(verify)"),
    part("bank-engines", "R6: the bank on each engine", "segue-sim", "test(/^bank/)"),
    part("bank-processes", "R2, R6: the bank with real processes, kills and planted faults", "segue", "binary(bank)"),
    part("crash-processes", "R1: crash points of real processes, and counted syncs", "segue", "binary(crash)"),
    part("secrets-and-kills", "R2, R11: the binary killed, canaries looked for", "segue", "binary(it) and test(/kills|secrets|postgres/)"),
];

const fn part(name: &'static str, what: &'static str, package: &'static str, filter: &'static str) -> Part {
    Part { name, what, package, filter }
}

/// What became of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It passed.
    Passed,
    /// It failed, or took longer than any test may.
    Failed,
    /// The part's time was over first.
    CutOff,
}

/// What a part did in all rounds.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Tests that passed, failed and were cut off; one test in two rounds counts twice.
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) cut_off: u64,
    /// Names of tests that failed.
    pub(crate) failures: Vec<String>,
    pub(crate) seconds: u64,
    /// Rounds in which it was stopped before its end.
    pub(crate) stopped: u64,
    /// Why it could not run at all.
    pub(crate) broken: Option<String>,
}

impl Tally {
    /// Something was wrong, or nothing ran although it was started.
    pub(crate) fn failed(&self) -> bool {
        self.failed > 0 || self.broken.is_some()
    }

    fn add(&mut self, outcomes: BTreeMap<String, Outcome>) {
        for (name, outcome) in outcomes {
            match outcome {
                Outcome::Passed => self.passed += 1,
                Outcome::CutOff => self.cut_off += 1,
                Outcome::Failed => {
                    self.failed += 1;
                    if !self.failures.contains(&name) {
                        self.failures.push(name);
                    }
                }
            }
        }
    }
}

impl Part {
    fn runner(&self, workshop: &Workshop, more: &[&str]) -> Result<Command> {
        if !shell::has_program("cargo-nextest") {
            bail!("the soak needs `cargo-nextest`: its parts are filters of that runner");
        }
        let mut command = workshop.cargo(&["nextest", "run", "--profile", "soak", "--package", self.package]);
        command.args(["--filterset", self.filter, "--color", "never"]).args(more);
        Ok(command)
    }

    /// Builds its tests; one that does not build is told on the page and fails the soak.
    pub(crate) fn build(&self, workshop: &Workshop) -> Result<Tally> {
        eprintln!("== build: {}", self.name);
        let built = shell::status(&mut self.runner(workshop, &["--no-run"])?)?.success();
        Ok(Tally { broken: (!built).then(|| "its tests do not build".to_owned()), ..Tally::default() })
    }

    /// Runs it once, for at most `share`.
    pub(crate) fn run(
        &self,
        workshop: &Workshop,
        machine: &Machine,
        folder: &Path,
        round: u64,
        share: Duration,
        tally: &mut Tally,
    ) -> Result<()> {
        if tally.broken.is_some() {
            return Ok(());
        }
        let mut command = self.runner(workshop, &["--no-fail-fast", "--status-level", "pass"])?;
        command
            .env(POSTGRES_BINS, machine.postgres_bins())
            .env("SEGUE_SOAK", "1")
            .env("SEGUE_SOAK_ROUND", round.to_string())
            .env("SEGUE_SOAK_MINUTES", share.as_secs().div_ceil(60).to_string())
            .env("PROPERTY_SECONDS", (share.as_secs() / 4).max(1).to_string())
            .env("SEGUE_SOAK_DIR", folder)
            .stderr(Stdio::piped());
        let begun = Instant::now();
        let mut child = command.spawn().context("the test runner could not be started")?;
        let lines = child.stderr.take().context("its lines are piped")?;
        let over = Arc::new(AtomicBool::new(false));
        let reader = thread::spawn({
            let over = Arc::clone(&over);
            move || follow(BufReader::new(lines), &over)
        });
        let stopped = wait(&mut child, begun + share, &over)?;
        let outcomes = reader.join().map_err(|_| anyhow::anyhow!("the reader of the runner's lines panicked"))?;
        tally.seconds += begun.elapsed().as_secs();
        tally.stopped += u64::from(stopped);
        if outcomes.is_empty() && !stopped {
            tally.broken = Some("no test ran".to_owned());
        }
        tally.add(outcomes);
        Ok(())
    }
}

/// Waits for the runner; asks it to stop at the deadline. Says whether it had to.
fn wait(child: &mut Child, deadline: Instant, over: &AtomicBool) -> Result<bool> {
    let mut stopped = None;
    loop {
        if child.try_wait()?.is_some() {
            return Ok(stopped.is_some());
        }
        match stopped {
            None if Instant::now() >= deadline => {
                over.store(true, Ordering::SeqCst);
                shell::must(Command::new("kill").arg("-INT").arg(child.id().to_string()))?;
                stopped = Some(Instant::now());
            }
            Some(since) if since.elapsed() > GRACE => child.kill()?,
            _ => {}
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Passes the lines on, and keeps what became of each test. The runner says a failure twice.
fn follow(lines: impl std::io::BufRead, over: &AtomicBool) -> BTreeMap<String, Outcome> {
    let mut found = BTreeMap::new();
    for line in lines.lines().map_while(Result::ok) {
        if let Some((name, outcome)) = outcome(&line, over.load(Ordering::SeqCst)) {
            if outcome != Outcome::Passed {
                eprintln!("{line}");
            }
            found.entry(name).or_insert(outcome);
        }
    }
    found
}

/// `PASS [   0.352s] ( 7/13) segue-sim::it bank::both_sides`: the test and what became of it.
fn outcome(line: &str, over: bool) -> Option<(String, Outcome)> {
    let (word, rest) = line.trim_start().split_once(" [")?;
    let outcome = match word {
        "PASS" | "LEAK" => Outcome::Passed,
        "FAIL" | "TIMEOUT" | "ABORT" | "SIGKILL" | "SIGTERM" | "SIGINT" | "SIGABRT" | "SIGSEGV" => {
            if over {
                Outcome::CutOff
            } else {
                Outcome::Failed
            }
        }
        _ => return None,
    };
    let (_, after) = rest.split_once(']')?;
    let name = after.split_once(')').map_or(after, |(_, name)| name).trim();
    (!name.is_empty()).then(|| (name.to_owned(), outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_lines_are_read() {
        let text = "    Starting 3 tests across 1 binary\n        PASS [   0.352s] (1/3) segue-sim::it bank::a\n        \
             FAIL [   0.441s] (2/3) segue-sim::it bank::b\n  stderr ───\n        \
             FAIL [   0.441s] (2/3) segue-sim::it bank::b\n     Summary [   1.6s] 3 tests run\n";
        let found = follow(text.as_bytes(), &AtomicBool::new(false));
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found["segue-sim::it bank::b"], Outcome::Failed);
        assert_eq!(outcome("      SIGINT [   9.1s] (3/3) x y", true), Some(("x y".to_owned(), Outcome::CutOff)));
        assert_eq!(outcome("     PASS [ 1s] x y", true), Some(("x y".to_owned(), Outcome::Passed)));
        let mut tally = Tally::default();
        tally.add(found);
        assert!(tally.failed() && tally.passed == 1 && tally.failures == ["segue-sim::it bank::b"]);
    }

    #[test]
    fn a_runner_is_stopped_when_its_time_is_over() {
        let mut child = Command::new("sleep").arg("600").spawn().expect("it starts");
        let over = AtomicBool::new(false);
        assert!(wait(&mut child, Instant::now(), &over).expect("it is waited for"));
        assert!(over.load(Ordering::SeqCst));
        let mut child = Command::new("true").spawn().expect("it starts");
        assert!(!wait(&mut child, Instant::now() + GRACE, &over).expect("it is waited for"));
    }
}
