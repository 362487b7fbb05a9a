//! The keys of `segue.yaml` as Markdown, printed from the tables that the reader walks by.
//!
//! `docs/spec.md` holds it between two marks. Tests: `tests/it/reference.rs`.

use std::fmt::Write as _;

use super::read;
use super::shape::{Key, Record, Shape, Words};

/// A section a record: what each key takes, whether it is required, what it means.
pub fn reference() -> String {
    let mut printer = Printer { out: String::new(), done: Vec::new() };
    printer.section("The file", "", read::record());
    printer.out
}

/// A record with the path at which it stands first.
type Done = (&'static Record, String);

struct Printer {
    out: String,
    done: Vec<Done>,
}

impl Printer {
    /// The record, then what is inside of it; a record that stands in several places is printed once.
    fn section(&mut self, title: &str, path: &str, record: &'static Record) {
        self.done.push((record, path.to_owned()));
        let _ = write!(self.out, "## {title}\n\n{}\n\n| key | takes | meaning |\n|---|---|---|\n", record.about);
        for key in record.keys {
            let takes = self.takes(&key.shape, &join(path, key.name));
            let _ = writeln!(self.out, "| `{}`{} | {} | {} |", key.name, mark(key), cell(&takes), cell(key.about));
        }
        self.out.push('\n');
        for key in record.keys {
            self.inside(&key.shape, &join(path, key.name));
        }
    }

    /// The sections of what a value holds.
    fn inside(&mut self, shape: &'static Shape, path: &str) {
        match shape {
            Shape::Record(record) | Shape::Tagged(record) | Shape::Short(_, record) if self.known(record).is_none() => {
                self.section(&format!("`{path}`"), path, record);
            }
            Shape::List { of, .. } => self.inside(of, &format!("{path}[]")),
            Shape::OneOrList(of) => self.inside(of, path),
            Shape::Map { of, key, .. } => self.inside(of, &format!("{path}.{}", key.to_uppercase().replace(' ', "_"))),
            _ => {}
        }
    }

    fn known(&self, record: &'static Record) -> Option<&str> {
        self.done.iter().find(|(done, _)| std::ptr::eq(*done, record)).map(|(_, path)| path.as_str())
    }

    /// In a cell of a table: what a value is, in few words.
    fn takes(&self, shape: &'static Shape, path: &str) -> String {
        match shape {
            Shape::Record(record) => match self.known(record).filter(|known| *known != path) {
                Some(known) => format!("a mapping, as `{known}`"),
                None => "a mapping, below".to_owned(),
            },
            Shape::Tagged(_) => "a mapping with exactly one of the keys below".to_owned(),
            Shape::Short(words, _) => format!("{}, or a mapping, below", Shape::Text(*words).describe()),
            Shape::List { of, .. } => format!("a list; each item {}", self.takes(of, path)),
            Shape::OneOrList(of) => format!("{}, or a list of such", self.takes(of, path)),
            Shape::Map { key, of, .. } => format!("a mapping; for each {key} {}", self.takes(of, path)),
            Shape::Text(Words::Id) => "1 to 40 letters, digits and `-`".to_owned(),
            other => other.describe(),
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn mark(key: &Key) -> &'static str {
    if key.required { " (required)" } else { "" }
}

/// Without what would end a cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
