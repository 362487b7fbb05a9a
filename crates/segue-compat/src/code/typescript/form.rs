//! The form of expressions whose type the compiler infers because nobody wrote one.
//!
//! Two equal forms have one type as far as the text shows it; two that differ may have two. Forms hold the text of
//! expressions and are compared, never shown. Tests: cases in `tests/cases/typescript`, by `tests/it/code/`.

use super::parameter;
use crate::code::syntax::{NESTING_MAX, Syntax};
use crate::code::typing::spaced;

/// The most nodes of a body that are looked at.
const NODES_MAX: usize = 20_000;

/// What a function without a written result returns: the forms of its results. `None` where the type is written.
pub(super) fn of_function(node: &Syntax<'_>) -> Option<String> {
    if node.field("return_type").is_some() {
        return None;
    }
    let body = node.field("body")?;
    if body.kind() != "statement_block" {
        return Some(of(&body, 0));
    }
    let mut forms = Vec::new();
    let mut open: Vec<Syntax<'_>> = vec![body];
    let mut seen = 0_usize;
    while let Some(node) = open.pop() {
        seen += 1;
        if seen > NODES_MAX {
            return None;
        }
        match node.kind().as_ref() {
            "return_statement" => {
                let value = node.children().find(|child| child.is_named() && child.kind() != "comment");
                forms.push(value.map_or_else(|| "undefined".to_owned(), |value| of(&value, 0)));
            }
            // What is returned inside another function is not returned by this one.
            "function_declaration" | "generator_function_declaration" | "function_expression" | "arrow_function" | "method_definition" => {}
            _ => open.extend(node.children()),
        }
    }
    forms.sort();
    forms.dedup();
    Some(forms.join("|"))
}

/// The form of a constant's value; functions by their results, literals not at all: their types are compared as such.
pub(super) fn of_value(node: &Syntax<'_>) -> Option<String> {
    match node.kind().as_ref() {
        "arrow_function" | "function_expression" => of_function(node),
        _ if parameter::value_type(node).is_some() && node.kind() != "array" => None,
        _ => Some(of(node, 0)),
    }
}

fn of(node: &Syntax<'_>, depth: usize) -> String {
    let inner = || node.children().filter(|child| child.is_named() && child.kind() != "comment");
    if depth > NESTING_MAX {
        return spaced(&node.text());
    }
    match node.kind().as_ref() {
        "string" | "template_string" | "number" | "true" | "false" => {
            parameter::value_type(node).map_or_else(String::new, |one| one.shown())
        }
        "object" => {
            let mut fields: Vec<String> = inner().map(|field| of_field(&field, depth)).collect();
            fields.sort();
            format!("{{{}}}", fields.join(","))
        }
        "array" => {
            let mut members: Vec<String> = inner().map(|member| of(&member, depth + 1)).collect();
            members.sort();
            members.dedup();
            format!("[{}]", members.join(","))
        }
        "parenthesized_expression" => inner().map(|only| of(&only, depth + 1)).collect(),
        _ => spaced(&node.text()),
    }
}

fn of_field(node: &Syntax<'_>, depth: usize) -> String {
    match (node.kind().as_ref(), node.field("key"), node.field("value")) {
        ("pair", Some(key), Some(value)) => format!("{}:{}", key.text().trim_matches(['"', '\'']), of(&value, depth + 1)),
        ("method_definition", _, _) => {
            let head = |field: &str| node.field(field).map(|part| spaced(&part.text())).unwrap_or_default();
            format!("{}{}{}", head("name"), head("parameters"), head("return_type"))
        }
        _ => spaced(&node.text()),
    }
}
