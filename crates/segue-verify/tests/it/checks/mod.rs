//! Checks beside the rows, with sides that answer what the test says.

mod api;
mod asked;
mod scripted;
mod structure;
