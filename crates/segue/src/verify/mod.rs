//! `segue verify` between two sides: opens them, pairs their tables, compares, and says what it came to.
//!
//! One idea a file; `cli/verify.rs` has the flags. Nothing here writes to a database but a repair that was asked for.
//! Tests: `tests/verify/`.

mod asked;
mod checks;
mod emit;
mod fingerprints;
mod forms;
mod found;
mod line;
mod pace;
pub(crate) mod repair;
mod rows;
mod sides;
mod stopped;
mod views;
mod way_back;
mod whole;

pub(crate) use asked::{Mappings, form_and_path, of_move, refuse, renames};
pub(crate) use checks::{look_at, without_databases};
pub(crate) use emit::scripts as emit;
pub(crate) use forms::report as forms;
pub(crate) use found::Shown;
pub(crate) use pace::Bounds;
pub(crate) use repair::folder as repair_folder;
pub(crate) use rows::Wanted;
pub(crate) use sides::{SideOpen, of_system, of_url};
pub(crate) use whole::{Extra, Outcome, Whole, alone, compare};
