//! Each step kind is proved on the memory engine, at every journal point.

use segue_sim::conformance::MemoryFixture;
use segue_sim::proof::{Thoroughness, kinds};
use segue_sim::prove_step;

const ALL: Thoroughness = Thoroughness { rest: 0, of: 1 };

prove_step!(
    install_control, create_table, expand_table, add_constraint, backfill_table, build_index, validate_constraint, verify_table, shift_table,
    contract_table, drop_index, drop_table, finish_run, repair_rows;
    async || MemoryFixture::default();
    ALL
);

#[tokio::test]
async fn no_kind_is_left_out() {
    let proved = kinds(&MemoryFixture::default()).await;
    let mut registered: Vec<&str> = segue_steps::KINDS.iter().map(|(kind, _)| *kind).collect();
    registered.sort_unstable();
    assert_eq!(proved, registered);
}
