//! What every rule of configuration sees: both listings, which keys belong together, renames found once.
//!
//! Tests: `tests/it/config/`.

use std::collections::BTreeSet;

use super::entry::{Entry, Listing, Value, last};
use crate::likeness::likeness;
use crate::policy::Policy;

/// Names are compared with each other up to so many pairs.
const RENAMES_MAX: usize = 250_000;
/// From here on a rename is proposed, in per cent.
const CONFIDENCE_MIN: u32 = 60;

/// A key under another name.
pub(super) struct Renamed<'a> {
    pub(super) from: (&'a str, &'a Entry),
    pub(super) to: (&'a str, &'a Entry),
    pub(super) confidence: u32,
    pub(super) evidence: &'static str,
}

/// What every rule sees.
pub(crate) struct Context<'a> {
    pub(super) policy: &'a Policy,
    pub(super) old: &'a Listing,
    pub(super) new: &'a Listing,
    /// Keys of both sides, renamed ones by their new name.
    pub(super) pairs: Vec<(&'a str, &'a Entry, &'a Entry)>,
    pub(super) removed: Vec<(&'a str, &'a Entry)>,
    pub(super) added: Vec<(&'a str, &'a Entry)>,
    pub(super) renamed: Vec<Renamed<'a>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(old: &'a Listing, new: &'a Listing, policy: &'a Policy) -> Self {
        let mut context =
            Self { policy, old, new, pairs: Vec::new(), removed: outermost(old, new), added: outermost(new, old), renamed: Vec::new() };
        context.renames();
        for (path, before) in &old.entries {
            if let Some((path, after)) = new.entries.get_key_value(path) {
                context.pairs.push((path, before, after));
            }
        }
        let renamed: Vec<_> = context.renamed.iter().map(|one| (one.to.0, one.from.1, one.to.1)).collect();
        context.pairs.extend(renamed);
        context
    }

    fn renames(&mut self) {
        if self.removed.len().saturating_mul(self.added.len()) > RENAMES_MAX {
            return;
        }
        let mut scored = Vec::new();
        for (at, (from, old)) in self.removed.iter().enumerate() {
            for (to_at, (to, new)) in self.added.iter().enumerate() {
                let same_place = parent(from) == parent(to);
                let alike = likeness(last(from), last(to));
                let strong = alike >= 60;
                let same_value = old.value == new.value && content(self.old, from) == content(self.new, to);
                let telling = matches!(&old.value, Value::Text(text) if text.len() > 3)
                    || matches!(&old.value, Value::Number(text) if text.len() > 2)
                    || matches!(old.value, Value::Map);
                // A key that moved keeps its name; a key that was renamed keeps its place.
                let fits = if same_place { strong || same_value && telling && alike >= 20 } else { alike == 100 && same_value && telling };
                if !fits
                    || from.ends_with(']')
                    || to.ends_with(']')
                    || std::mem::discriminant(&old.value) != std::mem::discriminant(&new.value)
                {
                    continue;
                }
                let score = (alike / 2 + if same_value { 45 } else { 15 } + if same_place { 5 } else { 0 }).min(99);
                if score >= CONFIDENCE_MIN || strong && same_place && score >= 50 {
                    let evidence = match (same_value, same_place) {
                        (true, true) => "the same value in the same place",
                        (true, false) => "the same name and value in another place",
                        (false, _) => "a like name in the same place",
                    };
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
            self.renamed.push(Renamed { from: self.removed[at], to: self.added[to_at], confidence: score.0, evidence });
        }
        keep(&mut self.removed, &olds);
        keep(&mut self.added, &news);
    }
}

fn keep<T>(all: &mut Vec<T>, without: &BTreeSet<usize>) {
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        !without.contains(&(at - 1))
    });
}

/// Everything under a key, by its path from there.
fn content<'l>(listing: &'l Listing, path: &str) -> Vec<(&'l str, &'l Value)> {
    let inside = format!("{path}.");
    listing
        .entries
        .range(inside.clone()..)
        .take_while(|(key, _)| key.starts_with(&inside))
        .take(256)
        .map(|(key, entry)| (&key[inside.len()..], &entry.value))
        .collect()
}

/// The path of what a key stands in.
pub(super) fn parent(path: &str) -> &str {
    let (file, key) = path.rfind(": ").map_or(("", path), |at| (&path[..at], &path[at + 2..]));
    match key.rfind(['.', '[']) {
        Some(at) => &path[..path.len() - key.len() + at],
        None => file,
    }
}

/// What one side has and the other has not, without what stands in something that is missing as a whole.
fn outermost<'a>(one: &'a Listing, other: &Listing) -> Vec<(&'a str, &'a Entry)> {
    let gone = |path: &str| !other.entries.contains_key(path);
    one.entries
        .iter()
        .filter(|(path, _)| gone(path) && !(one.entries.contains_key(parent(path)) && gone(parent(path))))
        .map(|(path, entry)| (path.as_str(), entry))
        .collect()
}
