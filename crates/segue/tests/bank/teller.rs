//! What a client of the bank can say, whatever the engine: transactions of statements, and reads of numbers.

use std::time::Duration;

/// Which form and which door a client uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Speech {
    /// The old form, through the old version's view where there is one.
    Old,
    /// The old form on the base table.
    Base,
    /// The base table, with the new name of the renamed column.
    Mixed,
    /// The new form before it is ready: its own rows only, no balance of others.
    Early,
    /// The new form.
    New,
}

impl Speech {
    pub(crate) const ALL: [Self; 5] = [Self::Old, Self::Base, Self::Mixed, Self::Early, Self::New];

    pub(crate) fn is_new(self) -> bool {
        matches!(self, Self::Early | Self::New)
    }

    /// What the renamed column is called.
    pub(crate) fn name_column(self) -> &'static str {
        if matches!(self, Self::Old | Self::Base) { "owner" } else { "holder" }
    }
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(i64),
    Text(String),
}

/// One statement of a transaction, with `$1`… for its parameters.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// How a transaction ended, as its client knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ok,
    /// Certainly rolled back: a statement was refused, or did not meet exactly one row.
    Failed(String),
    /// The connection went away: committed or not.
    Unknown(String),
}

/// A client with one connection.
pub(crate) trait Teller: Send {
    /// One transaction. Every statement must touch exactly one row, where the engine can count them.
    fn transact(&mut self, speech: Speech, statements: &[Statement]) -> Outcome;
    /// Rows of numbers.
    fn numbers(&mut self, speech: Speech, sql: &str) -> Result<Vec<Vec<i64>>, String>;
    /// Rows of texts.
    fn texts(&mut self, speech: Speech, sql: &str) -> Result<Vec<Vec<String>>, String>;
    /// Connects again, patiently.
    fn reconnect(&mut self);
    /// The table in the words of a version.
    fn table(&self, speech: Speech, table: &str) -> String;
}

/// A bank's database: who makes tellers, and what a person with rights can see and do.
pub(crate) trait World: Send + Sync {
    fn teller(&self) -> Box<dyn Teller>;
    fn spec(&self) -> String;
    fn environment(&self) -> Vec<(String, String)>;
    /// Everything in the catalog but Segue's own control and history.
    fn catalog(&self) -> Vec<String>;
    /// What must not be there once a run is over.
    fn leftovers(&self) -> Vec<String>;
    /// A statement behind everybody's back.
    fn tamper(&self, sql: &str);
    /// The longest that a writer may have to wait on Segue's account.
    fn longest_allowed(&self) -> Duration;
}
