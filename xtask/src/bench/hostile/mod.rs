//! `cargo xtask bench check_hostile`: documents that were made to exhaust their reader.
//!
//! Some ten million bytes a side, of every kind: nesting without end, circles of references, aliases, hundreds of thousands
//! of members of everything that can have members, patterns that a backtracking engine never ends with. Each is one run of the
//! whole program, against itself or against a version that differs in one place or in all. What is counted is the slowest,
//! the largest, and the answers that are none: an exit code that is not 0, 3 or 64, or "compatible" for what is not the same
//! and was not read. The same documents, smaller, are in `crates/segue/tests/check/hostile.rs`.

#![allow(clippy::format_collect, reason = "a document is made in one expression here")]

mod api;
mod languages;
mod programs;
mod row;
mod shapes;

pub(crate) use row::{measure, prepare};

/// About the bytes of each side.
const SIZE: usize = 10_000_000;
/// The same below the bounds of values and of modules.
const SIZE_READ: usize = 4_000_000;

/// Makes some cases.
type Family = Box<dyn Fn() -> Vec<Case>>;

/// Two documents, or one script.
#[derive(Debug, Clone)]
struct Case {
    /// Its name.
    name: String,
    /// The ending of its files.
    ending: &'static str,
    /// What is checked first.
    old: String,
    /// What it is compared with; nothing for a script.
    new: Option<String>,
    /// Flags.
    flags: Vec<&'static str>,
}

impl Case {
    /// A document against itself.
    fn same(name: &str, ending: &'static str, text: String) -> Self {
        Self { name: name.to_owned(), ending, new: Some(text.clone()), old: text, flags: Vec::new() }
    }

    /// Two versions.
    fn of(name: &str, ending: &'static str, text: impl Fn(bool) -> String) -> Self {
        Self { name: name.to_owned(), ending, old: text(false), new: Some(text(true)), flags: Vec::new() }
    }

    /// A migration script.
    fn alone(name: &str, text: String) -> Self {
        Self { name: format!("script_{name}"), ending: "sql", old: text, new: None, flags: Vec::new() }
    }

    fn kind(mut self, kind: &'static str) -> Self {
        self.flags.extend(["--type", kind]);
        self
    }

    fn dialect(mut self, dialect: &'static str) -> Self {
        self.name = format!("{dialect}_{}", self.name);
        self.flags.extend(["--dialect", dialect]);
        self
    }
}

/// Every case, a family at a time: all of them together are gigabytes. What would be refused for its many values, or for being
/// more than a module is, comes smaller too, so that the work behind that bound is seen.
fn families() -> Vec<Family> {
    let smaller = |mut cases: Vec<Case>| {
        for case in &mut cases {
            case.name.push_str("_read");
        }
        cases
    };
    vec![
        Box::new(|| shapes::cases(SIZE)),
        Box::new(move || smaller(shapes::cases(SIZE_READ))),
        Box::new(|| api::cases(SIZE)),
        Box::new(move || smaller(api::cases(SIZE_READ))),
        Box::new(|| languages::cases(SIZE)),
        Box::new(move || smaller(languages::avro(SIZE_READ))),
        Box::new(|| programs::databases(SIZE)),
        Box::new(|| programs::modules(SIZE_READ)),
    ]
}

fn deep(open: &str, size: usize) -> String {
    open.repeat(size / open.len())
}

fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

/// The text of the member `n`; the member `place` of the later version has another one.
fn changed(n: usize, place: usize, new: bool, start: &str) -> String {
    if new && n == place { format!("\"changed{n}\"") } else { format!("\"{start}{n}\"") }
}
