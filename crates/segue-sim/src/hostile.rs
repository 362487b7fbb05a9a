//! Names that a server accepts and that careless code does not survive.
//!
//! Every sink gets them: SQL, terminals, Markdown, JSON, file names. Must never hold a name that no server
//! stores (NUL). Used by `conformance`, and by the tests of the crates that print names.

/// Names as they stand.
const LITERAL: &[&str] = &[
    // Quotes of every kind.
    "a'b",
    "a\"b",
    "\"",
    "\"\"quoted\"\"",
    "a`b",
    "[a]",
    "‘a’ “b” «c»",
    "'; --",
    "\"; drop table users; --",
    // What other languages expand.
    "$1",
    "$$",
    "%s",
    "%n%x",
    "{}",
    "{0}",
    "${HOME}",
    "#{x}",
    "?",
    ":name",
    "@a",
    "\\",
    "a\\'b",
    "\\n",
    "a\nb",
    "a\tb",
    "a\rb",
    // Where a tokeniser stops.
    "1st",
    " leading",
    "trailing ",
    "a b",
    "a.b",
    "a;b",
    "a--b",
    "a/*b*/",
    "-a",
    "(a)",
    "a,b",
    "a=b",
    "*",
    // Words of SQL.
    "select",
    "table",
    "user",
    "order",
    "group",
    "null",
    "true",
    "default",
    "new",
    "old",
    "end",
    // Letters.
    "Users",
    "USERS",
    "ı",
    "İ",
    "ß",
    "ẞ",
    "é",
    "e\u{301}",
    "\u{c5}",
    "\u{212b}",
    "日本語",
    "😀",
    "👩‍👩‍👧",
    // What is not seen, or not seen where it stands.
    "a\u{200b}b",
    "\u{feff}a",
    "a\u{202e}b",
    "\u{2066}a\u{2069}",
    "\u{a0}",
    "a\u{ad}b",
    "\u{1}",
    "\u{1b}[31m",
    // Our own helpers' names.
    "segue_side_x",
    "segue_side_proof",
    "segue_control",
    "v__proof",
    "table__proof",
    // Other sinks.
    "<b>",
    "&amp;",
    "|",
    "a|b",
    "# a",
    "](x)",
    "=1+1",
    "../up",
    "CON",
    "a:b",
];

/// Hostile names of at most 63 bytes, each of them different to a server that keeps case.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = LITERAL.iter().map(ToString::to_string).collect();
    // 63 bytes to the last, in letters of one, two and four bytes; 61, so that a letter may follow.
    names.push("x".repeat(63));
    names.push(format!("{}é", "y".repeat(61)));
    names.push(format!("{}😀", "z".repeat(59)));
    names.push(format!("{}é", "w".repeat(59)));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_one_that_a_server_stores() {
        let names = names();
        for name in &names {
            assert!(!name.is_empty() && name.len() <= 63 && !name.contains('\0'), "{name:?}");
        }
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), names.len(), "a name stands twice");
        assert!(names.contains(&"é".to_owned()) && names.contains(&"e\u{301}".to_owned()), "both forms of one letter");
        assert!(names.iter().filter(|name| name.len() == 63).count() >= 3, "names at the edge");
    }
}
