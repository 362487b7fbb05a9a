//! One piece of work or one wait: how long it takes, as P5, P50, P95, with its derivation in words.
//!
//! In this order: what a rehearsal on a whole copy showed, what somebody stated, what the model says of people, a
//! measured or stated rate. Where a rate is neither, the load gets the range in which peers were measured, marked
//! `unknown`; where the amount is not known either, it gets nothing. Tests: `tests/it/estimate_load.rs`.

use segue_model::assessment::Assessment;
use segue_model::plan::Phase;
use segue_model::plan::program::{Load, Rehearsal, Spread};
use segue_model::spec::Spec;

use super::model::{MachineWork, Model, SpreadRule};
use super::rate::{self, Volume};
use super::{UNCOUNTED, factor, words};

/// What an estimate of a load stands on.
pub(super) struct Ground<'a> {
    pub(super) spec: &'a Spec,
    pub(super) assessment: Option<&'a Assessment>,
    pub(super) model: &'a Model,
    pub(super) rehearsal: Option<&'a Rehearsal>,
}

/// What came of a load.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Timed {
    /// It has a time.
    Known(Spread),
    /// It has the range of peers; the key answers it.
    Widened(Spread, String),
    /// Nobody can say; the first is what is missing, the second the key that answers it (empty: the phase's estimate).
    Unknown(String, String),
}

/// Estimates one load.
pub(super) fn time(ground: &Ground<'_>, phase: &Phase, load: &Load) -> Timed {
    if let Some(spread) = rehearsed(ground, phase, load).or_else(|| stated(ground.model, load)) {
        return Timed::Known(spread);
    }
    let (group, name) = load.key.split_once('.').unwrap_or((load.key.as_str(), ""));
    match group {
        "people" if load.key == UNCOUNTED => Timed::Unknown(format!("how much work `{}` is: nobody counted it", load.of), String::new()),
        "people" => match ground.model.people.get(name) {
            Some(unit) => {
                let amount = load.amount;
                let at = |minutes: u64| amount.saturating_mul(minutes).saturating_mul(60);
                let from = format!(
                    "{} × {} ({} to {}) {} ({} {}: {})",
                    words::grouped(amount),
                    words::work(unit.likely_min * 60),
                    words::work(unit.best_min * 60),
                    words::work(unit.worst_min * 60),
                    unit.unit,
                    ground.model.name,
                    load.key,
                    unit.from
                );
                Timed::Known(spread([at(unit.best_min), at(unit.likely_min), at(unit.worst_min)], from, "model"))
            }
            None => Timed::Unknown(format!("how long `{}` takes: the model has no such key", load.key), String::new()),
        },
        "wait" => Timed::Known(wait(ground.model, name, load)),
        _ => match (ground.model.each.get(name), ground.model.machine.get(name)) {
            (Some(each), _) => {
                let at = |seconds: u64| load.amount.saturating_mul(seconds);
                let from = format!(
                    "{} × {} ({} to {}) {} ({} {}: {})",
                    words::grouped(load.amount),
                    words::seconds(each.likely_s),
                    words::seconds(each.best_s),
                    words::seconds(each.worst_s),
                    each.unit,
                    ground.model.name,
                    load.key,
                    each.from
                );
                Timed::Known(spread([at(each.best_s), at(each.likely_s), at(each.worst_s)], from, "model"))
            }
            (None, Some(entry)) => machine(ground, load, entry),
            (None, None) => Timed::Unknown(format!("how long `{}` takes: the model has no such key", load.key), String::new()),
        },
    }
}

/// A time on the same steps of a whole copy.
fn rehearsed(ground: &Ground<'_>, phase: &Phase, load: &Load) -> Option<Spread> {
    let rehearsal = ground.rehearsal.filter(|rehearsal| rehearsal.whole && load.key.starts_with("machine."))?;
    let step = rehearsal.steps.get(&load.of).map(|times| times.perform_ms);
    let ms = step.or_else(|| rehearsed_phase(ground.rehearsal, phase).filter(|_| load.of == phase.name))?;
    let rule = rule(ground.model, "rehearsed");
    let from =
        format!("{} ms in rehearsal {} on {} rows; {}", words::grouped(ms), rehearsal.id, words::grouped(rehearsal.rows), width(&rule));
    Some(spread(around(ms, &rule), from, "measured"))
}

/// Milliseconds of a whole phase on a whole copy, where each of its steps was timed.
pub(super) fn rehearsed_phase(rehearsal: Option<&Rehearsal>, phase: &Phase) -> Option<u64> {
    let rehearsal = rehearsal.filter(|rehearsal| rehearsal.whole && !phase.steps.is_empty())?;
    phase.steps.iter().map(|step| Some(rehearsal.steps.get(&step.id)?.perform_ms)).sum()
}

/// Stated seconds win over the model.
fn stated(model: &Model, load: &Load) -> Option<Spread> {
    let fact = |key: &str| load.facts.get(key).copied();
    let likely = fact("likely_s")?;
    let rule = rule(model, "stated");
    let [low, _, high] = around(likely.saturating_mul(1_000), &rule);
    let (best, worst) = (fact("best_s"), fact("worst_s"));
    let from = match (best, worst) {
        (Some(best), Some(worst)) => {
            format!("{} ({} to {}), stated: {}", words::seconds(likely), words::seconds(best), words::seconds(worst), load.from)
        }
        _ => format!("{}, stated: {}; {}", words::seconds(likely), load.from, width(&rule)),
    };
    let points = [best.map_or(low, |s| s.min(likely)), likely, worst.map_or(high, |s| s.max(likely))];
    Some(spread(points, from, "stated"))
}

fn wait(model: &Model, name: &str, load: &Load) -> Spread {
    let seconds = load.amount;
    let Some(rule) = model.wait.get(name) else {
        return spread([seconds; 3], format!("{}: {}", words::seconds(seconds), load.from), "stated");
    };
    let at = |permille: u64| seconds.saturating_mul(permille).div_ceil(1_000);
    let exact = rule.best_permille == 1_000 && rule.likely_permille == 1_000 && rule.worst_permille == 1_000;
    let from = if exact {
        format!("{}: {}", words::seconds(seconds), load.from)
    } else {
        let [low, middle, high] = [rule.best_permille, rule.likely_permille, rule.worst_permille].map(words::factor);
        format!("{} × {middle} ({low} to {high}): {} ({} {}: {})", words::seconds(seconds), load.from, model.name, load.key, rule.from)
    };
    spread([at(rule.best_permille), at(rule.likely_permille), at(rule.worst_permille)], from, "stated")
}

fn machine(ground: &Ground<'_>, load: &Load, entry: &MachineWork) -> Timed {
    let volume = volume(load, entry);
    if volume.bytes.is_none() && volume.rows.is_none() {
        let key = if load.key == "machine.user_import" { "auth.users" } else { "" };
        return Timed::Unknown(format!("how much data `{}` is about", load.of), key.to_owned());
    }
    let (permille, factors) = factors(ground.model, load);
    let lengthen = |ms: u64| u64::try_from(u128::from(ms) * u128::from(permille) / 1_000).unwrap_or(u64::MAX / 4).min(u64::MAX / 4);
    if let Some(known) = rate::known(entry, ground.spec, ground.assessment) {
        let Some((ms, division)) = rate::millis(volume, known.bytes_per_s, known.rows_per_s) else {
            let unit = if volume.bytes.is_none() { "bytes" } else { "rows" };
            return Timed::Unknown(
                format!("how many {unit} `{}` has: the rate is in {unit} a second ({})", load.of, known.from),
                String::new(),
            );
        };
        let rule = rule(ground.model, known.confidence);
        let ms = lengthen(ms);
        let from = format!("{division} ({}){factors} = {}; {}", known.from, words::seconds(ms.div_ceil(1_000)), width(&rule));
        return Timed::Known(spread(around(ms, &rule), from, known.confidence));
    }
    let key = entry.stated_as.clone();
    match rate::range_millis(volume, entry.bytes_per_s, entry.rows_per_s) {
        Some(range) => {
            let points = range.map(|ms| lengthen(ms).div_ceil(1_000));
            let how_much = volume.bytes.map_or_else(|| format!("{} rows", words::grouped(volume.rows.unwrap_or(0))), words::bytes);
            let from = format!(
                "{how_much}{factors} at a rate that nobody measured or stated; widened to where peers were measured, {} to {} ({} {}: {})",
                words::seconds(points[0]),
                words::seconds(points[2]),
                ground.model.name,
                load.key,
                entry.from
            );
            Timed::Widened(spread(points, from, "unknown"), key)
        }
        None => Timed::Unknown(format!("how fast `{}` goes", load.of), key),
    }
}

/// What `facts` says, else the amount in the unit of the key. An amount of 0 without facts is not known.
fn volume(load: &Load, entry: &MachineWork) -> Volume {
    let fact = |key: &str| load.facts.get(key).copied();
    let amount = Some(load.amount).filter(|amount| *amount > 0);
    let (bytes, rows) = (fact("bytes"), fact("rows"));
    match (bytes, rows, entry.unit.as_str()) {
        (None, None, "rows") => Volume { bytes, rows: amount },
        (None, None, _) => Volume { bytes: amount, rows },
        _ => Volume { bytes, rows },
    }
}

/// Indexes that are in place while rows arrive, and columns.
fn factors(model: &Model, load: &Load) -> (u64, String) {
    let mut permille = 1_000_u64;
    let mut text = String::new();
    let known = [("indexes", "index"), ("columns", "column")];
    for (fact, name) in known {
        let (Some(&count), Some(rule)) = (load.facts.get(fact), model.factors.get(name)) else { continue };
        let times = factor::at(rule, count);
        if times == 1_000 {
            continue;
        }
        permille = permille.saturating_mul(times) / 1_000;
        let what = if fact == "indexes" { words::indexes(count) } else { words::count(count, "column") };
        text.push_str(&format!(" × {} ({what})", words::factor(times)));
    }
    (permille, text)
}

/// The rule of that name; the builtin has each.
pub(super) fn rule(model: &Model, name: &str) -> SpreadRule {
    model.spread.get(name).cloned().unwrap_or(SpreadRule {
        best_permille: 500,
        worst_permille: 3_000,
        from: "no rule in the model".to_owned(),
    })
}

/// Seconds around a middle in milliseconds, rounded up.
pub(super) fn around(middle_ms: u64, rule: &SpreadRule) -> [u64; 3] {
    let at = |permille: u64| u64::try_from((u128::from(middle_ms) * u128::from(permille)).div_ceil(1_000_000)).unwrap_or(u64::MAX / 4);
    [at(rule.best_permille), at(1_000), at(rule.worst_permille)]
}

/// The width in words.
pub(super) fn width(rule: &SpreadRule) -> String {
    format!("P5 to P95 × {} to {} ({})", words::factor(rule.best_permille), words::factor(rule.worst_permille), rule.from)
}

/// Three points in seconds, in rising order whatever came in.
pub(super) fn spread(points: [u64; 3], from: String, confidence: &str) -> Spread {
    let [p5, p50, p95] = points.map(|point| point.min(u64::MAX / 4_000));
    Spread { p5_s: p5.min(p50), p50_s: p50, p95_s: p95.max(p50), from, confidence: confidence.to_owned() }
}
