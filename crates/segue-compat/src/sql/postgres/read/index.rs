//! `CREATE INDEX`.

use super::super::cursor::{Cursor, quote};
use super::super::expression::{self as expr, Functions};
use super::super::statement::{CreateIndex, IndexKey};
use super::super::token::Kind;
use super::expression;

/// Behind `CREATE [UNIQUE] INDEX`.
pub(super) fn read(cursor: &mut Cursor<'_>, own: &Functions, unique: bool) -> Option<CreateIndex> {
    let mut index = CreateIndex { unique, method: "btree".to_owned(), ..CreateIndex::default() };
    index.concurrently = cursor.word("concurrently");
    index.if_not_exists = cursor.words("if not exists");
    if !cursor.is("on") {
        index.name = Some(cursor.qualified()?.name);
    }
    cursor.word("on").then_some(())?;
    index.only = cursor.word("only");
    index.table = cursor.qualified()?;
    cursor.symbol("*");
    if cursor.word("using") {
        index.method = cursor.name()?;
    }
    index.keys = cursor.parens()?.items().into_iter().map(|item| key(item, own)).collect::<Option<_>>()?;
    if cursor.word("include") {
        index.include = cursor.parens()?.names();
    }
    index.nulls_not_distinct = cursor.words("nulls not distinct");
    cursor.words("nulls distinct");
    if cursor.word("with") {
        index.with = Some(expr::text(cursor.parens()?));
    }
    if cursor.word("tablespace") {
        cursor.name()?;
    }
    if cursor.word("where") {
        let rest = Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 };
        index.predicate = Some(expression(rest, own));
        cursor.at = cursor.tokens.len();
    }
    cursor.done().then_some(index)
}

fn key(mut item: Cursor<'_>, own: &Functions) -> Option<IndexKey> {
    let words = expr::words(item);
    let first = item.peek()?;
    let plain = matches!(first.kind, Kind::Word | Kind::Quoted)
        && !item.tokens.get(item.at + 1).is_some_and(|next| matches!(item.slice(*next), "(" | "."));
    let (key, shown, expression_key) = if plain {
        let name = item.name()?;
        (name.clone(), quote(&name), false)
    } else if item.is_symbol("(") {
        let inner = expression(item.parens()?, own);
        (format!("({})", inner.text), format!("({})", inner.text), true)
    } else {
        // A bare function call.
        let from = item.at;
        item.qualified()?;
        item.parens()?;
        let text = expr::text(Cursor { text: item.text, tokens: item.tokens.get(from..item.at)?, at: 0 });
        (text.clone(), text, true)
    };
    let mut definition = shown;
    if item.word("collate") {
        definition.push_str(&format!(" COLLATE {}", quote(&item.qualified()?.name)));
    }
    let mut descending = false;
    while !item.done() {
        if item.word("asc") {
        } else if item.word("desc") {
            descending = true;
            definition.push_str(" DESC");
        } else if item.words("nulls first") {
            if !descending {
                definition.push_str(" NULLS FIRST");
            }
        } else if item.words("nulls last") {
            if descending {
                definition.push_str(" NULLS LAST");
            }
        } else {
            definition.push_str(&format!(" {}", quote(&item.qualified()?.name)));
            item.parens();
        }
    }
    Some(IndexKey { key, expression: expression_key, words, definition })
}
