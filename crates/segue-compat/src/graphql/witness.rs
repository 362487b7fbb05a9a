//! Operations that one side takes and the other refuses: the proof of a finding.
//!
//! A writer knows one side's schema: the shortest way from a root type to every type, what must be given on the way, and by
//! which argument an input type is reached. Values are the smallest that fit. Must never write an operation that its own side
//! refuses; when it cannot be sure it writes none. Tests: `tests/it/graphql/witness.rs`, against another implementation.

use std::collections::{BTreeMap, VecDeque};

use super::schema::{Field, Schema, TypeKind, TypeRef, used};

/// How many operations are written for one side.
const OPERATIONS_MAX: usize = 3_000;
/// The longest way that is written.
const STEPS_MAX: usize = 40;
/// The longest value that is written.
const VALUE_MAX: usize = 2_000;
/// How many arguments are looked at in all to write operations.
const WORK_MAX: usize = 2_000_000;
/// Input objects in one another.
const DEPTH_MAX: usize = 8;

#[derive(Debug, Clone, Copy)]
enum Via<'a> {
    Root(&'static str),
    Field(&'a str, &'a str),
    Spread(&'a str),
}

#[derive(Debug, Clone, Copy)]
enum User<'a> {
    Argument(&'a str, &'a str, &'a str),
    Input(&'a str, &'a str),
    Directive(&'a str, &'a str),
}

/// Writes operations for one side.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    schema: &'a Schema<'a>,
    via: BTreeMap<&'a str, Via<'a>>,
    users: BTreeMap<&'a str, User<'a>>,
    values: BTreeMap<&'a str, Option<String>>,
    /// How many operations may still be written.
    left: usize,
    /// How many arguments may still be looked at.
    work: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(schema: &'a Schema<'a>) -> Self {
        let mut writer =
            Self { schema, via: BTreeMap::new(), users: BTreeMap::new(), values: BTreeMap::new(), left: OPERATIONS_MAX, work: WORK_MAX };
        let mut open = VecDeque::new();
        for (operation, name) in schema.root_types() {
            if schema.types.contains_key(name) && !writer.via.contains_key(name) {
                writer.via.insert(name, Via::Root(operation));
                open.push_back(name);
            }
        }
        let mut implementors: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
        for def in schema.types.values() {
            for interface in &def.interfaces {
                implementors.entry(interface.name).or_default().push(def.name);
            }
        }
        while let Some(name) = open.pop_front() {
            let Some(def) = schema.types.get(name) else { continue };
            let fields = def.fields.iter().map(|field| (field.gives.name, Via::Field(def.name, field.name)));
            let spreads = def.members.iter().map(|one| one.name).chain(implementors.get(name).into_iter().flatten().copied());
            for (to, via) in fields.chain(spreads.map(|to| (to, Via::Spread(def.name)))) {
                let composite = schema.types.get(to).is_some_and(|to| to.kind.is_composite());
                if composite && !writer.via.contains_key(to) {
                    writer.via.insert(to, via);
                    open.push_back(to);
                }
            }
        }
        writer.find_users();
        writer
    }

    /// By which argument every input type, enum and scalar is given.
    fn find_users(&mut self) {
        let mut open = VecDeque::new();
        for def in self.schema.types.values().filter(|def| self.via.contains_key(def.name)) {
            for field in &def.fields {
                for argument in &field.arguments {
                    self.users.entry(argument.takes.name).or_insert_with(|| {
                        open.push_back(argument.takes.name);
                        User::Argument(def.name, field.name, argument.name)
                    });
                }
            }
        }
        for directive in self.schema.directives.values().filter(|directive| directive.is_executable()) {
            for argument in &directive.arguments {
                self.users.entry(argument.takes.name).or_insert_with(|| {
                    open.push_back(argument.takes.name);
                    User::Directive(directive.name, argument.name)
                });
            }
        }
        while let Some(name) = open.pop_front() {
            let Some(def) = self.schema.types.get(name) else { continue };
            for input in &def.inputs {
                self.users.entry(input.takes.name).or_insert_with(|| {
                    open.push_back(input.takes.name);
                    User::Input(def.name, input.name)
                });
            }
        }
    }

    /// The smallest value of a type.
    pub(super) fn value(&mut self, of: TypeRef<'a>) -> Option<String> {
        self.value_within(of, DEPTH_MAX)
    }

    fn value_within(&mut self, of: TypeRef<'a>, depth: usize) -> Option<String> {
        if of.lists > 0 {
            return Some("[]".to_owned());
        }
        let text = match of.name {
            "Int" => "1",
            "Float" => "1.5",
            "Boolean" => "true",
            "ID" | "String" => "\"a\"",
            name => {
                if let Some(known) = self.values.get(name) {
                    return known.clone();
                }
                // What is being written cannot be needed for itself.
                self.values.insert(name, None);
                let value = self.named_value(name, depth).filter(|text| text.len() <= VALUE_MAX);
                self.values.insert(name, value.clone());
                return value;
            }
        };
        Some(text.to_owned())
    }

    fn named_value(&mut self, name: &'a str, depth: usize) -> Option<String> {
        let def = self.schema.types.get(name)?;
        match def.kind {
            TypeKind::Scalar => Some("\"a\"".to_owned()),
            TypeKind::Enum => def.values.iter().next().map(|value| value.name.to_owned()),
            TypeKind::Input if depth > 0 => self.object(def.name, None, depth - 1),
            _ => None,
        }
    }

    /// An input object with what it must have, and one field of choice.
    fn object(&mut self, name: &'a str, with: Option<(&str, &str)>, depth: usize) -> Option<String> {
        let def = self.schema.types.get(name)?;
        self.work = self.work.checked_sub(def.inputs.len())?;
        let mut parts = Vec::new();
        if used(&def.uses, "oneOf").is_some() {
            match (with, def.inputs.iter().next()) {
                (Some((field, value)), _) => parts.push(format!("{field}: {value}")),
                (None, Some(first)) => parts.push(format!("{}: {}", first.name, self.value_within(first.takes, depth)?)),
                (None, None) => return None,
            }
        } else {
            for input in &def.inputs {
                match with {
                    Some((field, value)) if field == input.name => parts.push(format!("{field}: {value}")),
                    _ if input.is_required() => parts.push(format!("{}: {}", input.name, self.value_within(input.takes, depth)?)),
                    _ => {}
                }
                if parts.len() > 200 {
                    return None;
                }
            }
        }
        Some(format!("{{{}}}", parts.join(", ")))
    }

    /// A field with what it must be given, and one argument of choice.
    fn call(&mut self, field: &'a Field<'a>, with: Option<(&str, &str)>) -> Option<String> {
        self.work = self.work.checked_sub(field.arguments.len())?;
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            match with {
                Some((name, value)) if name == argument.name => arguments.push(format!("{name}: {value}")),
                _ if argument.is_required() => arguments.push(format!("{}: {}", argument.name, self.value(argument.takes)?)),
                _ => {}
            }
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        Some(format!("{}{arguments}", field.name))
    }

    /// An operation that selects something in a type.
    fn operation(&mut self, owner: &'a str, inner: String, variable: &str) -> Option<String> {
        self.left = self.left.checked_sub(1)?;
        let mut text = inner;
        let mut at = owner;
        for _ in 0..STEPS_MAX {
            match *self.via.get(at)? {
                Via::Root(operation) => return Some(format!("{operation}{variable} {{ {text} }}")),
                Via::Spread(from) => {
                    text = format!("... on {at} {{ {text} }}");
                    at = from;
                }
                Via::Field(from, field) => {
                    let field = self.schema.types.get(from)?.fields.get(field)?;
                    text = format!("{} {{ {text} }}", self.call(field, None)?);
                    at = from;
                }
            }
        }
        None
    }

    /// What stands behind a field of this type.
    fn selection(&self, of: TypeRef<'_>) -> Option<&'static str> {
        self.schema.kind(of.name).map(|kind| if kind.is_composite() { " { __typename }" } else { "" })
    }

    /// Selects a field.
    pub(super) fn field(&mut self, owner: &'a str, field: &str) -> Option<String> {
        let field = self.schema.types.get(owner)?.fields.get(field)?;
        let text = format!("{}{}", self.call(field, None)?, self.selection(field.gives)?);
        self.operation(owner, text, "")
    }

    /// Gives an argument this value; `variable`: the type of `$v`, if the value has it.
    pub(super) fn argument(
        &mut self,
        owner: &'a str,
        field: &str,
        argument: &str,
        value: &str,
        variable: Option<TypeRef<'_>>,
    ) -> Option<String> {
        let field = self.schema.types.get(owner)?.fields.get(field)?;
        let text = format!("{}{}", self.call(field, Some((argument, value)))?, self.selection(field.gives)?);
        let variable = variable.map_or(String::new(), |of| format!("($v: {of})"));
        self.operation(owner, text, &variable)
    }

    /// Gives an input type this value, wherever it is taken first.
    fn input(&mut self, name: &str, value: String, variable: Option<TypeRef<'_>>) -> Option<String> {
        let mut value = value;
        let mut at = name;
        for _ in 0..STEPS_MAX {
            let user = *self.users.get(at)?;
            let takes = self.takes(user)?;
            value = format!("{}{value}{}", "[".repeat(takes.lists.into()), "]".repeat(takes.lists.into()));
            match user {
                User::Argument(owner, field, argument) => return self.argument(owner, field, argument, &value, variable),
                User::Directive(owner, argument) => {
                    return if variable.is_none() { self.directive(owner, None, Some((argument, &value)), 1) } else { None };
                }
                User::Input(owner, field) => {
                    value = self.object(owner, Some((field, &value)), DEPTH_MAX)?;
                    at = owner;
                }
            }
        }
        None
    }

    /// Gives a field of an input object this value.
    pub(super) fn input_field(&mut self, owner: &'a str, field: &str, value: &str, variable: Option<TypeRef<'_>>) -> Option<String> {
        let object = self.object(owner, Some((field, value)), DEPTH_MAX)?;
        self.input(owner, object, variable)
    }

    /// Gives an input object with nothing but what it must have.
    pub(super) fn least_input(&mut self, owner: &'a str) -> Option<String> {
        let object = self.object(owner, None, DEPTH_MAX)?;
        self.input(owner, object, None)
    }

    /// Gives a value of an enum.
    pub(super) fn enum_value(&mut self, owner: &str, value: &str) -> Option<String> {
        self.input(owner, value.to_owned(), None)
    }

    /// Gives a value of a leaf type by a variable.
    pub(super) fn variable(&mut self, name: &'a str) -> Option<String> {
        let user = *self.users.get(name)?;
        let takes = self.takes(user)?;
        match user {
            User::Argument(owner, field, argument) => self.argument(owner, field, argument, "$v", Some(takes)),
            User::Input(owner, field) => self.input_field(owner, field, "$v", Some(takes)),
            User::Directive(..) => None,
        }
    }

    /// What is taken there.
    fn takes(&self, user: User<'a>) -> Option<TypeRef<'a>> {
        Some(match user {
            User::Argument(owner, field, argument) => self.schema.types.get(owner)?.fields.get(field)?.arguments.get(argument)?.takes,
            User::Input(owner, field) => self.schema.types.get(owner)?.inputs.get(field)?.takes,
            User::Directive(owner, argument) => self.schema.directives.get(owner)?.arguments.get(argument)?.takes,
        })
    }

    /// Selects something in a field that gives a composite type.
    pub(super) fn inside(&mut self, owner: &'a str, field: &str, inner: &str) -> Option<String> {
        let field = self.schema.types.get(owner)?.fields.get(field)?;
        let text = format!("{} {{ {inner} }}", self.call(field, None)?);
        self.operation(owner, text, "")
    }

    /// A field with its selection, as text, when it needs no argument.
    pub(super) fn plain(&mut self, owner: &'a str, field: &str) -> Option<String> {
        let field = self.schema.types.get(owner)?.fields.get(field)?;
        Some(format!("{}{}", self.call(field, None)?, self.selection(field.gives)?))
    }

    /// Has a directive at a place of operations, so many times, with what it must be given and one argument of choice.
    pub(super) fn directive(&mut self, name: &str, location: Option<&str>, with: Option<(&str, &str)>, times: usize) -> Option<String> {
        let def = self.schema.directives.get(name)?;
        let mut arguments = Vec::new();
        for argument in &def.arguments {
            match with {
                Some((name, value)) if name == argument.name => arguments.push(format!("{name}: {value}")),
                _ if argument.is_required() => arguments.push(format!("{}: {}", argument.name, self.value(argument.takes)?)),
                _ => {}
            }
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let text = vec![format!("@{name}{arguments}"); times].join(" ");
        let written = ["FIELD", "QUERY", "MUTATION", "SUBSCRIPTION", "INLINE_FRAGMENT"];
        let location = location.or_else(|| written.into_iter().find(|one| def.locations.has(one)))?;
        let operation = super::schema::OPERATIONS.iter().position(|one| one.eq_ignore_ascii_case(location)).unwrap_or(0);
        let root = self.schema.roots.get(operation).copied().flatten()?.0;
        let first = self.schema.types.get(root)?.fields.iter().next()?;
        let (call, inner) = (self.call(first, None)?, self.selection(first.gives)?);
        let word = super::schema::OPERATIONS.get(operation)?;
        match location {
            "FIELD" => Some(format!("{word} {{ {call} {text}{inner} }}")),
            "QUERY" | "MUTATION" | "SUBSCRIPTION" => Some(format!("{word} {text} {{ {call}{inner} }}")),
            "INLINE_FRAGMENT" => Some(format!("{word} {{ ... {text} {{ {call}{inner} }} }}")),
            _ => None,
        }
    }

    /// Has a fragment on a type, in the given one or where it is reached first.
    pub(super) fn fragment(&mut self, parent: Option<&'a str>, on: &'a str) -> Option<String> {
        self.operation(parent.unwrap_or(on), format!("... on {on} {{ __typename }}"), "")
    }

    /// Two members of one abstract type that have a field under one name.
    pub(super) fn two(&mut self, parent: &'a str, first: (&'a str, &str), second: (&'a str, &str)) -> Option<String> {
        let mut parts = Vec::new();
        for (owner, field) in [first, second] {
            let field = self.schema.types.get(owner)?.fields.get(field)?;
            if field.arguments.iter().any(super::schema::Input::is_required) {
                return None;
            }
            parts.push(format!("... on {owner} {{ {}{} }}", field.name, self.selection(field.gives)?));
        }
        self.operation(parent, parts.join(" "), "")
    }
}
