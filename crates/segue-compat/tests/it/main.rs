//! Checks of segue-compat over whole documents.

#![allow(
    clippy::format_collect,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "texts are made in one expression here, and a skipped or measured thing is told"
)]

mod asyncapi;
mod avro;
mod case_file;
mod code;
mod config;
mod graphql;
mod ignore;
mod json_schema;
mod matrix;
mod openapi;
mod peers;
mod proto;
mod retire;
mod shape;
mod sql;
