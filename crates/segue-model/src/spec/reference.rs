//! The keys of `segue.yaml` as Markdown, printed from the tables that the reader walks by.
//!
//! `docs/spec.md` holds it between two marks. Tests: `tests/it/reference.rs`.

use std::fmt::Write as _;

use super::read;
use super::shape::{Record, Shape, Words};

/// A section a record: what each key takes, whether it is required, what it means.
pub fn reference() -> String {
    let mut printer = Printer { out: String::new(), places: Vec::new(), done: Vec::new() };
    printer.section("The file", "", read::record(), false);
    printer.out
}

struct Printer {
    out: String,
    /// Each record with the path at which its section stands: the first place that names it.
    places: Vec<(&'static Record, String)>,
    /// The paths that have their section.
    done: Vec<String>,
}

impl Printer {
    /// The record, then what is inside of it; a record that stands in several places is printed once. Of a tagged one a
    /// mapping takes exactly one key, so none of them is required.
    fn section(&mut self, title: &str, path: &str, record: &'static Record, tagged: bool) {
        self.done.push(path.to_owned());
        let _ = write!(self.out, "## {title}\n\n{}\n\n| key | takes | meaning |\n|---|---|---|\n", record.about);
        for key in record.keys {
            let takes = self.takes(&key.shape, &join(path, key.name));
            let mark = if key.required && !tagged { " (required)" } else { "" };
            let _ = writeln!(self.out, "| `{}`{mark} | {} | {} |", key.name, cell(&takes), cell(key.about));
        }
        self.out.push('\n');
        for key in record.keys {
            self.inside(&key.shape, &join(path, key.name));
        }
    }

    /// The sections of what a value holds.
    fn inside(&mut self, shape: &'static Shape, path: &str) {
        match shape {
            Shape::Record(record) | Shape::Tagged(record) | Shape::Short(_, record)
                if self.place(record, path) == path && !self.done.iter().any(|done| done == path) =>
            {
                self.section(&format!("`{path}`"), path, record, matches!(shape, Shape::Tagged(_)));
            }
            Shape::List { of, .. } => self.inside(of, &item(path)),
            Shape::OneOrList(of) => self.inside(of, path),
            Shape::Map { of, key, .. } => self.inside(of, &entry(path, key)),
            _ => {}
        }
    }

    /// Where a record has its section: here, if nothing named it before.
    fn place(&mut self, record: &'static Record, path: &str) -> String {
        if let Some((_, known)) = self.places.iter().find(|(known, _)| std::ptr::eq(*known, record)) {
            return known.clone();
        }
        self.places.push((record, path.to_owned()));
        path.to_owned()
    }

    /// `below`, or where it was before.
    fn below(&mut self, record: &'static Record, path: &str) -> String {
        let place = self.place(record, path);
        if place == path { "below".to_owned() } else { format!("as `{place}`") }
    }

    /// In a cell of a table: what a value is, in few words.
    fn takes(&mut self, shape: &'static Shape, path: &str) -> String {
        match shape {
            Shape::Record(record) => format!("a mapping, {}", self.below(record, path)),
            Shape::Tagged(record) => format!("a mapping with exactly one of the keys {}", self.below(record, path)),
            Shape::Short(words, record) => format!("{}, or a mapping, {}", Shape::Text(*words).describe(), self.below(record, path)),
            Shape::List { of, .. } => format!("a list; each item {}", self.takes(of, &item(path))),
            Shape::OneOrList(of) => format!("{}, or a list of such", self.takes(of, path)),
            Shape::Map { key, of, .. } => format!("a mapping; for each {key} {}", self.takes(of, &entry(path, key))),
            Shape::Text(Words::Id) => "1 to 40 letters, digits and `-`".to_owned(),
            other => other.describe(),
        }
    }
}

fn item(path: &str) -> String {
    format!("{path}[]")
}

fn entry(path: &str, key: &str) -> String {
    format!("{path}.{}", key.to_uppercase().replace(' ', "_"))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Without what would end a cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
