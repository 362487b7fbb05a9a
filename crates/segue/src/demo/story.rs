//! The story of the demo, act by act.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use segue_model::problem::Problem;

use super::check::{Found, check};
use super::child::Segue;
use super::record::Record;
use super::shop::{CUSTOMERS, Database, INSERTED_FROM, ORDERS, WRITERS};
use super::writer::{SETTLE, Signal, write};
use super::{Version, postgres, sqlite};
use crate::exit::Exit;
use crate::failure::Failure;

/// The longest that a writer may have waited for one write; beyond it the demo fails.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Story {
    /// On PostgreSQL instead of SQLite.
    pub(crate) postgres: bool,
    /// Plant a lost write, so that the proof itself can be tested.
    pub(crate) plant_loss: bool,
}

/// How it ended.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) acknowledged: u64,
    pub(crate) failed: Vec<String>,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) wrong: u64,
    pub(crate) longest_pause: Duration,
    pub(crate) killed: u32,
    pub(crate) resumed: u32,
    pub(crate) took: Duration,
}

impl Outcome {
    /// Nothing lost, doubled, wrong or failed, the kill really happened, and no writer waited too long.
    pub(crate) fn good(&self) -> bool {
        self.lost + self.doubled + self.wrong == 0
            && self.failed.is_empty()
            && self.killed == 1
            && self.resumed == 1
            && self.longest_pause <= LONGEST_PAUSE
    }
}

/// Tells the story in a throw-away folder; `say` gets each line as it happens.
pub(crate) fn tell(story: Story, folder: &Path, say: &mut dyn FnMut(&str)) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let database: Box<dyn Database> =
        if story.postgres { Box::new(postgres::Shop::build()?) } else { Box::new(sqlite::Shop::build(folder)?) };
    std::fs::write(folder.join("segue.yaml"), database.spec())?;
    say(&format!("A shop on {}: {CUSTOMERS} customers, {ORDERS} orders, {WRITERS} writers.", database.described()));
    say("  customers.name → full_name          a rename");
    say("  orders.total   cents → euros        a type change, converted both ways");
    say("  orders.status  text not null        a new column");
    say("");
    let segue = Segue { folder, environment: database.environment() };
    let signal = Signal::default();
    let mut acts = Acts { segue, signal: &signal, killed: 0, resumed: 0, started, say };
    let (record, played) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (database, signal) = (database.as_ref(), &signal);
                scope.spawn(move || -> Result<Record, Failure> { Ok(write(writer, database.client()?.as_mut(), signal)) })
            })
            .collect();
        let played = acts.play();
        signal.stop.store(true, Ordering::Release);
        let mut all = Record::default();
        for writer in writers {
            match writer.join() {
                Ok(Ok(record)) => all.join(record),
                Ok(Err(failure)) => return (Err(failure), played),
                Err(_) => return (Err(Failure::new(Exit::Failed, Problem::new("SG-CLI-065", "a writer of the demo panicked"))), played),
            }
        }
        (Ok(all), played)
    });
    played?;
    let record = record?;
    let (killed, resumed) = (acts.killed, acts.resumed);
    let found = prove(story, database.as_ref(), &record)?;
    Ok(Outcome {
        acknowledged: record.acknowledged,
        failed: record.failed,
        lost: found.lost,
        doubled: found.doubled,
        wrong: found.wrong,
        longest_pause: record.longest,
        killed,
        resumed,
        took: started.elapsed(),
    })
}

fn prove(story: Story, database: &dyn Database, record: &Record) -> Result<Found, Failure> {
    let mut client = database.client()?;
    if story.plant_loss {
        let victim = record.orders.keys().find(|id| **id > INSERTED_FROM).copied().unwrap_or(1);
        client.plant_loss(victim).map_err(unreadable)?;
    }
    check(client.as_mut(), Version::New, record).map_err(unreadable)
}

fn unreadable(message: String) -> Failure {
    Failure::new(
        Exit::Failed,
        Problem::new("SG-CLI-066", format!("the demo cannot read its own result: {message}"))
            .safe("only the demo's throw-away database was touched"),
    )
}

/// The acts, with what they share.
struct Acts<'a> {
    segue: Segue<'a>,
    signal: &'a Signal,
    killed: u32,
    resumed: u32,
    started: Instant,
    say: &'a mut dyn FnMut(&str),
}

impl Acts<'_> {
    fn play(&mut self) -> Result<(), Failure> {
        self.forward_with_a_kill()?;
        self.speak(0b10, "half of the writers speak the new version");
        Self::rest();
        self.back()?;
        self.forward_again()?;
        self.speak(0b11, "every writer speaks the new version");
        self.segue.run(&["apply", "-f", "segue.yaml", "--yes", "-q"])?;
        self.line("contract: the old form is gone, the new one stands");
        Self::rest();
        Ok(())
    }

    fn forward_with_a_kill(&mut self) -> Result<(), Failure> {
        let events = self.segue.folder.join("events.ndjson");
        self.line("apply --until shift, in a process of its own");
        let mut child = self.segue.start(&[
            "apply",
            "-f",
            "segue.yaml",
            "--yes",
            "--until",
            "shift",
            "--lease",
            "2s",
            "--events",
            "events.ndjson",
            "-q",
        ])?;
        let seen = Segue::wait_for(&mut child, &events, "\"progress\"")?;
        if seen && child.try_wait()?.is_none() {
            child.kill()?;
            child.wait()?;
            self.killed += 1;
            self.line("kill -9 in the middle of the backfill");
        } else {
            child.wait()?;
        }
        self.segue.run(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift", "--lease", "2s", "-q"])?;
        self.resumed += 1;
        self.line("the same command again: it went on");
        Ok(())
    }

    fn back(&mut self) -> Result<(), Failure> {
        self.speak(0b00, "the new version is withdrawn; all speak the old one");
        self.segue.run(&["rollback", "--yes", "-q"])?;
        self.line("rollback: the old form, with the writes of both versions");
        Self::rest();
        Ok(())
    }

    fn forward_again(&mut self) -> Result<(), Failure> {
        self.segue.run(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift", "-q"])?;
        self.line("apply --until shift: forward again");
        Ok(())
    }

    /// Tells the writers which version to speak, and waits until each has taken notice.
    fn speak(&mut self, versions: u8, what: &str) {
        self.signal.versions.store(versions, Ordering::Release);
        std::thread::sleep(SETTLE);
        self.line(what);
    }

    /// Lets the writers work for a while in the state just reached.
    fn rest() {
        std::thread::sleep(Duration::from_millis(700));
    }

    fn line(&mut self, what: &str) {
        let writes = self.signal.writes.load(Ordering::Relaxed);
        (self.say)(&format!("{:5.1} s {writes:>7} writes  {what}", self.started.elapsed().as_secs_f64()));
    }
}
