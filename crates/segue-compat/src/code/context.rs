//! What every rule sees: both surfaces, which items and parameters belong together, and how a finding is written.
//!
//! Renames and moves are found here once, with their confidence, so that no rule tells of them as a loss and a gain. Tests:
//! `tests/it/code/`.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::{Breaks, Side, Witness};
use segue_model::finding::Severity;

use super::call::{self, Call};
use super::model::{Callable, Form, Item, Language, Passing, Signature, Surface, What, last, owner};
use super::overload;
use super::typing::relate::Types;
use super::usage::{self, Usage};
use crate::draft::Draft;
use crate::likeness::likeness;
use crate::policy::{Policy, Relation, Role};
use crate::rule::Rule;

/// Names are compared with each other up to so many pairs.
const RENAMES_MAX: usize = 40_000;
/// From here on a rename is proposed, in per cent.
const CONFIDENCE_MIN: u32 = 60;

/// An item of both sides.
pub(crate) struct Pair<'a> {
    /// Its path on the new side.
    pub(crate) path: &'a str,
    pub(crate) old: &'a Item,
    pub(crate) new: &'a Item,
}

/// An item under another path.
pub(crate) struct Move<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) old: &'a Item,
    pub(crate) new: &'a Item,
    pub(crate) confidence: u32,
    pub(crate) evidence: String,
}

/// A parameter on both sides, or on one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) old: Option<usize>,
    pub(crate) new: Option<usize>,
}

/// One way to call, on both sides.
pub(crate) struct Calls<'a> {
    pub(crate) path: &'a str,
    pub(crate) callables: (&'a Callable, &'a Callable),
    pub(crate) old: &'a Signature,
    pub(crate) new: &'a Signature,
    pub(crate) links: Vec<Link>,
}

/// What every rule sees.
pub(crate) struct Context<'a> {
    pub(crate) language: Language,
    pub(crate) policy: &'a Policy,
    pub(crate) old: &'a Surface,
    pub(crate) new: &'a Surface,
    pub(crate) types: Types<'a>,
    pub(crate) pairs: Vec<Pair<'a>>,
    pub(crate) removed: Vec<(&'a str, &'a Item)>,
    pub(crate) added: Vec<(&'a str, &'a Item)>,
    pub(crate) renamed: Vec<Move<'a>>,
    pub(crate) moved: Vec<Move<'a>>,
    pub(crate) calls: Vec<Calls<'a>>,
    /// Signatures of which only the results are compared: overloads that one signature takes.
    pub(crate) results: Vec<Calls<'a>>,
    /// Ways to call that only one side has: path, callable, the side that has it, the signature.
    pub(crate) overloads: Vec<(&'a str, &'a Callable, Side, &'a Signature)>,
    usage: BTreeMap<String, Usage>,
    /// What was not compared.
    pub(crate) unread: Vec<String>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(old: &'a Surface, new: &'a Surface, language: Language, policy: &'a Policy) -> Self {
        let types = Types::new(old, new, language);
        let mut usage = usage::of(old, &types.old);
        for (path, found) in usage::of(new, &types.new) {
            let known = usage.entry(path).or_default();
            *known = Usage { taken: known.taken || found.taken, given: known.given || found.given };
        }
        let mut context = Self {
            language,
            policy,
            old,
            new,
            types,
            pairs: Vec::new(),
            removed: outermost(old, new),
            added: outermost(new, old),
            renamed: Vec::new(),
            moved: Vec::new(),
            calls: Vec::new(),
            results: Vec::new(),
            overloads: Vec::new(),
            usage,
            unread: Vec::new(),
        };
        context.find_moves();
        context.pair();
        context.find_calls();
        context.find_unwritten();
        context
    }

    /// Types that nobody wrote, inferred from expressions that are others now: not compared, and said so.
    fn find_unwritten(&mut self) {
        for pair in &self.pairs {
            let (Some(old), Some(new)) = (self.old.unwritten.get(pair.path), self.new.unwritten.get(pair.path)) else { continue };
            // What the literals of both sides show was compared by the rules.
            if old != new && !Self::types_are_seen(pair) {
                self.unread.push(format!("`{}`: its type is not written, and what it is inferred from has changed", pair.path));
            }
        }
        self.unread.sort();
        self.unread.dedup();
    }

    fn types_are_seen(pair: &Pair<'_>) -> bool {
        let seen = |item: &Item| match &item.what {
            What::Callable(one) => one.signatures.iter().all(|signature| signature.seen_returns.is_some()),
            _ => false,
        };
        seen(pair.old) && seen(pair.new)
    }

    fn pair(&mut self) {
        for (path, old) in &self.old.items {
            if let Some((path, new)) = self.new.items.get_key_value(path) {
                // A member that comes from a base class on both sides is told of once, at the base.
                if !(old.inherited && new.inherited) {
                    self.pairs.push(Pair { path, old, new });
                }
            }
        }
        for one in self.renamed.iter().chain(&self.moved) {
            self.pairs.push(Pair { path: one.to, old: one.old, new: one.new });
            let (inside, within) = (format!("{}.", one.from), format!("{}.", one.to));
            for (path, old) in self.old.items.range(inside.clone()..).take_while(|(path, _)| path.starts_with(&inside)) {
                if let Some((path, new)) = self.new.items.get_key_value(&format!("{within}{}", &path[inside.len()..])) {
                    self.pairs.push(Pair { path, old, new });
                }
            }
        }
    }

    fn find_moves(&mut self) {
        let mut scored = Vec::new();
        if self.removed.len().saturating_mul(self.added.len()) > RENAMES_MAX {
            return;
        }
        for (at, (from, old)) in self.removed.iter().enumerate() {
            for (to_at, (to, new)) in self.added.iter().enumerate() {
                if let Some((score, evidence)) = self.score((from, old), (to, new)) {
                    scored.push((std::cmp::Reverse(score), at, to_at, evidence));
                }
            }
        }
        scored.sort();
        let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
        for (score, at, to_at, evidence) in scored {
            if olds.contains(&at) || news.contains(&to_at) {
                continue;
            }
            olds.insert(at);
            news.insert(to_at);
            let ((from, old), (to, new)) = (self.removed[at], self.added[to_at]);
            let one = Move { from, to, old, new, confidence: score.0, evidence };
            if last(from) == last(to) { self.moved.push(one) } else { self.renamed.push(one) }
        }
        let mut at = 0;
        self.removed.retain(|_| (!olds.contains(&at), at += 1).0);
        at = 0;
        self.added.retain(|_| (!news.contains(&at), at += 1).0);
    }

    /// How sure it is that one is the other, and why.
    fn score(&self, old: (&str, &Item), new: (&str, &Item)) -> Option<(u32, String)> {
        let alike = likeness(last(old.0), last(new.0));
        let same_place = owner(old.0) == owner(new.0);
        if !same_place && alike < 100 {
            return None;
        }
        let same = match (&old.1.what, &new.1.what) {
            (What::Callable(a), What::Callable(b)) => {
                let written = |one: &Callable| one.signatures.iter().map(|s| call::written("", s)).collect::<Vec<_>>();
                let rich = a.signatures.iter().any(|s| s.parameters.len() > 1 || s.returns.is_some());
                a.binding == b.binding && (written(a) == written(b)).then_some(rich)?
            }
            (What::Class(a), What::Class(b)) => {
                if a.form != b.form {
                    return None;
                }
                let members = |surface: &Surface, path: &str| {
                    let inside = format!("{path}.");
                    surface
                        .items
                        .range(inside.clone()..)
                        .take_while(|(m, _)| m.starts_with(&inside))
                        .map(|(m, _)| m[inside.len()..].to_owned())
                        .collect::<Vec<_>>()
                };
                let (a, b) = (members(self.old, old.0), members(self.new, new.0));
                if a != b {
                    return None;
                }
                a.len() > 1
            }
            (What::Attribute(a), What::Attribute(b)) => {
                a.annotation == b.annotation && a.optional == b.optional && (a.annotation.is_some() || a.value == b.value)
            }
            (What::Member(a), What::Member(b)) => a == b && a.is_some(),
            (What::Alias(a, _), What::Alias(b, _)) => a == b,
            _ => return None,
        };
        let score = if same { 50 } else { 25 } + alike / 2;
        let what = if same { "everything else of it is the same" } else { "it looks the same" };
        let strong = alike >= 50 || same && matches!(old.1.what, What::Class(_) | What::Member(_)) && alike >= 20;
        (strong && score >= CONFIDENCE_MIN).then(|| (score.min(99), format!("{what}, and the names are {alike}% alike")))
    }

    fn find_calls(&mut self) {
        let (mut calls, mut results) = (Vec::new(), Vec::new());
        for pair in &self.pairs {
            let (What::Callable(old), What::Callable(new)) = (&pair.old.what, &pair.new.what) else { continue };
            if old.signatures.iter().chain(&new.signatures).any(|s| s.parameters.len() > call::ARGUMENTS_MAX) {
                self.unread.push(format!("`{}` has more than {} parameters", pair.path, call::ARGUMENTS_MAX));
                continue;
            }
            let written = |s: &Signature| call::written("", s);
            let news: Vec<String> = new.signatures.iter().map(written).collect();
            let olds: Vec<String> = old.signatures.iter().map(written).collect();
            let single = old.signatures.len() == 1 && new.signatures.len() == 1;
            let left: Vec<&Signature> =
                old.signatures.iter().zip(&olds).filter(|(_, w)| single || !news.contains(w)).map(|(s, _)| s).collect();
            let right: Vec<&Signature> =
                new.signatures.iter().zip(&news).filter(|(_, w)| single || !olds.contains(w)).map(|(s, _)| s).collect();
            let types = &self.types;
            if left.len() != right.len()
                && let Some(found) = overload::as_one(types, &left, &right)
            {
                for one in found.pairs {
                    let links = if one.compared { self.links(one.old, one.new) } else { Vec::new() };
                    let list = if one.compared { &mut calls } else { &mut results };
                    list.push(Calls { path: pair.path, callables: (old, new), old: one.old, new: one.new, links });
                }
                let (side, callable) = if right.len() == 1 { (Side::Old, old) } else { (Side::New, new) };
                self.overloads.extend(found.left.into_iter().map(|signature| (pair.path, callable, side, signature)));
                continue;
            }
            for (a, b) in left.iter().zip(&right) {
                calls.push(Calls { path: pair.path, callables: (old, new), old: a, new: b, links: self.links(a, b) });
            }
            self.overloads.extend(left.iter().skip(right.len()).map(|s| (pair.path, old, Side::Old, *s)));
            self.overloads.extend(right.iter().skip(left.len()).map(|s| (pair.path, new, Side::New, *s)));
        }
        self.calls = calls;
        self.results = results;
    }

    /// Parameters by name; then those left over that stand at the same place and look alike.
    fn links(&self, old: &'a Signature, new: &'a Signature) -> Vec<Link> {
        let mut links = Vec::new();
        let mut taken = BTreeSet::new();
        let positions =
            |s: &Signature| s.parameters.iter().enumerate().filter(|(_, p)| p.passing.by_position()).map(|(at, _)| at).collect::<Vec<_>>();
        let (old_positions, new_positions) = (positions(old), positions(new));
        let names = |s: &'a Signature| -> BTreeMap<&'a str, usize> {
            s.parameters.iter().enumerate().filter(|(_, p)| !p.passing.collects()).map(|(at, p)| (p.name.as_str(), at)).collect()
        };
        let (old_names, new_names) = (names(old), names(new));
        for (at, parameter) in old.parameters.iter().enumerate() {
            let same = if parameter.passing.collects() {
                new.index_of(parameter.passing)
            } else {
                new_names.get(parameter.name.as_str()).copied()
            };
            taken.extend(same);
            links.push(Link { old: Some(at), new: same });
        }
        for link in links.iter_mut().filter(|link| link.new.is_none()) {
            let Some(at) = link.old else { continue };
            let parameter = &old.parameters[at];
            let candidates: Vec<usize> = if parameter.passing.by_position() {
                old_positions.iter().position(|one| *one == at).and_then(|place| new_positions.get(place).copied()).into_iter().collect()
            } else if parameter.passing == Passing::Keyword {
                (0..new.parameters.len()).filter(|one| new.parameters[*one].passing == Passing::Keyword).collect()
            } else {
                Vec::new()
            };
            let fits = |one: &usize| {
                let other = &new.parameters[*one];
                let alike = likeness(&parameter.name, &other.name);
                let related = match (&parameter.annotation, &other.annotation) {
                    (Some(a), Some(b)) => self.types.relate(a, b) == Relation::Equal,
                    (None, None) => true,
                    _ => alike >= 40,
                };
                let typed = parameter.annotation.is_some();
                let by_place = self.language == Language::TypeScript || parameter.passing == Passing::Positional;
                !taken.contains(one)
                    && !old_names.contains_key(other.name.as_str())
                    && related
                    && parameter.is_required() == other.is_required()
                    && (by_place || alike >= 40 || typed && old_positions.len() == new_positions.len())
            };
            if let Some(found) = candidates.into_iter().find(fits) {
                taken.insert(found);
                link.new = Some(found);
            }
        }
        links.extend((0..new.parameters.len()).filter(|at| !taken.contains(at)).map(|at| Link { old: None, new: Some(at) }));
        links
    }

    /// Who makes the values of a record.
    pub(crate) fn usage(&self, record: &str) -> Usage {
        self.usage.get(record).copied().unwrap_or(Usage::BOTH)
    }

    /// The record that a path stands in, when it stands in one.
    pub(crate) fn record_of(&self, path: &str) -> Option<&'a str> {
        let (path, item) = self.new.items.get_key_value(owner(path)?)?;
        matches!(&item.what, What::Class(class) if matches!(class.form, Form::Record)).then_some(path.as_str())
    }

    /// A finding with the record of the change: before, after, and what it means for users, systems and data.
    pub(crate) fn draft(&self, rule: &Rule, breaks: Vec<Breaks>, object: &str, message: String, record: Record) -> Draft {
        let mut breaks = breaks;
        breaks.sort_unstable();
        breaks.dedup();
        let level = |of: Breaks, yes: &'static str| if breaks.contains(&of) { yes } else { "low" };
        let users = if breaks.contains(&Breaks::Deploy) { "high" } else { level(Breaks::Rollback, "medium") };
        let system = level(Breaks::Rolling, "medium");
        let data = if record.silent { "high, values change without an error" } else { "low" };
        let mut draft = Draft::new(rule, self.policy, breaks, object, message);
        let part = |name: &str, text: &str| if text.is_empty() { format!("{name}: nothing.") } else { format!("{name}: `{text}`.") };
        draft.why = format!(
            "{} {} {} Impact: users {users}, system {system}, data {data}.",
            rule.why,
            part("Before", &record.before),
            part("After", &record.after)
        );
        draft.change = format!("{} -> {}", record.before, record.after);
        draft
    }

    /// The call that shows it, as JSON.
    pub(crate) fn witness(&self, side: Side, calls: &Calls<'_>, call: &Call) -> Witness {
        let (callable, signature) = if side == Side::Old { (calls.callables.0, calls.old) } else { (calls.callables.1, calls.new) };
        let text = call::shown(calls.path, callable, signature, call, self.language);
        Witness { accepted_by: side, value: serde_json::json!({ "call": text }) }
    }

    /// Severity and breaks of a type that became another at a place.
    pub(crate) fn judged(&self, mut draft: Draft, role: Role, relation: Relation) -> Draft {
        let (severity, breaks) = self.policy.judge(role, relation, false);
        draft.severity = severity;
        draft.breaks = breaks;
        draft.undecided = relation == Relation::Undecided;
        draft
    }
}

/// The two sides of a change, as a person reads them.
pub(crate) struct Record {
    pub(crate) before: String,
    pub(crate) after: String,
    /// Nothing fails, and something else happens.
    pub(crate) silent: bool,
}

impl Record {
    pub(crate) fn new(before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { before: before.into(), after: after.into(), silent: false }
    }

    pub(crate) fn silent(mut self) -> Self {
        self.silent = true;
        self
    }
}

impl Calls<'_> {
    /// Both signatures as a person reads them.
    pub(crate) fn record(&self) -> Record {
        Record::new(call::written(self.path, self.old), call::written(self.path, self.new))
    }

    /// What the calls of each side meet on the other: the deployments that break, and the first call that shows it.
    pub(crate) fn broken(&self, old_calls: Vec<Call>, new_calls: Vec<Call>) -> (Vec<Breaks>, Option<(Side, Call)>) {
        let mut breaks = Vec::new();
        let deploy = self.old.refused_by(old_calls, self.new);
        let rollback = self.new.refused_by(new_calls, self.old);
        if deploy.is_some() {
            breaks.extend([Breaks::Deploy, Breaks::Rolling]);
        }
        if rollback.is_some() {
            breaks.extend([Breaks::Rollback, Breaks::Rolling]);
        }
        (breaks, deploy.map(|call| (Side::Old, call)).or(rollback.map(|call| (Side::New, call))))
    }
}

/// Additive changes are told of, and never louder than this.
pub(crate) fn additive(draft: Draft) -> Draft {
    let severity = draft.severity.min(Severity::Low);
    draft.severity(severity)
}

/// What one side has and the other has not, without what stands in something that is missing as a whole.
fn outermost<'a>(one: &'a Surface, other: &Surface) -> Vec<(&'a str, &'a Item)> {
    let gone = |path: &str| !other.items.contains_key(path);
    one.items
        .iter()
        .filter(|(path, item)| {
            gone(path) && !item.inherited && !owner(path).is_some_and(|owner| one.items.contains_key(owner) && gone(owner))
        })
        .map(|(path, item)| (path.as_str(), item))
        .collect()
}
