//! The result of an introspection query as a schema.
//!
//! `{"data": {"__schema": …}}` or `{"__schema": …}`. What the query did not ask for (repeatable, `specifiedByURL`, `isOneOf`,
//! other directives) is not compared, and never counts as removed. Tests: `tests/it/graphql/introspection.rs`.

use std::collections::BTreeSet;

use super::value::read_value;
use crate::doc::{At, Doc};
use crate::graphql::schema::{
    BUILT_IN_DIRECTIVES, BUILT_IN_SCALARS, DirectiveDef, EnumValue, Field, Input, Members, NamedAt, OPERATIONS, Schema, TypeDef, TypeKind,
    TypeRef, Use,
};
use crate::shape::Literal;
use crate::source::{Place, Span};

/// A part that is not as an introspection result has it.
#[derive(Debug)]
pub(in crate::graphql) struct Malformed {
    pub(in crate::graphql) at: Span,
    pub(in crate::graphql) what: &'static str,
}

/// It begins like an introspection result.
pub(in crate::graphql) fn is_introspection(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"__schema\"")
}

struct Reader<'a, 's> {
    file: u32,
    name: &'s str,
    schema: &'s mut Schema<'a>,
    shown: BTreeSet<&'static str>,
    repeatable: bool,
}

/// Reads one result into the schema; returns how many types it has.
pub(in crate::graphql) fn read<'a>(doc: &'a Doc, name: &str, file: u32, schema: &mut Schema<'a>) -> Result<usize, Malformed> {
    let root = doc.root();
    let data = root.get("data").filter(|data| data.is_map()).unwrap_or(root);
    let Some(found) = data.get("__schema") else { return Err(Malformed { at: root.span(), what: "there is no __schema" }) };
    let Some(types) = found.get("types").filter(|types| types.is_list()) else {
        return Err(Malformed { at: found.span(), what: "__schema has no list of types" });
    };
    let mut reader = Reader { file, name, schema, shown: BTreeSet::new(), repeatable: false };
    let before = reader.schema.types.len();
    for one in types.items() {
        reader.type_def(one)?;
    }
    for one in found.get("directives").into_iter().flat_map(At::items) {
        reader.directive(one)?;
    }
    for (at, key) in ["queryType", "mutationType", "subscriptionType"].into_iter().enumerate() {
        let said = found.get(key).and_then(|root| root.get("name"));
        if let (Some(said), Some(root)) = (said, reader.schema.roots.get_mut(at)) {
            *root = said.text().map(|name| (name, Place { file, span: said.span() }));
        }
    }
    debug_assert_eq!(OPERATIONS.len(), 3);
    let Reader { shown, repeatable, schema, .. } = reader;
    schema.named_roots = true;
    schema.hides_repeatable |= !repeatable;
    schema.shown_uses = Some(shown);
    Ok(schema.types.len() - before)
}

impl<'a> Reader<'a, '_> {
    fn place(&self, at: At<'a>) -> Place {
        Place { file: self.file, span: at.span() }
    }

    /// A required name with its place.
    fn named(&self, at: At<'a>) -> Result<(&'a str, Place), Malformed> {
        match at.get("name").and_then(|name| name.text().map(|text| (text, name))) {
            Some((text, name)) if !text.is_empty() => Ok((text, self.place(name))),
            _ => Err(Malformed { at: at.span(), what: "a part of the schema has no name" }),
        }
    }

    fn type_def(&mut self, at: At<'a>) -> Result<(), Malformed> {
        let (name, place) = self.named(at)?;
        let kind = match at.text_at("kind") {
            Some("SCALAR") => TypeKind::Scalar,
            Some("OBJECT") => TypeKind::Object,
            Some("INTERFACE") => TypeKind::Interface,
            Some("UNION") => TypeKind::Union,
            Some("ENUM") => TypeKind::Enum,
            Some("INPUT_OBJECT") => TypeKind::Input,
            _ => return Err(Malformed { at: at.span(), what: "a type has no kind, or one that is unknown" }),
        };
        for (key, use_name) in [("specifiedByURL", "specifiedBy"), ("specifiedByUrl", "specifiedBy"), ("isOneOf", "oneOf")] {
            if at.get(key).is_some() {
                self.shown.insert(use_name);
            }
        }
        if name.starts_with("__") || kind == TypeKind::Scalar && BUILT_IN_SCALARS.contains(&name) {
            return Ok(());
        }
        let mut def = TypeDef::new(name, kind, place);
        def.uses = Self::type_uses(at);
        def.fields.add(self.list(at, "fields", name, Self::field)?);
        def.inputs.add(self.list(at, "inputFields", name, Self::input)?);
        def.values.add(self.list(at, "enumValues", name, Self::enum_value)?);
        def.interfaces.add(self.list(at, "interfaces", name, Self::name_of)?);
        if kind == TypeKind::Union {
            def.members.add(self.list(at, "possibleTypes", name, Self::name_of)?);
        }
        if self.schema.types.insert(name, def).is_some() {
            self.schema.not_checked.push(format!("{name} is defined more than once; the last definition was compared"));
        }
        Ok(())
    }

    /// The items of a list that may be `null`; one that is cut makes its owner unread.
    fn list<T>(&mut self, at: At<'a>, key: &str, owner: &'a str, item: Item<'a, '_, T, Self>) -> Result<Vec<T>, Malformed> {
        let mut found = Vec::new();
        for one in at.get(key).into_iter().flat_map(At::items) {
            if let Some(member) = item(self, one)? {
                found.push(member);
                continue;
            }
            self.schema.unread.insert(owner);
            self.schema.skipped = true;
            let name = self.name;
            let sentence = format!("{name}: a type in {owner} is deeper than the introspection query asked; what has it was skipped");
            self.schema.not_checked.push(sentence);
        }
        Ok(found)
    }

    fn type_uses(at: At<'a>) -> Vec<Use<'a>> {
        let mut uses = Vec::new();
        if let Some(url) = at.text_at("specifiedByURL").or_else(|| at.text_at("specifiedByUrl")) {
            uses.push(Use { name: "specifiedBy", arguments: vec![("url", Literal::text(url))] });
        }
        if at.get("isOneOf").and_then(At::bool) == Some(true) {
            uses.push(Use { name: "oneOf", arguments: Vec::new() });
        }
        uses
    }

    fn deprecation(&mut self, at: At<'a>, shows: &'static str) -> Box<[Use<'a>]> {
        let Some(is) = at.get("isDeprecated") else { return Box::default() };
        self.shown.insert(shows);
        if is.bool() != Some(true) {
            return Box::default();
        }
        let arguments = at.text_at("deprecationReason").map(|reason| ("reason", Literal::text(reason))).into_iter().collect();
        Box::new([Use { name: "deprecated", arguments }])
    }

    fn field(&mut self, at: At<'a>) -> Result<Option<Field<'a>>, Malformed> {
        let (name, place) = self.named(at)?;
        let Some(gives) = Self::type_ref(at)? else { return Ok(None) };
        let mut arguments = Members::default();
        for one in at.get("args").into_iter().flat_map(At::items) {
            let Some(argument) = self.input(one)? else { return Ok(None) };
            arguments.add(vec![argument]);
        }
        let uses = self.deprecation(at, "deprecated");
        Ok(Some(Field { name, place, gives, arguments, uses }))
    }

    fn input(&mut self, at: At<'a>) -> Result<Option<Input<'a>>, Malformed> {
        let (name, place) = self.named(at)?;
        let Some(takes) = Self::type_ref(at)? else { return Ok(None) };
        let default = match at.get("defaultValue") {
            Some(said) => match said.text() {
                Some(text) => match read_value(text) {
                    Some(value) => Some(Box::new(value)),
                    None => return Err(Malformed { at: said.span(), what: "a default value is no constant of GraphQL" }),
                },
                None => None,
            },
            None => None,
        };
        let uses = self.deprecation(at, "deprecated input");
        Ok(Some(Input { name, place, takes, default, uses }))
    }

    fn enum_value(&mut self, at: At<'a>) -> Result<Option<EnumValue<'a>>, Malformed> {
        let (name, place) = self.named(at)?;
        let uses = self.deprecation(at, "deprecated");
        Ok(Some(EnumValue { name, place, uses }))
    }

    fn name_of(&mut self, at: At<'a>) -> Result<Option<NamedAt<'a>>, Malformed> {
        let (name, place) = self.named(at)?;
        Ok(Some(NamedAt { name, place }))
    }

    /// Follows `ofType`; `None` when the query did not ask deep enough.
    fn type_ref(owner: At<'a>) -> Result<Option<TypeRef<'a>>, Malformed> {
        let Some(mut at) = owner.get("type") else { return Err(Malformed { at: owner.span(), what: "a field or argument has no type" }) };
        let mut wraps = Vec::new();
        let mut found = loop {
            match at.text_at("kind") {
                Some(kind @ ("NON_NULL" | "LIST")) => wraps.push(kind == "LIST"),
                _ => match at.text_at("name") {
                    Some(name) => break TypeRef::named(name),
                    None => return Err(Malformed { at: at.span(), what: "a type has neither a name nor a kind that wraps one" }),
                },
            }
            match at.get("ofType").filter(|inner| inner.is_map()) {
                Some(inner) => at = inner,
                None => return Ok(None),
            }
        };
        for list in wraps.into_iter().rev() {
            found = if list {
                match found.in_list() {
                    Some(wrapped) => wrapped,
                    None => return Ok(None),
                }
            } else {
                found.required()
            };
        }
        Ok(Some(found))
    }

    fn directive(&mut self, at: At<'a>) -> Result<(), Malformed> {
        let (name, place) = self.named(at)?;
        let repeatable = at.get("isRepeatable").and_then(At::bool);
        self.repeatable |= repeatable.is_some();
        if BUILT_IN_DIRECTIVES.contains(&name) {
            return Ok(());
        }
        let mut arguments = Members::default();
        for one in at.get("args").into_iter().flat_map(At::items) {
            match self.input(one)? {
                Some(argument) => drop(arguments.add(vec![argument])),
                None => self.schema.skipped = true,
            }
        }
        let mut locations = Members::default();
        let said = at.get("locations").into_iter().flat_map(At::items);
        locations.add(said.filter_map(|one| one.text().map(|name| NamedAt { name, place: self.place(one) })).collect());
        let def = DirectiveDef { name, place, arguments, repeatable: repeatable == Some(true), locations };
        self.schema.directives.insert(name, def);
        Ok(())
    }
}

type Item<'a, 's, T, R> = fn(&mut R, At<'a>) -> Result<Option<T>, Malformed>;
