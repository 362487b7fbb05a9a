//! What one statement of a script does, in the words that the lints ask about.
//!
//! A kind of statement that is not known is [`Event::Unknown`], which the lints say aloud; it must never read as one that
//! does nothing. Tests: `tests/it/sql/script_lint.rs`.

use super::super::scan::{Kind, Words};
use super::alter::{self, Action};
use super::column::{self, Read};
use super::key;

/// What a statement does.
#[derive(Debug)]
pub(crate) enum Event {
    /// ALTER TABLE, CREATE INDEX and `DROP INDEX … ON`: the table and the actions.
    Alter(String, Vec<Action>),
    CreateTable(Made),
    /// CREATE VIEW and the like: the name.
    Create(String),
    DropTable(Vec<String>),
    /// DROP of something else: the kind and the names.
    Drop(&'static str, Vec<String>),
    RenameTable(Vec<(String, String)>),
    Truncate(String),
    /// UPDATE; whether every row is meant.
    Write(String, bool),
    /// DELETE; whether every row is meant.
    Delete(String, bool),
    /// INSERT … SELECT: the table that is filled, and from what.
    Fill(String, Copied),
    /// INSERT of rows.
    Insert(String),
    /// A trigger: its table, and whether it refuses writes.
    Trigger(String, bool),
    Begin,
    End,
    /// SET and PRAGMA: name and value.
    Set(String, String),
    /// Known to change nothing that another statement finds.
    Nothing,
    /// Not followed, by the words that begin it.
    Unknown(String),
}

/// A table that a script makes.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) name: String,
    /// Its columns, where they are written.
    pub(crate) columns: Vec<Read>,
    /// IF NOT EXISTS.
    pub(crate) maybe: bool,
    /// CREATE TABLE … AS SELECT.
    pub(crate) copied: Option<Copied>,
}

/// What a query puts into another table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Copied {
    /// The first table of FROM.
    pub(crate) from: String,
    /// The words between SELECT and FROM, in lower case.
    pub(crate) words: Vec<String>,
    /// `*` or `t.*` is among them.
    pub(crate) all: bool,
    /// A WHERE, JOIN, LIMIT or GROUP leaves rows out or may.
    pub(crate) some: bool,
}

/// Kinds that CREATE and DROP name.
const KINDS: [&str; 14] = [
    "database",
    "schema",
    "view",
    "procedure",
    "function",
    "trigger",
    "event",
    "index",
    "sequence",
    "package",
    "user",
    "role",
    "server",
    "tablespace",
];

/// Statements that read, or that touch neither rows nor definitions of others.
const HARMLESS: [&str; 19] = [
    "select",
    "values",
    "explain",
    "desc",
    "describe",
    "show",
    "use",
    "savepoint",
    "release",
    "analyze",
    "checksum",
    "flush",
    "kill",
    "help",
    "do",
    "unlock",
    "check",
    "attach",
    "detach",
];

/// Reads a statement from its first word on.
pub(crate) fn event(words: &mut Words<'_, '_>) -> Event {
    let start = *words;
    read(words).unwrap_or_else(|| Event::Unknown(first_words(&start)))
}

/// `CREATE TRIGGER`, `GRANT`, `LOAD DATA`: what a kind of statement is called.
fn first_words(words: &Words<'_, '_>) -> String {
    let word = |n: usize| words.peek(n).filter(|token| token.kind == Kind::Word).map(|_| words.text_at(n).to_uppercase());
    let two = words.is_any(&["create", "alter", "drop", "load", "rename", "lock"]);
    let count = if words.is_at(1, "or") { 4 } else { 1 + usize::from(two) };
    let shown: Vec<String> = (0..count).map_while(word).collect();
    let text: String = shown.join(" ").chars().take(40).collect();
    if text.is_empty() { "a statement without a word".to_owned() } else { text }
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
    if words.take("drop") {
        return drop(words);
    }
    if words.take("rename table") || words.take("rename tables") {
        let pairs = words.by_commas().into_iter().filter_map(|mut one| {
            let from = one.qualified()?.name;
            one.take("to");
            Some((from, one.qualified()?.name))
        });
        return Some(Event::RenameTable(pairs.collect()));
    }
    if words.take("truncate") {
        words.take("table");
        return Some(Event::Truncate(words.qualified()?.name));
    }
    if words.is_any(&["update", "delete", "insert", "replace"]) {
        return rows(words);
    }
    if words.take("begin") || words.take("start transaction") {
        return Some(Event::Begin);
    }
    if words.is_any(&["commit", "rollback", "end"]) {
        return Some(if words.is_at(1, "to") { Event::Nothing } else { Event::End });
    }
    if words.take("set") || words.take("pragma") {
        let _ = words.take("session") || words.take("global") || words.take("local");
        while words.sign("@") {}
        let name = words.name()?.to_lowercase();
        let name = name.trim_start_matches("@@").trim_start_matches("session.").to_owned();
        let _ = words.sign(":");
        words.sign("=");
        let value = words.group().map_or_else(|| words.text_at(0).to_lowercase(), |group| group.rest().to_lowercase());
        return Some(Event::Set(name, value));
    }
    words.is_any(&HARMLESS).then_some(Event::Nothing)
}

fn rows(words: &mut Words<'_, '_>) -> Option<Event> {
    let first = words.text_at(0).to_lowercase();
    words.skip();
    if first == "update" || first == "delete" {
        let _ = words.take("low_priority") || words.take("quick");
        words.take("ignore");
        if words.take("or") {
            words.skip();
        }
        let several = first == "delete" && !words.take("from");
        // `DELETE a FROM a JOIN b`: which rows are meant is for the join to say.
        let name = words.qualified()?.name;
        let every = !several && every_row(words);
        return Some(if first == "update" { Event::Write(name, every) } else { Event::Delete(name, every) });
    }
    let _ = words.take("low_priority") || words.take("delayed") || words.take("ignore");
    if words.take("or") {
        words.skip();
    }
    words.take("into");
    let name = words.qualified()?.name;
    words.group();
    Some(if words.is("select") || words.is("with") { Event::Fill(name, copied(words)) } else { Event::Insert(name) })
}

/// No WHERE, or one that is true for every row, and no LIMIT.
fn every_row(words: &Words<'_, '_>) -> bool {
    let rest = format!(" {} ", words.normal());
    if rest.contains(" limit ") || rest.contains(" join ") {
        return false;
    }
    let Some((_, condition)) = rest.split_once(" where ") else { return true };
    ["1", "true", "1 = 1", "0 = 0", "not 0", "not false", "( 1 = 1 )", "'1' = '1'"].contains(&condition.trim())
}

/// What stands behind INSERT INTO or CREATE TABLE AS.
fn copied(words: &mut Words<'_, '_>) -> Copied {
    let mut found = Copied::default();
    while !words.done() && !words.is("select") {
        // A common table expression may leave rows out.
        found.some = true;
        words.skip();
    }
    words.skip();
    let mut depth = 0_usize;
    while let Some(token) = words.peek(0) {
        match words.text_of(token) {
            "(" if token.kind == Kind::Sign => depth += 1,
            ")" if token.kind == Kind::Sign => depth = depth.saturating_sub(1),
            "*" if token.kind == Kind::Sign && depth == 0 => found.all = true,
            _ if depth == 0 && words.is("from") => break,
            _ if matches!(token.kind, Kind::Word | Kind::Name) => found.words.push(words.bare(token).to_lowercase()),
            _ => {}
        }
        words.skip();
    }
    words.skip();
    found.from = words.qualified().map(|name| name.name).unwrap_or_default();
    let rest = format!(" {} ", words.normal());
    found.some |= [" where ", " join ", " limit ", " group ", " , "].iter().any(|word| rest.contains(word));
    found
}

fn drop(words: &mut Words<'_, '_>) -> Option<Event> {
    words.take("temporary");
    let table = words.take("table") || words.take("tables");
    let kind = if table { None } else { Some(*KINDS.iter().find(|kind| words.is(kind))?) };
    if kind.is_some() {
        words.skip();
    }
    words.take("if exists");
    let names = words.by_commas().into_iter().filter_map(|mut one| Some(one.qualified()?.name)).collect::<Vec<String>>();
    let Some(kind) = kind else { return Some(Event::DropTable(names)) };
    if kind == "index" {
        let index = words.qualified()?.name;
        if words.take("on") {
            let table = words.qualified()?.name;
            let mut actions = vec![Action::DropIndex(index)];
            actions.extend(alter::actions(words).into_iter().filter(|action| matches!(action, Action::Algorithm(_) | Action::Lock(_))));
            return Some(Event::Alter(table, actions));
        }
    }
    Some(Event::Drop(kind, names))
}

fn create(words: &mut Words<'_, '_>) -> Option<Event> {
    let replaces = words.is("or");
    let mut kind = key::KeyKind::Plain;
    for _ in 0..24 {
        if words.take("table") {
            return if replaces { None } else { made(words) };
        }
        if words.is("index") {
            return index(words, kind);
        }
        kind = match () {
            () if words.is("unique") => key::KeyKind::Unique,
            () if words.is("fulltext") => key::KeyKind::Fulltext,
            () if words.is("spatial") => key::KeyKind::Spatial,
            () => kind,
        };
        let what = KINDS.iter().find(|what| words.is(what));
        let Some(what) = what else {
            words.skip();
            continue;
        };
        words.skip();
        if *what == "trigger" {
            return trigger(words);
        }
        words.take("if not exists");
        // What replaces another one, or has a body that runs later, is not followed.
        let followed = !replaces && *what != "event";
        return followed.then_some(Event::Create(words.qualified()?.name));
    }
    None
}

fn made(words: &mut Words<'_, '_>) -> Option<Event> {
    let maybe = words.take("if not exists");
    let mut table = Made { name: words.qualified()?.name, maybe, ..Made::default() };
    if let Some(group) = words.group() {
        let elements = group.by_commas();
        table.columns = elements.into_iter().filter(|one| !key::is_one(one)).filter_map(|mut one| column::read(&mut one)).collect();
    }
    words.take("as");
    if words.is("select") || words.is("with") {
        table.copied = Some(copied(words));
    }
    Some(Event::CreateTable(table))
}

fn index(words: &mut Words<'_, '_>, kind: key::KeyKind) -> Option<Event> {
    words.take("index").then_some(())?;
    words.take("if not exists");
    let name = words.qualified()?.name;
    words.take("on");
    let table = words.qualified()?.name;
    let mut index = key::Key::new(kind, name);
    index.parts = key::parts(words)?;
    let mut actions = vec![Action::AddKey(Box::new(index))];
    actions.extend(alter::actions(words).into_iter().filter(|action| matches!(action, Action::Algorithm(_) | Action::Lock(_))));
    Some(Event::Alter(table, actions))
}

fn trigger(words: &mut Words<'_, '_>) -> Option<Event> {
    while !words.done() && !words.is("on") {
        words.skip();
    }
    words.take("on").then_some(())?;
    let table = words.qualified()?.name;
    let body = format!(" {} ", words.normal());
    let refuses = ["raise ( abort", "raise ( fail", "raise ( rollback", " signal sqlstate"].iter().any(|word| body.contains(word));
    Some(Event::Trigger(table, refuses))
}
