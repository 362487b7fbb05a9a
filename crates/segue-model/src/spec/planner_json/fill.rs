//! From the checked document to a [`Spec`].
//!
//! What has no key in `segue.yaml` goes to `imported`, value by value. Must never make up a number that the document
//! does not state. Tests: `tests/it/planner_json.rs`.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Taken};
use super::{finding, service, triggers};
use crate::canonical;
use crate::finding::{Finding, Severity};
use crate::spec::node::Node;
use crate::spec::problems::{Problems, code};
use crate::spec::program::{About, Dependency, Imported, ImportedChange, ImportedTable, Infra, Move, Outside, PhaseWish, TaskWish, Window};
use crate::spec::take::compliance;
use crate::spec::{Limits, Program, Spec, Throttle, amounts};
use crate::units::{Bytes, Millis};

/// The names of the two systems.
const SOURCE: &str = "source";
const TARGET: &str = "target";
/// 30 days, as for every move.
const KEEP_OLD: Millis = Millis(30 * 86_400_000);

/// The spec.
pub(super) fn spec(root: &Node, findings: &mut Vec<Finding>, problems: &mut Problems<'_>) -> Spec {
    let taken = Taken::default();
    let document = Cursor::new(root, &taken);
    let text = |key: &str| document.text_of(key).unwrap_or_default();
    let (kind, pattern) = (text("type"), document.text_of("pattern"));
    let (source, target, description) = (text(SOURCE), text(TARGET), text("description"));
    let mut program = Program { profile: Some("doc000".to_owned()), ..Program::default() };
    let mut imported = Imported { pattern: pattern.clone(), ..Imported::default() };
    tables(&document, &mut imported);
    changes(&document, &mut imported);
    about(&document, [&source, &target], &imported, &mut program, problems);
    program.compliance = list(&document, "compliance_requirements").iter().map(|text| compliance(text)).collect();
    program.windows = windows(&document, findings);
    program.phases = phases(&document, problems);
    program.rollback_when = triggers::all(&document, findings, problems);
    program.rollout = service::rollout(&document, findings, problems);
    work(&document, [&kind, pattern.as_deref().unwrap_or_default()], [&source, &target], &imported, &mut program);
    let limits = Limits { downtime: downtime(&document), ..Limits::default() };
    imported.source = Some(source.clone());
    imported.target = Some(target.clone());
    imported.description = Some(description.clone()).filter(|text| !text.is_empty());
    document.facts(&mut imported.facts);
    let keep_old = if program.moves.is_some() { KEEP_OLD } else { Millis(0) };
    program.imported = Some(imported);
    Spec {
        segue: 1,
        id: id(&kind, pattern.as_deref(), &source, &target),
        name: format!("{source} to {target}"),
        why: description,
        owners: BTreeMap::new(),
        systems: BTreeMap::new(),
        schema: None,
        limits,
        checks: BTreeMap::new(),
        throttle: Throttle::default(),
        keep_old,
        program,
    }
}

/// The same for the same document: its kind, its pattern, and a digest of what is moved where.
fn id(kind: &str, pattern: Option<&str>, source: &str, target: &str) -> String {
    let digest = canonical::digest(&(source, target)).unwrap_or_default();
    let front = format!("{kind}-{}", pattern.unwrap_or("migration")).replace('_', "-");
    let front: String = front.chars().take(31).collect();
    format!("{}-{}", front.trim_end_matches('-'), digest.chars().take(8).collect::<String>())
}

fn downtime(document: &Cursor<'_>) -> Option<Millis> {
    // Thousandths of a minute; rounded up to a millisecond, for a limit that is never larger than a minute off.
    let minutes = document.get("constraints")?.number_of("max_downtime_minutes", 3)?;
    Some(Millis(minutes.saturating_mul(60)))
}

/// A list of texts below `constraints`.
fn list(document: &Cursor<'_>, key: &str) -> Vec<String> {
    let constraints = document.get("constraints");
    constraints.map(|place| place.list(key).iter().filter_map(Cursor::text).collect()).unwrap_or_default()
}

/// A size in millionths of a unit.
fn size(place: &Cursor<'_>, key: &str, unit: u64, problems: &mut Problems<'_>) -> Option<Bytes> {
    let value = place.get(key)?;
    let millionths = place.number_of(key, 6)?;
    let bytes = (u128::from(millionths) * u128::from(unit)).div_ceil(1_000_000);
    let bytes = u64::try_from(bytes).ok();
    if bytes.is_none() {
        let message = format!("`{}` is larger than any system holds", value.path);
        problems.add(code::RANGE, &value.node.span, message, "write what is really there");
    }
    bytes.map(Bytes)
}

/// What is stated of both systems.
fn about(document: &Cursor<'_>, [source, target]: [&str; 2], imported: &Imported, program: &mut Program, problems: &mut Problems<'_>) {
    let mut old = About { has_facts: true, ..About::default() };
    let mut new = old.clone();
    if let Some(constraints) = document.get("constraints") {
        old.facts.size = size(&constraints, "data_volume_gb", 1_000_000_000, problems);
    }
    if !imported.tables.is_empty() {
        old.facts.tables = Some(imported.tables.len() as u64);
        let rows = imported.tables.iter().map(|table| table.rows);
        old.facts.rows = rows.sum::<Option<u64>>();
    }
    old.facts.version = service::version(source);
    new.facts.version = service::version(target);
    let lower = source.to_lowercase();
    old.facts.production = lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == "production" || word == "prod").then_some(true);
    if let Some(performance) = document.get("performance_requirements") {
        old.facts.peak_tps = performance.number_of("transactions_per_second", 0);
    }
    service::facts(document, &mut old.facts, &mut new.facts);
    let dependency = |name: String| Dependency { name, kind: "service".to_owned(), blocking: false, owner: None };
    old.dependencies = list(document, "dependencies").into_iter().map(dependency).collect();
    for (name, about, what) in [(SOURCE, old, source), (TARGET, new, target)] {
        program.about.insert(name.to_owned(), about);
        program.outside.insert(name.to_owned(), Outside::Other { what: what.to_owned() });
    }
}

/// What is to be done, in the keys of the kind.
fn work(document: &Cursor<'_>, [kind, pattern]: [&str; 2], [source, target]: [&str; 2], imported: &Imported, program: &mut Program) {
    let include = || imported.tables.iter().map(|table| table.name.clone()).collect();
    let moves = || Move { from: SOURCE.to_owned(), to: TARGET.to_owned(), include: include(), ..Move::default() };
    match kind {
        "database" => {
            let form = matches!(pattern, "schema_change" | "expand_contract" | "parallel_schema");
            let stays = source == target || service::version(source) == service::version(target) && imported.tables.is_empty();
            if form && stays {
                program.kind = Some("schema-change".to_owned());
            } else {
                program.moves = Some(moves());
            }
        }
        "data" => {
            program.kind = Some("data-transform".to_owned());
            program.moves = Some(moves());
        }
        "service" => program.service = Some(service::service(document, source, target)),
        "infrastructure" => {
            let cloud = |text: &str| {
                let text = text.to_lowercase();
                ["aws", "azure", "gcp", "google cloud"].iter().any(|name| text.contains(name))
            };
            let between = pattern == "cloud_to_cloud" || !pattern.starts_with("on_prem") && cloud(source) && cloud(target);
            program.kind = Some(if between { "cloud-to-cloud" } else { "onprem-to-cloud" }.to_owned());
            let data = program.about.get(SOURCE).and_then(|about| about.facts.size);
            program.infra = Some(Infra { from: source.to_owned(), to: target.to_owned(), terraform: None, data });
        }
        _ => program.kind = Some("api-version".to_owned()),
    }
}

fn tables(document: &Cursor<'_>, imported: &mut Imported) {
    for place in document.list("tables_to_migrate") {
        imported.tables.push(ImportedTable {
            name: place.text_of("name").unwrap_or_default(),
            rows: place.text_of("row_count").and_then(|text| text.parse().ok()),
            // At most 10^12 MB, which fits.
            size: place.number_of("size_mb", 6).map(Bytes),
            critical: place.flag_of("critical").unwrap_or(false),
        });
    }
}

fn changes(document: &Cursor<'_>, imported: &mut Imported) {
    for place in document.list("schema_changes") {
        let table = place.text_of("table").unwrap_or_default();
        for change in place.list("changes") {
            let kind = change.text_of("type").unwrap_or_default();
            let details = change.entries().into_iter().filter(|(key, _)| *key != "type");
            // A list or an object as a value stays among the facts.
            let details = details.filter_map(|(key, value)| value.shown().and_then(|_| Some((key.to_owned(), value.text()?))));
            imported.schema_changes.push(ImportedChange { table: table.clone(), kind, details: details.collect() });
        }
    }
}

fn phases(document: &Cursor<'_>, problems: &mut Problems<'_>) -> BTreeMap<String, PhaseWish> {
    let (mut phases, mut before) = (BTreeMap::new(), Vec::new());
    for place in document.list("migration_phases") {
        let Some(name) = place.text_of("phase") else { continue };
        let task = |what: String| TaskWish { what, owner: None, minutes: None };
        let tasks = place.text_of("description").filter(|text| !text.trim().is_empty()).map(task).into_iter().collect();
        // Thousandths of an hour.
        let seconds = place.number_of("estimated_duration_hours", 3).map(|hours| (hours * 36).div_ceil(10));
        let estimate = seconds.map(|seconds| (seconds, seconds, seconds));
        let wish = PhaseWish { after: Some(before), estimate, tasks, ..PhaseWish::default() };
        before = vec![name.clone()];
        if phases.insert(name, wish).is_some() {
            let message = format!("`{}.phase` names a phase that stands there already", place.path);
            problems.add(code::NAMED, &place.node.span, message, "give each phase a name of its own");
        }
    }
    phases
}

/// The preferred window; without one all that lies outside of the critical hours.
fn windows(document: &Cursor<'_>, findings: &mut Vec<Finding>) -> Vec<Window> {
    let Some(continuity) = document.get("business_continuity") else { return Vec::new() };
    let hours = |key: &str| {
        let place = continuity.get(key)?;
        let time = |key: &str| place.get(key).and_then(|time| amounts::clock(&time.shown()?));
        let zone = place.get("timezone").and_then(|zone| zone.shown()).unwrap_or_else(|| "UTC".to_owned());
        Some((Window { days: Vec::new(), from_min: time("start")?, to_min: time("end")?, zone }, place))
    };
    let busy = hours("critical_business_hours");
    let Some((window, place)) = hours("preferred_migration_window") else {
        return busy.into_iter().map(|(busy, _)| Window { from_min: busy.to_min, to_min: busy.from_min, ..busy }).collect();
    };
    for key in ["start", "end", "timezone"] {
        place.text_of(key);
    }
    if let Some((busy, _)) = busy
        && busy.zone == window.zone
        && meet(&busy, &window)
    {
        let message = "the preferred window reaches into the critical business hours".to_owned();
        let object = "`business_continuity.preferred_migration_window`".to_owned();
        findings.push(finding(code::BUSY, Severity::Medium, object, message, "choose a window outside of them"));
    }
    vec![window]
}

/// Whether two times of the day share a minute.
fn meet(one: &Window, other: &Window) -> bool {
    let within = |window: &Window, minute: u16| {
        if window.from_min < window.to_min {
            (window.from_min..window.to_min).contains(&minute)
        } else {
            minute >= window.from_min || minute < window.to_min
        }
    };
    within(one, other.from_min) || within(other, one.from_min)
}
