//! By what a member of a union is known, and which members of two sides belong together.
//!
//! By the name that it refers to, then by its title, the constant that tells it apart, its form. What is asked is worked out
//! once; of a union with very many members nothing is kept. Tests: `tests/it/shape/`, `tests/cases/shape/`.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::pairs::Pairs;
use super::view::{Arena, Group};
use super::{Shape, ShapeId, Shapes, Step};

/// What is kept of unions with more members is not worth its room.
const KEPT_MAX: usize = 400;

/// Sorts of what a member is known by, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Name,
    Title,
    Tag,
    Value,
    Form,
    Types,
}

const SORTS: [Sort; 6] = [Sort::Name, Sort::Title, Sort::Tag, Sort::Value, Sort::Form, Sort::Types];

/// A member, and what was worked out of it.
pub(super) struct Known<'a> {
    shapes: &'a Shapes,
    id: ShapeId,
    slots: [OnceCell<Option<Box<str>>>; SORTS.len()],
}

impl<'a> Known<'a> {
    pub(super) fn new(shapes: &'a Shapes, id: ShapeId) -> Self {
        Self { shapes, id, slots: Default::default() }
    }

    fn by(&self, sort: Sort) -> Option<&str> {
        self.slots[sort as usize].get_or_init(|| by(self.shapes, self.shapes.get(self.id), sort)).as_deref()
    }

    /// What it is called: by the surest that there is.
    pub(super) fn label(&self) -> Option<&str> {
        SORTS.into_iter().find_map(|sort| self.by(sort))
    }
}

fn by(shapes: &Shapes, shape: &Shape, sort: Sort) -> Option<Box<str>> {
    let mut properties = shape.maps.iter().flat_map(|maps| &maps.properties);
    match sort {
        Sort::Name => match (shape.parent, &shape.step) {
            (None, Step::Root(name)) => Some(name.rsplit('/').next().unwrap_or(name).into()),
            _ => None,
        },
        Sort::Title => shape.notes.as_ref().and_then(|notes| notes.title.clone()),
        Sort::Tag => properties.find_map(|(name, id)| match shapes.get(shapes.resolve(*id)).members.as_deref() {
            Some([only]) => Some(format!("{name}={only}").into()),
            _ => None,
        }),
        Sort::Value => match shape.members.as_deref() {
            Some([only]) => Some(only.to_string().into()),
            _ => None,
        },
        Sort::Form => {
            let names: Vec<&str> = properties.map(|(name, _)| name.as_ref()).take(64).collect();
            let format = shape.texts.as_ref().and_then(|texts| texts.format.as_deref()).unwrap_or_default();
            Some(format!("{} {format} {}", shape.types.0, names.join(",")).into())
        }
        Sort::Types => Some(shape.types.0.to_string().into()),
    }
}

/// The members of a union: with what is kept of them, or worked out anew each time where they are very many.
enum Members<'a> {
    Kept(Vec<Rc<Known<'a>>>),
    Fresh(&'a Shapes, Vec<ShapeId>),
}

impl<'a> Members<'a> {
    fn of(arena: &mut Arena<'a>, group: &Group) -> Self {
        let ids = group.members.iter().map(|(_, id)| *id);
        if group.members.len() <= KEPT_MAX {
            return Self::Kept(ids.map(|id| arena.known(id)).collect());
        }
        let shapes = arena.shapes;
        Self::Fresh(shapes, ids.map(|id| shapes.resolve(id)).collect())
    }

    fn len(&self) -> usize {
        match self {
            Self::Kept(all) => all.len(),
            Self::Fresh(_, all) => all.len(),
        }
    }

    fn by(&self, index: usize, sort: Sort) -> Option<Cow<'_, str>> {
        match self {
            Self::Kept(all) => all.get(index)?.by(sort).map(Cow::Borrowed),
            Self::Fresh(shapes, all) => by(shapes, shapes.get(*all.get(index)?), sort).map(|text| Cow::Owned(text.into())),
        }
    }

    /// The surest of these that make two members the same.
    fn identity(&self, index: usize) -> Option<(Sort, Cow<'_, str>)> {
        [Sort::Name, Sort::Tag, Sort::Value].into_iter().find_map(|sort| Some((sort, self.by(index, sort)?)))
    }
}

/// Members that belong together, by their index in each group.
pub(super) fn matched(pairs: &mut Pairs<'_>, a: &Group, b: &Group) -> Vec<(usize, usize)> {
    let (left, right) = (Members::of(&mut pairs.old, a), Members::of(&mut pairs.new, b));
    let mut found = Vec::new();
    let (mut free_a, mut free_b): (Vec<usize>, Vec<usize>) = ((0..left.len()).collect(), (0..right.len()).collect());
    for sort in SORTS {
        let mut waiting: BTreeMap<Cow<'_, str>, Vec<usize>> = BTreeMap::new();
        for j in free_b.iter().rev() {
            if let Some(key) = right.by(*j, sort) {
                waiting.entry(key).or_default().push(*j);
            }
        }
        if waiting.is_empty() {
            continue;
        }
        // Two that have different names are not the same by their form.
        let may_match = |i: usize, j: usize| match sort {
            Sort::Form | Sort::Types => left.identity(i).zip(right.identity(j)).is_none_or(|(a, b)| a == b),
            _ => true,
        };
        free_a.retain(|i| {
            let waiting = left.by(*i, sort).and_then(|key| waiting.get_mut(&key));
            let j = waiting.and_then(|waiting| waiting.pop_if(|j| may_match(*i, *j)));
            found.extend(j.map(|j| (*i, j)));
            j.is_none()
        });
        let used: BTreeSet<usize> = found.iter().map(|(_, j)| *j).collect();
        free_b.retain(|j| !used.contains(j));
        if free_a.is_empty() || free_b.is_empty() {
            break;
        }
    }
    found.sort_unstable();
    found
}
