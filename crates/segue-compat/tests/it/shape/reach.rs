//! Who is reached by a difference.

use segue_compat::policy::Role;
use segue_compat::shape::relate::{Comparison, drafts};
use serde_json::{Value, json};

use super::harness::{OPEN, shapes};

fn api(most: u32) -> Value {
    json!({
        "properties": {
            "one": {"$ref": "#/$defs/order"},
            "two": {"properties": {"orders": {"type": "array", "items": {"$ref": "#/$defs/order"}}}},
            "three": {"type": "object", "properties": {"a": {"type": "string"}}},
        },
        "$defs": {
            "order": {"type": "object", "properties": {"note": {"$ref": "#/$defs/note"}, "parent": {"$ref": "#/$defs/order"}}},
            "note": {"type": "string", "maxLength": most},
        },
    })
}

#[test]
fn a_component_is_told_once_with_its_users() {
    let ((old, a), (new, b)) = (shapes(&api(9)), shapes(&api(5)));
    let mut comparison = Comparison::new(&old, &new, OPEN);
    let part = |shapes: &segue_compat::shape::Shapes, root, name: &str| {
        let maps = shapes.get(root).maps.clone().expect("properties");
        maps.properties.iter().find(|one| one.0.as_ref() == name).expect("the property").1
    };
    for name in ["one", "two", "three"] {
        for user in 0..50 {
            let user = format!("{name} {user:02}");
            comparison.relate(part(&old, a, name), part(&new, b, name), Role::Request, "request-body", &user);
        }
    }
    comparison.relate(part(&old, a, "one"), part(&new, b, "one"), Role::Response, "response-body", "one 00");
    let differences = comparison.finish();
    let told: Vec<(Role, usize, &str, Vec<String>)> =
        differences.iter().map(|one| (one.role, one.reach.count, one.object.as_str(), one.reach.examples.clone())).collect();
    let first = vec!["one 00".to_owned(), "one 01".to_owned(), "one 02".to_owned()];
    assert_eq!(told, vec![(Role::Request, 100, "$defs/note", first), (Role::Response, 1, "$defs/note", vec!["one 00".to_owned()])]);
    let drafts: Vec<_> = drafts(differences, &segue_compat::policy::DEFAULT).collect();
    assert_eq!(drafts.iter().map(|draft| draft.rule.as_str()).collect::<Vec<_>>(), ["request-body-length", "response-body-length"]);
}
