//! The actions of ALTER TABLE, for the catalog and for what a script does. Tests: `tests/it/sql/reading.rs`.

use segue_model::ident::TableName;

use super::super::Dialect;
use super::super::scan::{Kind, Words};
use super::column::{self, Read};
use super::key::{self, Key};

/// One action.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    AddColumn(Box<Read>),
    DropColumn(String),
    /// MODIFY and CHANGE: the old name and the column as it becomes.
    Modify(String, Box<Read>),
    RenameColumn(String, String),
    /// SET DEFAULT or DROP DEFAULT.
    Default(String, Option<String>),
    AddKey(Box<Key>),
    DropIndex(String),
    DropForeign(String),
    DropPrimary,
    DropConstraint(String),
    RenameTable(TableName),
    RenameIndex(String, String),
    /// A table option: `engine=InnoDB`.
    Option(String, String),
    /// CONVERT TO CHARACTER SET: charset and collation.
    Convert(String, String),
    /// FORCE, or ENGINE= the same one.
    Force,
    /// Partitions, by the words that begin it.
    Partition(String),
    Algorithm(String),
    Lock(String),
    /// DISABLE or ENABLE KEYS, WITH VALIDATION, and what else changes no form.
    Nothing,
    /// Not understood, with its first words.
    Other(String),
}

/// Every action behind `ALTER TABLE name`.
pub(crate) fn actions(words: &mut Words<'_, '_>) -> Vec<Action> {
    let _ = words.take("nowait");
    if words.take("wait") {
        words.skip();
    }
    let mut found = Vec::new();
    for mut part in words.by_commas() {
        let _ = words_of_option(&mut part, &mut found);
    }
    found
}

/// An action; options may follow each other without a comma.
fn words_of_option(part: &mut Words<'_, '_>, found: &mut Vec<Action>) -> Option<()> {
    if part.is("add") && part.text_at(1) == "(" || part.is("add") && part.is_at(1, "column") && part.text_at(2) == "(" {
        part.skip();
        part.take("column");
        for mut inner in part.group()?.by_commas() {
            let action = if key::is_one(&inner) { add_key(&mut inner) } else { add_column(&mut inner) };
            found.push(action);
        }
        return Some(());
    }
    found.push(action(part));
    while !part.done() && matches!(found.last(), Some(Action::Option(..) | Action::Algorithm(_) | Action::Lock(_) | Action::Force)) {
        let mark = part.mark();
        found.push(option(part));
        if part.mark() == mark {
            break;
        }
    }
    Some(())
}

fn other(part: &Words<'_, '_>) -> Action {
    let shown: Vec<&str> = (0..3).map(|n| part.text_at(n)).filter(|text| !text.is_empty()).collect();
    Action::Other(shown.join(" ").chars().take(60).collect())
}

fn add_key(part: &mut Words<'_, '_>) -> Action {
    key::read(part).map_or_else(|| other(part), |key| Action::AddKey(Box::new(key)))
}

fn add_column(part: &mut Words<'_, '_>) -> Action {
    column::read(part).map_or_else(|| other(part), |read| Action::AddColumn(Box::new(read)))
}

fn action(part: &mut Words<'_, '_>) -> Action {
    if part.take("add") {
        if part.take("partition") {
            return Action::Partition("add partition".to_owned());
        }
        if part.is("period") || part.is("system") {
            return Action::Nothing;
        }
        let column = part.take("column");
        part.take("if not exists");
        return if !column && key::is_one(part) { add_key(part) } else { add_column(part) };
    }
    if part.take("drop") {
        return drop(part);
    }
    if part.dialect() == Dialect::Mysql && (part.is("modify") || part.is("change")) {
        let change = part.is("change");
        part.skip();
        part.take("column");
        part.take("if exists");
        let old = if change { part.name() } else { part.peek(0).map(|token| part.bare(token)) };
        return match (old, column::read(part)) {
            (Some(old), Some(read)) => Action::Modify(old, Box::new(read)),
            _ => other(part),
        };
    }
    if part.take("rename") {
        return rename(part);
    }
    if part.take("alter") {
        return alter(part);
    }
    option(part)
}

/// An action of one name.
type Make = fn(String) -> Action;

fn drop(part: &mut Words<'_, '_>) -> Action {
    if part.take("primary key") {
        return Action::DropPrimary;
    }
    let kinds: [(&str, Make); 6] = [
        ("foreign key", Action::DropForeign),
        ("index", Action::DropIndex),
        ("key", Action::DropIndex),
        ("constraint", Action::DropConstraint),
        ("check", Action::DropConstraint),
        ("column", Action::DropColumn),
    ];
    if part.is("partition") {
        return Action::Partition("drop partition".to_owned());
    }
    for (words, make) in kinds {
        if part.take(words) {
            part.take("if exists");
            return part.name().map_or_else(|| other(part), make);
        }
    }
    if part.is("system") || part.is("period") {
        return Action::Nothing;
    }
    part.take("if exists");
    part.name().map_or_else(|| other(part), Action::DropColumn)
}

fn rename(part: &mut Words<'_, '_>) -> Action {
    let index = part.dialect() == Dialect::Mysql && (part.take("index") || part.take("key"));
    let column = !index && part.take("column");
    if !index && !column {
        let table = part.take("to") || part.take("as");
        // SQLite: `RENAME a TO b` without the word COLUMN.
        if !table && part.is_at(1, "to") {
            return two(part, Action::RenameColumn);
        }
        return part.qualified().map_or_else(|| other(part), Action::RenameTable);
    }
    two(part, if index { Action::RenameIndex } else { Action::RenameColumn })
}

fn two(part: &mut Words<'_, '_>, make: fn(String, String) -> Action) -> Action {
    part.take("if exists");
    let from = part.name();
    part.take("to");
    match (from, part.name()) {
        (Some(from), Some(to)) => make(from, to),
        _ => other(part),
    }
}

fn alter(part: &mut Words<'_, '_>) -> Action {
    if part.is("index") || part.is("check") || part.is("constraint") {
        return Action::Nothing;
    }
    part.take("column");
    part.take("if exists");
    let Some(name) = part.name() else { return other(part) };
    if part.take("set default") {
        Action::Default(name, Some(column::default(part)))
    } else if part.take("drop default") {
        Action::Default(name, None)
    } else if part.take("set visible") || part.take("set invisible") {
        Action::Nothing
    } else {
        other(part)
    }
}

/// An option of the table, or of the ALTER itself.
fn option(part: &mut Words<'_, '_>) -> Action {
    if part.take("algorithm") {
        part.sign("=");
        return part.name().map_or_else(|| other(part), |name| Action::Algorithm(name.to_lowercase()));
    }
    if part.take("lock") {
        part.sign("=");
        return part.name().map_or_else(|| other(part), |name| Action::Lock(name.to_lowercase()));
    }
    if part.take("convert to character set") || part.take("convert to charset") {
        let charset = part.name().unwrap_or_default().to_lowercase();
        let collation = if part.take("collate") { part.name().unwrap_or_default().to_lowercase() } else { String::new() };
        return Action::Convert(charset, collation);
    }
    if part.take("force") {
        return Action::Force;
    }
    if part.take("disable keys") || part.take("enable keys") || part.take("with validation") || part.take("without validation") {
        return Action::Nothing;
    }
    for first in ["partition", "reorganize", "coalesce", "truncate", "exchange", "rebuild", "remove", "discard", "import", "analyze"] {
        if part.is(first) {
            return Action::Partition(format!("{first} {}", part.text_at(1)).to_lowercase());
        }
    }
    let known = ["engine", "comment", "row_format", "collate", "charset", "character", "default", "auto_increment"];
    if part.text_at(1) != "=" && !known.iter().any(|word| part.is(word)) {
        let unknown = other(part);
        while !part.done() {
            part.skip();
        }
        return unknown;
    }
    let Some((name, value)) = table_option(part) else { return other(part) };
    Action::Option(name, value)
}

/// `ENGINE=InnoDB`, `DEFAULT CHARACTER SET = utf8mb4`, `COMMENT 'x'`: the name in lower case and the value.
pub(crate) fn table_option(part: &mut Words<'_, '_>) -> Option<(String, String)> {
    part.take("default");
    let name = if part.take("character set") || part.take("charset") {
        "charset".to_owned()
    } else {
        part.peek(0).filter(|t| t.kind == Kind::Word)?;
        part.name()?.to_lowercase()
    };
    part.sign("=");
    if part.is_sign("(") {
        return Some((name, part.group()?.rest().to_owned()));
    }
    let value = part.peek(0).map(|token| part.bare(token)).unwrap_or_default();
    part.skip();
    Some((name, value))
}
