//! Parameters of a Python function as they are written. Tests: `tests/it/code/`.

use crate::code::model::{Parameter, Passing};
use crate::code::syntax::{Syntax, field_text, place};
use crate::code::typing::{self, spaced};

/// The parameters, in order; `self` or `cls` is the caller's business.
pub(super) fn read(node: &Syntax<'_>, file: u32) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    let mut passing = Passing::Either;
    for child in node.children() {
        let kind = child.kind();
        match kind.as_ref() {
            "positional_separator" => {
                for parameter in &mut found {
                    parameter.passing = Passing::Positional;
                }
            }
            "keyword_separator" => passing = Passing::Keyword,
            "identifier" => found.push(one(child.text().into_owned(), passing, &child, file)),
            "list_splat_pattern" | "dictionary_splat_pattern" => {
                let (name, collects) = splat(&child);
                found.push(Parameter { optional: true, ..one(name, collects, &child, file) });
                passing = Passing::Keyword;
            }
            "default_parameter" | "typed_default_parameter" => {
                let name = field_text(&child, "name").unwrap_or_default();
                found.push(Parameter {
                    default: Some(field_text(&child, "value").map_or_else(|| "...".to_owned(), |text| spaced(&text))),
                    optional: true,
                    annotation: field_text(&child, "type").map(|text| typing::python(&text)),
                    ..one(name, passing, &child, file)
                });
            }
            "typed_parameter" => {
                let annotation = field_text(&child, "type").map(|text| typing::python(&text));
                let Some(inner) = child.children().next() else { continue };
                let parameter = match inner.kind().as_ref() {
                    "list_splat_pattern" | "dictionary_splat_pattern" => {
                        let (name, collects) = splat(&inner);
                        passing = Passing::Keyword;
                        Parameter { optional: true, ..one(name, collects, &child, file) }
                    }
                    _ => one(inner.text().into_owned(), passing, &child, file),
                };
                found.push(Parameter { annotation, ..parameter });
            }
            _ => {}
        }
    }
    // Names with two leading underscores are positional only, as older stubs write it.
    for parameter in &mut found {
        if parameter.passing == Passing::Either && parameter.name.starts_with("__") && !parameter.name.ends_with("__") {
            parameter.passing = Passing::Positional;
        }
    }
    found
}

fn splat(node: &Syntax<'_>) -> (String, Passing) {
    let text = node.text();
    match text.strip_prefix("**") {
        Some(name) => (name.trim().to_owned(), Passing::Keywords),
        None => (text.trim_start_matches('*').trim().to_owned(), Passing::Rest),
    }
}

fn one(name: String, passing: Passing, node: &Syntax<'_>, file: u32) -> Parameter {
    Parameter { name, passing, annotation: None, default: None, optional: false, at: place(file, node) }
}
