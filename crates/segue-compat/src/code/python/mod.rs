//! Python's surface: what `import` shows of a module.
//!
//! Public is what `__all__` says, or what has no leading underscore; names from elsewhere count where `__init__.py` or
//! `import x as x` hands them on. Branches (`if`, `try`) are walked, the first definition of a name counts. Must never run
//! anything. Tests: `tests/it/code/`.

mod body;
mod class;
mod imports;
mod parameter;

use std::collections::BTreeSet;

use ast_grep_language::SupportLang;

use super::limit::Limits;
use super::model::{Attribute, Binding, Callable, Item, Surface, What};
use super::syntax::{self, NESTING_MAX, Syntax, field_text, has, literal, mistakes, parse, place, places};
use super::typing;
use crate::source::Span;

/// What is known of the file that is read.
pub(super) struct Reader<'s> {
    pub(super) surface: &'s mut Surface,
    pub(super) file: u32,
    /// The module's path with a dot behind it, or nothing.
    pub(super) prefix: String,
    /// The file is an `__init__`: what it imports from its package is handed on.
    pub(super) is_package: bool,
    /// `__all__`, when it is a list of literals.
    pub(super) all: Option<BTreeSet<String>>,
}

/// Reads one file into the surface; `false` when there is no Python in it at all, an error where a statement of the module
/// itself could not be parsed: Python would not import it.
pub(super) fn read(surface: &mut Surface, file: u32, name: &str, prefix: &str, text: &str) -> Result<bool, Span> {
    let Some(tree) = parse(text, SupportLang::Python) else { return Ok(false) };
    let root = tree.root();
    let broken = mistakes(&root);
    let before = surface.items.len();
    let is_package = name.rsplit('/').next().is_some_and(|last| last.starts_with("__init__."));
    let mut reader = Reader { surface, file, prefix: prefix.to_owned(), is_package, all: None };
    reader.all = imports::all(&root);
    reader.block(&root, 0);
    class::inherit(reader.surface, prefix);
    reader.keep_public(prefix);
    if let Some((line, count)) = broken {
        surface.incomplete = true;
        surface.not_checked.push(format!("{name}: {} could not be parsed, the first on line {line}", places(count)));
        if let Some(span) = syntax::broken(&root, &["block"]) {
            return Err(span);
        }
        if surface.items.len() == before {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Reader<'_> {
    pub(super) fn put(&mut self, path: String, item: Item) {
        match (self.surface.items.get_mut(&path).map(|known| &mut known.what), item.what) {
            // Overloads, and a function that is defined again in another branch.
            (Some(What::Callable(known)), What::Callable(more)) if known.signatures.len() < 64 => {
                if more.signatures.iter().any(|signature| signature.yields) || known.binding == more.binding {
                    known.signatures.extend(more.signatures);
                }
            }
            (Some(_), _) => {}
            (None, what) => {
                self.surface.items.insert(path, Item { what, ..item });
            }
        }
    }

    fn block(&mut self, node: &Syntax<'_>, depth: usize) {
        if depth > NESTING_MAX {
            return;
        }
        for child in node.children() {
            self.statement(&child, depth);
        }
    }

    fn statement(&mut self, node: &Syntax<'_>, depth: usize) {
        match node.kind().as_ref() {
            "function_definition" | "decorated_definition" | "class_definition" => self.definition(node, depth),
            "expression_statement" => {
                for inner in node.children().filter(|inner| inner.kind() == "assignment") {
                    self.assignment(&inner);
                }
            }
            "import_from_statement" | "import_statement" => self.import(node),
            "delete_statement" if depth == 0 => self.forget(node),
            "type_alias_statement" => self.type_statement(node),
            "if_statement" | "try_statement" | "else_clause" | "elif_clause" | "except_clause" | "finally_clause" | "with_statement"
            | "block" | "ERROR" => self.block(node, depth + 1),
            _ => {}
        }
    }

    /// `del f`: the name is gone, with all that it held.
    fn forget(&mut self, node: &Syntax<'_>) {
        for name in node.dfs().filter(|inner| inner.kind() == "identifier").take(1_024) {
            let direct =
                name.parent().is_some_and(|parent| matches!(parent.kind().as_ref(), "delete_statement" | "expression_list" | "tuple"));
            if direct {
                let path = format!("{}{}", self.prefix, name.text());
                let inside = format!("{path}.");
                self.surface.items.retain(|known, _| *known != path && !known.starts_with(&inside));
            }
        }
    }

    fn definition(&mut self, node: &Syntax<'_>, depth: usize) {
        let decorators = body::decorators(node);
        let inner = if node.kind() == "decorated_definition" { node.field("definition") } else { Some(node.clone()) };
        let Some(inner) = inner else { return };
        let Some(name) = field_text(&inner, "name") else { return };
        let path = format!("{}{name}", self.prefix);
        if inner.kind() == "class_definition" {
            self.class(&inner, &path, &decorators, depth);
        } else {
            let callable = self.callable(&inner, &decorators, Binding::Free);
            let deprecated = body::deprecated(&inner, &decorators);
            self.put_callable(path, callable, deprecated, &inner, &decorators);
        }
    }

    /// Overloads collect; the implementation behind them is no signature of its own.
    pub(super) fn put_callable(&mut self, path: String, callable: Callable, deprecated: bool, node: &Syntax<'_>, decorators: &[String]) {
        let at = node.field("name").map_or_else(|| place(self.file, node), |name| place(self.file, &name));
        let overload = decorators.iter().any(|name| matches!(super::model::last(name), "overload"));
        match self.surface.items.get_mut(&path) {
            Some(Item { what: What::Callable(known), .. }) if overload => known.signatures.extend(callable.signatures),
            Some(_) => {}
            None => {
                self.surface
                    .items
                    .insert(path, Item { what: What::Callable(callable), at, deprecated, inherited: false, limits: Limits::new() });
            }
        }
    }

    fn assignment(&mut self, node: &Syntax<'_>) {
        let (Some(left), right) = (node.field("left"), node.field("right")) else { return };
        if left.kind() != "identifier" {
            return;
        }
        let name = left.text().into_owned();
        let annotation = field_text(node, "type").map(|text| typing::python(&text));
        let what = match (&annotation, &right) {
            (Some(typing::Type::Named(alias, _)), Some(right)) if alias == "TypeAlias" => {
                What::Alias(typing::python(&right.text()), Vec::new())
            }
            (None, Some(right)) if is_type_expression(&name, right) => What::Alias(typing::python(&right.text()), Vec::new()),
            (None, Some(right)) if right.kind() == "identifier" => What::Import(String::new(), right.text().into_owned()),
            _ => What::Attribute(Attribute {
                annotation: annotation.or_else(|| right.as_ref().and_then(body::value_type)),
                value: right.as_ref().and_then(literal),
                optional: false,
                read_only: false,
                computed: false,
                is_static: true,
            }),
        };
        let path = format!("{}{name}", self.prefix);
        self.put(path, Item { what, at: place(self.file, &left), deprecated: false, inherited: false, limits: Limits::new() });
    }

    fn type_statement(&mut self, node: &Syntax<'_>) {
        let (Some(left), Some(right)) = (node.field("left"), node.field("right")) else { return };
        let name = left.text().split('[').next().unwrap_or_default().trim().to_owned();
        let what = What::Alias(typing::python(&right.text()), Vec::new());
        self.put(
            format!("{}{name}", self.prefix),
            Item { what, at: place(self.file, &left), deprecated: false, inherited: false, limits: Limits::new() },
        );
    }

    /// Takes out what callers are not meant to name.
    fn keep_public(&mut self, prefix: &str) {
        let all = self.all.take();
        let file = self.file;
        self.surface.items.retain(|path, item| {
            let Some(rest) = path.strip_prefix(prefix) else { return true };
            if item.at.file != file {
                return true;
            }
            let mut parts = rest.split('.');
            let first = parts.next().unwrap_or_default();
            let listed = match &all {
                Some(all) => all.contains(first),
                None => is_public(first),
            };
            listed && parts.all(is_public)
        });
    }
}

/// No leading underscore, or one of the names that Python itself calls.
fn is_public(name: &str) -> bool {
    !name.starts_with('_') || name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}

/// `Order = Union[A, B]`, `Name = NewType(...)` is not: only subscripts and unions of names.
fn is_type_expression(name: &str, node: &Syntax<'_>) -> bool {
    let camel = name.starts_with(|c: char| c.is_uppercase()) && name.chars().any(char::is_lowercase);
    // What stands in a text that is added up or looked up is a value, and may be a secret.
    let names = |field: &str| node.field(field).is_some_and(|inner| matches!(inner.kind().as_ref(), "identifier" | "attribute"));
    camel && (node.kind() == "subscript" && names("value") || node.kind() == "binary_operator" && has(node, "|"))
}
