//! A migration script of MySQL, MariaDB or SQLite, statement by statement, with what was so before each.
//!
//! Tests: `tests/it/sql/script_lint.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::scan::{Statement, Words, each};
use super::super::{Dialect, Facts};
use super::alter::{self, Action};
use super::key;
use crate::source::Span;

/// What a statement does.
#[derive(Debug)]
pub(crate) enum Event {
    /// ALTER TABLE and CREATE INDEX: the table and the actions.
    Alter(String, Vec<Action>),
    CreateTable(String),
    DropTable(Vec<String>),
    RenameTable(Vec<String>),
    Truncate(String),
    /// UPDATE or DELETE; whether every row is meant.
    Write(String, bool),
    /// INSERT … SELECT: the table that is filled.
    Fill(String),
    Begin,
    End,
    /// SET and PRAGMA: name and value.
    Set(String, String),
    Other,
}

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
    /// SET and PRAGMA, the last value of each.
    pub(crate) settings: BTreeMap<String, String>,
    /// The types of columns that this script changed.
    pub(crate) types: BTreeMap<(String, String), String>,
    /// Tables filled from a query.
    pub(crate) filled: BTreeSet<String>,
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
        self.facts?.catalog.tables.iter().find(|one| one.name.name.eq_ignore_ascii_case(table))
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

/// Calls for each statement; false when a statement was torn.
pub(crate) fn walk<'a>(text: &'a str, dialect: Dialect, facts: Option<&'a Facts>, mut take: impl FnMut(&Seen<'_>)) -> bool {
    let mut state = State::default();
    let mut index = 0;
    let mut whole = true;
    each(text, dialect, |statement| {
        whole &= !statement.torn;
        let (start, end) = statement.bytes();
        let seen = Seen {
            index,
            span: Span::new(start, end),
            text: text.get(start..end).unwrap_or_default(),
            event: event(&statement, dialect),
            before: &state,
            facts,
        };
        take(&seen);
        let event = seen.event;
        state.follow(event);
        index += 1;
    });
    whole
}

impl State {
    fn follow(&mut self, event: Event) {
        match event {
            Event::CreateTable(name) => {
                self.created.insert(name.to_lowercase());
            }
            Event::Begin => (self.in_transaction, self.wrote) = (true, false),
            Event::End => (self.in_transaction, self.wrote) = (false, false),
            Event::Set(name, value) => {
                self.settings.insert(name, value);
            }
            Event::Write(..) => self.wrote = true,
            Event::Fill(name) => {
                self.wrote = true;
                self.filled.insert(name.to_lowercase());
            }
            Event::Alter(table, actions) => {
                self.ddl = true;
                for action in actions {
                    if let Action::Modify(_, read) | Action::AddColumn(read) = action {
                        self.types.insert((table.to_lowercase(), read.column.name.to_lowercase()), read.column.data_type);
                    }
                }
            }
            Event::DropTable(_) | Event::RenameTable(_) | Event::Truncate(_) => self.ddl = true,
            Event::Other => {}
        }
    }
}

fn event(statement: &Statement<'_>, dialect: Dialect) -> Event {
    let mut words = statement.words(dialect);
    read(&mut words).unwrap_or(Event::Other)
}

fn read(words: &mut Words<'_, '_>) -> Option<Event> {
    if words.take("alter") {
        let _ = words.take("online") || words.take("ignore");
        words.take("table").then_some(())?;
        words.take("if exists");
        let name = words.qualified()?.name;
        return Some(Event::Alter(name, alter::actions(words)));
    }
    if words.take("create") {
        return create(words);
    }
    if words.take("drop table") {
        words.take("if exists");
        return Some(Event::DropTable(words.by_commas().into_iter().filter_map(|mut one| Some(one.qualified()?.name)).collect()));
    }
    if words.take("rename table") {
        return Some(Event::RenameTable(words.by_commas().into_iter().filter_map(|mut one| Some(one.qualified()?.name)).collect()));
    }
    if words.take("truncate") {
        words.take("table");
        return Some(Event::Truncate(words.qualified()?.name));
    }
    if words.take("update") || words.take("delete from") {
        let _ = words.take("low_priority") || words.take("ignore");
        let name = words.qualified()?.name;
        let rest = format!(" {} ", words.normal());
        let bounded = rest.contains(" where ") || rest.contains(" limit ");
        return Some(Event::Write(name, !bounded));
    }
    if words.take("insert into") || words.take("insert ignore into") || words.take("replace into") {
        let name = words.qualified()?.name;
        words.group();
        return Some(if words.is("select") || words.is("with") { Event::Fill(name) } else { Event::Other });
    }
    if words.take("begin") || words.take("start transaction") {
        return Some(Event::Begin);
    }
    if words.is_any(&["commit", "rollback", "end"]) && !words.is_at(1, "to") {
        return Some(Event::End);
    }
    if words.take("set") || words.take("pragma") {
        let _ = words.take("session") || words.take("global") || words.take("local");
        let name = words.name()?.to_lowercase();
        let name = name.trim_start_matches("@@").trim_start_matches("session.").to_owned();
        let _ = words.sign(":");
        words.sign("=");
        let value = words.group().map_or_else(|| words.text_at(0).to_lowercase(), |group| group.rest().to_lowercase());
        return Some(Event::Set(name, value));
    }
    None
}

fn create(words: &mut Words<'_, '_>) -> Option<Event> {
    for _ in 0..6 {
        if words.take("table") {
            words.take("if not exists");
            return Some(Event::CreateTable(words.qualified()?.name));
        }
        if words.is("index") {
            break;
        }
        words.skip();
    }
    words.take("index").then_some(())?;
    words.take("if not exists");
    let name = words.qualified()?.name;
    words.take("on");
    let table = words.qualified()?.name;
    let mut index = key::Key::new(key::KeyKind::Plain, name);
    index.parts = key::parts(words)?;
    let mut actions = vec![Action::AddKey(Box::new(index))];
    actions.extend(alter::actions(words).into_iter().filter(|action| matches!(action, Action::Algorithm(_) | Action::Lock(_))));
    Some(Event::Alter(table, actions))
}
