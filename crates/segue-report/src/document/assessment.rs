//! What was observed, as a person and as a script reads it.
//!
//! Verdicts by rule, volumes, versions with the end of their support, dependencies split into blocking and optional,
//! vendor features, baselines, uses in code, cloud equivalents, and always what was not checked. Tests:
//! `tests/it/assessment.rs`.

use segue_model::assessment::{Assessment, Dependence, SystemSeen};
use serde_json::{Map, Value, json};

use super::markdown::Markdown;
use super::tally;
use crate::plan::{dates, say};
use crate::text::{Page, Style, cell, count};

/// How many rows a list has before the rest is counted.
const SHOWN: usize = 30;

/// The assessment on a terminal, folded at `width` columns.
pub fn assessment_text(assessment: &Assessment, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let (level, because) = tally::confidence(assessment);
    page.line(0, 2, &[cell(format!("Assessment by segue {}", assessment.segue)).style(Style::Bold), cell(tally::verdicts(assessment))]);
    page.line(2, 4, &[cell(format!("confidence {level}")).style(Style::Bold), cell(because).flows()]);
    for (title, lines) in blocks(assessment) {
        page.line(0, 2, &[cell(title).style(Style::Bold)]);
        let all = lines.len();
        for line in lines.into_iter().take(SHOWN) {
            page.line(2, 4, &[cell(line)]);
        }
        if all > SHOWN {
            page.line(2, 4, &[cell(format!("and {} more: segue assess --format json", all - SHOWN)).style(Style::Dim)]);
        }
    }
    page.finish()
}

/// The assessment as Markdown.
pub fn assessment_markdown(assessment: &Assessment) -> String {
    let mut page = Markdown::default();
    let (level, because) = tally::confidence(assessment);
    page.heading(1, "Assessment").para(&tally::verdicts(assessment)).fact("Confidence", &format!("{level}: {because}"));
    let rows: Vec<Vec<String>> = tally::rules(assessment)
        .into_iter()
        .map(|rule| {
            let work = if rule.minutes == 0 { "none".to_owned() } else { say::work(rule.minutes) };
            vec![
                rule.verdict.to_owned(),
                rule.name.to_owned(),
                say::thousands(rule.number),
                work,
                rule.reason.to_owned(),
                rule.examples.join(", "),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.heading(2, "Verdicts").table(&["Verdict", "Rule", "Objects", "Work", "Why and what", "Such as"], &rows);
    }
    for (title, lines) in blocks(assessment).into_iter().filter(|(title, _)| !title.starts_with("Verdicts")) {
        page.heading(2, &title);
        for line in &lines {
            page.bullet(line);
        }
    }
    page.finish()
}

/// The parts in words, each a title and its lines; parts without a line are left out but for *Not checked*.
fn blocks(assessment: &Assessment) -> Vec<(String, Vec<String>)> {
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push((title.to_owned(), lines));
        }
    };
    add("Verdicts", tally::rules(assessment).iter().map(rule_line).collect());
    add("Systems", assessment.systems.iter().map(|(name, seen)| system_line(name, seen)).collect());
    add("Largest tables", largest(assessment));
    add("Versions", components(assessment));
    for (blocking, title) in [(true, "Blocking dependencies"), (false, "Optional dependencies")] {
        add(title, assessment.dependencies.iter().filter(|one| one.blocking == blocking).map(dependence_line).collect());
    }
    add("Baselines", baselines(assessment));
    add("Measured rates", assessment.rates.iter().map(rate_line).collect());
    add("Uses in code", tally::incidents(assessment).iter().map(uses_line).collect());
    add("Resources", assessment.resources.iter().map(resource_line).collect());
    add("Findings", assessment.findings.iter().map(super::reading::finding).collect());
    let gaps =
        if assessment.not_checked.is_empty() { vec!["nothing that Segue knows of".to_owned()] } else { assessment.not_checked.clone() };
    out.push(("Not checked".to_owned(), gaps));
    out
}

fn rule_line(rule: &tally::Rule<'_>) -> String {
    let work = if rule.minutes == 0 { String::new() } else { format!(", {} of work", say::work(rule.minutes)) };
    format!(
        "{} {} ({}{work}): {}; such as {}",
        rule.verdict,
        rule.name,
        count(rule.number as usize, "object"),
        rule.reason,
        rule.examples.join(", ")
    )
}

fn system_line(name: &str, seen: &SystemSeen) -> String {
    let size = seen.bytes.map_or_else(|| "size not known".to_owned(), tally::bytes);
    let rows = tally::rows(seen).map_or_else(|| "rows not known".to_owned(), |rows| say::many(rows, "row"));
    let counts: Vec<String> = seen.counts.iter().map(|(what, number)| say::many(*number, what)).collect();
    let counts = if counts.is_empty() { String::new() } else { format!("; {}", counts.join(", ")) };
    let settings: Vec<String> = seen.settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let settings = if settings.is_empty() { String::new() } else { format!("; {}", settings.join(", ")) };
    format!(
        "{name}: {} {} ({}), {}, {size}, {rows}{counts}{settings}",
        seen.engine,
        seen.version,
        seen.how,
        count(seen.tables.len(), "table")
    )
}

fn largest(assessment: &Assessment) -> Vec<String> {
    let mut all: Vec<_> = assessment.systems.iter().flat_map(|(name, seen)| seen.tables.iter().map(move |table| (name, table))).collect();
    all.sort_by_key(|(name, table)| (std::cmp::Reverse(table.bytes), *name, &table.name));
    let line = |(name, table): &(&String, &segue_model::assessment::TableSeen)| {
        let rows = table.rows.map_or_else(|| "rows not known".to_owned(), |rows| say::many(rows, "row"));
        let about = if table.rows_estimated { "about " } else { "" };
        let size = table.bytes.map_or_else(|| "size not known".to_owned(), tally::bytes);
        let key = if table.keyed { "" } else { ", no primary key" };
        let usage = if table.usage.is_empty() { String::new() } else { format!(", use {}", table.usage) };
        format!("{name}.{}: {about}{rows}, {size}, {}{key}{usage}", table.name, say::many(u64::from(table.indexes), "index"))
    };
    all.iter().take(10).map(line).collect()
}

fn components(assessment: &Assessment) -> Vec<String> {
    let line = |part: &segue_model::assessment::Component| {
        let end = part.end_of_life.map(|end| format!(", support ends {}", dates::iso(end))).unwrap_or_default();
        let note = if part.note.is_empty() { String::new() } else { format!(": {}", part.note) };
        let place = if part.place.is_empty() { String::new() } else { format!(" ({})", part.place) };
        format!("{} {} ({}){end}{note}{place}", part.name, part.version, part.ecosystem)
    };
    assessment.components.iter().map(line).collect()
}

fn dependence_line(one: &Dependence) -> String {
    let place = if one.place.is_empty() { String::new() } else { format!(" ({})", one.place) };
    format!("{} needs {} ({}): {}{place}", one.from, one.on, one.kind, one.why)
}

fn baselines(assessment: &Assessment) -> Vec<String> {
    let of = |(name, seen): (&String, &SystemSeen)| {
        let name = name.clone();
        seen.baselines
            .iter()
            .map(move |(what, value)| format!("{name}: {} {}", say::words(what), say::thousands(*value)))
            .collect::<Vec<_>>()
    };
    assessment.systems.iter().flat_map(of).collect()
}

fn rate_line(rate: &segue_model::assessment::MeasuredRate) -> String {
    let to = if rate.target.is_empty() { String::new() } else { format!(" to {}", rate.target) };
    format!(
        "{} from {}{to}: {}/s, {} rows/s on {}",
        rate.what,
        rate.source,
        tally::bytes(rate.bytes_per_s),
        say::thousands(rate.rows_per_s),
        rate.sample
    )
}

fn uses_line(uses: &tally::Uses<'_>) -> String {
    format!(
        "{}: {} ({}), {} points; such as {}",
        uses.name,
        uses.what,
        count(uses.number as usize, "place"),
        uses.points,
        uses.examples.join(", ")
    )
}

fn resource_line(resource: &segue_model::assessment::Resource) -> String {
    let equivalent = match (&resource.equivalent, tally::equivalent(resource)) {
        (Some(name), _) => format!(" → {name}"),
        (None, said) => said.map_or_else(String::new, |said| format!(" {said}")),
    };
    let note = if resource.note.is_empty() { String::new() } else { format!(": {}", resource.note) };
    format!("{} × {}{equivalent}{note} ({})", resource.address, resource.count, resource.place)
}

/// The assessment as a document: its own fields, and around them the sums. Only adds: it reads back as it was.
pub fn assessment_json(assessment: &Assessment) -> Value {
    let Ok(Value::Object(mut out)) = serde_json::to_value(assessment) else { return Value::Null };
    let mut verdicts = Map::new();
    for verdict in ["auto", "auto-with-warning", "manual", "blocked"] {
        let number = assessment.objects.iter().filter(|object| tally::word(object.verdict) == verdict).count();
        verdicts.insert(verdict.to_owned(), json!(number));
    }
    let named = |blocking: bool| -> Vec<String> {
        assessment.dependencies.iter().filter(|one| one.blocking == blocking).map(dependence_line).collect()
    };
    let (level, because) = tally::confidence(assessment);
    out.insert("verdicts".to_owned(), Value::Object(verdicts));
    out.insert("effort_min".to_owned(), json!(assessment.objects.iter().map(|object| object.effort_min).sum::<u64>()));
    out.insert("incident_points".to_owned(), json!(assessment.incidents.iter().map(|one| u64::from(one.points)).sum::<u64>()));
    out.insert("blocking_dependencies".to_owned(), json!(named(true)));
    out.insert("optional_dependencies".to_owned(), json!(named(false)));
    out.insert("confidence".to_owned(), json!({"level": level, "because": because}));
    Value::Object(out)
}
