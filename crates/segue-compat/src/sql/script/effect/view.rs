//! The columns that a view's query gives, as far as its text shows their names.
//!
//! `CREATE OR REPLACE VIEW` keeps the columns and may add some at the end
//! (<https://www.postgresql.org/docs/current/sql-createview.html>); anything else the server refuses. Tests: below, and
//! `tests/cases/sql-script/replace-view.sql`.

use crate::sql::postgres::cursor::{Cursor, Name};
use crate::sql::postgres::token::{Kind, cut};
use crate::sql::postgres::world::World;

/// The names, in order; `None` where the text does not show them.
pub(crate) fn columns(definition: &str, world: &World) -> Option<Vec<String>> {
    let script = cut(definition).ok()?;
    let mut cursor = Cursor::new(definition, &script.tokens);
    let mut named = cursor.parens().map(Cursor::names).unwrap_or_default();
    cursor.word("as");
    cursor.word("select").then_some(())?;
    if cursor.word("distinct") && cursor.word("on") {
        cursor.parens()?;
    }
    cursor.word("all");
    let list = cursor.until(&["from", "union", "except", "intersect", "where", "group", "order", "limit", ";"]);
    let mut found = Vec::new();
    for item in list.items() {
        match name(item) {
            Some(name) => found.push(name),
            None => found.extend(star(item, cursor, world)?),
        }
    }
    // Names in front of the query stand for its first columns.
    if named.len() > found.len() {
        return None;
    }
    let rest = found.split_off(named.len());
    named.extend(rest);
    Some(named)
}

/// `a`, `t.a`, `… AS a`, `f(…)`, `… a`; what has a name of the server's making is not guessed.
fn name(item: Cursor<'_>) -> Option<String> {
    let tokens = item.rest();
    let last = tokens.len().checked_sub(1)?;
    let at = |index: usize| Cursor { at: index, ..item };
    let is_word = matches!(tokens[last].kind, Kind::Word | Kind::Quoted);
    let before = last.checked_sub(1).map(|before| item.slice(tokens[before]));
    match before {
        None if is_word => at(0).name(),
        Some(".") if is_word => {
            // A path of names alone: `schema.t.a`.
            let path = (0..=last).all(|index| if index % 2 == 0 { at(index).name().is_some() } else { at(index).is_symbol(".") });
            path.then(|| at(last).name()).flatten()
        }
        Some(word) if word.eq_ignore_ascii_case("as") => at(last).name(),
        // A name without AS behind something that ends there.
        Some(before) if is_word && last > 0 => {
            let kind = tokens[last - 1].kind;
            let ends = before == ")"
                || (matches!(kind, Kind::Word | Kind::Quoted | Kind::Number | Kind::Text)
                    && !JOINS.contains(&before.to_lowercase().as_str()));
            let keyword = tokens[last].kind == Kind::Word && KEYWORDS.contains(&item.slice(tokens[last]).to_lowercase().as_str());
            (ends && !keyword).then(|| at(last).name()).flatten()
        }
        // A call is named after its function.
        Some(_) if item.slice(tokens[last]) == ")" => {
            let mut call = item;
            let function = call.qualified()?.name;
            call.parens()?;
            call.done().then_some(function)
        }
        _ => None,
    }
}

/// Words behind which a word is no alias, and words that are never one without AS.
const JOINS: &[&str] =
    &["and", "or", "not", "is", "in", "like", "ilike", "between", "then", "else", "when", "case", "at", "time", "from", "collate", "over"];
const KEYWORDS: &[&str] = &["end", "null", "true", "false", "zone", "isnull", "notnull", "precision", "varying"];

/// `*` or `t.*` over one known table.
fn star(item: Cursor<'_>, mut from: Cursor<'_>, world: &World) -> Option<Vec<String>> {
    let tokens = item.rest();
    (item.slice(*tokens.last()?) == "*").then_some(())?;
    (tokens.len() == 1 || (tokens.len() == 3 && item.slice(tokens[1]) == ".")).then_some(())?;
    from.word("from").then_some(())?;
    let table: Name = from.qualified()?;
    let mut rest = from;
    if !rest.done() && !END.iter().any(|word| rest.is(word)) {
        rest.word("as");
        rest.name()?;
    }
    (rest.done() || END.iter().any(|word| rest.is(word)) || rest.is_symbol(";")).then_some(())?;
    let full = world.resolve(&table);
    if world.partial.contains_key(&full) {
        return None;
    }
    Some(world.tables.get(&full)?.columns.iter().map(|column| column.name.clone()).collect())
}

const END: &[&str] = &["where", "group", "order", "limit", "having", "offset", "fetch"];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        columns(text, &World::new()).map(|names| names.join(" "))
    }

    #[test]
    fn names_are_those_that_the_text_shows() {
        for (text, expected) in [
            ("SELECT id, t.a FROM t", "id a"),
            ("SELECT DISTINCT ON (x) x, a + 1 AS b FROM t", "x b"),
            ("SELECT count(*), sum(a) total, lower(b)::text AS c FROM t", "count total c"),
            ("(x, y) AS SELECT a, b, c FROM t", "x y c"),
            ("SELECT a \"B\" FROM t UNION SELECT 1", "B"),
        ] {
            assert_eq!(of(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "SELECT * FROM t",
            "SELECT a + 1 FROM t",
            "WITH x AS (SELECT 1) SELECT a FROM x",
            "VALUES (1)",
            "SELECT a::int FROM t",
            "SELECT CASE WHEN a THEN b END FROM t",
            "SELECT a IS NULL",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
