//! Overloads against one signature with unions: `get(id: int)` and `get(id: str)` are `get(id: int | str)`.
//!
//! Where every signature of one side is taken by the only one of the other, no way to call is gone. Parameters are compared
//! as a set then, results one by one. Must never call a signature covered whose types could not be related. Tests:
//! `tests/cases/python/overload_*.txt`, `tests/cases/typescript/overload_*.txt`.

use super::model::{Parameter, Signature};
use super::typing::Type;
use super::typing::relate::Types;
use crate::policy::Relation;

/// Two signatures to compare.
pub(super) struct Pair<'a> {
    pub(super) old: &'a Signature,
    pub(super) new: &'a Signature,
    /// Their parameters too, not only their results.
    pub(super) compared: bool,
}

/// What becomes of overloads.
pub(super) struct Overloads<'a> {
    pub(super) pairs: Vec<Pair<'a>>,
    /// Signatures that the only one of the other side does not take.
    pub(super) left: Vec<&'a Signature>,
}

/// One side is a single signature: which of the other's it takes. Nothing where it takes none.
pub(super) fn as_one<'a>(types: &Types<'a>, old: &[&'a Signature], new: &[&'a Signature]) -> Option<Overloads<'a>> {
    let (several, one, forth) = match (old, new) {
        (several, [one]) if several.len() > 1 => (several, *one, true),
        ([one], several) if several.len() > 1 => (several, *one, false),
        _ => return None,
    };
    let (taken, left): (Vec<&'a Signature>, Vec<&'a Signature>) = several.iter().partition(|single| covers(types, single, one, forth));
    if taken.is_empty() {
        return None;
    }
    let whole = (0..one.parameters.len()).all(|at| is_union(types, &taken, one, at, forth));
    let pair = |single: &'a Signature, compared: bool| {
        if forth { Pair { old: single, new: one, compared } } else { Pair { old: one, new: single, compared } }
    };
    let pairs = taken.iter().enumerate().map(|(at, single)| pair(single, at == 0 && !whole)).collect();
    Some(Overloads { pairs, left })
}

/// Every call of the single signature is one of the other.
fn covers(types: &Types<'_>, single: &Signature, one: &Signature, forth: bool) -> bool {
    single.parameters.len() == one.parameters.len()
        && (single.is_async, single.yields) == (one.is_async, one.yields)
        && single.generics.is_empty()
        && one.generics.is_empty()
        && single.parameters.iter().zip(&one.parameters).all(|(a, b)| {
            let named = !(a.passing.by_name() || b.passing.by_name()) || a.name == b.name;
            a.passing == b.passing && named && (a.is_required() || !b.is_required()) && takes(types, a, b, forth)
        })
}

fn takes(types: &Types<'_>, single: &Parameter, one: &Parameter, forth: bool) -> bool {
    match (&single.annotation, &one.annotation) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => related(types, a, b, forth, Relation::Widened),
    }
}

fn related(types: &Types<'_>, single: &Type, one: &Type, forth: bool, wanted: Relation) -> bool {
    let relation = if forth { types.relate(single, one) } else { types.relate(one, single).swapped() };
    relation == Relation::Equal || relation == wanted
}

/// What the several take together is what the one takes.
fn is_union(types: &Types<'_>, several: &[&Signature], one: &Signature, at: usize, forth: bool) -> bool {
    let Some(parameter) = one.parameters.get(at) else { return false };
    let all: Vec<&Parameter> = several.iter().filter_map(|single| single.parameters.get(at)).collect();
    let required = all.iter().all(|single| single.is_required()) == parameter.is_required();
    let together: Option<Vec<Type>> = all.iter().map(|single| single.annotation.clone()).collect();
    match (together, &parameter.annotation) {
        (Some(together), Some(one)) => required && related(types, &Type::one_of(together), one, forth, Relation::Equal),
        (None, None) => required,
        _ => false,
    }
}
