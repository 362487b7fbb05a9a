//! Messages, fields, extensions and services: each with what it inherits.

use std::collections::BTreeSet;

use super::Resolver;
use crate::proto::ast::{ExtendAst, FieldAst, Label, MEANING, MessageAst, ServiceAst, Syntax, TypeAst, option, truth};
use crate::proto::features::Features;
use crate::proto::model::{Extension, Field, Method, Presence, Scalar, Service, Type};
use crate::proto::ranges::FIELD_MAX;
use crate::source::Place;

/// Where a name is looked up, and what is inherited there.
pub(super) struct Scope {
    pub(super) file: u32,
    pub(super) name: String,
    pub(super) features: Features,
}

impl Scope {
    /// The full name of something declared here.
    pub(super) fn full(&self, name: &str) -> String {
        if self.name.is_empty() { name.to_owned() } else { format!("{}.{name}", self.name) }
    }

    fn place(&self, span: crate::source::Span) -> Place {
        Place { file: self.file, span }
    }
}

impl Resolver {
    /// Messages are filled in the order in which they were declared.
    pub(super) fn fill(&mut self, scope: &Scope, ast: MessageAst, syntax: Syntax, next: &mut usize) {
        let Some(name) = &ast.name else { return };
        let at = *next;
        *next += 1;
        let inner = Scope { file: scope.file, name: scope.full(&name.text), features: scope.features.with(&ast.options) };
        let mut fields = Vec::with_capacity(ast.fields.len());
        let (mut numbers, mut names) = (BTreeSet::new(), BTreeSet::new());
        let reserved = self.model.messages[at].reserved.clone();
        for field in ast.fields {
            self.numbered(&inner, &field, &mut numbers, &reserved);
            if !names.insert(field.name.text.clone()) {
                self.fault(scope.file, MEANING, field.name.span, "a field of this name stands twice in the message");
            }
            let of_oneof = field.oneof.and_then(|index| ast.oneofs.get(index as usize)).map(|oneof| inner.features.with(&oneof.options));
            if let Some(field) = self.field(&inner, of_oneof.as_ref(), field, syntax) {
                fields.push(field);
            }
        }
        fields.sort_by_key(|field| field.number);
        let mut order: Vec<u32> = (0..fields.len() as u32).collect();
        order.sort_by(|one, other| fields[*one as usize].name.cmp(&fields[*other as usize].name));
        let message = &mut self.model.messages[at];
        message.names = order;
        message.fields = fields;
        message.oneofs = ast.oneofs.into_iter().map(|oneof| oneof.name).collect();
        message.json = inner.features.json;
        message.set_format = truth(&ast.options, "message_set_wire_format") == Some(true);
        message.no_accessor = truth(&ast.options, "no_standard_descriptor_accessor") == Some(true);
        message.deprecated = truth(&ast.options, "deprecated") == Some(true);
        for nested in ast.messages {
            self.fill(&inner, nested, syntax, next);
        }
        for extend in ast.extends {
            self.extend(&inner, extend, syntax);
        }
    }

    fn numbered(&mut self, scope: &Scope, field: &FieldAst, numbers: &mut BTreeSet<i64>, reserved: &crate::proto::ranges::ReservedSet) {
        let what = if !numbers.insert(field.number) {
            "a field of this number stands twice in the message"
        } else if field.number > FIELD_MAX || (19_000..=19_999).contains(&field.number) {
            "a number that no field may have"
        } else if reserved.number(field.number) {
            "a field has a number that its own message reserves"
        } else if reserved.name(&field.name.text) {
            "a field has a name that its own message reserves"
        } else {
            return;
        };
        self.fault(scope.file, MEANING, field.number_at, what);
    }

    pub(super) fn extend(&mut self, scope: &Scope, ast: ExtendAst, syntax: Syntax) {
        let Some(extended) = self.find(scope, &ast.extendee.text, ast.extendee.span) else { return };
        let extendee = self.model.shown(&extended);
        for field in ast.fields {
            let name = scope.full(&field.name.text);
            if let Some(mut field) = self.field(scope, None, field, syntax) {
                if field.presence == Presence::Implicit {
                    field.presence = Presence::Explicit;
                }
                self.model.extensions.push(Extension { extendee: extendee.clone().into(), name: name.into(), field });
            }
        }
    }

    fn kind(&mut self, scope: &Scope, ast: &FieldAst) -> Option<Type> {
        match &ast.kind {
            TypeAst::Named(name) => match Scalar::named(name) {
                Some(scalar) => Some(Type::Scalar(scalar)),
                None => self.find(scope, name, ast.kind_at),
            },
            TypeAst::Group(name) => self.find(scope, name, ast.kind_at),
            TypeAst::Map(key, value) => {
                let bad = [Scalar::Double, Scalar::Float, Scalar::Bytes];
                let key = Scalar::named(key).filter(|key| !bad.contains(key));
                let Some(key) = key else {
                    self.fault(scope.file, MEANING, ast.kind_at, "the key of a map must be a whole number, a bool or a string");
                    return None;
                };
                let value = match Scalar::named(value) {
                    Some(scalar) => Type::Scalar(scalar),
                    None => self.find(scope, value, ast.kind_at)?,
                };
                Some(Type::Map(key, Box::new(value)))
            }
        }
    }

    fn field(&mut self, scope: &Scope, of_oneof: Option<&Features>, ast: FieldAst, syntax: Syntax) -> Option<Field> {
        let kind = self.kind(scope, &ast)?;
        let features = of_oneof.unwrap_or(&scope.features).with(&ast.options);
        let repeated = ast.label == Label::Repeated;
        let is_message = matches!(kind, Type::Message(_) | Type::Elsewhere(_));
        let is_map = matches!(kind, Type::Map(..));
        let presence = match (ast.label, syntax) {
            (Label::Required, _) => Presence::Required,
            (Label::Repeated, _) => Presence::Implicit,
            _ if is_map => Presence::Implicit,
            (Label::Optional, Syntax::Proto3) => Presence::Explicit,
            _ if ast.oneof.is_some() => Presence::Explicit,
            _ if is_message && features.presence != Presence::Required => Presence::Explicit,
            _ => features.presence,
        };
        let numeric = match &kind {
            Type::Scalar(scalar) => !matches!(scalar, Scalar::String | Scalar::Bytes),
            Type::Enum(_) => true,
            _ => false,
        };
        let is_text = |kind: &Type| matches!(kind, Type::Scalar(Scalar::String));
        let has_text = is_text(&kind) || matches!(&kind, Type::Map(key, value) if *key == Scalar::String || is_text(value));
        let mut code = Vec::new();
        if let Some(jstype) = option(&ast.options, "jstype") {
            code.push(("jstype", jstype.value.clone()));
        }
        if has_text || matches!(kind, Type::Scalar(Scalar::Bytes)) {
            code.push(("string type of C++", features.cpp_string.clone()));
        }
        if has_text {
            code.push(("UTF-8 check of Java", features.java_utf8.clone()));
        }
        Some(Field {
            json_name: option(&ast.options, "json_name").map_or_else(|| lower_camel(&ast.name.text), |given| given.value.clone()),
            name: ast.name.text,
            number: ast.number,
            place: scope.place(ast.name.span),
            kind_at: scope.place(ast.kind_at),
            repeated,
            presence,
            packed: repeated && numeric && truth(&ast.options, "packed").unwrap_or(features.packed),
            delimited: matches!(ast.kind, TypeAst::Group(_)) || (is_message && features.delimited),
            utf8: has_text && features.utf8,
            oneof: ast.oneof,
            default: option(&ast.options, "default").map(|given| given.value.clone()),
            deprecated: truth(&ast.options, "deprecated") == Some(true),
            code,
            kind,
        })
    }

    pub(super) fn service(&mut self, scope: &Scope, ast: ServiceAst) -> Service {
        let mut methods = Vec::new();
        for method in ast.methods {
            let ends = (self.find(scope, &method.input.text, method.input.span), self.find(scope, &method.output.text, method.output.span));
            let (Some(input), Some(output)) = ends else { continue };
            if matches!(input, Type::Enum(_)) || matches!(output, Type::Enum(_)) {
                self.fault(scope.file, MEANING, method.name.span, "a method takes or gives something that is no message");
                continue;
            }
            methods.push(Method {
                place: scope.place(method.name.span),
                name: method.name.text,
                input,
                output,
                client_streaming: method.client_streaming,
                server_streaming: method.server_streaming,
                idempotency: option(&method.options, "idempotency_level").map_or("IDEMPOTENCY_UNKNOWN".into(), |given| given.value.clone()),
                deprecated: truth(&method.options, "deprecated") == Some(true),
                http: method
                    .options
                    .iter()
                    .filter_map(|option| Some((option.name.strip_prefix("(google.api.http).")?.into(), option.value.clone())))
                    .collect(),
            });
        }
        Service {
            name: scope.full(&ast.name.text).into(),
            place: scope.place(ast.name.span),
            methods,
            deprecated: truth(&ast.options, "deprecated") == Some(true),
        }
    }
}

/// The name of a field in JSON: `unit_price` is `unitPrice`.
pub(crate) fn lower_camel(name: &str) -> Box<str> {
    let mut camel = String::with_capacity(name.len());
    let mut upper = false;
    for char in name.chars() {
        if char == '_' {
            upper = true;
        } else if upper {
            camel.push(char.to_ascii_uppercase());
            upper = false;
        } else {
            camel.push(char);
        }
    }
    camel.into()
}
