//! Whether a business rule of `checks:` is one statement that only reads.
//!
//! A rule is asked on both sides in read-only sessions, and shown to people as a command, where nothing holds it back: so
//! what looks as if it could write is refused. It must never take a text for harmless because a quotation mark hides a
//! part of it: what engines read in different ways is refused as well. Tests: below.

use segue_model::finding::Finding;
use segue_model::spec::Spec;

use crate::resolve::plain_words;
use crate::say::refuse;

/// Words that write, or that start what may.
const WRITES: [&str; 12] = ["insert", "update", "delete", "merge", "drop", "truncate", "alter", "create", "grant", "call", "copy", "into"];

/// A critical finding for each rule that does not only read.
pub(crate) fn writing(spec: &Spec) -> Vec<Finding> {
    let refused = |name: &String| {
        let message = "it is not one statement that only reads, and it is asked on both sides";
        refuse(48, format!("checks.{name}"), message, "Write one SELECT, without a semicolon in it and without `\\'`.")
    };
    spec.checks.iter().filter(|(_, check)| !reads_only(&check.sql)).map(|(name, _)| refused(name)).collect()
}

/// One SELECT, WITH, VALUES or TABLE.
fn reads_only(sql: &str) -> bool {
    let text = sql.trim();
    let text = text.strip_suffix(';').unwrap_or(text);
    // MySQL runs what stands in `/*! … */`, and only MySQL takes a backslash before a mark for a part of the string.
    if [";", "/*!", "\\'", "\\\""].iter().any(|mark| text.contains(mark)) {
        return false;
    }
    let words = plain_words(text);
    let begins = words.first().is_some_and(|first| matches!(first.as_str(), "select" | "with" | "values" | "table"));
    begins && !words.iter().any(|word| WRITES.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::reads_only;

    #[test]
    fn what_reads_is_taken() {
        for sql in
            ["select 1", "SELECT sum(total) FROM orders;", "with a as (select 1) select * from a", "select 'drop' as \"delete\" -- update"]
        {
            assert!(reads_only(sql), "{sql}");
        }
    }

    #[test]
    fn what_may_write_is_not_and_no_mark_hides_it() {
        for sql in [
            "delete from orders",
            "select 1; drop table y",
            "with d as (delete from o returning 1) select * from d",
            "select * into t from o",
            "select $$'$$; drop table y; --'",
            "with a as (select $$'$$), d as (delete from o returning '1') select 1",
            "select '\\'' into outfile 'x'",
            "select 1 /*!50000 into outfile 'x' */",
            "",
        ] {
            assert!(!reads_only(sql), "{sql}");
        }
    }
}
