//! PostgreSQL's DDL: from a text to a catalog.
//!
//! `token` cuts a text into statements, `read/` reads each of them, `world/` applies them one after the other; `script/` uses
//! the same parts to follow a migration. Must never take a statement that it does not understand for a harmless one: it
//! stands in `not_read`. Tests: `tests/it/sql/postgres.rs`.

pub(crate) mod cursor;
pub(crate) mod expression;
mod objects;
pub(crate) mod read;
pub(crate) mod statement;
pub(crate) mod syntax;
pub(crate) mod token;
pub(crate) mod type_name;
pub(crate) mod world;

use std::collections::{BTreeMap, BTreeSet};

use super::{CatalogRead, bounds};
use crate::source::Span;
use cursor::Cursor;
use expression::Volatility;
use statement::Stmt;
use token::Kind;
use world::World;

/// The schema in which PostgreSQL creates what has none.
pub(crate) const DEFAULT_SCHEMA: &str = "public";

/// Reads DDL: a schema's file, a dump of `pg_dump`, or migrations one after the other.
pub fn catalog(text: &str) -> CatalogRead {
    let mut read = CatalogRead::default();
    let script = match token::cut(text) {
        Ok(script) => script,
        Err(unended) => {
            read.not_read.push(format!("line {}: a {} has no end, so that nothing was read", line(text, unended.at), unended.what));
            DEFAULT_SCHEMA.clone_into(&mut read.catalog.default_schema);
            return read;
        }
    };
    let mut world = World::new();
    let mut objects = objects::Objects::default();
    let mut lines = Lines::new(text);
    for piece in &script.pieces {
        if piece.kind != Kind::Word {
            continue;
        }
        if world.tables.len() >= bounds::TABLES_MAX || world.places.len() >= bounds::PARTS_MAX || world.indexes.len() >= bounds::INDEXES_MAX
        {
            read.not_read.push(bounds::rest_of_schema(lines.of(piece.start), text.get(piece.start..).unwrap_or_default()));
            break;
        }
        let tokens = &script.tokens[piece.first..piece.last];
        let first = tokens.first().and_then(|token| text.get(token.start..token.end)).unwrap_or_default();
        if tokens.len() > bounds::WORDS_MAX && !bounds::is_data(first) {
            read.not_read.push(bounds::rest_of_schema(lines.of(piece.start), text.get(piece.start..piece.end).unwrap_or_default()));
            continue;
        }
        let cursor = Cursor::new(text, tokens);
        let stmt = if piece.depth > syntax::DEPTH_MAX {
            Stmt::Other("a statement that nests too deep".to_owned())
        } else {
            objects.take(cursor, &world);
            read::statement(cursor, &world.functions)
        };
        if let Stmt::Other(words) = &stmt {
            read.not_read.push(format!("line {}: {words} … was not understood", lines.of(piece.start)));
        }
        let span = Span::new(piece.start, piece.end);
        for problem in world.apply(&stmt, span) {
            read.not_read.push(format!("line {}: {problem}", lines.of(piece.start)));
        }
    }
    read.places = std::mem::take(&mut world.places).into_map();
    read.enums = world.enums.iter().map(|(name, labels)| (name.to_string(), labels.clone())).collect();
    // A sequence that a column owns is that column's.
    let free = world.sequences.iter().filter(|(_, owner)| owner.is_none());
    let free: BTreeSet<String> = free.map(|(name, _)| format!("sequence {name}")).collect();
    read.objects = objects.finish(&free);
    read.domains = std::mem::take(&mut world.domains).into_map();
    read.types = std::sync::Arc::unwrap_or_clone(std::mem::take(&mut world.types));
    read.catalog = world.into_catalog();
    read
}

/// The most volatile function that an expression calls, with its name; objects say what a schema's own functions are.
pub(crate) fn volatility(expression: &str, objects: &BTreeMap<String, String>) -> (Volatility, Option<String>) {
    let Ok(script) = token::cut(expression) else { return (Volatility::Unknown, None) };
    let cursor = Cursor::new(expression, &script.tokens);
    let found = expression::volatility(cursor, &BTreeMap::new());
    if found.0 != Volatility::Unknown {
        return found;
    }
    let own = objects.iter().filter_map(|(name, text)| {
        let bare = name.strip_prefix("function ")?.rsplit('.').next()?.trim_matches('"').to_owned();
        let words = token::cut(text).ok()?.tokens;
        let says =
            |word: &str| words.iter().any(|token| token.kind == Kind::Word && text[token.start..token.end].eq_ignore_ascii_case(word));
        // Several of one name, or one that was changed: which of them is called is not known.
        let one = !text.contains(" ; ");
        (one && (says("stable") || says("immutable"))).then_some((bare, Volatility::Steady))
    });
    expression::volatility(cursor, &own.collect())
}

/// The line of a byte, from 1.
pub(crate) fn line(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1
}

/// Lines of rising bytes, counted once.
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of a byte that is not before the last one asked for.
    pub(crate) fn of(&mut self, at: usize) -> usize {
        let to = at.min(self.text.len());
        if to > self.at {
            self.line += self.text.get(self.at..to).map_or(0, |between| between.matches('\n').count());
            self.at = to;
        }
        self.line
    }
}
