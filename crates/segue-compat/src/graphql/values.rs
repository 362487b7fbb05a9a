//! What clients give, as value shapes, and what the shape relation says of them.
//!
//! The rules of this family are nominal; the relation of values is a second opinion: its witnesses stand beside the
//! operations, and what it finds narrower where no rule found anything is told as it is. Lists are not unwrapped here: a
//! single value where a list is taken is a courtesy of servers. Tests: `tests/it/graphql/values.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Side;

use super::context::Context;
use super::schema::{Input, Schema, TypeDef, TypeKind, TypeRef, used};
use crate::draft::Draft;
use crate::policy::{Relation, Role};
use crate::shape::relate::{Comparison, Difference, Options, drafts};
use crate::shape::{Lists, Literal, Maps, Number, Numbers, ShapeId, Shapes, Step, Types};
use crate::source::Place;

/// How many members of all input types together are related; beyond, the rules stand alone.
const MEMBERS_MAX: usize = 200_000;

/// The shapes of one side: each name twice, without and with `null`.
struct Values<'a> {
    shapes: Shapes,
    ids: BTreeMap<&'a str, (ShapeId, ShapeId)>,
    nothing: ShapeId,
    /// Both sides show `@oneOf`.
    one_of: bool,
}

impl<'a> Values<'a> {
    fn new(schema: &'a Schema<'a>, taken: &BTreeSet<&'a str>, one_of: bool) -> Self {
        let mut shapes = Shapes::new();
        let nothing = shapes.add(None, Step::Root("nothing".into()), Place::default());
        shapes.get_mut(nothing).types = Types::NONE;
        let mut values = Self { shapes, ids: BTreeMap::new(), nothing, one_of };
        let named = |def: &&TypeDef<'_>| matches!(def.kind, TypeKind::Enum | TypeKind::Input) && taken.contains(def.name);
        for def in schema.types.values().filter(named) {
            let plain = values.shapes.add(None, Step::Root(def.name.into()), def.place);
            let nullable = values.shapes.add(None, Step::Root(def.name.into()), def.place);
            values.ids.insert(def.name, (plain, nullable));
        }
        for def in schema.types.values().filter(|def| taken.contains(def.name)) {
            values.define(def);
        }
        values
    }

    /// Gives both shapes of a name the same form.
    fn set(&mut self, name: &str, fill: impl Fn(&mut crate::shape::Shape)) {
        let Some((plain, nullable)) = self.ids.get(name).copied() else { return };
        fill(self.shapes.get_mut(plain));
        let shape = self.shapes.get_mut(nullable);
        fill(shape);
        shape.types = shape.types.or(Types::NULL);
        if let Some(members) = shape.members.take() {
            shape.members = Some(members.into_vec().into_iter().chain([Literal::Null]).collect());
        }
    }

    /// A scalar where it is used: what it takes is known by its name only.
    fn scalar(&mut self, id: ShapeId, name: &str, nullable: bool) {
        let shape = self.shapes.get_mut(id);
        shape.types = match name {
            "Int" => Types::INTEGER,
            "Float" => Types::NUMBER,
            "Boolean" => Types::BOOLEAN,
            "ID" => Types::STRING.or(Types::INTEGER),
            "String" => Types::STRING,
            _ => {
                shape.rare_mut().encoding = Some(format!("type {name}").into());
                Types::ANY.without(Types::NULL)
            }
        };
        if name == "Int" {
            let (least, most) = (Number::whole(i128::from(i32::MIN)), Number::whole(i128::from(i32::MAX)));
            shape.numbers = Some(Box::new(Numbers { minimum: Some((least, false)), maximum: Some((most, false)), multiple_of: None }));
        }
        if nullable {
            shape.types = shape.types.or(Types::NULL);
        }
    }

    fn define(&mut self, def: &'a TypeDef<'a>) {
        match def.kind {
            TypeKind::Enum => self.set(def.name, |shape| {
                shape.types = Types::STRING;
                shape.members = Some(def.values.iter().map(|value| Literal::text(value.name)).collect());
            }),
            TypeKind::Input => {
                let Some((parent, _)) = self.ids.get(def.name).copied() else { return };
                let one_of = self.one_of && used(&def.uses, "oneOf").is_some();
                let properties: Vec<(Box<str>, ShapeId)> =
                    def.inputs.iter().map(|input| (input.name.into(), self.property(parent, input, one_of))).collect();
                let required = def.inputs.iter().filter(|input| input.is_required()).map(|input| input.name.into()).collect();
                let mut maps = Maps { properties, required, additional: Some(self.nothing), ..Maps::default() };
                if one_of {
                    (maps.count_min, maps.count_max) = (1, Some(1));
                }
                self.set(def.name, |shape| {
                    shape.types = Types::OBJECT;
                    shape.maps = Some(Box::new(maps.clone()));
                });
            }
            _ => {}
        }
    }

    fn property(&mut self, parent: ShapeId, input: &Input<'a>, one_of: bool) -> ShapeId {
        let takes = if one_of { input.takes.required() } else { input.takes };
        let id = self.shapes.add(Some(parent), Step::Property(input.name.into()), input.place);
        self.fill(id, takes, 0);
        id
    }

    fn fill(&mut self, id: ShapeId, of: TypeRef<'a>, level: u8) {
        let nullable = !of.non_null_at(level);
        if level == of.lists {
            match self.ids.get(of.name) {
                Some((plain, or_null)) => self.shapes.get_mut(id).reference = Some(if nullable { *or_null } else { *plain }),
                None => self.scalar(id, of.name, nullable),
            }
            return;
        }
        let place = self.shapes.get(id).at;
        let item = self.shapes.add(Some(id), Step::Keyword("items"), place);
        let shape = self.shapes.get_mut(id);
        shape.types = if nullable { Types::ARRAY.or(Types::NULL) } else { Types::ARRAY };
        shape.lists = Some(Box::new(Lists { items: Some(item), ..Lists::default() }));
        self.fill(item, of, level + 1);
    }
}

/// The types that clients give on both sides, by their old names.
fn taken<'a>(cx: &Context<'a>) -> Option<BTreeSet<&'a str>> {
    let mut members = 0;
    let mut names = BTreeSet::new();
    for def in cx.old.schema.types.values() {
        let new = cx.new_name(def.name);
        if cx.old.reach.position(def.name).input && cx.new.reach.position(new).input {
            names.insert(def.name);
            members += def.inputs.len() + def.values.len();
            members += cx.new.schema.types.get(new).map_or(0, |def| def.inputs.len() + def.values.len());
        }
    }
    (members <= MEMBERS_MAX).then_some(names)
}

/// `Filter.age` of `Filter/properties/age/items`.
fn coordinate(object: &str) -> String {
    let mut parts = object.split('/');
    let root = parts.next().unwrap_or_default();
    match (parts.next(), parts.next()) {
        (Some("properties"), Some(field)) => format!("{root}.{field}"),
        _ => root.to_owned(),
    }
}

/// Relates what clients give on both sides, adds the witnesses of values, and tells what no rule told.
pub(super) fn relate(cx: &Context<'_>, found: &mut Vec<Draft>, not_checked: &mut Vec<String>) {
    let Some(names) = taken(cx) else {
        not_checked.push("values of inputs were not related one by one: there are too many members".to_owned());
        return;
    };
    let new_names: BTreeSet<&str> = names.iter().map(|name| cx.new_name(name)).collect();
    let one_of = cx.old.schema.shows("oneOf") && cx.new.schema.shows("oneOf");
    let (old, new) = (Values::new(cx.old.schema, &names, one_of), Values::new(cx.new.schema, &new_names, one_of));
    let options = Options { closed_world: false, formats_bind: true };
    let mut comparison = Comparison::new(&old.shapes, &new.shapes, options);
    for name in &names {
        if let (Some((before, _)), Some((after, _))) = (old.ids.get(name), new.ids.get(cx.new_name(name))) {
            comparison.relate(*before, *after, Role::Request, "graphql-input", name);
        }
    }
    let told: BTreeSet<&str> =
        found.iter().map(|draft| draft.object.split(['.', '(']).next().unwrap_or_default()).map(|name| cx.old_name_of(name)).collect();
    let mut missing: Vec<Difference> = Vec::new();
    let mut by_coordinate: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for difference in comparison.finish() {
        let at = coordinate(&difference.object);
        let owner = at.split('.').next().unwrap_or_default();
        // Whether an enum or input object may be null is said where it is used; that place is told.
        let whole = at == owner && difference.rule.id == "nullable";
        let narrower = !difference.note && !whole && matches!(difference.relation, Relation::Narrowed | Relation::Changed);
        if narrower && !told.contains(cx.old_name_of(owner)) {
            missing.push(difference);
        } else if let Some(witness) = difference.witness.filter(|witness| witness.accepted_by == Side::Old) {
            by_coordinate.entry(at).or_insert(witness.value);
        }
    }
    for draft in found.iter_mut() {
        let Some(witness) = draft.witness.as_mut().filter(|witness| witness.accepted_by == Side::Old) else { continue };
        let Some(value) = by_coordinate.get(&draft.object) else { continue };
        if let Some(map) = witness.value.as_object_mut() {
            map.insert("value".to_owned(), value.clone());
        }
    }
    found.extend(drafts(missing, cx.policy));
}
