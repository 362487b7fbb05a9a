//! Who makes the values of a record: callers (it is taken), the module (it is given), or both.
//!
//! Names in parameters are taken, names in results and attributes are given, and what a record holds goes the record's way.
//! A record that no signature names could be either. Tests: `tests/it/code/`.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Surface, What, owner};
use super::typing::Type;
use super::typing::relate::World;

/// Which way the values of a record go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) taken: bool,
    pub(crate) given: bool,
}

impl Usage {
    pub(crate) const BOTH: Self = Self { taken: true, given: true };
}

/// The ways of all records of a side.
pub(crate) fn of(surface: &Surface, world: &World<'_>) -> BTreeMap<String, Usage> {
    let mut taken = BTreeSet::new();
    let mut given = BTreeSet::new();
    for (path, item) in &surface.items {
        match &item.what {
            What::Callable(callable) => {
                for signature in &callable.signatures {
                    for parameter in &signature.parameters {
                        names(parameter.annotation.as_ref(), world, &mut taken);
                    }
                    names(signature.returns.as_ref(), world, &mut given);
                }
            }
            What::Attribute(attribute) if !in_record(surface, path) => names(attribute.annotation.as_ref(), world, &mut given),
            _ => {}
        }
    }
    let (taken, given) = (closed(surface, world, taken), closed(surface, world, given));
    let all: BTreeSet<&String> = taken.iter().chain(&given).collect();
    all.into_iter().map(|path| (path.clone(), Usage { taken: taken.contains(path), given: given.contains(path) })).collect()
}

fn in_record(surface: &Surface, path: &str) -> bool {
    owner(path).and_then(|owner| surface.class(owner)).is_some_and(|class| class.form == super::model::Form::Record)
}

/// With everything that the records hold.
fn closed(surface: &Surface, world: &World<'_>, first: BTreeSet<String>) -> BTreeSet<String> {
    let mut all = first.clone();
    let mut open: Vec<String> = first.into_iter().collect();
    while let Some(path) = open.pop() {
        let mut more = BTreeSet::new();
        if let Some(What::Alias(inner, _)) = surface.items.get(&path).map(|item| &item.what) {
            names(Some(inner), world, &mut more);
        }
        let inside = format!("{path}.");
        for (_, item) in surface.items.range(inside.clone()..).take_while(|(member, _)| member.starts_with(&inside)) {
            if let What::Attribute(attribute) = &item.what {
                names(attribute.annotation.as_ref(), world, &mut more);
            }
        }
        for path in more {
            if all.insert(path.clone()) {
                open.push(path);
            }
        }
    }
    all
}

fn names(one: Option<&Type>, world: &World<'_>, found: &mut BTreeSet<String>) {
    let mut open: Vec<&Type> = one.into_iter().collect();
    while let Some(one) = open.pop() {
        match one {
            Type::Named(name, arguments) => {
                found.extend(world.find(name).map(|(path, _)| path.to_owned()));
                open.extend(arguments);
            }
            Type::Union(members) => open.extend(members),
            Type::Object(fields) => open.extend(fields.iter().map(|(_, _, inner)| inner)),
            Type::Words(text) => {
                let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
                found.extend(
                    words.filter(|word| !word.is_empty()).take(256).filter_map(|word| world.find(word)).map(|(path, _)| path.to_owned()),
                );
            }
            Type::Any | Type::Never | Type::Literal(_) => {}
        }
    }
}
