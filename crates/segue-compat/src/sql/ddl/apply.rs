//! ALTER, applied to the table that is being read. Tests: `tests/it/sql/reading.rs`.

use super::super::scan::{Statement, Words};
use super::Reader;
use super::alter::{self, Action};
use super::column::Read;
use super::key::KeyKind;
use super::table::Building;

impl Reader {
    /// Behind ALTER.
    pub(super) fn alter(&mut self, mut words: Words<'_, '_>, statement: &Statement<'_>) {
        let _ = words.take("online") || words.take("ignore");
        if !words.take("table") {
            let harmless = words.is_any(&["database", "schema", "user", "sequence", "event"]);
            if !harmless {
                self.unread(statement.line, "an ALTER of something else than a table was not read");
            }
            return;
        }
        words.take("if exists");
        let Some(name) = words.qualified() else { return self.unread(statement.line, "an ALTER TABLE without a name") };
        let actions = alter::actions(&mut words);
        if self.table(name.clone()).is_none() {
            return self.unread(statement.line, &format!("an ALTER of table {name}, which is not here"));
        }
        let mut unread = Vec::new();
        let mut renamed = None;
        if let Some(table) = self.table(name.clone()) {
            for action in actions {
                match action {
                    Action::Other(what) => unread.push(what),
                    Action::RenameTable(to) => renamed = Some(to),
                    action => apply(table, action),
                }
            }
        }
        for what in unread {
            self.unread(statement.line, &format!("table {name}: `{what}` was not understood"));
        }
        if let Some(to) = renamed {
            self.rename_table(name, to);
        }
    }
}

/// One action.
fn apply(table: &mut Building, action: Action) {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    match action {
        Action::AddColumn(mut read) => {
            table.keys.append(&mut read.keys);
            insert(table, *read, None);
        }
        Action::DropColumn(name) => {
            table.columns.retain(|read| !same(&read.column.name, &name));
            for key in &mut table.keys {
                key.parts.retain(|part| !same(&part.column, &name));
            }
            table.keys.retain(|key| !key.parts.is_empty() || key.kind == KeyKind::Check);
        }
        Action::Modify(old, mut read) => {
            table.keys.append(&mut read.keys);
            let at = table.columns.iter().position(|read| same(&read.column.name, &old));
            if let Some(at) = at {
                table.columns.remove(at);
            }
            rename_in_keys(table, &old, &read.column.name);
            insert(table, *read, at);
        }
        Action::RenameColumn(from, to) => rename_column(table, &from, &to),
        Action::Default(name, default) => {
            if let Some(read) = table.column(&name) {
                read.column.default = default.filter(|text| !text.eq_ignore_ascii_case("null"));
            }
        }
        Action::AddKey(key) => table.keys.push(*key),
        Action::DropIndex(name) | Action::DropForeign(name) | Action::DropConstraint(name) => {
            let primary = same(&name, "primary");
            table.keys.retain(|key| !(same(&key.name, &name) || primary && key.kind == KeyKind::Primary));
        }
        Action::DropPrimary => table.keys.retain(|key| key.kind != KeyKind::Primary),
        Action::RenameIndex(from, to) => {
            for key in table.keys.iter_mut().filter(|key| same(&key.name, &from)) {
                key.name.clone_from(&to);
            }
        }
        Action::Option(name, value) => {
            table.options.insert(name, value);
        }
        Action::Convert(charset, collation) => {
            table.options.insert("charset".to_owned(), charset);
            table.options.remove("collate");
            if !collation.is_empty() {
                table.options.insert("collate".to_owned(), collation);
            }
            for read in &mut table.columns {
                read.charset = None;
                read.column.collation = None;
            }
        }
        Action::Partition(what) if what == "remove partitioning" => {
            table.partition = None;
            table.partitions.clear();
        }
        Action::Partition(_)
        | Action::RenameTable(_)
        | Action::Force
        | Action::Algorithm(_)
        | Action::Lock(_)
        | Action::Nothing
        | Action::Other(_) => {}
    }
}

/// Puts a column where it says, else where it was, else last.
fn insert(table: &mut Building, mut read: Read, was: Option<usize>) {
    let last = table.columns.len();
    let at = match read.place.take() {
        Some(after) if after.is_empty() => 0,
        Some(after) => table.columns.iter().position(|other| other.column.name.eq_ignore_ascii_case(&after)).map_or(last, |at| at + 1),
        None => was.unwrap_or(last),
    };
    table.columns.insert(at.min(last), read);
}

fn rename_column(table: &mut Building, from: &str, to: &str) {
    if let Some(read) = table.column(from) {
        to.clone_into(&mut read.column.name);
    }
    rename_in_keys(table, from, to);
}

fn rename_in_keys(table: &mut Building, from: &str, to: &str) {
    for part in table.keys.iter_mut().flat_map(|key| key.parts.iter_mut()).filter(|part| part.column.eq_ignore_ascii_case(from)) {
        to.clone_into(&mut part.column);
    }
}
