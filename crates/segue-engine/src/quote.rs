//! The one door through which names and text literals enter SQL.
//!
//! Standard SQL quoting, which PostgreSQL and SQLite share: a name stands between `"`, each `"` in it doubled;
//! a text between `'`, each `'` doubled. MySQL and MariaDB take backticks for names in every `sql_mode`. No other
//! code of Segue puts a quotation mark around anything.

use segue_model::ident::TableName;

/// A name, quoted always.
///
/// # Panics
/// On a NUL character, which no server stores in a name and which would cut the statement short.
pub fn name(name: &str) -> String {
    assert!(!name.contains('\0'), "a name with a NUL character reached the quoting door");
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table's name with its schema, if it has one.
pub fn table(table: &TableName) -> String {
    if table.schema.is_empty() { name(&table.name) } else { format!("{}.{}", name(&table.schema), name(&table.name)) }
}

/// Names, quoted, with commas between.
pub fn names<'a>(list: impl IntoIterator<Item = &'a str>) -> String {
    list.into_iter().map(name).collect::<Vec<_>>().join(", ")
}

/// A text literal. On PostgreSQL it relies on `standard_conforming_strings`, which each session of ours sets.
///
/// # Panics
/// On a NUL character.
pub fn text(text: &str) -> String {
    assert!(!text.contains('\0'), "a text with a NUL character reached the quoting door");
    format!("'{}'", text.replace('\'', "''"))
}

/// A name between backticks, each of its own doubled, as MySQL and MariaDB take it in every `sql_mode`.
///
/// # Panics
/// On a NUL character.
pub fn backtick(name: &str) -> String {
    assert!(!name.contains('\0'), "a name with a NUL character reached the quoting door");
    format!("`{}`", name.replace('`', "``"))
}

/// A table's name with its database, if it has one, between backticks.
pub fn backtick_table(table: &TableName) -> String {
    if table.schema.is_empty() { backtick(&table.name) } else { format!("{}.{}", backtick(&table.schema), backtick(&table.name)) }
}

/// A text literal that MySQL and MariaDB read back as it is while `NO_BACKSLASH_ESCAPES` is off.
///
/// # Panics
/// On a NUL character.
pub fn backslash_text(text: &str) -> String {
    assert!(!text.contains('\0'), "a text with a NUL character reached the quoting door");
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_names() {
        assert_eq!(name("users"), "\"users\"");
        assert_eq!(name("a\"; drop table b;--"), "\"a\"\"; drop table b;--\"");
        assert_eq!(table(&TableName::new("s\"", "t.😀")), "\"s\"\"\".\"t.😀\"");
        assert_eq!(text("it's"), "'it''s'");
        assert_eq!(backtick("a`; drop table b;--"), "`a``; drop table b;--`");
        assert_eq!(backtick_table(&TableName::new("s`", "t.\"😀")), "`s```.`t.\"😀`");
        assert_eq!(backslash_text("it's \\' 1"), "'it''s \\\\'' 1'");
    }
}
