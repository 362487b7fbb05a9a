//! Notes of a place: what is said and restricts nothing by itself. Tests: `tests/cases/shape/`.

use super::{content, default_value, deprecated, read_only, write_only};
use crate::shape::pairs::Local;
use crate::shape::{Notes, ShapeId, Types};

/// Compares the notes of the place itself, once, however it is split.
pub(super) fn check(local: &mut Local<'_, '_>) {
    let (a, b) = (local.pairs.old.key(local.ids.0), local.pairs.new.key(local.ids.1));
    let whole = |key: &crate::shape::view::Key| key.chosen.is_empty() && key.mask == Types::ANY;
    if let ([old], [new]) = (a.shapes.as_ref(), b.shapes.as_ref())
        && whole(&a)
        && whole(&b)
    {
        compare(local, *old, *new);
    }
}

/// Compares the notes of two shapes.
pub(super) fn compare(local: &mut Local<'_, '_>, old: ShapeId, new: ShapeId) {
    let none = Notes::default();
    let (a, b) = (local.pairs.old.shapes.get(old).notes.as_deref(), local.pairs.new.shapes.get(new).notes.as_deref());
    let (a, b) = (a.unwrap_or(&none), b.unwrap_or(&none));
    if a == b {
        return;
    }
    content::check(local, a, b, (old, new));
    default_value::check(local, a, b, (old, new));
    deprecated::check(local, a, b, (old, new));
    read_only::check(local, a, b, (old, new));
    write_only::check(local, a, b, (old, new));
}
