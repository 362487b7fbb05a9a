//! What the rules say, once for each object that changed, with everybody who uses it.
//!
//! A component that changed is one finding however many operations use it. Beyond a limit findings are only counted, and the
//! count is told: nothing is dropped without a word. Tests: `tests/it/openapi/`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{Breaks, Reach, Side, Witness};
use segue_model::finding::Severity;

use super::model::Anchor;
use crate::draft::Draft;
use crate::policy::{Asks, Policy};
use crate::rule::Rule;
use crate::source::Place;

/// Old clients against the new server.
pub(super) const DEPLOY: &[Breaks] = &[Breaks::Deploy, Breaks::Rolling];
/// New clients against the old server.
pub(super) const ROLLBACK: &[Breaks] = &[Breaks::Rollback, Breaks::Rolling];
/// Both.
pub(super) const BOTH: &[Breaks] = &[Breaks::Deploy, Breaks::Rollback, Breaks::Rolling];

/// One thing that a rule says.
pub(super) struct Said {
    rule: &'static Rule,
    object: String,
    message: String,
    change: String,
    breaks: &'static [Breaks],
    tolerated: bool,
    additive: bool,
    severity: Option<Severity>,
    at: (Side, Place),
    witness: Option<Witness>,
}

impl Said {
    /// Something that breaks nobody, until told otherwise. The message names no operation, because many may use the object.
    pub(super) fn new(rule: &'static Rule, side: Side, anchor: &Anchor, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            rule,
            object: anchor.object.clone(),
            change: message.clone(),
            message,
            breaks: &[],
            tolerated: false,
            additive: false,
            severity: None,
            at: (side, anchor.place),
            witness: None,
        }
    }

    /// What it breaks.
    pub(super) fn breaks(mut self, breaks: &'static [Breaks]) -> Self {
        self.breaks = breaks;
        self
    }

    /// A tolerant reader would not notice.
    pub(super) fn tolerated(mut self) -> Self {
        self.tolerated = true;
        self
    }

    /// Something new that nobody has to use: it matters little where only a deployment is asked for.
    pub(super) fn additive(mut self) -> Self {
        self.additive = true;
        self
    }

    /// A severity of its own.
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// What changed, normalised; the message otherwise.
    pub(super) fn change(mut self, change: impl Into<String>) -> Self {
        self.change = change.into();
        self
    }

    /// Where it stands, if that is not the anchor.
    pub(super) fn at(mut self, side: Side, place: Place) -> Self {
        self.at = (side, place);
        self
    }

    /// What proves it.
    pub(super) fn witness(mut self, witness: Witness) -> Self {
        self.witness = Some(witness);
        self
    }
}

/// How many findings are kept: more than any real pair has, and few enough for a report.
const FINDINGS_MAX: usize = 20_000;

/// Object, rule, change and what it breaks: the same for everybody who uses the object.
type Key = (String, String, String, Vec<Breaks>);

/// Everything that was said.
pub(super) struct Found<'p> {
    pub(super) policy: &'p Policy,
    /// The day of the comparison, `2026-11-21`, if somebody gave it.
    pub(super) today: Option<&'p str>,
    /// What is compared is sent by the server and answered by the client.
    pub(super) reversed: bool,
    /// How many were said beyond the limit.
    pub(super) left_out: usize,
    all: BTreeMap<Key, (Draft, BTreeSet<String>)>,
}

impl<'p> Found<'p> {
    pub(super) fn new(policy: &'p Policy, today: Option<&'p str>) -> Self {
        Self { policy, today, reversed: false, left_out: 0, all: BTreeMap::new() }
    }

    /// Takes what a rule says of an object that `user` uses; no user for what concerns the whole document.
    pub(super) fn say(&mut self, user: &str, said: Said) {
        let mut breaks: Vec<Breaks> = said.breaks.iter().map(|breaks| if self.reversed { swapped(*breaks) } else { *breaks }).collect();
        breaks.sort_unstable();
        let key = (said.object.clone(), said.rule.id.to_owned(), said.change.clone(), breaks.clone());
        if self.all.len() >= FINDINGS_MAX && !self.all.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let policy = self.policy;
        let (_, users) = self.all.entry(key).or_insert_with(|| {
            let severity = said.severity.unwrap_or_else(|| policy.severity(&breaks, said.tolerated));
            let severity = if said.additive && policy.asks == Asks::Deploy { severity.min(Severity::Low) } else { severity };
            let mut draft = Draft::new(said.rule, policy, breaks, said.object, said.message).at(said.at.0, said.at.1).severity(severity);
            draft.change = said.change;
            draft.witness = said.witness;
            (draft, BTreeSet::new())
        });
        if !user.is_empty() && !users.contains(user) {
            users.insert(user.to_owned());
        }
    }

    /// How many things would break old clients.
    pub(super) fn breaking(&self) -> usize {
        self.all.values().filter(|(draft, _)| draft.breaks.contains(&Breaks::Deploy)).count()
    }

    /// The parameters whose default a rule of behaviour spoke of, so that it is not said twice.
    pub(super) fn said_of_defaults(&self) -> BTreeSet<String> {
        let of_default = |draft: &&Draft| ["openapi-page-size-changed", "openapi-sort-default-changed"].contains(&draft.rule.as_str());
        self.all.values().map(|(draft, _)| draft).filter(of_default).map(|draft| draft.object.clone()).collect()
    }

    /// The drafts, each with its reach.
    pub(super) fn drafts(self) -> Vec<Draft> {
        let with_reach = |(mut draft, users): (Draft, BTreeSet<String>)| {
            if !users.is_empty() {
                draft.reach = Some(Reach { count: users.len(), examples: users.into_iter().take(3).collect() });
            }
            draft
        };
        self.all.into_values().map(with_reach).collect()
    }
}

fn swapped(breaks: Breaks) -> Breaks {
    match breaks {
        Breaks::Deploy => Breaks::Rollback,
        Breaks::Rollback => Breaks::Deploy,
        Breaks::Rolling => Breaks::Rolling,
    }
}
