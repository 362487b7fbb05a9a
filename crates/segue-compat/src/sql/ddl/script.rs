//! A migration script of MySQL, MariaDB or SQLite, statement by statement, with what was so before each.
//!
//! Tests: `tests/it/sql/script_lint.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::scan::{Statement, each};
use super::super::{Dialect, Facts, bounds};
use super::alter::Action;
use super::column::Read;
pub(crate) use super::event::{Copied, Event};
use super::key::Key;
use crate::source::Span;

/// A statement with what was so before it.
pub(crate) struct Seen<'a> {
    pub(crate) index: usize,
    pub(crate) span: Span,
    pub(crate) text: &'a str,
    pub(crate) event: Event,
    pub(crate) before: &'a State,
    pub(crate) facts: Option<&'a Facts>,
}

/// What the statements so far have done.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Tables made here; nobody waits for them.
    pub(crate) created: BTreeSet<String>,
    pub(crate) in_transaction: bool,
    /// Rows were written in the open transaction.
    pub(crate) wrote: bool,
    /// The open transaction did something: settings and reads aside.
    pub(crate) touched: bool,
    /// SET and PRAGMA, the last value of each.
    pub(crate) settings: BTreeMap<String, String>,
    /// The types of columns that this script changed.
    pub(crate) types: BTreeMap<(String, String), String>,
    /// Tables filled from a query, and by what.
    pub(crate) filled: Vec<(String, Copied)>,
    /// The columns of tables made here.
    pub(crate) made: BTreeMap<String, Vec<Read>>,
    /// Tables that this script renamed: what they were called, by the name of now.
    pub(crate) called: BTreeMap<String, String>,
    /// The last statement that gives something this name.
    pub(crate) named: BTreeMap<String, usize>,
    /// Columns of tables that were there, added here without a value: who does not know them leaves NULL.
    pub(crate) empty: BTreeSet<(String, String)>,
    /// Statements that end a transaction.
    pub(crate) ends: BTreeSet<usize>,
    /// An ALTER, DROP or index of a table that was there came before.
    pub(crate) ddl: bool,
}

impl Seen<'_> {
    /// The table was not made by this script.
    pub(crate) fn is_there(&self, table: &str) -> bool {
        !self.before.created.contains(&table.to_lowercase())
    }

    /// The type of a column, if it is known.
    pub(crate) fn type_of(&self, table: &str, column: &str) -> Option<&str> {
        let changed = self.before.types.get(&(table.to_lowercase(), column.to_lowercase()));
        changed.map(String::as_str).or_else(|| Some(self.column(table, column)?.data_type.as_str()))
    }

    /// The column as the facts have it.
    pub(crate) fn column(&self, table: &str, column: &str) -> Option<&segue_model::catalog::Column> {
        self.table(table)?.columns.iter().find(|one| one.name.eq_ignore_ascii_case(column))
    }

    /// The table as the facts have it.
    pub(crate) fn table(&self, table: &str) -> Option<&segue_model::catalog::Table> {
        let was = self.before.called.get(&table.to_lowercase()).map_or(table, String::as_str);
        self.facts?.catalog.tables.iter().find(|one| one.name.name.eq_ignore_ascii_case(was))
    }

    /// What this script copied out of a table, and where to.
    pub(crate) fn copies(&self, table: &str) -> Vec<(&str, &Copied)> {
        let from = |copied: &Copied| copied.from.eq_ignore_ascii_case(table);
        self.before.filled.iter().filter(|(_, copied)| from(copied)).map(|(name, copied)| (name.as_str(), copied)).collect()
    }

    /// The name is given to something by a later statement, or (a table renamed away) was by an earlier one.
    pub(crate) fn is_replaced(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let name = self.before.called.get(&name).unwrap_or(&name);
        let given = self.before.named.get(name);
        given.is_some_and(|at| *at > self.index || self.before.created.contains(name))
    }

    /// A key over a column that this script added without a value: writers that do not know it leave NULL, and NULLs are no doubles.
    pub(crate) fn is_over_new(&self, table: &str, key: &Key) -> bool {
        let table = table.to_lowercase();
        key.parts.iter().any(|part| self.before.empty.contains(&(table.clone(), part.column.to_lowercase())))
    }

    /// The next statement ends the transaction.
    pub(crate) fn ends_next(&self) -> bool {
        self.before.ends.contains(&(self.index + 1))
    }

    /// Rows, where the server said so.
    pub(crate) fn rows(&self, table: &str) -> Option<u64> {
        let sizes = &self.facts?.sizes;
        let fits = |name: &str| name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(table));
        sizes.iter().find(|(name, _)| fits(name)).map(|(_, size)| size.rows)
    }

    /// Known to be so small that nobody notices.
    pub(crate) fn is_small(&self, table: &str) -> bool {
        self.rows(table).is_some_and(|rows| rows < 10_000)
    }
}

/// Calls for each statement; what was not read, in a sentence.
pub(crate) fn walk<'a>(text: &'a str, dialect: Dialect, facts: Option<&'a Facts>, mut take: impl FnMut(&Seen<'_>)) -> Vec<String> {
    let (named, ends) = ahead(text, dialect);
    let mut state = State { named, ends, ..State::default() };
    let mut index = 0;
    let mut torn = false;
    each(text, dialect, |statement| {
        torn |= statement.torn;
        if index >= bounds::STATEMENTS_MAX {
            index += 1;
            return;
        }
        let (start, end) = statement.bytes();
        let seen = Seen {
            index,
            span: Span::new(start, end),
            text: text.get(start..end).unwrap_or_default(),
            event: event_of(&statement, dialect),
            before: &state,
            facts,
        };
        take(&seen);
        let event = seen.event;
        state.follow(event, facts);
        index += 1;
    });
    let mut unread = Vec::new();
    if torn {
        unread.push("a quote or comment does not end: what follows it was not read".to_owned());
    }
    if index > bounds::STATEMENTS_MAX {
        let (more, most) = (index - bounds::STATEMENTS_MAX, bounds::STATEMENTS_MAX);
        unread.push(format!("{more} statements behind the first {most}: so long a script is not judged to its end"));
    }
    unread
}

/// What a statement does, unless it is longer than anybody writes one.
fn event_of(statement: &Statement<'_>, dialect: Dialect) -> Event {
    let mut words = statement.words(dialect);
    if statement.tokens.len() > bounds::WORDS_MAX && !bounds::is_data(words.text_at(0)) {
        return Event::Unknown(bounds::TOO_LONG.to_owned());
    }
    super::event::event(&mut words)
}

/// Names that statements give, with the last statement that does, and statements that end a transaction.
fn ahead(text: &str, dialect: Dialect) -> (BTreeMap<String, usize>, BTreeSet<usize>) {
    let mut found = BTreeMap::new();
    let mut ends = BTreeSet::new();
    let mut index = 0;
    each(text, dialect, |statement| {
        let mut give = |name: &str| {
            found.insert(name.to_lowercase(), index);
        };
        match event_of(&statement, dialect) {
            Event::CreateTable(made) => give(&made.name),
            Event::Create(name) => give(&name),
            Event::RenameTable(pairs) => pairs.iter().for_each(|(_, to)| give(to)),
            Event::End => {
                ends.insert(index);
            }
            Event::Alter(_, actions) => actions.iter().for_each(|action| {
                if let Action::RenameTable(to) = action {
                    give(&to.name);
                }
            }),
            _ => {}
        }
        index += 1;
    });
    (found, ends)
}

impl State {
    fn follow(&mut self, event: Event, facts: Option<&Facts>) {
        self.touched = match event {
            Event::Begin | Event::End => false,
            Event::Set(..) | Event::Nothing => self.touched,
            _ => true,
        };
        match event {
            Event::CreateTable(made) => {
                let name = made.name.to_lowercase();
                let there = |facts: &Facts| facts.catalog.tables.iter().any(|one| one.name.name.eq_ignore_ascii_case(&name));
                if !(made.maybe && facts.is_some_and(there)) {
                    self.created.insert(name.clone());
                }
                self.filled.extend(made.copied.map(|copied| (name.clone(), copied)));
                self.made.insert(name, made.columns);
            }
            Event::Create(name) => {
                self.created.insert(name.to_lowercase());
            }
            Event::Begin => (self.in_transaction, self.wrote) = (true, false),
            Event::End => (self.in_transaction, self.wrote) = (false, false),
            Event::Set(name, value) => drop(self.settings.insert(name, value)),
            Event::Write(..) | Event::Delete(..) | Event::Insert(_) => self.wrote = true,
            Event::Fill(name, copied) => {
                self.wrote = true;
                self.filled.push((name.to_lowercase(), copied));
            }
            Event::Alter(table, actions) => {
                self.ddl = true;
                for action in actions {
                    if let Action::AddColumn(read) = &action
                        && read.is_empty()
                    {
                        self.empty.insert((table.to_lowercase(), read.column.name.to_lowercase()));
                    }
                    match action {
                        Action::Modify(_, read) | Action::AddColumn(read) => {
                            self.types.insert((table.to_lowercase(), read.column.name.to_lowercase()), read.column.data_type);
                        }
                        Action::RenameTable(to) => self.rename(&table, &to.name),
                        _ => {}
                    }
                }
            }
            Event::RenameTable(pairs) => {
                self.ddl = true;
                for (from, to) in &pairs {
                    self.rename(from, to);
                }
            }
            Event::DropTable(tables) => {
                self.ddl = true;
                for table in tables {
                    self.created.remove(&table.to_lowercase());
                }
            }
            Event::Truncate(_) | Event::Drop(..) => self.ddl = true,
            Event::Trigger(..) | Event::Nothing | Event::Unknown(_) => {}
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        let (from, to) = (from.to_lowercase(), to.to_lowercase());
        if self.created.remove(&from) {
            // A table that takes the place of one that was there holds its rows, so it is not new to anybody.
            if !self.filled.iter().any(|(table, _)| *table == from) {
                self.created.insert(to.clone());
            }
            self.called.remove(&to);
        } else {
            let was = self.called.remove(&from).unwrap_or(from);
            self.called.insert(to, was);
        }
    }
}
