//! Expressions: their text in one form, what they name, and whether they give another value for each row.
//!
//! Nothing is evaluated. A function that is not known is volatile, as PostgreSQL takes one that does not say otherwise
//! (<https://www.postgresql.org/docs/current/xfunc-volatility.html>). Tests: below, and the lock oracle.

use std::collections::BTreeMap;

use super::cursor::{Cursor, quote};
use super::token::{Kind, Token};

/// Keywords that PostgreSQL writes in capitals when it shows an expression.
const CAPITALS: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "null",
    "case",
    "when",
    "then",
    "else",
    "end",
    "in",
    "between",
    "like",
    "ilike",
    "similar",
    "to",
    "any",
    "all",
    "some",
    "distinct",
    "from",
    "array",
    "collate",
    "current_date",
    "current_timestamp",
    "current_time",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "exists",
    "select",
    "where",
    "asc",
    "desc",
    "nulls",
    "first",
    "last",
    "row",
    "interval",
    "at",
    "zone",
    "escape",
    "unknown",
    "as",
    "cast",
    "extract",
    "values",
    "with",
    "without",
];

/// Words that call no function though a parenthesis follows.
const NOT_CALLS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "any",
    "all",
    "some",
    "case",
    "when",
    "then",
    "else",
    "between",
    "like",
    "is",
    "exists",
    "select",
    "values",
    "array",
    "row",
    "from",
    "where",
    "as",
    "on",
    "using",
    "check",
    "numeric",
    "decimal",
    "varchar",
    "char",
    "character",
    "varying",
    "timestamp",
    "time",
    "interval",
    "bit",
    "distinct",
    "precision",
    "timestamptz",
    "default",
    "filter",
    "over",
];

/// Functions of PostgreSQL 10 to 18 that give another value each time (`provolatile = 'v'`) and are used as defaults.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "random",
    "random_normal",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
    "currval",
    "pg_backend_pid_random",
    "gen_random_bytes",
    "gen_salt",
];

/// Functions that are immutable or stable (`provolatile` in `i`, `s`): one value for the whole statement.
const STEADY: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "lower",
    "upper",
    "initcap",
    "concat",
    "concat_ws",
    "format",
    "to_char",
    "to_date",
    "to_timestamp",
    "to_number",
    "to_json",
    "to_jsonb",
    "make_date",
    "make_time",
    "make_timestamp",
    "make_interval",
    "jsonb_build_object",
    "jsonb_build_array",
    "json_build_object",
    "json_build_array",
    "date_trunc",
    "date_part",
    "extract",
    "age",
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "length",
    "char_length",
    "md5",
    "sha256",
    "encode",
    "decode",
    "substring",
    "substr",
    "trim",
    "btrim",
    "ltrim",
    "rtrim",
    "replace",
    "repeat",
    "left",
    "right",
    "abs",
    "ceil",
    "floor",
    "round",
    "trunc",
    "mod",
    "power",
    "sqrt",
    "array_length",
    "array_fill",
    "cardinality",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "timezone",
    "to_tsvector",
    "regexp_replace",
    "split_part",
    "position",
    "hashtext",
    "digest",
    "point",
    "box",
    "inet",
    "row",
    "cast",
    "txid_current",
    "pg_current_xact_id",
    "current_schema",
    "current_user",
    "version",
    "date",
    "text",
    "int4",
    "int8",
    "float8",
    "bool",
    "json",
    "jsonb",
    "uuid_nil",
    "empty_range",
    "setweight",
    "overlay",
    "strpos",
    "lpad",
    "rpad",
    "quote_literal",
    "quote_ident",
    "justify_hours",
    "jsonb_set",
    "array_append",
];

/// Whether a value changes from row to row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volatility {
    /// One value for the whole statement.
    Steady,
    /// Another value for each row.
    Volatile,
    /// A function that is not known: taken as volatile.
    Unknown,
}

/// What a script or schema says of its own functions, by bare name.
pub(crate) type Functions = BTreeMap<String, Volatility>;

/// The most volatile function that the expression calls, with its name.
pub(crate) fn volatility(expression: Cursor<'_>, own: &Functions) -> (Volatility, Option<String>) {
    let mut worst = (Volatility::Steady, None);
    for name in calls(expression) {
        let found = if VOLATILE.contains(&name.as_str()) {
            Volatility::Volatile
        } else if let Some(own) = own.get(&name) {
            *own
        } else if STEADY.contains(&name.as_str()) {
            Volatility::Steady
        } else {
            Volatility::Unknown
        };
        let rank = |volatility| match volatility {
            Volatility::Steady => 0,
            Volatility::Unknown => 1,
            Volatility::Volatile => 2,
        };
        if rank(found) > rank(worst.0) {
            worst = (found, Some(name));
        }
    }
    worst
}

/// The bare names of the functions that are called.
pub(crate) fn calls(expression: Cursor<'_>) -> Vec<String> {
    let tokens = expression.rest();
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let opens = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Symbol && expression.slice(*next) == "(");
        let cast = at > 0 && tokens.get(at - 1).is_some_and(|before| expression.slice(*before) == "::");
        if opens && !cast && matches!(token.kind, Kind::Word | Kind::Quoted) {
            let name = Cursor { text: expression.text, tokens: std::slice::from_ref(token), at: 0 }.name().unwrap_or_default();
            if !(token.kind == Kind::Word && NOT_CALLS.contains(&name.as_str())) {
                names.push(name);
            }
        }
    }
    names
}

/// Names that stand in the expression and are no functions: columns perhaps.
pub(crate) fn words(expression: Cursor<'_>) -> Vec<String> {
    let tokens = expression.rest();
    let mut names: Vec<String> = tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| {
            let opens = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Symbol && matches!(expression.slice(*next), "(" | "."));
            matches!(token.kind, Kind::Word | Kind::Quoted) && !opens
        })
        .filter_map(|(_, token)| Cursor { text: expression.text, tokens: std::slice::from_ref(token), at: 0 }.name())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The names in a definition that somebody else read: its tokens are cut again.
pub(crate) fn words_of(definition: &str) -> Vec<String> {
    super::token::cut(definition).map(|script| words(Cursor::new(definition, &script.tokens))).unwrap_or_default()
}

/// The expression in one form: names folded and quoted where they must be, keywords in capitals, single spaces.
pub(crate) fn text(expression: Cursor<'_>) -> String {
    let mut out = String::new();
    let mut before: Option<(Token, String)> = None;
    for token in expression.rest() {
        let raw = expression.slice(*token);
        let shown = match token.kind {
            Kind::Word => {
                let lower = raw.to_lowercase();
                if CAPITALS.contains(&lower.as_str()) { lower.to_uppercase() } else { lower }
            }
            Kind::Quoted => quote(&Cursor { text: expression.text, tokens: std::slice::from_ref(token), at: 0 }.name().unwrap_or_default()),
            _ => raw.to_owned(),
        };
        if let Some((last, last_shown)) = &before {
            let tight = matches!(shown.as_str(), ")" | "," | "." | "::" | "]" | "[")
                || matches!(last_shown.as_str(), "(" | "." | "::" | "[")
                || (shown == "(" && last.kind == Kind::Word && !NOT_CALLS.contains(&last_shown.to_lowercase().as_str()))
                || (shown == "(" && last.kind == Kind::Quoted);
            if !tight {
                out.push(' ');
            }
        }
        out.push_str(&shown);
        before = Some((*token, shown));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::token::cut;
    use super::*;

    fn volatile(text: &str) -> Volatility {
        let script = cut(text).expect("tokens");
        volatility(Cursor::new(text, &script.tokens), &Functions::new()).0
    }

    #[test]
    fn a_default_is_steady_unless_a_function_says_otherwise() {
        for steady in
            ["1", "'a'::text", "now()", "CURRENT_TIMESTAMP", "ARRAY[]::text[]", "lower('A') || 'b'", "'10'::numeric(10,2)", "(1 + 2)"]
        {
            assert_eq!(volatile(steady), Volatility::Steady, "{steady}");
        }
        for wild in ["random()", "gen_random_uuid()", "pg_catalog.random()", "md5(random()::text)", "nextval('s')"] {
            assert_eq!(volatile(wild), Volatility::Volatile, "{wild}");
        }
        assert_eq!(volatile("my_own()"), Volatility::Unknown);
    }

    #[test]
    fn an_expression_has_one_form() {
        let shown = |text: &str| text_of(text);
        assert_eq!(shown("( Price>0 and  NAME  is not null )"), "(price > 0 AND name IS NOT NULL)");
        assert_eq!(shown("Lower( \"Name\" )::TEXT"), "lower(\"Name\")::text");
        assert_eq!(shown("a in (1,2)"), "a IN (1, 2)");
    }

    fn text_of(source: &str) -> String {
        let script = cut(source).expect("tokens");
        text(Cursor::new(source, &script.tokens))
    }
}
