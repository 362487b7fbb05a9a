//! A comparison that was stopped goes on: what was finished is kept in a file of the state directory (`file.rs`), and
//! `--resume` takes it up.
//!
//! Kept are, for each table that is done, its part of the report; for one that is under way, the bound of the key below
//! which all is done, and the keys and hashes of rows that differ. Keys are values: the file is for its owner alone (mode
//! 0600), as the other files of Segue that name rows are, and no value of another column ever stands in it. With
//! `--hide-keys` no key and no bound does: then only whole tables are kept. It is never taken up unasked, because what
//! it holds was seen at an earlier moment, and the report says which part that is. It is not taken up where the question,
//! the version of Segue or the form of a table is another one. It is removed once a comparison came to its end.
//! Tests: `file.rs`, `tests/verify/stopped.rs`.

mod file;
mod sink;

use std::collections::BTreeSet;
use std::path::Path;

use segue_engine::ErrorKind;
use segue_model::problem::Problem;
use segue_model::verify::Verdict;
use segue_verify::{TablePair, VerifyError};

use self::file::{Before, Log, Open, Record, Row, Session, TableEnded, Unusable};
pub(crate) use self::sink::Noting;
use super::found::Found;
use super::rows::{TableDone, Wanted};
use super::sides::SideOpen;
use super::whole::Extra;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// A table as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    table: String,
    /// A hash of what is read of both sides.
    form: String,
}

impl Name {
    fn of(pair: &TablePair) -> Self {
        let form = format!("{:?}", (&pair.source, &pair.target, &pair.names, pair.ranges));
        Self { table: format!("{}\n{}", pair.source.table, pair.target.table), form: digest(&form) }
    }
}

/// What is kept of this comparison, and what an earlier run left.
pub(crate) struct Keeper {
    /// `None`: nothing is kept any more.
    log: Option<Log>,
    before: Before,
    session: Session,
    begun: bool,
    /// No line is added any more.
    full: bool,
    /// The length of the file of `--diff-rows` when the last table ended.
    told: u64,
    hide_keys: bool,
    values: bool,
    /// A repair needs the rows that differ.
    for_repair: bool,
    /// Earlier sessions of which a part of the report is.
    used: BTreeSet<usize>,
    show: Show,
}

impl Keeper {
    /// Of this question. With `--resume` an earlier run's file is taken up, or a line says why it is not.
    pub(crate) fn open(sides: (&SideOpen, &SideOpen), wanted: &Wanted, extra: &Extra, show: &Show) -> Result<Self, Failure> {
        let mut keeper = Self {
            log: extra.folder.as_deref().map(|folder| Log::new(folder, &question(sides, wanted, extra))),
            before: Before::default(),
            session: Session::new(jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string(), Vec::new()),
            begun: false,
            full: false,
            told: 0,
            hide_keys: wanted.shown.hide_keys,
            values: wanted.shown.values,
            for_repair: extra.for_repair,
            used: BTreeSet::new(),
            show: show.clone(),
        };
        match &mut keeper.log {
            Some(log) if extra.resume => match log.read() {
                Ok(found) => keeper.take_up(found, extra.diff_rows.as_deref()),
                Err(None) => return Err(held()),
                Err(Some(error)) => keeper.anew(&format!("what was kept cannot be read ({})", crate::show::why(&error))),
            },
            Some(log) if log.is_there() => {
                show.say("this comparison was stopped before; all is compared anew, --resume would go on where it was");
            }
            _ => {}
        }
        Ok(keeper)
    }

    fn take_up(&mut self, found: Result<Before, Unusable>, diff_rows: Option<&Path>) {
        match found {
            Ok(before) if diff_rows.is_some_and(|path| std::fs::metadata(path).map_or(0, |file| file.len()) < before.told) => {
                self.anew("the file of --diff-rows is not the one that was written");
            }
            Ok(before) => {
                self.told = before.told;
                self.before = before;
                self.show.say("going on with the comparison that was stopped");
            }
            Err(Unusable::Absent) => self.anew("no comparison of these sides with these flags was stopped"),
            Err(Unusable::Damaged) => self.anew("what was kept is damaged"),
            Err(Unusable::Version) => self.anew("what was kept is of another version of Segue"),
        }
    }

    fn anew(&self, why: &str) {
        self.show.say(&format!("{why}: all is compared anew"));
    }

    /// The length to which the file of `--diff-rows` is right; `None`: there is nothing to go on with.
    pub(crate) fn goes_on(&self) -> Option<u64> {
        (!self.before.sessions.is_empty()).then_some(self.told)
    }

    /// The moments of this run are known.
    pub(crate) fn at(&mut self, moments: Vec<String>) {
        self.session.moments = moments;
    }

    /// The moments of the report: those of earlier runs of which it holds a part, then those of this one.
    pub(crate) fn moments(&self, now: Vec<String>) -> Vec<String> {
        let earlier = self.used.iter().filter_map(|at| self.before.sessions.get(*at));
        let told = |session: &Session| session.moments.iter().map(|moment| format!("{}: {moment}", run_of(session))).collect::<Vec<_>>();
        earlier.flat_map(told).chain(now).collect()
    }

    /// A table that an earlier run finished, if it is still read in the same way.
    pub(crate) fn ended(&mut self, pair: &TablePair) -> Option<TableDone> {
        let name = Name::of(pair);
        let (session, ended) = self.before.ended.get(&name.table)?;
        if ended.form != name.form {
            self.anew(&format!("{} has another form by now", pair.source.table));
            return None;
        }
        let mut report = ended.report.clone();
        report.notes.push(format!("compared before it was stopped, by {}", run_of(self.before.sessions.get(*session)?)));
        self.used.insert(*session);
        let found = ended.rows.iter().map(Row::difference).collect();
        Some(TableDone { report, pair: Some(pair.clone()), found, over: ended.over, failed: None })
    }

    /// The sink of a table, with what an earlier run found in it.
    pub(crate) fn noting<'k, 'f>(&'k mut self, pair: &TablePair, found: Found<'f>) -> Result<Noting<'k, 'f>, VerifyError> {
        Noting::new(self, found, Name::of(pair))
    }

    /// What an earlier run left of a table that was under way.
    fn open_of(&mut self, name: &Name) -> Option<Open> {
        let open = self.before.open.remove(&name.table)?;
        if open.form == name.form {
            self.used.extend(open.until.keys());
            return Some(open);
        }
        self.anew("a table that was under way has another form by now");
        None
    }

    /// Of a table of which a part was compared earlier: of how many rows, and when.
    fn parts(&self, open: &Open) -> Vec<String> {
        let mut read = 0;
        let mut out = Vec::new();
        for (session, until) in &open.until {
            let which = if read == 0 { "the first" } else { "the next" };
            let by = self.before.sessions.get(*session).map(run_of).unwrap_or_default();
            let rows = until.saturating_sub(read);
            out.push(format!("{which} {rows} rows of the source, in the order of the key, were compared before it was stopped, by {by}"));
            read = *until;
        }
        out
    }

    /// A table came to its end in this run.
    pub(crate) fn end(&mut self, done: &TableDone, told: u64) {
        let Some(pair) = done.pair.as_ref() else { return };
        if done.report.verdict == Verdict::Undecided {
            // What was told of its rows would be told a second time: no later place is one to go on from.
            self.full |= told > self.told;
            return;
        }
        self.told = told;
        let rows_needed = self.for_repair && !done.found.is_empty();
        if (self.values && !done.report.examples.is_empty()) || (self.hide_keys && rows_needed) {
            return;
        }
        let Name { table, form } = Name::of(pair);
        let rows = if self.for_repair { done.found.iter().map(Row::of).collect() } else { Vec::new() };
        self.write(&Record::Table(Box::new(TableEnded { table, form, report: done.report.clone(), rows, over: done.over, told })));
    }

    /// All is done, or as much as could be. What was kept stays where going on makes sense.
    pub(crate) fn close(self, tables: &[TableDone], stopped: bool) {
        let lost = |kind: &ErrorKind| {
            !matches!(kind, ErrorKind::Permission | ErrorKind::Object | ErrorKind::Unsupported | ErrorKind::Syntax | ErrorKind::Value)
        };
        let may_go_on = stopped || tables.iter().any(|done| done.failed.as_ref().is_some_and(lost));
        match self.log {
            Some(log) if !may_go_on => log.remove(),
            Some(log) if log.is_there() => self.show.say("what was finished is kept: the same command with --resume goes on from there"),
            _ => {}
        }
    }

    /// Bounds and keys may be kept.
    fn notes_ranges(&self) -> bool {
        self.log.is_some() && !self.full && !self.hide_keys
    }

    fn shows_values(&self) -> bool {
        self.values
    }

    /// A file that cannot be written is said once; the comparison needs it not.
    fn write(&mut self, record: &Record) {
        let Some(log) = self.log.as_mut().filter(|_| !self.full) else { return };
        let session = Record::Session(self.session.clone());
        let lines = if self.begun { vec![record] } else { vec![&session, record] };
        self.begun = true;
        for line in lines {
            let why = match log.append(line) {
                Ok(()) => continue,
                Err(None) => "another process makes the same comparison".to_owned(),
                Err(Some(error)) => crate::show::why(&error),
            };
            self.show.say(&format!("what is finished cannot be kept, --resume will not find it: {why}"));
            self.log = None;
            return;
        }
    }
}

fn run_of(session: &Session) -> String {
    format!("the run of {}", session.began)
}

fn held() -> Failure {
    Failure::new(
        Exit::Held,
        Problem::new("SG-VER-005", "another process makes the same comparison now")
            .safe("nothing was touched")
            .help("wait for it, or leave --resume away"),
    )
}

fn digest(text: &str) -> String {
    format!("{:032x}", segue_engine::rows::hash(text.as_bytes()))
}

/// A hash of what is asked: both sides and every flag that has a say in what is compared or told.
fn question(sides: (&SideOpen, &SideOpen), wanted: &Wanted, extra: &Extra) -> String {
    let Wanted { choice, mappings, options, shown, keep, at_rest, views, schemas } = wanted;
    let options = segue_verify::Options { readers: 0, ..options.clone() };
    let places = [sides.0, sides.1].map(|side| (side.engine, &side.identity));
    let told = (&extra.diff_rows, extra.for_repair, extra.one_database);
    digest(&format!("{:?}", (places, choice, mappings, options, shown, keep, at_rest, views, schemas, told)))
}
