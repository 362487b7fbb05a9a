//! TypeScript's surface: what `import` shows of a module, in sources and in declarations.
//!
//! Public is what is exported; in a declaration file without any export everything is, as the compiler says. Names from
//! elsewhere (`export … from`) are resolved within the files that are there. Tests: `tests/it/code/`.

mod class;
mod form;
mod parameter;

use std::collections::{BTreeMap, BTreeSet};

use ast_grep_language::SupportLang;

use super::limit::{Limit, Limits};
use super::model::{Attribute, Binding, Callable, Class, Form, Item, Surface, What};
use super::syntax::{NESTING_MAX, Syntax, broken, field_text, has, literal, mistakes, parse, place, places};
use super::typing;
use crate::source::Span;

/// What is known of the file that is read.
pub(super) struct Reader<'s> {
    pub(super) surface: &'s mut Surface,
    pub(super) file: u32,
    /// Everything that is declared, exported or not; moved to the surface by its exports.
    pub(super) declared: BTreeMap<String, Item>,
    /// `(name that callers see, name in the file)`.
    exported: Vec<(String, String)>,
    /// Of `exported`, the names that callers see and that are handed out as types only.
    type_only: BTreeSet<String>,
    /// By path, the form of what a type is inferred from.
    pub(super) unwritten: BTreeMap<String, String>,
}

/// Reads one file into the surface; `false` when there is no TypeScript in it at all, an error where an export could not be
/// parsed.
pub(super) fn read(surface: &mut Surface, file: u32, name: &str, prefix: &str, text: &str) -> Result<bool, Span> {
    let grammar = if name.to_ascii_lowercase().ends_with(".tsx") { SupportLang::Tsx } else { SupportLang::TypeScript };
    let Some(tree) = parse(text, grammar) else { return Ok(false) };
    let root = tree.root();
    let mistakes = mistakes(&root);
    let mut reader =
        Reader { surface, file, declared: BTreeMap::new(), exported: Vec::new(), type_only: BTreeSet::new(), unwritten: BTreeMap::new() };
    reader.block(&root, "", 0, false);
    let is_module = root.children().any(|child| matches!(child.kind().as_ref(), "export_statement" | "import_statement"));
    if name.ends_with(".d.ts") && !is_module {
        reader.exported = reader.declared.keys().filter(|path| !path.contains('.')).map(|path| (path.clone(), path.clone())).collect();
    }
    let found = reader.finish(prefix);
    if let Some((line, count)) = mistakes {
        surface.incomplete = true;
        surface.not_checked.push(format!("{name}: {} could not be parsed, the first on line {line}", places(count)));
        let lost = |node: &Syntax<'_>| node.is_error() && has(node, "export");
        if let Some(span) = root.children().find(lost).and_then(|node| broken(&node, &[])) {
            return Err(span);
        }
        return Ok(found > 0);
    }
    Ok(true)
}

impl Reader<'_> {
    fn finish(self, prefix: &str) -> usize {
        let before = self.surface.items.len();
        for (shown, inside) in &self.exported {
            let below = format!("{inside}.");
            for (path, item) in self.declared.range(inside.clone()..).take_while(|(path, _)| path.starts_with(inside.as_str())) {
                let rest = if path == inside {
                    ""
                } else if path.starts_with(&below) {
                    &path[inside.len()..]
                } else {
                    continue;
                };
                let seen = format!("{prefix}{shown}{rest}");
                if let Some(form) = self.unwritten.get(path) {
                    self.surface.unwritten.insert(seen.clone(), form.clone());
                }
                let item = self.surface.items.entry(seen).or_insert_with(|| item.clone());
                if rest.is_empty() && self.type_only.contains(shown) {
                    item.limits.insert(Limit::TypeOnly);
                }
            }
        }
        self.surface.items.len() - before
    }

    /// A new item; interfaces and namespaces of one name are one, functions of one name are overloads.
    pub(super) fn put(&mut self, path: String, item: Item) {
        match (self.declared.get_mut(&path).map(|known| &mut known.what), item.what) {
            (Some(What::Callable(known)), What::Callable(more)) if known.signatures.len() < 64 => known.signatures.extend(more.signatures),
            (Some(_), _) => {}
            (None, what) => {
                self.declared.insert(path, Item { what, ..item });
            }
        }
    }

    fn block(&mut self, node: &Syntax<'_>, prefix: &str, depth: usize, ambient: bool) {
        if depth > NESTING_MAX {
            return;
        }
        let mut documentation = false;
        // The implementation behind overloads is no signature of its own.
        let mut overloaded = String::new();
        for child in node.children() {
            let kind = child.kind();
            if kind == "comment" {
                documentation = child.text().contains("@deprecated");
                continue;
            }
            let declared = self.statement(&child, prefix, depth, documentation, (ambient, &overloaded));
            if let Some((name, is_signature)) = declared {
                overloaded = if is_signature { name } else { String::new() };
            }
            documentation = false;
        }
    }

    /// Reads a statement; a function's name, and whether it has no body.
    fn statement(
        &mut self,
        node: &Syntax<'_>,
        prefix: &str,
        depth: usize,
        deprecated: bool,
        outside: (bool, &str),
    ) -> Option<(String, bool)> {
        let (ambient, overloaded) = outside;
        match node.kind().as_ref() {
            "export_statement" => self.export(node, prefix, depth, deprecated, overloaded),
            "ambient_declaration" => {
                let mut found = None;
                for inner in node.children() {
                    found = self.statement(&inner, prefix, depth + 1, deprecated, (true, overloaded)).or(found);
                }
                found
            }
            "expression_statement" => {
                for inner in node.children().filter(|inner| inner.kind() == "internal_module") {
                    self.namespace(&inner, prefix, depth, ambient);
                }
                None
            }
            "module" | "internal_module" => {
                self.namespace(node, prefix, depth, ambient);
                None
            }
            _ => self
                .declaration(node, prefix, deprecated, overloaded)
                .and_then(|(names, signature)| names.into_iter().next().map(|name| (name, signature))),
        }
    }

    fn namespace(&mut self, node: &Syntax<'_>, prefix: &str, depth: usize, ambient: bool) {
        let Some(name) = node.field("name") else { return };
        let path = format!("{prefix}{}", name.text().trim_matches(['"', '\'']));
        let item = Item { what: What::Module, at: place(self.file, &name), deprecated: false, inherited: false, limits: Limits::new() };
        if name.kind() == "string" {
            self.exported.push((path.clone(), path.clone()));
        }
        self.put(path.clone(), item);
        if let Some(body) = node.field("body") {
            self.block(&body, &format!("{path}."), depth + 1, ambient);
        }
    }

    fn export(&mut self, node: &Syntax<'_>, prefix: &str, depth: usize, deprecated: bool, overloaded: &str) -> Option<(String, bool)> {
        let is_default = has(node, "default");
        let from = node.field("source").map(|source| source.text().trim_matches(['"', '\'']).to_owned());
        for child in node.children() {
            match child.kind().as_ref() {
                "export_clause" => self.clause(&child, prefix, from.as_deref(), has(node, "type")),
                "namespace_export" => {
                    let name = child
                        .children()
                        .find(|inner| inner.kind() == "identifier")
                        .map(|inner| inner.text().into_owned())
                        .unwrap_or_default();
                    self.hand_on(&format!("{prefix}{name}"), from.as_deref().unwrap_or_default(), "*", &child);
                }
                "*" if !has(node, "namespace_export") => {
                    let module = from.clone().unwrap_or_default();
                    self.hand_on(&format!("{prefix}*{module}"), &module, "*", &child);
                }
                _ => {}
            }
        }
        if let Some(declaration) = node.field("declaration") {
            return self.exported_declaration(&declaration, prefix, depth, (is_default, deprecated), overloaded);
        }
        if let Some(value) = node.field("value") {
            let shown = format!("{prefix}default");
            if value.kind() == "identifier" {
                self.exported.push((shown, value.text().into_owned()));
            } else {
                let annotation = parameter::value_type(&value);
                let what = match parameter::function_value(self.file, &value) {
                    Some(signature) => What::Callable(Callable {
                        signatures: vec![signature],
                        binding: Binding::Free,
                        is_abstract: false,
                        raises: BTreeSet::new(),
                    }),
                    None => What::Attribute(Attribute {
                        annotation,
                        value: literal(&value),
                        optional: false,
                        read_only: true,
                        computed: false,
                        is_static: true,
                    }),
                };
                self.exported.push((shown.clone(), shown.clone()));
                self.put(shown, Item { what, at: place(self.file, &value), deprecated, inherited: false, limits: Limits::new() });
            }
        } else if has(node, "=") {
            for name in node.children().filter(|child| child.kind() == "identifier") {
                self.exported.push((format!("{prefix}default"), name.text().into_owned()));
            }
        }
        None
    }

    fn exported_declaration(
        &mut self,
        node: &Syntax<'_>,
        prefix: &str,
        depth: usize,
        says: (bool, bool),
        overloaded: &str,
    ) -> Option<(String, bool)> {
        let (is_default, deprecated) = says;
        let mut node = node.clone();
        for _ in 0..3 {
            match node.kind().as_ref() {
                "ambient_declaration" => {
                    let inner = node.children().find(|child| child.is_named() && child.kind() != "comment")?;
                    node = inner;
                }
                _ => break,
            }
        }
        if matches!(node.kind().as_ref(), "module" | "internal_module") {
            let name = node.field("name")?.text().into_owned();
            self.namespace(&node, prefix, depth, true);
            self.exported.push((format!("{prefix}{name}"), format!("{prefix}{name}")));
            return None;
        }
        let (names, signature) = self.declaration(&node, prefix, deprecated, overloaded)?;
        for name in &names {
            let shown = if is_default { format!("{prefix}default") } else { name.clone() };
            if prefix.is_empty() && !self.exported.iter().any(|(known, _)| *known == shown) {
                self.exported.push((shown, name.clone()));
            }
        }
        names.into_iter().next().map(|name| (name, signature))
    }

    fn clause(&mut self, node: &Syntax<'_>, prefix: &str, from: Option<&str>, types: bool) {
        for specifier in node.children().filter(|child| child.kind() == "export_specifier") {
            let name = field_text(&specifier, "name").unwrap_or_default();
            let shown = format!("{prefix}{}", field_text(&specifier, "alias").unwrap_or_else(|| name.clone()));
            if types || has(&specifier, "type") {
                self.type_only.insert(shown.clone());
            }
            match from {
                Some(module) => self.hand_on(&shown, module, &name, &specifier),
                None => self.exported.push((shown, name)),
            }
        }
    }

    fn hand_on(&mut self, shown: &str, module: &str, name: &str, node: &Syntax<'_>) {
        let what = What::Import(module.to_owned(), name.to_owned());
        self.exported.push((shown.to_owned(), shown.to_owned()));
        self.put(shown.to_owned(), Item { what, at: place(self.file, node), deprecated: false, inherited: false, limits: Limits::new() });
    }

    /// Reads a declaration: the names that it declares, and whether it is a function without a body.
    fn declaration(&mut self, node: &Syntax<'_>, prefix: &str, deprecated: bool, overloaded: &str) -> Option<(Vec<String>, bool)> {
        let kind = node.kind();
        let path =
            |node: &Syntax<'_>| field_text(node, "name").map_or_else(|| format!("{prefix}default"), |name| format!("{prefix}{name}"));
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        match kind.as_ref() {
            "function_declaration" | "generator_function_declaration" | "function_signature" | "function_expression" => {
                let path = path(node);
                let signature = parameter::signature(self.file, node);
                self.unwritten.extend(form::of_function(node).map(|form| (path.clone(), form)));
                let is_signature = kind == "function_signature";
                if is_signature || overloaded != path {
                    let what = What::Callable(Callable {
                        signatures: vec![signature],
                        binding: Binding::Free,
                        is_abstract: false,
                        raises: BTreeSet::new(),
                    });
                    self.put(path.clone(), Item { what, at, deprecated, inherited: false, limits: Limits::new() });
                }
                Some((vec![path], is_signature))
            }
            "class_declaration" | "abstract_class_declaration" | "class" => {
                let path = path(node);
                self.class(node, &path, deprecated);
                Some((vec![path], false))
            }
            "interface_declaration" => {
                let path = path(node);
                self.interface(node, &path, deprecated);
                Some((vec![path], false))
            }
            "type_alias_declaration" => {
                let path = path(node);
                self.alias(node, &path, deprecated);
                Some((vec![path], false))
            }
            "enum_declaration" => {
                let path = path(node);
                self.enumeration(node, &path, deprecated);
                Some((vec![path], false))
            }
            "lexical_declaration" | "variable_declaration" => Some((self.variables(node, prefix, deprecated), false)),
            _ => None,
        }
    }

    fn alias(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool) {
        let Some(value) = node.field("value") else { return };
        let generics = parameter::generics(node);
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        if value.kind() == "object_type" {
            let what = What::Class(Class { form: Form::Record, bases: Vec::new(), generics });
            self.put(path.to_owned(), Item { what, at, deprecated, inherited: false, limits: Limits::new() });
            self.record(&value, path);
            return;
        }
        let what = match parameter::function_value(self.file, &value) {
            Some(_) => What::Alias(typing::Type::Words(typing::spaced(&value.text())), generics),
            None => What::Alias(typing::typescript(&value.text()), generics),
        };
        self.put(path.to_owned(), Item { what, at, deprecated, inherited: false, limits: Limits::new() });
    }

    fn enumeration(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool) {
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        let what = What::Class(Class { form: Form::Enum, bases: Vec::new(), generics: Vec::new() });
        self.put(path.to_owned(), Item { what, at, deprecated, inherited: false, limits: Limits::new() });
        let Some(body) = node.field("body") else { return };
        // A member without a value is one more than the member before.
        let mut next = Some(0_i64);
        for child in body.children() {
            let (name, value) = match child.kind().as_ref() {
                "property_identifier" | "string" => (child.text().into_owned(), None),
                "enum_assignment" => (field_text(&child, "name").unwrap_or_default(), child.field("value")),
                _ => continue,
            };
            let text = match &value {
                Some(value) => literal(value),
                None => next.map(|next| next.to_string()),
            };
            next = text.as_ref().and_then(|text| text.parse::<i64>().ok()).and_then(|value| value.checked_add(1));
            let name = name.trim_matches(['"', '\'']).to_owned();
            let item =
                Item { what: What::Member(text), at: place(self.file, &child), deprecated: false, inherited: false, limits: Limits::new() };
            self.put(format!("{path}.{name}"), item);
        }
    }

    fn variables(&mut self, node: &Syntax<'_>, prefix: &str, deprecated: bool) -> Vec<String> {
        let read_only = has(node, "const");
        let mut names = Vec::new();
        for child in node.children().filter(|child| child.kind() == "variable_declarator") {
            let Some(name) = child.field("name").filter(|name| name.kind() == "identifier") else { continue };
            let value = child.field("value");
            let annotation = child.field("type").map(|found| typing::typescript(found.text().trim_start_matches(':')));
            let signature = value.as_ref().filter(|_| annotation.is_none()).and_then(|value| parameter::function_value(self.file, value));
            let what = match signature {
                Some(signature) => What::Callable(Callable {
                    signatures: vec![signature],
                    binding: Binding::Free,
                    is_abstract: false,
                    raises: BTreeSet::new(),
                }),
                None => What::Attribute(Attribute {
                    annotation: annotation.or_else(|| value.as_ref().and_then(parameter::value_type)),
                    value: value.as_ref().and_then(literal),
                    optional: false,
                    read_only,
                    computed: false,
                    is_static: true,
                }),
            };
            let path = format!("{prefix}{}", name.text());
            if let (Some(value), None) = (&value, child.field("type")) {
                self.unwritten.extend(form::of_value(value).map(|form| (path.clone(), form)));
            }
            self.put(path.clone(), Item { what, at: place(self.file, &name), deprecated, inherited: false, limits: Limits::new() });
            names.push(path);
        }
        names
    }
}
