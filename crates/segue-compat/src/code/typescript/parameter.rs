//! Parameters and types of a TypeScript function as they are written. Tests: `tests/it/code/`.

use crate::code::model::{Generic, Parameter, Passing, Signature};
use crate::code::syntax::{Syntax, field_text, has, place};
use crate::code::typing::{self, Type, spaced};

/// The signature of anything with `parameters` and `return_type`.
pub(super) fn signature(file: u32, node: &Syntax<'_>) -> Signature {
    let parameters = match (node.field("parameters"), node.field("parameter")) {
        (Some(list), _) => list.children().filter_map(|child| parameter(file, &child)).collect(),
        // `x => …`
        (None, Some(only)) => vec![one(only.text().into_owned(), file, &only)],
        (None, None) => Vec::new(),
    };
    Signature {
        parameters,
        returns: node.field("return_type").map(|found| typing::typescript(found.text().trim_start_matches(':'))),
        seen_returns: seen_returns(node),
        is_async: has(node, "async"),
        yields: has(node, "*"),
        generics: generics(node),
        at: place(file, &node.field("name").unwrap_or_else(|| node.clone())),
    }
}

/// The type of a function's only result, as far as a literal shows it.
fn seen_returns(node: &Syntax<'_>) -> Option<Type> {
    let body = node.field("body")?;
    if body.kind() != "statement_block" {
        return value_type(&body);
    }
    let statements: Vec<_> = body.children().filter(|child| child.is_named() && child.kind() != "comment").collect();
    match statements.as_slice() {
        [only] if only.kind() == "return_statement" => only.children().find(Syntax::is_named).and_then(|value| value_type(&value)),
        _ => None,
    }
}

/// The signature of a value that is a function.
pub(super) fn function_value(file: u32, node: &Syntax<'_>) -> Option<Signature> {
    matches!(node.kind().as_ref(), "arrow_function" | "function_expression" | "function" | "function_type").then(|| signature(file, node))
}

/// Generic parameters.
pub(super) fn generics(node: &Syntax<'_>) -> Vec<Generic> {
    let Some(list) = node.field("type_parameters") else { return Vec::new() };
    list.children()
        .filter(|child| child.kind() == "type_parameter")
        .map(|child| Generic {
            constraint: field_text(&child, "constraint").map(|text| spaced(&text)).unwrap_or_default(),
            optional: child.field("value").is_some(),
        })
        .collect()
}

fn parameter(file: u32, node: &Syntax<'_>) -> Option<Parameter> {
    let kind = node.kind();
    if !matches!(kind.as_ref(), "required_parameter" | "optional_parameter") {
        return None;
    }
    let pattern = node.field("pattern")?;
    let annotation = node.field("type").map(|found| typing::typescript(found.text().trim_start_matches(':')));
    let default = field_text(node, "value").map(|text| spaced(&text));
    let made = match pattern.kind().as_ref() {
        "this" => return None,
        "rest_pattern" => {
            let name = pattern.text().trim_start_matches("...").to_owned();
            Parameter { passing: Passing::Rest, optional: true, ..one(name, file, node) }
        }
        "object_pattern" | "array_pattern" => one("options".to_owned(), file, node),
        _ => one(pattern.text().into_owned(), file, node),
    };
    let optional = made.optional || kind == "optional_parameter" || default.is_some();
    let annotation = if optional && made.passing != Passing::Rest { annotation.map(Type::without_undefined) } else { annotation };
    Some(Parameter { annotation, default, optional, ..made })
}

fn one(name: String, file: u32, node: &Syntax<'_>) -> Parameter {
    Parameter { name, passing: Passing::Positional, annotation: None, default: None, optional: false, at: place(file, node) }
}

/// The type of a value as far as its text shows it.
pub(super) fn value_type(node: &Syntax<'_>) -> Option<Type> {
    Some(Type::name(match node.kind().as_ref() {
        "string" | "template_string" => "string",
        "number" => "number",
        "true" | "false" => "boolean",
        "null" => "null",
        "array" => "array",
        _ => return None,
    }))
}
