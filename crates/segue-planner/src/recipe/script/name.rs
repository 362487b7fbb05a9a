//! Names of tables and columns inside rendered SQL: always quoted, or not rendered at all.
//!
//! These texts are read by people before anybody runs them; a name with a control character is refused, so that a line
//! never shows something else than it does. Tests: below.

use segue_model::ident::TableName;

/// The name quoted for a dialect; `None` where it holds what a reader could not see.
pub(crate) fn quoted(dialect: &str, name: &str) -> Option<String> {
    if name.is_empty()
        || name.chars().any(|c| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    {
        return None;
    }
    let mark = if dialect == "mysql" { '`' } else { '"' };
    let doubled: String = [mark, mark].iter().collect();
    Some(format!("{mark}{}{mark}", name.replace(mark, &doubled)))
}

/// A table's name with its schema, quoted.
pub(crate) fn table(dialect: &str, name: &str) -> Option<String> {
    let parsed = TableName::parse(name).ok()?;
    let bare = quoted(dialect, &parsed.name)?;
    if parsed.schema.is_empty() { Some(bare) } else { Some(format!("{}.{bare}", quoted(dialect, &parsed.schema)?)) }
}

/// A text inside single quotes of SQL; `None` for what a dialect could read as an escape.
pub(crate) fn text(value: &str) -> Option<String> {
    (!value.contains(['\\', '\0', '\n', '\r'])).then(|| format!("'{}'", value.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_or_refused() {
        assert_eq!(quoted("mysql", "a`b").as_deref(), Some("`a``b`"));
        assert_eq!(quoted("postgres", "a\"b").as_deref(), Some("\"a\"\"b\""));
        assert_eq!(quoted("postgres", "a\nb"), None);
        assert_eq!(quoted("postgres", "a\u{202e}b"), None);
        assert_eq!(table("mysql", "shop.orders").as_deref(), Some("`shop`.`orders`"));
        assert_eq!(table("sqlite", "orders").as_deref(), Some("\"orders\""));
        assert_eq!(text("it's").as_deref(), Some("'it''s'"));
        assert_eq!(text("a\\"), None);
    }
}
