//! The change that the conformance suite writes by hand is the one that the planner resolves.

use segue_engine::memory::{MemoryEngine, Side};
use segue_model::ident::TableName;
use segue_model::reshape::{Derived, FormColumn, Role};
use segue_sim::conformance::{USERS, users_change};
use segue_sim::planning::{change, plan_on, spec};
use segue_sim::stage::block_on;
use serde_json::json;

fn forms(columns: &[FormColumn]) -> Vec<(&str, &str, &str, bool)> {
    columns.iter().map(|c| (c.name.as_str(), c.physical.as_str(), c.data_type.as_str(), c.nullable)).collect()
}

fn derived(list: &[Derived]) -> Vec<(&str, &str, &Role)> {
    let mut out: Vec<_> = list.iter().map(|d| (d.column.as_str(), d.physical.as_str(), &d.role)).collect();
    out.sort_by_key(|(column, _, _)| *column);
    out
}

#[test]
fn the_change_by_hand_is_the_planners() {
    let engine = MemoryEngine::default();
    engine.client(Side::Base).execute(USERS).expect("the table");
    let changes = [
        json!({"rename_column": {"table": "users", "from": "name", "to": "full_name"}}),
        json!({"change_type": {"table": "users", "column": "age", "to": "bigint", "up": "cast(nullif(age, '') as bigint)", "down": "cast(age as text)"}}),
        json!({"add_column": {"table": "users", "column": "greeting", "type": "text", "null": false, "up": "'dear ' || full_name"}}),
        json!({"drop_column": {"table": "users", "column": "nick", "down": "lower(full_name)"}}),
    ];
    let plan = block_on(plan_on(&engine, &spec("PROOF", changes.map(change).to_vec()))).expect("a plan");
    let (by_hand, planned) = (users_change(&TableName::new("public", "users")), &plan.execution.tables[0]);
    assert_eq!(forms(&planned.old), forms(&by_hand.old));
    assert_eq!(forms(&planned.new), forms(&by_hand.new));
    assert_eq!(derived(&planned.up), derived(&by_hand.up));
    assert_eq!(derived(&planned.down), derived(&by_hand.down));
    assert_eq!((&planned.key, planned.backfill, planned.stages.len()), (&by_hand.key, by_hand.backfill, by_hand.stages.len()));
}
