//! Things that rise: the steps of a rollout, the three guesses of an estimate; and ids that stand once.
//!
//! Tests: `tests/it/problems.rs`.

use std::collections::BTreeSet;

use super::{entries, items, text};
use crate::spec::amounts;
use crate::spec::node::Node;
use crate::spec::problems::{Problems, brief, code};
use crate::spec::words;

/// Checks them.
pub(super) fn check(root: &Node, problems: &mut Problems<'_>) {
    if let Some(steps) = root.get("rollout").and_then(|rollout| rollout.get("steps")) {
        rising(items(Some(steps)), problems);
    }
    for phase in entries(root.get("phases")) {
        if let Some(estimate) = phase.value.get("estimate") {
            guesses(&phase.key, estimate, problems);
        }
    }
    let mut seen = BTreeSet::new();
    for risk in items(root.get("risks")) {
        if let Some((id, span)) = text(risk.get("id"))
            && !seen.insert(id)
        {
            problems.add(
                code::NAMED,
                span,
                format!("the risk `{}` stands here for the second time", brief(id)),
                "give it an id of its own",
            );
        }
    }
}

fn rising(steps: &[Node], problems: &mut Problems<'_>) {
    let shares: Vec<_> =
        steps.iter().filter_map(|step| text(Some(step)).and_then(|(text, span)| Some((amounts::percent(text)?, span)))).collect();
    if shares.len() != steps.len() {
        return;
    }
    let first = shares.first().filter(|(share, _)| *share == 0);
    let falls = shares.windows(2).find(|pair| pair[1].0 <= pair[0].0).map(|pair| &pair[1]);
    if let Some((_, span)) = first {
        problems.add(code::ORDER, span, "the first of `rollout.steps` is 0%, which moves nothing", "begin with what is more than nothing");
    }
    if let Some((_, span)) = falls {
        problems.add(code::ORDER, span, "`rollout.steps` do not rise", "write each larger than the one before it");
    } else if let Some((share, span)) = shares.last()
        && *share != 100_000
    {
        problems.add(code::ORDER, span, "`rollout.steps` do not end at 100%", "add `100%` as the last");
    }
}

fn guesses(phase: &str, estimate: &Node, problems: &mut Problems<'_>) {
    let time = |key: &str| text(estimate.get(key)).and_then(|(text, span)| Some((words::duration(text, false).ok()?, span)));
    for (less, more) in [("best", "likely"), ("likely", "worst")] {
        if let (Some((least, _)), Some((most, span))) = (time(less), time(more))
            && most < least
        {
            let message = format!("`phases.{}.estimate`: `{more}` is shorter than `{less}`", brief(phase));
            problems.add(
                code::ORDER,
                span,
                message,
                "write `best`, `likely` and `worst` so that each is at least as long as the one before",
            );
        }
    }
}
