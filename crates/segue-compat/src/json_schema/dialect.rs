//! Which draft a document is written in: what `$schema` says, or what its keywords show.
//!
//! Where nothing tells, 2020-12 is assumed, which differs least from what people mean. Tests: below.

use crate::doc::{At, Value};
use crate::shape::schema::Dialect;

/// Keywords by which a map is known as a schema.
const KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "items",
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "const",
    "required",
    "definitions",
    "$defs",
    "not",
    "pattern",
    "additionalProperties",
    "patternProperties",
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "format",
    "if",
];

/// Words that other kinds of contracts begin with.
const OTHERS: &[&str] = &["openapi", "swagger", "asyncapi", "fields", "protocol", "data", "tables", "endpoints"];

/// The text begins as a JSON map whose first key is the `$schema` of this family: what nobody has to read to know.
pub(super) fn says_so(text: &str) -> bool {
    let value = || {
        let rest = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"$schema\"")?;
        rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()
    };
    value().is_some_and(|value| value.contains("json-schema.org"))
}

/// The value is a schema document.
pub(super) fn is_schema(root: At<'_>) -> bool {
    if root.text_at("$schema").is_some_and(|text| text.contains("json-schema.org")) {
        return true;
    }
    if !root.is_map() || OTHERS.iter().any(|word| root.get(word).is_some()) {
        return false;
    }
    let type_fits = root.get("type").is_none_or(|at| {
        let known = |at: At<'_>| {
            at.text().is_some_and(|name| ["null", "boolean", "integer", "number", "string", "array", "object"].contains(&name))
        };
        known(at) || at.is_list() && at.items().all(known)
    });
    let certain = ["properties", "$defs", "definitions"].iter().any(|key| root.get(key).is_some_and(At::is_map))
        || ["allOf", "anyOf", "oneOf", "enum"].iter().any(|key| root.get(key).is_some_and(At::is_list))
        || root.text_at("$ref").is_some();
    type_fits && (certain || root.get("type").is_some()) && has_keyword(root)
}

/// At least one keyword of schemas is there.
pub(super) fn has_keyword(root: At<'_>) -> bool {
    KEYWORDS.iter().any(|word| root.get(word).is_some())
}

/// The draft of a document; `None` when `$schema` names one that is not known.
pub(super) fn of(root: At<'_>) -> Option<Dialect> {
    let Some(name) = root.text_at("$schema") else { return Some(guessed(root)) };
    let known = [
        ("draft-03", None),
        ("draft-04", Some(Dialect::Draft4)),
        ("draft-06", Some(Dialect::Draft6)),
        ("draft-07", Some(Dialect::Draft7)),
        ("2019-09", Some(Dialect::Draft2019)),
        ("2020-12", Some(Dialect::Draft2020)),
    ];
    if let Some((_, dialect)) = known.iter().find(|(part, _)| name.contains(part)) {
        return *dialect;
    }
    name.trim_end_matches('#').ends_with("json-schema.org/schema").then_some(Dialect::Draft2020)
}

fn guessed(root: At<'_>) -> Dialect {
    let has = |key: &str| root.get(key).is_some();
    if has("$defs") || has("prefixItems") || has("unevaluatedProperties") || has("dependentRequired") || has("$dynamicRef") {
        Dialect::Draft2020
    } else if matches!(root.get("exclusiveMinimum").or(root.get("exclusiveMaximum")).map(At::value), Some(Value::Bool(_)))
        || has("id") && !has("$id") && root.text_at("id").is_some()
    {
        Dialect::Draft4
    } else if has("definitions") || has("dependencies") || root.get("items").is_some_and(At::is_list) {
        Dialect::Draft7
    } else {
        Dialect::Draft2020
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::Doc;

    #[test]
    fn drafts_are_named_or_guessed() {
        for (text, dialect) in [
            (r#"{"$schema": "http://json-schema.org/draft-04/schema#"}"#, Some(Dialect::Draft4)),
            (r#"{"$schema": "https://json-schema.org/draft/2019-09/schema"}"#, Some(Dialect::Draft2019)),
            (r#"{"$schema": "http://json-schema.org/draft-03/schema#"}"#, None),
            (r#"{"$schema": "http://example.com/mine"}"#, None),
            (r#"{"exclusiveMinimum": true}"#, Some(Dialect::Draft4)),
            (r#"{"definitions": {}}"#, Some(Dialect::Draft7)),
            (r#"{"type": "string"}"#, Some(Dialect::Draft2020)),
        ] {
            assert_eq!(of(Doc::json(text).expect("it reads").root()), dialect, "{text}");
        }
    }

    #[test]
    fn what_says_so_is_known_by_its_beginning() {
        assert!(says_so(" {\n\"$schema\" : \"https://json-schema.org/draft/2020-12/schema\", \"type\""));
        for text in
            ["{\"a\": {\"$schema\": \"https://json-schema.org/x\"}}", "{\"$schema\": \"https://example.org\"}", "{\"$schema\": 1}", "{"]
        {
            assert!(!says_so(text), "{text}");
        }
    }

    #[test]
    fn other_documents_are_no_schemas() {
        for (text, is) in [
            (r#"{"type": "object", "properties": {}}"#, true),
            (r#"{"$ref": "other.json"}"#, true),
            (r#"{"openapi": "3.0.0", "type": "object"}"#, false),
            (r#"{"type": "record", "name": "a", "fields": []}"#, false),
            (r#"{"type": "record"}"#, false),
            (r#"{"host": "localhost", "format": 1}"#, false),
            ("[]", false),
            ("{}", false),
        ] {
            assert_eq!(is_schema(Doc::json(text).expect("it reads").root()), is, "{text}");
        }
    }
}
