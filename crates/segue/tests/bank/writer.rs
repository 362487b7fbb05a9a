//! A writer: transfers, opens, closes and renames accounts in the form that it is told to speak, without a break.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::bank::{FIRST_CENTS, Orders};
use crate::book::{Book, Kind, Op, Told};
use crate::teller::{Outcome, Speech, Statement, Teller, Value};

/// An id of a writer's operation or account: a million for each writer.
pub(crate) const OF_WRITER: i64 = 1_000_000;

/// A client's pace: what it does between two transactions.
const PACE: Duration = Duration::from_millis(2);

/// What a writer saw.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) acknowledged: u64,
    pub(crate) reads: u64,
    /// Refused statements, with what was said.
    pub(crate) failed: Vec<String>,
    /// Reads that broke an invariant.
    pub(crate) torn: Vec<String>,
    pub(crate) unknown: u64,
    /// From one acknowledgement to the next, the longest, without times of lost connections.
    pub(crate) longest_gap: Duration,
    /// Each of these waits, in milliseconds.
    pub(crate) gaps_ms: Vec<u64>,
}

pub(crate) struct Writer {
    pub(crate) number: i64,
    pub(crate) accounts: i64,
    pub(crate) teller: Box<dyn Teller>,
    pub(crate) folder: PathBuf,
    pub(crate) orders: Arc<Orders>,
    own: Vec<Own>,
    attempts: i64,
    opened: i64,
    seq: i64,
    random: u64,
    seen: Seen,
}

struct Own {
    id: i64,
    cents: i64,
}

impl Writer {
    pub(crate) fn new(number: i64, accounts: i64, teller: Box<dyn Teller>, folder: PathBuf, orders: Arc<Orders>) -> Self {
        let random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number.unsigned_abs() + 1);
        Self { number, accounts, teller, folder, orders, own: Vec::new(), attempts: 0, opened: 0, seq: 1, random, seen: Seen::default() }
    }

    fn pick(&mut self, below: i64) -> i64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % below.unsigned_abs().max(1)).cast_signed()
    }

    /// Works until told to stop.
    pub(crate) fn work(mut self) -> Seen {
        let mut book = Book::open(&self.folder, self.number);
        let mut last = Instant::now();
        loop {
            let speech = self.orders.speech(self.number);
            self.orders.heard(self.number, speech);
            let op = self.next(speech);
            book.invoke(&op);
            let statements = self.statements(&op, speech);
            let outcome = self.teller.transact(speech, &statements);
            match outcome {
                Outcome::Ok => {
                    book.told(op.id, Told::Ok);
                    self.apply(&op);
                    self.seen.acknowledged += 1;
                    self.orders.acknowledged.fetch_add(1, Ordering::Relaxed);
                    let gap = last.elapsed();
                    self.seen.longest_gap = self.seen.longest_gap.max(gap);
                    self.seen.gaps_ms.push(u64::try_from(gap.as_millis()).unwrap_or(u64::MAX));
                }
                Outcome::Failed(why) => {
                    book.told(op.id, Told::Failed);
                    self.seen.failed.push(format!("writer {} as {speech:?}: {why}", self.number));
                }
                Outcome::Unknown(_) => {
                    book.told(op.id, Told::Unknown);
                    self.seen.unknown += 1;
                    self.recover(&op);
                }
            }
            if self.attempts % 24 == 0 && speech != Speech::Early {
                self.look(speech);
            }
            if self.orders.closed_within(PACE) {
                return self.seen;
            }
            last = Instant::now();
        }
    }

    fn next(&mut self, speech: Speech) -> Op {
        self.attempts += 1;
        let id = OF_WRITER * self.number + self.attempts;
        let dice = self.pick(100);
        let early = speech == Speech::Early;
        let amount = if early { 0 } else { self.pick(500) + 1 };
        let mut op = Op {
            id,
            writer: self.number,
            seq: self.seq,
            kind: Kind::Transfer,
            debit: self.pick(self.accounts) + 1,
            credit: 0,
            cents: amount,
            name: "-".to_owned(),
        };
        op.credit = (op.debit + self.pick(self.accounts - 1)) % self.accounts + 1;
        match dice {
            0..=14 if !self.own.is_empty() => {
                let at = usize::try_from(self.pick(self.own.len() as i64)).expect("small");
                if !early || self.own[at].cents == 0 {
                    op.kind = Kind::Close;
                    op.debit = self.own[at].id;
                    op.cents = self.own[at].cents;
                    return op;
                }
            }
            15..=34 if !self.own.is_empty() => {
                let at = usize::try_from(self.pick(self.own.len() as i64)).expect("small");
                op.kind = Kind::Rename;
                op.debit = self.own[at].id;
                op.credit = op.debit;
                op.cents = 0;
                op.name = format!("w{}-{}-{speech:?}", self.number, self.attempts);
                return op;
            }
            35..=44 if !self.own.is_empty() && !early => {
                let at = usize::try_from(self.pick(self.own.len() as i64)).expect("small");
                op.credit = self.own[at].id;
                return op;
            }
            45..=74 if !early => return op,
            _ => {}
        }
        self.opened += 1;
        op.kind = Kind::Open;
        op.credit = OF_WRITER * self.number + self.opened;
        op.name = format!("w{}-{}-{speech:?}", self.number, self.attempts);
        op
    }

    fn apply(&mut self, op: &Op) {
        self.seq += 1;
        match op.kind {
            Kind::Open => self.own.push(Own { id: op.credit, cents: op.cents }),
            Kind::Close => self.own.retain(|own| own.id != op.debit),
            Kind::Transfer => {
                for own in &mut self.own {
                    if own.id == op.credit {
                        own.cents += op.cents;
                    }
                }
            }
            Kind::Rename => {}
        }
    }

    /// After a lost connection: the database knows whether the transaction is in.
    fn recover(&mut self, op: &Op) {
        loop {
            self.teller.reconnect();
            if let Ok(rows) = self.teller.numbers(Speech::Base, &format!("select count(*) from ledger where id = {}", op.id)) {
                if rows[0][0] > 0 {
                    self.apply(op);
                }
                return;
            }
        }
    }

    /// The sum over all accounts, in one snapshot, in this form.
    fn look(&mut self, speech: Speech) {
        let sql = format!("select count(*), {} from {}", sum(speech, "balance"), self.teller.table(speech, "accounts"));
        let Ok(rows) = self.teller.numbers(speech, &sql).map_err(|why| {
            // The connection is lost: the next transaction finds that out, too.
            if !why.contains("closed") && !why.contains("57P") && !why.contains("communicating") {
                self.seen.failed.push(format!("writer {} reads as {speech:?}: {why}", self.number));
            }
        }) else {
            return;
        };
        self.seen.reads += 1;
        let expected = self.accounts * FIRST_CENTS;
        if rows[0][1] != expected {
            self.seen.torn.push(format!("writer {} as {speech:?}: the sum is {} instead of {expected}", self.number, rows[0][1]));
        }
    }

    fn statements(&self, op: &Op, speech: Speech) -> Vec<Statement> {
        let accounts = self.teller.table(speech, "accounts");
        let mut out = Vec::new();
        let mut movements = Vec::new();
        match op.kind {
            Kind::Transfer => movements.extend([(op.debit, -op.cents), (op.credit, op.cents)]),
            Kind::Open => {
                if op.cents != 0 {
                    movements.push((op.debit, -op.cents));
                }
                let money = if speech.is_new() { "cast($3 as bigint) / 100.0" } else { "cast($3 as bigint)" };
                out.push(Statement {
                    sql: format!(
                        "insert into {accounts} (id, {}, balance) values (cast($1 as bigint), cast($2 as text), {money})",
                        speech.name_column()
                    ),
                    values: vec![Value::Int(op.credit), Value::Text(op.name.clone()), Value::Int(op.cents)],
                });
            }
            Kind::Close => {
                if op.cents != 0 {
                    movements.push((op.credit, op.cents));
                }
                // Its money must be what its one writer knows of it, in whatever form it was written.
                let worth = match speech {
                    Speech::Early => "cast($2 as bigint) = 0",
                    Speech::New => "abs(balance - cast($2 as bigint) / 100.0) < 0.001",
                    _ => "balance = cast($2 as bigint)",
                };
                out.push(Statement {
                    sql: format!("delete from {accounts} where id = cast($1 as bigint) and {worth}"),
                    values: vec![Value::Int(op.debit), Value::Int(op.cents)],
                });
            }
            Kind::Rename => out.push(Statement {
                sql: format!("update {accounts} set {} = cast($2 as text) where id = cast($1 as bigint)", speech.name_column()),
                values: vec![Value::Int(op.debit), Value::Text(op.name.clone())],
            }),
        }
        // In the order of ids, so that writers never deadlock with each other.
        movements.sort_unstable();
        let add = if speech.is_new() { "round(balance + cast($2 as bigint) / 100.0, 2)" } else { "balance + cast($2 as bigint)" };
        let moves = movements.into_iter().map(|(id, cents)| Statement {
            sql: format!("update {accounts} set balance = {add} where id = cast($1 as bigint)"),
            values: vec![Value::Int(id), Value::Int(cents)],
        });
        out.splice(0..0, moves);
        out.push(self.line(op, speech));
        out
    }

    fn line(&self, op: &Op, speech: Speech) -> Statement {
        let ledger = self.teller.table(speech, "ledger");
        let (kind, word, money) =
            if speech.is_new() { (", kind", ", 'fresh'", "cast($6 as bigint) / 100.0") } else { ("", "", "cast($6 as bigint)") };
        Statement {
            sql: format!(
                "insert into {ledger} (id, writer, seq, debit, credit, amount, memo{kind}) values (cast($1 as bigint), cast($2 as bigint), \
                 cast($3 as bigint), cast($4 as bigint), cast($5 as bigint), {money}, cast($7 as text){word})"
            ),
            values: vec![
                Value::Int(op.id),
                Value::Int(op.writer),
                Value::Int(op.seq),
                Value::Int(op.debit),
                Value::Int(op.credit),
                Value::Int(op.cents),
                Value::Text(memo(op.id)),
            ],
        }
    }
}

/// The memo of an operation's ledger line: its own, so that a line that stands twice is seen whatever its key is.
pub(crate) fn memo(id: i64) -> String {
    format!("op{id}")
}

/// A sum of money in cents.
pub(crate) fn sum(speech: Speech, column: &str) -> String {
    format!("cast(sum({}) as bigint)", cents(speech, column))
}

/// A column of money in cents.
pub(crate) fn cents(speech: Speech, column: &str) -> String {
    if speech.is_new() { format!("cast(round({column} * 100) as bigint)") } else { format!("cast({column} as bigint)") }
}
