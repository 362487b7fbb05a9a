//! The checker: the writers' files against the database, row by row.
//!
//! Every transaction leaves one ledger line, so a transaction is in if and only if its line is. Whatever is in is
//! played over the beginning, and must give exactly the accounts that are there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::bank::{FIRST_CENTS, Size, WRITERS};
use crate::book::{self, Kind, Told};
use crate::teller::{Speech, Teller};
use crate::writer::{OF_WRITER, cents, memo};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Acknowledged, and not there.
    Lost,
    /// There twice.
    Doubled,
    /// There, and nobody was told that it is, or it was refused.
    Ghost,
    /// There with another value.
    Wrong,
    /// A writer's sequence has a hole.
    Gap,
    /// Money came or went.
    Sum,
}

/// What was found, and over how much.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) faults: Vec<(Fault, String)>,
    pub(crate) acknowledged: u64,
    pub(crate) unknown: u64,
    pub(crate) unknown_in: u64,
    pub(crate) rows: u64,
}

impl Found {
    fn add(&mut self, fault: Fault, what: String) {
        self.faults.push((fault, what));
    }

    pub(crate) fn count(&self, fault: Fault) -> u64 {
        self.faults.iter().filter(|(found, _)| *found == fault).count() as u64
    }

    pub(crate) fn kinds(&self) -> BTreeSet<Fault> {
        self.faults.iter().map(|(fault, _)| *fault).collect()
    }

    /// Panics with the first of what is wrong.
    #[track_caller]
    pub(crate) fn expect_none(&self) {
        assert!(self.faults.is_empty(), "{} faults, the first: {:#?}", self.faults.len(), &self.faults[..self.faults.len().min(12)]);
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: i64,
    writer: i64,
    seq: i64,
    debit: i64,
    credit: i64,
    cents: i64,
    memo: String,
}

/// Compares everything, reading the database in one form.
pub(crate) fn check(folder: &Path, teller: &mut dyn Teller, speech: Speech, size: Size) -> Found {
    let mut found = Found::default();
    let lines = lines(teller, speech, &mut found);
    let books: Vec<_> = (1..=WRITERS).flat_map(|writer| book::read(folder, writer)).collect();
    seeds(&lines, size, &mut found);
    operations(&lines, &books, &mut found);
    sequences(&lines, &mut found);
    accounts(teller, speech, size, &lines, &books, &mut found);
    found
}

fn lines(teller: &mut dyn Teller, speech: Speech, found: &mut Found) -> BTreeMap<i64, Line> {
    let kind = if speech.is_new() { "coalesce(kind, '')" } else { "'old'" };
    let sql = format!(
        "select id || ' ' || writer || ' ' || seq || ' ' || debit || ' ' || credit || ' ' || {}, memo, {kind} from {}",
        cents(speech, "amount"),
        teller.table(speech, "ledger")
    );
    let mut out = BTreeMap::new();
    let mut memos = HashMap::new();
    for row in teller.texts(speech, &sql).expect("the ledger") {
        found.rows += 1;
        let numbers: Vec<i64> = row[0].split(' ').map(|word| word.parse().expect("a number")).collect();
        let line = Line {
            id: numbers[0],
            writer: numbers[1],
            seq: numbers[2],
            debit: numbers[3],
            credit: numbers[4],
            cents: numbers[5],
            memo: row[1].clone(),
        };
        if let Some(other) = memos.insert(line.memo.clone(), line.id) {
            found.add(Fault::Doubled, format!("ledger lines {other} and {} are both {}", line.id, line.memo));
        }
        if !["old", "fresh", "new"].contains(&row[2].as_str()) {
            found.add(Fault::Wrong, format!("ledger line {} is of kind `{}`", line.id, row[2]));
        }
        if out.insert(line.id, line.clone()).is_some() {
            found.add(Fault::Doubled, format!("ledger line {} is there twice", line.id));
        }
    }
    out
}

fn seeds(lines: &BTreeMap<i64, Line>, size: Size, found: &mut Found) {
    for i in 1..=size.ledger {
        let expected = Line { id: -i, writer: 0, seq: i, debit: 1, credit: 1, cents: i % 1000, memo: format!("seed{i}") };
        match lines.get(&-i) {
            None => found.add(Fault::Lost, format!("ledger line {} of the beginning", -i)),
            Some(line) if *line != expected => found.add(Fault::Wrong, format!("ledger line of the beginning {line:?}, not {expected:?}")),
            Some(_) => {}
        }
    }
}

fn operations(lines: &BTreeMap<i64, Line>, books: &[(book::Op, Told)], found: &mut Found) {
    let mut known = BTreeSet::new();
    for (op, told) in books {
        known.insert(op.id);
        found.acknowledged += u64::from(*told == Told::Ok);
        found.unknown += u64::from(*told == Told::Unknown);
        match (lines.get(&op.id), told) {
            (None, Told::Ok) => found.add(Fault::Lost, format!("{op:?} was acknowledged")),
            (Some(_), Told::Failed) => found.add(Fault::Ghost, format!("{op:?} was refused")),
            (Some(line), _) => {
                found.unknown_in += u64::from(*told == Told::Unknown);
                let expected = Line {
                    id: op.id,
                    writer: op.writer,
                    seq: op.seq,
                    debit: op.debit,
                    credit: op.credit,
                    cents: op.cents,
                    memo: memo(op.id),
                };
                if *line != expected {
                    found.add(Fault::Wrong, format!("{line:?}, not {expected:?}"));
                }
            }
            (None, Told::Failed | Told::Unknown) => {}
        }
    }
    for line in lines.values().filter(|line| line.id > 0 && !known.contains(&line.id)) {
        found.add(Fault::Ghost, format!("{line:?}: nobody wrote it"));
    }
}

fn sequences(lines: &BTreeMap<i64, Line>, found: &mut Found) {
    for writer in 1..=WRITERS {
        let mut numbers: Vec<i64> = lines.values().filter(|line| line.writer == writer).map(|line| line.seq).collect();
        numbers.sort_unstable();
        if let Some((expected, got)) = (1..).zip(&numbers).find(|(expected, got)| expected != *got) {
            found.add(Fault::Gap, format!("writer {writer}: {got} where {expected} should be"));
        }
    }
}

fn accounts(
    teller: &mut dyn Teller,
    speech: Speech,
    size: Size,
    lines: &BTreeMap<i64, Line>,
    books: &[(book::Op, Told)],
    found: &mut Found,
) {
    let mut expected: BTreeMap<i64, (i64, String)> = (1..=size.accounts).map(|id| (id, (FIRST_CENTS, format!("owner{id}")))).collect();
    // Writers own what they open, so that the order between writers does not matter; money only adds.
    for (op, _) in books.iter().filter(|(op, _)| lines.contains_key(&op.id)) {
        if op.kind == Kind::Open {
            expected.insert(op.credit, (0, op.name.clone()));
        } else if op.kind == Kind::Rename {
            expected.entry(op.debit).and_modify(|(_, name)| name.clone_from(&op.name));
        }
        if op.kind != Kind::Rename {
            expected.entry(op.debit).and_modify(|(cents, _)| *cents -= op.cents);
            expected.entry(op.credit).and_modify(|(cents, _)| *cents += op.cents);
        }
        if op.kind == Kind::Close {
            expected.remove(&op.debit);
        }
    }
    let name = speech.name_column();
    let sql = format!("select id || ' ' || {}, {name} from {}", cents(speech, "balance"), teller.table(speech, "accounts"));
    let (mut total, mut seen) = (0, BTreeSet::new());
    for row in teller.texts(speech, &sql).expect("the accounts") {
        found.rows += 1;
        let (id, cents) = row[0].split_once(' ').expect("two numbers");
        let (id, cents): (i64, i64) = (id.parse().expect("a number"), cents.parse().expect("a number"));
        total += cents;
        if !seen.insert(id) {
            found.add(Fault::Doubled, format!("account {id}"));
        }
        match expected.get(&id) {
            None => found.add(Fault::Ghost, format!("account {id} (of writer {})", id / OF_WRITER)),
            Some(wanted) if wanted.0 != cents || wanted.1 != row[1] => {
                found.add(Fault::Wrong, format!("account {id} has {cents} of {}, not {wanted:?}", row[1]));
            }
            Some(_) => {}
        }
    }
    for id in expected.keys().filter(|id| !seen.contains(id)) {
        found.add(Fault::Lost, format!("account {id}"));
    }
    if total != size.accounts * FIRST_CENTS {
        found.add(Fault::Sum, format!("{total} instead of {}", size.accounts * FIRST_CENTS));
    }
}
