//! Documents made to be expensive: bounded, and never called safe.

use segue_compat::policy::{Relation, Role};
use serde_json::{Value, json};

use super::harness::{OPEN, relate};

#[test]
fn a_chain_of_a_hundred_thousand_references() {
    let chain = |last: Value| {
        let mut definitions = serde_json::Map::new();
        for at in 0..100_000_u32 {
            definitions.insert(format!("d{at}"), json!({"type": "object", "properties": {"n": {"$ref": format!("#/$defs/d{}", at + 1)}}}));
        }
        definitions.insert("d100000".to_owned(), last);
        json!({"$ref": "#/$defs/d0", "$defs": definitions})
    };
    let (relation, differences) = relate(&chain(json!({"type": "string"})), &chain(json!({"type": "integer"})), Role::Data, OPEN);
    assert_eq!((relation, differences.len()), (Relation::Changed, 1));
}

#[test]
fn references_in_circles_say_nothing_new() {
    let circle = |most: u32| json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}, {"maxLength": most}]}}});
    assert_eq!(relate(&circle(5), &circle(5), Role::Data, OPEN).0, Relation::Equal);
    assert_ne!(relate(&circle(5), &circle(3), Role::Data, OPEN).0, Relation::Equal);
    let itself = json!({"$ref": "#"});
    assert_eq!(relate(&itself, &itself, Role::Data, OPEN).0, Relation::Equal);
}

#[test]
fn very_many_members() {
    let members = |from: u32| json!({"enum": (from..from + 300_000).collect::<Vec<u32>>()});
    let (relation, differences) = relate(&members(0), &members(1), Role::Data, OPEN);
    assert_eq!((relation, differences.len()), (Relation::Changed, 2));
    assert_eq!(relate(&members(0), &members(0), Role::Data, OPEN).0, Relation::Equal);
}

#[test]
fn combinations_that_multiply() {
    // 2 to the 40th alternatives, if each were looked at.
    let groups = |tag: &str| {
        let all: Vec<Value> =
            (0..40).map(|at| json!({"anyOf": [{"required": [format!("a{at}")]}, {"required": [format!("{tag}{at}")]}]})).collect();
        json!({"type": "object", "allOf": all})
    };
    assert_eq!(relate(&groups("b"), &groups("b"), Role::Data, OPEN).0, Relation::Equal);
    assert!(!matches!(relate(&groups("b"), &groups("c"), Role::Data, OPEN).0, Relation::Equal | Relation::Widened));
    let nested =
        (0..200).fold(json!({"type": "string"}), |inner, at| json!({"anyOf": [inner, {"type": "object", "required": [format!("p{at}")]}]}));
    assert_eq!(relate(&nested, &nested, Role::Data, OPEN).0, Relation::Equal);
}

#[test]
fn expressions_that_explode() {
    let pattern = |text: &str| json!({"type": "string", "pattern": text});
    for (old, new) in [
        ("^(a+)+$", "^(a|a)*$"),
        ("(x+x+)+y", "(x+x+)+z"),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", "^([a-z]+.?)+[A-Z]$"),
        ("(a{1,200}){1,200}", "(b{1,200}){1,200}"),
        ("[ab]*a[ab]{40}", "[ab]*b[ab]{40}"),
    ] {
        let relation = relate(&pattern(old), &pattern(new), Role::Data, OPEN).0;
        assert_ne!(relation, Relation::Equal, "{old} and {new}");
    }
}

#[test]
fn many_properties_that_all_went() {
    let wide = |tag: &str| {
        let properties: serde_json::Map<String, Value> = (0..20_000).map(|at| (format!("{tag}{at}"), json!({"type": "string"}))).collect();
        json!({"type": "object", "properties": properties, "additionalProperties": false})
    };
    let (relation, differences) = relate(&wide("left"), &wide("other"), Role::Data, OPEN);
    assert_eq!((relation, differences.len()), (Relation::Changed, 40_000));
}

#[test]
fn more_names_and_expressions_than_are_held_against_each_other() {
    let properties: serde_json::Map<String, Value> = (0..150).map(|at| (format!("p{at}"), json!({"type": "string"}))).collect();
    let schema = |more: Option<&str>| {
        let mut patterns: serde_json::Map<String, Value> = (0..25_000).map(|at| (format!("^x{at}$"), json!({"type": "string"}))).collect();
        patterns.extend(more.map(|pattern| (pattern.to_owned(), json!({"type": "integer"}))));
        json!({"type": "object", "properties": properties, "patternProperties": patterns})
    };
    // `p99` is the last name: no value fits it any more, and the work ends before it is looked at.
    let relation = relate(&schema(None), &schema(Some("^p99$")), Role::Data, OPEN).0;
    assert!(matches!(relation, Relation::Undecided | Relation::Narrowed | Relation::Changed), "{relation:?}");
    assert_eq!(relate(&schema(None), &schema(None), Role::Data, OPEN).0, Relation::Equal);
}

#[test]
fn very_many_conditions_one_more_in_front() {
    let condition = |at: u32| json!({"if": {"required": [format!("a{at}")]}, "then": {"required": [format!("b{at}")]}});
    let of = |from: u32| json!({"type": "object", "allOf": (from..2_000).map(condition).collect::<Vec<Value>>()});
    assert_eq!(relate(&of(0), &of(0), Role::Data, OPEN).0, Relation::Equal);
    assert!(matches!(relate(&of(1), &of(0), Role::Data, OPEN).0, Relation::Narrowed | Relation::Undecided));
}
