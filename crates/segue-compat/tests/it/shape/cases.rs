//! Pairs of schemas with what must be said of them; the file is data, so that a case needs no compiler.

use segue_compat::policy::{Relation, Role};
use segue_compat::shape::relate::Options;
use serde::Deserialize;
use serde_json::Value;

use super::harness::{is_proved, relate};

#[derive(Deserialize)]
struct Case {
    name: String,
    old: Value,
    new: Value,
    expect: Vec<String>,
    #[serde(default)]
    world: String,
    #[serde(default)]
    role: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../cases/shape/pairs.json")).expect("the cases read")
}

fn setting(case: &Case) -> (Role, Options) {
    let role = match case.role.as_str() {
        "request" => Role::Request,
        "response" => Role::Response,
        _ => Role::Data,
    };
    (role, Options { closed_world: case.world == "closed", formats_bind: true })
}

#[test]
fn each_pair_says_what_it_must() {
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 100, "cases are there");
    for case in &cases {
        let (role, options) = setting(case);
        let (_, differences) = relate(&case.old, &case.new, role, options);
        let mut said: Vec<String> = differences
            .iter()
            .map(|one| format!("{} {} {}", one.rule.id, format!("{:?}", one.relation).to_lowercase(), one.object))
            .collect();
        said.sort();
        let mut expect = case.expect.clone();
        expect.sort();
        if said != expect {
            wrong.push(format!("{}\n  expected {expect:?}\n  said     {said:?}", case.name));
        }
        for difference in &differences {
            if !is_proved(&case.old, &case.new, difference) {
                wrong.push(format!("{}: the witness of {} proves nothing: {:?}", case.name, difference.rule.id, difference.witness));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn certain_differences_have_witnesses() {
    let mut without = Vec::new();
    for case in cases().iter().filter(|case| case.world != "closed") {
        let (role, options) = setting(case);
        let differences = relate(&case.old, &case.new, role, options).1;
        if differences.iter().any(|one| one.rule.id == "not-understood") {
            continue; // No value can be judged there.
        }
        for one in differences {
            let certain = matches!(one.relation, Relation::Narrowed | Relation::Widened | Relation::Changed);
            if certain && one.witness.is_none() {
                without.push(format!("{}: {} at {}", case.name, one.rule.id, one.object));
            }
        }
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
}

#[test]
fn a_schema_against_itself_says_nothing() {
    for case in cases() {
        let (role, options) = setting(&case);
        for schema in [&case.old, &case.new] {
            let (relation, differences) = relate(schema, schema, role, options);
            assert_eq!(
                (relation, differences.len()),
                (Relation::Equal, 0),
                "{}: {:?}",
                case.name,
                differences.first().map(|one| &one.message)
            );
        }
    }
}

#[test]
fn swapping_the_sides_swaps_the_relation() {
    for case in cases() {
        let (role, options) = setting(&case);
        let (there, back) = (relate(&case.old, &case.new, role, options), relate(&case.new, &case.old, role, options));
        assert_eq!(there.0.swapped(), back.0, "{}", case.name);
        let mut a: Vec<String> = there.1.iter().map(|one| format!("{:?}", one.relation.swapped())).collect();
        let mut b: Vec<String> = back.1.iter().map(|one| format!("{:?}", one.relation)).collect();
        a.sort();
        b.sort();
        assert_eq!(a, b, "{}", case.name);
    }
}
