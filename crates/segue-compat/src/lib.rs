//! What does a change break? Two contracts, or one script, compared by pure rules.
//!
//! Families (`openapi/`, `graphql/`, …) read their documents into trees and shapes; `shape/` relates value shapes once for
//! all of them; each further rule is one file. Must never open a file, a socket or a clock: texts come in, a report goes
//! out. Must never call safe what was not decided. Tests: `tests/it/`.

pub mod doc;
pub mod draft;
pub mod ignore;
pub mod likeness;
pub mod matrix;
pub mod policy;
pub mod retire;
pub mod rule;
pub mod secret;
pub mod shape;
pub mod source;

pub mod asyncapi;
pub mod avro;
pub mod code;
pub mod config;
pub mod graphql;
pub mod json_schema;
pub mod openapi;
pub mod peers;
pub mod proto;
pub mod sql;
