//! A GraphQL schema as both readers give it: names borrowed from the text, members sorted by name.
//!
//! Descriptions are not kept, because no client can depend on them. Deprecation, `@oneOf` and `@specifiedBy` are uses of
//! directives here, whatever the document was. Tests: `tests/it/graphql/`.

mod type_ref;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use type_ref::TypeRef;

use crate::shape::Literal;
use crate::source::Place;

/// The directives that every server knows without a definition.
pub(super) const BUILT_IN_DIRECTIVES: &[&str] = &["skip", "include", "deprecated", "specifiedBy", "oneOf"];
/// The scalars that every server knows without a definition.
pub(super) const BUILT_IN_SCALARS: &[&str] = &["Int", "Float", "String", "Boolean", "ID"];

/// The operations, in the order of [`Schema::roots`].
pub(super) const OPERATIONS: [&str; 3] = ["query", "mutation", "subscription"];

/// One side's schema.
#[derive(Debug, Default)]
pub(super) struct Schema<'a> {
    /// By name, without the built-in scalars and the types of introspection.
    pub(super) types: BTreeMap<&'a str, TypeDef<'a>>,
    /// By name, without `@`.
    pub(super) directives: BTreeMap<&'a str, DirectiveDef<'a>>,
    /// The types of query, mutation and subscription with the place where that is said.
    pub(super) roots: [Option<(&'a str, Place)>; 3],
    /// A definition of the schema (no extension) named root types, so that no type is one by its name alone.
    pub(super) named_roots: bool,
    /// Directives on the schema itself.
    pub(super) uses: Vec<Use<'a>>,
    /// Types whose definition, or a part of it, was not understood: nothing may be called removed from them.
    pub(super) unread: BTreeSet<&'a str>,
    /// What was skipped, one sentence each.
    pub(super) not_checked: Vec<String>,
    /// Something was skipped in which a break could hide.
    pub(super) skipped: bool,
    /// Uses of directives that this document cannot show, because it is an introspection result; `None` shows all.
    pub(super) shown_uses: Option<BTreeSet<&'static str>>,
    /// The document does not say whether directives are repeatable.
    pub(super) hides_repeatable: bool,
}

/// The kind of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TypeKind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
}

impl TypeKind {
    /// With its article, for messages.
    pub(super) fn a(self) -> &'static str {
        match self {
            Self::Scalar => "a scalar",
            Self::Object => "an object type",
            Self::Interface => "an interface",
            Self::Union => "a union",
            Self::Enum => "an enum",
            Self::Input => "an input object",
        }
    }

    /// Clients select fields of it.
    pub(super) fn is_composite(self) -> bool {
        matches!(self, Self::Object | Self::Interface | Self::Union)
    }
}

/// A named type.
#[derive(Debug)]
pub(super) struct TypeDef<'a> {
    pub(super) name: &'a str,
    pub(super) kind: TypeKind,
    pub(super) place: Place,
    /// Of objects and interfaces.
    pub(super) fields: Members<Field<'a>>,
    /// Of input objects.
    pub(super) inputs: Members<Input<'a>>,
    /// Of enums.
    pub(super) values: Members<EnumValue<'a>>,
    /// Members of a union.
    pub(super) members: Members<NamedAt<'a>>,
    /// What an object or interface implements.
    pub(super) interfaces: Members<NamedAt<'a>>,
    pub(super) uses: Vec<Use<'a>>,
}

impl<'a> TypeDef<'a> {
    pub(super) fn new(name: &'a str, kind: TypeKind, place: Place) -> Self {
        Self {
            name,
            kind,
            place,
            fields: Members::default(),
            inputs: Members::default(),
            values: Members::default(),
            members: Members::default(),
            interfaces: Members::default(),
            uses: Vec::new(),
        }
    }
}

/// A field of an object or interface.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) gives: TypeRef<'a>,
    pub(super) arguments: Members<Input<'a>>,
    pub(super) uses: Box<[Use<'a>]>,
}

/// An argument or a field of an input object.
#[derive(Debug)]
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) takes: TypeRef<'a>,
    pub(super) default: Option<Box<Literal>>,
    pub(super) uses: Box<[Use<'a>]>,
}

impl Input<'_> {
    /// It must be given.
    pub(super) fn is_required(&self) -> bool {
        self.takes.is_non_null() && self.default.is_none()
    }
}

/// A value of an enum.
#[derive(Debug)]
pub(super) struct EnumValue<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) uses: Box<[Use<'a>]>,
}

/// A name and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamedAt<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
}

/// A directive on something.
#[derive(Debug, Clone)]
pub(super) struct Use<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Vec<(&'a str, Literal)>,
}

impl Use<'_> {
    /// An argument's value.
    pub(super) fn argument(&self, name: &str) -> Option<&Literal> {
        self.arguments.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// As SDL writes it, arguments sorted; at most 120 characters.
    pub(super) fn show(&self) -> String {
        if self.arguments.is_empty() {
            return format!("@{}", self.name);
        }
        let mut arguments: Vec<String> = self.arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        arguments.sort();
        let text = format!("@{}({})", self.name, arguments.join(", "));
        if text.chars().count() > 120 { text.chars().take(119).chain(['…']).collect() } else { text }
    }
}

/// The use of a directive in a list.
pub(super) fn used<'u, 'a>(uses: &'u [Use<'a>], name: &str) -> Option<&'u Use<'a>> {
    uses.iter().find(|one| one.name == name)
}

/// It is deprecated.
pub(super) fn is_deprecated(uses: &[Use<'_>]) -> bool {
    used(uses, "deprecated").is_some()
}

/// The reason of a deprecation; the standard one when none is given.
pub(super) fn reason<'u>(of: &'u Use<'_>) -> &'u str {
    match of.argument("reason") {
        Some(Literal::Text(reason)) => reason,
        _ => "No longer supported",
    }
}

/// A directive's definition.
#[derive(Debug)]
pub(super) struct DirectiveDef<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) arguments: Members<Input<'a>>,
    pub(super) repeatable: bool,
    pub(super) locations: Members<NamedAt<'a>>,
}

/// Places in operations: what a client writes.
pub(super) const EXECUTABLE_LOCATIONS: &[&str] =
    &["QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION"];

impl DirectiveDef<'_> {
    /// Clients can write it.
    pub(super) fn is_executable(&self) -> bool {
        self.locations.iter().any(|at| EXECUTABLE_LOCATIONS.contains(&at.name))
    }
}

/// What has a name.
pub(super) trait Named {
    fn name(&self) -> &str;
}

macro_rules! named {
    ($($kind:ident),*) => {$(
        impl Named for $kind<'_> {
            fn name(&self) -> &str {
                self.name
            }
        }
    )*};
}
named!(Field, Input, EnumValue, NamedAt);

/// Members sorted by name, each name once.
#[derive(Debug)]
pub(super) struct Members<T>(Vec<T>);

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Named> Members<T> {
    /// Adds members; of two with one name the first counts, and the name is returned.
    pub(super) fn add(&mut self, more: Vec<T>) -> Vec<String> {
        if more.is_empty() {
            return Vec::new();
        }
        if self.0.is_empty() {
            self.0 = more;
        } else {
            self.0.extend(more);
        }
        self.0.sort_by(|a, b| a.name().cmp(b.name()));
        let mut twice = Vec::new();
        self.0.dedup_by(|later, earlier| {
            let same = later.name() == earlier.name();
            if same {
                twice.push(later.name().to_owned());
            }
            same
        });
        self.0.shrink_to_fit();
        twice
    }

    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.0.binary_search_by(|member| member.name().cmp(name)).ok().and_then(|at| self.0.get(at))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl<T> Members<T> {
    pub(super) fn into_vec(self) -> Vec<T> {
        self.0
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a, T> IntoIterator for &'a Members<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> Schema<'a> {
    /// The kind of a named type; built-in scalars have one too.
    pub(super) fn kind(&self, name: &str) -> Option<TypeKind> {
        self.types.get(name).map(|found| found.kind).or_else(|| BUILT_IN_SCALARS.contains(&name).then_some(TypeKind::Scalar))
    }

    /// When nothing named them: the object types `Query`, `Mutation`, `Subscription` are the roots.
    pub(super) fn default_roots(&mut self) {
        if self.named_roots {
            return;
        }
        for (root, name) in self.roots.iter_mut().zip(["Query", "Mutation", "Subscription"]) {
            if let (None, Some(found)) = (&root, self.types.get(name))
                && found.kind == TypeKind::Object
            {
                *root = Some((found.name, found.place));
            }
        }
    }

    /// The root types in order, with the operation's name.
    pub(super) fn root_types(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        OPERATIONS.into_iter().zip(self.roots).filter_map(|(operation, root)| root.map(|(name, _)| (operation, name)))
    }

    /// The document shows uses of this directive.
    pub(super) fn shows(&self, directive: &str) -> bool {
        self.shown_uses.as_ref().is_none_or(|shown| shown.contains(directive))
    }
}
