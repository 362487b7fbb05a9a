//! The parts of a `CREATE TABLE` text, each with its place.
//!
//! It reads what SQLite accepted and keeps (also constraints without commas between them). A text that it cannot
//! read is `None`, and the engine then refuses the table by name; it never guesses.

use std::ops::Range;

use super::token::{Kind, Token, closing, tokens};

/// A `CREATE TABLE`, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct TableText {
    /// The text.
    pub(crate) sql: String,
    /// The table's name, as written.
    pub(crate) name: Range<usize>,
    /// The columns in order.
    pub(crate) columns: Vec<ColumnText>,
    /// The table's own constraints in order.
    pub(crate) constraints: Vec<ConstraintText>,
    /// The byte of the `)` that closes the body.
    pub(crate) close: usize,
    /// `WITHOUT ROWID`.
    pub(crate) without_rowid: bool,
    /// `STRICT`.
    pub(crate) strict: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct ColumnText {
    /// Its name without quotes.
    pub(crate) name: String,
    /// From its name to the end of its last constraint.
    pub(crate) span: Range<usize>,
    /// Its type; empty (at the end of the name) when it has none.
    pub(crate) data_type: Range<usize>,
    /// Its constraints in order.
    pub(crate) constraints: Vec<ConstraintText>,
}

/// What a constraint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    PrimaryKey,
    NotNull,
    Null,
    Unique,
    Check,
    Default,
    Collate,
    References,
    ForeignKey,
    Generated,
}

/// A constraint of a column or of the table.
#[derive(Debug, Clone)]
pub(crate) struct ConstraintText {
    /// Its name; empty when it has none.
    pub(crate) name: String,
    /// What it is.
    pub(crate) what: What,
    /// All of it, with `CONSTRAINT name`.
    pub(crate) span: Range<usize>,
    /// The part that says what: an expression without its parentheses, a default, a collation's name, a list.
    pub(crate) body: Range<usize>,
}

impl TableText {
    /// Takes a text apart.
    pub(crate) fn parse(sql: &str) -> Option<Self> {
        Reader { sql, tokens: tokens(sql), at: 0 }.table()
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<&ColumnText> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// A part of the text.
    pub(crate) fn part(&self, range: &Range<usize>) -> &str {
        &self.sql[range.clone()]
    }

    /// Every check, of columns and of the table, as `(name, expression)`.
    pub(crate) fn checks(&self) -> Vec<(String, String)> {
        let columns = self.columns.iter().flat_map(|column| &column.constraints);
        columns
            .chain(&self.constraints)
            .filter(|constraint| constraint.what == What::Check)
            .map(|constraint| (constraint.name.clone(), self.part(&constraint.body).trim().to_owned()))
            .collect()
    }
}

impl ColumnText {
    /// Its first constraint of that kind.
    pub(crate) fn constraint(&self, what: What) -> Option<&ConstraintText> {
        self.constraints.iter().find(|constraint| constraint.what == what)
    }
}

struct Reader<'a> {
    sql: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl Reader<'_> {
    fn table(mut self) -> Option<TableText> {
        self.word("CREATE")?;
        if self.peek("TEMP") || self.peek("TEMPORARY") {
            self.at += 1;
        }
        self.word("TABLE")?;
        let name = self.next()?;
        let name = name.start..name.end;
        let open = self.at;
        if !self.tokens.get(open)?.sign('(') {
            return None;
        }
        let close = closing(&self.tokens, open)?;
        self.at += 1;
        let (mut columns, mut constraints) = (Vec::new(), Vec::new());
        while self.at < close {
            if self.tokens[self.at].sign(',') {
                self.at += 1;
            } else if self.at_table_constraint() {
                constraints.push(self.table_constraint()?);
            } else {
                columns.push(self.column(close)?);
            }
        }
        let options = &self.tokens[close + 1..];
        let without_rowid = options.windows(2).any(|pair| pair[0].is("WITHOUT") && pair[1].is("ROWID"));
        let strict = options.iter().any(|token| token.is("STRICT"));
        let close = self.tokens[close].start;
        Some(TableText { sql: self.sql.to_owned(), name, columns, constraints, close, without_rowid, strict })
    }

    fn column(&mut self, close: usize) -> Option<ColumnText> {
        let name = self.next()?.clone();
        let mut data_type = name.end..name.end;
        while self.at < close && !self.tokens[self.at].sign(',') && !self.at_column_constraint() {
            if data_type.is_empty() {
                data_type.start = self.tokens[self.at].start;
            }
            if self.tokens[self.at].sign('(') {
                self.at = closing(&self.tokens, self.at)?;
            }
            data_type.end = self.tokens[self.at].end;
            self.at += 1;
        }
        let mut constraints = Vec::new();
        while self.at < close && !self.tokens[self.at].sign(',') && !self.at_table_only() {
            constraints.push(self.column_constraint()?);
        }
        let span = name.start..self.tokens[self.at - 1].end;
        Some(ColumnText { name: name.text, span, data_type, constraints })
    }

    fn at_column_constraint(&self) -> bool {
        const STARTS: [&str; 11] =
            ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];
        STARTS.iter().any(|word| self.peek(word))
    }

    fn at_table_constraint(&self) -> bool {
        ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| self.peek(word))
    }

    /// A table constraint that follows a column without a comma can only be told by its own first words.
    fn at_table_only(&self) -> bool {
        let listed = |at: usize| self.tokens.get(at).is_some_and(|token| token.sign('('));
        let from = if self.peek("CONSTRAINT") { self.at + 2 } else { self.at };
        let Some(token) = self.tokens.get(from) else { return false };
        token.is("FOREIGN") || (token.is("UNIQUE") && listed(from + 1)) || (token.is("PRIMARY") && listed(from + 2))
    }

    fn column_constraint(&mut self) -> Option<ConstraintText> {
        let start = self.tokens.get(self.at)?.start;
        let name = self.constraint_name()?;
        let (what, body) = if self.take("PRIMARY") {
            self.word("KEY")?;
            let from = self.at;
            let _ = self.take("ASC") || self.take("DESC");
            self.on_conflict();
            self.take("AUTOINCREMENT");
            (What::PrimaryKey, self.since(from))
        } else if self.take("NOT") {
            self.word("NULL")?;
            let from = self.at;
            self.on_conflict();
            (What::NotNull, self.since(from))
        } else if self.take("NULL") {
            let from = self.at;
            self.on_conflict();
            (What::Null, self.since(from))
        } else if self.take("UNIQUE") {
            let from = self.at;
            self.on_conflict();
            (What::Unique, self.since(from))
        } else if self.take("CHECK") {
            (What::Check, self.parenthesised()?)
        } else if self.take("DEFAULT") {
            (What::Default, self.default()?)
        } else if self.take("COLLATE") {
            let from = self.at;
            self.next()?;
            (What::Collate, self.since(from))
        } else if self.peek("REFERENCES") {
            let from = self.at;
            self.references()?;
            (What::References, self.since(from))
        } else {
            if self.take("GENERATED") {
                self.word("ALWAYS")?;
            }
            self.word("AS")?;
            let body = self.parenthesised()?;
            let _ = self.take("STORED") || self.take("VIRTUAL");
            (What::Generated, body)
        };
        Some(ConstraintText { name, what, span: start..self.tokens[self.at - 1].end, body })
    }

    fn table_constraint(&mut self) -> Option<ConstraintText> {
        let start = self.tokens.get(self.at)?.start;
        let name = self.constraint_name()?;
        let (what, body) = if self.take("PRIMARY") {
            self.word("KEY")?;
            let body = self.parenthesised()?;
            self.on_conflict();
            (What::PrimaryKey, body)
        } else if self.take("UNIQUE") {
            let body = self.parenthesised()?;
            self.on_conflict();
            (What::Unique, body)
        } else if self.take("CHECK") {
            let body = self.parenthesised()?;
            self.on_conflict();
            (What::Check, body)
        } else {
            self.word("FOREIGN")?;
            self.word("KEY")?;
            let body = self.parenthesised()?;
            self.references()?;
            (What::ForeignKey, body)
        };
        Some(ConstraintText { name, what, span: start..self.tokens[self.at - 1].end, body })
    }

    fn constraint_name(&mut self) -> Option<String> {
        if self.take("CONSTRAINT") { Some(self.next()?.text.clone()) } else { Some(String::new()) }
    }

    fn references(&mut self) -> Option<()> {
        self.word("REFERENCES")?;
        self.next()?;
        if self.tokens.get(self.at)?.sign('(') {
            self.parenthesised()?;
        }
        loop {
            if self.take("ON") {
                self.next()?;
                let _ = self.take("SET") || self.take("NO");
                self.next()?;
            } else if self.take("MATCH") {
                self.next()?;
            } else if self.peek("DEFERRABLE") || (self.peek("NOT") && self.tokens.get(self.at + 1)?.is("DEFERRABLE")) {
                self.take("NOT");
                self.at += 1;
                if self.take("INITIALLY") {
                    self.next()?;
                }
            } else {
                return Some(());
            }
        }
    }

    fn default(&mut self) -> Option<Range<usize>> {
        let from = self.at;
        if self.tokens.get(self.at)?.sign('(') {
            self.parenthesised()?;
        } else {
            if self.tokens[self.at].sign('+') || self.tokens[self.at].sign('-') {
                self.at += 1;
            }
            self.next()?;
        }
        Some(self.since(from))
    }

    fn on_conflict(&mut self) {
        if self.peek("ON") && self.tokens.get(self.at + 1).is_some_and(|token| token.is("CONFLICT")) {
            self.at += 3;
        }
    }

    /// The text between the parentheses here; steps over them.
    fn parenthesised(&mut self) -> Option<Range<usize>> {
        if !self.tokens.get(self.at)?.sign('(') {
            return None;
        }
        let close = closing(&self.tokens, self.at)?;
        let body = self.tokens[self.at].end..self.tokens[close].start;
        self.at = close + 1;
        Some(body)
    }

    fn since(&self, from: usize) -> Range<usize> {
        if from == self.at {
            self.tokens[from - 1].end..self.tokens[from - 1].end
        } else {
            self.tokens[from].start..self.tokens[self.at - 1].end
        }
    }

    fn peek(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is(word))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek(word);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.take(word).then_some(())
    }

    fn next(&mut self) -> Option<&Token> {
        self.at += 1;
        self.tokens.get(self.at - 1)
    }
}

/// Names in a list such as `"a", b COLLATE nocase DESC`: the first word of each part.
pub(crate) fn listed_names(list: &str) -> Vec<String> {
    parts(list)
        .into_iter()
        .filter_map(|part| tokens(part).into_iter().next())
        .filter(|token| token.kind != Kind::Sign)
        .map(|token| token.text)
        .collect()
}

/// The parts of a list, cut at commas outside parentheses.
pub(crate) fn parts(list: &str) -> Vec<&str> {
    let (mut depth, mut from, mut out) = (0usize, 0, Vec::new());
    for token in tokens(list) {
        if token.sign('(') {
            depth += 1;
        } else if token.sign(')') {
            depth = depth.saturating_sub(1);
        } else if token.sign(',') && depth == 0 {
            out.push(list[from..token.start].trim());
            from = token.end;
        }
    }
    out.push(list[from..].trim());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_taken_apart() {
        let sql = "CREATE TABLE \"o;--\" (id INTEGER PRIMARY KEY AUTOINCREMENT, a varchar(10, 2) NOT NULL ON CONFLICT FAIL DEFAULT (1+(2)) \
                   CONSTRAINT c1 CHECK (a > ')') , b DEFAULT NULL REFERENCES p(x) ON DELETE SET NULL NOT DEFERRABLE NOT NULL, \
                   c TEXT COLLATE nocase DEFAULT -1, g AS (a||',') STORED CONSTRAINT k UNIQUE (a, b desc) CHECK (1) \
                   FOREIGN KEY (a) REFERENCES p ON UPDATE NO ACTION) STRICT, WITHOUT ROWID";
        let table = TableText::parse(sql).expect("readable");
        assert_eq!(table.part(&table.name), "\"o;--\"");
        assert_eq!(table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["id", "a", "b", "c", "g"]);
        let a = table.column("A").expect("there");
        assert_eq!(table.part(&a.data_type), "varchar(10, 2)");
        assert_eq!(table.part(&a.constraint(What::NotNull).expect("there").span), "NOT NULL ON CONFLICT FAIL");
        assert_eq!(table.part(&a.constraint(What::Default).expect("there").body), "(1+(2))");
        assert_eq!(table.checks(), [("c1".to_owned(), "a > ')'".to_owned()), (String::new(), "1".to_owned())]);
        let b = table.column("b").expect("there");
        assert_eq!(table.part(&b.data_type), "");
        assert!(b.constraint(What::NotNull).is_some());
        assert_eq!(table.part(&table.column("c").expect("there").constraint(What::Default).expect("there").body), "-1");
        assert_eq!(table.part(&table.column("g").expect("there").constraint(What::Generated).expect("there").body), "a||','");
        assert_eq!(table.constraints.iter().map(|c| c.what).collect::<Vec<_>>(), [What::Unique, What::Check, What::ForeignKey]);
        assert_eq!(listed_names(table.part(&table.constraints[0].body)), ["a", "b"]);
        assert!(table.strict && table.without_rowid);
    }

    #[test]
    fn what_is_no_table_is_none() {
        assert!(TableText::parse("CREATE VIRTUAL TABLE f USING fts5(a)").is_none());
        assert!(TableText::parse("CREATE TABLE t (a, ").is_none());
    }
}
