//! What a Python function's text shows without running it: what literals it returns, whether it yields, what it raises,
//! whether it warns of its end. Nested functions are not part of it. Tests: `tests/it/code/`.

use std::collections::BTreeSet;

use super::Reader;
use crate::code::model::{Binding, Callable, Signature, last};
use crate::code::syntax::{NESTING_MAX, Syntax, field_text, has, place};
use crate::code::typing::{self, Type};

/// The most statements of a body that are looked at.
const STATEMENTS_MAX: usize = 20_000;

/// The names of the decorators of a definition, without their arguments.
pub(super) fn decorators(node: &Syntax<'_>) -> Vec<String> {
    node.children()
        .filter(|child| child.kind() == "decorator")
        .map(|child| {
            let text = child.text();
            text.trim_start_matches('@').split('(').next().unwrap_or_default().trim().to_owned()
        })
        .collect()
}

#[derive(Default)]
struct Seen {
    returns: Vec<Option<Type>>,
    yields: bool,
    raises: BTreeSet<String>,
    warns: bool,
    statements: usize,
}

/// A warning of deprecation, by decorator, by `warnings.warn` or by documentation.
pub(super) fn deprecated(node: &Syntax<'_>, decorators: &[String]) -> bool {
    if decorators.iter().any(|name| last(name).to_lowercase().contains("deprecated")) {
        return true;
    }
    let Some(body) = node.field("body") else { return false };
    if documentation(&body).is_some_and(|text| text.contains(".. deprecated::") || text.to_lowercase().starts_with("deprecated")) {
        return true;
    }
    if node.kind() == "class_definition" {
        return false;
    }
    let mut seen = Seen::default();
    walk(&body, &mut seen, 0);
    seen.warns
}

/// The documentation string of a body, without its quotes.
pub(super) fn documentation(body: &Syntax<'_>) -> Option<String> {
    let first = body.children().find(|child| child.is_named() && child.kind() != "comment")?;
    let text = first.children().next().filter(|inner| inner.kind() == "string")?;
    Some(text.text().trim_matches(['"', '\'', 'r', 'R']).trim().to_owned())
}

impl Reader<'_> {
    /// A function or method with one signature; `self` and `cls` are taken away.
    pub(super) fn callable(&self, node: &Syntax<'_>, decorators: &[String], binding: Binding) -> Callable {
        let mut parameters = node.field("parameters").map(|list| super::parameter::read(&list, self.file)).unwrap_or_default();
        if matches!(binding, Binding::Instance | Binding::Class | Binding::Constructor)
            && parameters.first().is_some_and(|one| !one.passing.collects())
        {
            parameters.remove(0);
        }
        let mut seen = Seen::default();
        let body = node.field("body");
        if let Some(body) = &body {
            walk(body, &mut seen, 0);
        }
        let mut raises = seen.raises;
        if let Some(text) = body.as_ref().and_then(documentation) {
            raises.extend(documented_raises(&text));
        }
        let returns = field_text(node, "return_type").map(|text| typing::python(&text));
        // The decorator makes a context of the generator: callers write `with`.
        let manager = decorators.iter().find_map(|name| match last(name) {
            "contextmanager" => Some("AbstractContextManager"),
            "asynccontextmanager" => Some("AbstractAsyncContextManager"),
            _ => None,
        });
        let returns = match (manager, returns) {
            (Some(manager), Some(Type::Named(_, given))) => Some(Type::Named(manager.to_owned(), given.into_iter().take(1).collect())),
            (Some(_), _) => None,
            (None, returns) => returns,
        };
        let seen_returns = if seen.returns.is_empty() || seen.returns.iter().any(Option::is_none) {
            None
        } else {
            Some(Type::one_of(seen.returns.into_iter().flatten()))
        };
        let signature = Signature {
            parameters,
            returns,
            seen_returns,
            is_async: has(node, "async") && manager.is_none(),
            yields: seen.yields && manager.is_none(),
            generics: Vec::new(),
            at: node.field("name").map_or_else(|| place(self.file, node), |name| place(self.file, &name)),
        };
        let is_abstract = decorators.iter().any(|name| matches!(last(name), "abstractmethod" | "abstractproperty"));
        Callable { signatures: vec![signature], binding, is_abstract, raises }
    }
}

fn walk(node: &Syntax<'_>, seen: &mut Seen, depth: usize) {
    if depth > 3 * NESTING_MAX || seen.statements > STATEMENTS_MAX {
        return;
    }
    for child in node.children() {
        seen.statements += 1;
        match child.kind().as_ref() {
            "function_definition" | "class_definition" | "lambda" | "decorated_definition" | "string" => {}
            "yield" => {
                seen.yields = true;
                walk(&child, seen, depth + 1);
            }
            "return_statement" => {
                let value = child.children().find(Syntax::is_named);
                seen.returns.push(match value {
                    None => Some(Type::name("None")),
                    Some(value) => value_type(&value),
                });
            }
            "raise_statement" => {
                if let Some(name) = child.children().find(Syntax::is_named).and_then(|value| raised(&value)) {
                    seen.raises.insert(name);
                }
            }
            "call" => {
                let text: String = child.text().chars().take(400).collect();
                seen.warns |= text.contains("warn") && text.contains("DeprecationWarning");
                walk(&child, seen, depth + 1);
            }
            _ => walk(&child, seen, depth + 1),
        }
    }
}

fn raised(node: &Syntax<'_>) -> Option<String> {
    let name = match node.kind().as_ref() {
        "call" => field_text(node, "function")?,
        "identifier" | "attribute" => node.text().into_owned(),
        _ => return None,
    };
    last(&name).starts_with(char::is_uppercase).then(|| last(&name).to_owned())
}

/// `:raises X:`, and the names under `Raises:`.
fn documented_raises(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_section = false;
    for line in text.lines().take(2_000) {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix(":raises ").or_else(|| line.strip_prefix(":raise ")) {
            found.extend(rest.split(':').next().unwrap_or_default().split(',').map(|name| last(name.trim()).to_owned()));
        } else if line == "Raises:" {
            in_section = true;
        } else if line.is_empty() {
            in_section = false;
        } else if in_section && let Some((name, _)) = line.split_once(':') {
            found.push(last(name.trim()).to_owned());
        }
    }
    found.retain(|name| name.starts_with(char::is_uppercase) && name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    found
}

/// The type of a value as far as its text shows it.
pub(super) fn value_type(node: &Syntax<'_>) -> Option<Type> {
    let mut node = node.clone();
    for _ in 0..NESTING_MAX {
        if node.kind() != "parenthesized_expression" {
            break;
        }
        let inner = node.children().find(Syntax::is_named)?;
        node = inner;
    }
    let node = &node;
    Some(Type::name(match node.kind().as_ref() {
        "dictionary" | "dictionary_comprehension" => "dict",
        "list" | "list_comprehension" => "list",
        "set" | "set_comprehension" => "set",
        "tuple" | "expression_list" => "tuple",
        "string" | "concatenated_string" => {
            if node.text().starts_with(['b', 'B']) {
                "bytes"
            } else {
                "str"
            }
        }
        "integer" => "int",
        "float" => "float",
        "true" | "false" | "comparison_operator" | "not_operator" => "bool",
        "none" => "None",
        "generator_expression" => "Generator",
        // A call of a class: by its capital letter, as everybody writes it.
        "call" => {
            let name = field_text(node, "function")?;
            let class = last(&name).starts_with(char::is_uppercase) && name.chars().any(char::is_lowercase);
            let builtin = matches!(name.as_str(), "dict" | "list" | "set" | "tuple" | "str" | "int" | "float" | "bool");
            return (class || builtin).then(|| Type::Named(name, Vec::new()));
        }
        _ => return None,
    }))
}
