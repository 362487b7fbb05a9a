//! Which parameter is which: by place and name, path parameters by their position, then moved and renamed ones.
//!
//! A rename is only proposed where one parameter went and one of like name or the same kind came. Tests: below,
//! `tests/cases/openapi/parameters.txt`.

use std::collections::BTreeMap;

use super::{Scene, relate};
use crate::openapi::found::Found;
use crate::openapi::habits;
use crate::openapi::model::{Location, Operation, Parameter};
use crate::openapi::rule;
use crate::shape::relate::Comparison;
use crate::shape::{Shapes, Types};

/// How many pairs are looked at for moves and renames; beyond, what went is removed and what came is added.
const GUESSES_MAX: usize = 10_000;

/// The parameters of a pair of operations.
pub(in crate::openapi) struct ParameterMatch<'a> {
    pub(in crate::openapi) same: Vec<(&'a Parameter, &'a Parameter)>,
    /// The same name in another place.
    pub(in crate::openapi) moved: Vec<(&'a Parameter, &'a Parameter)>,
    pub(in crate::openapi) renamed: Vec<Renamed<'a>>,
    pub(in crate::openapi) removed: Vec<&'a Parameter>,
    pub(in crate::openapi) added: Vec<&'a Parameter>,
}

/// A parameter that seems to have another name.
pub(in crate::openapi) struct Renamed<'a> {
    pub(in crate::openapi) old: &'a Parameter,
    pub(in crate::openapi) new: &'a Parameter,
    pub(in crate::openapi) confidence_percent: u8,
    pub(in crate::openapi) evidence: &'static str,
}

/// Shows the parameters to the rules, and relates their shapes.
pub(super) fn compare<'a>(found: &mut Found<'_>, shapes: &mut Comparison<'a>, scene: &Scene<'a>, old: &'a Operation, new: &'a Operation) {
    let matched = match_parameters(&old.parameters, &new.parameters, &scene.old.shapes, &scene.new.shapes);
    for rule in rule::PARAMETERS {
        rule(found, scene, &matched);
    }
    let renamed = matched.renamed.iter().map(|renamed| (renamed.old, renamed.new));
    for (old, new) in matched.same.iter().copied().chain(matched.moved.iter().copied()).chain(renamed) {
        for rule in rule::PARAMETER {
            rule(found, scene, old, new);
        }
        if habits::text_of(scene, old, new).is_some() {
            // What differs is only how the text is read; a rule has spoken of it.
            continue;
        }
        let place = if new.location == Location::Header { scene.positions.request_header } else { scene.positions.parameter };
        relate(found, shapes, scene, (old.shape, new.shape), place, &old.examples);
    }
}

fn match_parameters<'a>(old: &'a [Parameter], new: &'a [Parameter], old_shapes: &Shapes, new_shapes: &Shapes) -> ParameterMatch<'a> {
    let mut left: BTreeMap<(Location, String), &Parameter> = new.iter().map(|one| (identity(one), one)).collect();
    let mut same = Vec::new();
    let mut gone = Vec::new();
    for one in old {
        match left.remove(&identity(one)) {
            Some(other) => same.push((one, other)),
            None => gone.push(one),
        }
    }
    let mut left: Vec<&Parameter> = left.into_values().collect();
    let mut moved = Vec::new();
    let mut renamed = Vec::new();
    if gone.len().saturating_mul(left.len()) <= GUESSES_MAX {
        gone.retain(|one| {
            let is_it = |other: &&Parameter| {
                let apart = other.location != one.location && other.location != Location::Path && one.location != Location::Path;
                apart && other.name.eq_ignore_ascii_case(&one.name)
            };
            left.iter().position(is_it).is_none_or(|at| {
                moved.push((*one, left.remove(at)));
                false
            })
        });
        gone.retain(|one| {
            let Some((at, confidence_percent, evidence)) = likeness(one, &left, old_shapes, new_shapes) else { return true };
            renamed.push(Renamed { old: one, new: left.remove(at), confidence_percent, evidence });
            false
        });
    }
    ParameterMatch { same, moved, renamed, removed: gone, added: left }
}

/// What makes a parameter the same one: place and name, of a path the position.
fn identity(one: &Parameter) -> (Location, String) {
    let name = match (one.location, one.index) {
        (Location::Path, Some(index)) => index.to_string(),
        (Location::Header, _) => one.name.to_ascii_lowercase(),
        _ => one.name.clone(),
    };
    (one.location, name)
}

/// The one among those that are left whose name means the same.
fn likeness(one: &Parameter, left: &[&Parameter], old: &Shapes, new: &Shapes) -> Option<(usize, u8, &'static str)> {
    let of_place = |other: &&Parameter| other.location == one.location && kinds(one, old) == kinds(other, new);
    let bare = bare_name(&one.name);
    if let Some(at) = left.iter().position(|other| of_place(other) && bare_name(&other.name) == bare) {
        return Some((at, 90, "the names differ only in capitals and marks between words"));
    }
    let near = |other: &&Parameter| {
        let name = bare_name(&other.name);
        name.len() >= 4
            && bare.len() >= 4
            && (name.ends_with(&bare) || bare.ends_with(&name) || name.starts_with(&bare) || bare.starts_with(&name))
    };
    let at = left.iter().position(|other| of_place(other) && near(other))?;
    Some((at, 60, "one name is a part of the other, and both are of one kind"))
}

fn kinds(parameter: &Parameter, shapes: &Shapes) -> Types {
    parameter.shape.map_or(Types::ANY, |shape| shapes.get(shapes.resolve(shape)).types)
}

fn bare_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}
