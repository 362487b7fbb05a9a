//! Recipes of infrastructure: two places, data that follows, a way back that loses nothing.

use segue_model::assessment::Assessment;
use segue_model::plan::Plan;

use crate::recipe_case::{commands, good_shell, phase, planned, resource, spec, step, summary};

fn names(plan: &Plan) -> Vec<&str> {
    plan.phases.iter().map(|phase| phase.name.as_str()).collect()
}

fn aws() -> Assessment {
    Assessment {
        resources: vec![
            resource("aws_db_instance.orders", Some("google_sql_database_instance"), "parameter groups become flags"),
            resource("aws_instance.web", Some("google_compute_instance"), ""),
            resource("aws_instance.worker", Some("google_compute_instance"), ""),
            resource("aws_s3_bucket.images", Some("google_storage_bucket"), "signed addresses differ"),
            resource("aws_qldb_ledger.audit", None, "a ledger of the vendor's own"),
        ],
        ..Assessment::default()
    }
}

/// Old data is never brought back from a backup: something flows back from the switch until the end.
fn flows_back(plan: &Plan) {
    let cutover = phase(plan, "cutover");
    let at = |kind: &str| cutover.steps.iter().position(|step| step.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
    assert!(at("hold_writers") < at("arm_back_stream") && at("arm_back_stream") < at("open_writers"), "armed while writers are held");
    assert!(cutover.gates.iter().any(|gate| gate.id == "cutover/lag"), "the way back is watched");
    assert_eq!(cutover.project.rollback.loses, "0 rows");
    assert_eq!(phase(plan, "retire").project.after.iter().filter(|name| *name == "watch").count(), 1);
}

#[test]
fn on_premises_to_a_cloud_decides_what_stays() {
    let plan = planned("recipe-onprem", None);
    assert!(plan.pattern.name.contains("hybrid"), "{}", plan.pattern.name);
    assert!(plan.pattern.not.iter().any(|not| not.name == "re-architecture" && not.why.contains("2027-12-31")));
    assert!(step(&plan, "prepare/placement-hipaa").what.contains("HIPAA"));
    // What may not leave is not copied before somebody signed for it: a rollback brings no data back in.
    assert!(phase(&plan, "data").entry.iter().any(|gate| gate.id == "data/placement"));
    // A pilot that is not critical, by name.
    assert!(step(&plan, "pilot/pilot").what.contains("reports"));
    assert!(phase(&plan, "prove").project.after.contains(&"pilot".to_owned()));
    // 800 GiB of the database, and the rest of `infra.data` in files.
    let copies: Vec<u64> =
        phase(&plan, "data").project.loads.iter().filter(|load| load.key == "machine.copy").map(|load| load.facts["bytes"] >> 30).collect();
    assert_eq!(copies, [800, 400]);
    let growth = phase(&plan, "data").project.loads.iter().find(|load| load.key == "machine.replicate_catchup").expect("a load");
    assert_eq!(growth.facts["bytes"] >> 30, 3);
    flows_back(&plan);
    assert!(good_shell(&plan) >= 8);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn every_resource_of_a_cloud_is_in_the_plan() {
    let seen = aws();
    let plan = planned("recipe-clouds", Some(&seen));
    let mapped: Vec<(&str, &str)> = plan
        .program
        .overview
        .iter()
        .map(|aspect| (aspect.aspect.as_str(), aspect.target.as_str()))
        .filter(|(aspect, _)| aspect.contains("aws_"))
        .collect();
    assert_eq!(
        mapped,
        [
            ("1 × aws_db_instance", "google_sql_database_instance"),
            ("2 × aws_instance", "google_compute_instance"),
            ("1 × aws_qldb_ledger", "nothing takes its place"),
            ("1 × aws_s3_bucket", "google_storage_bucket"),
        ]
    );
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-053" && finding.object == "aws_qldb_ledger"));
    assert!(step(&plan, "target/resource-aws_qldb_ledger").what.starts_with("Decides"));
    // No stop is allowed, and one side writes at a time: that is said.
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-054"));
    assert!(plan.program.needed.iter().any(|needed| needed.spec_key == "limits.downtime"));
    // The target has a state of its own: undoing it never names the old folder.
    let undo = commands(&plan).into_iter().find(|(id, _)| id == "undo of target/apply").expect("an undo").1;
    assert!(undo.contains("TARGET_TERRAFORM") && !undo.contains("./infra"), "{undo}");
    flows_back(&plan);
    assert!(good_shell(&plan) >= 10);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn a_region_is_the_same_definitions_twice() {
    let plan = planned("recipe-region", None);
    assert_eq!(names(&plan), ["prepare", "network", "target", "data", "prove", "canary", "shift", "cutover", "watch", "retire"]);
    assert!(step(&plan, "prepare/names").what.contains("aws/eu-west-1"));
    assert_eq!(plan.pause_ms, 30_000);
    flows_back(&plan);
    good_shell(&plan);
}

#[test]
fn containers_share_the_data_of_the_machines() {
    let plan = planned("recipe-containers", None);
    assert_eq!(names(&plan), ["prepare", "image", "cluster", "prove", "canary", "shift", "watch", "retire"]);
    for name in ["mailer", "storefront"] {
        assert!(step(&plan, &format!("image/image-{name}")).what.contains("SIGTERM"));
        assert!(step(&plan, &format!("cluster/manifest-{name}")).what.contains("disruption budget"));
    }
    // Nothing of data moves, so nothing has to flow back.
    assert!(!plan.phases.iter().any(|phase| phase.name == "data" || phase.name == "cutover"));
    assert!(step(&plan, "cluster/apply").undo.command.as_ref().is_some_and(|undo| undo.text.starts_with("kubectl delete")));
    assert!(good_shell(&plan) >= 7);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn a_managed_service_is_read_before_it_is_written() {
    let plan = planned("recipe-managed", None);
    assert_eq!(names(&plan), ["prepare", "network", "target", "data", "prove", "canary", "cutover", "watch", "retire"]);
    assert!(step(&plan, "prepare/used-orders").outside.command.as_ref().is_some_and(|command| command.text.contains("\\dx")));
    assert!(step(&plan, "canary/reads").what.contains("never a read after a write"));
    flows_back(&plan);
    assert!(good_shell(&plan) >= 6);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn a_move_of_the_spec_carries_the_data_and_the_place_does_not() {
    let mut spec = spec("recipe-managed");
    let source = spec.systems.get("orders").expect("a system").clone();
    spec.systems.insert("fresh".to_owned(), source);
    spec.program.moves = Some(segue_model::spec::program::Move { from: "orders".to_owned(), to: "fresh".to_owned(), ..Default::default() });
    let plan = crate::recipe_case::try_plan(&spec, None).expect("a plan");
    let own: Vec<&str> = plan.phases.iter().filter(|phase| phase.project.part == "infra").map(|phase| phase.name.as_str()).collect();
    assert!(!own.iter().any(|name| name.ends_with("data") || name.ends_with("cutover")), "{own:?}");
}
