//! `segue verify --watch`: the same comparison again and again, until the sides differ or somebody ends it.
//!
//! Each round is a comparison of its own, in moments of its own, and a line says what it came to. A round that could not
//! be finished is no answer: the next one is tried. What it ends with is the last round. Tests: `tests/verify/watch.rs`.

use std::io::Write;
use std::time::Duration;

use segue_model::units::{Millis, grouped};
use segue_model::verify::{Verdict, VerifyReport};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{Show, visible};
use crate::verify::Outcome;

/// The value of the flag.
pub(super) fn every(text: &str) -> Result<Millis, String> {
    match Millis::parse(text) {
        Ok(Millis(0)) => Err("a pause of nothing".to_owned()),
        parsed => parsed.map_err(|error| error.to_string()),
    }
}

/// Events go to stdout: the result must not stand among them.
pub(super) fn takes_stdout(global: &Global) -> bool {
    global.events.as_ref().is_some_and(|path| path.as_os_str() == "-")
}

/// Makes rounds. The last of them is what it comes to; a failure of the first one, and of the flags, ends it.
pub(super) fn rounds(
    every: Millis,
    global: &Global,
    show: &Show,
    mut compare: impl FnMut() -> Result<Outcome, Failure>,
) -> Result<Outcome, Failure> {
    let mut told = Told::new(global, show)?;
    let mut pause = Pause::new()?;
    let mut last: Option<Result<Outcome, Failure>> = None;
    loop {
        let now = compare();
        match (&now, &last) {
            // It was ended in the middle: what stands is the round before.
            (Ok(outcome), _) if outcome.stopped.is_some() => return last.unwrap_or(now),
            (Err(failure), last) if last.is_none() || failure.exit == Exit::Usage => return now,
            (Ok(outcome), _) => told.report(&outcome.report),
            (Err(failure), _) => told.failure(failure),
        }
        let differs = now.as_ref().is_ok_and(|outcome| outcome.report.verdict == Verdict::Different);
        if differs || pause.is_ended(every.duration()) {
            return now;
        }
        last = Some(now);
    }
}

/// Between two rounds.
struct Pause {
    runtime: Runtime,
    signals: [Signal; 2],
}

impl Pause {
    fn new() -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]
        };
        Ok(Self { runtime, signals })
    }

    /// Waits so long; true where somebody ended it meanwhile, or at the end of the round before.
    fn is_ended(&mut self, length: Duration) -> bool {
        let [interrupt, terminate] = &mut self.signals;
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                _ = interrupt.recv() => true,
                _ = terminate.recv() => true,
                () = tokio::time::sleep(length) => false,
            }
        })
    }
}

/// Where rounds are told.
struct Told<'a> {
    show: &'a Show,
    events: Option<Box<dyn Write>>,
    round: u64,
}

impl<'a> Told<'a> {
    fn new(global: &Global, show: &'a Show) -> Result<Self, Failure> {
        let events: Option<Box<dyn Write>> = match &global.events {
            None => None,
            Some(_) if takes_stdout(global) => Some(Box::new(std::io::stdout())),
            Some(path) => {
                let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
                Some(Box::new(file.map_err(|error| Failure::of_path(path, &error))?))
            }
        };
        Ok(Self { show, events, round: 0 })
    }

    fn report(&mut self, report: &VerifyReport) {
        let rows = |count: fn(&segue_model::verify::Counts) -> Option<u64>| {
            report.tables.iter().filter_map(|table| count(&table.rows)).sum::<u64>()
        };
        let (source, target) = (rows(|rows| rows.source), rows(|rows| rows.target));
        let of = |verdict: Verdict| -> Vec<&str> {
            let tables = report.tables.iter().filter(|table| table.verdict == verdict).map(|table| table.source.as_str());
            tables.chain(report.checks.iter().filter(|check| check.verdict == verdict).map(|check| check.name.as_str())).collect()
        };
        let (different, undecided) = (of(Verdict::Different), of(Verdict::Undecided));
        let words = match report.verdict {
            Verdict::Equal => format!("equal: {} tables, {} rows", report.tables.len(), grouped(source.max(target))),
            Verdict::Different => format!("different: {}", different.join(", ")),
            Verdict::Undecided => format!("undecided: {}", undecided.join(", ")),
        };
        let fields = json!({
            "verdict": report.verdict, "tables": report.tables.len(), "rows": {"source": source, "target": target},
            "different": different, "undecided": undecided, "error": null,
        });
        self.tell(&words, fields);
    }

    fn failure(&mut self, failure: &Failure) {
        let why = failure.problems.first().map(|problem| (problem.code.clone(), problem.message.clone())).unwrap_or_default();
        let fields = json!({
            "verdict": Verdict::Undecided, "tables": 0, "rows": null, "different": [], "undecided": [],
            "error": {"code": why.0, "message": why.1},
        });
        self.tell(&format!("not finished: {}", why.1), fields);
    }

    fn tell(&mut self, words: &str, mut fields: Value) {
        self.round += 1;
        let at = jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string();
        self.show.say(&visible(&format!("{at}  round {}  {words}", self.round)));
        let Some(events) = &mut self.events else { return };
        (fields["type"], fields["round"], fields["at"]) = (Value::from("compared"), Value::from(self.round), Value::from(at));
        // One write a line, which a kill does not tear; a file that cannot be written stops nothing.
        let _ = events.write_all(format!("{fields}\n").as_bytes()).and_then(|()| events.flush());
    }
}
