//! The sixteen traps, one file each, in the order of their codes.
//!
//! Tests: in each file, and in `trap/mod.rs`.

mod bare_copy;
mod blind_delta;
mod cancels_itself;
mod empty_on_error;
mod late_undo;
mod local_time_as_utc;
mod not_again;
mod null_backfill;
mod offset_batches;
mod one_row_proof;
mod one_way_except;
mod rollback_by_restore;
mod salted_hash;
mod text_dump;
mod truncated_checksum;
mod wrong_direction;

use super::Trap;

/// Every trap, by code.
pub(super) const ALL: &[Trap] = &[
    null_backfill::TRAP,
    blind_delta::TRAP,
    one_way_except::TRAP,
    bare_copy::TRAP,
    one_row_proof::TRAP,
    offset_batches::TRAP,
    salted_hash::TRAP,
    late_undo::TRAP,
    wrong_direction::TRAP,
    empty_on_error::TRAP,
    not_again::TRAP,
    local_time_as_utc::TRAP,
    rollback_by_restore::TRAP,
    truncated_checksum::TRAP,
    cancels_itself::TRAP,
    text_dump::TRAP,
];
