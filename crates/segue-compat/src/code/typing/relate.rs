//! What became of the values that a written type allows.
//!
//! Names mean what their own side defines: aliases are opened, classes know their bases. Two names of which one is from
//! elsewhere are never called different nor the same: that is undecided. Tests: below.

use std::collections::BTreeMap;

use super::Type;
use crate::code::model::{Form, Language, Surface, What, last};
use crate::policy::Relation;

/// Deeper comparisons are undecided.
const DEPTH_MAX: usize = 24;
/// More steps of one comparison are undecided.
const STEPS_MAX: usize = 20_000;

/// What one side's names mean.
pub(crate) struct World<'a> {
    surface: &'a Surface,
    by_name: BTreeMap<&'a str, Vec<&'a str>>,
    language: Language,
}

impl<'a> World<'a> {
    pub(crate) fn new(surface: &'a Surface, language: Language) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, item) in &surface.items {
            if matches!(item.what, What::Class(_) | What::Alias(..)) {
                by_name.entry(last(path)).or_default().push(path);
            }
        }
        Self { surface, by_name, language }
    }

    /// The item that a name means, when only one can be meant.
    pub(crate) fn find(&self, name: &str) -> Option<(&'a str, &'a What)> {
        let path = match self.surface.items.get_key_value(name) {
            Some((path, _)) => path,
            None => match self.by_name.get(last(name)).map(Vec::as_slice) {
                Some([only]) => *only,
                _ => return None,
            },
        };
        self.surface.items.get_key_value(path).map(|(path, item)| (path.as_str(), &item.what))
    }
}

/// Old against new.
pub(crate) struct Types<'a> {
    pub(crate) old: World<'a>,
    pub(crate) new: World<'a>,
}

struct Walk<'w, 'a> {
    /// The world of the first type, and that of the second.
    a: &'w World<'a>,
    b: &'w World<'a>,
    steps: usize,
}

impl<'a> Types<'a> {
    pub(crate) fn new(old: &'a Surface, new: &'a Surface, language: Language) -> Self {
        Self { old: World::new(old, language), new: World::new(new, language) }
    }

    /// What became of the values that callers get: as `relate`, and `unknown` is more than `any`, whose values all may be used.
    pub(crate) fn relate_given(&self, old: &Type, new: &Type) -> Relation {
        match (self.relate(old, new), old.guards(new), new.guards(old)) {
            (Relation::Equal, true, false) => Relation::Widened,
            (Relation::Equal, false, true) => Relation::Narrowed,
            (Relation::Equal, true, true) => Relation::Changed,
            (relation, _, _) => relation,
        }
    }

    /// The same for places that may be left out: in TypeScript these take `undefined` too, and whether one may be left out is
    /// for another rule to tell.
    pub(crate) fn relate_places(&self, old: (&Type, bool), new: (&Type, bool), given: bool) -> Relation {
        let relation = |a: &Type, b: &Type| if given { self.relate_given(a, b) } else { self.relate(a, b) };
        let plain = relation(old.0, new.0);
        if self.old.language != Language::TypeScript || old.1 == new.1 || plain == Relation::Equal {
            return plain;
        }
        let with = |(one, optional): (&Type, bool)| if optional { one.or_undefined() } else { one.clone() };
        if relation(&with(old), &with(new)) == Relation::Equal { Relation::Equal } else { plain }
    }

    /// What became of the set of values.
    pub(crate) fn relate(&self, old: &Type, new: &Type) -> Relation {
        if old == new {
            return Relation::Equal;
        }
        let wider = Walk { a: &self.old, b: &self.new, steps: 0 }.inside(old, new, 0);
        let narrower = Walk { a: &self.new, b: &self.old, steps: 0 }.inside(new, old, 0);
        match (wider, narrower) {
            (Some(true), Some(true)) => Relation::Equal,
            (Some(true), Some(false)) => Relation::Widened,
            (Some(false), Some(true)) => Relation::Narrowed,
            (Some(false), Some(false)) => Relation::Changed,
            _ => Relation::Undecided,
        }
    }
}

impl<'a> Walk<'_, 'a> {
    /// Every value of the first is one of the second; `None` when it cannot be told.
    fn inside(&mut self, a: &Type, b: &Type, depth: usize) -> Option<bool> {
        self.steps += 1;
        if a == b || *b == Type::Any || b.is_unknown() || *a == Type::Never {
            return Some(true);
        }
        let known = |name: &str| is_scalar(name) || is_container(name);
        if a.is_unknown() && (matches!(b, Type::Literal(_) | Type::Object(_)) || matches!(b, Type::Named(name, _) if known(name))) {
            return Some(false);
        }
        if depth > DEPTH_MAX || self.steps > STEPS_MAX {
            return None;
        }
        if let Type::Union(members) = a {
            // Members of a union are sorted: what stands in both is found without walking.
            let same = |member: &&Type| !matches!(b, Type::Union(others) if others.binary_search(member).is_ok());
            return all(members.iter().filter(same).map(|member| self.inside(member, b, depth + 1)));
        }
        if let Type::Union(members) = b {
            if matches!(a, Type::Named(name, _) if name == "boolean" || name == "bool") && has_both(members) {
                return Some(true);
            }
            return any(members.iter().map(|member| self.inside(a, member, depth + 1)));
        }
        match (a, b) {
            (Type::Any, _) | (_, Type::Never) | (Type::Literal(_), Type::Object(_)) | (Type::Object(_), Type::Literal(_)) => Some(false),
            (Type::Named(amp, parts), _) if amp == "&" => match any(parts.iter().map(|part| self.inside(part, b, depth + 1))) {
                Some(true) => Some(true),
                _ => None,
            },
            (_, Type::Named(amp, parts)) if amp == "&" => all(parts.iter().map(|part| self.inside(a, part, depth + 1))),
            (Type::Literal(x), Type::Literal(y)) => Some(x == y),
            (Type::Literal(value), Type::Named(name, _)) => literal(value, name),
            (Type::Named(_, _), Type::Literal(_)) => self.opened(a, b, depth).unwrap_or(Some(false)),
            (Type::Object(x), Type::Object(y)) => self.objects(x, y, depth),
            (Type::Named(x, xs), Type::Named(y, ys)) => self.names((x, xs), (y, ys), depth),
            (Type::Object(_), Type::Named(name, _)) if is_scalar(name) => Some(false),
            (Type::Named(name, _), Type::Object(_)) if is_scalar(name) => Some(false),
            (Type::Named(..), _) | (_, Type::Named(..)) => self.opened(a, b, depth).unwrap_or(None),
            (Type::Words(_) | Type::Union(_) | Type::Never, _) | (_, Type::Words(_) | Type::Union(_) | Type::Any) => None,
        }
    }

    /// With an alias on one side opened, if there is one: the inner answer may still be that it cannot be told.
    #[allow(clippy::option_option)]
    fn opened(&mut self, a: &Type, b: &Type, depth: usize) -> Option<Option<bool>> {
        let of = |world: &World<'a>, one: &Type| match one {
            Type::Named(name, arguments) if arguments.is_empty() => match world.find(name) {
                Some((_, What::Alias(inner, generics))) if generics.is_empty() && inner != one => Some(inner.clone()),
                _ => None,
            },
            _ => None,
        };
        if let Some(inner) = of(self.a, a) {
            return Some(self.inside(&inner, b, depth + 1));
        }
        of(self.b, b).map(|inner| self.inside(a, &inner, depth + 1))
    }

    fn objects(&mut self, a: &[(String, bool, Type)], b: &[(String, bool, Type)], depth: usize) -> Option<bool> {
        all(b.iter().map(|(name, optional, wanted)| match a.iter().find(|field| field.0 == *name) {
            Some((_, true, _)) if !optional => Some(false),
            Some((_, false, given)) if *optional && self.a.language == Language::TypeScript => {
                self.inside(given, &wanted.or_undefined(), depth + 1)
            }
            Some((_, _, given)) => self.inside(given, wanted, depth + 1),
            None => Some(*optional),
        }))
    }

    fn names(&mut self, a: (&str, &[Type]), b: (&str, &[Type]), depth: usize) -> Option<bool> {
        if a.0 == b.0 {
            return self.arguments(a, b, depth);
        }
        let (x, y) = (Type::Named(a.0.to_owned(), a.1.to_vec()), Type::Named(b.0.to_owned(), b.1.to_vec()));
        if let Some(answer) = self.opened(&x, &y, depth) {
            return answer;
        }
        if above(a.0, self.a.language).contains(&b.0) {
            return if b.1.is_empty() { Some(true) } else { self.arguments(a, b, depth) };
        }
        let (known_a, known_b) = (is_scalar(a.0) || is_container(a.0), is_scalar(b.0) || is_container(b.0));
        if known_a && known_b {
            return Some(false);
        }
        match self.a.find(a.0) {
            Some((_, What::Class(class))) => {
                let bases = class.bases.clone();
                let mut sure = !matches!(class.form, Form::Record | Form::Protocol);
                for base in &bases {
                    match self.inside(&Type::name(base), &y, depth + 1) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => sure = false,
                    }
                }
                let named = |world: &World<'_>| matches!(world.find(b.0), Some((_, What::Class(other))) if !matches!(other.form, Form::Record | Form::Protocol));
                (sure && self.a.language == Language::Python && (known_b || named(self.b))).then_some(false).or_else(|| {
                    // TypeScript compares by form, but a scalar is no object.
                    (self.a.language == Language::TypeScript && is_scalar(b.0)).then_some(false)
                })
            }
            _ if known_a => match self.b.find(b.0) {
                Some((_, What::Class(class))) if !matches!(class.form, Form::Protocol) => {
                    let record = class.form == Form::Record && !is_scalar(a.0);
                    (!record || self.a.language == Language::TypeScript && is_scalar(a.0)).then_some(false)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn arguments(&mut self, a: (&str, &[Type]), b: (&str, &[Type]), depth: usize) -> Option<bool> {
        if a.1.is_empty() || b.1.is_empty() {
            // `list` is a list of anything.
            return Some(b.1.is_empty() || b.1.iter().all(|one| *one == Type::Any || one.is_unknown()));
        }
        if a.1.len() != b.1.len() {
            return if a.0 == "tuple" { Some(false) } else { None };
        }
        all(a.1.iter().zip(b.1).map(|(x, y)| self.inside(x, y, depth + 1)))
    }
}

fn literal(value: &str, name: &str) -> Option<bool> {
    let kinds: &[&str] = if value.starts_with('"') {
        &["str", "string", "Sequence", "Iterable", "Collection", "Hashable"]
    } else if value.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        &["int", "float", "complex", "number"]
    } else if matches!(value, "True" | "False") {
        &["bool", "int", "float", "complex"]
    } else if matches!(value, "true" | "false") {
        &["boolean"]
    } else {
        return value.rsplit_once('.').and_then(|(owner, _)| (owner == name).then_some(true));
    };
    if kinds.contains(&name) {
        Some(true)
    } else if is_scalar(name) || is_container(name) {
        Some(false)
    } else {
        None
    }
}

fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            None => whole = None,
            Some(true) => {}
        }
    }
    whole
}

fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            None => whole = None,
            Some(false) => {}
        }
    }
    whole
}

fn has_both(members: &[Type]) -> bool {
    let has = |text: &str| members.contains(&Type::Literal(text.to_owned()));
    has("true") && has("false") || has("True") && has("False")
}

fn is_scalar(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "bool",
        "None",
        "number",
        "string",
        "boolean",
        "bigint",
        "symbol",
        "null",
        "undefined",
        "void",
        "date",
        "datetime",
        "Decimal",
        "UUID",
        "Path",
        "bytearray",
    ];
    NAMES.contains(&name)
}

fn is_container(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "list",
        "dict",
        "set",
        "frozenset",
        "tuple",
        "array",
        "Promise",
        "Map",
        "Generator",
        "Iterator",
        "AsyncIterator",
        "AsyncGenerator",
        "Awaitable",
        "Coroutine",
        "Date",
        "Record",
        "Sequence",
        "Mapping",
        "Iterable",
        "Collection",
        "MutableMapping",
        "MutableSequence",
        "ReadonlyArray",
        "ReadonlyTuple",
        "ReadonlyMap",
        "ReadonlySet",
        "Set",
        "AbstractContextManager",
        "AbstractAsyncContextManager",
    ];
    NAMES.contains(&name)
}

/// The names above a name that everybody knows (PEP 484's promotion of numbers, `collections.abc`).
fn above(name: &str, language: Language) -> &'static [&'static str] {
    match (language, name) {
        (Language::Python, "bool") => &["int", "float", "complex", "Hashable"],
        (Language::Python, "int") => &["float", "complex", "Hashable"],
        (Language::Python, "float") => &["complex", "Hashable"],
        (Language::Python, "list") => &["MutableSequence", "Sequence", "Collection", "Iterable", "Reversible", "Sized"],
        (Language::Python, "str" | "bytes" | "tuple") => &["Sequence", "Collection", "Iterable", "Hashable", "Sized"],
        (Language::Python, "dict") => &["MutableMapping", "Mapping", "Collection", "Sized"],
        (Language::Python, "MutableMapping") => &["Mapping", "Collection", "Sized"],
        (Language::Python, "set") => &["Set", "Collection", "Iterable", "Sized"],
        (Language::Python, "frozenset") => &["Set", "Collection", "Iterable", "Hashable", "Sized"],
        (Language::Python, "MutableSequence") => &["Sequence", "Collection", "Iterable", "Sized"],
        (Language::Python, "Sequence") => &["Collection", "Iterable", "Reversible", "Sized"],
        (Language::Python, "Generator") => &["Iterator", "Iterable"],
        (Language::Python, "Iterator") => &["Iterable"],
        (Language::Python, "datetime") => &["date"],
        (Language::TypeScript, "array") => &["ReadonlyArray"],
        (Language::TypeScript, "tuple") => &["ReadonlyTuple"],
        (Language::TypeScript, "Map") => &["ReadonlyMap"],
        (Language::TypeScript, "Set") => &["ReadonlySet"],
        (Language::TypeScript, "undefined") => &["void"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::typing::{python, typescript};

    #[test]
    fn pythons_types_relate() {
        let surface = Surface::default();
        let types = Types::new(&surface, &surface, Language::Python);
        let of = |old: &str, new: &str| types.relate(&python(old), &python(new));
        assert_eq!(of("int", "int | None"), Relation::Widened);
        assert_eq!(of("Optional[int]", "int"), Relation::Narrowed);
        assert_eq!(of("int", "str"), Relation::Changed);
        assert_eq!(of("int", "float"), Relation::Widened);
        assert_eq!(of("Literal['a','b']", "Literal['a']"), Relation::Narrowed);
        assert_eq!(of("str", "Literal['a']"), Relation::Narrowed);
        assert_eq!(of("list[int]", "Sequence[int]"), Relation::Widened);
        assert_eq!(of("dict", "Result"), Relation::Undecided);
        assert_eq!(of("int", "Any"), Relation::Widened);
        assert_eq!(of("list", "list[int]"), Relation::Narrowed);
    }

    #[test]
    fn typescripts_types_relate() {
        let surface = Surface::default();
        let types = Types::new(&surface, &surface, Language::TypeScript);
        let of = |old: &str, new: &str| types.relate(&typescript(old), &typescript(new));
        assert_eq!(of("'a' | 'b'", "'a' | 'b' | 'c'"), Relation::Widened);
        assert_eq!(of("boolean", "true | false"), Relation::Equal);
        assert_eq!(of("{a: string; b?: number}", "{a: string; b: number}"), Relation::Narrowed);
        assert_eq!(of("{a: string}", "{a: string; b?: number}"), Relation::Equal);
        assert_eq!(of("{n?: number}", "{n?: number | undefined}"), Relation::Equal);
        assert_eq!(of("{n?: number}", "{n: number | undefined}"), Relation::Narrowed);
        assert_eq!(of("{n: number | undefined}", "{n?: number}"), Relation::Widened);
        assert_eq!(of("{n?: number}", "{n: string | undefined}"), Relation::Changed);
        assert_eq!(of("string[]", "string"), Relation::Changed);
        assert_eq!(of("(a: string) => void", "(a: number) => void"), Relation::Undecided);
        assert_eq!(of("A", "A & B"), Relation::Undecided);
    }
}
