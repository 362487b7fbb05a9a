//! What the bank's writers do, as statements for either version of the application.
//!
//! The change under test renames `accounts.owner` to `holder` and makes the text `accounts.amount` a number: the
//! old version writes `'12'`, the new one `12`. A transfer and its line in the ledger are one transaction, and
//! each ledger line has a key that says who wrote it. Must never send what it did not write down first.

use serde::{Deserialize, Serialize};

use crate::seed::Seed;

/// One operation of a writer: one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Operation {
    /// Money from one account to another, with a line in the ledger.
    Transfer {
        /// The account that gives.
        from: i64,
        /// The account that gets.
        to: i64,
        /// How much.
        amount: i64,
    },
    /// The whole table is read: the sum must be the bank's.
    Audit,
}

/// The bank: how many accounts and how much on each at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bank {
    /// Accounts `1..=accounts`.
    pub accounts: i64,
    /// On each at first.
    pub initial: i64,
}

impl Bank {
    /// The sum, always.
    pub fn sum(&self) -> i64 {
        self.accounts * self.initial
    }

    /// The statements that make it.
    pub fn setup(&self) -> Vec<String> {
        let mut out = vec![
            "create table accounts (id bigint primary key, owner text not null, amount text not null)".to_owned(),
            "create table ledger (writer bigint not null, seq bigint not null, giver bigint not null, taker bigint not null, amount bigint not null, primary key (writer, seq))".to_owned(),
        ];
        out.extend(
            (1..=self.accounts)
                .map(|id| format!("insert into accounts (id, owner, amount) values ({id}, 'owner {id}', '{}')", self.initial)),
        );
        out
    }

    /// The change that both versions live through, in the form of `segue.yaml`.
    pub fn changes() -> [serde_json::Value; 2] {
        [
            serde_json::json!({"rename_column": {"table": "accounts", "from": "owner", "to": "holder"}}),
            serde_json::json!({"change_type": {"table": "accounts", "column": "amount", "to": "bigint",
                "up": "cast(amount as bigint)", "down": "cast(amount as text)"}}),
        ]
    }
}

/// One writer: its number, and what it does next.
#[derive(Debug, Clone)]
pub struct Writer {
    /// Its number, part of each ledger line's key.
    pub number: u64,
    /// How its form names and writes an amount: the column's name.
    pub amount: String,
    /// The column is a number: the new form.
    pub is_number: bool,
    seed: Seed,
    seq: u64,
}

impl Writer {
    /// A writer of the old form (`amount` is a text) or the new one.
    pub fn new(number: u64, amount: &str, is_number: bool, seed: u64) -> Self {
        Self { number, amount: amount.to_owned(), is_number, seed: Seed::new(seed ^ number << 32), seq: 0 }
    }

    /// The next operation, with its number.
    pub fn next(&mut self, bank: &Bank) -> (u64, Operation) {
        self.seq += 1;
        if self.seed.percent(10) {
            return (self.seq, Operation::Audit);
        }
        let account = |seed: &mut Seed| 1 + i64::try_from(seed.below(bank.accounts.unsigned_abs())).unwrap_or(0);
        let from = account(&mut self.seed);
        let mut to = account(&mut self.seed);
        if to == from {
            to = 1 + to % bank.accounts;
        }
        (self.seq, Operation::Transfer { from, to, amount: 1 + i64::try_from(self.seed.below(9)).unwrap_or(0) })
    }

    /// The statements of an operation, in one transaction; the accounts are touched in the order of their ids, so
    /// that two transfers never wait for each other.
    pub fn statements(&self, seq: u64, operation: &Operation) -> Vec<String> {
        match operation {
            Operation::Audit => vec![self.audit()],
            Operation::Transfer { from, to, amount } => {
                let mut moves = [(*from, -amount), (*to, *amount)];
                moves.sort_unstable();
                let mut out: Vec<String> = moves.iter().map(|(id, by)| self.update(*id, *by)).collect();
                out.push(format!(
                    "insert into ledger (writer, seq, giver, taker, amount) values ({}, {seq}, {from}, {to}, {amount})",
                    self.number
                ));
                out
            }
        }
    }

    fn update(&self, id: i64, by: i64) -> String {
        let column = &self.amount;
        let new = if self.is_number { format!("{column} + ({by})") } else { format!("cast(cast({column} as bigint) + ({by}) as text)") };
        format!("update accounts set {column} = {new} where id = {id}")
    }

    /// The query that reads the sum.
    pub fn audit(&self) -> String {
        let column = &self.amount;
        if self.is_number {
            format!("select sum({column}) from accounts")
        } else {
            format!("select sum(cast({column} as bigint)) from accounts")
        }
    }
}
