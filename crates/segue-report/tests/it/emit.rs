//! The keys of the old planner script: all there, with the plan's own values.

use segue_report::claude_skills_json;

#[test]
fn the_keys_are_there_and_hold_the_plans_values() {
    let plan = crate::plan::plan();
    let document = claude_skills_json(&plan, "2027-01-11");
    let keys = [
        "migration_id",
        "source_system",
        "target_system",
        "migration_type",
        "complexity",
        "estimated_duration_hours",
        "phases",
        "risks",
        "success_criteria",
        "rollback_plan",
        "stakeholders",
        "created_at",
    ];
    for key in keys {
        assert!(document.get(key).is_some(), "{key}");
    }
    assert_eq!(document["migration_id"], plan.id.as_str());
    assert_eq!(document["phases"].as_array().expect("phases").len(), plan.phases.len());
    assert_eq!(document["rollback_plan"]["rollback_phases"][0]["phase"], plan.phases.last().expect("a phase").name.as_str());
    for phase in document["phases"].as_array().expect("phases") {
        for key in [
            "name",
            "description",
            "duration_hours",
            "dependencies",
            "validation_criteria",
            "rollback_triggers",
            "tasks",
            "risk_level",
            "resources_required",
        ] {
            assert!(phase.get(key).is_some(), "{key}");
        }
    }
}
