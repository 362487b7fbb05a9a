//! Names of database objects, as data: never quoted here, never trusted.
//!
//! A name may hold anything that a server accepts: quotes, semicolons, emoji, newlines. Quoting is the work of
//! one door, `segue_engine::quote`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A table's name with its schema, both exactly as the catalog stores them.
///
/// `schema` is empty where the engine has no schemas (SQLite) or until the planner has resolved it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableName {
    /// The schema; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// The table's own name.
    pub name: String,
}

/// Why a text is not a table's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The text is empty, or one of its parts is.
    #[error("an empty name")]
    Empty,
    /// A `"` was opened and not closed, or text follows a closed one.
    #[error("a quotation mark that does not close")]
    Quote,
    /// More than two parts.
    #[error("more than two parts: write \"schema\".\"table\"")]
    Parts,
    /// A NUL character, which no server stores in a name.
    #[error("a NUL character")]
    Nul,
}

impl TableName {
    /// A name in a schema.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// A name without a schema.
    pub fn bare(name: impl Into<String>) -> Self {
        Self { schema: String::new(), name: name.into() }
    }

    /// Reads `table`, `schema.table` or `schema."ta.ble"`. Case is kept as written, quoted or not.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.contains('\0') {
            return Err(NameError::Nul);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (part, after) = read_part(rest)?;
            parts.push(part);
            match after.strip_prefix('.') {
                Some(next) => rest = next,
                None if after.is_empty() => break,
                None => return Err(NameError::Quote),
            }
        }
        if parts.iter().any(String::is_empty) {
            return Err(NameError::Empty);
        }
        match parts.len() {
            1 => Ok(Self::bare(parts.remove(0))),
            2 => {
                let schema = parts.remove(0);
                Ok(Self::new(schema, parts.remove(0)))
            }
            _ => Err(NameError::Parts),
        }
    }
}

fn read_part(text: &str) -> Result<(String, &str), NameError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find('.').unwrap_or(text.len());
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            name.push(c);
        } else if quoted[at + 1..].starts_with('"') {
            name.push('"');
            chars.next();
        } else {
            return Ok((name, &quoted[at + 1..]));
        }
    }
    Err(NameError::Quote)
}

impl fmt::Display for TableName {
    /// For people: quoted only where reading it back would otherwise give another name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |name: &str| {
            if name.contains(['.', '"', ' ']) || name.chars().any(char::is_control) {
                format!("\"{}\"", name.replace('"', "\"\""))
            } else {
                name.to_owned()
            }
        };
        if self.schema.is_empty() { f.write_str(&part(&self.name)) } else { write!(f, "{}.{}", part(&self.schema), part(&self.name)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<(&str, &str), NameError>) {
        assert_eq!(TableName::parse(text), expect.map(|(schema, name)| TableName::new(schema, name)), "{text}");
    }

    #[test]
    fn names_are_read_as_written() {
        check("users", Ok(("", "users")));
        check("Shop.Users", Ok(("Shop", "Users")));
        check(r#"shop."na.me""#, Ok(("shop", "na.me")));
        check(r#""a""b".c"#, Ok((r#"a"b"#, "c")));
        check("a;--😀", Ok(("", "a;--😀")));
        check("", Err(NameError::Empty));
        check("a.", Err(NameError::Empty));
        check(r#""a"#, Err(NameError::Quote));
        check(r#""a"b"#, Err(NameError::Quote));
        check("a.b.c", Err(NameError::Parts));
        check("a\0", Err(NameError::Nul));
    }

    #[test]
    fn what_is_shown_reads_back() {
        for name in [TableName::new("s.x", "t\"q"), TableName::bare("a b"), TableName::new("a", "b;--")] {
            assert_eq!(TableName::parse(&name.to_string()).expect("reads back"), name);
        }
    }
}
