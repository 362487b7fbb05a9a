//! A place as a conjunction: references followed, `allOf` flattened, what the types decide already taken.
//!
//! A [`Key`] names a set of shapes that must all fit, with the members of `anyOf`/`oneOf` that were chosen and the types that
//! are looked at. Keys are interned, so that every conjunction is compared once, however many paths lead to it. A [`View`] is
//! what such a conjunction says, keyword by keyword, each with the shape that says it. Tests: `tests/it/shape/relation.rs`.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::known::Known;
use super::limits::{self, Range};
use super::relate::Options;
use super::{Lists, Literal, Maps, Numbers, Shape, ShapeId, Shapes, Texts, Types};

/// The most shapes of one conjunction.
const PARTS_MAX: usize = 4_096;
/// Up to so many they are searched one by one.
const SEARCHED_MAX: usize = 16;
/// How deep combinations are looked into for the types that they allow.
const TYPES_DEPTH_MAX: u32 = 24;
/// The most combinations that are looked into for them.
const TYPES_STEPS_MAX: u32 = 1_024;

/// Of so many members it is kept by what they are known.
const KNOWN_MAX: usize = 20_000;

/// The number of a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ConjId(pub(super) u32);

/// Which of several members was chosen: the shape with the keyword, `oneOf` or not, the member's index.
pub(super) type Choice = (ShapeId, bool, u32);

/// Some shapes; nearly always one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Few {
    One([ShapeId; 1]),
    Many(Box<[ShapeId]>),
}

impl std::ops::Deref for Few {
    type Target = [ShapeId];

    fn deref(&self) -> &[ShapeId] {
        match self {
            Self::One(one) => one,
            Self::Many(all) => all,
        }
    }
}

/// What is compared: these shapes at once, with these choices, for these types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) shapes: Few,
    pub(super) chosen: Box<[Choice]>,
    pub(super) mask: Types,
}

/// A key as it is kept: most are one whole shape, for which nothing is allocated.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    Own(Key),
    Shared(Rc<Key>),
}

impl std::ops::Deref for Kept {
    type Target = Key;

    fn deref(&self) -> &Key {
        match self {
            Self::Own(key) => key,
            Self::Shared(key) => key,
        }
    }
}

/// The conjunctions of one side.
pub(super) struct Arena<'a> {
    pub(super) shapes: &'a Shapes,
    keys: Vec<Kept>,
    ids: BTreeMap<Rc<Key>, ConjId>,
    single: Vec<u32>,
    types: Vec<u8>,
    /// By what members of unions are known, for those that were asked.
    known: BTreeMap<ShapeId, Rc<Known<'a>>>,
}

/// `anyOf` or `oneOf` where the types leave more than one member.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) owner: ShapeId,
    pub(super) exclusive: bool,
    /// Index in the keyword's list, and the member.
    pub(super) members: Vec<(u32, ShapeId)>,
}

/// What a conjunction says.
#[derive(Debug, Clone, Default)]
pub(super) struct View<'a> {
    /// Every shape that it consists of.
    pub(super) parts: Vec<ShapeId>,
    pub(super) types: Types,
    pub(super) members: Option<Vec<&'a Literal>>,
    pub(super) members_at: Option<ShapeId>,
    pub(super) types_at: Option<ShapeId>,
    pub(super) numbers: Vec<(ShapeId, &'a Numbers)>,
    pub(super) number_formats: Vec<(ShapeId, &'a str)>,
    pub(super) texts: Vec<(ShapeId, &'a Texts)>,
    pub(super) lists: Vec<(ShapeId, &'a Lists)>,
    pub(super) maps: Vec<(ShapeId, &'a Maps)>,
    pub(super) groups: Vec<Group>,
    pub(super) nots: Vec<(ShapeId, ShapeId)>,
    pub(super) conditions: Vec<(ShapeId, super::Condition)>,
    pub(super) encodings: Vec<(ShapeId, &'a str)>,
    pub(super) unread: Vec<(ShapeId, &'a str)>,
    /// Too many shapes to look at all of them.
    pub(super) cut: bool,
}

impl Default for Types {
    fn default() -> Self {
        Self::ANY
    }
}

impl<'a> Arena<'a> {
    pub(super) fn new(shapes: &'a Shapes) -> Self {
        Self {
            shapes,
            keys: Vec::new(),
            ids: BTreeMap::new(),
            single: vec![0; shapes.len()],
            types: vec![u8::MAX; shapes.len()],
            known: BTreeMap::new(),
        }
    }

    pub(super) fn key(&self, id: ConjId) -> Kept {
        let nothing = || Kept::Own(Key { shapes: Few::Many(Box::new([])), chosen: Box::new([]), mask: Types::ANY });
        self.keys.get(id.0 as usize).cloned().unwrap_or_else(nothing)
    }

    /// By what a member of a union is known.
    pub(super) fn known(&mut self, member: ShapeId) -> Rc<Known<'a>> {
        let id = self.shapes.resolve(member);
        let shapes = self.shapes;
        if let Some(known) = self.known.get(&id) {
            return Rc::clone(known);
        }
        let known = Rc::new(Known::new(shapes, id));
        if self.known.len() < KNOWN_MAX {
            self.known.insert(id, Rc::clone(&known));
        }
        known
    }

    /// One shape with everything it allows.
    pub(super) fn one(&mut self, id: ShapeId) -> ConjId {
        let id = self.shapes.resolve(id);
        match self.single.get(id.0 as usize) {
            Some(known) if *known > 0 => return ConjId(known - 1),
            _ => {}
        }
        let conj = self.next(Kept::Own(Key { shapes: Few::One([id]), chosen: Box::new([]), mask: Types::ANY }));
        if let Some(slot) = self.single.get_mut(id.0 as usize) {
            *slot = conj.0 + 1;
        }
        conj
    }

    fn next(&mut self, key: Kept) -> ConjId {
        let id = ConjId(self.keys.len() as u32);
        self.keys.push(key);
        id
    }

    /// Several shapes at once; none of them is anything.
    pub(super) fn all(&mut self, ids: &[ShapeId]) -> ConjId {
        if let [id] = ids {
            return self.one(*id);
        }
        let mut shapes: Vec<ShapeId> = ids.iter().map(|id| self.shapes.resolve(*id)).collect();
        shapes.sort_unstable();
        shapes.dedup();
        if let [id] = shapes.as_slice() {
            return self.one(*id);
        }
        self.add(Key { shapes: Few::Many(shapes.into()), chosen: Box::new([]), mask: Types::ANY })
    }

    /// The same for fewer types.
    pub(super) fn masked(&mut self, id: ConjId, mask: Types) -> ConjId {
        let key = self.key(id);
        if key.mask == mask {
            return id;
        }
        self.add(Key { mask, ..(*key).clone() })
    }

    /// The same with one more member chosen.
    pub(super) fn chosen(&mut self, id: ConjId, choice: Choice) -> ConjId {
        let mut key = (*self.key(id)).clone();
        let mut chosen = key.chosen.into_vec();
        chosen.push(choice);
        chosen.sort_unstable();
        key.chosen = chosen.into();
        self.add(key)
    }

    fn add(&mut self, key: Key) -> ConjId {
        // One whole shape is found by its number alone.
        if let ([id], [], Types::ANY) = (&*key.shapes, &*key.chosen, key.mask) {
            return self.one(*id);
        }
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let key = Rc::new(key);
        let id = self.next(Kept::Shared(Rc::clone(&key)));
        self.ids.insert(key, id);
        id
    }

    /// The types that a shape can allow at most.
    pub(super) fn types_of(&mut self, id: ShapeId) -> Types {
        let mut left = TYPES_STEPS_MAX;
        self.types_below(id, TYPES_DEPTH_MAX, &mut left).0
    }

    /// With whether the answer is as exact as it gets (no depth limit was met), so that it may be kept.
    fn types_below(&mut self, id: ShapeId, depth: u32, left: &mut u32) -> (Types, bool) {
        if let Some(known) = self.types.get(id.0 as usize).filter(|known| **known != u8::MAX) {
            return (Types(*known), true);
        }
        *left = left.saturating_sub(1);
        if depth == 0 || *left == 0 {
            return (Types::ANY, false);
        }
        let shapes = self.shapes;
        let shape = shapes.get(id);
        let mut types = own_types(shape);
        let mut exact = true;
        let also = shape.reference.iter().chain(shape.combined.iter().flat_map(|combined| &combined.all_of));
        for part in also {
            let (more, sure) = self.types_below(*part, depth - 1, left);
            types = types.and(more);
            exact &= sure;
        }
        for members in shape.combined.iter().flat_map(|combined| [&combined.any_of, &combined.one_of]) {
            if members.is_empty() || members.len() > 256 {
                continue;
            }
            let mut any = Types::NONE;
            for member in members {
                let (more, sure) = self.types_below(*member, depth - 1, left);
                any = any.or(more);
                exact &= sure;
                if any == Types::ANY {
                    break;
                }
            }
            types = types.and(any);
        }
        if (exact || depth == TYPES_DEPTH_MAX)
            && let Some(slot) = self.types.get_mut(id.0 as usize)
        {
            *slot = types.0;
        }
        (types, exact)
    }

    /// What a conjunction says.
    pub(super) fn view(&mut self, id: ConjId) -> View<'a> {
        let key = self.key(id);
        let mut view = View { types: key.mask, ..View::default() };
        let mut open: Vec<ShapeId> = key.shapes.iter().rev().copied().collect();
        let mut waiting: Vec<Group> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        loop {
            while let Some(id) = open.pop() {
                if view.parts.len() == SEARCHED_MAX {
                    seen.extend(&view.parts);
                }
                if if view.parts.len() < SEARCHED_MAX { view.parts.contains(&id) } else { !seen.insert(id) } {
                    continue;
                }
                if view.parts.len() >= PARTS_MAX {
                    view.cut = true;
                    break;
                }
                view.parts.push(id);
                self.take(id, &key, &mut view, &mut open, &mut waiting);
            }
            let types = view.types;
            let mut inlined = false;
            for group in std::mem::take(&mut waiting) {
                let mut members = group.members;
                members.retain(|(_, member)| self.types_of(*member).meets(types));
                match members.as_slice() {
                    [] => view.types = Types::NONE,
                    [(_, only)] => {
                        open.push(*only);
                        inlined = true;
                    }
                    _ => waiting.push(Group { members, ..group }),
                }
            }
            if !inlined || view.cut {
                break;
            }
        }
        view.groups = waiting;
        view.settle();
        view
    }

    fn take(&self, id: ShapeId, key: &Key, view: &mut View<'a>, open: &mut Vec<ShapeId>, waiting: &mut Vec<Group>) {
        let shapes = self.shapes;
        let shape = shapes.get(id);
        if shape.types != Types::ANY && view.types.and(shape.types) != view.types {
            view.types_at = Some(id);
        }
        view.types = view.types.and(shape.types);
        view.unread.extend(shape.unread().iter().map(|what| (id, what.as_ref())));
        view.encodings.extend(shape.encoding().map(|what| (id, what)));
        view.numbers.extend(shape.numbers.iter().map(|limits| (id, limits.as_ref())));
        view.texts.extend(shape.texts.iter().map(|limits| (id, limits.as_ref())));
        view.lists.extend(shape.lists.iter().map(|limits| (id, limits.as_ref())));
        view.maps.extend(shape.maps.iter().map(|limits| (id, limits.as_ref())));
        view.number_formats.extend(shape.notes.iter().filter_map(|notes| notes.format.as_deref()).map(|format| (id, format)));
        if let Some(members) = &shape.members {
            view.members_at = Some(id);
            view.members = Some(match view.members.take() {
                None => {
                    let mut members: Vec<&Literal> = members.iter().collect();
                    if !members.is_sorted() {
                        members.sort();
                    }
                    members
                }
                Some(known) => {
                    let these: std::collections::BTreeSet<&Literal> = members.iter().collect();
                    known.into_iter().filter(|member| these.contains(member)).collect()
                }
            });
        }
        open.extend(shape.reference);
        let Some(combined) = &shape.combined else { return };
        open.extend(combined.all_of.iter().rev());
        if let Some(not) = combined.not {
            match only_types(shapes, not) {
                // What must not be of a type is of one of the others.
                Some(types) => {
                    view.types_at = Some(id);
                    view.types = view.types.without(types);
                }
                None => view.nots.push((id, not)),
            }
        }
        view.conditions.extend(combined.condition.iter().map(|condition| (id, **condition)));
        for (exclusive, members) in [(false, &combined.any_of), (true, &combined.one_of)] {
            if members.is_empty() {
                continue;
            }
            let choice = key.chosen.iter().find(|(owner, kind, _)| *owner == id && *kind == exclusive);
            match choice.and_then(|(_, _, index)| members.get(*index as usize)) {
                Some(member) => open.push(*member),
                None => waiting.push(Group { owner: id, exclusive, members: (0..).zip(members.iter().copied()).collect() }),
            }
        }
    }
}

/// The types of a shape that says nothing else.
fn only_types(shapes: &Shapes, id: ShapeId) -> Option<Types> {
    let shape = shapes.get(shapes.resolve(id));
    let bare = shape.reference.is_none()
        && shape.members.is_none()
        && shape.numbers.is_none()
        && shape.texts.is_none()
        && shape.lists.is_none()
        && shape.maps.is_none()
        && shape.combined.is_none()
        && shape.rare.is_none();
    // A format of numbers may bind, and `not` of it is then more than a type.
    let format = shape.notes.as_ref().is_some_and(|notes| notes.format.is_some());
    (bare && !format).then_some(shape.types)
}

/// The types that a shape's own keywords allow.
fn own_types(shape: &Shape) -> Types {
    match &shape.members {
        Some(members) if members.len() <= 64 => {
            shape.types.and(members.iter().fold(Types::NONE, |types, member| types.or(type_of(member))))
        }
        _ => shape.types,
    }
}

/// The type of a literal.
pub(super) fn type_of(literal: &Literal) -> Types {
    match literal {
        Literal::Null => Types::NULL,
        Literal::Bool(_) => Types::BOOLEAN,
        Literal::Number(super::literal::NumberKey::Exact(number)) if number.is_whole() => Types::INTEGER,
        Literal::Number(super::literal::NumberKey::Exact(_)) => Types::FRACTION,
        Literal::Number(super::literal::NumberKey::Text(_)) => Types::NUMBER,
        Literal::Text(_) => Types::STRING,
        Literal::List(_) => Types::ARRAY,
        Literal::Map(_) => Types::OBJECT,
    }
}

impl View<'_> {
    /// What follows from the keywords together: multiples of a whole number are whole, and members have types.
    fn settle(&mut self) {
        if self.numbers.iter().any(|(_, numbers)| numbers.multiple_of.is_some_and(super::Number::is_whole)) {
            self.types = self.types.without(Types::FRACTION);
        }
        let range = Range::of(self, Options { closed_world: false, formats_bind: false });
        if range.is_empty(false) {
            self.types = self.types.without(Types::NUMBER);
        } else if range.is_empty(true) {
            self.types = self.types.without(Types::INTEGER);
        }
        let crossed = |least: Option<u64>, most: Option<u64>| least.zip(most).is_some_and(|(least, most)| least > most);
        let (least, most) = limits::lengths(self);
        if crossed(Some(least), most) {
            self.types = self.types.without(Types::STRING);
        }
        if crossed(
            self.lists.iter().map(|(_, lists)| lists.count_min).max(),
            self.lists.iter().filter_map(|(_, lists)| lists.count_max).min(),
        ) {
            self.types = self.types.without(Types::ARRAY);
        }
        if crossed(self.maps.iter().map(|(_, maps)| maps.count_min).max(), self.maps.iter().filter_map(|(_, maps)| maps.count_max).min()) {
            self.types = self.types.without(Types::OBJECT);
        }
        if let Some(members) = &mut self.members {
            let types = self.types;
            members.retain(|member| type_of(member).meets(types));
            self.types = self.types.and(members.iter().fold(Types::NONE, |types, member| types.or(type_of(member))));
        }
    }
}
