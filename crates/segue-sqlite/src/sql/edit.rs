//! Exact edits of a `CREATE TABLE` text: what is not edited stays byte for byte.
//!
//! An edit is a place and its new text; all edits of one call are on the same original. Tests: below.

use std::ops::Range;

use segue_engine::quote;

use super::table::{ColumnText, ConstraintText, TableText, What};

/// Edits that wait to be made together.
#[derive(Debug)]
pub(crate) struct Edits<'a> {
    table: &'a TableText,
    list: Vec<(Range<usize>, String)>,
    dropped: Vec<String>,
    columns: String,
    constraints: String,
}

impl<'a> Edits<'a> {
    /// No edit yet.
    pub(crate) fn new(table: &'a TableText) -> Self {
        Self { table, list: Vec::new(), dropped: Vec::new(), columns: String::new(), constraints: String::new() }
    }

    /// The table gets another name.
    pub(crate) fn rename(&mut self, name: &str) {
        self.list.push((self.table.name.clone(), quote::name(name)));
    }

    /// A column takes NULL.
    pub(crate) fn relax(&mut self, column: &str) {
        if let Some(constraint) = self.find(column).and_then(|c| c.constraint(What::NotNull)) {
            self.cut(constraint);
        }
    }

    /// A column takes no NULL.
    pub(crate) fn not_null(&mut self, column: &str) {
        let Some(found) = self.find(column) else { return };
        if found.constraint(What::NotNull).is_some() {
            return;
        }
        if let Some(null) = found.constraint(What::Null) {
            self.list.push((null.span.clone(), "NOT NULL".to_owned()));
        } else {
            let at = found.data_type.end.max(found.span.start);
            self.list.push((at..at, " NOT NULL".to_owned()));
        }
    }

    /// A column gets another type.
    pub(crate) fn set_type(&mut self, column: &str, data_type: &str) {
        let Some(found) = self.find(column) else { return };
        if self.table.part(&found.data_type).eq_ignore_ascii_case(data_type) {
            return;
        }
        let lead = if found.data_type.is_empty() { " " } else { "" };
        self.list.push((found.data_type.clone(), format!("{lead}{data_type}")));
    }

    /// A column gets another default, or none.
    pub(crate) fn set_default(&mut self, column: &str, default: Option<&str>) {
        let Some(found) = self.find(column) else { return };
        match (found.constraint(What::Default), default) {
            (Some(now), Some(default)) if self.table.part(&now.body) != default => {
                self.list.push((now.body.clone(), default_text(default)));
            }
            (Some(now), None) => self.cut(now),
            (None, Some(default)) => {
                let at = found.span.end;
                self.list.push((at..at, format!(" DEFAULT {}", default_text(default))));
            }
            _ => {}
        }
    }

    /// A column goes.
    pub(crate) fn drop_column(&mut self, column: &str) {
        self.dropped.push(column.to_owned());
    }

    /// A column comes, after all the others.
    pub(crate) fn add_column(&mut self, definition: &str) {
        self.columns.push_str(", ");
        self.columns.push_str(definition);
    }

    /// A constraint of the table comes, after all the others.
    pub(crate) fn add_constraint(&mut self, definition: &str) {
        self.constraints.push_str(", ");
        self.constraints.push_str(definition);
    }

    /// The text with all edits made.
    pub(crate) fn text(mut self) -> String {
        self.cut_columns();
        let end = self.table.columns.last().map_or(self.table.close, |column| column.span.end);
        if !self.columns.is_empty() {
            self.list.push((end..end, std::mem::take(&mut self.columns)));
        }
        if !self.constraints.is_empty() {
            let at = self.table.constraints.last().map_or(end, |constraint| constraint.span.end);
            self.list.push((at..at, std::mem::take(&mut self.constraints)));
        }
        // A stable order: insertions at one place stay in the order in which they were asked for.
        self.list.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(self.table.sql.len() + 64);
        let mut at = 0;
        for (range, text) in &self.list {
            if range.start < at {
                continue; // inside a column that goes
            }
            out.push_str(&self.table.sql[at..range.start]);
            out.push_str(text);
            at = range.end;
        }
        out.push_str(&self.table.sql[at..]);
        out
    }

    /// A column goes with the comma after it; the last ones with the comma before them.
    fn cut_columns(&mut self) {
        let columns = &self.table.columns;
        let gone = |column: &ColumnText| self.dropped.iter().any(|name| name.eq_ignore_ascii_case(&column.name));
        let last_kept = columns.iter().rposition(|column| !gone(column));
        let mut cuts = Vec::new();
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| gone(column)) {
            match last_kept {
                Some(kept) if at < kept => cuts.push(column.span.start..columns[at + 1].span.start),
                _ => cuts.push(columns[at.saturating_sub(1)].span.end..column.span.end),
            }
        }
        self.list.extend(cuts.into_iter().map(|range| (range, String::new())));
    }

    fn find(&self, column: &str) -> Option<&'a ColumnText> {
        self.table.column(column)
    }

    fn cut(&mut self, constraint: &ConstraintText) {
        let before = self.table.sql[..constraint.span.start].trim_end().len();
        self.list.push((before..constraint.span.end, String::new()));
    }
}

/// A default as it may stand after `DEFAULT`: a literal as it is, anything else in parentheses.
pub(crate) fn default_text(default: &str) -> String {
    let bare = default.trim();
    if is_literal(bare) || bare.starts_with('(') && bare.ends_with(')') && super::table::parts(bare).len() == 1 {
        bare.to_owned()
    } else {
        format!("({bare})")
    }
}

/// It is one literal, or one word such as `NULL` or `CURRENT_TIMESTAMP`.
fn is_literal(text: &str) -> bool {
    use super::token::Kind;
    let tokens = super::token::tokens(text);
    let rest = match tokens.first() {
        Some(sign) if sign.sign('-') || sign.sign('+') => &tokens[1..],
        _ => &tokens[..],
    };
    match rest {
        [one] => {
            matches!(one.kind, Kind::Text | Kind::Number)
                || ["NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"].iter().any(|word| one.is(word))
        }
        _ => false,
    }
}

/// It is a literal whose value is always the same.
pub(crate) fn is_constant(text: &str) -> bool {
    let bare = text.trim();
    let bare = bare.strip_prefix('(').and_then(|t| t.strip_suffix(')')).map_or(bare, str::trim);
    is_literal(bare) && !bare.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("CURRENT_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, edit: impl FnOnce(&mut Edits<'_>), expect: &str) {
        let table = TableText::parse(sql).expect("readable");
        let mut edits = Edits::new(&table);
        edit(&mut edits);
        assert_eq!(edits.text(), expect);
    }

    #[test]
    fn only_what_is_asked_changes() {
        let sql = "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- the key\n  a TEXT NOT NULL,\n  b INT DEFAULT 5,\n  CHECK (b > 0)\n)";
        check(sql, |_| {}, sql);
        check(sql, |e| e.relax("a"), &sql.replace(" NOT NULL", ""));
        check(sql, |e| e.not_null("b"), &sql.replace("b INT", "b INT NOT NULL"));
        check(sql, |e| e.set_type("a", "BLOB"), &sql.replace("a TEXT", "a BLOB"));
        check(sql, |e| e.drop_column("a"), &sql.replace("a TEXT NOT NULL,\n  ", ""));
        check(sql, |e| e.drop_column("b"), &sql.replace(",\n  b INT DEFAULT 5", ""));
        check(sql, |e| e.add_column("\"c\" TEXT"), &sql.replace("DEFAULT 5", "DEFAULT 5, \"c\" TEXT"));
        check(sql, |e| e.add_constraint("CHECK (1)"), &sql.replace("(b > 0)", "(b > 0), CHECK (1)"));
        check(sql, |e| e.set_default("b", None), &sql.replace(" DEFAULT 5", ""));
        check(sql, |e| e.set_default("a", Some("x || y")), &sql.replace("a TEXT NOT NULL", "a TEXT NOT NULL DEFAULT (x || y)"));
        check(sql, |e| e.rename("n\""), &sql.replace("TABLE t", "TABLE \"n\"\"\""));
    }

    #[test]
    fn all_together() {
        check(
            "CREATE TABLE t(a, b, c)",
            |e| {
                e.drop_column("b");
                e.drop_column("c");
                e.add_column("d");
                e.set_type("a", "INT");
            },
            "CREATE TABLE t(a INT, d)",
        );
    }

    #[test]
    fn constants_are_known() {
        assert!(is_constant("-1") && is_constant("('x')") && is_constant("null"));
        assert!(!is_constant("CURRENT_TIMESTAMP") && !is_constant("(a + 1)") && !is_constant("random()"));
    }
}
