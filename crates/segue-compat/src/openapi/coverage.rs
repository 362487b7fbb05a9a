//! Which of a peer's names ours answer, and which not.
//!
//! Names of whole rules stand in each rule's `answers`. A difference of value shapes has a name made of position and rule, and a
//! peer's name of it is taken apart in the same way here. What is not answered is listed with the reason, and never counted.
//! Tests: `tests/it/openapi/coverage.rs`.

use super::RULES;

/// The beginning of a peer's name, and the position in ours; the longest that fits counts.
pub const POSITIONS: &[(&str, &str)] = &[
    ("request-body-", "request-body"),
    ("request-header-property-", "request-header"),
    ("request-optional-property-", "request-body"),
    ("request-parameter-", "request-parameter"),
    ("request-parameter-property-", "request-parameter"),
    ("request-property-", "request-body"),
    ("request-read-only-property-", "request-body"),
    ("request-required-property-", "request-body"),
    ("response-body-", "response-body"),
    ("response-header-", "response-header"),
    ("response-mediatype-", "response-body"),
    ("response-optional-property-", "response-body"),
    ("response-optional-write-only-property-", "response-body"),
    ("response-property-", "response-body"),
    ("response-required-property-", "response-body"),
    ("response-required-write-only-property-", "response-body"),
    ("response-write-only-property-", "response-body"),
];

/// How the rest of a peer's name begins, and our rule of shapes for it; the longest that fits counts.
pub const SHAPES: &[(&str, &str)] = &[
    ("added", "property-added"),
    ("all-of-", "all-of"),
    ("any-of-", "any-of"),
    ("became-enum", "enum"),
    ("became-not-nullable", "nullable"),
    ("became-not-read-only", "read-only"),
    ("became-not-write-only", "write-only"),
    ("became-nullable", "nullable"),
    ("became-optional", "required"),
    ("became-read-only", "read-only"),
    ("became-required", "required"),
    ("became-write-only", "write-only"),
    ("const-", "enum"),
    ("contains-", "contains"),
    ("content-encoding-", "content"),
    ("content-media-type-", "content"),
    ("default-value-", "default"),
    ("dependent-", "dependent"),
    ("deprecated", "deprecated"),
    ("discriminator-", "discriminator"),
    ("else-", "condition"),
    ("enum-value-", "enum"),
    ("exclusive-max-", "maximum"),
    ("exclusive-min-", "minimum"),
    ("if-", "condition"),
    ("list-of-types-", "type"),
    ("max-", "maximum"),
    ("max-contains-", "contains"),
    ("max-items-", "item-count"),
    ("max-length-", "length"),
    ("min-", "minimum"),
    ("min-contains-", "contains"),
    ("min-items-", "item-count"),
    ("min-length-", "length"),
    ("one-of-", "one-of"),
    ("pattern-", "pattern"),
    ("pattern-property-", "pattern-properties"),
    ("prefix-items-", "items"),
    ("property-names-", "property-names"),
    ("reactivated", "deprecated"),
    ("removed", "property-removed"),
    ("then-", "condition"),
    ("type-", "type"),
    ("unevaluated-items-", "items"),
    ("unevaluated-properties-", "additional-properties"),
    ("wrapped-in-one-of", "one-of"),
];

/// Names that are neither whole rules nor made of position and rule.
pub const OTHERS: &[(&str, &str)] = &[
    ("new-optional-request-property", "request-body-property-added"),
    ("new-required-request-property", "request-body-property-added"),
    ("new-required-request-property-with-default", "request-body-property-added"),
];

/// Parts of names that nothing of ours answers, and why.
pub const NOT_ANSWERED: &[(&str, &str)] = &[
    ("-content-schema-added", "`contentSchema` speaks of the values inside a text, which are not compared"),
    ("-content-schema-removed", "`contentSchema` speaks of the values inside a text, which are not compared"),
    ("-x-extensible-enum-value-removed", "the extension `x-extensible-enum` restricts nothing and is not read"),
    ("request-property-deprecated-sunset-invalid", "dates of single properties are not read"),
    ("request-property-deprecated-sunset-missing", "dates of single properties are not read"),
    ("request-property-deprecated-with-sunset", "dates of single properties are not read"),
    ("request-property-sunset-date-too-small", "dates of single properties are not read"),
    ("request-property-stability-decreased", "stability levels of single properties are not read"),
    ("request-property-stability-increased", "stability levels of single properties are not read"),
    ("response-property-deprecated-sunset-invalid", "dates of single properties are not read"),
    ("response-property-deprecated-sunset-missing", "dates of single properties are not read"),
    ("response-property-deprecated-with-sunset", "dates of single properties are not read"),
    ("response-property-sunset-date-too-small", "dates of single properties are not read"),
    ("response-property-stability-decreased", "stability levels of single properties are not read"),
    ("response-property-stability-increased", "stability levels of single properties are not read"),
];

/// Why a name of oasdiff is not answered.
pub fn not_answered(name: &str) -> Option<&'static str> {
    NOT_ANSWERED.iter().find(|(part, _)| name.ends_with(part)).map(|(_, why)| *why)
}

/// Our rules for a name of oasdiff, sorted; none for a name that is not answered.
pub fn answered_by(name: &str) -> Vec<String> {
    if not_answered(name).is_some() {
        return Vec::new();
    }
    let is_it = |answer: &&str| answer.strip_prefix("oasdiff:") == Some(name);
    let mut ours: Vec<String> = RULES.iter().filter(|rule| rule.answers.iter().any(is_it)).map(|rule| rule.id.to_owned()).collect();
    ours.extend(OTHERS.iter().filter(|(other, _)| *other == name).map(|(_, rule)| (*rule).to_owned()));
    if ours.is_empty() {
        let position = POSITIONS.iter().filter(|(begin, _)| name.starts_with(begin)).max_by_key(|(begin, _)| begin.len());
        if let Some((begin, position)) = position {
            let rest = name.get(begin.len()..).unwrap_or_default();
            let rule = SHAPES.iter().filter(|(begin, _)| rest.starts_with(begin)).max_by_key(|(begin, _)| begin.len());
            ours.extend(rule.map(|(_, rule)| format!("{position}-{rule}")));
        }
    }
    ours.sort();
    ours
}
