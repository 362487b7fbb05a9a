//! What is left over for `unevaluatedProperties` and `unevaluatedItems`, judged by another library as well.

use segue_compat::policy::{Relation, Role};
use segue_compat::shape::relate::accepts;
use segue_compat::shape::schema::Dialect;
use serde_json::{Value, json};

use super::harness::{OPEN, is_proved, relate, shapes, shapes_of, validator};

/// The relation; every witness is shown by the other library, and one of each way that is certain.
fn relation(old: &Value, new: &Value) -> Relation {
    let (relation, differences) = relate(old, new, Role::Data, OPEN);
    for one in &differences {
        // What is left over meets what is declared on the other side: a place of one side only, at which no other library can
        // be asked.
        let crosses = one.object.contains("unevaluatedItems") && one.witness.is_some();
        assert!(crosses || is_proved(old, new, one), "{} of {old} and {new}: {:?}", one.rule.id, one.witness);
    }
    relation
}

#[test]
fn each_value_is_judged_as_by_another_library() {
    let schemas = [
        json!({"allOf": [{"properties": {"a": {"type": "string"}}}], "properties": {"b": true}, "unevaluatedProperties": false}),
        json!({"$ref": "#/$defs/base", "unevaluatedProperties": {"type": "integer"}, "$defs": {"base": {"properties": {"a": true}}}}),
        json!({"anyOf": [{"properties": {"a": {"type": "string"}}}, {"required": ["b"], "properties": {"b": true}}], "unevaluatedProperties": false}),
        json!({"oneOf": [{"required": ["a"], "properties": {"a": true}}, {"required": ["b"], "patternProperties": {"^b": true}}], "unevaluatedProperties": false}),
        json!({"if": {"required": ["a"], "properties": {"a": {"const": 1}}}, "then": {"properties": {"b": true}}, "else": {"properties": {"c": true}}, "unevaluatedProperties": false}),
        json!({"if": {"properties": {"a": true}}, "unevaluatedProperties": false}),
        json!({"dependentSchemas": {"a": {"properties": {"a": true, "b": true}}}, "unevaluatedProperties": false}),
        json!({"allOf": [{"unevaluatedProperties": true}], "unevaluatedProperties": false}),
        json!({"allOf": [{"anyOf": [{"properties": {"a": true}}], "unevaluatedProperties": {"type": "string"}}], "unevaluatedProperties": false}),
        json!({"not": {"not": {"properties": {"a": true}}}, "unevaluatedProperties": false}),
        json!({"prefixItems": [{"type": "string"}], "allOf": [{"prefixItems": [true, {"type": "integer"}]}], "unevaluatedItems": false}),
        json!({"contains": {"type": "string"}, "unevaluatedItems": {"type": "integer"}}),
        json!({"anyOf": [{"prefixItems": [{"type": "integer"}]}, {"items": {"type": "string"}}], "unevaluatedItems": false}),
    ];
    let mut values = vec![json!({}), json!([]), json!(1)];
    for a in [json!(1), json!("x"), Value::Null] {
        values.push(json!([a]));
        for name in ["a", "b", "c"] {
            values.push(json!({name: a}));
        }
        for b in [json!(2), json!("y")] {
            values.extend([json!({"a": a, "b": b}), json!({"b": a, "bb": b}), json!({"a": a, "c": b}), json!([a, b]), json!([a, b, a])]);
        }
    }
    for schema in &schemas {
        let judge = validator(schema, "").expect("it is a schema");
        let (read, root) = shapes(schema);
        let (mut fit, mut refused) = (0, 0);
        for value in &values {
            let fits = judge.is_valid(value);
            *(if fits { &mut fit } else { &mut refused }) += 1;
            assert_eq!(accepts(&read, root, value, OPEN), Some(fits), "{schema}\n{value}");
        }
        assert!(fit > 0 && (refused > 0 || schema.to_string().contains(":true}]")), "{schema}: {fit} fit, {refused} do not");
    }
}

#[test]
fn what_is_said_elsewhere_in_place_counts() {
    let closed = |part: Value| json!({"allOf": [part], "unevaluatedProperties": false});
    // Nothing is left over where a part speaks of everything.
    assert_eq!(relation(&closed(json!({"additionalProperties": true})), &closed(json!({}))), Relation::Narrowed);
    assert_eq!(
        relation(&closed(json!({"patternProperties": {"^x": true}})), &closed(json!({"patternProperties": {"^y": true}}))),
        Relation::Changed
    );
    assert_eq!(
        relation(&closed(json!({"properties": {"a": true}})), &closed(json!({"properties": {"a": true, "b": true}}))),
        Relation::Widened
    );
    let lists = |part: Value| json!({"type": "array", "allOf": [part], "unevaluatedItems": false});
    assert_eq!(relation(&lists(json!({"prefixItems": [true, true]})), &lists(json!({"prefixItems": [true]}))), Relation::Narrowed);
    assert_eq!(relation(&lists(json!({"items": true})), &lists(json!({}))), Relation::Narrowed);
    // The plain keyword says the same.
    let plain = json!({"properties": {"a": {"type": "integer"}}, "additionalProperties": false});
    assert_eq!(relation(&closed(json!({"properties": {"a": {"type": "integer"}}})), &plain), Relation::Equal);
}

#[test]
fn members_that_speak_are_asked_value_by_value() {
    let one_of = |members: &[Value], rest: Value| json!({"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}, "oneOf": members, "unevaluatedProperties": rest});
    let member = |tag: &str, name: &str| json!({"required": [name], "properties": {"k": {"const": tag}, name: {"type": "string"}}});
    let (a, b) = (member("a", "iban"), member("b", "card"));
    let both = one_of(&[a.clone(), b.clone()], json!(false));
    assert_eq!(relation(&both, &both), Relation::Equal);
    // Only what is said of the rest changed.
    assert_eq!(relation(&both, &one_of(&[a.clone(), b.clone()], json!({"type": "integer"}))), Relation::Widened);
    // A member speaks of another name now.
    let renamed = one_of(&[a, member("b", "pan")], json!(false));
    let said = relation(&both, &renamed);
    assert!(matches!(said, Relation::Changed | Relation::Narrowed), "{said:?}");
}

#[test]
fn an_item_that_is_contained_is_spoken_of_since_2020() {
    let schema = json!({"contains": {"type": "string"}, "unevaluatedItems": false});
    for (dialect, fits) in [(Dialect::Draft2020, true), (Dialect::Draft2019, false)] {
        let (shapes, root) = shapes_of(&schema, dialect);
        assert_eq!(accepts(&shapes, root, &json!(["x"]), OPEN), Some(fits), "{dialect:?}");
    }
}

#[test]
fn very_many_of_them_are_bounded() {
    let wide: serde_json::Map<String, Value> = (0..500).map(|at| (format!("p{at}"), json!({"type": "string"}))).collect();
    let of = |most: u32| {
        let one = json!({"$ref": "#/$defs/base", "unevaluatedProperties": false});
        let all: serde_json::Map<String, Value> = (0..400).map(|at| (format!("a{at}"), one.clone())).collect();
        json!({"properties": all, "$defs": {"base": {"properties": wide, "maxProperties": most}}})
    };
    assert_eq!(relate(&of(9), &of(9), Role::Data, OPEN).0, Relation::Equal);
    assert_eq!(relate(&of(9), &of(4), Role::Data, OPEN).0, Relation::Narrowed);
}
