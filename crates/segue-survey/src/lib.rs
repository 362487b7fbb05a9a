//! What is there: source trees, deployment files, SQL dumps and catalogs, judged object by object.
//!
//! Pure over what it is given: files come as bytes, the date as a value. It never opens a file, asks a clock or shows a
//! value that could be a secret. What could not be read stands in `not_checked`, always. Tests: `tests/it/`.

mod cloud;
mod code;
mod deploy;
mod document;
mod facts;
mod gather;
mod manifest;
mod sql;
mod survey;
mod tree;

pub use cloud::{Cloud, equivalents};
pub use sql::{Dialect, dump, judge, schema_json};
pub use survey::{Options, tree};
pub use tree::{Limits, Tree};
