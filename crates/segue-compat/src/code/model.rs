//! The public surface of a module: what a caller can name, call, read or build on.
//!
//! One form for Python and TypeScript, flat by path (`Client`, `Client.send`), so that each rule looks at pairs of items.
//! Readers fill it; it holds no function bodies. Tests: the readers', `tests/it/code/`.

use std::collections::{BTreeMap, BTreeSet};

use super::limit::Limits;
use super::typing::Type;
use crate::source::Place;

/// The languages that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Python 3, stubs (`.pyi`) too.
    Python,
    /// TypeScript, declarations (`.d.ts`) too.
    TypeScript,
}

/// How an argument may reach a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Passing {
    /// Only by position.
    Positional,
    /// By position or by name.
    Either,
    /// Only by name.
    Keyword,
    /// Takes all further positions.
    Rest,
    /// Takes all further names.
    Keywords,
}

impl Passing {
    pub(crate) fn by_position(self) -> bool {
        matches!(self, Self::Positional | Self::Either)
    }

    pub(crate) fn by_name(self) -> bool {
        matches!(self, Self::Keyword | Self::Either)
    }

    pub(crate) fn collects(self) -> bool {
        matches!(self, Self::Rest | Self::Keywords)
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Positional => "positional only",
            Self::Either => "positional or by name",
            Self::Keyword => "by name only",
            Self::Rest => "all further positions",
            Self::Keywords => "all further names",
        }
    }
}

/// One parameter.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) passing: Passing,
    pub(crate) annotation: Option<Type>,
    /// The text of the default, when it has one.
    pub(crate) default: Option<String>,
    /// A call may leave it out.
    pub(crate) optional: bool,
    pub(crate) at: Place,
}

/// A generic parameter of TypeScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Generic {
    pub(crate) constraint: String,
    pub(crate) optional: bool,
}

/// One way to call something.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) returns: Option<Type>,
    /// What the statements of an unannotated function return, as far as literals show it.
    pub(crate) seen_returns: Option<Type>,
    pub(crate) is_async: bool,
    pub(crate) yields: bool,
    pub(crate) generics: Vec<Generic>,
    pub(crate) at: Place,
}

/// What a callable is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binding {
    /// A function of a module.
    Free,
    /// A method of an instance.
    Instance,
    /// A class method.
    Class,
    /// A static method.
    Static,
    /// The constructor: calls name the class.
    Constructor,
}

impl Binding {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Free => "a function",
            Self::Instance => "a method of instances",
            Self::Class => "a class method",
            Self::Static => "a static method",
            Self::Constructor => "a constructor",
        }
    }
}

/// A function, method or constructor.
#[derive(Debug, Clone)]
pub(crate) struct Callable {
    /// More than one where it is overloaded; never empty.
    pub(crate) signatures: Vec<Signature>,
    pub(crate) binding: Binding,
    pub(crate) is_abstract: bool,
    /// Exceptions that its text names, in statements or documentation.
    pub(crate) raises: BTreeSet<String>,
}

/// What kind of class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// An ordinary class.
    Plain,
    /// A set of named members.
    Enum,
    /// A shape of values without an own class at run time: interface, `TypedDict`, object type.
    Record,
    /// A shape of behaviour that callers implement: `Protocol`.
    Protocol,
}

/// A class, an interface or an enumeration; its members are items of their own.
#[derive(Debug, Clone)]
pub(crate) struct Class {
    pub(crate) form: Form,
    pub(crate) bases: Vec<String>,
    pub(crate) generics: Vec<Generic>,
}

/// Something that is read: a constant, an attribute, a property, a field of a record.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) annotation: Option<Type>,
    /// The text of a literal value.
    pub(crate) value: Option<String>,
    pub(crate) optional: bool,
    pub(crate) read_only: bool,
    /// It is computed (`@property`, `get`).
    pub(crate) computed: bool,
    pub(crate) is_static: bool,
}

/// What an item is.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Callable(Callable),
    Class(Class),
    Attribute(Attribute),
    /// A member of an enumeration with the text of its value.
    Member(Option<String>),
    /// A type under a name.
    Alias(Type, Vec<Generic>),
    /// A name from elsewhere: the module as it is written, and the name in it.
    Import(String, String),
    /// A whole module or namespace.
    Module,
}

impl What {
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::Callable(callable) => callable.binding.words(),
            Self::Class(class) => match class.form {
                Form::Plain => "a class",
                Form::Enum => "an enumeration",
                Form::Record => "an interface",
                Form::Protocol => "a protocol",
            },
            Self::Attribute(attribute) if attribute.computed => "a property",
            Self::Attribute(_) => "a value",
            Self::Member(_) => "a member of an enumeration",
            Self::Alias(..) => "a type",
            Self::Import(..) => "a name from another module",
            Self::Module => "a module",
        }
    }
}

/// One thing that callers can name.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) what: What,
    pub(crate) at: Place,
    pub(crate) deprecated: bool,
    /// It is there through a base class.
    pub(crate) inherited: bool,
    /// What callers may not do with it.
    pub(crate) limits: Limits,
}

/// Everything that callers of one side can name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surface {
    pub(crate) items: BTreeMap<String, Item>,
    pub(crate) not_checked: Vec<String>,
    /// By path, the form of what a type is inferred from where nobody wrote one. Compared only, never shown.
    pub(crate) unwritten: BTreeMap<String, String>,
    /// Something was not read that could hold or hide an item.
    pub(crate) incomplete: bool,
}

impl Surface {
    pub(crate) fn class(&self, path: &str) -> Option<&Class> {
        match self.items.get(path).map(|item| &item.what) {
            Some(What::Class(class)) => Some(class),
            _ => None,
        }
    }
}

/// The path of what an item stands in.
pub(crate) fn owner(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(owner, _)| owner)
}

/// The last name of a path.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}
