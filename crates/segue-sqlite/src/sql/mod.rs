//! Reading SQLite's own SQL text exactly: tokens, and the parts of a `CREATE TABLE`.
//!
//! SQLite keeps a table's definition as the text the user wrote; what its pragmas do not tell (checks, constraint
//! names, collations, generated expressions) stands only there. Edits cut and insert at token borders, so that
//! everything else of the text stays byte for byte. Nothing here touches a database. Tests: in each file.

pub(crate) mod edit;
pub(crate) mod table;
pub(crate) mod token;
