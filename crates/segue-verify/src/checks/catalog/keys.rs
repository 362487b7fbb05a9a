//! Indexes and constraints: what binds the rows, what finds them, and whether it holds.
//!
//! An index is known by its columns, their order and whether it is unique; one with an expression or a condition only by
//! its definition, within one engine. A key that was not validated binds new rows alone: that is found. Tests:
//! `segue-sim/tests/it/checks/catalog.rs`.

use segue_model::catalog::{Constraint, ConstraintKind, Index, Table};

use super::super::Draft;
use super::Pairing;

/// Indexes but those of the primary key.
pub(super) fn indexes(pairing: &Pairing<'_>, draft: &mut Draft) {
    let place = pairing.place();
    for index in pairing.source.indexes.iter().filter(|index| !index.primary) {
        let what = format!("`{}` on ({}){}", index.name, index.columns.join(", "), if index.unique { ", unique" } else { "" });
        if !index.valid {
            draft.say(format!("note: {place}: index {what} is not valid at the source"));
            continue;
        }
        if index.partial_or_expression && !pairing.same_engine {
            draft.gap(format!("{place}: index {what}, which has an expression, a condition or a kind that only its engine has"));
            continue;
        }
        let partner = pairing.target.indexes.iter().find(|other| same_index(pairing, index, other));
        match partner {
            Some(other) if !other.valid => draft.differs(format!("{place}: index not valid: `{}`", other.name)),
            Some(_) => {}
            None => missing(pairing, index, &what, draft),
        }
    }
    for index in pairing.target.indexes.iter().filter(|index| !index.primary) {
        let known = pairing.source.indexes.iter().any(|other| same_index(pairing, other, index));
        let twin = pairing.source.indexes.iter().any(|other| other.primary && pairing.same_columns(&other.columns, &index.columns));
        if known || twin {
            continue;
        }
        if !index.valid {
            draft.differs(format!("{place}: index not valid: `{}`", index.name));
        } else if index.unique && !index.partial_or_expression {
            draft.differs(format!("{place}: extra unique index `{}` on ({})", index.name, index.columns.join(", ")));
        } else {
            draft.say(format!("note: {place}: the target has an index more: `{}`", index.name));
        }
    }
}

fn same_index(pairing: &Pairing<'_>, source: &Index, target: &Index) -> bool {
    if source.partial_or_expression || target.partial_or_expression {
        return pairing.same_engine
            && source.unique == target.unique
            && essence(&source.definition, &source.name, pairing.source) == essence(&target.definition, &target.name, pairing.target);
    }
    source.unique == target.unique && !target.columns.is_empty() && pairing.same_columns(&source.columns, &target.columns)
}

/// A definition without the names of the index, the table and the schema.
fn essence(definition: &str, name: &str, table: &Table) -> String {
    let mut text = definition.to_lowercase().replace(['"', '`'], "");
    for (word, by) in
        [(format!("{}.{}", table.name.schema, table.name.name), "?"), (format!("{}.", table.name.schema), ""), (name.to_owned(), "!")]
    {
        if word.len() > 1 {
            text = text.replace(&word.to_lowercase(), by);
        }
    }
    let words: Vec<&str> = text.split_whitespace().map(|word| if word == table.name.name.to_lowercase() { "?" } else { word }).collect();
    words.join(" ").replace("if not exists ", "")
}

fn missing(pairing: &Pairing<'_>, index: &Index, what: &str, draft: &mut Draft) {
    let place = pairing.place();
    let columns: Vec<String> = index.columns.iter().map(|column| pairing.mapped(column)).collect();
    let leads = |other: &&Index| {
        !other.partial_or_expression && other.valid && other.columns.len() >= columns.len() && {
            other.columns.iter().zip(&columns).all(|(a, b)| super::plain(a).eq_ignore_ascii_case(b))
        }
    };
    let covering = pairing.target.indexes.iter().find(leads);
    match covering {
        Some(other) if !index.unique => {
            draft.say(format!("note: {place}: index {what} is covered by `{}`", other.name));
        }
        _ => draft.differs(format!("{place}: missing index {what}")),
    }
}

/// Primary keys, unique constraints, foreign keys, checks.
pub(super) fn constraints(pairing: &Pairing<'_>, draft: &mut Draft) {
    primary(pairing, draft);
    let place = pairing.place();
    let of = |table: &Table, kind: ConstraintKind| table.constraints.iter().filter(move |c| c.kind == kind).cloned().collect::<Vec<_>>();
    for key in of(pairing.source, ConstraintKind::Unique) {
        // As an index it was found, or was found missing, already; SQLite's and MySQL's are their indexes.
        let indexed = pairing.source.indexes.iter().any(|index| index.unique && index.columns == key.columns);
        if !indexed && !binds(pairing, &key.columns) {
            draft.differs(format!("{place}: missing unique constraint on ({})", key.columns.join(", ")));
        }
    }
    foreign_keys(pairing, &of(pairing.source, ConstraintKind::ForeignKey), &of(pairing.target, ConstraintKind::ForeignKey), draft);
    checks(pairing, &of(pairing.source, ConstraintKind::Check), &of(pairing.target, ConstraintKind::Check), draft);
    exclusions(pairing, &of(pairing.source, ConstraintKind::Exclusion), &of(pairing.target, ConstraintKind::Exclusion), draft);
    for constraint in &pairing.target.constraints {
        if !constraint.validated {
            let word = word(constraint.kind);
            draft.differs(format!("{place}: not validated {word} `{}`: rows that were there before may break it", constraint.name));
        }
    }
}

fn word(kind: ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::PrimaryKey => "primary key",
        ConstraintKind::Unique => "unique constraint",
        ConstraintKind::Check => "check",
        ConstraintKind::ForeignKey => "foreign key",
        ConstraintKind::Exclusion => "exclusion constraint",
        ConstraintKind::NotNull => "NOT NULL",
    }
}

fn primary(pairing: &Pairing<'_>, draft: &mut Draft) {
    let (source, target) = (pairing.source.primary_key(), pairing.target.primary_key());
    let place = pairing.place();
    match (source.is_empty(), target.is_empty()) {
        (true, true) => {}
        (false, true) => draft.differs(format!("{place}: missing primary key on ({})", source.join(", "))),
        (true, false) => draft.say(format!("note: {place}: the target has a primary key on ({}), the source none", target.join(", "))),
        (false, false) if pairing.same_columns(&source, &target) => {}
        (false, false) => draft.differs(format!(
            "{place}: other primary key: ({}) at the source, ({}) at the target",
            source.join(", "),
            target.join(", ")
        )),
    }
}

/// Something at the target makes these columns unique.
fn binds(pairing: &Pairing<'_>, columns: &[String]) -> bool {
    let indexes = pairing.target.indexes.iter().filter(|index| index.unique && !index.partial_or_expression).map(|index| &index.columns);
    let keys = pairing.target.constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Unique | ConstraintKind::PrimaryKey));
    indexes.chain(keys.map(|key| &key.columns)).any(|other| pairing.same_columns(columns, other))
}

fn foreign_keys(pairing: &Pairing<'_>, source: &[Constraint], target: &[Constraint], draft: &mut Draft) {
    let place = pairing.place();
    let mut matched = vec![false; target.len()];
    for key in source {
        let to = key.references.as_ref();
        let what = format!("({}) to {}", key.columns.join(", "), to.map(ToString::to_string).unwrap_or_default());
        let refers = |other: &Constraint| match (to.and_then(|name| pairing.names.table(name)), &other.references) {
            (Some(expected), Some(found)) => expected.name.eq_ignore_ascii_case(&found.name),
            _ => to.map(|name| name.name.to_lowercase()) == other.references.as_ref().map(|name| name.name.to_lowercase()),
        };
        let Some(at) = target.iter().position(|other| pairing.same_columns(&key.columns, &other.columns) && refers(other)) else {
            draft.differs(format!("{place}: missing foreign key {what}"));
            continue;
        };
        matched[at] = true;
        let other = &target[at];
        for event in ["delete", "update"] {
            let (left, right) = (action(&key.definition, event), action(&other.definition, event));
            if left != right {
                draft.differs(format!("{place}: other foreign key {what}: on {event} {left} at the source, {right} at the target"));
            }
        }
        let (left, right) = (key.definition.to_lowercase().contains("deferrable"), other.definition.to_lowercase().contains("deferrable"));
        if left != right && pairing.same_engine {
            draft.differs(format!("{place}: other foreign key {what}: only one of the two is deferrable"));
        }
    }
    for (other, _) in target.iter().zip(&matched).filter(|(_, matched)| !**matched) {
        draft.differs(format!("{place}: extra foreign key `{}` on ({})", other.name, other.columns.join(", ")));
    }
}

/// `cascade`, `set null`; `no action` and `restrict` refuse alike.
fn action(definition: &str, event: &str) -> &'static str {
    let lower = definition.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((_, rest)) = lower.split_once(&format!("on {event} ")) else { return "refuse" };
    ["cascade", "set null", "set default"].into_iter().find(|word| rest.starts_with(word)).unwrap_or("refuse")
}

fn checks(pairing: &Pairing<'_>, source: &[Constraint], target: &[Constraint], draft: &mut Draft) {
    let place = pairing.place();
    let mut matched = vec![false; target.len()];
    for check in source {
        let meaning = expression(&check.definition);
        // MariaDB's JSON is text with this check; a type of its own elsewhere.
        if meaning.starts_with("json_valid") && !pairing.same_engine {
            continue;
        }
        let found = target.iter().position(|other| expression(&other.definition) == meaning);
        if let Some(at) = found {
            matched[at] = true;
            continue;
        }
        let named = target.iter().position(|other| !check.name.is_empty() && other.name.eq_ignore_ascii_case(&check.name));
        let what = if check.name.is_empty() { check.definition.clone() } else { format!("`{}`", check.name) };
        match named {
            Some(at) => {
                matched[at] = true;
                if pairing.same_engine {
                    draft.differs(format!("{place}: other check {what}"));
                } else {
                    draft.gap(format!("{place}: whether check {what} means the same on both engines"));
                }
            }
            None if !pairing.same_engine && target.len() >= source.len() => {
                draft.gap(format!("{place}: check {what}: the target has checks, and none that reads the same"));
            }
            None => draft.differs(format!("{place}: missing check {what}")),
        }
    }
    if pairing.same_engine {
        for (other, _) in target.iter().zip(&matched).filter(|(_, matched)| !**matched) {
            draft.differs(format!("{place}: extra check `{}`", other.name));
        }
    } else if target.len() > source.len() {
        draft.say(format!("note: {place}: the target has more checks than the source"));
    }
}

fn exclusions(pairing: &Pairing<'_>, source: &[Constraint], target: &[Constraint], draft: &mut Draft) {
    for rule in source {
        if !target.iter().any(|other| other.definition == rule.definition) {
            draft.differs(format!("{}: missing exclusion constraint `{}`", pairing.place(), rule.name));
        }
    }
}

/// A check's expression without the word, parentheses, quotation marks and spaces: enough to see that two are one text.
fn expression(definition: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in definition.chars() {
        inside ^= c == '\'';
        if inside {
            out.push(c);
        } else if !c.is_whitespace() && !matches!(c, '(' | ')' | '`' | '"') {
            out.extend(c.to_lowercase());
        }
    }
    let out = out.replace("::text", "").replace("::numeric", "").replace("::charactervarying", "").replace("notvalid", "");
    out.split_once("check").map_or(out.clone(), |(_, rest)| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_and_expressions_are_read() {
        assert_eq!(action("FOREIGN KEY (a) REFERENCES b(c) ON UPDATE CASCADE ON DELETE SET NULL", "delete"), "set null");
        assert_eq!(action("foreign key (a) references b (c) on delete restrict", "delete"), "refuse");
        assert_eq!(action("references b", "update"), "refuse");
        assert_eq!(expression("CHECK ((total >= (0)::numeric))"), expression("CHECK (`total` >= 0)"));
        assert_ne!(expression("CHECK (total > 0)"), expression("CHECK (total >= 0)"));
        assert_ne!(expression("CHECK (a in ('A'))"), expression("CHECK (a in ('a'))"));
    }
}
