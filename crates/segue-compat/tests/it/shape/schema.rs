//! The reader of schemas: what dialects disagree on, and what is not understood.

use segue_compat::doc::Doc;
use segue_compat::policy::{Relation, Role};
use segue_compat::shape::relate::{Comparison, accepts};
use segue_compat::shape::schema::{Dialect, FileIndex, Reader};
use segue_compat::source::{File, Source};
use segue_model::check::Side;
use serde_json::{Value, json};

use super::harness::{OPEN, shapes_of};

fn fits(dialect: Dialect, schema: &Value, value: &Value) -> Option<bool> {
    let (shapes, root) = shapes_of(schema, dialect);
    accepts(&shapes, root, value, OPEN)
}

#[test]
fn dialects_disagree() {
    let flag = json!({"minimum": 5, "exclusiveMinimum": true});
    assert_eq!(fits(Dialect::Draft4, &flag, &json!(5)), Some(false));
    assert_eq!(fits(Dialect::OpenApi30, &flag, &json!(5)), Some(false));
    assert_eq!(fits(Dialect::Draft7, &flag, &json!(5)), None, "a broken keyword decides nothing");
    let siblings = json!({"properties": {"a": {"$ref": "#/definitions/s", "maxLength": 1}}, "definitions": {"s": {"type": "string"}}});
    assert_eq!(fits(Dialect::Draft7, &siblings, &json!({"a": "xx"})), Some(true));
    assert_eq!(fits(Dialect::Draft2020, &siblings, &json!({"a": "xx"})), Some(false));
    let nullable = json!({"type": "string", "nullable": true, "x-nullable": true});
    for (dialect, is) in [(Dialect::OpenApi30, true), (Dialect::Swagger2, true), (Dialect::OpenApi31, false), (Dialect::Draft7, false)] {
        assert_eq!(fits(dialect, &nullable, &Value::Null), Some(is), "{dialect:?}");
    }
    let tuple = json!({"items": [{"type": "string"}], "additionalItems": false});
    assert_eq!(fits(Dialect::Draft7, &tuple, &json!(["a", 1])), Some(false));
    assert_eq!(fits(Dialect::Draft7, &tuple, &json!([1])), Some(false));
    let constant = json!({"const": 1});
    assert_eq!(fits(Dialect::Draft4, &constant, &json!(2)), Some(true));
    assert_eq!(fits(Dialect::Draft6, &constant, &json!(1.0)), Some(true));
    let depends = json!({"dependencies": {"a": ["b"], "c": {"required": ["d"]}}});
    assert_eq!(fits(Dialect::Draft7, &depends, &json!({"a": 1})), Some(false));
    assert_eq!(fits(Dialect::Draft7, &depends, &json!({"c": 1, "d": 1})), Some(true));
}

#[test]
fn what_is_not_understood_is_said_and_never_accepted() {
    for schema in [
        json!({"$dynamicRef": "#node"}),
        json!({"$ref": "#/nowhere"}),
        json!({"type": "str"}),
        json!({"maxLength": -1}),
        json!({"multipleOf": 0}),
        json!({"required": "a"}),
        json!({"properties": []}),
        json!({"allOf": {"type": "string"}}),
    ] {
        assert_eq!(fits(Dialect::Draft2020, &schema, &json!("x")), None, "{schema}");
    }
}

#[test]
fn references_cross_files_and_are_read_once() {
    let main =
        r##"{"properties": {"a": {"$ref": "parts/b.json#/x~1y"}, "b": {"$ref": "parts/b.json#/x~1y"}, "c": {"$ref": "#/properties/a"}}}"##;
    let part = r#"{"x/y": {"$ref": "../a.json#/d%65fs"}, "z": 1}"#;
    let main = main.replace("}}}", "}}, \"defs\": {\"type\": \"integer\"}}");
    let source = Source { side: Side::Old, files: vec![File::text("dir/a.json", &main), File::text("dir/parts/b.json", part)] };
    let docs: Vec<Option<Doc>> = source.files.iter().map(|file| Doc::json(file.as_text().expect("text")).ok()).collect();
    let mut reader = Reader::new(Dialect::Draft7, FileIndex::new(&source, &docs).resolver());
    let root = reader.root(docs[0].as_ref().expect("it reads").root(), 0, "#");
    let (shapes, not_checked) = reader.finish();
    assert!(not_checked.is_empty(), "{not_checked:?}");
    assert_eq!(accepts(&shapes, root, &json!({"a": 1, "b": 2, "c": 3}), OPEN), Some(true));
    assert_eq!(accepts(&shapes, root, &json!({"c": "x"}), OPEN), Some(false));
    assert_eq!(shapes.len(), 6, "root, a, b, c, the part, defs");
}

#[test]
fn a_discriminator_and_formats_of_numbers() {
    let api = |format: &str| json!({"type": "integer", "format": format});
    let (old, a) = shapes_of(&api("int64"), Dialect::OpenApi30);
    let (new, b) = shapes_of(&api("int32"), Dialect::OpenApi30);
    let mut comparison = Comparison::new(&old, &new, OPEN);
    assert_eq!(comparison.relate(a, b, Role::Request, "request-body", "u"), Relation::Narrowed);
    let differences = comparison.finish();
    assert!(differences.iter().all(|one| one.witness.is_some()), "a number shows it");
    let discriminated = |mapping: Value| {
        json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": mapping},
            "components": {"schemas": {"Cat": {"type": "object", "properties": {"kind": {"type": "string"}}}, "Dog": {"type": "object", "properties": {"kind": {"type": "string"}}}}}})
    };
    let (old, a) = shapes_of(&discriminated(json!({"cat": "#/components/schemas/Cat", "dog": "Dog"})), Dialect::OpenApi30);
    let (new, b) = shapes_of(&discriminated(json!({"cat": "#/components/schemas/Cat", "hound": "Dog"})), Dialect::OpenApi30);
    let mut comparison = Comparison::new(&old, &new, OPEN);
    comparison.relate(a, b, Role::Request, "request-body", "u");
    let changes: Vec<String> = comparison.finish().into_iter().map(|one| one.change).collect();
    assert_eq!(changes, ["mapping + hound", "mapping - dog"]);
}
