//! Whether a check shows that every row of a table belongs to a partition, so that the server need not read it.
//!
//! The server proves the bound from checks that are valid and from NOT NULL (`ConstraintImpliedByRelConstraint` of its
//! source, <https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION>). Here: a key of one
//! column, by range or by list, and constants that are written alike; everything else counts as not proved, so that a read
//! too many is told and never one too few. Tests: below, and the lock oracle.

use segue_model::catalog::Table;

use crate::sql::postgres::cursor::Cursor;
use crate::sql::postgres::token::{Kind, cut};

/// The rows of `table` belong to `bound` of a parent with this key.
pub(super) fn proved(table: &Table, key: &str, bound: &str) -> bool {
    let Some((method, column)) = key_column(key) else { return false };
    let Some(wanted) = wanted(&method, bound) else { return false };
    let mut known = Vec::new();
    for check in table.constraints.iter().filter(|check| check.validated) {
        if let Some(text) = check.definition.strip_prefix("CHECK ") {
            known.extend(conjuncts(text).into_iter().filter_map(|part| atom(&part, &column)));
        }
    }
    let not_null = known.contains(&Atom::NotNull) || table.column(&column).is_some_and(|column| !column.nullable);
    not_null && wanted.iter().all(|want| known.iter().any(|have| have.implies(want)))
}

/// `RANGE (at)` and `LIST (kind)` with one plain column.
fn key_column(key: &str) -> Option<(String, String)> {
    let script = cut(key).ok()?;
    let mut cursor = Cursor::new(key, &script.tokens);
    let method = cursor.name()?;
    let mut inner = cursor.parens()?;
    let column = inner.name()?;
    inner.done().then_some((method, column))
}

#[derive(Debug, Clone, PartialEq)]
enum Atom {
    NotNull,
    From(String),
    To(String),
    In(Vec<String>),
}

impl Atom {
    fn implies(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::In(have), Self::In(want)) => have.iter().all(|one| want.contains(one)),
            _ => self == wanted,
        }
    }
}

/// What the bound demands: `FOR VALUES FROM (a) TO (b)`, `FOR VALUES IN (…)`.
fn wanted(method: &str, bound: &str) -> Option<Vec<Atom>> {
    let script = cut(bound).ok()?;
    let mut cursor = Cursor::new(bound, &script.tokens);
    cursor.words("for values").then_some(())?;
    if method == "list" && cursor.word("in") {
        let values = cursor.parens()?.items().into_iter().map(constant).collect::<Option<Vec<_>>>()?;
        return Some(vec![Atom::In(values)]);
    }
    (method == "range" && cursor.word("from")).then_some(())?;
    let mut side = |open: &str| -> Option<Option<String>> {
        let inner = cursor.parens()?;
        if inner.is(open) && inner.rest().len() == 1 {
            return Some(None);
        }
        constant(inner).map(Some)
    };
    let low = side("minvalue")?;
    let mut cursor_to = Cursor::new(bound, &script.tokens);
    cursor_to.until(&["to"]);
    cursor_to.word("to").then_some(())?;
    let inner = cursor_to.parens()?;
    let high = if inner.is("maxvalue") && inner.rest().len() == 1 { None } else { Some(constant(inner)?) };
    Some(low.map(Atom::From).into_iter().chain(high.map(Atom::To)).collect())
}

/// A constant as it is written, its type apart: `'2026-01-01'::date`, `DATE '2026-01-01'`, `5`, `'-5'::integer`.
fn constant(item: Cursor<'_>) -> Option<String> {
    let mut cursor = item;
    while cursor.is_symbol("(") {
        let mut after = cursor;
        let inner = after.parens()?;
        (after.done() || after.is_symbol("::")).then_some(())?;
        cursor = inner;
    }
    let minus = cursor.symbol("-");
    let first = cursor.peek()?;
    // A type in front: DATE '…'.
    if first.kind == Kind::Word {
        cursor.name()?;
    }
    let value = match cursor.peek()?.kind {
        Kind::Text => cursor.string()?,
        Kind::Number => cursor.value()?,
        _ => return None,
    };
    (cursor.done() || cursor.is_symbol("::")).then(|| if minus { format!("-{value}") } else { value })
}

/// The parts that AND joins, brackets around them taken off.
fn conjuncts(text: &str) -> Vec<String> {
    let Ok(script) = cut(text) else { return Vec::new() };
    let mut cursor = Cursor::new(text, &script.tokens);
    let mut whole = cursor;
    if let Some(inner) = whole.parens()
        && whole.done()
    {
        return conjuncts(inner.source());
    }
    let mut parts = Vec::new();
    if cursor.mentions("between") {
        return parts;
    }
    while !cursor.done() {
        let part = cursor.until(&["and", "or"]);
        if cursor.is("or") {
            return Vec::new();
        }
        cursor.word("and");
        let mut whole = part;
        match whole.parens() {
            Some(inner) if whole.done() => parts.extend(conjuncts(inner.source())),
            _ => parts.push(part.source().to_owned()),
        }
    }
    parts
}

/// `at IS NOT NULL`, `at >= c`, `at < c`, `at = c`, `at IN (…)`, `at = ANY (ARRAY[…])`.
fn atom(text: &str, column: &str) -> Option<Atom> {
    let script = cut(text).ok()?;
    let mut cursor = Cursor::new(text, &script.tokens);
    let name = match cursor.parens() {
        // `(kind)::text = …`
        Some(mut inner) => inner.name().filter(|_| inner.done())?,
        None => cursor.name()?,
    };
    (name == column).then_some(())?;
    if cursor.symbol("::") {
        cursor.until(&["=", "is", "in", "<", ">", "<=", ">="]);
    }
    if cursor.words("is not null") {
        return cursor.done().then_some(Atom::NotNull);
    }
    if cursor.word("in") {
        return cursor.parens()?.items().into_iter().map(constant).collect::<Option<Vec<_>>>().map(Atom::In);
    }
    let rest = |cursor: &Cursor<'_>| constant(Cursor { text: cursor.text, tokens: cursor.rest(), at: 0 });
    if cursor.symbol(">=") {
        return rest(&cursor).map(Atom::From);
    }
    if cursor.symbol("<") {
        return rest(&cursor).map(Atom::To);
    }
    cursor.symbol("=").then_some(())?;
    if cursor.word("any") {
        let inner = cursor.parens()?.source();
        let list = inner.find('[').and_then(|open| Some(inner.get(open + 1..inner.rfind(']')?)?.to_owned()))?;
        let script = cut(&list).ok()?;
        return Cursor::new(&list, &script.tokens).items().into_iter().map(constant).collect::<Option<Vec<_>>>().map(Atom::In);
    }
    rest(&cursor).map(|value| Atom::In(vec![value]))
}

#[cfg(test)]
mod tests {
    use segue_model::catalog::Table;

    use super::proved;
    use crate::sql::postgres;

    fn table(check: &str) -> Table {
        let read = postgres::catalog(&format!("CREATE TABLE p (at date, kind text, n int, CONSTRAINT c CHECK ({check}));"));
        read.catalog.tables.into_iter().next().expect("a table")
    }

    #[test]
    fn a_check_proves_its_own_bound_and_no_other() {
        let range = "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')";
        for (check, expected) in [
            ("at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01'", true),
            ("(at IS NOT NULL) AND (at >= DATE '2026-01-01') AND (at < '2027-01-01'::date)", true),
            ("at IS NOT NULL AND at >= '2025-01-01' AND at < '2027-01-01'", false),
            ("at IS NOT NULL AND at >= '2026-01-01'", false),
            ("at >= '2026-01-01' AND at < '2027-01-01'", false),
            ("at IS NOT NULL AND n > 0", false),
            ("at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01' OR n = 1", false),
            ("n IS NOT NULL AND n >= '2026-01-01' AND n < '2027-01-01'", false),
        ] {
            assert_eq!(proved(&table(check), "RANGE (at)", range), expected, "{check}");
        }
        let list = "FOR VALUES IN ('a', 'b')";
        assert!(proved(&table("kind IS NOT NULL AND kind IN ('b', 'a')"), "LIST (kind)", list));
        assert!(proved(&table("kind IS NOT NULL AND kind = 'a'"), "LIST (kind)", list));
        assert!(proved(&table("kind IS NOT NULL AND ((kind)::text = ANY (ARRAY['a'::text]))"), "LIST (kind)", list));
        assert!(!proved(&table("kind IS NOT NULL AND kind IN ('a', 'c')"), "LIST (kind)", list));
        assert!(proved(&table("n IS NOT NULL AND n >= -5"), "RANGE (n)", "FOR VALUES FROM (-5) TO (MAXVALUE)"));
        assert!(!proved(&table("n IS NOT NULL"), "HASH (n)", "FOR VALUES WITH (modulus 2, remainder 0)"));
    }
}
