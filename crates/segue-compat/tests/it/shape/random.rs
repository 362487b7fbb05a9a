//! Random pairs against sampled values: never safe when a value shows otherwise. The independent validator judges.

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use segue_compat::policy::{Relation, Role};
use segue_compat::shape::relate::accepts;
use serde_json::{Value, json};

use super::harness::{OPEN, is_proved, relate, shapes, validator};

fn number(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(u.choose(&[json!(0), json!(1), json!(2), json!(-1), json!(5), json!(10), json!(0.5), json!(3)])?.clone())
}

fn value(u: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    Ok(match u.int_in_range(0..=if depth > 1 { 5 } else { 7 })? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 | 3 => number(u)?,
        4 | 5 => json!(u.choose(&["", "a", "ab", "abc", "b", "xyz", "2024-01-01"])?),
        6 => {
            let mut items = Vec::new();
            for _ in 0..u.int_in_range(0..=3)? {
                items.push(value(u, depth + 1)?);
            }
            Value::Array(items)
        }
        _ => {
            let mut entries = serde_json::Map::new();
            for _ in 0..u.int_in_range(0..=3)? {
                let name = *u.choose(&["a", "b", "c", "xd"])?;
                entries.insert(name.to_owned(), value(u, depth + 1)?);
            }
            Value::Object(entries)
        }
    })
}

fn several(u: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    let count = u.int_in_range(1..=3)?;
    (0..count).map(|_| schema(u, depth + 1)).collect::<Result<Vec<Value>>>().map(Value::Array)
}

fn keyword(u: &mut Unstructured<'_>, depth: u32) -> Result<(&'static str, Value)> {
    let count = |u: &mut Unstructured<'_>| u.int_in_range(0..=3).map(|count: u32| json!(count));
    let most = if depth >= 3 { 15 } else { 32 };
    Ok(match u.int_in_range(0..=most)? {
        0..=3 => ("type", json!(u.choose(&["null", "boolean", "integer", "number", "string", "array", "object"])?)),
        4 => {
            let one = *u.choose(&["null", "boolean", "integer", "string"])?;
            ("type", json!([one, "object", "array"]))
        }
        5 => ("minimum", number(u)?),
        6 => ("maximum", number(u)?),
        7 => ("exclusiveMinimum", number(u)?),
        8 => ("multipleOf", u.choose(&[json!(1), json!(2), json!(3)])?.clone()),
        9 => ("minLength", count(u)?),
        10 => ("maxLength", count(u)?),
        11 => ("pattern", json!(u.choose(&["^a", "b$", "^[a-c]+$", "^[ab]*$", "x"])?)),
        12 => ("const", value(u, 1)?),
        13 => ("enum", json!([value(u, 1)?, value(u, 1)?])),
        14 => ("required", u.choose(&[json!(["a"]), json!(["a", "b"]), json!(["c"])])?.clone()),
        15 => ("uniqueItems", json!(u.arbitrary::<bool>()?)),
        16 => ("minItems", count(u)?),
        17 => ("maxItems", count(u)?),
        18 => ("minProperties", count(u)?),
        19 => ("maxProperties", count(u)?),
        20 | 21 => {
            let mut properties = serde_json::Map::new();
            for name in ["a", "b", "c"] {
                if u.arbitrary()? {
                    properties.insert(name.to_owned(), schema(u, depth + 1)?);
                }
            }
            ("properties", Value::Object(properties))
        }
        22 => ("additionalProperties", if u.arbitrary()? { json!(false) } else { schema(u, depth + 1)? }),
        23 => ("items", schema(u, depth + 1)?),
        24 => ("prefixItems", several(u, depth)?),
        25 => ("anyOf", several(u, depth)?),
        26 => ("oneOf", several(u, depth)?),
        27 => ("allOf", several(u, depth)?),
        28 => ("not", schema(u, depth + 1)?),
        29 => match u.int_in_range(0..=3)? {
            0 => ("contains", schema(u, depth + 1)?),
            1 => ("propertyNames", schema(u, depth + 1)?),
            2 => ("patternProperties", json!({"^x": schema(u, depth + 1)?})),
            _ => ("dependentRequired", json!({"a": ["b"]})),
        },
        30 => ("unevaluatedItems", rest(u, depth)?),
        31 => ("dependentSchemas", json!({"a": schema(u, depth + 1)?})),
        _ => (*u.choose(&["$ref", "$dynamicRef"])?, json!("#/$defs/t")),
    })
}

/// What is said of what is left over.
fn rest(u: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    if u.ratio(2, 3)? { Ok(json!(false)) } else { schema(u, depth + 1) }
}

fn schema(u: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    if u.ratio(1, 20)? {
        return Ok(json!(u.arbitrary::<bool>()?));
    }
    let mut all = serde_json::Map::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let (name, value) = keyword(u, depth)?;
        all.insert(name.to_owned(), value);
    }
    if depth < 3 && u.ratio(1, 24)? {
        all.insert("unevaluatedProperties".to_owned(), rest(u, depth)?);
    }
    if depth < 3 && u.ratio(1, 16)? {
        all.insert("if".to_owned(), schema(u, depth + 1)?);
        for branch in ["then", "else"] {
            if u.arbitrary()? {
                all.insert(branch.to_owned(), schema(u, depth + 1)?);
            }
        }
    }
    Ok(Value::Object(all))
}

fn whole(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut root = match schema(u, 0)? {
        Value::Object(root) => root,
        other => serde_json::Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    let mut target = schema(u, 2)?;
    if let Value::Object(target) = &mut target {
        target.remove("$ref");
        target.remove("$dynamicRef");
    }
    root.insert("$defs".to_owned(), json!({"t": target}));
    Ok(Value::Object(root))
}

/// One keyword anywhere is put, replaced or taken away.
fn mutated(u: &mut Unstructured<'_>, schema: &Value, depth: u32) -> Result<Value> {
    let mut new = schema.clone();
    let Value::Object(all) = &mut new else { return self::schema(u, 2) };
    let inner: Vec<String> = all.iter().filter(|(_, value)| value.is_object()).map(|(key, _)| key.clone()).collect();
    if !inner.is_empty() && depth < 4 && u.ratio(1, 2)? {
        let key = u.choose(&inner)?.clone();
        if let Some(Value::Object(inner)) = all.get_mut(&key) {
            if matches!(key.as_str(), "properties" | "$defs" | "patternProperties" | "dependentRequired" | "dependentSchemas") {
                let names: Vec<String> = inner.keys().cloned().collect();
                if key != "dependentRequired" && !names.is_empty() {
                    let name = u.choose(&names)?.clone();
                    let part = mutated(u, &inner[&name], depth + 1)?;
                    inner.insert(name, part);
                }
            } else {
                let part = mutated(u, &Value::Object(inner.clone()), depth + 1)?;
                all.insert(key, part);
            }
        }
        return Ok(new);
    }
    if u.arbitrary()? {
        let keys: Vec<String> = all.keys().filter(|key| *key != "$defs").cloned().collect();
        if !keys.is_empty() {
            let key = u.choose(&keys)?.clone();
            all.remove(&key);
        }
    }
    let (name, value) = keyword(u, 2)?;
    if !matches!(name, "$ref" | "$dynamicRef") || depth == 0 {
        all.insert(name.to_owned(), value);
    }
    Ok(new)
}

#[test]
fn the_relation_is_never_safer_than_values_show() {
    // A witness is judged at the place of a difference together with all that holds there, which may be no place of the
    // document: such a one cannot be asked of another library. Nearly all can, and are right.
    let (mut proved, mut open) = (0_u32, 0_u32);
    arbtest(|u| {
        let old = whole(u)?;
        let new = if u.ratio(3, 4)? { mutated(u, &old, 0)? } else { whole(u)? };
        let (Some(left), Some(right)) = (validator(&old, ""), validator(&new, "")) else { return Ok(()) };
        if is_nested(&old) || is_nested(&new) {
            return Ok(());
        }
        let (relation, differences) = relate(&old, &new, Role::Data, OPEN);
        // Where a declared property meets an undeclared one, the path names a place of one side only.
        let crosses = [&old, &new].iter().any(|schema| {
            let text = schema.to_string();
            ["additionalProperties", "patternProperties", "prefixItems", "unevaluated"].iter().any(|keyword| text.contains(keyword))
        });
        for one in differences.iter().filter(|one| !crosses && one.witness.is_some()) {
            *(if is_proved(&old, &new, one) { &mut proved } else { &mut open }) += 1;
        }
        for _ in 0..40 {
            let value = value(u, 0)?;
            let (is, was) = (right.is_valid(&value), left.is_valid(&value));
            if was && !is {
                assert!(!matches!(relation, Relation::Equal | Relation::Widened), "{relation:?}: {value}\n{old}\n{new}\n{differences:?}");
            }
            if is && !was {
                assert!(!matches!(relation, Relation::Equal | Relation::Narrowed), "{relation:?}: {value}\n{old}\n{new}\n{differences:?}");
            }
        }
        Ok(())
    })
    .budget_ms(8_000)
    .size_max(20_000);
    println!("{proved} witnesses shown by another library, {open} not");
    assert!(proved > 100 && open * 20 <= proved, "{proved} witnesses are shown by another library, {open} are not");
}

#[test]
fn a_schema_is_equal_to_itself_and_swapping_swaps() {
    // Never narrower or wider than itself; undecided only where keywords are piled up as nobody writes them.
    let (mut equal, mut open) = (0_u32, 0_u32);
    arbtest(|u| {
        let old = whole(u)?;
        let (relation, differences) = relate(&old, &old, Role::Data, OPEN);
        assert!(matches!(relation, Relation::Equal | Relation::Undecided), "{old}\n{differences:?}");
        *(if relation == Relation::Equal && differences.is_empty() { &mut equal } else { &mut open }) += 1;
        let new = mutated(u, &old, 0)?;
        let (there, back) = (relate(&old, &new, Role::Data, OPEN).0, relate(&new, &old, Role::Data, OPEN).0);
        assert_eq!(there.swapped(), back, "{old}\n{new}");
        Ok(())
    })
    .budget_ms(3_000)
    .size_max(20_000);
    assert!(equal > 20 && open * 50 <= equal, "{equal} schemas are equal to themselves, {open} are undecided");
}

/// One `unevaluated…` inside another: the other library does not always let the inner one speak for the outer one, as the
/// standard has it. What we do then is in the test below.
fn is_nested(schema: &Value) -> bool {
    schema.to_string().matches("\"unevaluated").count() > 1
}

#[test]
fn an_inner_unevaluated_speaks_for_the_outer_one() {
    let of_all = json!({"allOf": [{"unevaluatedProperties": {}}], "unevaluatedProperties": false});
    let of_name = json!({"$defs": {"t": {"unevaluatedProperties": {}}}, "$ref": "#/$defs/t", "unevaluatedProperties": false});
    let narrow = json!({"allOf": [{"unevaluatedProperties": {"type": "string"}}], "unevaluatedProperties": false});
    for (schema, value, fits) in [
        (&of_all, json!({"a": 1}), true),
        (&of_name, json!({"a": ["x"]}), true),
        (&narrow, json!({"a": "x"}), true),
        (&narrow, json!({"a": 1}), false),
    ] {
        let (shapes, root) = shapes(schema);
        assert_eq!(accepts(&shapes, root, &value, OPEN), Some(fits), "{schema}\n{value}");
    }
}

#[test]
fn our_evaluator_agrees_with_the_independent_one() {
    arbtest(|u| {
        let schema = whole(u)?;
        let Some(validator) = validator(&schema, "").filter(|_| !is_nested(&schema)) else { return Ok(()) };
        let (shapes, root) = shapes(&schema);
        for _ in 0..20 {
            let value = value(u, 0)?;
            if let Some(fits) = accepts(&shapes, root, &value, OPEN) {
                assert_eq!(fits, validator.is_valid(&value), "{schema}\n{value}");
            }
        }
        Ok(())
    })
    .budget_ms(3_000)
    .size_max(20_000);
}
