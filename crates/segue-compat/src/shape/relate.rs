//! Relates two shapes as sets of values: the face of this folder.
//!
//! Must never say *equal* or *widened* where a value shows otherwise; what it cannot decide is *undecided*. Every difference
//! stands once, at the component that changed, however many operations use it. Tests: `tests/it/shape/`.

use std::collections::BTreeMap;

use segue_model::check::{Reach, Side, Witness};
use segue_model::finding::Severity;
use serde_json::Value;

use super::accept::Judge;
use super::pairs::Pairs;
use super::pattern::Patterns;
use super::{ShapeId, Shapes};
use crate::draft::Draft;
use crate::policy::{Policy, Relation, Role};
use crate::rule::Rule;
use crate::source::Place;

/// What is assumed of the values.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Properties that are not declared are not sent, and ignored by who reads.
    pub closed_world: bool,
    /// `format` restricts values.
    pub formats_bind: bool,
}

impl Options {
    /// As a policy wants it; formats bind.
    pub fn of(policy: &Policy) -> Self {
        Self { closed_world: policy.closed_world, formats_bind: true }
    }
}

/// One difference between two shapes.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The rule that says so.
    pub rule: &'static Rule,
    /// What became of the values at that place.
    pub relation: Relation,
    /// Who makes the values, and who reads them.
    pub role: Role,
    /// The first part of the rule's name: `request-body`.
    pub position: &'static str,
    /// A tolerant reader would not notice.
    pub tolerated: bool,
    /// Something was only added that nobody has to use: at most of low severity.
    pub additive: bool,
    /// What changed: `components/schemas/Order/properties/currency`.
    pub object: String,
    /// The change, normalised: `maxLength 100 -> 50`.
    pub change: String,
    /// The side in which `at` stands.
    pub side: Side,
    /// Where.
    pub at: Place,
    /// One sentence.
    pub message: String,
    /// A value that proves it, at the level of that place.
    pub witness: Option<Witness>,
    /// Who uses it.
    pub reach: Reach,
    /// No set of values changed: a default, a deprecation.
    pub note: bool,
}

/// Two sides, related place by place.
pub struct Comparison<'a> {
    pairs: Pairs<'a>,
    users: BTreeMap<String, u32>,
    calls: Vec<Call>,
}

/// One place that was related.
pub(super) struct Call {
    pub(super) node: u32,
    pub(super) user: u32,
    pub(super) position: &'static str,
}

impl<'a> Comparison<'a> {
    /// Of two arenas.
    pub fn new(old: &'a Shapes, new: &'a Shapes, options: Options) -> Self {
        Self { pairs: Pairs::new(old, new, options), users: BTreeMap::new(), calls: Vec::new() }
    }

    /// Relates the shapes of one place. `position` is the first part of rule names; `user` is what a person calls the
    /// operation or message that uses the place.
    pub fn relate(&mut self, old: ShapeId, new: ShapeId, role: Role, position: &'static str, user: &str) -> Relation {
        let next = self.users.len() as u32;
        let user = match self.users.get(user) {
            Some(known) => *known,
            None => *self.users.entry(user.to_owned()).or_insert(next),
        };
        let node = self.pairs.root(old, new, role);
        self.calls.push(Call { node, user, position });
        self.pairs.relation(node)
    }

    /// How many pairs were compared so far: what the work is counted by.
    pub fn pairs(&self) -> usize {
        self.pairs.nodes.len()
    }

    /// Every difference once, at the component that changed, sorted.
    pub fn finish(self) -> Vec<Difference> {
        super::reach::differences(self.pairs, &self.users, &self.calls)
    }
}

/// Differences as drafts of findings, judged by a policy.
pub fn drafts(differences: Vec<Difference>, policy: &Policy) -> impl Iterator<Item = Draft> {
    differences.into_iter().map(|difference| draft(difference, policy))
}

fn draft(difference: Difference, policy: &Policy) -> Draft {
    let relation = if difference.note { Relation::Equal } else { difference.relation };
    let (mut severity, breaks) = policy.judge(difference.role, relation, difference.tolerated);
    if difference.additive && relation != Relation::Undecided && !breaks.contains(&segue_model::check::Breaks::Deploy) {
        severity = severity.min(Severity::Low);
    }
    if difference.note {
        severity = Severity::Info;
    }
    Draft {
        rule: format!("{}-{}", difference.position, difference.rule.id),
        severity,
        breaks,
        undecided: relation == Relation::Undecided,
        object: difference.object,
        change: difference.change,
        at: Some((difference.side, difference.at)),
        message: difference.message,
        why: difference.rule.why.to_owned(),
        fix: if severity == Severity::Info { String::new() } else { difference.rule.fix.to_owned() },
        reach: Some(difference.reach),
        witness: difference.witness,
        statement: None,
    }
}

/// Does the value fit the shape? `None`: it could not be decided within the limits.
pub fn accepts(shapes: &Shapes, id: ShapeId, value: &Value, options: Options) -> Option<bool> {
    Judge::new(shapes, options).fits(&Patterns::default(), id, value, 0)
}
