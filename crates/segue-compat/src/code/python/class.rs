//! Python's classes: members, fields that become a constructor, enumerations, protocols, and what base classes give.
//!
//! Tests: `tests/it/code/`.

use std::collections::BTreeSet;

use super::Reader;
use super::body;
use crate::code::limit::{Limit, Limits};
use crate::code::model::{Attribute, Binding, Callable, Class, Form, Item, Parameter, Passing, Signature, Surface, What, last, owner};
use crate::code::syntax::{NESTING_MAX, Syntax, field_text, literal, place};
use crate::code::typing;
use crate::source::Place;

/// How many base classes up members are looked for.
const BASES_MAX: usize = 16;
/// More members of bases than this are not copied.
const ITEMS_MAX: usize = 100_000;

/// What the fields of a class make of its constructor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fields {
    No,
    /// In order, by position or by name: `@dataclass`, `NamedTuple`.
    Ordered,
    /// By name only: pydantic's models, `kw_only=True`.
    Named,
}

impl Reader<'_> {
    pub(super) fn class(&mut self, node: &Syntax<'_>, path: &str, decorators: &[String], depth: usize) {
        if depth > NESTING_MAX {
            return;
        }
        let mut total = true;
        let mut bases = Vec::new();
        for argument in node.field("superclasses").iter().flat_map(|list| list.children().collect::<Vec<_>>()) {
            match argument.kind().as_ref() {
                "identifier" | "attribute" => bases.push(argument.text().into_owned()),
                "subscript" => bases.push(field_text(&argument, "value").unwrap_or_default()),
                "keyword_argument" if field_text(&argument, "name").as_deref() == Some("total") => {
                    total = field_text(&argument, "value").as_deref() != Some("False");
                }
                _ => {}
            }
        }
        let is = |names: &[&str]| bases.iter().any(|base| names.contains(&last(base)));
        let form = if is(&["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"]) {
            Form::Enum
        } else if is(&["TypedDict"]) {
            Form::Record
        } else if is(&["Protocol"]) {
            Form::Protocol
        } else {
            Form::Plain
        };
        let fields = fields_of(node, decorators, &bases);
        let at = node.field("name").map_or_else(|| place(self.file, node), |name| place(self.file, &name));
        let class = Class { form, bases, generics: Vec::new() };
        let deprecated = body::deprecated(node, decorators);
        let says = |word: &str| has_argument(node, word);
        let mut limits = Limits::new();
        if decorators.iter().any(|one| last(one) == "final") {
            limits.insert(Limit::Final);
        }
        if fields != Fields::No && (says("frozen=True") || decorators.iter().any(|one| last(one) == "frozen")) {
            limits.insert(Limit::Frozen);
        }
        self.put(path.to_owned(), Item { what: What::Class(class), at, deprecated, inherited: false, limits });
        let mut parameters = Vec::new();
        if let Some(block) = node.field("body") {
            self.members(&block, path, form, total, fields, &mut parameters, depth);
        }
        if fields != Fields::No {
            self.made_by_fields(format!("{path}.__init__"), parameters, Binding::Constructor, at);
            if says("order=True") {
                self.orders(path, at);
            }
        }
    }

    /// `order=True` writes the comparison.
    fn orders(&mut self, path: &str, at: Place) {
        let other =
            Parameter { name: "other".to_owned(), passing: Passing::Positional, annotation: None, default: None, optional: false, at };
        self.made_by_fields(format!("{path}.__lt__"), vec![other], Binding::Instance, at);
    }

    fn made_by_fields(&mut self, made: String, parameters: Vec<Parameter>, binding: Binding, at: Place) {
        if self.surface.items.contains_key(&made) {
            return;
        }
        let signature =
            Signature { parameters, returns: None, seen_returns: None, is_async: false, yields: false, generics: Vec::new(), at };
        let what = What::Callable(Callable { signatures: vec![signature], binding, is_abstract: false, raises: BTreeSet::new() });
        self.surface.items.insert(made, Item { what, at, deprecated: false, inherited: false, limits: Limits::new() });
    }

    #[allow(clippy::too_many_arguments)]
    fn members(
        &mut self,
        block: &Syntax<'_>,
        path: &str,
        form: Form,
        total: bool,
        fields: Fields,
        parameters: &mut Vec<Parameter>,
        depth: usize,
    ) {
        let mut passing = if fields == Fields::Named { Passing::Keyword } else { Passing::Either };
        for child in block.children() {
            match child.kind().as_ref() {
                "function_definition" | "decorated_definition" => self.member(&child, path, depth),
                "class_definition" => {
                    if let Some(name) = field_text(&child, "name") {
                        self.class(&child, &format!("{path}.{name}"), &[], depth + 1);
                    }
                }
                "if_statement" | "block" | "else_clause" if depth < NESTING_MAX => {
                    self.members(&child, path, form, total, fields, parameters, depth + 1);
                }
                "expression_statement" => {
                    for inner in child.children() {
                        if inner.kind() == "assignment" {
                            self.field(&inner, path, form, total, (fields, &mut passing, parameters));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn field(&mut self, node: &Syntax<'_>, path: &str, form: Form, total: bool, made: (Fields, &mut Passing, &mut Vec<Parameter>)) {
        let Some(left) = node.field("left").filter(|left| left.kind() == "identifier") else { return };
        let name = left.text().into_owned();
        let right = node.field("right");
        let words = field_text(node, "type");
        let (fields, passing, parameters) = made;
        if words.as_deref().is_some_and(|text| last(text.trim()) == "KW_ONLY") {
            *passing = Passing::Keyword;
            return;
        }
        let annotation = words.as_deref().map(typing::python);
        let is_class_var = words.as_deref().is_some_and(|text| text.contains("ClassVar"));
        if fields != Fields::No
            && !is_class_var
            && annotation.is_some()
            && let Some((default, keyword)) = field_default(right.as_ref())
        {
            let passing = if keyword { Passing::Keyword } else { *passing };
            parameters.push(Parameter {
                name: name.clone(),
                passing,
                annotation: annotation.clone(),
                optional: default.is_some(),
                default,
                at: place(self.file, &left),
            });
        }
        let what = if form == Form::Enum && annotation.is_none() {
            What::Member(right.as_ref().and_then(literal))
        } else {
            let says = |word: &str| words.as_deref().is_some_and(|text| text.contains(word));
            What::Attribute(Attribute {
                annotation: annotation.or_else(|| right.as_ref().and_then(body::value_type)),
                value: right.as_ref().and_then(literal),
                optional: form == Form::Record && (!total && !says("Required[") || says("NotRequired[")),
                read_only: says("Final") || says("ReadOnly"),
                computed: false,
                is_static: form != Form::Record,
            })
        };
        self.put(
            format!("{path}.{name}"),
            Item { what, at: place(self.file, &left), deprecated: false, inherited: false, limits: Limits::new() },
        );
    }

    fn member(&mut self, node: &Syntax<'_>, path: &str, depth: usize) {
        let decorators = body::decorators(node);
        let inner = if node.kind() == "decorated_definition" { node.field("definition") } else { Some(node.clone()) };
        let Some(inner) = inner else { return };
        let Some(name) = field_text(&inner, "name") else { return };
        let path = format!("{path}.{name}");
        if inner.kind() == "class_definition" {
            self.class(&inner, &path, &decorators, depth + 1);
            return;
        }
        let is = |names: &[&str]| decorators.iter().any(|one| names.contains(&last(one)));
        if decorators.iter().any(|one| one.ends_with(".setter")) {
            if let Some(Item { what: What::Attribute(attribute), .. }) = self.surface.items.get_mut(&path) {
                attribute.read_only = false;
            }
            return;
        }
        let binding = if name == "__init__" || name == "__new__" {
            Binding::Constructor
        } else if is(&["staticmethod"]) {
            Binding::Static
        } else if is(&["classmethod"]) {
            Binding::Class
        } else {
            Binding::Instance
        };
        let callable = self.callable(&inner, &decorators, binding);
        let deprecated = body::deprecated(&inner, &decorators);
        if is(&["property", "cached_property", "abstractproperty"]) {
            let returns = callable.signatures.into_iter().next().and_then(|one| one.returns.or(one.seen_returns));
            let read_only = is(&["property", "abstractproperty"]);
            let what = What::Attribute(Attribute {
                annotation: returns,
                value: None,
                optional: false,
                read_only,
                computed: true,
                is_static: false,
            });
            let at = inner.field("name").map_or_else(|| place(self.file, &inner), |name| place(self.file, &name));
            self.put(path, Item { what, at, deprecated, inherited: false, limits: Limits::new() });
            return;
        }
        if name == "__init__" {
            self.own_attributes(&inner, &path);
        }
        self.put_callable(path, callable, deprecated, &inner, &decorators);
    }

    /// `self.x = …` in the constructor.
    fn own_attributes(&mut self, node: &Syntax<'_>, path: &str) {
        let (Some(body), Some(class)) = (node.field("body"), owner(path)) else { return };
        let class = class.to_owned();
        for found in body.dfs().take(20_000).filter(|inner| inner.kind() == "assignment") {
            let Some(left) = found.field("left").filter(|left| left.kind() == "attribute") else { continue };
            if field_text(&left, "object").as_deref() != Some("self") {
                continue;
            }
            let Some(name) = field_text(&left, "attribute") else { continue };
            let right = found.field("right");
            let annotation =
                field_text(&found, "type").map(|text| typing::python(&text)).or_else(|| right.as_ref().and_then(body::value_type));
            let what = What::Attribute(Attribute {
                annotation,
                value: None,
                optional: false,
                read_only: false,
                computed: false,
                is_static: false,
            });
            self.put(
                format!("{class}.{name}"),
                Item { what, at: place(self.file, &left), deprecated: false, inherited: false, limits: Limits::new() },
            );
        }
    }
}

fn fields_of(node: &Syntax<'_>, decorators: &[String], bases: &[String]) -> Fields {
    let decorated = decorators.iter().any(|one| matches!(last(one), "dataclass" | "define" | "frozen" | "attrs" | "s"));
    let base = |names: &[&str]| bases.iter().any(|base| names.contains(&last(base)));
    if base(&["BaseModel", "BaseSettings"]) {
        return Fields::Named;
    }
    if !decorated && !base(&["NamedTuple"]) {
        return Fields::No;
    }
    if has_argument(node, "kw_only=True") { Fields::Named } else { Fields::Ordered }
}

/// A decorator of the class has that argument.
fn has_argument(node: &Syntax<'_>, argument: &str) -> bool {
    node.parent().is_some_and(|parent| {
        parent.children().any(|child| child.kind() == "decorator" && child.text().split_whitespace().collect::<String>().contains(argument))
    })
}

/// The default of a field and whether it goes by name only; `None` when it is no parameter.
fn field_default(right: Option<&Syntax<'_>>) -> Option<(Option<String>, bool)> {
    let Some(right) = right else { return Some((None, false)) };
    if right.kind() == "call" {
        let name = field_text(right, "function").unwrap_or_default();
        if matches!(last(&name), "field" | "Field" | "ib" | "attrib") {
            let text: String = field_text(right, "arguments").unwrap_or_default().split_whitespace().collect();
            if text.contains("init=False") {
                return None;
            }
            let positional = last(&name) == "Field"
                && !text.starts_with("()")
                && !text.starts_with("(...")
                && !text[1..].split(',').next().is_some_and(|first| first.contains('='));
            let has = ["default=", "default_factory=", "factory="].iter().any(|word| text.contains(word)) || positional;
            return Some((has.then(|| typing::spaced(&right.text())), text.contains("kw_only=True")));
        }
    }
    Some((Some(typing::spaced(&right.text())), false))
}

/// Members of base classes of the same file count as members of the class, constructors of fields too.
pub(super) fn inherit(surface: &mut Surface, prefix: &str) {
    let classes: Vec<(String, Vec<String>)> = surface
        .items
        .iter()
        .filter_map(|(path, item)| match &item.what {
            What::Class(class) if path.starts_with(prefix) => Some((path.clone(), class.bases.clone())),
            _ => None,
        })
        .collect();
    let mut added = Vec::new();
    for (path, bases) in &classes {
        let mut seen = vec![path.clone()];
        let mut open: Vec<String> = bases.iter().rev().cloned().collect();
        while let Some(base) = open.pop() {
            let base = format!("{prefix}{base}");
            if seen.contains(&base) || seen.len() > BASES_MAX {
                continue;
            }
            let Some(class) = surface.class(&base) else { continue };
            if added.len() > ITEMS_MAX {
                break;
            }
            open.extend(class.bases.iter().rev().cloned());
            let inside = format!("{base}.");
            for (member, item) in surface.items.range(inside.clone()..).take_while(|(member, _)| member.starts_with(&inside)).take(4_096) {
                added.push((format!("{path}.{}", &member[inside.len()..]), Item { inherited: true, ..item.clone() }, base.clone()));
            }
            seen.push(base);
        }
    }
    surface.incomplete |= added.len() > ITEMS_MAX;
    for (path, item, base) in added {
        let made = |path: &str, own: &Item| surface.items.get(path).is_some_and(|class| class.at == own.at);
        let class = owner(&path).unwrap_or_default();
        let joins = path.ends_with(".__init__")
            && made(&base, &item)
            && surface.items.get(&path).is_some_and(|own| !own.inherited && made(class, own));
        match surface.items.get_mut(&path).map(|own| &mut own.what) {
            None => {
                surface.items.insert(path, item);
            }
            // A class of fields on a class of fields: the base's come first.
            Some(What::Callable(own)) if joins => join(own, &item),
            Some(_) => {}
        }
    }
}

fn join(own: &mut Callable, base: &Item) {
    let (Some(own), What::Callable(base)) = (own.signatures.first_mut(), &base.what) else { return };
    let Some(base) = base.signatures.first() else { return };
    let mut all: Vec<Parameter> = base.parameters.clone();
    for parameter in own.parameters.drain(..) {
        match all.iter_mut().find(|one| one.name == parameter.name) {
            Some(known) => *known = parameter,
            None => all.push(parameter),
        }
    }
    own.parameters = all;
}
