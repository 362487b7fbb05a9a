//! A writer's own file: what it is about to do, synced before it is sent; what it was told, synced before it goes on.
//!
//! The checker reads the files and nothing else of the writers.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What a transaction does besides its ledger line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Transfer,
    /// Opens `credit` with money of `debit`.
    Open,
    /// Closes `debit`, its money goes to `credit`.
    Close,
    /// Renames the owner of `debit`.
    Rename,
}

/// One transaction as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) id: i64,
    pub(crate) writer: i64,
    pub(crate) seq: i64,
    pub(crate) kind: Kind,
    pub(crate) debit: i64,
    pub(crate) credit: i64,
    pub(crate) cents: i64,
    /// The owner's name that it writes, or `-`.
    pub(crate) name: String,
}

/// What the writer was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Ok,
    Failed,
    Unknown,
}

/// The file, open for writing.
pub(crate) struct Book {
    file: File,
}

impl Book {
    pub(crate) fn path(folder: &Path, writer: i64) -> PathBuf {
        folder.join(format!("writer-{writer}.log"))
    }

    pub(crate) fn open(folder: &Path, writer: i64) -> Self {
        Self { file: File::options().create_new(true).append(true).open(Self::path(folder, writer)).expect("a file of its own") }
    }

    fn line(&mut self, line: &str) {
        self.file.write_all(line.as_bytes()).expect("written");
        self.file.sync_data().expect("synced");
    }

    pub(crate) fn invoke(&mut self, op: &Op) {
        let mut line = String::new();
        let kind = match op.kind {
            Kind::Transfer => 't',
            Kind::Open => 'o',
            Kind::Close => 'c',
            Kind::Rename => 'r',
        };
        let _ = writeln!(line, "invoke {} {} {} {kind} {} {} {} {}", op.id, op.writer, op.seq, op.debit, op.credit, op.cents, op.name);
        self.line(&line);
    }

    pub(crate) fn told(&mut self, id: i64, told: Told) {
        let word = match told {
            Told::Ok => "ok",
            Told::Failed => "fail",
            Told::Unknown => "unknown",
        };
        self.line(&format!("{word} {id}\n"));
    }
}

/// Reads a writer's file. An invocation without an answer is unknown.
pub(crate) fn read(folder: &Path, writer: i64) -> Vec<(Op, Told)> {
    let text = std::fs::read_to_string(Book::path(folder, writer)).expect("the writer's file");
    let mut out: Vec<(Op, Told)> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words[at].parse::<i64>().expect("a number");
        if words[0] == "invoke" {
            let kind = match words[4] {
                "t" => Kind::Transfer,
                "o" => Kind::Open,
                "c" => Kind::Close,
                _ => Kind::Rename,
            };
            let op = Op {
                id: number(1),
                writer: number(2),
                seq: number(3),
                kind,
                debit: number(5),
                credit: number(6),
                cents: number(7),
                name: words[8].to_owned(),
            };
            out.push((op, Told::Unknown));
            continue;
        }
        let last = out.last_mut().expect("an answer follows its invocation");
        assert_eq!(last.0.id, number(1), "an answer belongs to the last invocation");
        last.1 = match words[0] {
            "ok" => Told::Ok,
            "fail" => Told::Failed,
            _ => Told::Unknown,
        };
    }
    out
}
