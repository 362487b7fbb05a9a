//! The two forms of a journey's tables: every row is compared by an independent read of both.

use segue_engine::Engine;
use segue_journal::State;
use segue_model::problem::Problem;
use segue_model::reshape::TableChange;
use segue_model::verify::{CheckReport, Counts, DifferenceKind, Example, Gap, TableReport, Verdict, VerifyReport};
use serde_json::Value;

use crate::cli::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{planning, runs};

/// Rows compared in one read.
const RANGE: u64 = 5_000;

/// Compares the forms of the run. Fails where there are no two forms now. `way_back`: the run is asked whether it could
/// go back, which it can be asked at any time.
pub(crate) fn report(global: &Global, hide_keys: bool, way_back: bool) -> Result<VerifyReport, Failure> {
    let run = runs::open(global)?;
    let state = run.state()?;
    let forms = forms(&run, &state, hide_keys);
    if !way_back {
        return forms;
    }
    let check = super::way_back::check(global, &run, &state);
    let (tables, mut checks, not_compared) = match forms {
        Ok(forms) => (forms.tables, forms.checks, forms.not_compared),
        Err(failure) if failure.exit == Exit::Usage => {
            (Vec::new(), Vec::new(), failure.problems.into_iter().map(|problem| problem.message).collect())
        }
        Err(failure) => return Err(failure),
    };
    checks.push(check);
    Ok(VerifyReport { not_compared, ..VerifyReport::new("forms", tables, checks) })
}

fn forms(run: &runs::Run, state: &State, hide_keys: bool) -> Result<VerifyReport, Failure> {
    if state.phase_ended_at("expand").is_none()
        || state.phases.last().is_some_and(|phase| matches!(phase, segue_journal::PhaseState::Ended { .. }))
    {
        return Err(Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-044", format!("run {} has no two forms to compare now", run.id))
                .safe("nothing was touched")
                .help("two forms live from the end of `expand` until `contract`, where the spec changes rows: segue status"),
        ));
    }
    runs::block_on(async {
        let engine = planning::engine_of(&state.plan, std::path::Path::new("."))?;
        compare(state, engine.as_ref(), hide_keys).await
    })
}

async fn compare(state: &State, engine: &dyn Engine, hide_keys: bool) -> Result<VerifyReport, Failure> {
    let plan = &state.plan;
    let mut tables = Vec::new();
    for change in plan.execution.tables.iter().filter(|change| !change.up.is_empty() || !change.down.is_empty()) {
        tables.push(table(change, engine, hide_keys).await?);
    }
    let readings = segue_steps::readings(engine, plan, state).await;
    let checks: Vec<CheckReport> = readings
        .iter()
        .map(|reading| CheckReport {
            name: reading.name.clone(),
            kind: "query".to_owned(),
            verdict: verdict(reading.agrees),
            evidence: Vec::new(),
            not_compared: Vec::new(),
        })
        .collect();
    let unchanged = plan.execution.tables.iter().filter(|change| change.up.is_empty() && change.down.is_empty());
    let unasked =
        readings.iter().filter(|reading| reading.agrees.is_none()).map(|reading| format!("check {}: {}", reading.name, reading.what));
    let not_compared = unchanged
        .map(|change| format!("{}: no row changes its form; rows that break a new constraint are found by its own step", change.table))
        .chain(unasked)
        .collect();
    Ok(VerifyReport { not_compared, ..VerifyReport::new("forms", tables, checks) })
}

fn verdict(agrees: Option<bool>) -> Verdict {
    match agrees {
        Some(true) => Verdict::Equal,
        Some(false) => Verdict::Different,
        None => Verdict::Undecided,
    }
}

async fn table(change: &TableChange, engine: &dyn Engine, hide_keys: bool) -> Result<TableReport, Failure> {
    let reshape = engine.reshape();
    let (mut rows, mut changed, mut unconverted, mut examples, mut after) = (0, 0, 0, Vec::new(), None);
    loop {
        let range = reshape.compare(change, after.as_ref(), RANGE).await?;
        rows += range.compared;
        changed += range.mismatches;
        unconverted += range.unconverted;
        examples.extend(range.examples);
        match range.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    examples.truncate(10);
    if hide_keys {
        examples.clear();
    }
    let aside = reshape.rejected(change).await?;
    let (rejected, kept_aside) = (aside.count, if hide_keys { Vec::new() } else { aside.examples });
    let verdict = match (changed, unconverted + rejected) {
        (0, 0) => Verdict::Equal,
        (0, _) => Verdict::Undecided,
        _ => Verdict::Different,
    };
    let name = change.table.to_string();
    Ok(TableReport {
        verdict,
        engine: "forms".to_owned(),
        why: "both forms stand on one row".to_owned(),
        rows: Counts { source: Some(rows), target: Some(rows) },
        // Neither side can have a row that the other lacks; a row without its new form is missing there.
        missing_in_target: unconverted + rejected,
        unconverted,
        rejected,
        changed,
        examples: examples.iter().map(|key| example(key)).collect(),
        kept_aside: kept_aside.into_iter().map(|(key, reason)| (named(&key), reason)).collect(),
        not_compared: Vec::<Gap>::new(),
        ..TableReport::empty(name.clone(), name)
    })
}

fn example(key: &str) -> Example {
    Example { key: named(key), key_hash: None, kind: DifferenceKind::Changed, columns: Vec::new(), values: Vec::new() }
}

/// `id=7` as its parts. A key that cannot be told apart stays one text: a name or value may hold anything.
fn named(key: &str) -> Vec<(String, Value)> {
    let whole = || vec![("text".to_owned(), Value::from(key))];
    let mut parts: Vec<(String, Value)> = Vec::new();
    for part in key.split(", ") {
        let Some((name, value)) = part.split_once('=').filter(|(name, _)| !name.is_empty()) else { return whole() };
        if parts.iter().any(|(known, _)| known == name) {
            return whole();
        }
        parts.push((name.to_owned(), value.parse::<i64>().map_or_else(|_| Value::from(value), Value::from)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_where_they_can_be() {
        assert_eq!(named("id=7"), [("id".to_owned(), Value::from(7))]);
        assert_eq!(named("a=x, b=-2"), [("a".to_owned(), Value::from("x")), ("b".to_owned(), Value::from(-2))]);
        assert_eq!(named("name=Smith, John"), [("text".to_owned(), Value::from("name=Smith, John"))]);
        assert_eq!(named("a=1, a=2"), [("text".to_owned(), Value::from("a=1, a=2"))]);
    }
}
