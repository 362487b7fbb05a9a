//! The query of a read: what is selected, which rows, in which order.
//!
//! Names go through the quoting door, expressions of the user stand in parentheses and on lines of their own, and
//! everything of ours names the server's own schema, so that no object of the user's `search_path` stands in for it.
//! Ranges must cut exactly; `only` may let more rows through and never fewer. Tests: below, `tests/it/rows/select.rs`.

use segue_engine::rows::{Class, Datum, KeyRange, Read, ReadColumn};
use segue_engine::{EngineError, ErrorKind, quote};

use super::kind::{Native, Wire};
use super::literal::{Bound, Find, bound, find};

/// A read, and what the server says of its columns.
pub(super) struct Select<'a> {
    pub(super) read: &'a Read,
    /// The type of each column of the read.
    pub(super) natives: &'a [Native],
    pub(super) facts: &'a [ColumnFacts],
    /// The server's texts are UTF-8.
    pub(super) unicode: bool,
}

/// What an order by a column needs to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ColumnFacts {
    /// It holds no NULL.
    pub(super) not_null: bool,
    /// Its own collation compares bytes.
    pub(super) by_bytes: bool,
}

/// A column or what is read in its place. A comment at the end of an expression ends with its line.
pub(super) fn expression(column: &ReadColumn) -> String {
    match &column.expression {
        None => quote::name(&column.name),
        Some(expression) => format!("({expression}\n)"),
    }
}

/// The bare columns, to learn their types.
pub(super) fn bare(read: &Read) -> String {
    let columns: Vec<_> = read.columns.iter().map(expression).collect();
    format!("select {} from {}", columns.join(", "), quote::table(&read.table))
}

impl Select<'_> {
    /// The rows.
    pub(super) fn rows(&self) -> Result<String, EngineError> {
        let columns = self.read.columns.iter().zip(self.natives).map(|(column, native)| native.read(&expression(column)));
        let columns: Vec<_> = columns.collect();
        let order = if self.read.ordered { self.order() } else { String::new() };
        Ok(format!("select {} from {}{}{order}", columns.join(", "), quote::table(&self.read.table), self.conditions()?))
    }

    /// Their number.
    pub(super) fn count(&self) -> Result<String, EngineError> {
        Ok(format!("select pg_catalog.count(*) from {}{}", quote::table(&self.read.table), self.conditions()?))
    }

    /// ` where …`, or nothing.
    pub(super) fn conditions(&self) -> Result<String, EngineError> {
        let mut all = Vec::new();
        if let Some(range) = &self.read.range {
            all.extend(self.range(range)?);
        }
        if let Some(filter) = &self.read.filter {
            all.push(format!("({filter}\n)"));
        }
        if let Some(keys) = &self.read.only {
            all.push(self.only(keys));
        }
        Ok(if all.is_empty() { String::new() } else { format!(" where {}", all.join(" and ")) })
    }

    fn range(&self, range: &KeyRange) -> Result<Option<String>, EngineError> {
        if range.from.is_none() && range.below.is_none() {
            return Ok(None);
        }
        let not_cut = || {
            EngineError::new(
                "SG-PG-154",
                ErrorKind::Unsupported,
                format!("{} has no first key column that ranges of values cut", self.read.table),
            )
        };
        let first = *self.read.key.first().ok_or_else(not_cut)?;
        let (key, wire) = (expression(&self.read.columns[first]), &self.natives[first].wire);
        let end = |end: &Option<Datum>| end.as_ref().map(|value| bound(wire, value).ok_or_else(not_cut)).transpose();
        let (from, below) = (end(&range.from)?, end(&range.below)?);
        let lower = match &from {
            None => None,
            Some(Bound::At(literal)) => Some(format!("{key} operator(pg_catalog.>=) {literal}")),
            Some(Bound::Below) => Some(format!("{key} is not null")),
            Some(Bound::Above) => Some("false".to_owned()),
        };
        let upper = match below {
            None | Some(Bound::Above) => None,
            Some(Bound::At(literal)) if from.is_none() && !self.facts[first].not_null => {
                Some(format!("({key} operator(pg_catalog.<) {literal} or {key} is null)"))
            }
            Some(Bound::At(literal)) => Some(format!("{key} operator(pg_catalog.<) {literal}")),
            Some(Bound::Below) => Some(if from.is_none() { format!("{key} is null") } else { "false".to_owned() }),
        };
        let both: Vec<_> = [lower, upper].into_iter().flatten().collect();
        Ok((!both.is_empty()).then(|| both.join(" and ")))
    }

    fn only(&self, keys: &[Vec<Datum>]) -> String {
        // Keys of one column are one list, which an index answers at once.
        if let [only] = self.read.key[..]
            && let Some(list) = self.list(only, keys)
        {
            return list;
        }
        let each: Vec<_> = keys.iter().filter_map(|key| self.one(key)).collect();
        match each {
            each if each.is_empty() => "false".to_owned(),
            each => format!("({})", each.join(" or ")),
        }
    }

    fn found(&self, at: usize, value: &Datum) -> Find {
        let column = &self.read.columns[at];
        find(&expression(column), &self.natives[at], &column.class, value, self.unicode)
    }

    fn list(&self, at: usize, keys: &[Vec<Datum>]) -> Option<String> {
        let (mut left, mut literals) = (None, Vec::new());
        for key in keys {
            match self.found(at, key.first()?) {
                Find::Equal(expression, literal) if left.as_ref().is_none_or(|left| *left == expression) => {
                    left = Some(expression);
                    literals.push(literal);
                }
                Find::Nothing => {}
                _ => return None,
            }
        }
        let Some(left) = left else { return Some("false".to_owned()) };
        // Literals of one list have one type: those of an integer's column may have two.
        let kind = |literal: &String| literal.rsplit_once("::").map(|(_, kind)| kind.to_owned());
        let first = kind(&literals[0]);
        literals
            .iter()
            .all(|literal| kind(literal) == first)
            .then(|| format!("{left} operator(pg_catalog.=) any (array[{}])", literals.join(", ")))
    }

    /// The condition of one key; `None`: no row has it.
    fn one(&self, key: &[Datum]) -> Option<String> {
        let mut all = Vec::new();
        for (at, value) in self.read.key.iter().zip(key) {
            match self.found(*at, value) {
                Find::Equal(left, right) => all.push(format!("{left} operator(pg_catalog.=) {right}")),
                Find::Condition(condition) => all.push(condition),
                Find::Nothing => return None,
                Find::Anything => {}
            }
        }
        Some(if all.is_empty() { "true".to_owned() } else { format!("({})", all.join(" and ")) })
    }

    fn order(&self) -> String {
        let columns: Vec<_> = self.read.key.iter().map(|at| self.ordered_by(*at)).collect();
        if columns.is_empty() { String::new() } else { format!(" order by {}", columns.join(", ")) }
    }

    fn ordered_by(&self, at: usize) -> String {
        let (column, native, facts) = (&self.read.columns[at], &self.natives[at], self.facts[at]);
        let key = expression(column);
        let by = match (&native.wire, &column.class) {
            (Wire::Label | Wire::Letter, _) | (_, Class::Text | Class::TextPadded) => self.text_order(&key, native, &column.class, facts),
            _ => native.read(&key),
        };
        // An index of the server's has its NULLs last: where there are none it serves, if nothing is said of them.
        format!("{by}{}", if facts.not_null { "" } else { " nulls first" })
    }

    /// By the bytes of UTF-8, whatever the collation and the encoding.
    fn text_order(&self, key: &str, native: &Native, class: &Class, facts: ColumnFacts) -> String {
        match native.wire {
            Wire::Uuid => key.to_owned(),
            Wire::Padded if *class == Class::Text => format!("pg_catalog.bpcharsend({key})"),
            _ => {
                let plain = native.wire == Wire::Text && native.cast.is_none() && *class != Class::TextPadded;
                let mut text = if plain { key.to_owned() } else { format!("({key})::pg_catalog.text") };
                if *class == Class::TextPadded {
                    text = format!("pg_catalog.rtrim({text}, ' ')");
                }
                if !self.unicode {
                    return format!("pg_catalog.textsend(({text})::pg_catalog.text)");
                }
                if plain && facts.by_bytes { text } else { format!("{text} collate pg_catalog.\"C\"") }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use segue_model::ident::TableName;

    use super::*;

    fn read(columns: &[(&str, Option<&str>)], key: &[usize]) -> Read {
        let columns = columns
            .iter()
            .map(|(name, expression)| ReadColumn {
                name: (*name).to_owned(),
                expression: expression.map(str::to_owned),
                class: Class::Integer,
            })
            .collect();
        Read::new(TableName::new("s", "t\""), columns, key.to_vec())
    }

    fn sql(read: &Read, wires: &[Wire], not_null: bool) -> String {
        let natives: Vec<_> = wires.iter().map(|wire| Native { wire: wire.clone(), cast: None, class: Class::Integer }).collect();
        let facts = vec![ColumnFacts { not_null, by_bytes: false }; wires.len()];
        Select { read, natives: &natives, facts: &facts, unicode: true }.rows().expect("a query")
    }

    #[test]
    fn names_are_quoted_and_expressions_stand_for_themselves() {
        let mut read = read(&[("a\"b", None), ("c", Some("c + 1 -- why"))], &[0]);
        read.filter = Some("c > 1 -- or".to_owned());
        assert_eq!(
            sql(&read, &[Wire::Int4, Wire::Int4], true),
            "select \"a\"\"b\", (c + 1 -- why\n) from \"s\".\"t\"\"\" where (c > 1 -- or\n)"
        );
    }

    #[test]
    fn the_first_range_has_the_nulls() {
        let at = |number| Some(Datum::Integer(number));
        let of = |from, below, not_null| {
            let read = read(&[("k", None)], &[0]).within(KeyRange { from, below }).in_order();
            let sql = sql(&read, &[Wire::Int8], not_null);
            sql.split_once("\"t\"\"\"").expect("a table").1.replace("operator(pg_catalog.", "").replace("::pg_catalog.int8", "")
        };
        assert_eq!(of(None, None, true), " order by \"k\"");
        assert_eq!(of(None, at(5), true), " where \"k\" <) '5' order by \"k\"");
        assert_eq!(of(None, at(5), false), " where (\"k\" <) '5' or \"k\" is null) order by \"k\" nulls first");
        assert_eq!(of(at(1), at(5), true), " where \"k\" >=) '1' and \"k\" <) '5' order by \"k\"");
        assert_eq!(of(at(-(1 << 70)), None, false), " where \"k\" is not null order by \"k\" nulls first");
        assert_eq!(of(None, at(-(1 << 70)), false), " where \"k\" is null order by \"k\" nulls first");
        assert_eq!(of(at(1 << 70), None, true), " where false order by \"k\"");
        assert_eq!(of(None, at(1 << 70), true), " order by \"k\"");
    }

    #[test]
    fn a_column_that_has_no_ranges_is_not_cut() {
        let read = read(&[("k", None)], &[0]).within(KeyRange { from: Some(Datum::Integer(1)), below: None });
        let native = [Native { wire: Wire::Text, cast: None, class: Class::Text }];
        let facts = [ColumnFacts::default()];
        let error = Select { read: &read, natives: &native, facts: &facts, unicode: true }.rows().expect_err("not cut");
        assert_eq!(error.code, "SG-PG-154");
    }

    #[test]
    fn keys_are_a_list_or_alternatives() {
        let one = read(&[("k", None)], &[0]).of_keys(vec![vec![Datum::Integer(1)], vec![Datum::Integer(2)], vec![Datum::Integer(1 << 90)]]);
        assert!(
            sql(&one, &[Wire::Int8], true)
                .ends_with("where \"k\" operator(pg_catalog.=) any (array['1'::pg_catalog.int8, '2'::pg_catalog.int8])")
        );
        let none = read(&[("k", None)], &[0]).of_keys(vec![vec![Datum::Integer(1 << 90)]]);
        assert!(sql(&none, &[Wire::Int8], true).ends_with("where false"));
        let two = read(&[("k", None), ("l", None)], &[1, 0]).of_keys(vec![vec![Datum::Integer(1), Datum::Null]]);
        assert!(
            sql(&two, &[Wire::Int8, Wire::Int8], true)
                .ends_with("where ((\"l\" operator(pg_catalog.=) '1'::pg_catalog.int8 and \"k\" is null))")
        );
        let any = read(&[("k", None)], &[0]).of_keys(vec![vec![Datum::Own(b"x".to_vec())]]);
        assert!(sql(&any, &[Wire::Own], true).ends_with("where (true)"));
    }
}
