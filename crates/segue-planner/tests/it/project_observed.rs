//! What an assessment found stands in the plan: tables as steps, verdicts as tasks and findings, code as work.

use segue_model::assessment::{Assessment, Component, Incident, MeasuredRate, Object, SystemSeen, TableSeen, Verdict};
use segue_model::finding::Severity;
use segue_model::plan::Plan;
use segue_model::spec::program::Date;

use crate::project_properties::holds;
use crate::project_summary::{good, planned, read, summary};

const SPEC: &str = "segue: 1
id: A
systems:
  old: {mysql: {url: env:A}}
  new: {postgres: {url: env:B}}
move: {from: old, to: new, exclude: [tmp_*]}
limits: {deadline: 2031-01-01}
start: 2027-01-11
";

fn table(name: &str, rows: u64, keyed: bool) -> TableSeen {
    TableSeen { name: name.to_owned(), rows: Some(rows), bytes: Some(rows * 100), columns: 8, indexes: 3, keyed, ..TableSeen::default() }
}

fn object(kind: &str, name: &str, verdict: Verdict, minutes: u64) -> Object {
    let reason = format!("{kind} has no equal");
    Object {
        system: "old".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        verdict,
        rule: format!("mysql.{kind}"),
        reason,
        effort_min: minutes,
        place: String::new(),
    }
}

fn assessment() -> Assessment {
    let tables =
        vec![table("orders", 5_000_000, true), table("or\"ders`; drop", 10, true), table("log", 900, false), table("tmp_a", 1, true)];
    let old = SystemSeen {
        engine: "mariadb".to_owned(),
        version: "10.11.6-MariaDB".to_owned(),
        how: "live".to_owned(),
        bytes: Some(700_000_000),
        tables,
        ..SystemSeen::default()
    };
    let mut objects = vec![
        object("event", "nightly", Verdict::Manual, 30),
        object("table", "shapes", Verdict::Blocked, 240),
        object("table", "orders", Verdict::Auto, 0),
    ];
    objects.extend((0..12).map(|number| object("trigger", &format!("t{number}"), Verdict::Manual, 15)));
    let incident =
        |line: u32| Incident { rule: "js.driver.mysql2".to_owned(), file: "src/db.js".to_owned(), line, points: 3, ..Incident::default() };
    let eol = Component {
        name: "mariadb".to_owned(),
        ecosystem: "database".to_owned(),
        version: "10.11".to_owned(),
        end_of_life: Some(Date("2028-02-16".parse().expect("a date"))),
        ..Component::default()
    };
    Assessment {
        systems: [("old".to_owned(), old)].into(),
        objects,
        components: vec![eol],
        incidents: vec![incident(3), incident(9)],
        rates: vec![MeasuredRate {
            what: "copy".to_owned(),
            source: "old".to_owned(),
            target: "new".to_owned(),
            bytes_per_s: 20 << 20,
            rows_per_s: 100_000,
            sample: "1000000 rows in 10 s".to_owned(),
        }],
        not_checked: vec!["the grants of old".to_owned()],
        ..Assessment::default()
    }
}

fn plan() -> Plan {
    good(&read(SPEC), Some(&assessment()))
}

#[test]
fn golden_plan_of_an_assessed_move() {
    let plan = plan();
    holds(&plan);
    insta::assert_snapshot!(summary(&plan));
}

#[test]
fn each_table_is_a_step_with_its_rows_and_bytes() {
    let plan = plan();
    let copy = plan.phases.iter().find(|phase| phase.name == "copy").expect("a copy");
    let ids: Vec<&str> = copy.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["copy/orders", "copy/log", "copy/or_ders___drop"], "the largest first, what is excluded not at all");
    let load = copy.project.loads.iter().find(|load| load.of == "copy/orders" && load.key == "machine.copy").expect("a load");
    assert_eq!((load.facts["rows"], load.facts["bytes"], load.facts["indexes"]), (5_000_000, 500_000_000, 3));
    assert!(load.time.as_ref().is_some_and(|time| time.confidence == "measured"), "{load:?}");
    // A table without a key cannot be copied by ranges: a person does it, and it is a finding.
    assert_eq!(copy.steps[1].by, "manual");
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-042" && finding.object == "table log"));
    // A hostile name stays inside its quotes.
    let hostile = copy.steps[2].undo.command.as_ref().expect("a command");
    assert_eq!(hostile.text, "delete from \"or\"\"ders`; drop\";");
}

#[test]
fn verdicts_become_work_and_what_blocks_is_a_gate() {
    let plan = plan();
    let schema = plan.phases.iter().find(|phase| phase.name == "schema").expect("a schema");
    let tasks: Vec<(&str, u64)> = schema.project.tasks.iter().map(|task| (task.what.as_str(), task.minutes)).collect();
    assert!(tasks.contains(&("Convert the event nightly: event has no equal", 30)), "{tasks:?}");
    assert!(tasks.contains(&("Solve the table shapes: table has no equal", 240)), "{tasks:?}");
    assert!(
        tasks.iter().any(|(what, minutes)| what.starts_with("Convert 12 objects (t0, t1, t2 and 9 more)") && *minutes == 180),
        "{tasks:?}"
    );
    assert!(schema.gates.iter().any(|gate| gate.id == "schema/nothing-blocked"));
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-040" && finding.severity == Severity::High));
    assert!(
        plan.findings.iter().any(|finding| finding.code == "SG-PLAN-041" && finding.severity == Severity::Medium),
        "its support ends before the deadline"
    );
    assert_eq!(plan.program.verdicts["manual"], 13);
    assert!(plan.not_checked.contains(&"the grants of old".to_owned()));
}

#[test]
fn code_is_work_and_without_it_something_is_needed() {
    let plan = plan();
    let load = plan.phases.iter().flat_map(|phase| &phase.project.loads).find(|load| load.key == "people.incident_point").expect("points");
    assert_eq!(load.amount, 6);
    let without = good(&read(SPEC), None);
    assert!(without.program.needed.iter().any(|needed| needed.spec_key == "code.path"));
    assert!(!plan.program.needed.iter().any(|needed| needed.spec_key == "code.path"));
}

#[test]
fn a_window_is_chosen_only_where_it_is_shown_to_fit() {
    let with = |downtime: &str, rates: &str, size: &str| {
        let text = format!(
            "segue: 1\nid: A\nlimits: {{downtime: {downtime}, rollback: wanted}}\n{rates}systems:\n  old: {{mysql: {{url: env:A}}, facts: {{size: {size}, rows: 1000000}}}}\n  new: {{postgres: {{url: env:B}}}}\nmove: {{from: old, to: new}}\n"
        );
        good(&read(&text), None).pattern
    };
    let small = with("2h", "rates: {copy: 20MiB/s, verify: 50000 rows/s}\n", "2GiB");
    assert_eq!(small.name, "big-bang");
    assert!(small.why.contains("acceptable here") && small.why.contains("2h"), "{}", small.why);
    assert_eq!(with("2h", "", "2GiB").name, "cdc", "nobody stated a rate");
    assert_eq!(with("none", "rates: {copy: 20MiB/s}\n", "2GiB").name, "cdc");
    assert_eq!(with("2h", "rates: {copy: 20MiB/s}\n", "900GiB").name, "cdc");
    let asked = read(
        "segue: 1\nid: A\nlimits: {downtime: 1m, rollback: wanted}\nrates: {copy: 20MiB/s}\nsystems:\n  old: {mysql: {url: env:A}, facts: {size: 90GiB}}\n  new: {postgres: {url: env:B}}\nmove: {from: old, to: new, pattern: big-bang}\n",
    );
    let plan = planned(&asked, None).expect("a plan");
    assert!(plan.findings.iter().any(|finding| finding.code == "SG-PLAN-043" && finding.severity == Severity::High), "{:?}", plan.findings);
}

#[test]
fn five_thousand_tables_are_planned() {
    let mut assessment = assessment();
    let old = assessment.systems.get_mut("old").expect("it is there");
    old.tables = (0..5_000).map(|number| table(&format!("table_{number}"), number * 1_000, true)).collect();
    let plan = good(&read(SPEC), Some(&assessment));
    let steps: usize = plan.phases.iter().map(|phase| phase.steps.len()).sum();
    assert!(steps > 10_000, "{steps}");
}
