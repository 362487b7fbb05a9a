//! CREATE: tables, indexes, views, triggers and the rest. Tests: `tests/it/sql/reading.rs`.

use segue_model::catalog::{Named, View};
use segue_model::ident::TableName;

use super::super::Dialect;
use super::super::scan::{Kind, Statement, Words};
use super::key::{self, Key, KeyKind};
use super::table::{Building, TableNameOr};
use super::{ELEMENTS_MAX, Reader, alter, column};
use crate::source::Span;

/// Kinds that are kept by name and text.
const OBJECTS: [&str; 7] = ["procedure", "function", "event", "sequence", "package", "server", "spatial reference"];

impl Reader {
    /// Behind CREATE; the words before the kind (`or replace`, `definer = …`) are passed over.
    pub(super) fn create(&mut self, mut words: Words<'_, '_>, statement: &Statement<'_>) {
        let mut before = Vec::new();
        for _ in 0..40 {
            let word = words.text_at(0).to_lowercase();
            match word.as_str() {
                "" => break,
                "table" => {
                    words.skip();
                    return self.create_table(words, statement, &before);
                }
                "index" => {
                    words.skip();
                    return self.create_index(words, statement, &before);
                }
                "view" => {
                    words.skip();
                    return self.create_view(words, statement);
                }
                "trigger" => {
                    words.skip();
                    return self.create_trigger(words, statement);
                }
                "database" | "schema" | "user" | "role" | "tablespace" | "logfile" => return,
                kind if OBJECTS.contains(&kind) => {
                    words.skip();
                    words.take("if not exists");
                    if let Some(name) = words.qualified() {
                        let name = self.placed(name);
                        self.objects.insert(format!("{kind} {}", super::path_of(&name)), whole(statement));
                    }
                    return;
                }
                _ => {
                    before.push(word);
                    words.skip();
                }
            }
        }
        self.unread(statement.line, "a CREATE that is not known was not read");
    }

    fn create_table(&mut self, mut words: Words<'_, '_>, statement: &Statement<'_>, before: &[String]) {
        words.take("if not exists");
        let Some(name) = words.qualified() else { return self.unread(statement.line, "a table without a name") };
        let temporary = before.iter().any(|word| word == "temporary" || word == "temp");
        if temporary || name.schema.eq_ignore_ascii_case("temp") {
            return;
        }
        let name = self.placed(name);
        let (start, end) = statement.bytes();
        let mut table = Building { name: TableNameOr(name), span: Span::new(start, end), ..Building::default() };
        if before.iter().any(|word| word == "virtual") {
            table.is_virtual = true;
            table.options.insert(format!("virtual {}", words.rest()), String::new());
            return self.add(table);
        }
        if words.take("like") {
            return self.create_like(words, table, statement.line);
        }
        let like = words.is_sign("(") && words.is_at(1, "like");
        let Some(mut group) = words.group() else {
            return self.unread(statement.line, "a table made from a query: its columns are not known");
        };
        if like {
            group.skip();
            return self.create_like(group, table, statement.line);
        }
        if group.is("select") || group.is("with") {
            return self.unread(statement.line, "a table made from a query: its columns are not known");
        }
        let elements = group.by_commas();
        if elements.len() > ELEMENTS_MAX {
            return self.unread(statement.line, "more columns than any server takes; the table was not read");
        }
        for element in elements {
            self.element(element, &mut table, statement.line);
        }
        self.options(words, &mut table, statement.line);
        self.add(table);
    }

    fn create_like(&mut self, mut words: Words<'_, '_>, table: Building, line: u32) {
        let from = words.qualified().and_then(|name| self.table(name).map(|table| table.clone()));
        match from {
            Some(mut copy) => {
                copy.name = table.name;
                copy.span = table.span;
                copy.keys.retain(|key| key.kind != KeyKind::Foreign);
                copy.triggers.clear();
                self.add(copy);
            }
            None => self.unread(line, "a table made like one that is not here"),
        }
    }

    fn element(&mut self, mut words: Words<'_, '_>, table: &mut Building, line: u32) {
        let span = words.span();
        if words.is("period") && words.is_at(1, "for") {
            return;
        }
        if key::is_one(&words) {
            match key::read(&mut words) {
                Some(key) => {
                    if !key.name.is_empty() {
                        table.spans.insert(format!("#{}", key.name), span);
                    }
                    table.keys.push(key);
                }
                None => self.unread(line, &format!("a key or constraint of table {} was not understood", table.name.0)),
            }
            return;
        }
        match column::read(&mut words) {
            Some(mut read) => {
                table.spans.insert(format!(".{}", read.column.name), span);
                if let Some(what) = read.unread.take() {
                    self.unread(line, &format!("column {} of table {}: `{what}` was not understood", read.column.name, table.name.0));
                }
                table.keys.append(&mut read.keys);
                table.columns.push(read);
            }
            None => self.unread(line, &format!("a column of table {} was not understood", table.name.0)),
        }
    }

    /// What stands behind the columns.
    fn options(&mut self, mut words: Words<'_, '_>, table: &mut Building, line: u32) {
        while !words.done() {
            if words.take("partition by") {
                partition(&mut words, table);
                return;
            } else if words.take("without rowid") {
                table.options.insert("without_rowid".to_owned(), String::new());
            } else if words.take("strict") {
                table.options.insert("strict".to_owned(), String::new());
            } else if words.take("with system versioning") {
                table.options.insert("system versioning".to_owned(), String::new());
            } else if words.is_any(&["as", "select", "ignore", "replace"]) {
                return self.unread(line, &format!("table {} is filled from a query: further columns are not known", table.name.0));
            } else if words.sign(",") {
            } else if let Some((name, value)) = alter::table_option(&mut words) {
                table.options.insert(name, value);
            } else {
                words.skip();
            }
        }
    }

    fn create_index(&mut self, mut words: Words<'_, '_>, statement: &Statement<'_>, before: &[String]) {
        let has = |word: &str| before.iter().any(|found| found == word);
        let kind = match () {
            () if has("unique") => KeyKind::Unique,
            () if has("fulltext") => KeyKind::Fulltext,
            () if has("spatial") => KeyKind::Spatial,
            () => KeyKind::Plain,
        };
        words.take("if not exists");
        let name = words.qualified().map(|name| name.name).unwrap_or_default();
        let mut key = Key::new(kind, name);
        if words.take("using") {
            words.skip();
        }
        words.take("on");
        let Some(target) = words.qualified() else { return self.unread(statement.line, "an index without a table") };
        let Some(parts) = key::parts(&mut words) else { return self.unread(statement.line, "an index without columns") };
        key.parts = parts;
        key.hidden = words.is("invisible") || words.is("ignored");
        if self.dialect == Dialect::Sqlite {
            key.written = whole(statement);
        }
        let (start, end) = statement.bytes();
        let shown = target.to_string();
        match self.table(target) {
            Some(table) => {
                table.spans.insert(format!("#{}", key.name), Span::new(start, end));
                table.keys.push(key);
            }
            None => self.unread(statement.line, &format!("an index on {shown}, which is not here")),
        }
    }

    fn create_view(&mut self, mut words: Words<'_, '_>, statement: &Statement<'_>) {
        words.take("if not exists");
        let Some(name) = words.qualified() else { return self.unread(statement.line, "a view without a name") };
        let name = self.placed(name);
        // A dump makes a stand-in table first.
        self.remove(name.clone());
        let definition = if self.dialect == Dialect::Sqlite {
            whole(statement)
        } else {
            words.group();
            words.take("as");
            words.rest().to_owned()
        };
        let (start, end) = statement.bytes();
        let view = View { name: name.clone(), definition, materialized: false, reads: Vec::new() };
        self.views.insert(name, (view, Span::new(start, end)));
    }

    fn create_trigger(&mut self, mut words: Words<'_, '_>, statement: &Statement<'_>) {
        words.take("if not exists");
        let Some(name) = words.qualified().map(|name| name.name) else { return };
        let mut seen = words;
        let mut target = None;
        for _ in 0..60 {
            if seen.take("on") {
                target = seen.qualified();
                break;
            }
            seen.skip();
        }
        let definition = whole(statement);
        match target.and_then(|target| self.table(target)) {
            Some(table) => table.triggers.push(Named { name, definition }),
            None => {
                self.objects.insert(format!("trigger {name}"), definition);
            }
        }
    }

    pub(super) fn rename(&mut self, words: &Words<'_, '_>) {
        for mut pair in words.by_commas() {
            let from = pair.qualified();
            pair.take("to");
            if let (Some(from), Some(to)) = (from, pair.qualified()) {
                self.rename_table(from, to);
            }
        }
    }

    pub(super) fn rename_table(&mut self, from: TableName, to: TableName) {
        let to = self.placed(to);
        if let Some(mut table) = self.remove(from) {
            table.name = TableNameOr(to);
            self.add(table);
        }
    }

    pub(super) fn drop(&mut self, mut words: Words<'_, '_>) {
        words.take("temporary");
        let kind = words.text_at(0).to_lowercase();
        words.skip();
        words.take("if exists");
        for mut one in words.by_commas() {
            let Some(name) = one.qualified() else { continue };
            let placed = self.placed(name.clone());
            match kind.as_str() {
                "table" => {
                    self.remove(name);
                }
                "view" => {
                    self.views.remove(&placed);
                }
                "index" if one.take("on") => {
                    if let Some(table) = one.qualified().and_then(|target| self.table(target)) {
                        table.keys.retain(|key| !key.name.eq_ignore_ascii_case(&name.name));
                    }
                }
                "index" => {
                    for table in self.tables.iter_mut().flatten() {
                        table.keys.retain(|key| !key.name.eq_ignore_ascii_case(&name.name));
                    }
                }
                "trigger" => {
                    for table in self.tables.iter_mut().flatten() {
                        table.triggers.retain(|trigger| !trigger.name.eq_ignore_ascii_case(&name.name));
                    }
                }
                _ => {
                    self.objects.remove(&format!("{kind} {}", super::path_of(&placed)));
                }
            }
        }
    }
}

/// The statement as written.
fn whole(statement: &Statement<'_>) -> String {
    let (start, end) = statement.bytes();
    statement.text.get(start..end).unwrap_or_default().to_owned()
}

/// `PARTITION BY RANGE (x) (PARTITION p0 VALUES LESS THAN (10), …)`: key and lines as the engine's catalog writes them.
fn partition(words: &mut Words<'_, '_>, table: &mut Building) {
    let mut method = String::new();
    while words.peek(0).is_some_and(|t| t.kind != Kind::Sign) {
        if !method.is_empty() {
            method.push(' ');
        }
        method.push_str(&words.text_at(0).to_uppercase());
        words.skip();
    }
    let key = words.group().map(|group| group.rest().to_owned()).unwrap_or_default();
    let mut text = format!("{method} ({key})");
    if words.take("subpartition by") {
        let method = words.text_at(0).to_uppercase();
        words.skip();
        let key = words.group().map(|group| group.rest().to_owned()).unwrap_or_default();
        text.push_str(&format!(" SUBPARTITION BY {method} ({key})"));
    }
    table.partition = Some(text);
    while !words.done() {
        let Some(group) = words.group() else {
            words.skip();
            continue;
        };
        for mut one in group.by_commas() {
            if !one.take("partition") {
                continue;
            }
            let name = one.name().unwrap_or_default();
            let bound = if one.take("values less than") {
                let bound = if one.take("maxvalue") { "MAXVALUE" } else { one.group().map_or("", |group| group.rest()) };
                format!(" values less than ({bound})")
            } else if one.take("values in") {
                format!(" values in ({})", one.group().map_or("", |group| group.rest()))
            } else {
                String::new()
            };
            table.partitions.push(format!("partition `{}`{bound}", name.replace('`', "``")));
        }
    }
}
