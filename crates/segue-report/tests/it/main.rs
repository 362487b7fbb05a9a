//! The reports' integration tests: golden texts at several widths, JSON documents, hostile names.

mod hostile;
mod journal;
mod plan;
mod status;
mod verify;
