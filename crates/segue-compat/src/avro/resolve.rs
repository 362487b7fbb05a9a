//! Avro's schema resolution, reader against writer, by the specification 1.12 word for word.
//!
//! Not set inclusion: promotions, names and aliases, defaults of missing fields, of enums, the first branch of a union that
//! matches. Each pair of types is looked at once, so that cycles end and the work grows with the schemas. Must never call a
//! pair readable for which the specification signals an error for some value. Tests: `tests/it/avro/verdicts.rs`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value as Json;

use super::datum::{Step, in_branch, sample};
use super::schema::{Field, Id, Kind, Logical, Schema, unqualified};

/// What a reader cannot do with what a writer writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// The types do not match.
    Type,
    /// Named types of one kind with other names.
    Name,
    /// Fixed values of other sizes.
    FixedSize,
    /// These symbols are not known to the reader, which has no default.
    Symbols(Vec<Box<str>>),
    /// The reader's field is not in the writer's record and has no default.
    FieldWithoutDefault(Box<str>),
    /// The writer's branch matches none of the reader's.
    Branch(usize),
    /// Decimals of another precision or scale.
    Decimal,
    /// The same type with another meaning.
    Logical,
}

/// One pair of types that does not fit.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) writer: Id,
    pub(super) reader: Id,
    pub(super) why: Why,
    /// From the writer's root.
    pub(super) steps: Vec<Step>,
    /// A value of the writer's type here that the reader refuses.
    pub(super) value: Option<Json>,
}

struct Pair {
    writer: Id,
    reader: Id,
    parent: Option<(usize, Step)>,
}

/// Every pair of types that does not fit, the outermost first; bounded by the number of pairs.
pub(super) fn resolve(writer: &Schema, reader: &Schema, roots: (Id, Id)) -> Resolution {
    let mut resolution = Resolution { problems: Vec::new(), pairs: Vec::new(), whole: true };
    let mut walk = Walk { writer, reader, seen: BTreeSet::new(), pairs: Vec::new(), queue: VecDeque::new() };
    walk.go(roots.0, roots.1, None);
    while let Some(at) = walk.queue.pop_front() {
        if walk.pairs.len() > PAIRS_MAX {
            resolution.whole = false;
            break;
        }
        let (writer, reader) = (walk.pairs[at].writer, walk.pairs[at].reader);
        for (why, value) in walk.pair(at) {
            let steps = walk.steps(at);
            resolution.problems.push(Problem { writer, reader, why, steps, value });
        }
    }
    resolution.pairs = walk.pairs.iter().map(|pair| (pair.writer, pair.reader)).collect();
    resolution
}

/// Pairs that one comparison looks at.
const PAIRS_MAX: usize = 200_000;
/// Steps from the root that a proof may have.
const STEPS_MAX: usize = 60;

/// What came out.
pub(super) struct Resolution {
    pub(super) problems: Vec<Problem>,
    /// Every pair of types that was looked at: writer's and reader's.
    pub(super) pairs: Vec<(Id, Id)>,
    /// All of it was looked at.
    pub(super) whole: bool,
}

struct Walk<'a> {
    writer: &'a Schema,
    reader: &'a Schema,
    seen: BTreeSet<(Id, Id)>,
    pairs: Vec<Pair>,
    queue: VecDeque<usize>,
}

type Found = Vec<(Why, Option<Json>)>;

impl Walk<'_> {
    /// A pair to be looked at, once.
    fn go(&mut self, writer: Id, reader: Id, parent: Option<(usize, Step)>) {
        let (writer, reader) = (self.writer.deref(writer), self.reader.deref(reader));
        if self.seen.insert((writer, reader)) {
            self.queue.push_back(self.pairs.len());
            self.pairs.push(Pair { writer, reader, parent });
        }
    }

    fn steps(&self, at: usize) -> Vec<Step> {
        let (mut steps, mut at) = (Vec::new(), at);
        while let Some((parent, step)) = &self.pairs[at].parent {
            steps.push(step.clone());
            at = *parent;
            if steps.len() > STEPS_MAX {
                break;
            }
        }
        steps.reverse();
        steps
    }

    fn pair(&mut self, at: usize) -> Found {
        let (writer, reader) = (self.pairs[at].writer, self.pairs[at].reader);
        let (schemas, others) = (self.writer, self.reader);
        let (one, other) = (schemas.node(writer), others.node(reader));
        let mut found = Found::new();
        match (&one.kind, &other.kind) {
            (Kind::Union(branches), _) => self.written_union(at, branches, reader, &mut found),
            (_, Kind::Union(branches)) => match self.first_match(writer, branches) {
                // A union on one side only is no step of the writer's value.
                Some(branch) => self.same_place(at, writer, branch),
                None => found.push((Why::Type, sample(schemas, writer))),
            },
            (Kind::Record { fields, .. }, Kind::Record { fields: wanted, .. }) => {
                if !names_match(schemas, writer, others, reader) {
                    found.push((Why::Name, sample(schemas, writer)));
                }
                self.record(at, fields, wanted, &mut found);
            }
            (Kind::Array(items), Kind::Array(wanted)) => self.go(*items, *wanted, Some((at, Step::Item))),
            (Kind::Map(values), Kind::Map(wanted)) => self.go(*values, *wanted, Some((at, Step::Value))),
            (Kind::Enum { symbols, .. }, Kind::Enum { symbols: known, default, .. }) => {
                if !names_match(schemas, writer, others, reader) {
                    found.push((Why::Name, sample(schemas, writer)));
                }
                let known: BTreeSet<&str> = known.iter().map(|symbol| &**symbol).collect();
                let missing: Vec<Box<str>> = symbols.iter().filter(|symbol| !known.contains(&***symbol)).cloned().collect();
                if default.is_none() && !missing.is_empty() {
                    let value = missing.first().map(|symbol| Json::from(&**symbol));
                    found.push((Why::Symbols(missing), value));
                }
            }
            (Kind::Fixed { size, .. }, Kind::Fixed { size: wanted, .. }) => {
                if !names_match(schemas, writer, others, reader) {
                    found.push((Why::Name, sample(schemas, writer)));
                }
                if size != wanted {
                    found.push((Why::FixedSize, sample(schemas, writer)));
                }
            }
            (one, other) if promotes(one, other) => {}
            _ => found.push((Why::Type, sample(schemas, writer))),
        }
        if found.is_empty() {
            found.extend(meaning(schemas, writer, others, reader));
        }
        found
    }

    /// The same value of the writer against a branch of the reader's union.
    fn same_place(&mut self, at: usize, writer: Id, branch: Id) {
        let parent = self.pairs[at].parent.clone();
        self.go(writer, branch, parent);
    }

    fn written_union(&mut self, at: usize, branches: &[Id], reader: Id, found: &mut Found) {
        let schemas = self.writer;
        let known = match &self.reader.node(reader).kind {
            Kind::Union(wanted) => Some(Branches::of(self.reader, wanted)),
            _ => None,
        };
        for (index, branch) in branches.iter().enumerate() {
            let partner = match &known {
                Some(known) => self.first_match(*branch, &known.like(schemas, *branch)),
                _ => matches(schemas, *branch, self.reader, reader, 0).then_some(reader),
            };
            if let Some(partner) = partner {
                self.go(*branch, partner, Some((at, Step::Branch(index))));
            } else {
                let value = sample(schemas, *branch).map(|value| in_branch(schemas, *branch, value));
                found.push((Why::Branch(index), value));
            }
        }
    }

    /// The first branch of the reader that matches the writer's type.
    fn first_match(&self, writer: Id, branches: &[Id]) -> Option<Id> {
        branches.iter().copied().find(|branch| matches(self.writer, writer, self.reader, *branch, 0))
    }

    fn record(&mut self, at: usize, fields: &[Field], wanted: &[Field], found: &mut Found) {
        let by_name = names(fields);
        // Of one record many fields may be missing: the value that shows it is the same.
        let mut value: Option<Option<Json>> = None;
        for field in wanted {
            match written(&by_name, field) {
                Some(given) => self.go(given.schema, field.schema, Some((at, Step::Field(given.name.clone())))),
                None if field.default.is_none() => {
                    let value = value.get_or_insert_with(|| sample(self.writer, self.pairs[at].writer)).clone();
                    found.push((Why::FieldWithoutDefault(field.name.clone()), value));
                }
                None => {}
            }
        }
    }
}

/// The branches of a reader's union by what may match them, so that two wide unions are not compared each with each.
struct Branches<'a> {
    /// Those without a name; a union has at most one of each kind.
    plain: Vec<Id>,
    /// By the unqualified name and by each alias, in the order of the union.
    named: BTreeMap<&'a str, Vec<(usize, Id)>>,
}

impl<'a> Branches<'a> {
    fn of(schema: &'a Schema, branches: &[Id]) -> Self {
        let mut known = Self { plain: Vec::new(), named: BTreeMap::new() };
        for (at, id) in branches.iter().enumerate() {
            let node = schema.node(*id);
            if is_named(&node.kind) {
                known.named.entry(unqualified(schema.name(*id))).or_default().push((at, *id));
                node.aliases.iter().for_each(|alias| known.named.entry(alias).or_default().push((at, *id)));
            } else {
                known.plain.push(*id);
            }
        }
        known
    }

    /// Those that may match, in their order.
    fn like(&self, writer: &Schema, id: Id) -> Vec<Id> {
        if !is_named(&writer.node(id).kind) {
            return self.plain.clone();
        }
        let name = writer.name(id);
        let mut found: Vec<(usize, Id)> =
            [unqualified(name), name].iter().filter_map(|name| self.named.get(name)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|(_, id)| id).collect()
    }
}

fn is_named(kind: &Kind) -> bool {
    matches!(kind, Kind::Record { .. } | Kind::Enum { .. } | Kind::Fixed { .. })
}

/// The writer's field that a reader's field is read from: by its name, else by an alias.
pub(super) fn written<'a>(by_name: &BTreeMap<&str, &'a Field>, field: &Field) -> Option<&'a Field> {
    by_name.get(&*field.name).or_else(|| field.aliases.iter().find_map(|alias| by_name.get(&**alias))).copied()
}

/// The fields of a record by their names.
pub(super) fn names(fields: &[Field]) -> BTreeMap<&str, &Field> {
    fields.iter().map(|field| (&*field.name, field)).collect()
}

/// The names of the writer's fields that the reader takes, by name or alias.
pub(super) fn taken<'a>(fields: &'a [Field], wanted: &[Field]) -> BTreeSet<&'a str> {
    let by_name = names(fields);
    wanted.iter().filter_map(|field| written(&by_name, field)).map(|field| &*field.name).collect()
}

/// Unqualified names are the same, or the writer's full name is an alias of the reader.
pub(super) fn names_match(schemas: &Schema, writer: Id, others: &Schema, reader: Id) -> bool {
    let (written, read) = (schemas.name(writer), others.name(reader));
    unqualified(written) == unqualified(read) || others.node(reader).aliases.iter().any(|alias| **alias == *written)
}

/// "To match" as the specification defines it, which does not look into records.
fn matches(schemas: &Schema, writer: Id, others: &Schema, reader: Id, depth: usize) -> bool {
    match (&schemas.node(writer).kind, &others.node(reader).kind) {
        (Kind::Union(_), _) | (_, Kind::Union(_)) => true,
        (Kind::Array(one), Kind::Array(other)) | (Kind::Map(one), Kind::Map(other)) => {
            depth > 512 || matches(schemas, *one, others, *other, depth + 1)
        }
        (Kind::Fixed { size, .. }, Kind::Fixed { size: wanted, .. }) => size == wanted && names_match(schemas, writer, others, reader),
        (Kind::Record { .. }, Kind::Record { .. }) | (Kind::Enum { .. }, Kind::Enum { .. }) => names_match(schemas, writer, others, reader),
        (one, other) => promotes(one, other),
    }
}

/// The same primitive type, or one that the writer's is promoted to.
fn promotes(writer: &Kind, reader: &Kind) -> bool {
    use Kind::{Boolean, Bytes, Double, Float, Int, Long, Null, String};
    matches!(
        (writer, reader),
        (Null, Null)
            | (Boolean, Boolean)
            | (Int, Int | Long | Float | Double)
            | (Long, Long | Float | Double)
            | (Float, Float | Double)
            | (Double, Double)
            | (Bytes | String, Bytes | String)
    )
}

/// What the types above the types say: the same bytes would be read as another value.
fn meaning(schemas: &Schema, writer: Id, others: &Schema, reader: Id) -> Option<(Why, Option<Json>)> {
    let (one, other) = (schemas.node(writer).logical.as_ref(), others.node(reader).logical.as_ref());
    if matches!(schemas.node(writer).kind, Kind::Union(_)) || matches!(others.node(reader).kind, Kind::Union(_)) {
        return None;
    }
    let value = || sample(schemas, writer);
    match (one, other) {
        (Some(Logical::Decimal { precision, scale }), Some(Logical::Decimal { precision: digits, scale: behind })) => {
            (scale != behind || precision > digits).then(|| (Why::Decimal, decimal(schemas, writer, *precision)))
        }
        (Some(Logical::Decimal { .. }), None) | (None, Some(Logical::Decimal { .. })) => Some((Why::Logical, value())),
        // Any text may stand where only UUIDs are read.
        (None, Some(Logical::Named(name))) if &**name == "uuid" => Some((Why::Logical, value())),
        (Some(one), Some(other)) if one != other => Some((Why::Logical, value())),
        _ => None,
    }
}

/// The largest number of so many digits, as the bytes that hold it.
fn decimal(schemas: &Schema, writer: Id, precision: u64) -> Option<Json> {
    let number = 10_i128.checked_pow(u32::try_from(precision).ok()?)?.checked_sub(1)?;
    let bytes = number.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(15);
    // The sign is the first bit.
    let first = if bytes[first] & 0x80 == 0 { first } else { first.saturating_sub(1) };
    let size = match schemas.node(writer).kind {
        Kind::Fixed { size, .. } => usize::try_from(size).ok().filter(|size| *size <= 64)?,
        _ => bytes.len() - first,
    };
    let digits = bytes.iter().skip(first).map(|byte| char::from(*byte));
    let lead = size.checked_sub(bytes.len() - first)?;
    Some(Json::from(std::iter::repeat_n('\u{0}', lead).chain(digits).collect::<String>()))
}
