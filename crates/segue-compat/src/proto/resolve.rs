//! From what files say to a [`Model`]: names by protobuf's scopes, features down the tree, imports among the side's files.
//!
//! A type that nobody declares is refused, unless an import is missing that could declare it: then it stays a name, and the
//! caller says that it was not compared. Must never guess a type. Tests: below, `tests/it/proto/`.

mod element;

use std::collections::BTreeSet;

use super::ast::{EnumAst, Fault, FileAst, MEANING, MessageAst, Name, UNKNOWN_TYPE};
use super::features::Features;
use super::model::{Enum, EnumValue, FileModel, Message, Model, Service, Type, TypeId};
use super::ranges::{FIELD_MAX, Ranges, ReservedSet, VALUE_MAX};
use crate::source::{Place, Span};
use element::Scope;

/// The model of a side's files, and what contradicts itself in them, with the file.
pub(crate) fn resolve(asts: Vec<FileAst>) -> (Model, Vec<(u32, Fault)>) {
    let mut resolver = Resolver { model: Model::default(), faults: Vec::new(), open: BTreeSet::new() };
    resolver.files(&asts);
    for (file, ast) in (0_u32..).zip(&asts) {
        let scope = Scope { file, name: ast.package.text.to_string(), features: Features::of(ast.syntax).with(&ast.options) };
        ast.messages.iter().for_each(|message| resolver.declare(&scope, message));
        ast.enums.iter().for_each(|enumeration| resolver.declare_enum(&scope, enumeration));
    }
    let mut next = 0;
    for (file, ast) in (0_u32..).zip(asts) {
        let scope = Scope { file, name: ast.package.text.to_string(), features: Features::of(ast.syntax).with(&ast.options) };
        for message in ast.messages {
            resolver.fill(&scope, message, ast.syntax, &mut next);
        }
        for extend in ast.extends {
            resolver.extend(&scope, extend, ast.syntax);
        }
        for service in ast.services {
            let service = resolver.service(&scope, service);
            resolver.model.services.push(service);
        }
    }
    resolver.services_once();
    (resolver.model, resolver.faults)
}

struct Resolver {
    model: Model,
    faults: Vec<(u32, Fault)>,
    /// Files with an import that is missing: an unknown type may stand in it.
    open: BTreeSet<u32>,
}

impl Resolver {
    fn fault(&mut self, file: u32, code: &'static str, at: Span, what: impl Into<String>) {
        if self.faults.len() < 50 {
            self.faults.push((file, Fault { code, at, what: what.into() }));
        }
    }

    fn files(&mut self, asts: &[FileAst]) {
        let shared = shared_folder(asts);
        let mut suffixes: BTreeSet<&str> = BTreeSet::new();
        for ast in asts {
            suffixes.insert(&ast.path);
            suffixes.extend(ast.path.match_indices('/').map(|(at, _)| &ast.path[at + 1..]));
        }
        for (file, ast) in (0_u32..).zip(asts) {
            for import in &ast.imports {
                let known = import.path.text.starts_with("google/protobuf/");
                if !known && !suffixes.contains(&*import.path.text) {
                    self.model.missing.push((file, import.path.clone()));
                    self.open.insert(file);
                }
            }
            self.model.files.push(FileModel {
                source: ast.source,
                key: ast.path.get(shared..).unwrap_or_default().to_owned(),
                place: Place { file, span: ast.syntax_at },
                package: ast.package.clone(),
                syntax: ast.syntax,
                options: ast.options.clone(),
                public_imports: ast.imports.iter().filter(|import| import.public).map(|import| import.path.clone()).collect(),
            });
        }
        // What a file with a missing import passes on by `import public` may be missing, too.
        if !self.open.is_empty() {
            self.open.extend((0..).take(asts.len()));
        }
    }

    fn name_type(&mut self, scope: &Scope, name: &Name, full: &str, id: TypeId) {
        if self.model.types.contains_key(full) {
            self.fault(scope.file, MEANING, name.span, "a type of this name is declared twice");
        } else {
            self.model.types.insert(full.into(), id);
        }
    }

    fn declare(&mut self, scope: &Scope, ast: &MessageAst) {
        let Some(name) = &ast.name else { return };
        let full = scope.full(&name.text);
        let id = self.model.messages.len() as u32;
        self.name_type(scope, name, &full, TypeId::Message(id));
        self.model.messages.push(Message {
            name: full.clone().into(),
            place: Place { file: scope.file, span: name.span },
            fields: Vec::new(),
            names: Vec::new(),
            oneofs: Vec::new(),
            reserved: ReservedSet::of(&ast.reserved, FIELD_MAX),
            extension_ranges: Ranges::of(&ast.extension_ranges, FIELD_MAX),
            json: true,
            set_format: false,
            no_accessor: false,
            deprecated: false,
        });
        let inner = Scope { file: scope.file, name: full, features: scope.features.with(&ast.options) };
        ast.messages.iter().for_each(|nested| self.declare(&inner, nested));
        ast.enums.iter().for_each(|nested| self.declare_enum(&inner, nested));
    }

    fn declare_enum(&mut self, scope: &Scope, ast: &EnumAst) {
        let full = scope.full(&ast.name.text);
        self.name_type(scope, &ast.name, &full, TypeId::Enum(self.model.enums.len() as u32));
        let features = scope.features.with(&ast.options);
        let alias = super::ast::truth(&ast.options, "allow_alias") == Some(true);
        let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for value in &ast.values {
            if !names.insert(&*value.name.text) {
                self.fault(scope.file, MEANING, value.name.span, "a value of this name stands twice in the enum");
            }
            if !numbers.insert(value.number) && !alias {
                self.fault(scope.file, MEANING, value.name.span, "a value of this number stands twice in the enum, without allow_alias");
            }
        }
        match ast.values.first() {
            None => self.fault(scope.file, MEANING, ast.name.span, "an enum without values"),
            Some(first) if first.number != 0 && !features.closed => {
                self.fault(scope.file, MEANING, first.name.span, "the first value of an open enum must be 0");
            }
            Some(_) => {}
        }
        self.model.enums.push(Enum {
            name: full.into(),
            place: Place { file: scope.file, span: ast.name.span },
            values: ast
                .values
                .iter()
                .map(|value| EnumValue {
                    name: value.name.text.clone(),
                    number: value.number,
                    place: Place { file: scope.file, span: value.name.span },
                    deprecated: super::ast::truth(&value.options, "deprecated") == Some(true),
                })
                .collect(),
            closed: features.closed,
            json: features.json,
            reserved: ReservedSet::of(&ast.reserved, VALUE_MAX),
            deprecated: super::ast::truth(&ast.options, "deprecated") == Some(true),
        });
    }

    /// The type that a name means in a scope: from the innermost scope outwards.
    fn find(&mut self, scope: &Scope, name: &str, at: Span) -> Option<Type> {
        let of = |id: TypeId| match id {
            TypeId::Message(id) => Type::Message(id),
            TypeId::Enum(id) => Type::Enum(id),
        };
        if let Some(absolute) = name.strip_prefix('.') {
            if let Some(id) = self.model.types.get(absolute) {
                return Some(of(*id));
            }
        } else {
            let mut around = scope.name.as_str();
            loop {
                let full = if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") };
                if let Some(id) = self.model.types.get(full.as_str()) {
                    return Some(of(*id));
                }
                if around.is_empty() {
                    break;
                }
                around = around.rsplit_once('.').map_or("", |(outer, _)| outer);
            }
        }
        let plain = name.trim_start_matches('.');
        let known = plain.starts_with("google.protobuf.") || scope.name.starts_with("google.protobuf");
        if known || self.open.contains(&scope.file) {
            return Some(Type::Elsewhere(plain.into()));
        }
        self.fault(scope.file, UNKNOWN_TYPE, at, "a type that no file declares");
        None
    }

    /// Two services of one name are a contradiction.
    fn services_once(&mut self) {
        let mut seen: BTreeSet<Box<str>> = BTreeSet::new();
        let mut faults = Vec::new();
        for service in &self.model.services {
            let Service { name, place, methods, .. } = service;
            if !seen.insert(name.clone()) {
                faults.push((*place, "a service of this name is declared twice"));
            }
            let mut names = BTreeSet::new();
            for method in methods.iter().filter(|method| !names.insert(&*method.name)) {
                faults.push((method.place, "a method of this name stands twice in the service"));
            }
        }
        for (place, what) in faults {
            self.fault(place.file, MEANING, place.span, what);
        }
    }
}

/// How many bytes of their paths all files share, up to a `/`; a single file shares its whole folder.
fn shared_folder(asts: &[FileAst]) -> usize {
    let mut paths = asts.iter().map(|ast| ast.path.as_str());
    let Some(first) = paths.next() else { return 0 };
    let mut shared = first.rfind('/').map_or(0, |at| at + 1);
    for path in paths {
        while !path.starts_with(&first[..shared]) {
            shared = first[..shared.saturating_sub(1)].rfind('/').map_or(0, |at| at + 1);
        }
    }
    shared
}
