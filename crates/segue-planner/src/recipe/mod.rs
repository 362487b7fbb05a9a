//! Recipes: one file a kind of migration. Each lays out the phases of its kind; none executes anything.
//!
//! Tests: `tests/it/plan.rs`.

pub(crate) mod schema_change;
