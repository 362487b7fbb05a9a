//! Walks the tree of a spec along the tables of what it takes and collects every problem on the way.
//!
//! Must never stop early: what stands beside a problem is looked at too. Tests: `tests/it/problems.rs`.

use super::node::{Entry, Kind, Node};
use super::problems::{Problems, Span, brief, code, nearest};
use super::shape::{Record, Rule, Shape, Words};
use super::words;

/// Checks a value against what it may be. `owner` is the key that it belongs to, for values that have no place.
pub(super) fn check(node: &Node, shape: &Shape, path: &str, owner: &Span, problems: &mut Problems<'_>) {
    if right(shape, &node.kind) {
        return;
    }
    let at = place(node, owner);
    match (shape, &node.kind) {
        (_, Kind::Null) => {
            problems.add(
                code::EMPTY,
                owner,
                format!("{} is empty, but takes {}", named(path), shape.describe()),
                "give it a value, or leave it out",
            );
        }
        (Shape::OneOrList(of), Kind::List(items)) => list(items, (of, 1, usize::MAX), path, at, problems),
        (Shape::OneOrList(of), _) => check(node, of, path, owner, problems),
        (Shape::Text(rule) | Shape::Short(rule, _), Kind::Text(text)) => words::text(*rule, text, path, at, problems),
        (Shape::Text(Words::Tolerance), Kind::Number(text)) => words::decimal(text, 3, path, at, problems),
        (Shape::Decimal { places }, Kind::Number(text)) => words::decimal(text, *places, path, at, problems),
        (Shape::Format, Kind::Number(_) | Kind::Text(_)) => {
            problems.add(code::FORMAT, at, "`segue` is not the number 1, the only format that this version reads", "write `segue: 1`");
        }
        (Shape::Duration { .. } | Shape::Size, Kind::Text(_) | Kind::Number(_)) => words::quantity(shape, node, path, at, problems),
        (Shape::Choice(choices), Kind::Text(text)) => words::choice(choices, text, path, at, problems),
        (Shape::List { of, least, most }, Kind::List(items)) => list(items, (of, *least, *most), path, at, problems),
        (Shape::Map { key, of, least }, Kind::Map(entries)) => map(entries, (key, of, *least), path, owner, problems),
        (Shape::Record(shape) | Shape::Short(_, shape), Kind::Map(entries)) => record(entries, shape, path, owner, problems),
        (Shape::Tagged(shape), Kind::Map(entries)) => tagged(entries, shape, path, owner, problems),
        (_, Kind::List(_) | Kind::Map(_)) | (Shape::List { .. } | Shape::Map { .. } | Shape::Record(_) | Shape::Tagged(_), _) => {
            form(node, shape, path, at, problems);
        }
        _ => scalar(node, shape, path, at, problems),
    }
}

/// What is right at a glance, or was refused already.
fn right(shape: &Shape, kind: &Kind) -> bool {
    match (shape, kind) {
        (_, Kind::Refused)
        | (Shape::Bool, Kind::Bool(_))
        | (Shape::Text(Words::Version), Kind::Number(_))
        | (Shape::Text(Words::Sql) | Shape::Short(Words::Sql, _), Kind::Number(_) | Kind::Bool(_)) => true,
        (Shape::Count, Kind::Number(number)) => number.parse::<u64>().is_ok(),
        (Shape::Range { least, most }, Kind::Number(number)) => {
            number.parse::<u64>().is_ok_and(|number| (*least..=*most).contains(&number))
        }
        (Shape::Format, Kind::Number(number)) => number == "1",
        _ => false,
    }
}

/// Where the value stands, or its key where it has no characters of its own.
fn place<'s>(node: &'s Node, owner: &'s Span) -> &'s Span {
    if node.span.is_empty() { owner } else { &node.span }
}

/// A path for people.
fn named(path: &str) -> String {
    if path.is_empty() { "the spec".to_owned() } else { format!("`{path}`") }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { brief(key) } else { format!("{path}.{}", brief(key)) }
}

/// A list, a mapping or a scalar where another of them belongs.
fn form(node: &Node, shape: &Shape, path: &str, at: &Span, problems: &mut Problems<'_>) {
    let help = match (shape, &node.kind) {
        (Shape::List { .. }, _) if problems.is_json() => "write a list: `[…]`",
        (Shape::Map { .. } | Shape::Record(_), _) if problems.is_json() => "write an object: `{…}`",
        (Shape::List { .. }, _) => "write a list: each item on a line of its own, beginning with `- `",
        (_, Kind::List(_)) => "leave the `- ` or `[ ]` out: this is not a list",
        (Shape::Map { .. } | Shape::Record(_) | Shape::Tagged(_), _) => "write `key: value` lines, indented below it",
        _ => "write one text, in double quotes if it holds `: `, `{` or `[`",
    };
    problems.add(code::FORM, at, format!("{} is {}, but takes {}", named(path), kind(node), shape.describe()), help);
}

fn kind(node: &Node) -> &'static str {
    match node.kind {
        Kind::Null | Kind::Refused => "empty",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::Text(_) => "a text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a mapping",
    }
}

/// A scalar of the wrong type.
fn scalar(node: &Node, shape: &Shape, path: &str, at: &Span, problems: &mut Problems<'_>) {
    let help = match (shape, &node.kind) {
        (Shape::Bool, Kind::Text(text)) => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => "write `true`, without quotes",
            "no" | "off" | "n" | "false" => "write `false`, without quotes",
            _ => "write `true` or `false`, without quotes",
        },
        (Shape::Bool, _) => "write `true` or `false`",
        (Shape::Count | Shape::Range { .. }, _) => "write digits, without quotes, sign or fraction",
        (Shape::Decimal { .. }, _) => "write digits, without quotes, such as `85` or `85.50`",
        (Shape::Format, _) => "write `segue: 1`",
        (Shape::Choice(_), _) => "write one of the words",
        _ => "put it in double quotes if it is meant as a text",
    };
    problems.add(code::SCALAR, at, format!("{} is {}, but takes {}", named(path), kind(node), shape.describe()), help);
}

fn list(items: &[Node], (of, least, most): (&Shape, usize, usize), path: &str, at: &Span, problems: &mut Problems<'_>) {
    if items.len() < least {
        problems.add(
            code::EMPTY,
            at,
            format!("{} is an empty list, but takes at least one item", named(path)),
            format!("each item is {}", of.describe()),
        );
    }
    if items.len() > most {
        problems.add(
            code::COUNTS,
            at,
            format!("{} has {} items, but takes at most {most}", named(path), items.len()),
            "leave the others out",
        );
    }
    for (index, item) in items.iter().enumerate() {
        check(item, of, &format!("{path}[{index}]"), place(item, at), problems);
    }
}

fn map(entries: &[Entry], (key, of, least): (&str, &Shape, usize), path: &str, owner: &Span, problems: &mut Problems<'_>) {
    if entries.len() < least {
        problems.add(
            code::EMPTY,
            owner,
            format!("{} is an empty mapping, but takes at least one {key}", named(path)),
            format!("each {key} is {}", of.describe()),
        );
    }
    for entry in entries {
        if entry.key.is_empty() {
            problems.add(
                code::EMPTY,
                &entry.span,
                format!("a {key} of {} has an empty name", named(path)),
                format!("give the {key} a name"),
            );
        }
        check(&entry.value, of, &join(path, &entry.key), &entry.span, problems);
    }
}

fn record(entries: &[Entry], record: &Record, path: &str, owner: &Span, problems: &mut Problems<'_>) {
    if record.rules.iter().any(|rule| matches!(rule, Rule::ExactlyOne(_))) && outdented(entries, record, path, problems) {
        return;
    }
    for entry in entries {
        match record.key(&entry.key) {
            Some(_) if matches!(entry.value.kind, Kind::Null) && !record.open => {}
            None if record.open => {}
            Some(key) => check(&entry.value, &key.shape, &join(path, key.name), &entry.span, problems),
            None => stranger(entry, record, path, problems),
        }
    }
    let lacks = |key: &str| present(entries, key).is_none() && !(record.open && entries.iter().any(|entry| entry.key == key));
    for key in record.keys.iter().filter(|key| key.required && lacks(key.name)) {
        let message = format!("{} lacks `{}`", named(path), key.name);
        problems.add(code::MISSING, owner, message, format!("add `{}`, {}", key.name, key.shape.describe()));
    }
    for rule in record.rules {
        obey(rule, entries, path, owner, problems);
    }
}

/// The entry of a key that is there and not null.
fn present<'e>(entries: &'e [Entry], key: &str) -> Option<&'e Entry> {
    entries.iter().find(|entry| entry.key == key && !matches!(entry.value.kind, Kind::Null))
}

/// A key that the record does not take.
fn stranger(entry: &Entry, record: &Record, path: &str, problems: &mut Problems<'_>) {
    let key = brief(&entry.key);
    let of = if path.is_empty() { "segue.yaml".to_owned() } else { format!("`{path}`") };
    if record.later.contains(&entry.key.as_str()) {
        let message = format!("{of} knows `{key}`, this version does not run it yet");
        problems.add(code::LATER, &entry.span, message, "leave it out for now");
        return;
    }
    let names = record.keys.iter().map(|key| key.name);
    let help = match nearest(&entry.key, names.chain(record.later.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it takes {}", record.sketch()),
    };
    problems.add(code::UNKNOWN, &entry.span, format!("{of} has no key `{key}`"), help);
}

/// A mapping that takes exactly one of its keys.
fn tagged(entries: &[Entry], record: &Record, path: &str, owner: &Span, problems: &mut Problems<'_>) {
    if outdented(entries, record, path, problems) {
        return;
    }
    let mut given = 0;
    for entry in entries {
        let Some(key) = record.key(&entry.key) else {
            stranger(entry, record, path, problems);
            continue;
        };
        if matches!(entry.value.kind, Kind::Null) {
            continue;
        }
        given += 1;
        if given > 1 {
            let message = format!("{} takes one key, and `{}` is one more", named(path), key.name);
            problems.add(code::ONE_OF, &entry.span, message, "write a list item or an entry of its own for each");
        }
        check(&entry.value, &key.shape, &join(path, key.name), &entry.span, problems);
    }
    let known = || entries.iter().filter_map(|entry| Some((entry, record.key(&entry.key)?)));
    if given == 0 && known().count() > 0 {
        for (entry, key) in known() {
            check(&entry.value, &key.shape, &join(path, key.name), &entry.span, problems);
        }
    } else if given == 0 && entries.is_empty() {
        let message = format!("{} is empty, but takes {}", named(path), Shape::describe_tagged(record));
        problems.add(code::ONE_OF, owner, message, "add one of them");
    }
}

/// `- rename_column:` with its keys beside instead of below it: one problem instead of one a key.
fn outdented(entries: &[Entry], record: &Record, path: &str, problems: &mut Problems<'_>) -> bool {
    let Some((first, rest)) = entries.split_first() else { return false };
    let inner = match record.key(&first.key).map(|key| &key.shape) {
        Some(Shape::Record(inner)) if matches!(first.value.kind, Kind::Null) && !rest.is_empty() => inner,
        _ => return false,
    };
    if !rest.iter().all(|entry| inner.key(&entry.key).is_some()) {
        return false;
    }
    let message = format!("`{}` is empty: its keys stand beside it, not below it", join(path, &first.key));
    problems.add(code::EMPTY, &first.span, message, format!("indent `{}` and what follows by two more spaces", rest[0].key));
    true
}

fn obey(rule: &Rule, entries: &[Entry], path: &str, owner: &Span, problems: &mut Problems<'_>) {
    match rule {
        Rule::ExactlyOne(keys) => {
            let there = |entry: &&Entry| keys.contains(&entry.key.as_str()) && !matches!(entry.value.kind, Kind::Null);
            let given: Vec<&Entry> = entries.iter().filter(there).collect();
            if given.len() != 1 {
                let span = given.get(1).map_or(owner, |entry| &entry.span);
                let message = format!("{} takes exactly one of `{}`", named(path), keys.join("`, `"));
                problems.add(code::ONE_OF, span, message, if given.is_empty() { "add one of them" } else { "leave the other out" });
            }
        }
        Rule::AtLeastOne(keys) => {
            if keys.iter().all(|key| present(entries, key).is_none()) {
                let message = format!("{} lacks what is to be done", named(path));
                problems.add(code::MISSING, owner, message, format!("add at least one of `{}`", keys.join("`, `")));
            }
        }
        Rule::Needs(key, need) => {
            if let Some(entry) = present(entries, key)
                && present(entries, need).is_none()
            {
                let message = format!("`{}` needs `{}`", join(path, key), join(path, need));
                problems.add(code::MISSING, &entry.span, message, format!("add `{need}`"));
            }
        }
        Rule::FalseNeeds(key, needs) => {
            let found = present(entries, key).filter(|entry| matches!(entry.value.kind, Kind::Bool(false)));
            if let Some(entry) = found
                && needs.iter().all(|need| present(entries, need).is_none())
            {
                let message = format!("{} has `{key}: false`, which needs `{}`", named(path), needs.join("` or `"));
                problems.add(code::NEEDS, &entry.span, message, "say what rows shall hold that are there already");
            }
        }
        Rule::SameCount(key) => {
            let count = |node: &Node| if let Kind::List(items) = &node.kind { Some(items.len()) } else { None };
            let here = present(entries, key).and_then(|entry| count(&entry.value));
            let there = present(entries, "references").and_then(|entry| entry.value.get("columns")).map(|node| (count(node), &node.span));
            if let (Some(here), Some((Some(there), span))) = (here, there)
                && here != there
                && here > 0
                && there > 0
            {
                let message = format!("{}: {here} columns refer to {there}", named(path));
                problems.add(code::COUNTS, span, message, "name as many columns there as here, in the same order");
            }
        }
    }
}
