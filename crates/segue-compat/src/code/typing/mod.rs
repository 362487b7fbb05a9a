//! Written types: what an annotation says, in one form for Python and TypeScript.
//!
//! Simple expressions become unions, literals, generics and objects; what is more is kept as its words and never called the
//! same as something else. Readers are bounded in depth and length. Tests: below each, `relate.rs`.

mod python;
pub(crate) mod relate;
mod typescript;
mod words;

pub(crate) use python::read as python;
pub(crate) use typescript::read as typescript;

/// Deeper types are kept as words.
const DEPTH_MAX: usize = 48;
/// Longer types are kept as words.
const LENGTH_MAX: usize = 16_384;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    /// Anything: `Any`, `object`, `unknown`.
    Any,
    /// Nothing: `never`, `NoReturn`.
    Never,
    /// A name with its arguments: `int`, `list[int]`, `Promise<void>`; `tuple` and `&` are names too.
    Named(String, Vec<Type>),
    /// One value: `"a"`, `1`, `True`.
    Literal(String),
    /// One of several, sorted, without doubles.
    Union(Vec<Type>),
    /// A map with these fields, sorted by name: name, optional, type.
    Object(Vec<(String, bool, Type)>),
    /// What was not understood, with single spaces.
    Words(String),
}

impl Type {
    /// TypeScript's `unknown`: anything, that callers must look at before they use it.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Named(name, _) if name == "unknown")
    }

    /// Somewhere in it anything became `unknown`: what callers got and used as they liked must be looked at now.
    pub(crate) fn guards(&self, new: &Self) -> bool {
        match (self, new) {
            (Self::Any, new) => new.is_unknown(),
            (Self::Named(x, xs), Self::Named(y, ys)) => x == y && xs.len() == ys.len() && xs.iter().zip(ys).any(|(a, b)| a.guards(b)),
            _ => false,
        }
    }

    /// Without `undefined`, which a place that may be left out takes anyhow.
    pub(crate) fn without_undefined(self) -> Self {
        match self {
            Self::Union(members) if members.contains(&Self::name("undefined")) => {
                Self::one_of(members.into_iter().filter(|member| *member != Self::name("undefined")))
            }
            other => other,
        }
    }

    /// With `undefined`.
    pub(crate) fn or_undefined(&self) -> Self {
        Self::one_of([self.clone(), Self::name("undefined")])
    }

    pub(crate) fn name(name: &str) -> Self {
        Self::Named(name.to_owned(), Vec::new())
    }

    /// One of several; of one alone it is that one.
    pub(crate) fn one_of(members: impl IntoIterator<Item = Type>) -> Self {
        let mut all = Vec::new();
        for member in members {
            match member {
                Self::Union(inner) => all.extend(inner),
                Self::Never => {}
                other => all.push(other),
            }
        }
        if all.contains(&Self::Any) {
            return Self::Any;
        }
        if let Some(unknown) = all.iter().find(|member| member.is_unknown()) {
            return unknown.clone();
        }
        all.sort();
        all.dedup();
        match all.len() {
            0 => Self::Never,
            1 => all.swap_remove(0),
            _ => Self::Union(all),
        }
    }

    /// As a person writes it, cut when it is long.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        if text.chars().count() > 80 { text.chars().take(77).chain("...".chars()).collect() } else { text }
    }

    fn write(&self, text: &mut String) {
        if text.len() > 400 {
            return;
        }
        match self {
            Self::Any => text.push_str("any"),
            Self::Never => text.push_str("never"),
            Self::Named(name, arguments) => {
                text.push_str(name);
                if !arguments.is_empty() {
                    text.push('[');
                    write_all(text, arguments, ", ");
                    text.push(']');
                }
            }
            Self::Literal(value) | Self::Words(value) => text.push_str(value),
            Self::Union(members) => write_all(text, members, " | "),
            Self::Object(fields) => {
                text.push('{');
                for (at, (name, optional, inner)) in fields.iter().enumerate() {
                    text.push_str(if at == 0 { "" } else { ", " });
                    text.push_str(name);
                    text.push_str(if *optional { "?: " } else { ": " });
                    inner.write(text);
                }
                text.push('}');
            }
        }
    }

    /// A value of the type as a caller writes it, if there is a simple one.
    pub(crate) fn sample(&self, python: bool) -> Option<String> {
        let text = match self {
            Self::Any => "1",
            Self::Literal(value) => value,
            Self::Union(members) => return members.iter().find_map(|member| member.sample(python)),
            Self::Named(name, _) => match name.as_str() {
                "int" | "number" => "1",
                "float" | "complex" => "1.5",
                "str" | "string" => "\"a\"",
                "bytes" if python => "b\"a\"",
                "bool" | "boolean" => {
                    if python {
                        "True"
                    } else {
                        "true"
                    }
                }
                "None" | "null" | "undefined" => name,
                "list" | "Sequence" | "Iterable" | "Collection" | "array" => "[]",
                "dict" | "Mapping" | "MutableMapping" | "Record" => "{}",
                "bigint" => "1n",
                "set" => "set()",
                _ => return None,
            },
            Self::Never | Self::Object(_) | Self::Words(_) => return None,
        };
        Some(text.to_owned())
    }
}

fn write_all(text: &mut String, types: &[Type], between: &str) {
    for (at, one) in types.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { between });
        one.write(text);
    }
}

/// The text with single spaces.
pub(crate) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LENGTH_MAX));
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > LENGTH_MAX {
            break;
        }
    }
    out
}
