//! Asking a database a question of its own: a query that only reads, a count of rows that break a rule, where its
//! counters stand, who may do what.
//!
//! Everything runs in a session in which the server itself refuses to write, alone in its statement, bounded in rows,
//! bytes and time. An answer that is longer than its bound, or that was cut, is an error and never a shorter answer.
//! `Debug` never shows a value. Tests: `segue-sim/tests/it/checks/`, against real servers of each engine.

use std::fmt;

use async_trait::async_trait;
use segue_model::ident::TableName;

use super::class::Class;
use super::read::ReadColumn;
use crate::{EngineError, ErrorKind};

/// A query of the user, and how much of it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// One statement that gives columns, in this engine's SQL.
    pub sql: String,
    /// More rows than that are an error.
    pub rows_max: u64,
    /// More bytes than that are an error.
    pub bytes_max: u64,
    /// It takes no longer, in milliseconds.
    pub time_ms_max: u64,
}

impl Question {
    /// A question with the usual bounds: 10,000 rows, 16 MiB, a minute.
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), rows_max: 10_000, bytes_max: 16 << 20, time_ms_max: 60_000 }
    }

    /// The error of an answer that is longer than its bounds; `None` while it is not. `code`: the engine's own.
    pub fn overrun(&self, code: &'static str, rows: u64, bytes: u64) -> Option<EngineError> {
        let message = if rows > self.rows_max {
            format!("the query gives more than {} rows", self.rows_max)
        } else if bytes > self.bytes_max {
            format!("the query gives more than {} MiB", self.bytes_max >> 20)
        } else {
            return None;
        };
        let help = "let it give sums and counts, a row for each group: rows themselves are compared by `segue verify`";
        Some(EngineError::new(code, ErrorKind::Resources, message).help(help))
    }
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerColumn {
    /// Its name.
    pub name: String,
    /// The class that is its own; [`Class::Text`] where an engine has none.
    pub class: Class,
}

/// What a query gave.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its columns in order.
    pub columns: Vec<AnswerColumn>,
    /// Its rows in order, each a canonical row of values under their own classes; JSON stays text.
    pub rows: Vec<Vec<u8>>,
    /// From sending the query to its last row, in microseconds.
    pub took_us: u64,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} columns, {} rows)", self.columns.len(), self.rows.len())
    }
}

/// What is computed of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Values that are not NULL.
    Count,
    /// Different values, text by its bytes.
    Distinct,
    /// The exact sum: of numbers that are not floats.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The sum of the lengths of texts, in bytes of UTF-8.
    Bytes,
    /// The sum of the lengths of bytes.
    Octets,
    /// How many are true.
    True,
}

impl Measure {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Count => "values that are not NULL",
            Self::Distinct => "different values",
            Self::Sum => "sum",
            Self::Min => "smallest value",
            Self::Max => "largest value",
            Self::Bytes | Self::Octets => "bytes",
            Self::True => "true values",
        }
    }

    /// What can be computed exactly, and means the same on every engine, of values of a class.
    pub fn of(class: &Class) -> &'static [Self] {
        match class {
            Class::Integer | Class::Decimal | Class::DecimalScaled => &[Self::Count, Self::Distinct, Self::Sum, Self::Min, Self::Max],
            Class::Date | Class::Timestamp | Class::Instant => &[Self::Count, Self::Distinct, Self::Min, Self::Max],
            Class::Float => &[Self::Count, Self::Min, Self::Max],
            Class::Text => &[Self::Count, Self::Distinct, Self::Bytes],
            Class::Bytes => &[Self::Count, Self::Octets],
            Class::Boolean => &[Self::Count, Self::True],
            _ => &[Self::Count],
        }
    }
}

/// A measure of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// A column's name, or an expression in this engine's SQL.
    pub term: String,
    /// It is an expression.
    pub expression: bool,
    /// What is computed.
    pub what: Measure,
    /// The class under which the values are compared: the column's own type may be another that has it.
    pub class: Class,
}

impl Measured {
    /// A measure of a column that is read.
    pub fn of(column: &ReadColumn, what: Measure) -> Self {
        Self {
            term: column.expression.clone().unwrap_or_else(|| column.name.clone()),
            expression: column.expression.is_some(),
            what,
            class: column.class.clone(),
        }
    }
}

/// A query that an engine writes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// One row: the number of rows, then each measure in order.
    Tally {
        /// The table.
        table: TableName,
        /// A condition in this engine's SQL.
        filter: Option<String>,
        /// What is computed.
        of: Vec<Measured>,
    },
    /// One row of texts that all engines write alike: the number of rows, then each measure in order. For scripts that
    /// a person runs, whose outputs are compared as text. A sum has 15 digits after the point; the smallest and the
    /// largest are not for it.
    Line {
        /// The table.
        table: TableName,
        /// A condition in this engine's SQL.
        filter: Option<String>,
        /// What is computed.
        of: Vec<Measured>,
    },
    /// One row with one number: how many rows have NULL in the column.
    Nulls {
        /// The table.
        table: TableName,
        /// Its column.
        column: String,
        /// A condition in this engine's SQL.
        filter: Option<String>,
    },
    /// How many rows there are too many with the same values in these columns. Rows with a NULL among them do not count.
    Duplicates {
        /// The table.
        table: TableName,
        /// Its columns.
        columns: Vec<String>,
        /// A condition in this engine's SQL.
        filter: Option<String>,
    },
    /// How many values are outside these bounds, each a number in plain digits or a date as `2026-11-21`.
    Outside {
        /// The table.
        table: TableName,
        /// Its column.
        column: String,
        /// The smallest that may be.
        min: Option<String>,
        /// The largest that may be.
        max: Option<String>,
        /// A condition in this engine's SQL.
        filter: Option<String>,
    },
    /// How many texts do not fit a pattern, in which `%` is any text, `_` any character and `!` makes either plain.
    Unlike {
        /// The table.
        table: TableName,
        /// Its column.
        column: String,
        /// The pattern. Case matters.
        pattern: String,
        /// A condition in this engine's SQL.
        filter: Option<String>,
    },
    /// How many rows refer to a row that is not there. A row with a NULL among its columns refers to nothing.
    Orphans {
        /// The table that refers.
        table: TableName,
        /// Its columns.
        columns: Vec<String>,
        /// The table that is referred to.
        parent: TableName,
        /// Its columns, as many.
        parent_columns: Vec<String>,
    },
}

/// Where a table's own counter stands: a sequence, an identity, an auto-increment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// The table.
    pub table: TableName,
    /// The column that it fills.
    pub column: String,
    /// What it is: `sequence public.t_id_seq`, `auto_increment`.
    pub what: String,
    /// The value that it gives next. `None`: the role may not see it.
    pub next: Option<i128>,
    /// It counts down.
    pub down: bool,
    /// The largest value in the column (the smallest where it counts down); `None`: there is none.
    pub reached: Option<i128>,
    /// The last value that it or the column's type can give.
    pub limit: Option<i128>,
}

/// What a role may do beyond its grants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role {
    /// Its name, without a host.
    pub name: String,
    /// What it may do, each in a word or two, sorted: `login`, `superuser`, `create roles`, `bypass row security`.
    pub may: Vec<String>,
    /// Roles that it is a member of, sorted.
    pub member_of: Vec<String>,
}

/// Controls of a server that its catalogs show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    /// The roles but the server's own, sorted. `None`: the role may not read them.
    pub roles: Option<Vec<Role>>,
    /// The server offers TLS; `None` where nobody can tell, or it has no network.
    pub tls_offered: Option<bool>,
    /// The server refuses connections in the clear.
    pub tls_required: Option<bool>,
    /// Passwords are kept in a form of today.
    pub passwords_strong: Option<bool>,
    /// What could not be read: one sentence each.
    pub not_read: Vec<String>,
}

/// A database that can be asked.
#[async_trait]
pub trait Ask: Send + Sync {
    /// `postgres`, `mysql`, `mariadb`, `sqlite`: two of one word share a dialect.
    fn dialect(&self) -> &'static str;

    /// Runs a query in a session in which the server refuses every write. A query that writes, that is more than one
    /// statement, or that gives no columns is refused.
    async fn ask(&self, question: &Question) -> Result<Answer, EngineError>;

    /// The query of a probe in this engine's SQL, on one line, without a semicolon.
    fn sql(&self, probe: &Probe) -> String;

    /// A probe's query, with a text before its row as a first column; without a probe the text alone.
    fn labelled(&self, label: &str, probe: Option<&Probe>) -> String;

    /// What a script that only reads begins and ends with, one statement each without a semicolon.
    fn frame(&self) -> (Vec<&'static str>, Vec<&'static str>);

    /// The condition under which a row is not marked as deleted by this column: NULL for a moment or a date, false for a
    /// truth. `None`: values of this class are no mark.
    fn kept(&self, column: &str, class: &Class) -> Option<String>;

    /// The counters of these tables and how far their columns are.
    async fn counters(&self, tables: &[TableName]) -> Result<Vec<Counter>, EngineError>;

    /// Controls that the catalogs show.
    async fn controls(&self) -> Result<Controls, EngineError>;
}
