//! Expressions compared as texts: spacing, case, outer brackets and written casts apart. Tests: below.

use super::super::Dialect;
use super::super::scan::{Kind, Words, normal, tokens};

/// The form in which two texts of one expression meet.
pub(crate) fn form(text: &str, dialect: Dialect) -> String {
    let written = if dialect == Dialect::Postgres { without_casts(text) } else { normal(text, dialect) };
    let text = unwrapped(&written);
    let bare = text.trim_end_matches("( )").trim_end();
    match bare {
        "current_timestamp" | "now" | "localtimestamp" if dialect == Dialect::Mysql => "current_timestamp".to_owned(),
        "current_timestamp" | "now" if dialect == Dialect::Postgres => "now".to_owned(),
        _ => text.to_owned(),
    }
}

/// Two expressions say the same.
pub(crate) fn same(old: &str, new: &str, dialect: Dialect) -> bool {
    old == new || form(old, dialect) == form(new, dialect)
}

/// Two optional expressions say the same.
pub(crate) fn same_optional(old: Option<&str>, new: Option<&str>, dialect: Dialect) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => same(old, new, dialect) || literal(old) == literal(new),
        (None, None) => true,
        _ => false,
    }
}

/// `'1'` and `1` are one default: MySQL writes it with quotes, MariaDB without.
fn literal(text: &str) -> &str {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text);
    if inner.parse::<f64>().is_ok() { inner } else { text }
}

/// Without the brackets around the whole, however many, in one pass.
fn unwrapped(text: &str) -> &str {
    let mut words: Vec<&str> = text.split(' ').collect();
    let opened = words.iter().take_while(|word| **word == "(").count();
    let closed = words.iter().rev().take_while(|word| **word == ")").count();
    let mut depth = i64::try_from(opened).unwrap_or(0);
    let mut least = depth;
    let middle = words.len().saturating_sub(closed);
    for word in words.drain(..).take(middle).skip(opened) {
        match word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        least = least.min(depth);
    }
    let pairs = usize::try_from(least).unwrap_or(0).min(opened).min(closed);
    text.get(2 * pairs..text.len().saturating_sub(2 * pairs)).unwrap_or(text)
}

/// The normal form without `::type`, which the server writes where nobody did.
fn without_casts(text: &str) -> String {
    let (tokens, _) = tokens(text, Dialect::Postgres);
    let mut words = Words::new(text, Dialect::Postgres, &tokens);
    let mut kept = Vec::with_capacity(tokens.len());
    while let Some(token) = words.peek(0) {
        if words.is_sign(":") && words.text_at(1) == ":" {
            words.skip();
            words.skip();
            let _ = words.take("character varying")
                || words.take("double precision")
                || words.take("timestamp with time zone")
                || words.take("timestamp without time zone")
                || words.take("time without time zone")
                || words.take("time with time zone")
                || words.qualified().is_some();
            if words.is_sign("(") {
                words.group();
            }
            if words.is_sign("[") {
                words.skip();
                words.skip();
            }
            continue;
        }
        kept.push(*token);
        words.skip();
    }
    let shown = Words::new(text, Dialect::Postgres, &kept).normal();
    // `( 'a' )` was `('a')::text`.
    let mut out = String::with_capacity(shown.len());
    let parts: Vec<&str> = shown.split(' ').collect();
    let mut at = 0;
    while at < parts.len() {
        let single = parts[at] == "(" && parts.get(at + 2) == Some(&")") && at.checked_sub(1).is_none_or(|before| !is_name(parts[before]));
        if !out.is_empty() {
            out.push(' ');
        }
        if single {
            out.push_str(parts[at + 1]);
            at += 3;
        } else {
            out.push_str(parts[at]);
            at += 1;
        }
    }
    out
}

fn is_name(part: &str) -> bool {
    part.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"') && !["and", "or", "not", "like", "is"].contains(&part)
}

/// The columns behind REFERENCES in a foreign key's text.
pub(crate) fn referred_columns(definition: &str, dialect: Dialect) -> Vec<String> {
    let (tokens, _) = tokens(definition, dialect);
    let mut words = Words::new(definition, dialect, &tokens);
    while !words.done() && !words.is("references") {
        words.skip();
    }
    words.skip();
    words.qualified();
    words.names()
}

/// What a foreign key does to an application: `(on delete, on update)`, `no action` where nothing is said.
pub(crate) fn actions(definition: &str, dialect: Dialect) -> (String, String) {
    // To an application both refuse; MySQL knows no difference at all.
    let folded = |action: String| if action == "restrict" { "no action".to_owned() } else { action };
    let (delete, update) = written_actions(definition, dialect);
    (folded(delete), folded(update))
}

/// The same as it is written.
pub(crate) fn written_actions(definition: &str, dialect: Dialect) -> (String, String) {
    let (tokens, _) = tokens(definition, dialect);
    let mut words = Words::new(definition, dialect, &tokens);
    let (mut delete, mut update) = ("no action".to_owned(), "no action".to_owned());
    while !words.done() {
        let which = if words.take("on delete") {
            Some(&mut delete)
        } else if words.take("on update") {
            Some(&mut update)
        } else {
            words.skip();
            None
        };
        if let Some(which) = which {
            for action in ["cascade", "set null", "set default", "restrict", "no action"] {
                if words.take(action) {
                    action.clone_into(which);
                    break;
                }
            }
        }
    }
    (delete, update)
}

/// A literal text, as written between quotes; `None` for anything else.
pub(crate) fn text_literals(text: &str, dialect: Dialect) -> Vec<String> {
    let (tokens, _) = tokens(text, dialect);
    let words = Words::new(text, dialect, &tokens);
    tokens.iter().filter(|token| token.kind == Kind::Text).map(|token| words.bare(token)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_expression_meet() {
        assert!(same("((price > 0))", "price>0", Dialect::Sqlite));
        assert!(same("'x'::character varying(20)", "'x'", Dialect::Postgres));
        assert!(same("((status)::text = 'a'::text)", "status = 'a'", Dialect::Postgres));
        assert!(same("CURRENT_TIMESTAMP", "current_timestamp()", Dialect::Mysql));
        assert!(!same("(a) + (b)", "a) + (b", Dialect::Sqlite));
        assert!(same_optional(Some("'0'"), Some("0"), Dialect::Mysql));
        assert!(!same_optional(Some("'a'"), Some("a"), Dialect::Mysql));
        assert_eq!(
            actions("foreign key (a) references b (c) on update cascade on delete restrict", Dialect::Mysql),
            ("no action".to_owned(), "cascade".to_owned())
        );
    }
}
