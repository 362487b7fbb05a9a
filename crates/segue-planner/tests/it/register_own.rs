//! The team's own risks: their ids and words stay; a watch that the plan has lowers their detection.

use segue_model::plan::program::Risk;
use segue_model::plan::{Condition, Gate, Plan};
use segue_model::spec::Check;
use segue_model::spec::program::RiskWish;
use segue_planner::register::register;

use crate::estimate_fixture::{gate, load, move_spec, phase, plan, step};

fn wish(id: Option<&str>, detection: Option<u8>, watch: Option<&str>) -> RiskWish {
    RiskWish {
        id: id.map(str::to_owned),
        what: "the partner's feed stops".to_owned(),
        severity: 8,
        occurrence: 4,
        detection,
        mitigation: None,
        owner: None,
        watch: watch.map(str::to_owned),
    }
}

fn moving() -> Plan {
    let mut copy = phase("copy", &[], vec![load("copy/orders", "machine", "machine.copy", 1)]);
    copy.steps = vec![step("copy/feed", "probe", "command")];
    copy.gates = vec![gate("copy/mismatches", "mismatches"), gate("copy/p95", "p95")];
    copy.gates.push(Gate { id: "copy/yes".to_owned(), what: String::new(), condition: Condition::Approval, from: String::new() });
    plan(vec![copy])
}

/// The row of the only wish, and the codes of the findings.
fn of(wish: RiskWish) -> (Risk, Vec<String>) {
    let mut spec = move_spec();
    spec.checks.insert("revenue".to_owned(), Check { sql: "select 1".to_owned() });
    spec.program.risks = vec![wish];
    let mut plan = moving();
    let findings = register(&mut plan, &spec, None);
    let own = plan.program.risks.iter().find(|risk| risk.category == "own").expect("the team's row").clone();
    (own, findings.into_iter().map(|finding| finding.code).collect())
}

#[test]
fn a_watch_lowers_what_the_team_said() {
    let detection = |stated, watch| of(wish(Some("FEED"), stated, watch)).0.detection;
    assert_eq!(detection(None, None), 9);
    assert_eq!(detection(Some(7), None), 7);
    assert_eq!(detection(Some(7), Some("copy/mismatches")), 2);
    assert_eq!(detection(Some(7), Some("mismatches")), 2);
    assert_eq!(detection(Some(7), Some("copy/p95")), 4, "nothing measures it but a person");
    assert_eq!(detection(Some(7), Some("copy/yes")), 4);
    assert_eq!(detection(Some(7), Some("copy/feed")), 3);
    assert_eq!(detection(Some(7), Some("revenue")), 3);
    assert_eq!(detection(Some(1), Some("copy/yes")), 1, "a watch never raises");
}

#[test]
fn ids_stay_and_free_ones_are_given() {
    let mut spec = move_spec();
    spec.program.risks = vec![wish(Some("R5"), None, None), wish(None, None, None), wish(Some("t1"), None, None), wish(None, None, None)];
    let mut plan = moving();
    register(&mut plan, &spec, None);
    let mut own: Vec<&str> = plan.program.risks.iter().filter(|risk| risk.category == "own").map(|risk| risk.id.as_str()).collect();
    own.sort_unstable();
    assert_eq!(own, ["R5", "T2", "T3", "t1"]);
    assert!(plan.program.risks.iter().any(|risk| risk.id == "segue-R5"), "the computed one gives way");
    let row = plan.program.risks.iter().find(|risk| risk.id == "R5").expect("the team's");
    assert_eq!((row.rpn, row.level.as_str(), row.what.as_str()), (288, "high", "the partner's feed stops"));
}

#[test]
fn a_watch_that_is_not_there_is_said() {
    let (row, codes) = of(wish(Some("FEED"), Some(7), Some("copy/nothing")));
    assert_eq!((row.detection, codes), (7, vec!["SG-PLAN-123".to_owned()]));
}
