//! The checks beside the rows: counts, queries, aggregates, catalogs, counters, speed, figures, rules, answers of an API.
//!
//! A side that cannot answer leaves its check undecided; a side that is gone is an error of the whole.

use std::path::Path;

use segue_engine::rows::Snapshot;
use segue_model::catalog::Catalog;
use segue_model::ident::TableName;
use segue_model::spec::Spec;
use segue_model::spec::program::Tolerance;
use segue_model::verify::CheckReport;
use segue_verify::checks::catalog::{Names, Side as Catalogued};
use segue_verify::checks::counts::Counted;
use segue_verify::checks::performance::{Timed, Timing};
use segue_verify::checks::queries::{Query, QueryOptions};
use segue_verify::checks::{aggregates, api, catalog, counters, counts, metrics, performance, quality, queries, security};
use segue_verify::{Side, TablePair};

use super::asked::refuse;
use super::rows::{Moments, failure};
use super::sides::SideOpen;
use crate::cli::verify::flags::{CheckFlags, With};
use crate::failure::Failure;
use crate::inputs;

/// What the checks have at hand.
pub(crate) struct Ground<'a> {
    /// The sides.
    pub(crate) sides: (&'a SideOpen, &'a SideOpen),
    /// Their tables.
    pub(crate) pairs: &'a [TablePair],
    /// The moments of the rows.
    pub(crate) moments: &'a Moments,
    /// The spec, where there is one.
    pub(crate) spec: Option<&'a Spec>,
    /// Values of queries are shown.
    pub(crate) show_values: bool,
}

/// Refuses what cannot be read before a database is asked: flags and files that are not what they shall be.
pub(crate) fn look_at(flags: &CheckFlags) -> Result<(), Failure> {
    for (list, flag) in [(&flags.queries, "--check"), (&flags.timed, "--time")] {
        for wish in list {
            named(wish, flag)?;
        }
    }
    for path in &flags.metrics {
        figures(path)?;
    }
    if let Some(path) = &flags.quality {
        rules(path)?;
    }
    if let Some(path) = &flags.requests {
        requests(path)?;
    }
    flags.against_fingerprint.as_deref().map_or(Ok(()), super::fingerprints::look_at)
}

fn figures(path: &Path) -> Result<Vec<metrics::Metric>, Failure> {
    metrics::read(inputs::read_text(path, "the file of figures")?.as_bytes()).map_err(|why| wrong(path, &why))
}

fn rules(path: &Path) -> Result<Vec<quality::Rule>, Failure> {
    quality::read(inputs::read_text(path, "the file of rules")?.as_bytes()).map_err(|why| wrong(path, &why))
}

fn requests(path: &Path) -> Result<api::Plan, Failure> {
    let text = inputs::read_text(path, "the file of requests")?;
    let secret = |name: &str| {
        std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or_else(|| format!("the environment variable `{name}` is not set"))
    };
    api::read(text.as_bytes(), &secret).map_err(|why| wrong(path, &why))
}

/// Runs what was asked for. Gives the reports and what was left out.
pub(crate) async fn run(flags: &CheckFlags, ground: &Ground<'_>) -> Result<(Vec<CheckReport>, Vec<String>), Failure> {
    let (source, target) = (ground.sides.0.database.as_ref(), ground.sides.1.database.as_ref());
    let options = QueryOptions { show_values: ground.show_values, ..QueryOptions::default() };
    let tolerance = flags.tolerance.map(Tolerance::PercentMilli);
    let mut out = Vec::new();
    if flags.with.contains(&With::Counts) {
        out.push(counted(ground, tolerance).await?);
    }
    let (asked, left_out) = queries_of(flags, ground.spec, tolerance)?;
    for query in &asked {
        out.push(queries::check(query, source, target, &options).await.map_err(failure)?);
    }
    if flags.with.contains(&With::Aggregates) {
        out.push(aggregates::check(ground.pairs, source, target, &options).await.map_err(failure)?);
    }
    if flags.with.contains(&With::Counters) {
        let tables: Vec<_> = ground.pairs.iter().map(|pair| (pair.source.table.clone(), pair.target.table.clone())).collect();
        out.push(counters::check(&tables, source, target).await.map_err(failure)?);
    }
    out.extend(cataloged(flags, ground).await?);
    let timed = flags.timed.iter().map(|wish| named(wish, "--time")).collect::<Result<Vec<_>, _>>()?;
    if !timed.is_empty() {
        let timed: Vec<Timed> = timed.into_iter().map(|(name, sql)| Timed { name, source: sql.clone(), target: sql }).collect();
        let timing = flags.tolerance.map_or_else(Timing::default, |slower_milli| Timing { slower_milli, ..Timing::default() });
        out.push(performance::check(&timed, source, target, &timing, &options).await.map_err(failure)?);
    }
    if let Some(path) = &flags.quality {
        out.push(quality::check(&rules(path)?, Side::Target, target, &options).await.map_err(failure)?);
    }
    out.extend(without_databases(flags).await?);
    Ok((out, left_out))
}

/// The checks that need no database: the figures of two files, the answers of two servers.
pub(crate) async fn without_databases(flags: &CheckFlags) -> Result<Vec<CheckReport>, Failure> {
    let mut out = Vec::new();
    if let [before, after] = flags.metrics.as_slice() {
        out.push(metrics::compare(&figures(before)?, &figures(after)?, flags.tolerance.map(Tolerance::PercentMilli)));
    }
    out.extend(answers(flags).await?);
    Ok(out)
}

fn wrong(path: &Path, why: &str) -> Failure {
    refuse("SG-VER-001", format!("`{}`: {why}", path.display()), "docs/guide-verify.md shows the form of the file")
}

/// `NAME=SQL`.
fn named(wish: &str, flag: &str) -> Result<(String, String), Failure> {
    match wish.split_once('=') {
        Some((name, sql)) if !name.trim().is_empty() && !sql.trim().is_empty() => Ok((name.trim().to_owned(), sql.trim().to_owned())),
        _ => Err(refuse("SG-VER-001", format!("{flag} is not NAME=SQL"), format!("{flag} revenue=\"select sum(total) from orders\""))),
    }
}

fn queries_of(flags: &CheckFlags, spec: Option<&Spec>, tolerance: Option<Tolerance>) -> Result<(Vec<Query>, Vec<String>), Failure> {
    let (mut asked, left_out) = spec.map_or_else(Default::default, queries::of_spec);
    for wish in &flags.queries {
        let (name, sql) = named(wish, "--check")?;
        asked.push(Query { name, source: sql.clone(), target: sql, tolerance, ordered: false });
    }
    Ok((asked, left_out))
}

async fn counted(ground: &Ground<'_>, threshold: Option<Tolerance>) -> Result<CheckReport, Failure> {
    let tables: Vec<Counted> =
        ground.pairs.iter().map(|pair| Counted { source: pair.source.clone(), target: pair.target.clone(), threshold }).collect();
    let (source, target): (&dyn Snapshot, &dyn Snapshot) = (ground.moments.source(), ground.moments.target());
    counts::check(&tables, source, target).await.map_err(failure)
}

async fn cataloged(flags: &CheckFlags, ground: &Ground<'_>) -> Result<Vec<CheckReport>, Failure> {
    let wanted = |what: With| flags.with.contains(&what);
    if !wanted(With::Catalog) && !wanted(With::Security) {
        return Ok(Vec::new());
    }
    let tables = |at: fn(&TablePair) -> &TableName| ground.pairs.iter().map(|pair| at(pair).clone()).collect::<Vec<_>>();
    let source = ground.sides.0.database.catalog_of(&tables(|pair| &pair.source.table)).await?;
    let target = ground.sides.1.database.catalog_of(&tables(|pair| &pair.target.table)).await?;
    let names = names(ground, &source.catalog);
    let here = Catalogued { dialect: ground.sides.0.engine, catalog: &source.catalog, not_checked: &source.not_checked };
    let there = Catalogued { dialect: ground.sides.1.engine, catalog: &target.catalog, not_checked: &target.not_checked };
    let mut out = Vec::new();
    if wanted(With::Catalog) {
        out.push(catalog::check(&names, here, there));
    }
    if wanted(With::Security) {
        let (a, b) = (ground.sides.0.database.as_ref(), ground.sides.1.database.as_ref());
        out.push(security::check(&names, (here, a), (there, b)).await.map_err(failure)?);
    }
    Ok(out)
}

/// The names that the comparison of rows found.
fn names(ground: &Ground<'_>, source: &Catalog) -> Names {
    let mut names = Names {
        tables: ground.pairs.iter().map(|pair| (pair.source.table.clone(), pair.target.table.clone())).collect(),
        ..Names::default()
    };
    for pair in ground.pairs {
        for (here, there) in pair.source.columns.iter().zip(&pair.target.columns) {
            let own = source.table(&pair.source.table).is_some_and(|table| table.column(&here.name).is_some());
            if own && here.name != there.name {
                names.columns.insert((pair.source.table.clone(), here.name.clone()), there.name.clone());
            }
        }
    }
    names
}

/// Asks two servers.
async fn answers(flags: &CheckFlags) -> Result<Option<CheckReport>, Failure> {
    let (Some(path), Some(old), Some(new)) = (&flags.requests, &flags.api_source, &flags.api_target) else { return Ok(None) };
    let plan = requests(path)?;
    let client = api::Client::new(api::Bounds::default(), Vec::new());
    Ok(Some(api::check(&plan, &client, old, new).await))
}
