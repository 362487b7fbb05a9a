//! Scripts as database clients read them: statements of a MySQL script with `DELIMITER`, and the `COPY` blocks of a
//! PostgreSQL dump.
//!
//! For data of tests only: it knows what those files contain, not all of the languages.

/// The statements of a script, without those that choose or make a database.
pub fn statements(script: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut delimiter, mut statement) = (";".to_owned(), String::new());
    let mut quote: Option<char> = None;
    for line in script.lines() {
        if quote.is_none() && statement.trim().is_empty() {
            if let Some(new) = line.trim().strip_prefix("DELIMITER ") {
                new.trim().clone_into(&mut delimiter);
                continue;
            }
            if line.trim_start().starts_with("--") || line.starts_with('\\') {
                continue;
            }
        }
        let mut rest = line;
        while !rest.is_empty() {
            if quote.is_none() && rest.starts_with("-- ") {
                break;
            }
            if quote.is_none() && rest.starts_with(&delimiter) {
                out.push(std::mem::take(&mut statement));
                rest = &rest[delimiter.len()..];
                continue;
            }
            let c = rest.chars().next().expect("not empty");
            let mut taken = c.len_utf8();
            match quote {
                Some(_) if c == '\\' => taken += rest[1..].chars().next().map_or(0, char::len_utf8),
                Some(mark) if c == mark => quote = None,
                None if c == '\'' || c == '"' || c == '`' => quote = Some(c),
                _ => {}
            }
            statement.push_str(&rest[..taken]);
            rest = &rest[taken..];
        }
        statement.push('\n');
    }
    out.push(statement);
    let of_database = |text: &str| {
        let upper = text.trim_start().to_uppercase();
        ["CREATE DATABASE", "DROP DATABASE", "CREATE SCHEMA SAKILA", "DROP SCHEMA IF EXISTS SAKILA", "USE "]
            .iter()
            .any(|word| upper.starts_with(word))
    };
    out.into_iter().map(|text| without_head(&text)).filter(|text| !text.trim().is_empty() && !of_database(text)).collect()
}

/// A comment before a statement hides what it is.
fn without_head(text: &str) -> String {
    let mut rest = text.trim();
    while rest.starts_with("/*") && !rest.starts_with("/*!") {
        rest = rest.split_once("*/").map_or("", |(_, after)| after).trim_start();
    }
    rest.to_owned()
}

/// A part of a PostgreSQL dump.
#[derive(Debug)]
pub(super) enum Part {
    /// Statements.
    Sql(String),
    /// A `COPY` with its lines.
    Copy(String, String),
}

/// The parts of a dump, in order. `standard_conforming_strings` stays as the dump sets it.
pub(super) fn parts(dump: &str) -> Vec<Part> {
    let mut out = Vec::new();
    let mut sql = String::new();
    let mut lines = dump.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("COPY ") {
            out.push(Part::Sql(std::mem::take(&mut sql)));
            let rows: Vec<_> = lines.by_ref().take_while(|line| *line != "\\.").map(|line| format!("{line}\n")).collect();
            out.push(Part::Copy(line.trim_end_matches(';').to_owned(), rows.concat()));
        } else if !line.starts_with('\\') && !line.starts_with("DROP DATABASE") && !line.starts_with("CREATE DATABASE") {
            sql.push_str(line);
            sql.push('\n');
        }
    }
    out.push(Part::Sql(sql));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_falls_into_its_statements() {
        let script = "-- head; not one\nUSE `x`;\n/* a */\nINSERT INTO a VALUES ('x;\\'y', \"z;\"); SELECT 1;\n\
                      DELIMITER ;;\nCREATE TRIGGER t BEGIN\n  SELECT 1;\nEND;;\nDELIMITER ;\nSELECT 2";
        let found = statements(script);
        let shown: Vec<_> = found.iter().map(|text| text.trim()).collect();
        assert_eq!(shown, ["INSERT INTO a VALUES ('x;\\'y', \"z;\")", "SELECT 1", "CREATE TRIGGER t BEGIN\n  SELECT 1;\nEND", "SELECT 2"]);
    }
}
