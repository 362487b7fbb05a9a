//! The functions and constants that a piece of SQL names, for telling a person which of them is meant.
//!
//! Whether something is wrong is the server's to say (`judge`); this only finds its name. It must never decide by
//! itself that an expression is right. Tests: at the end of this file.

/// One name in a piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Word {
    /// As the server knows it: folded to lower case, unless it stood in quotes.
    pub(crate) name: String,
    /// `name(`: it is called.
    pub(crate) called: bool,
    /// It stood in quotes.
    pub(crate) quoted: bool,
}

/// What stands before a keyword; the whole where it does not come.
pub(crate) fn before<'a>(sql: &'a str, keyword: &str) -> &'a str {
    let mut end = sql.len();
    scan(sql, |found, at| {
        if let Found::Word(word) = found
            && !word.quoted
            && word.name == keyword
        {
            end = end.min(at);
        }
    });
    &sql[..end]
}

/// The names in a piece of SQL, and the texts in it. What stands in a comment is neither.
pub(crate) fn words(sql: &str) -> (Vec<Word>, Vec<String>) {
    let (mut words, mut texts) = (Vec::new(), Vec::new());
    scan(sql, |found, _| match found {
        Found::Word(word) => words.push(word),
        Found::Text(text) => texts.push(text),
    });
    (words, texts)
}

enum Found {
    Word(Word),
    Text(String),
}

/// Goes through a piece of SQL; `found` gets each thing and the place where it begins.
fn scan(sql: &str, mut found: impl FnMut(Found, usize)) {
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let at = sql.len() - rest.len();
        let after = if let Some(comment) = rest.strip_prefix("--") {
            comment.find('\n').map_or("", |end| &comment[end..])
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or("", |end| &comment[end + 2..])
        } else if first == '\'' {
            let (text, after) = quoted(rest, '\'');
            found(Found::Text(text), at);
            after
        } else if first == '"' {
            let (name, after) = quoted(rest, '"');
            found(Found::Word(Word { name, called: called(after), quoted: true }), at);
            after
        } else if let Some((text, after)) = dollar(rest) {
            found(Found::Text(text.to_owned()), at);
            after
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
            let after = &rest[end..];
            // `e'…'` is a text with a letter before it.
            if !after.starts_with('\'') {
                found(Found::Word(Word { name: rest[..end].to_lowercase(), called: called(after), quoted: false }), at);
            }
            after
        } else if first.is_ascii_digit() {
            &rest[rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())..]
        } else {
            &rest[first.len_utf8()..]
        };
        rest = after;
    }
}

fn called(after: &str) -> bool {
    after.trim_start().starts_with('(')
}

/// What stands between a quote and the next that is not doubled, and what follows.
fn quoted(from: &str, quote: char) -> (String, &str) {
    let mut out = String::new();
    let mut rest = &from[1..];
    loop {
        let Some(end) = rest.find(quote) else { return (out + rest, "") };
        out.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix(quote) {
            Some(more) => {
                out.push(quote);
                rest = more;
            }
            None => return (out, rest),
        }
    }
}

/// `$tag$ … $tag$`.
fn dollar(from: &str) -> Option<(&str, &str)> {
    let inner = from.strip_prefix('$')?;
    let tag = &inner[..inner.find('$')?];
    if tag.chars().any(|c| !(c.is_alphanumeric() || c == '_')) || tag.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mark = &from[..tag.len() + 2];
    let body = &from[mark.len()..];
    let end = body.find(mark)?;
    Some((&body[..end], &body[end + mark.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, called: &[&str], others: &[&str], texts: &[&str]) {
        let (words, found) = words(sql);
        let pick = |want: bool| words.iter().filter(|word| word.called == want).map(|word| word.name.as_str()).collect::<Vec<_>>();
        assert_eq!(pick(true), called, "{sql}");
        assert_eq!(pick(false), others, "{sql}");
        assert_eq!(found, texts, "{sql}");
    }

    #[test]
    fn names_texts_and_comments() {
        check("upper(Name) || 'now()'", &["upper"], &["name"], &["now()"]);
        check("s.\"Odd \"\"one\" (x) -- random()", &["Odd \"one"], &["s", "x"], &[]);
        check("/* now() */ e'it''s' || $a$ random() $a$ || $1", &[], &[], &["it's", " random() "]);
        check("now ( ) + 1e5", &["now"], &[], &[]);
        check("a + 'open", &[], &["a"], &["open"]);
    }

    #[test]
    fn what_stands_before_a_keyword() {
        for (sql, expect) in [
            ("text collate \"C\"", "text "),
            ("text\nCOLLATE\"C\"", "text\n"),
            ("\"a collate b\"", "\"a collate b\""),
            ("\"İİİİİİİİİİİİ\" collate \"x\"", "\"İİİİİİİİİİİİ\" "),
            ("collated", "collated"),
        ] {
            assert_eq!(before(sql, "collate"), expect);
        }
    }
}
