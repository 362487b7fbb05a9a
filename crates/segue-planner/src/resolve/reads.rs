//! Which columns an SQL expression may read, by its tokens: an over-approximation, never too few.
//!
//! This is no parser: it finds identifiers outside of strings and comments. Whoever uses the answer must be right
//! also when it names a column that the expression does not really read. Expressions are never rewritten here.
//! Tests: below.

use std::iter::Peekable;
use std::str::Chars;

/// How an engine reads identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Unquoted names fold to lower case; dollar quotes, `E''`, nested comments.
    Postgres,
    /// Names compare without case; `` ` `` and `[]` quote too.
    Sqlite,
}

/// An identifier in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: String,
    quoted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(Word),
    Dot,
    /// A name written with Unicode escapes: could be any.
    Unknown,
    Other,
}

/// The columns among `columns` that `sql` may read. `table` is the table's own name, by which the expression may
/// read the whole row.
pub(crate) fn columns_read<'a>(sql: &str, table: &str, columns: &'a [String], dialect: Dialect) -> Vec<&'a str> {
    let tokens = tokenise(sql, dialect);
    if reads_whole_row(&tokens, table, columns, dialect) {
        return columns.iter().map(String::as_str).collect();
    }
    columns
        .iter()
        .filter(|column| tokens.iter().any(|token| matches!(token, Token::Word(word) if is(word, column, dialect))))
        .map(String::as_str)
        .collect()
}

/// The words of a text outside of strings, comments and quoted names, in lower case, as PostgreSQL reads it.
pub(crate) fn plain_words(sql: &str) -> Vec<String> {
    let word = |token| match token {
        Token::Word(Word { text, quoted: false }) => Some(text.to_lowercase()),
        _ => None,
    };
    tokenise(sql, Dialect::Postgres).into_iter().filter_map(word).collect()
}

/// `row_to_json(users)`, `users.*`, and `users.f`, which on PostgreSQL may be a function of the row.
fn reads_whole_row(tokens: &[Token], table: &str, columns: &[String], dialect: Dialect) -> bool {
    tokens.iter().enumerate().any(|(at, token)| match token {
        Token::Unknown => true,
        Token::Word(word) if is(word, table, dialect) => match (tokens.get(at + 1), tokens.get(at + 2)) {
            (Some(Token::Dot), Some(Token::Word(field))) => !columns.iter().any(|column| is(field, column, dialect)),
            // Where the table has a column of its own name, the name alone is that column.
            (Some(Token::Dot), _) => true,
            _ => !columns.iter().any(|column| is(word, column, dialect)),
        },
        _ => false,
    })
}

fn is(word: &Word, name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Sqlite => word.text.eq_ignore_ascii_case(name),
        Dialect::Postgres if word.quoted => cut(&word.text) == name,
        // Beyond ASCII, folding depends on the server's encoding: both are taken.
        Dialect::Postgres => cut(&word.text.to_ascii_lowercase()) == name || cut(&word.text.to_lowercase()) == name,
    }
}

/// PostgreSQL cuts a name at 63 bytes.
fn cut(name: &str) -> &str {
    let mut end = name.len().min(super::names::LONGEST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn tokenise(sql: &str, dialect: Dialect) -> Vec<Token> {
    let mut chars = sql.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            '\'' => skip_string(&mut chars, false),
            '"' => tokens.push(Token::Word(Word { text: quoted(&mut chars, '"'), quoted: true })),
            '`' if dialect == Dialect::Sqlite => tokens.push(Token::Word(Word { text: quoted(&mut chars, '`'), quoted: true })),
            '[' if dialect == Dialect::Sqlite => {
                tokens.push(Token::Word(Word { text: chars.by_ref().take_while(|c| *c != ']').collect(), quoted: true }));
            }
            '-' if chars.peek() == Some(&'-') => {
                chars.by_ref().find(|c| *c == '\n');
            }
            '/' if chars.peek() == Some(&'*') => skip_comment(&mut chars, dialect),
            '$' if dialect == Dialect::Postgres => skip_dollar(&mut chars),
            '.' => tokens.push(Token::Dot),
            c if c.is_ascii_digit() => skip_number(&mut chars),
            c if starts_name(c) => tokens.push(word(c, &mut chars, dialect)),
            c if c.is_whitespace() => {}
            _ => tokens.push(Token::Other),
        }
    }
    tokens
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || !c.is_ascii()
}

/// A name, or the prefix of `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`.
fn word(first: char, chars: &mut Peekable<Chars<'_>>, dialect: Dialect) -> Token {
    let mut text = String::from(first);
    while let Some(c) = chars.next_if(|c| starts_name(*c) || c.is_ascii_digit() || *c == '$') {
        text.push(c);
    }
    let prefix = text.to_ascii_lowercase();
    if dialect == Dialect::Postgres && prefix == "u" && chars.peek() == Some(&'&') {
        let mut ahead = chars.clone();
        ahead.next();
        match ahead.peek() {
            Some('"') => {
                *chars = ahead;
                chars.next();
                quoted(chars, '"');
                return Token::Unknown;
            }
            Some('\'') => {
                *chars = ahead;
                chars.next();
                skip_string(chars, false);
                return Token::Other;
            }
            _ => {}
        }
    }
    if chars.peek() == Some(&'\'') && matches!(prefix.as_str(), "e" | "b" | "x" | "n") {
        chars.next();
        skip_string(chars, dialect == Dialect::Postgres && prefix == "e");
        return Token::Other;
    }
    Token::Word(Word { text, quoted: false })
}

/// The rest of a quoted name; a doubled mark stands for one.
fn quoted(chars: &mut Peekable<Chars<'_>>, mark: char) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        if c == mark && chars.next_if_eq(&mark).is_none() {
            break;
        }
        text.push(c);
    }
    text
}

fn skip_string(chars: &mut Peekable<Chars<'_>>, backslash: bool) {
    while let Some(c) = chars.next() {
        if backslash && c == '\\' {
            chars.next();
        } else if c == '\'' && chars.next_if_eq(&'\'').is_none() {
            return;
        }
    }
}

fn skip_comment(chars: &mut Peekable<Chars<'_>>, dialect: Dialect) {
    chars.next();
    let mut depth = 1;
    while let Some(c) = chars.next() {
        if c == '*' && chars.next_if_eq(&'/').is_some() {
            depth -= 1;
            if depth == 0 {
                return;
            }
        } else if c == '/' && dialect == Dialect::Postgres && chars.next_if_eq(&'*').is_some() {
            depth += 1;
        }
    }
}

/// `$tag$ … $tag$`; a parameter `$1` is left as it is.
fn skip_dollar(chars: &mut Peekable<Chars<'_>>) {
    let mut ahead = chars.clone();
    let mut tag = String::new();
    loop {
        match ahead.next() {
            Some('$') => break,
            Some(c) if starts_name(c) || (c.is_ascii_digit() && !tag.is_empty()) => tag.push(c),
            _ => return,
        }
    }
    let end = format!("${tag}$");
    let rest: String = ahead.clone().collect();
    match rest.find(&end) {
        Some(at) => {
            let consumed = rest[..at + end.len()].chars().count();
            *chars = ahead;
            if consumed > 0 {
                chars.nth(consumed - 1);
            }
        }
        // Not closed: not valid SQL. Reading on finds too many names, which is the safe side.
        None => *chars = ahead,
    }
}

/// `12`, `1.5e-3`, `0x1F`: an `e` in it is no name.
fn skip_number(chars: &mut Peekable<Chars<'_>>) {
    while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '.' || *c == '_') {
        if matches!(c, 'e' | 'E') {
            chars.next_if(|c| matches!(c, '+' | '-'));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, sql: &str, expect: &[&str]) {
        let columns: Vec<String> = ["id", "name", "Name", "total", "na me", "e"].map(str::to_owned).to_vec();
        assert_eq!(columns_read(sql, "users", &columns, dialect), expect, "{sql}");
    }

    #[test]
    fn postgres_folds_and_quotes() {
        let pg = |sql, expect: &[&str]| check(Dialect::Postgres, sql, expect);
        pg("upper(NAME)", &["name"]);
        pg("\"Name\" || 'total'", &["Name"]);
        pg("\"NAME\"", &[]);
        pg("\"na me\" + id", &["id", "na me"]);
        pg("users.total / 100.0", &["total"]);
        pg("\"users\".\"total\"", &["total"]);
        pg("total::int", &["total"]);
        pg("1e5 + 2E-3", &[]);
        pg("e + 1", &["e"]);
    }

    #[test]
    fn strings_and_comments_hold_no_names() {
        let pg = |sql, expect: &[&str]| check(Dialect::Postgres, sql, expect);
        pg("'it''s name' || id", &["id"]);
        pg(r"E'\' name' || id", &["id"]);
        pg(r"'\' || id", &["id"]);
        pg("$$name$$ || id", &["id"]);
        pg("$q$ name $$ $q$ || id", &["id"]);
        pg("$1 + id", &["id"]);
        pg("id -- name\n + total", &["id", "total"]);
        pg("id /* name /* total */ name */ + 1", &["id"]);
        pg("U&'name' || id", &["id"]);
        pg("x'00' || id", &["id"]);
        check(Dialect::Sqlite, "id /* name /* x */ + total", &["id", "total"]);
    }

    #[test]
    fn the_whole_row_reads_all_columns() {
        let all = ["id", "name", "Name", "total", "na me", "e"];
        for sql in ["row_to_json(users)", "users.*", "count(users)", "users.full_name", "U&\"n\\0061me\"", "Users is null"] {
            check(Dialect::Postgres, sql, &all);
        }
        check(Dialect::Postgres, "usersx + 1", &[]);
    }

    #[test]
    fn a_column_of_the_tables_own_name_is_a_column() {
        let columns = ["users".to_owned(), "id".to_owned()];
        assert_eq!(columns_read("users + 1", "users", &columns, Dialect::Postgres), ["users"]);
        assert_eq!(columns_read("users.id + 1", "users", &columns, Dialect::Postgres), ["users", "id"]);
    }

    #[test]
    fn sqlite_ignores_case_and_knows_its_quotes() {
        check(Dialect::Sqlite, "\"TOTAL\" + [Id]", &["id", "total"]);
        check(Dialect::Sqlite, "`na me`", &["na me"]);
        check(Dialect::Sqlite, "NAME", &["name", "Name"]);
        // A parameter of that name is taken for the column: the safe side.
        check(Dialect::Sqlite, "$name", &["name", "Name"]);
    }

    #[test]
    fn broken_text_never_panics() {
        for sql in ["'", "\"", "$$", "$a$", "/*", "--", "[", "U&\"", "E'\\", "é", "$é$é", "\u{0}"] {
            check_no_panic(sql);
        }
    }

    fn check_no_panic(sql: &str) {
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            let columns = ["é".to_owned()];
            let _ = columns_read(sql, "t", &columns, dialect);
        }
    }
}
