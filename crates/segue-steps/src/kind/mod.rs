//! The step kinds, one file each. A new one: `cargo xtask new step NAME`.
//! Tests: `tests/it/`, and `prove_step!` of `segue-sim` for each.

pub mod add_constraint;
pub mod backfill_table;
pub mod build_index;
pub mod contract_table;
pub mod create_table;
pub mod drop_index;
pub mod drop_table;
pub mod expand_table;
pub mod finish_run;
pub mod install_control;
pub mod repair_rows;
pub mod shift_table;
pub mod validate_constraint;
pub mod verify_table;
// xtask:new mod
