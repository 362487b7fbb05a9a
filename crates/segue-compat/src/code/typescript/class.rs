//! TypeScript's classes and interfaces: their public members, and what base classes of the same file give.
//!
//! Tests: `tests/it/code/`.

use std::collections::BTreeSet;

use super::{Reader, form, parameter};
use crate::code::limit::{Limit, Limits};
use crate::code::model::{Attribute, Binding, Callable, Class, Form, Item, What};
use crate::code::syntax::{Syntax, field_text, has, literal, place};
use crate::code::typing;

/// With more items than this, members of bases are no longer copied.
const ITEMS_MAX: usize = 100_000;

impl Reader<'_> {
    pub(super) fn class(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool) {
        let mut bases = Vec::new();
        for heritage in node.children().filter(|child| child.kind() == "class_heritage") {
            for clause in heritage.children() {
                let names = clause.children().filter(|inner| inner.is_named() && inner.kind() != "type_arguments");
                bases.extend(names.map(|inner| inner.text().split('<').next().unwrap_or_default().trim().to_owned()));
            }
        }
        let class = Class { form: Form::Plain, bases: bases.clone(), generics: parameter::generics(node) };
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        let is_abstract = node.kind() == "abstract_class_declaration";
        let limits = if is_abstract { Limits::from([Limit::NotMade]) } else { Limits::new() };
        self.put(path.to_owned(), Item { what: What::Class(class), at, deprecated, inherited: false, limits });
        let Some(body) = node.field("body") else { return };
        let mut documented = false;
        let mut overloaded = String::new();
        for child in body.children() {
            if child.kind() == "comment" {
                documented = child.text().contains("@deprecated");
                continue;
            }
            self.member(&child, path, documented, &mut overloaded);
            if child.is_named() {
                documented = false;
            }
        }
        self.inherit(path, &bases);
    }

    pub(super) fn interface(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool) {
        let mut bases = Vec::new();
        for clause in node.children().filter(|child| matches!(child.kind().as_ref(), "extends_type_clause" | "extends_clause")) {
            let names = clause.children().filter(Syntax::is_named);
            bases.extend(names.map(|inner| inner.text().split('<').next().unwrap_or_default().trim().to_owned()));
        }
        let class = Class { form: Form::Record, bases: bases.clone(), generics: parameter::generics(node) };
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        self.put(path.to_owned(), Item { what: What::Class(class), at, deprecated, inherited: false, limits: Limits::new() });
        if let Some(body) = node.field("body") {
            self.record(&body, path);
        }
        self.inherit(path, &bases);
    }

    /// The members of an object type.
    pub(super) fn record(&mut self, body: &Syntax<'_>, path: &str) {
        let mut documented = false;
        for child in body.children() {
            if child.kind() == "comment" {
                documented = child.text().contains("@deprecated");
                continue;
            }
            self.member(&child, path, documented, &mut String::new());
            if child.is_named() {
                documented = false;
            }
        }
    }

    fn member(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool, overloaded: &mut String) {
        let says = |word: &str| node.children().any(|child| child.kind() == "accessibility_modifier" && child.text() == word);
        let (hidden, protected) = (says("private"), says("protected"));
        let name = field_text(node, "name").unwrap_or_default();
        if name == "constructor" && (hidden || protected) {
            self.limit(path, Limit::NotMade);
        }
        if hidden || name.starts_with('#') {
            return;
        }
        let name = name.trim_matches(['"', '\'']).to_owned();
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        // A constructor that only subclasses reach is told of at the class.
        let limits: Limits = if protected && name != "constructor" { Limits::from([Limit::Protected]) } else { Limits::new() };
        let item = |what: What| Item { what, at, deprecated, inherited: false, limits: limits.clone() };
        let is_static = has(node, "static");
        match node.kind().as_ref() {
            "method_definition" | "method_signature" | "abstract_method_signature" => {
                if has(node, "get") || has(node, "set") {
                    self.accessor(node, &format!("{path}.{name}"), deprecated);
                    if protected {
                        self.limit(&format!("{path}.{name}"), Limit::Protected);
                    }
                    return;
                }
                let is_body = node.kind() == "method_definition";
                if is_body && *overloaded == name {
                    overloaded.clear();
                    return;
                }
                *overloaded = if is_body { String::new() } else { name.clone() };
                let binding = match name.as_str() {
                    "constructor" => Binding::Constructor,
                    _ if is_static => Binding::Static,
                    _ => Binding::Instance,
                };
                let optional = has(node, "?");
                let signature = parameter::signature(self.file, node);
                if optional {
                    self.put(format!("{path}.{name}"), item(What::Attribute(in_words(node, is_static))));
                    return;
                }
                self.unwritten.extend(form::of_function(node).map(|form| (format!("{path}.{name}"), form)));
                let is_abstract = node.kind() == "abstract_method_signature";
                self.put(
                    format!("{path}.{name}"),
                    item(What::Callable(Callable { signatures: vec![signature], binding, is_abstract, raises: BTreeSet::new() })),
                );
                if binding == Binding::Constructor {
                    self.parameter_fields(node, path);
                }
            }
            "public_field_definition" | "property_signature" => {
                self.put(format!("{path}.{name}"), item(What::Attribute(field(node, is_static))));
            }
            "call_signature" | "construct_signature" => self.nameless(node, path, deprecated),
            "index_signature" => {
                self.put(format!("{path}.[]"), item(What::Attribute(in_words(node, false))));
            }
            _ => {}
        }
    }

    /// `(a: string): void` and `new (a: string): C` in an interface.
    fn nameless(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool) {
        let name = if node.kind() == "call_signature" { "()" } else { "new()" };
        let what = What::Callable(Callable {
            signatures: vec![parameter::signature(self.file, node)],
            binding: Binding::Free,
            is_abstract: false,
            raises: BTreeSet::new(),
        });
        let item = Item { what, at: place(self.file, node), deprecated, inherited: false, limits: Limits::new() };
        self.put(format!("{path}.{name}"), item);
    }

    fn limit(&mut self, path: &str, limit: Limit) {
        if let Some(item) = self.declared.get_mut(path) {
            item.limits.insert(limit);
        }
    }

    fn accessor(&mut self, node: &Syntax<'_>, path: &str, deprecated: bool) {
        let setter = has(node, "set");
        if let Some(Item { what: What::Attribute(known), .. }) = self.declared.get_mut(path) {
            known.read_only = false;
            return;
        }
        let annotation = node.field("return_type").map(|found| typing::typescript(found.text().trim_start_matches(':')));
        let attribute =
            Attribute { annotation, value: None, optional: false, read_only: !setter, computed: true, is_static: has(node, "static") };
        let at = place(self.file, &node.field("name").unwrap_or_else(|| node.clone()));
        self.put(path.to_owned(), Item { what: What::Attribute(attribute), at, deprecated, inherited: false, limits: Limits::new() });
    }

    /// `constructor(public readonly id: string)` declares a field.
    fn parameter_fields(&mut self, node: &Syntax<'_>, path: &str) {
        let Some(list) = node.field("parameters") else { return };
        for child in list.children() {
            let access = child.children().find(|inner| inner.kind() == "accessibility_modifier").map(|found| found.text().into_owned());
            let read_only = has(&child, "readonly");
            let limits = match access.as_deref() {
                Some("private") => continue,
                Some("protected") => Limits::from([Limit::Protected]),
                None if !read_only => continue,
                _ => Limits::new(),
            };
            let Some(name) = field_text(&child, "pattern") else { continue };
            let annotation = child.field("type").map(|found| typing::typescript(found.text().trim_start_matches(':')));
            let what = Attribute { annotation, value: None, optional: false, read_only, computed: false, is_static: false };
            self.put(
                format!("{path}.{name}"),
                Item { what: What::Attribute(what), at: place(self.file, &child), deprecated: false, inherited: false, limits },
            );
        }
    }

    /// Members of bases that stand before in the same file.
    fn inherit(&mut self, path: &str, bases: &[String]) {
        for base in bases {
            if self.declared.len() > ITEMS_MAX {
                self.surface.incomplete = true;
                return;
            }
            let inside = format!("{base}.");
            let found: Vec<(String, Item)> = self
                .declared
                .range(inside.clone()..)
                .take_while(|(member, _)| member.starts_with(&inside))
                .take(4_096)
                .map(|(member, item)| (format!("{path}.{}", &member[inside.len()..]), Item { inherited: true, ..item.clone() }))
                .collect();
            for (member, item) in found {
                self.declared.entry(member).or_insert(item);
            }
        }
    }
}

/// A field as it is written.
fn field(node: &Syntax<'_>, is_static: bool) -> Attribute {
    let value = node.field("value");
    let annotation = node.field("type").map(|found| typing::typescript(found.text().trim_start_matches(':')));
    let annotation = if has(node, "?") { annotation.map(typing::Type::without_undefined) } else { annotation };
    Attribute {
        annotation: annotation.or_else(|| value.as_ref().and_then(parameter::value_type)),
        value: value.as_ref().filter(|_| is_static).and_then(literal),
        optional: has(node, "?"),
        read_only: has(node, "readonly"),
        computed: false,
        is_static,
    }
}

/// A method that may be missing, or an index: a value that may be missing, of a type that is kept as its words.
fn in_words(node: &Syntax<'_>, is_static: bool) -> Attribute {
    let annotation = Some(typing::Type::Words(typing::spaced(&node.text())));
    Attribute { annotation, value: None, optional: true, read_only: false, computed: false, is_static }
}
