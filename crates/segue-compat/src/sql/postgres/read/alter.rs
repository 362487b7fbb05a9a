//! `ALTER …`.

use super::super::cursor::{Cursor, Name};
use super::super::expression::{self as expr, Functions};
use super::super::statement::{Action, ObjectKind, Stmt};
use super::super::type_name;
use super::{column, constraint, create, expression, object_kind};

/// Reads an `ALTER`.
pub(super) fn read(cursor: &mut Cursor<'_>, own: &Functions) -> Option<Stmt> {
    cursor.word("alter").then_some(())?;
    let kind = object_kind(cursor);
    match kind {
        ObjectKind::Table | ObjectKind::ForeignTable => table(cursor, own),
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index => relation(cursor, own, kind),
        ObjectKind::Sequence => {
            cursor.words("if exists");
            let name = cursor.qualified()?;
            if cursor.words("rename to") {
                return Some(Stmt::Rename { kind, name, part: None, to: cursor.name()? });
            }
            Some(Stmt::AlterSequence { name, owned_by: create::owned_by(cursor) })
        }
        ObjectKind::Type | ObjectKind::Domain => type_or_domain(cursor, kind),
        ObjectKind::Schema => {
            let name = cursor.qualified()?;
            if cursor.words("rename to") {
                return Some(Stmt::Rename { kind, name, part: None, to: cursor.name()? });
            }
            Some(Stmt::Harmless)
        }
        ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule => {
            let part = cursor.name()?;
            cursor.word("on").then_some(())?;
            let name = cursor.qualified()?;
            if cursor.words("rename to") {
                return Some(Stmt::Rename { kind, name, part: Some(part), to: cursor.name()? });
            }
            Some(Stmt::AlterTable { name, only: false, kind: ObjectKind::Table, actions: vec![Action::OfType] })
        }
        ObjectKind::Function => {
            let name = cursor.qualified()?;
            cursor.parens();
            if cursor.words("rename to") {
                return Some(Stmt::Rename { kind, name, part: None, to: cursor.name()? });
            }
            if cursor.words("set schema") {
                return Some(Stmt::SetSchema { kind, name, to: cursor.name()? });
            }
            Some(Stmt::Harmless)
        }
        ObjectKind::Extension => Some(Stmt::Harmless),
        _ => {
            let harmless = [
                "role",
                "user",
                "group",
                "default",
                "system",
                "publication",
                "subscription",
                "database",
                "operator",
                "collation",
                "language",
                "server",
                "event",
                "statistics",
                "tablespace",
                "text",
                "aggregate",
                "foreign",
            ];
            harmless.iter().any(|word| cursor.is(word)).then_some(Stmt::Harmless)
        }
    }
}

fn table(cursor: &mut Cursor<'_>, own: &Functions) -> Option<Stmt> {
    cursor.words("if exists");
    let only = cursor.word("only");
    let name = cursor.qualified()?;
    cursor.symbol("*");
    if cursor.words("rename to") {
        return Some(Stmt::Rename { kind: ObjectKind::Table, name, part: None, to: cursor.name()? });
    }
    if cursor.words("rename constraint") {
        let part = Some(cursor.name()?);
        cursor.word("to").then_some(())?;
        return Some(Stmt::Rename { kind: ObjectKind::Constraint, name, part, to: cursor.name()? });
    }
    if cursor.word("rename") {
        cursor.word("column");
        let part = Some(cursor.name()?);
        cursor.word("to").then_some(())?;
        return Some(Stmt::Rename { kind: ObjectKind::Column, name, part, to: cursor.name()? });
    }
    if cursor.words("set schema") {
        return Some(Stmt::SetSchema { kind: ObjectKind::Table, name, to: cursor.name()? });
    }
    let items = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 }.items();
    let actions = items.into_iter().map(|item| action(item, own)).collect();
    Some(Stmt::AlterTable { name, only, kind: ObjectKind::Table, actions })
}

fn relation(cursor: &mut Cursor<'_>, own: &Functions, kind: ObjectKind) -> Option<Stmt> {
    cursor.words("if exists");
    let name = cursor.qualified()?;
    if cursor.words("rename to") {
        return Some(Stmt::Rename { kind, name, part: None, to: cursor.name()? });
    }
    if cursor.words("set schema") {
        return Some(Stmt::SetSchema { kind, name, to: cursor.name()? });
    }
    if cursor.words("attach partition") {
        cursor.qualified()?;
        return Some(Stmt::AlterIndexAttach);
    }
    if cursor.word("rename") {
        cursor.word("column");
        let part = Some(cursor.name()?);
        cursor.word("to").then_some(())?;
        return Some(Stmt::Rename { kind: ObjectKind::Column, name, part, to: cursor.name()? });
    }
    let items = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 }.items();
    let actions = items.into_iter().map(|item| action(item, own)).collect();
    Some(Stmt::AlterTable { name, only: false, kind, actions })
}

fn type_or_domain(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Option<Stmt> {
    let name = cursor.qualified()?;
    if cursor.words("rename to") {
        return Some(Stmt::Rename { kind, name, part: None, to: cursor.name()? });
    }
    if kind == ObjectKind::Domain {
        let (adds, not_null) = (cursor.word("add"), cursor.words("set not null"));
        let validates = (adds && !cursor.mentions("valid")) || not_null || cursor.word("validate");
        return Some(Stmt::AlterDomain { name, validates, adds: adds || not_null });
    }
    if cursor.words("add value") {
        return Some(Stmt::AddEnumValue { name });
    }
    if cursor.words("rename value") {
        return Some(Stmt::RenameEnumValue { name });
    }
    if cursor.words("set schema") {
        return Some(Stmt::SetSchema { kind, name, to: cursor.name()? });
    }
    Some(Stmt::Harmless)
}

/// One action of `ALTER TABLE`; what is not understood is kept by its first words.
fn action(item: Cursor<'_>, own: &Functions) -> Action {
    let mut cursor = item;
    let read = match cursor.word_at(0).as_str() {
        "add" => add(&mut cursor, own),
        "drop" => drop(&mut cursor),
        "alter" => alter_column(&mut cursor, own),
        _ => whole(&mut cursor),
    };
    match read {
        Some(action) if cursor.done() || !must_end(&action) => action,
        _ => {
            let words: Vec<String> = (0..3).map(|ahead| item.word_at(ahead)).filter(|word| !word.is_empty()).collect();
            Action::Other(words.join(" ").to_uppercase())
        }
    }
}

fn must_end(action: &Action) -> bool {
    matches!(action, Action::AddColumn { .. } | Action::AddConstraint(_) | Action::SetType { .. } | Action::DropColumn { .. })
}

fn add(cursor: &mut Cursor<'_>, own: &Functions) -> Option<Action> {
    cursor.at += 1;
    if constraint::begins(cursor) {
        return Some(Action::AddConstraint(Box::new(constraint::read(cursor, own)?)));
    }
    cursor.word("column");
    let if_not_exists = cursor.words("if not exists");
    let definition = Box::new(column::read(cursor, own)?);
    Some(Action::AddColumn { definition, if_not_exists })
}

fn drop(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.at += 1;
    let is_constraint = cursor.word("constraint");
    if !is_constraint {
        cursor.word("column");
    }
    cursor.words("if exists");
    let name = cursor.name()?;
    let cascade = cursor.word("cascade");
    cursor.word("restrict");
    Some(if is_constraint { Action::DropConstraint { name } } else { Action::DropColumn { name, cascade } })
}

fn alter_column(cursor: &mut Cursor<'_>, own: &Functions) -> Option<Action> {
    cursor.at += 1;
    if cursor.word("constraint") {
        cursor.name()?;
        return Some(Action::AlterConstraint);
    }
    cursor.word("column");
    let column = cursor.name().or_else(|| cursor.value())?;
    if cursor.words("set data type") || cursor.word("type") {
        let data_type = type_name::take(cursor)?.text;
        let collation = if cursor.word("collate") { cursor.qualified().map(|name| name.name) } else { None };
        let using = if cursor.word("using") {
            let rest = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 };
            cursor.at = cursor.tokens.len();
            Some(expression(rest, own))
        } else {
            None
        };
        return Some(Action::SetType { column, data_type, collation, using });
    }
    if cursor.words("set default") {
        let rest = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 };
        cursor.at = cursor.tokens.len();
        return Some(Action::SetDefault { column, default: expression(rest, own) });
    }
    if cursor.words("set expression as") {
        let expression = expression(cursor.parens()?, own);
        return Some(Action::SetExpression { column, expression });
    }
    let simple = [
        ("drop default", Action::DropDefault { column: column.clone() }),
        ("set not null", Action::SetNotNull { column: column.clone() }),
        ("drop not null", Action::DropNotNull { column: column.clone() }),
        ("add generated always as identity", Action::AddIdentity { column: column.clone(), kind: "always" }),
        ("add generated by default as identity", Action::AddIdentity { column: column.clone(), kind: "by default" }),
        ("drop identity", Action::DropIdentity { column: column.clone() }),
        ("drop expression", Action::DropExpression { column: column.clone() }),
        ("set generated", Action::SetGenerated),
        ("set statistics", Action::SetStatistics),
        ("set storage", Action::SetStorage),
        ("set compression", Action::SetStorage),
        ("restart", Action::SetGenerated),
        ("set", Action::SetStatistics),
        ("reset", Action::SetStatistics),
    ];
    simple.into_iter().find_map(|(words, action)| cursor.words(words).then_some(action))
}

fn whole(cursor: &mut Cursor<'_>) -> Option<Action> {
    if cursor.words("validate constraint") {
        return Some(Action::ValidateConstraint { name: cursor.name()? });
    }
    if cursor.is("enable") || cursor.is("disable") {
        return switches(cursor);
    }
    if cursor.words("force row level security") || cursor.words("no force row level security") {
        return Some(Action::ForceRowSecurity);
    }
    if cursor.words("replica identity") {
        let identity = if cursor.words("using index") { format!("index {}", cursor.name()?) } else { cursor.name()? };
        return Some(Action::ReplicaIdentity { identity });
    }
    if cursor.words("attach partition") {
        let partition = cursor.qualified()?;
        let bound = expr::text(Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 });
        return Some(Action::AttachPartition { partition, default: cursor.word("default"), bound });
    }
    if cursor.words("detach partition") {
        let partition: Name = cursor.qualified()?;
        let concurrently = cursor.word("concurrently");
        return Some(Action::DetachPartition { partition, concurrently, finalize: cursor.word("finalize") });
    }
    if cursor.words("no inherit") {
        return Some(Action::Inherit { parent: cursor.qualified()?, add: false });
    }
    if cursor.word("inherit") {
        return Some(Action::Inherit { parent: cursor.qualified()?, add: true });
    }
    if cursor.is("set") || cursor.is("reset") {
        return setting(cursor);
    }
    let simple = [("cluster on", Action::ClusterOn), ("owner to", Action::Owner), ("not of", Action::OfType), ("of", Action::OfType)];
    simple.into_iter().find_map(|(words, action)| cursor.words(words).then_some(action))
}

fn switches(cursor: &mut Cursor<'_>) -> Option<Action> {
    let enable = cursor.word("enable");
    if !enable {
        cursor.at += 1;
    }
    if cursor.words("row level security") {
        return Some(Action::RowSecurity { enable });
    }
    cursor.word("always");
    cursor.word("replica");
    if cursor.word("rule") {
        return Some(Action::Rules);
    }
    cursor.word("trigger").then(|| Action::Triggers { enable, all: cursor.is("all") })
}

fn setting(cursor: &mut Cursor<'_>) -> Option<Action> {
    let options = |cursor: &mut Cursor<'_>| {
        let inner = cursor.parens()?;
        Some(Action::SetOptions { options: inner.items().into_iter().map(|item| expr::text(item).replace(" = ", "=")).collect() })
    };
    if cursor.word("reset") {
        return options(cursor);
    }
    cursor.at += 1;
    if cursor.is_symbol("(") {
        return options(cursor);
    }
    let simple = [
        ("logged", Action::SetLogged { logged: true }),
        ("unlogged", Action::SetLogged { logged: false }),
        ("tablespace", Action::SetTablespace),
        ("access method", Action::SetAccessMethod),
        ("without cluster", Action::SetWithoutCluster),
        ("without oids", Action::SetWithoutCluster),
    ];
    simple.into_iter().find_map(|(words, action)| cursor.words(words).then_some(action))
}
