//! Value shapes: one form for the sets of values that JSON Schema, OpenAPI, Avro, protobuf, GraphQL and SQL types describe.
//!
//! A reader of a family makes [`Shapes`] (an arena; a reference is a shape that names another, and cycles are data), and
//! [`relate::Comparison`] relates two shapes: what became of the set, where, and a value that proves it. Limits of a kind
//! of value stand apart from each other, so that `maxLength` says nothing of a number, as in JSON Schema. What a reader did not
//! understand stands in `unread` and makes the answer *undecided*, never *equal*. Tests: `tests/it/shape/`.

mod accept;
mod alike;
mod fast;
mod format;
mod known;
mod limits;
pub mod literal;
mod make;
pub mod number;
mod pairs;
mod pattern;
mod reach;
pub mod relate;
pub mod rule;
pub mod schema;
mod solve;
mod union;
mod view;

use crate::source::Place;
pub use literal::Literal;
pub use number::Number;

/// The number of a shape in its arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(pub u32);

/// The shapes of one side.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    nodes: Vec<Shape>,
}

/// Kinds of JSON values, as a set of bits. Every whole number is a number: `INTEGER` is a part of `NUMBER`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Types(pub u8);

impl Types {
    /// `null`.
    pub const NULL: Self = Self(1);
    /// `true` and `false`.
    pub const BOOLEAN: Self = Self(2);
    /// Whole numbers.
    pub const INTEGER: Self = Self(4);
    /// Numbers with a fraction; `NUMBER` is this and `INTEGER`.
    pub const FRACTION: Self = Self(8);
    /// All numbers.
    pub const NUMBER: Self = Self(12);
    /// Texts.
    pub const STRING: Self = Self(16);
    /// Lists.
    pub const ARRAY: Self = Self(32);
    /// Maps.
    pub const OBJECT: Self = Self(64);
    /// Everything.
    pub const ANY: Self = Self(127);
    /// Nothing: no value fits.
    pub const NONE: Self = Self(0);

    /// Both together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Without these.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// All of the other are in this.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// At least one of the other is in this.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Where a shape stands under its parent, for its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A component or another beginning, by its whole path: `components/schemas/Order`.
    Root(Box<str>),
    /// A property or field by its name: `/properties/NAME`.
    Property(Box<str>),
    /// A keyword: `/items`, `/additionalProperties`.
    Keyword(&'static str),
    /// One of a keyword's list: `/oneOf/2`.
    Index(&'static str, u32),
    /// One of a keyword's names: `/patternProperties/^x`.
    Part(Box<str>),
}

/// One shape: everything about a value that a document says.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The shape that it stands in.
    pub parent: Option<ShapeId>,
    /// Where under its parent.
    pub step: Step,
    /// Where in the file.
    pub at: Place,
    /// It is only another shape by name (`$ref`, a named type); everything else here counts as well (JSON Schema 2019-09 on).
    pub reference: Option<ShapeId>,
    /// The kinds of values.
    pub types: Types,
    /// Only these values.
    pub members: Option<Box<[Literal]>>,
    /// Limits of numbers.
    pub numbers: Option<Box<Numbers>>,
    /// Limits of texts.
    pub texts: Option<Box<Texts>>,
    /// Limits of lists.
    pub lists: Option<Box<Lists>>,
    /// Limits of maps.
    pub maps: Option<Box<Maps>>,
    /// Combinations of shapes.
    pub combined: Option<Box<Combined>>,
    /// What is said but restricts no value by itself.
    pub notes: Option<Box<Notes>>,
    /// What few shapes have.
    pub rare: Option<Box<Rare>>,
}

/// What few shapes have: hundreds of thousands of others need not have room for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rare {
    /// What a value is written as; values of two encodings are never the same (`type Money`, a scalar of GraphQL). `None` for
    /// JSON.
    pub encoding: Option<Box<str>>,
    /// What the reader did not understand, one sentence each.
    pub unread: Vec<Box<str>>,
}

/// Limits of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The smallest, and whether it is excluded.
    pub minimum: Option<(Number, bool)>,
    /// The largest, and whether it is excluded.
    pub maximum: Option<(Number, bool)>,
    /// A divisor greater than zero.
    pub multiple_of: Option<Number>,
}

/// Limits of texts; lengths in Unicode characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// The shortest.
    pub length_min: u64,
    /// The longest.
    pub length_max: Option<u64>,
    /// Regular expressions of ECMA-262, not anchored; all must be found.
    pub patterns: Vec<Box<str>>,
    /// The name of a format that is asserted: `date-time`, `uuid`.
    pub format: Option<Box<str>>,
}

/// Limits of lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// The fewest items.
    pub count_min: u64,
    /// The most items.
    pub count_max: Option<u64>,
    /// No two items are the same.
    pub unique: bool,
    /// The first items, one by one.
    pub first: Vec<ShapeId>,
    /// Every further item.
    pub items: Option<ShapeId>,
    /// Some items, at least and at most so many.
    pub contains: Option<(ShapeId, u64, Option<u64>)>,
    /// An item that fits `contains` is spoken of (JSON Schema 2020-12).
    pub contains_speaks: bool,
    /// Every item that nothing else in place speaks of; only where that depends on the value, else it is `items`.
    pub unevaluated: Option<ShapeId>,
}

/// Limits of maps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maps {
    /// The declared properties, sorted by name.
    pub properties: Vec<(Box<str>, ShapeId)>,
    /// The properties that must be there, sorted.
    pub required: Vec<Box<str>>,
    /// Properties that match a regular expression.
    pub patterns: Vec<(Box<str>, ShapeId)>,
    /// Every further property; `None` allows anything, and in a closed world nobody sends it.
    pub additional: Option<ShapeId>,
    /// Every property that nothing else in place speaks of; only where that depends on the value, else it is `additional`.
    pub unevaluated: Option<ShapeId>,
    /// The names of properties.
    pub names: Option<ShapeId>,
    /// The fewest properties.
    pub count_min: u64,
    /// The most properties.
    pub count_max: Option<u64>,
    /// When the first is there, the others must be.
    pub dependent_required: Vec<(Box<str>, Vec<Box<str>>)>,
    /// When the first is there, the whole must fit the shape.
    pub dependent_shapes: Vec<(Box<str>, ShapeId)>,
}

/// A property, and which shape each of its values means.
pub type Discriminator = (Box<str>, Vec<(Box<str>, ShapeId)>);

/// What holds under a condition, and what else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// The condition.
    pub when: ShapeId,
    /// Its opposite: what does not fit it. It stands for no place of the document.
    pub unless: ShapeId,
    /// What fits the condition must fit this too.
    pub then: Option<ShapeId>,
    /// What does not fit it must fit this.
    pub otherwise: Option<ShapeId>,
}

/// Combinations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Combined {
    /// Every one must fit.
    pub all_of: Box<[ShapeId]>,
    /// At least one must fit; empty when there is no such keyword.
    pub any_of: Box<[ShapeId]>,
    /// Exactly one must fit; empty when there is no such keyword.
    pub one_of: Box<[ShapeId]>,
    /// This must not fit.
    pub not: Option<ShapeId>,
    /// `if`, `then` and `else`.
    pub condition: Option<Box<Condition>>,
    /// The property that tells the members of `one_of` apart, with its values: `(property, [(value, shape)])`.
    pub discriminator: Option<Box<Discriminator>>,
}

/// What is said but restricts nothing by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// The default.
    pub default: Option<Literal>,
    /// A format that is only said: `int32` where the family does not bind it.
    pub format: Option<Box<str>>,
    /// It is deprecated.
    pub deprecated: bool,
    /// Only in responses.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// `nullable` where the dialect gives it no meaning and readers disagree.
    pub nullable_unsure: bool,
    /// The name that the reader of a document sees: a title, a record's full name.
    pub title: Option<Box<str>>,
    /// Earlier names (aliases of Avro).
    pub aliases: Vec<Box<str>>,
    /// What stands inside a text.
    pub content: Option<Box<Content>>,
}

/// What stands inside a text: it restricts nothing, and who reads it goes by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// How bytes are written as a text: `base64`.
    pub encoding: Option<Box<str>>,
    /// What they are: `image/png`.
    pub media: Option<Box<str>>,
}

impl Shapes {
    /// An empty arena.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a shape that accepts everything; fill it by [`Shapes::get_mut`], also later, so that cycles are possible.
    pub fn add(&mut self, parent: Option<ShapeId>, step: Step, at: Place) -> ShapeId {
        let id = ShapeId(self.nodes.len() as u32);
        self.nodes.push(Shape {
            parent,
            step,
            at,
            reference: None,
            types: Types::ANY,
            members: None,
            numbers: None,
            texts: None,
            lists: None,
            maps: None,
            combined: None,
            notes: None,
            rare: None,
        });
        id
    }

    /// A shape by its number.
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.nodes[id.0 as usize]
    }

    /// A shape by its number, to be filled.
    pub fn get_mut(&mut self, id: ShapeId) -> &mut Shape {
        &mut self.nodes[id.0 as usize]
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The component that a shape stands in: its outermost ancestor.
    pub fn root_of(&self, id: ShapeId) -> ShapeId {
        let mut at = id;
        while let Some(parent) = self.get(at).parent {
            at = parent;
        }
        at
    }

    /// Its path: `components/schemas/Order/properties/currency`.
    pub fn object(&self, id: ShapeId) -> String {
        let mut steps = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at {
            let shape = self.get(id);
            steps.push(&shape.step);
            at = shape.parent;
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            match step {
                Step::Root(text) | Step::Part(text) => path.push_str(text),
                Step::Keyword(keyword) => path.push_str(keyword),
                Step::Index(keyword, index) => {
                    path.push_str(keyword);
                    path.push('/');
                    path.push_str(&index.to_string());
                }
                Step::Property(name) => {
                    path.push_str("properties/");
                    path.push_str(&name.replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        path
    }

    /// Follows references that say nothing else; stops at a cycle.
    pub fn resolve(&self, id: ShapeId) -> ShapeId {
        let mut at = id;
        for _ in 0..64 {
            let shape = self.get(at);
            match shape.reference {
                Some(next) if shape.is_bare_reference() => at = next,
                _ => break,
            }
        }
        at
    }
}

impl Shape {
    /// It says nothing but a reference.
    pub fn is_bare_reference(&self) -> bool {
        self.reference.is_some()
            && self.types == Types::ANY
            && self.members.is_none()
            && self.numbers.is_none()
            && self.texts.is_none()
            && self.lists.is_none()
            && self.maps.is_none()
            && self.combined.is_none()
            && self.unread().is_empty()
    }

    /// What a value is written as; `None` for JSON.
    pub fn encoding(&self) -> Option<&str> {
        self.rare.as_ref().and_then(|rare| rare.encoding.as_deref())
    }

    /// What the reader did not understand, one sentence each.
    pub fn unread(&self) -> &[Box<str>] {
        self.rare.as_ref().map_or(&[], |rare| &rare.unread)
    }

    /// What few shapes have, to be filled.
    pub fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}
