//! What rules see and how they speak: which encodings a change breaks, and for whom.
//!
//! A relation here is about readers: *narrowed* when the new side cannot read something that the old side writes, *widened*
//! when the old side cannot read something that the new side writes. Which encodings count is the policy's matter: `strict`
//! counts generated code as well, registries (`backward`, `forward`, `full`) only the wire format. Tests: `tests/it/proto/`.

use std::collections::BTreeSet;

use segue_model::check::{Breaks, Side, Witness};
use segue_model::finding::Severity;

use super::model::{EnumId, MessageId, Model};
use super::pair::Pairs;
use super::reach::{Users, shown};
use crate::draft::{Draft, Drafts};
use crate::policy::{Policy, Relation, Role};
use crate::rule::Rule;
use crate::source::Place;

/// What every rule gets.
pub(crate) struct Context<'a> {
    pub(crate) old: &'a Model,
    pub(crate) new: &'a Model,
    pub(crate) policy: &'a Policy,
    pub(crate) pairs: &'a Pairs,
    users: (Users, Users),
    pub(super) drafts: Drafts,
}

/// Which encodings a change breaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Encodings {
    binary: bool,
    json: bool,
    calls: bool,
    code: bool,
}

/// Who has to do with what changed.
#[derive(Debug, Clone, Copy, Default)]
struct Of {
    old: Option<MessageId>,
    new: Option<MessageId>,
    old_enum: Option<EnumId>,
    new_enum: Option<EnumId>,
}

/// A finding in the making.
pub(crate) struct Say {
    rule: &'static Rule,
    object: String,
    at: (Side, Place),
    message: String,
    change: String,
    relation: Relation,
    encodings: Encodings,
    of: Of,
    witness: Option<Witness>,
    most: Severity,
    least: Severity,
    tolerated: bool,
    lost: bool,
}

impl Say {
    /// Something on the new side, the usual case. `change` is what the fingerprint knows.
    pub(crate) fn new(
        rule: &'static Rule,
        object: impl Into<String>,
        at: Place,
        change: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            object: object.into(),
            at: (Side::New, at),
            message: message.into(),
            change: change.into(),
            relation: Relation::Equal,
            encodings: Encodings::default(),
            of: Of::default(),
            witness: None,
            most: Severity::Critical,
            least: Severity::Info,
            tolerated: false,
            lost: false,
        }
    }

    /// Something that stands only on the old side.
    pub(crate) fn gone(
        rule: &'static Rule,
        object: impl Into<String>,
        at: Place,
        change: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { at: (Side::Old, at), ..Self::new(rule, object, at, change, message) }
    }

    pub(crate) fn relation(mut self, relation: Relation) -> Self {
        self.relation = relation;
        self
    }

    /// The new side cannot read what the old one writes.
    pub(crate) fn narrowed(self) -> Self {
        self.relation(Relation::Narrowed)
    }

    /// The old side cannot read what the new one writes.
    pub(crate) fn widened(self) -> Self {
        self.relation(Relation::Widened)
    }

    /// Neither reads the other.
    pub(crate) fn changed(self) -> Self {
        self.relation(Relation::Changed)
    }

    pub(crate) fn binary(mut self) -> Self {
        self.encodings.binary = true;
        self
    }

    pub(crate) fn binary_if(mut self, is: bool) -> Self {
        self.encodings.binary |= is;
        self
    }

    pub(crate) fn json(mut self) -> Self {
        self.encodings.json = true;
        self
    }

    pub(crate) fn json_if(mut self, is: bool) -> Self {
        self.encodings.json |= is;
        self
    }

    /// A call of a method fails.
    pub(crate) fn calls(mut self) -> Self {
        self.encodings.calls = true;
        self
    }

    pub(crate) fn code(mut self) -> Self {
        self.encodings.code = true;
        self
    }

    /// The message that changed, on both sides.
    pub(crate) fn of(mut self, old: impl Into<Option<MessageId>>, new: impl Into<Option<MessageId>>) -> Self {
        self.of = Of { old: old.into(), new: new.into(), ..Of::default() };
        self
    }

    /// The enum that changed, on both sides.
    pub(crate) fn of_enum(mut self, old: impl Into<Option<EnumId>>, new: impl Into<Option<EnumId>>) -> Self {
        self.of = Of { old_enum: old.into(), new_enum: new.into(), ..Of::default() };
        self
    }

    pub(crate) fn witness(mut self, accepted_by: Side, value: serde_json::Value) -> Self {
        self.witness = Some(Witness { accepted_by, value });
        self
    }

    pub(crate) fn at_most(mut self, severity: Severity) -> Self {
        self.most = severity;
        self
    }

    pub(crate) fn at_least(mut self, severity: Severity) -> Self {
        self.least = severity;
        self
    }

    /// A reader that takes what it does not know would not notice.
    pub(crate) fn tolerated_if(mut self, is: bool) -> Self {
        self.tolerated |= is;
        self
    }

    /// A field that only one side knows: whoever needs it loses it, in requests, responses and data alike; readers that
    /// refuse what they do not know (where the world is not closed) are hit by their role besides.
    pub(crate) fn lost(mut self) -> Self {
        self.lost = true;
        self
    }
}

impl<'a> Context<'a> {
    pub(super) fn new(old: &'a Model, new: &'a Model, pairs: &'a Pairs, policy: &'a Policy) -> Self {
        Self { old, new, policy, pairs, users: (Users::of(old), Users::of(new)), drafts: Drafts::default() }
    }

    /// The policy counts this.
    fn counts(&self, encodings: Encodings) -> bool {
        let registry = ["backward", "forward", "full"].iter().any(|name| self.policy.name.starts_with(name));
        encodings.binary || ((encodings.json || encodings.calls) && !registry) || (encodings.code && self.policy.name == "strict")
    }

    /// The messages that something has to do with, old and new.
    fn messages(&self, of: Of) -> (Vec<MessageId>, Vec<MessageId>) {
        let mut old: Vec<MessageId> = of.old.into_iter().collect();
        let mut new: Vec<MessageId> = of.new.into_iter().collect();
        old.extend(of.old_enum.map_or(&[][..], |id| self.users.0.holders(id)));
        new.extend(of.new_enum.map_or(&[][..], |id| self.users.1.holders(id)));
        // Enough to see whom it meets.
        old.truncate(200);
        new.truncate(200);
        (old, new)
    }

    /// No field holds the message and no method takes or gives it: somebody writes it on its own.
    pub(crate) fn is_root(&self, side: Side, id: MessageId) -> bool {
        let users = if side == Side::Old { &self.users.0 } else { &self.users.1 };
        users.is_root(id)
    }

    fn breaks(&self, say: &Say, old: &[MessageId], new: &[MessageId]) -> Vec<Breaks> {
        let mut roles: BTreeSet<Role> = BTreeSet::new();
        if (say.encodings.binary || say.encodings.json) && !(say.lost && self.policy.closed_world) {
            roles.extend(old.iter().flat_map(|id| self.users.0.roles(*id)));
            roles.extend(new.iter().flat_map(|id| self.users.1.roles(*id)));
        }
        if roles.is_empty() || say.lost {
            roles.insert(Role::Data);
        }
        let mut breaks: Vec<Breaks> = roles.into_iter().flat_map(|role| Policy::breaks(role, say.relation)).collect();
        breaks.sort_unstable();
        breaks.dedup();
        breaks
    }

    /// A rule says something.
    pub(crate) fn say(&mut self, say: Say) {
        let (old, new) = self.messages(say.of);
        let ignored = say.tolerated && self.policy.tolerated == Severity::Info;
        let breaks = if self.counts(say.encodings) && !ignored { self.breaks(&say, &old, &new) } else { Vec::new() };
        let nothing = say.relation == Relation::Equal || say.encodings == Encodings::default() || ignored;
        let severity = match () {
            () if !breaks.is_empty() => self.policy.severity(&breaks, say.tolerated).min(say.most),
            () if nothing => Severity::Info,
            () => Severity::Low.min(say.most),
        };
        let mut users = BTreeSet::new();
        users.extend(old.iter().take(20).flat_map(|id| self.users.0.methods(*id)));
        users.extend(new.iter().take(20).flat_map(|id| self.users.1.methods(*id)));
        let model = if say.at.0 == Side::Old { self.old } else { self.new };
        let at = model
            .files
            .get(say.at.1.file as usize)
            .and_then(|file| file.source)
            .map(|source| (say.at.0, Place { file: source, ..say.at.1 }));
        let suffix = if nothing { String::new() } else { format!("; breaks {}", say.encodings.shown()) };
        let message = say.message + &suffix;
        let draft = Draft {
            severity: severity.max(say.least),
            change: say.change,
            at,
            reach: shown(&users),
            witness: say.witness,
            ..Draft::new(say.rule, self.policy, breaks, say.object, message)
        };
        self.drafts.push(draft);
    }
}

impl Encodings {
    fn shown(self) -> String {
        let all = [(self.binary, "binary"), (self.json, "JSON"), (self.calls, "calls"), (self.code, "generated code")];
        let named: Vec<&str> = all.iter().filter(|one| one.0).map(|one| one.1).collect();
        match named.as_slice() {
            [] => "nothing".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}
