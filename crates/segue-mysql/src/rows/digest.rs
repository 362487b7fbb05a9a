//! Chunk hashes by the server.
//!
//! A row is the text `N` for NULL, else `<octets>:<text>`, of each column joined, and of that the MD5; a chunk is the
//! MD5 of its rows' MD5s, joined in ascending order. The joined text is never cut without a word: its length is
//! compared with the number of rows by the same statement. A class has a text only where two values of it that are not
//! the same have two texts; what has none is not hashed by the server. Tests: below, and `tests/it/digest.rs`.

use segue_engine::rows::{ChunkDigest, Class, Read};
use segue_engine::{EngineError, ErrorKind, quote};

use super::condition::Piece;
use super::describe::Described;
use super::native::Form;
use super::reader::Lease;
use super::select;

/// What the statement says instead of a hash when the joined text was cut, or a row had no text.
const INCOMPLETE: &str = "incomplete";

/// The server's hash of a chunk. Fails with `SG-MY-025` where it has more rows than the server joins.
pub(super) async fn ask(lease: &mut Lease, read: &Read, table: &Described) -> Result<Option<ChunkDigest>, EngineError> {
    let mut texts = Vec::with_capacity(read.columns.len());
    for column in &read.columns {
        let Some(form) = select::form(column, table)? else { return Ok(None) };
        let name = quote::backtick(&column.name);
        match text(&name, &column.class, form) {
            Some(text) => texts.push(field(&name, &text)),
            None => return Ok(None),
        }
    }
    let condition = select::condition(read, table)?;
    let sql = statement(&texts, &format!("{}{}", select::place(read, table), condition.sql));
    let answer = lease.ask(Piece { sql, parameters: condition.parameters }).await?;
    let row = answer.first().ok_or_else(incomplete)?;
    let (rows, hash) = (row.number(0).ok_or_else(incomplete)?, row.text(1));
    if hash == INCOMPLETE {
        return Err(incomplete());
    }
    Ok(Some(ChunkDigest { rows, hash }))
}

/// The same as one statement for a person, over all rows of the filter. The settings that it needs it brings along:
/// MariaDB reads the first comment, MySQL the second. The columns must be of their classes' own types.
pub(super) fn for_people(read: &Read) -> Option<String> {
    if read.range.is_some() || read.only.is_some() {
        return None;
    }
    let mut texts = Vec::with_capacity(read.columns.len());
    for column in &read.columns {
        if column.expression.is_some() {
            return None;
        }
        let name = quote::backtick(&column.name);
        let text = match &column.class {
            // As 16 bytes, or as the usual text in either case.
            Class::Uuid => format!("CAST(LOWER(IF(LENGTH({name}) = 16, {}, CAST({name} AS CHAR))) AS BINARY)", hyphenated(&name)),
            class => text(&name, class, &own_form(class)?)?,
        };
        texts.push(field(&name, &text));
    }
    let filter = read.filter.as_ref().map_or_else(String::new, |filter| format!(" WHERE ({filter}\n)"));
    let inner = statement(&texts, &format!("{}{filter}", quote::backtick_table(&read.table)));
    let settings = [("group_concat_max_len", "4294967295"), ("time_zone", "'+00:00'")];
    let maria = settings.map(|(name, value)| format!("{name} = {value}")).join(", ");
    let mysql = settings.map(|(name, value)| format!("SET_VAR({name} = {value})")).join(" ");
    let inner = inner.strip_prefix("SELECT ")?;
    Some(format!("/*M!100100 SET STATEMENT {maria} FOR */ SELECT /*+ {mysql} */ {inner}"))
}

/// The form that columns of a class have when nothing else is known of them.
fn own_form(class: &Class) -> Option<Form> {
    Some(match class {
        Class::Integer | Class::Boolean => Form::Integer,
        Class::Decimal => Form::Decimal,
        Class::Text | Class::TextPadded => {
            let charset = super::native::Charset { name: "utf8mb4".to_owned(), collation: String::new() };
            Form::Text(charset)
        }
        Class::Bytes => Form::Bytes,
        Class::Date => Form::Date,
        Class::Timestamp => Form::Datetime,
        Class::Instant => Form::Timestamp,
        _ => return None,
    })
}

/// The statement: number of rows, and hash.
fn statement(texts: &[String], from: &str) -> String {
    let row = if texts.is_empty() { "''".to_owned() } else { texts.join(", ") };
    format!(
        "SELECT n, IF(n = 0, '', IF(LENGTH(g) = 32 * n, MD5(g), '{INCOMPLETE}')) AS hash FROM (\
         SELECT COUNT(*) AS n, GROUP_CONCAT(h ORDER BY h SEPARATOR '') AS g FROM (\
         SELECT CAST(MD5(CONCAT({row})) AS BINARY) AS h FROM {from}) AS hashed) AS joined"
    )
}

/// A column's part of a row's text.
fn field(name: &str, text: &str) -> String {
    format!("IF({name} IS NULL, 'N', CONCAT(LENGTH({text}), ':', {text}))")
}

/// The text of a value. `None` where two values might share one.
fn text(name: &str, class: &Class, form: &Form) -> Option<String> {
    let number = format!("CAST(({name} + 0) AS CHAR CHARACTER SET utf8mb4)");
    let bytes = |inner: String| format!("CAST({inner} AS BINARY)");
    Some(match (class, form) {
        (Class::Integer | Class::Boolean, Form::Integer | Form::Year | Form::Bits(_)) | (Class::Decimal, Form::Integer) => bytes(number),
        (Class::Integer | Class::Decimal, Form::Decimal) => {
            let short = format!("TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {number}))");
            bytes(format!("IF(LOCATE('.', {number}) > 0, {short}, {number})"))
        }
        (Class::Text, Form::Text(charset)) if charset.converts_faithfully() => bytes(format!("CONVERT({name} USING utf8mb4)")),
        (Class::TextPadded, Form::Text(charset)) if charset.converts_faithfully() => bytes(format!("RTRIM(CONVERT({name} USING utf8mb4))")),
        (Class::Bytes, Form::Bytes | Form::FixedBytes(_)) => bytes(format!("LOWER(HEX({name}))")),
        (Class::Date, Form::Date) => bytes(format!("CAST({name} AS CHAR CHARACTER SET utf8mb4)")),
        (Class::Timestamp | Class::Instant, Form::Datetime | Form::Timestamp | Form::Date) => {
            bytes(format!("CAST(CAST({name} AS DATETIME(6)) AS CHAR CHARACTER SET utf8mb4)"))
        }
        (Class::Uuid, Form::Uuid) => bytes(format!("LOWER(CAST({name} AS CHAR CHARACTER SET utf8mb4))")),
        (Class::Uuid, Form::FixedBytes(16)) => bytes(format!("LOWER({})", hyphenated(name))),
        _ => return None,
    })
}

fn hyphenated(name: &str) -> String {
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)].map(|(from, count)| format!("SUBSTR(HEX({name}), {from}, {count})"));
    format!("CONCAT_WS('-', {})", parts.join(", "))
}

fn incomplete() -> EngineError {
    EngineError::new("SG-MY-025", ErrorKind::Resources, "this chunk has more rows than the server joins into one hash")
        .help("take smaller chunks, or another engine than pushdown")
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::ReadColumn;
    use segue_model::ident::TableName;

    use super::*;

    #[test]
    fn a_person_gets_one_statement_that_brings_its_settings() {
        let column = |name: &str, class: Class| ReadColumn { name: name.to_owned(), expression: None, class };
        let mut read = Read::new(TableName::bare("a`b"), vec![column("id", Class::Integer)], vec![0]);
        read.filter = Some("id > 3 -- most".to_owned());
        let sql = for_people(&read).expect("it has a text");
        assert!(
            sql.starts_with("/*M!100100 SET STATEMENT group_concat_max_len = 4294967295, time_zone = '+00:00' FOR */ SELECT /*+ SET_VAR(")
        );
        assert!(sql.contains("FROM `a``b` WHERE (id > 3 -- most\n)"), "{sql}");
        read.columns.push(column("f", Class::Float));
        assert_eq!(for_people(&read), None, "a float has no text that two servers share");
    }

    #[test]
    fn what_two_values_might_share_has_no_text() {
        let greek = super::super::native::Charset { name: "greek".to_owned(), collation: "greek_bin".to_owned() };
        for (class, form) in [
            (Class::Text, Form::Text(greek)),
            (Class::Text, Form::Float),
            (Class::Boolean, Form::Decimal),
            (Class::Decimal, Form::Float),
            (Class::Json, Form::Json),
            (Class::Date, Form::Datetime),
            (Class::BytesPadded, Form::FixedBytes(4)),
        ] {
            assert_eq!(text("`a`", &class, &form), None, "{class} of {form:?}");
        }
    }
}
