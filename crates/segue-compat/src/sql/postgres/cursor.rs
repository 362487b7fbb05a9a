//! A cursor over one statement's tokens.
//!
//! Everything that reads a statement goes through it, so that names are folded and unquoted in one place. It never goes
//! beyond its tokens and never recurses. Tests: those of its users.

use segue_model::ident::TableName;

use super::token::{Kind, Token};

/// The tokens of one statement, and how far they were read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
    pub(crate) at: usize,
}

/// A name as written: the schema may be missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Name {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl Name {
    pub(crate) fn in_schema(&self, default: &str) -> TableName {
        TableName::new(self.schema.clone().unwrap_or_else(|| default.to_owned()), self.name.clone())
    }
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens, at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(crate) fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(crate) fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    /// The word that is `ahead` tokens further, in lower case; empty when there is none.
    pub(crate) fn word_at(&self, ahead: usize) -> String {
        match self.tokens.get(self.at + ahead) {
            Some(token) if token.kind == Kind::Word => self.slice(*token).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Word && self.slice(token).eq_ignore_ascii_case(word))
    }

    /// Takes a keyword.
    pub(crate) fn word(&mut self, word: &str) -> bool {
        let there = self.is(word);
        if there {
            self.at += 1;
        }
        there
    }

    /// Takes keywords one after the other, all or none: `"if not exists"`.
    pub(crate) fn words(&mut self, words: &str) -> bool {
        let from = self.at;
        for word in words.split(' ') {
            if !self.word(word) {
                self.at = from;
                return false;
            }
        }
        true
    }

    pub(crate) fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Symbol && self.slice(token) == symbol)
    }

    pub(crate) fn symbol(&mut self, symbol: &str) -> bool {
        let there = self.is_symbol(symbol);
        if there {
            self.at += 1;
        }
        there
    }

    /// Takes a name: folded, or as quoted.
    pub(crate) fn name(&mut self) -> Option<String> {
        let token = self.peek()?;
        let text = self.slice(token);
        let name = match token.kind {
            Kind::Word => text.to_lowercase(),
            Kind::Quoted => unquote(text, '"'),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    /// Takes `name`, `schema.name` or `database.schema.name`.
    pub(crate) fn qualified(&mut self) -> Option<Name> {
        let mut parts = vec![self.name()?];
        while self.is_symbol(".") && parts.len() < 3 {
            self.at += 1;
            parts.push(self.name()?);
        }
        let name = parts.pop()?;
        Some(Name { schema: parts.pop(), name })
    }

    /// Takes a text constant and says its value; escapes of `E''` are kept as written.
    pub(crate) fn string(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| token.kind == Kind::Text)?;
        self.at += 1;
        Some(unquote_text(self.slice(token)))
    }

    /// Takes a number or a word or a text: the value of an option.
    pub(crate) fn value(&mut self) -> Option<String> {
        let token = self.peek()?;
        match token.kind {
            Kind::Text => self.string(),
            Kind::Quoted => self.name(),
            Kind::Word | Kind::Number => {
                self.at += 1;
                Some(self.slice(token).to_ascii_lowercase())
            }
            _ => None,
        }
    }

    /// Takes `( … )` and gives what stands inside.
    pub(crate) fn parens(&mut self) -> Option<Cursor<'a>> {
        if !self.is_symbol("(") {
            return None;
        }
        let end = self.group_end();
        let inner = Cursor { text: self.text, tokens: self.tokens.get(self.at + 1..end)?, at: 0 };
        self.at = (end + 1).min(self.tokens.len());
        Some(inner)
    }

    /// The index of the token that closes the group which begins here.
    fn group_end(&self) -> usize {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(self.at) {
            if token.kind == Kind::Symbol {
                match self.slice(*token) {
                    "(" | "[" => depth += 1,
                    ")" | "]" => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return at;
                        }
                    }
                    _ => {}
                }
            }
        }
        self.tokens.len()
    }

    /// Takes everything up to one of these words or symbols outside parentheses.
    pub(crate) fn until(&mut self, stops: &[&str]) -> Cursor<'a> {
        let from = self.at;
        while let Some(token) = self.peek() {
            let text = self.slice(token);
            let can_stop = matches!(token.kind, Kind::Word | Kind::Symbol);
            if can_stop && stops.iter().any(|stop| text.eq_ignore_ascii_case(stop)) {
                break;
            }
            if token.kind == Kind::Symbol && matches!(text, "(" | "[") {
                self.at = self.group_end();
            }
            self.at += 1;
        }
        self.at = self.at.min(self.tokens.len());
        Cursor { text: self.text, tokens: self.tokens.get(from..self.at).unwrap_or(&[]), at: 0 }
    }

    /// The parts between commas outside parentheses.
    pub(crate) fn items(mut self) -> Vec<Cursor<'a>> {
        let mut items = Vec::new();
        while !self.done() {
            items.push(self.until(&[","]));
            self.symbol(",");
        }
        items
    }

    /// Names between commas: `(a, "B")`.
    pub(crate) fn names(self) -> Vec<String> {
        self.items().into_iter().filter_map(|mut item| item.name()).collect()
    }

    /// The rest of the tokens.
    pub(crate) fn rest(&self) -> &'a [Token] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    /// Somewhere outside texts this word stands.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        self.rest().iter().any(|token| token.kind == Kind::Word && self.slice(*token).eq_ignore_ascii_case(word))
    }

    /// The bytes of the rest.
    pub(crate) fn bytes(&self) -> (usize, usize) {
        let rest = self.rest();
        (rest.first().map_or(0, |token| token.start), rest.last().map_or(0, |token| token.end))
    }

    /// The rest as it is written.
    pub(crate) fn source(&self) -> &'a str {
        let (start, end) = self.bytes();
        self.text.get(start..end).unwrap_or("")
    }
}

/// A name or text without its quotes.
fn unquote(text: &str, quote: char) -> String {
    let inner = text.find(quote).map_or("", |at| &text[at + 1..]);
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

fn unquote_text(text: &str) -> String {
    if let Some(rest) = text.strip_prefix('$') {
        let mark = rest.find('$').map_or(1, |at| at + 2);
        return text.get(mark..text.len().saturating_sub(mark)).unwrap_or("").to_owned();
    }
    unquote(text, '\'')
}

/// A name as SQL writes it: quoted where it must be.
pub(crate) fn quote(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c == '_' || c.is_ascii_lowercase())
        && chars.all(|c| c == '_' || c == '$' || c.is_ascii_lowercase() || c.is_ascii_digit())
        && !RESERVED.contains(&name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Words that PostgreSQL does not take as a bare column or table name (its appendix of SQL key words), and those that it
/// quotes itself because a bare one could be read as a type or function.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
];
