//! What the rules of Avro see and how they speak: each problem of resolution once, whichever ways it breaks.
//!
//! The new reader of old data is *deploy*, the old reader of new data is *rollback*. The same change that breaks both ways is
//! one finding. Must never lose a problem. Tests: `tests/it/avro/`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{Breaks, Side, Witness};
use segue_model::finding::Severity;

use super::datum::around;
use super::resolve::Problem;
use super::schema::{Id, Kind, Schema};
use crate::draft::{Draft, Outcome};
use crate::policy::{Policy, Relation, Role};
use crate::rule::Rule;
use crate::source::Place;

/// How many problems of one rule and one way are told: each may carry a whole value as its proof.
const TOLD_MAX: usize = 5_000;

/// Who writes and who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sides {
    /// New readers, old data.
    Deploy,
    /// Old readers, new data.
    Rollback,
}

impl Sides {
    /// The reader, for people.
    pub(super) fn reader(self) -> &'static str {
        match self {
            Self::Deploy => "the new reader",
            Self::Rollback => "the old reader",
        }
    }
}

/// What every rule gets.
pub(super) struct Context<'a> {
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    pub(super) policy: &'a Policy,
    pub(super) roots: (Id, Id),
    /// Fields that are proposed as renamed, by their paths.
    renamed: BTreeSet<String>,
    found: BTreeMap<(&'static str, String, String), Found>,
    /// How many of each rule and relation there are; beyond [`TOLD_MAX`] they are only counted.
    counts: BTreeMap<(&'static str, Relation), usize>,
}

struct Found {
    rule: &'static Rule,
    relation: Relation,
    at: (Side, Place),
    message: String,
    witness: Option<Witness>,
    least: Severity,
    most: Severity,
}

/// Something that is no error of resolution, or not by itself.
pub(super) struct Note {
    rule: &'static Rule,
    object: String,
    change: String,
    message: String,
    at: (Side, Place),
    relation: Relation,
    least: Severity,
    most: Severity,
}

impl Note {
    pub(super) fn new(rule: &'static Rule, object: impl Into<String>, change: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            object: object.into(),
            change: change.into(),
            message: message.into(),
            at: (Side::New, Place::default()),
            relation: Relation::Equal,
            least: Severity::Info,
            most: Severity::Critical,
        }
    }

    pub(super) fn on_new(mut self, at: Place) -> Self {
        self.at = (Side::New, at);
        self
    }

    pub(super) fn on_old(mut self, at: Place) -> Self {
        self.at = (Side::Old, at);
        self
    }

    pub(super) fn relation(mut self, relation: Relation) -> Self {
        self.relation = relation;
        self
    }

    pub(super) fn at_least(mut self, severity: Severity) -> Self {
        self.least = severity;
        self
    }

    pub(super) fn at_most(mut self, severity: Severity) -> Self {
        self.most = severity;
        self
    }
}

impl<'a> Context<'a> {
    pub(super) fn new(old: &'a Schema, new: &'a Schema, policy: &'a Policy) -> Self {
        Self { old, new, policy, roots: (0, 0), renamed: BTreeSet::new(), found: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// The old and the new type of a problem.
    fn ends(sides: Sides, problem: &Problem) -> (Id, Id) {
        match sides {
            Sides::Deploy => (problem.writer, problem.reader),
            Sides::Rollback => (problem.reader, problem.writer),
        }
    }

    /// The old and the new type, for people.
    pub(super) fn shown(&self, sides: Sides, problem: &Problem) -> (String, String) {
        let (old, new) = Self::ends(sides, problem);
        (self.old.shown(old), self.new.shown(new))
    }

    /// The path of what changed, as the old side calls it.
    fn object(&self, sides: Sides, problem: &Problem) -> String {
        let (old, _) = Self::ends(sides, problem);
        let path = &*self.old.node(old).path;
        if path.is_empty() { "the schema".to_owned() } else { path.to_owned() }
    }

    /// The same in a sentence.
    pub(super) fn at(&self, sides: Sides, problem: &Problem) -> String {
        let object = self.object(sides, problem);
        if object == "the schema" { object } else { format!("`{object}`") }
    }

    /// The name of a branch of the writer's union.
    pub(super) fn branch(&self, sides: Sides, problem: &Problem, branch: usize) -> String {
        let writer = if sides == Sides::Deploy { self.old } else { self.new };
        match &writer.node(problem.writer).kind {
            Kind::Union(branches) => branches.get(branch).map_or_else(String::new, |branch| writer.shown(*branch)),
            _ => writer.shown(problem.writer),
        }
    }

    /// Two fields are the same under two names.
    pub(super) fn renamed(&mut self, old: &str, new: &str) {
        self.renamed.extend([old.to_owned(), new.to_owned()]);
    }

    /// A field is proposed as renamed.
    pub(super) fn is_renamed(&self, object: &str) -> bool {
        self.renamed.contains(object)
    }

    /// A member of the reader's record.
    pub(super) fn member(&mut self, rule: &'static Rule, sides: Sides, problem: &Problem, name: &str, change: String, message: String) {
        let (old, new) = Self::ends(sides, problem);
        let record = if sides == Sides::Deploy { self.new.branch(new) } else { self.old.branch(old) };
        let object = format!("{record}.{name}");
        if !self.is_renamed(&object) {
            self.problem_at(rule, sides, problem, object, change, message);
        }
    }

    /// A rule says what resolution found.
    pub(super) fn problem(&mut self, rule: &'static Rule, sides: Sides, problem: &Problem, change: String, message: String) {
        let object = self.object(sides, problem);
        self.problem_at(rule, sides, problem, object, change, message);
    }

    fn problem_at(&mut self, rule: &'static Rule, sides: Sides, problem: &Problem, object: String, change: String, message: String) {
        let (_, new) = Self::ends(sides, problem);
        let (relation, writer, root, accepted_by) = match sides {
            Sides::Deploy => (Relation::Narrowed, self.old, self.roots.0, Side::Old),
            Sides::Rollback => (Relation::Widened, self.new, self.roots.1, Side::New),
        };
        let value = problem.value.clone().and_then(|value| around(writer, root, &problem.steps, value));
        let found = Found {
            rule,
            relation,
            at: (Side::New, self.new.node(new).at),
            message,
            witness: value.map(|value| Witness { accepted_by, value }),
            least: Severity::Info,
            most: Severity::Critical,
        };
        self.add((rule.id, object, change), found);
    }

    /// A rule notes something.
    pub(super) fn note(&mut self, note: Note) {
        let Note { rule, object, change, message, at, relation, least, most } = note;
        self.add((rule.id, object, change), Found { rule, relation, at, message, witness: None, least, most });
    }

    fn add(&mut self, key: (&'static str, String, String), found: Found) {
        if let Some(known) = self.found.get_mut(&key) {
            if known.relation != found.relation {
                known.relation = known.relation.and(found.relation);
                known.message = known.message.replace("the new reader", "neither reader").replace("the old reader", "neither reader");
                known.message = known
                    .message
                    .replace("neither reader cannot", "neither reader can")
                    .replace("neither reader has no", "neither reader has any");
            }
            known.witness = known.witness.take().or(found.witness);
        } else {
            let count = self.counts.entry((key.0, found.relation)).or_default();
            *count += 1;
            if *count <= TOLD_MAX {
                self.found.insert(key, found);
            }
        }
    }

    /// What was found, and how much of it is only counted.
    pub(super) fn tell(self, outcome: &mut Outcome) {
        let policy = self.policy;
        let more: usize = self.counts.values().map(|count| count.saturating_sub(TOLD_MAX)).sum();
        if more > 0 {
            outcome.not_checked.push(format!("{more} further findings are not listed"));
            outcome.undecided = true;
        }
        outcome.drafts = self
            .found
            .into_iter()
            .map(|((_, object, change), found)| {
                let breaks: Vec<Breaks> = Policy::breaks(Role::Data, found.relation);
                let draft = Draft { change, witness: found.witness, ..Draft::new(found.rule, policy, breaks, object, found.message) };
                let severity = draft.severity.min(found.most).max(found.least);
                draft.severity(severity).at(found.at.0, found.at.1)
            })
            .collect();
    }
}
