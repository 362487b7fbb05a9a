//! Objects beside tables and views with what they say: functions, domains, types, sequences, extensions.
//!
//! Kept as texts in one form, for schemas to be compared; nothing here is understood any further. Overloads of a function
//! stand together under its name, because a parameter with a default makes another overload and breaks nobody. Tests:
//! `tests/it/sql/reading.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::Cursor;
use super::expression;
use super::token::Kind;
use super::world::World;

/// What was made so far, by kind and full name.
#[derive(Debug, Default)]
pub(super) struct Objects {
    made: BTreeMap<String, Vec<String>>,
}

/// Kinds by the words that name them, longer ones first.
const KINDS: &[(&str, &str)] = &[
    ("function", "function"),
    ("procedure", "function"),
    ("routine", "function"),
    ("aggregate", "function"),
    ("domain", "domain"),
    ("type", "type"),
    ("sequence", "sequence"),
    ("extension", "extension"),
];

impl Objects {
    /// Takes a statement in its turn; what is about something else is left alone.
    pub(super) fn take(&mut self, mut cursor: Cursor<'_>, world: &World) {
        let verb = cursor.name().unwrap_or_default();
        cursor.words("or replace");
        let _ = cursor.word("temporary") || cursor.word("temp") || cursor.word("unlogged");
        let Some((_, kind)) = KINDS.iter().find(|(word, _)| cursor.word(word)) else { return };
        let _ = cursor.words("if not exists") || cursor.words("if exists");
        let full = |cursor: &mut Cursor<'_>| {
            let name = cursor.qualified()?;
            // An extension has no schema, and there is one of it.
            Some(if *kind == "extension" { format!("{kind} {}", name.name) } else { format!("{kind} {}", world.resolve(&name)) })
        };
        match verb.as_str() {
            "create" => {
                let Some(key) = full(&mut cursor) else { return };
                let text = if *kind == "extension" || cursor.words("as enum") { String::new() } else { said(cursor) };
                let texts = self.made.entry(key).or_default();
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            "alter" => {
                let Some(key) = full(&mut cursor) else { return };
                let owner = cursor.is("owner") || cursor.mentions("owned");
                if *kind != "extension"
                    && !owner
                    && let Some(texts) = self.made.get_mut(&key)
                {
                    texts.push(said(cursor));
                }
            }
            "drop" => {
                while let Some(key) = full(&mut cursor) {
                    self.made.remove(&key);
                    cursor.parens();
                    if !cursor.symbol(",") {
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    /// Each with its texts; of sequences those alone that no column owns, of types those that are no enums.
    pub(super) fn finish(self, free: &BTreeSet<String>) -> BTreeMap<String, String> {
        let mut found: BTreeMap<String, String> = free.iter().map(|name| (name.clone(), String::new())).collect();
        for (key, mut texts) in self.made {
            let enumeration = key.starts_with("type ") && texts.first().is_some_and(String::is_empty);
            if enumeration || (key.starts_with("sequence ") && !free.contains(&key)) {
                continue;
            }
            if key.starts_with("function ") {
                texts.sort();
            }
            found.insert(key, texts.join(" ; "));
        }
        found
    }
}

/// The rest of the statement in one form; a body's own indentation does not count.
fn said(cursor: Cursor<'_>) -> String {
    let dollars = cursor.rest().iter().any(|token| token.kind == Kind::Text && cursor.slice(*token).starts_with('$'));
    if !dollars {
        return expression::text(cursor);
    }
    let mut parts = Vec::new();
    let mut walk = cursor;
    while let Some(token) = walk.peek() {
        if token.kind == Kind::Text {
            let body = walk.string().unwrap_or_default();
            parts.push(format!("'{}'", body.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "''")));
        } else {
            let one = std::slice::from_ref(&walk.tokens[walk.at]);
            parts.push(expression::text(Cursor { text: walk.text, tokens: one, at: 0 }));
            walk.at += 1;
        }
    }
    parts.join(" ")
}
