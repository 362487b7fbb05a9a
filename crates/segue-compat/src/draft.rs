//! From what a family found to the report: fingerprints, places, order, verdicts.
//!
//! A family makes [`Draft`]s with byte ranges; here, once for all, they become findings with lines and columns, an id that
//! does not move when lines do, and an order that is the same every time. Tests: below, and every golden report.

use std::collections::BTreeMap;

use segue_model::check::{
    At, Breaks, CheckFinding, CheckReport, CheckStep, FORMAT_VERSION, Lock, Reach, Side, SourceText, Verdict, Witness,
};
use segue_model::finding::Severity;
use sha2::{Digest, Sha256};

use crate::policy::{Asks, Policy};
use crate::rule::Rule;
use crate::source::{Place, Source};

/// A finding before it has a line, an id and a place in the order.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The rule's name; for a difference of shapes, position and rule: `request-body-property-required`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What it breaks.
    pub breaks: Vec<Breaks>,
    /// It could not be decided.
    pub undecided: bool,
    /// The object's path.
    pub object: String,
    /// What changed in it, normalised, for the fingerprint: `maxLength 20 -> 10`. Never a line number.
    pub change: String,
    /// Where.
    pub at: Option<(Side, Place)>,
    /// One sentence.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// Who uses it.
    pub reach: Option<Reach>,
    /// What proves it.
    pub witness: Option<Witness>,
    /// In a script: what the statement does.
    pub statement: Option<Statement>,
}

/// What a statement of a script does.
#[derive(Debug, Clone, Default)]
pub struct Statement {
    /// Which, from 0.
    pub index: usize,
    /// The locks that it takes.
    pub locks: Vec<Lock>,
    /// It writes a table anew.
    pub rewrites: bool,
    /// It reads a whole table.
    pub scans: bool,
    /// What to write in its place, in order.
    pub safe_sql: Vec<String>,
}

impl Draft {
    /// A draft of a rule; severity follows from the policy and from what it breaks.
    pub fn new(rule: &Rule, policy: &Policy, breaks: Vec<Breaks>, object: impl Into<String>, message: impl Into<String>) -> Self {
        let severity = policy.severity(&breaks, false);
        let message = message.into();
        Self {
            rule: rule.id.to_owned(),
            severity,
            breaks,
            undecided: false,
            object: object.into(),
            change: message.clone(),
            at: None,
            message,
            why: rule.why.to_owned(),
            fix: rule.fix.to_owned(),
            reach: None,
            witness: None,
            statement: None,
        }
    }

    /// With its place.
    #[must_use]
    pub fn at(mut self, side: Side, place: Place) -> Self {
        self.at = Some((side, place));
        self
    }

    /// With another severity than the policy's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// How many sentences of what was not checked are listed.
const NOT_CHECKED_MAX: usize = 1_000;

/// How many findings of one kind are listed: of one rule, severity and effect. Nobody reads more, and a document that was made
/// to differ in half a million places would fill the memory with them.
pub const LISTED_MAX: usize = 20_000;

/// What tells one kind of finding from another: rule, severity, what it breaks, undecided.
type DraftKind = (String, Severity, Vec<Breaks>, bool);

/// Drafts while they are made. Of more than [`LISTED_MAX`] of one kind the rest is counted and told: because one of the same
/// severity and effect is always listed, the verdict is the same.
#[derive(Debug, Clone, Default)]
pub struct Drafts {
    list: Vec<Draft>,
    counts: BTreeMap<DraftKind, usize>,
    /// The last one may still be changed, and is not counted yet.
    open: bool,
}

impl Drafts {
    /// One more; it may be changed until the next one comes.
    pub fn push(&mut self, draft: Draft) -> &mut Draft {
        self.settle();
        self.open = true;
        self.list.push(draft);
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Several more.
    pub fn extend(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        for draft in drafts {
            self.push(draft);
        }
    }

    /// The last one.
    pub fn last_mut(&mut self) -> Option<&mut Draft> {
        if self.open { self.list.last_mut() } else { None }
    }

    /// Counts the last one, and lets it go when there are enough of its kind.
    fn settle(&mut self) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let Some(draft) = self.list.last() else { return };
        let mut breaks = draft.breaks.clone();
        breaks.sort_unstable();
        let count = self.counts.entry((draft.rule.clone(), draft.severity, breaks, draft.undecided)).or_default();
        *count += 1;
        if *count > LISTED_MAX {
            self.list.pop();
        }
    }

    /// What is listed, and what is only counted: one sentence a rule.
    pub fn finish(mut self) -> (Vec<Draft>, Vec<String>) {
        self.settle();
        let mut more: BTreeMap<String, usize> = BTreeMap::new();
        for ((rule, ..), count) in self.counts {
            if count > LISTED_MAX {
                *more.entry(rule).or_default() += count - LISTED_MAX;
            }
        }
        (self.list, more.into_iter().map(|(rule, count)| format!("{count} further findings of {rule} are not listed")).collect())
    }
}

/// What a family found.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// In any order.
    pub drafts: Vec<Draft>,
    /// The steps that the difference needs, in order.
    pub steps: Vec<CheckStep>,
    /// What was not read or compared.
    pub not_checked: Vec<String>,
    /// Something beyond the drafts could not be decided.
    pub undecided: bool,
}

impl Outcome {
    /// Takes what rules found. What is only counted could be what matters once the listed ones are ignored, so that it leaves
    /// the answer open.
    pub fn take(&mut self, drafts: Drafts) {
        let (list, more) = drafts.finish();
        self.undecided |= !more.is_empty();
        self.drafts.extend(list);
        self.not_checked.extend(more);
    }
}

/// The report of the sides: two contracts, or one script as the new side.
pub fn report(kind: &str, policy: &Policy, sides: &[&Source], outcome: Outcome) -> CheckReport {
    let places = Places::new(sides.iter().copied());
    let mut findings: Vec<CheckFinding> = outcome.drafts.into_iter().map(|draft| finding(draft, &places)).collect();
    order(&mut findings);
    let (deploy, rollback) = verdicts(&findings, outcome.undecided);
    let mut not_checked = outcome.not_checked;
    not_checked.sort();
    not_checked.dedup();
    if let Some(more) = not_checked.len().checked_sub(NOT_CHECKED_MAX).filter(|more| *more > 0) {
        not_checked.truncate(NOT_CHECKED_MAX);
        not_checked.push(format!("and {more} further places that were not checked"));
    }
    CheckReport {
        format_version: FORMAT_VERSION,
        segue: env!("CARGO_PKG_VERSION").to_owned(),
        kind: kind.to_owned(),
        verdict: match policy.asks {
            Asks::Deploy => deploy,
            Asks::Rollback => rollback,
            Asks::Both => deploy.max(rollback),
        },
        deploy,
        rollback,
        undecided: outcome.undecided,
        policy: policy.name.to_owned(),
        findings,
        steps: outcome.steps,
        suppressed: Vec::new(),
        not_checked,
        sources: places.sources(),
    }
}

/// What deploying and going back are, after these findings.
pub fn verdicts(findings: &[CheckFinding], undecided: bool) -> (Verdict, Verdict) {
    let of = |what: Breaks| {
        if findings.iter().any(|finding| finding.breaks.contains(&what)) {
            Verdict::Breaking
        } else if undecided || findings.iter().any(|finding| finding.undecided) {
            Verdict::Undecided
        } else {
            Verdict::Compatible
        }
    };
    (of(Breaks::Deploy), of(Breaks::Rollback))
}

/// The worst first, then by object, rule and message; ids that meet are numbered in that order.
pub fn order(findings: &mut [CheckFinding]) {
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| a.object.cmp(&b.object))
            .then_with(|| a.rule.cmp(&b.rule))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| a.at.cmp(&b.at))
    });
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings.iter_mut() {
        let count = seen.entry(finding.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.id = format!("{}-{count}", finding.id);
        }
    }
}

/// The fingerprint of a rule, an object and a change: twelve bytes of SHA-256 in hexadecimal digits.
pub fn fingerprint(rule: &str, object: &str, change: &str) -> String {
    let mut hash = Sha256::new();
    for part in [rule, object, change] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(12).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn finding(draft: Draft, places: &Places) -> CheckFinding {
    let script = draft.statement;
    let mut breaks = draft.breaks;
    breaks.sort_unstable();
    breaks.dedup();
    CheckFinding {
        id: fingerprint(&draft.rule, &draft.object, &draft.change),
        rule: draft.rule,
        severity: draft.severity,
        breaks,
        undecided: draft.undecided,
        object: draft.object,
        at: draft.at.and_then(|(side, place)| places.at(side, place)),
        message: draft.message,
        why: draft.why,
        fix: draft.fix,
        reach: draft.reach,
        witness: draft.witness,
        statement: script.as_ref().map(|script| script.index),
        locks: script.as_ref().map(|script| script.locks.clone()),
        rewrites: script.as_ref().map(|script| script.rewrites),
        scans: script.as_ref().map(|script| script.scans),
        safe_sql: script.map(|script| script.safe_sql).unwrap_or_default(),
    }
}

/// The texts of both sides with the beginnings of their lines.
pub struct Places {
    files: Vec<Lines>,
}

/// One text with the beginnings of its lines.
struct Lines {
    side: Side,
    file: u32,
    name: String,
    text: std::sync::Arc<str>,
    starts: Vec<u32>,
    /// The characters before each block: a document of one line has a column without its being walked again and again.
    blocks: Vec<u32>,
}

/// The bytes of a block.
const BLOCK: usize = 4096;

impl Lines {
    fn new(side: Side, file: u32, name: &str, text: &str) -> Self {
        let starts =
            std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1)).collect();
        let mut blocks = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            blocks.push(blocks.last().copied().unwrap_or(0) + characters(block));
        }
        Self { side, file, name: name.to_owned(), text: std::sync::Arc::from(text), starts, blocks }
    }

    /// The characters before a byte.
    fn before(&self, byte: usize) -> u32 {
        let byte = byte.min(self.text.len());
        let block = byte / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..byte).unwrap_or_default();
        self.blocks.get(block).copied().unwrap_or(0) + characters(rest)
    }

    /// The line and column of a byte, both from 1.
    fn locate(&self, byte: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let start = self.starts[line - 1] as usize;
        (line as u32, self.before(byte as usize).saturating_sub(self.before(start)) + 1)
    }
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count() as u32
}

impl Places {
    /// Of these sides; a file that is no text has no places.
    pub fn new<'a>(sides: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut files = Vec::new();
        for source in sides {
            for (at, file) in (0_u32..).zip(&source.files) {
                let Ok(text) = file.as_text() else { continue };
                files.push(Lines::new(source.side, at, &file.name, text));
            }
        }
        Self { files }
    }

    /// The line and column of a place, both from 1.
    pub fn at(&self, side: Side, place: Place) -> Option<At> {
        let lines = self.files.iter().find(|lines| lines.side == side && lines.file == place.file)?;
        let (line, column) = lines.locate(place.span.start);
        let (end_line, end_column) = lines.locate(place.span.end.max(place.span.start));
        let name = &lines.name;
        Some(At { side, file: name.clone(), line, column, end_line: Some(end_line), end_column: Some(end_column) })
    }

    /// The texts, for excerpts.
    pub fn sources(&self) -> Vec<SourceText> {
        self.files.iter().map(|file| SourceText { side: file.side, file: file.name.clone(), text: file.text.clone() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn places_are_lines_and_columns_in_characters() {
        let long = format!("{}x\nö\u{1f600}y\n", "é".repeat(5_000));
        let source = Source::one(Side::New, "a", &long);
        let places = Places::new([&source]);
        let at = |start: usize, end: usize| {
            let at = places.at(Side::New, Place { file: 0, span: Span::new(start, end) }).expect("it is there");
            (at.line, at.column, at.end_line, at.end_column)
        };
        assert_eq!(at(0, 2), (1, 1, Some(1), Some(2)));
        assert_eq!(at(10_000, 10_001), (1, 5_001, Some(1), Some(5_002)));
        assert_eq!(at(10_002, 10_004), (2, 1, Some(2), Some(2)));
        assert_eq!(at(10_008, 10_009), (2, 3, Some(2), Some(4)));
        assert!(places.at(Side::Old, Place::default()).is_none());
    }

    #[test]
    fn a_fingerprint_tells_its_parts_apart() {
        assert_ne!(fingerprint("a", "bc", "d"), fingerprint("ab", "c", "d"));
        assert_eq!(fingerprint("a", "b", "c").len(), 24);
    }
}
