//! What rules work with: both sides, the policy, and the findings so far.
//!
//! A finding names its owner, so that here, once for all, its reach is counted, what nothing reaches becomes `info`, and the
//! same change in an interface and in its objects is told once. Tests: `tests/it/graphql/`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{self, Witness};
use segue_model::finding::Severity;

use super::judge::{Effect, judge};
use super::reach::Reach;
use super::schema::{Schema, TypeRef};
use super::witness::Writer;
use crate::draft::Draft;
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::Place;

/// How many findings of one rule are listed.
const LISTED_MAX: usize = 2_000;

/// How many neighbours of changed fields are looked at in all.
const MERGES_MAX: usize = 2_000_000;

/// One side, ready to be asked.
pub(super) struct Side<'a> {
    pub(super) schema: &'a Schema<'a>,
    pub(super) reach: Reach<'a>,
    pub(super) writer: Writer<'a>,
}

impl<'a> Side<'a> {
    fn new(schema: &'a Schema<'a>) -> Self {
        Self { schema, reach: Reach::new(schema), writer: Writer::new(schema) }
    }
}

/// What a finding is about: a coordinate, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Subject<'a> {
    /// The side that shows it.
    pub(super) side: check::Side,
    /// The type or directive, as that side names it.
    pub(super) owner: &'a str,
    /// The owner is a directive.
    pub(super) of_directive: bool,
    /// What of the type: `total`, `orders(first:)`, `ACTIVE`; empty for the type itself.
    pub(super) member: String,
    pub(super) place: Place,
}

impl<'a> Subject<'a> {
    pub(super) fn new(side: check::Side, owner: &'a str, member: impl Into<String>, place: Place) -> Self {
        Self { side, owner, of_directive: false, member: member.into(), place }
    }

    /// Of a directive's definition.
    pub(super) fn directive(side: check::Side, owner: &'a str, member: impl Into<String>, place: Place) -> Self {
        Self { of_directive: true, ..Self::new(side, owner, member, place) }
    }

    /// The schema coordinate: `Order.total`.
    pub(super) fn object(&self) -> String {
        let dot = if self.member.is_empty() || self.member.starts_with('(') { "" } else { "." };
        let mark = if self.of_directive { "@" } else { "" };
        format!("{mark}{}{dot}{}", self.owner, self.member)
    }
}

/// A finding before it is judged.
#[derive(Debug)]
pub(super) struct Found<'a> {
    rule: &'static Rule,
    subject: Subject<'a>,
    effects: Vec<Effect>,
    change: String,
    message: String,
    witness: Option<(check::Side, String)>,
    data: Option<(check::Side, serde_json::Value)>,
    undecided: bool,
    severity_max: Option<Severity>,
    /// It is noticed, whatever operations reach.
    always: bool,
    same_in: BTreeSet<&'a str>,
}

impl<'a> Found<'a> {
    pub(super) fn new(rule: &'static Rule, subject: Subject<'a>, effect: Effect, message: impl Into<String>) -> Self {
        Self {
            rule,
            subject,
            effects: vec![effect],
            change: String::new(),
            message: message.into(),
            witness: None,
            data: None,
            undecided: false,
            severity_max: None,
            always: false,
            same_in: BTreeSet::new(),
        }
    }

    /// What changed in it, normalised.
    pub(super) fn change(mut self, change: impl Into<String>) -> Self {
        self.change = change.into();
        self
    }

    /// A further effect.
    pub(super) fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// The operation that a side takes.
    pub(super) fn witness(mut self, side: check::Side, query: Option<String>) -> Self {
        self.witness = query.map(|query| (side, query));
        self
    }

    /// A response that a side gives.
    pub(super) fn data(mut self, side: check::Side, value: Option<serde_json::Value>) -> Self {
        self.data = value.map(|value| (side, value));
        self
    }

    pub(super) fn undecided(mut self) -> Self {
        self.undecided = true;
        self
    }

    /// No more than this, whatever the policy says.
    pub(super) fn at_most(mut self, severity: Severity) -> Self {
        self.severity_max = Some(severity);
        self
    }

    pub(super) fn always(mut self) -> Self {
        self.always = true;
        self
    }
}

/// A comparison at work.
pub(super) struct Context<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    pub(super) policy: &'a Policy,
    /// Old names of types that are proposed to be renamed, with their new names.
    pub(super) renamed: BTreeMap<&'a str, &'a str>,
    pub(super) found: Vec<Found<'a>>,
    counts: BTreeMap<&'static str, usize>,
    /// How many neighbours of changed fields may still be looked at.
    pub(super) merges: usize,
    told: BTreeSet<(&'static str, String, String)>,
    /// Fields that go, for the steps: the coordinate, how it is said, and the old deprecation.
    pub(super) going: Vec<super::steps::Going>,
}

impl<'a> Context<'a> {
    pub(super) fn new(old: &'a Schema<'a>, new: &'a Schema<'a>, policy: &'a Policy) -> Self {
        let (old, new) = (Side::new(old), Side::new(new));
        Self {
            old,
            new,
            policy,
            renamed: BTreeMap::new(),
            found: Vec::new(),
            counts: BTreeMap::new(),
            merges: MERGES_MAX,
            told: BTreeSet::new(),
            going: Vec::new(),
        }
    }

    pub(super) fn side(&mut self, side: check::Side) -> &mut Side<'a> {
        match side {
            check::Side::Old => &mut self.old,
            check::Side::New => &mut self.new,
        }
    }

    /// Adds a finding; of more than [`LISTED_MAX`] of one rule the rest is only counted.
    pub(super) fn push(&mut self, found: Found<'a>) {
        if self.is_full(found.rule) {
            return;
        }
        *self.counts.entry(found.rule.id).or_default() += 1;
        // A root type that is another one now may be met twice.
        if self.told.insert((found.rule.id, found.subject.object(), found.change.clone())) {
            self.found.push(found);
        }
    }

    /// So many findings of the rule are listed already that a further one is only counted: asked before it is made.
    pub(super) fn is_full(&mut self, rule: &'static Rule) -> bool {
        let count = self.counts.entry(rule.id).or_default();
        let full = *count >= LISTED_MAX;
        *count += usize::from(full);
        full
    }

    /// Counting who reaches a type was given up.
    pub(super) fn gave_up(&self) -> bool {
        self.old.reach.gave_up() || self.new.reach.gave_up()
    }

    /// Neighbours of changed fields were not all looked at.
    pub(super) fn merged_out(&self) -> bool {
        self.merges == 0
    }

    /// What was found but is not listed.
    pub(super) fn not_listed(&self) -> Vec<String> {
        let many = self.counts.iter().filter(|(_, count)| **count > LISTED_MAX);
        many.map(|(rule, count)| format!("{} further findings of {rule} are not listed", count - LISTED_MAX)).collect()
    }

    /// The name that an old type has on the new side.
    pub(super) fn new_name(&self, old: &'a str) -> &'a str {
        self.renamed.get(old).copied().unwrap_or(old)
    }

    /// The name that a new type had on the old side.
    pub(super) fn old_name(&self, new: &'a str) -> &'a str {
        self.renamed.iter().find(|(_, name)| **name == new).map_or(new, |(old, _)| *old)
    }

    /// The same for any text.
    pub(super) fn old_name_of<'n>(&self, new: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.renamed.iter().find(|(_, name)| **name == new).map_or(new, |(old, _)| *old)
    }

    /// An old type with the new side's names.
    pub(super) fn as_new(&self, old: TypeRef<'a>) -> TypeRef<'a> {
        old.of(self.new_name(old.name))
    }

    /// The old side does not define the type (any more), or a part of it could not be read: absence says nothing.
    pub(super) fn is_unread(&self, side: check::Side, name: &str) -> bool {
        match side {
            check::Side::Old => self.old.schema.unread.contains(name),
            check::Side::New => self.new.schema.unread.contains(name),
        }
    }

    fn reach(&mut self, subject: &Subject<'a>) -> Option<check::Reach> {
        if subject.of_directive {
            return None;
        }
        if let Some(at) = super::schema::OPERATIONS.iter().position(|operation| subject.owner == "schema" && *operation == subject.member) {
            let side = self.side(subject.side);
            return side.schema.roots.get(at).copied().flatten().and_then(|(root, _)| side.reach.of_root(root));
        }
        let field: String = subject.member.chars().take_while(|letter| *letter != '(').collect();
        let side = self.side(subject.side);
        let is_root = side.schema.root_types().any(|(_, name)| name == subject.owner);
        if is_root && !field.is_empty() {
            return Some(check::Reach { count: 1, examples: vec![format!("{}.{field}", subject.owner)] });
        }
        if is_root {
            return side.reach.of_root(subject.owner);
        }
        side.reach.of(subject.owner)
    }

    /// No operation of either side gets there.
    fn is_hidden(&self, subject: &Subject<'a>) -> bool {
        if subject.of_directive {
            return false;
        }
        let (old, new) = match subject.side {
            check::Side::Old => (subject.owner, self.new_name(subject.owner)),
            check::Side::New => {
                (self.renamed.iter().find(|(_, new)| **new == subject.owner).map_or(subject.owner, |(old, _)| old), subject.owner)
            }
        };
        let reached = |side: &Side<'a>, name: &str| side.schema.types.contains_key(name) && side.reach.is_reached(name);
        !reached(&self.old, old) && !reached(&self.new, new)
    }

    /// Tells the same change of an interface and of what implements it once, at the interface.
    fn fold(&mut self) {
        let mut interfaces: BTreeMap<(&str, &str, &str, &str, check::Side), usize> = BTreeMap::new();
        for (at, found) in self.found.iter().enumerate() {
            let schema = if found.subject.side == check::Side::Old { self.old.schema } else { self.new.schema };
            let is_interface = schema.kind(found.subject.owner) == Some(super::schema::TypeKind::Interface);
            if is_interface && !found.subject.member.is_empty() {
                let subject = &found.subject;
                interfaces.insert((found.rule.id, subject.owner, &subject.member, &found.change, subject.side), at);
            }
        }
        let mut into: Vec<Option<usize>> = Vec::new();
        for found in &self.found {
            let subject = &found.subject;
            let schema = if subject.side == check::Side::Old { self.old.schema } else { self.new.schema };
            let of =
                |name: &str| interfaces.get(&(found.rule.id, name, subject.member.as_str(), found.change.as_str(), subject.side)).copied();
            into.push(schema.types.get(subject.owner).and_then(|def| {
                let folded: Vec<(&str, usize)> = def.interfaces.iter().filter_map(|one| of(one.name).map(|at| (one.name, at))).collect();
                // The one that no other of them implements further up.
                let up = |name: &str| schema.types.get(name).is_some_and(|up| folded.iter().any(|(other, _)| up.interfaces.has(other)));
                folded.iter().find(|(name, _)| !up(name)).or(folded.first()).map(|(_, at)| *at)
            }));
        }
        drop(interfaces);
        let mut kept: Vec<Option<Found<'a>>> = std::mem::take(&mut self.found).into_iter().map(Some).collect();
        for (at, target) in into.iter().enumerate() {
            let Some(target) = target.filter(|target| *target != at && into.get(*target).copied().flatten().is_none()) else { continue };
            let Some(owner) = kept.get(at).and_then(|found| found.as_ref()).map(|found| found.subject.owner) else { continue };
            if let Some(Some(anchor)) = kept.get_mut(target) {
                anchor.same_in.insert(owner);
                if let Some(slot) = kept.get_mut(at) {
                    *slot = None;
                }
            }
        }
        self.found = kept.into_iter().flatten().collect();
    }

    /// The findings, judged.
    pub(super) fn drafts(&mut self) -> Vec<Draft> {
        self.fold();
        let found = std::mem::take(&mut self.found);
        let drafts: Vec<Draft> = found.into_iter().map(|one| self.draft(one)).collect();
        // What was told elsewhere, and what nobody can notice, needs no steps.
        let asked: BTreeSet<String> = drafts
            .iter()
            .filter(|draft| !draft.breaks.is_empty())
            .map(|draft| crate::draft::fingerprint(&draft.rule, &draft.object, &draft.change))
            .collect();
        self.going.retain(|going| asked.contains(going.finding()));
        drafts
    }

    fn draft(&mut self, found: Found<'a>) -> Draft {
        let object = found.subject.object();
        let (mut severity, mut breaks) = judge(self.policy, &found.effects);
        if let Some(most) = found.severity_max {
            severity = severity.min(most);
        }
        let mut message = found.message;
        if !found.same_in.is_empty() {
            let few: Vec<&str> = found.same_in.iter().take(3).copied().collect();
            let more = if found.same_in.len() > 3 { ", …" } else { "" };
            let types = if found.same_in.len() == 1 { "type that implements" } else { "types that implement" };
            message.push_str(&format!("; the same in {} {types} it ({}{more})", found.same_in.len(), few.join(", ")));
        }
        let hidden = !found.always && self.is_hidden(&found.subject);
        if hidden {
            severity = Severity::Info;
            breaks.clear();
            message.push_str("; no operation reaches it");
        }
        let mut draft = Draft::new(found.rule, self.policy, breaks, object, message).severity(severity);
        draft.undecided = found.undecided && !hidden;
        draft.change = found.change;
        draft.reach = self.reach(&found.subject);
        draft.at = Some((found.subject.side, found.subject.place));
        if !hidden {
            draft.witness = found
                .witness
                .map(|(side, query)| Witness { accepted_by: side, value: serde_json::json!({"query": query}) })
                .or(found.data.map(|(side, value)| Witness { accepted_by: side, value }));
        }
        draft
    }
}
