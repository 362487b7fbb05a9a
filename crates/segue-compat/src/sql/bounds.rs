//! How much of SQL is looked at: beyond any schema and script that somebody wrote, and little enough that a hostile one ends.
//!
//! What is beyond a bound is always said, and leaves the answer open. Tests: `tests/it/sql/bounds.rs`.

/// The most tables of a schema.
pub(crate) const TABLES_MAX: usize = 20_000;
/// The most tables, columns, indexes and constraints of a schema together.
pub(crate) const PARTS_MAX: usize = 200_000;
/// The most indexes of a schema, and statements that make them.
pub(crate) const INDEXES_MAX: usize = 80_000;
/// The most statements of a migration script.
pub(crate) const STATEMENTS_MAX: usize = 50_000;
/// The most words of one statement that is no data.
pub(crate) const WORDS_MAX: usize = 100_000;

/// What the sentences call a statement of more words.
pub(crate) const TOO_LONG: &str = "a statement of more words than are read";

/// What is not read of a schema from a byte on. The digest keeps apart two rests that differ: only the same rest on both sides
/// hides no difference.
pub(crate) fn rest_of_schema(line: usize, rest: &str) -> String {
    let digest = crate::draft::fingerprint("rest", "", rest);
    format!("line {line}: more objects than are compared; the rest of the file was not read (its digest begins with {})", &digest[..8])
}

/// The statement puts rows somewhere: it is as long as its rows.
pub(crate) fn is_data(first_word: &str) -> bool {
    ["insert", "copy", "replace", "values", "select", "with", "update", "delete"].iter().any(|word| first_word.eq_ignore_ascii_case(word))
}
