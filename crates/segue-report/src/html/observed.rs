//! What was observed: verdicts, systems with their volumes, dependencies, uses in code, equivalents, what was not read.
//!
//! Of many objects of one rule some are named and the others counted. Tests: `tests/it/html.rs`.

use segue_model::assessment::Assessment;
use segue_model::plan::Plan;

use super::escape::Html;
use super::{Extra, FULL};
use crate::document::tally;
use crate::plan::{dates, say};

/// The section.
pub(super) fn section(page: &mut Html, _: &Plan, extra: &Extra<'_>) {
    if let Some(assessment) = extra.assessment {
        whole(page, assessment);
    }
}

/// All of it.
pub(super) fn whole(page: &mut Html, assessment: &Assessment) {
    systems(page, assessment);
    rules(page, assessment);
    components(page, assessment);
    dependencies(page, assessment);
    incidents(page, assessment);
    resources(page, assessment);
    if !assessment.not_checked.is_empty() {
        page.raw("<h3>Not read</h3><ul>");
        for gap in assessment.not_checked.iter().take(200) {
            page.el("li", "", gap);
        }
        page.raw("</ul>");
    }
}

fn systems(page: &mut Html, assessment: &Assessment) {
    for (name, seen) in &assessment.systems {
        page.raw("<h3>").text(format!("{name}: {} {}", seen.engine, seen.version)).raw("</h3><dl class=\"facts\">");
        page.fact("Looked at", &seen.how).fact("Tables", say::thousands(seen.tables.len() as u64));
        page.fact("Size", seen.bytes.map_or_else(|| "not known".to_owned(), tally::bytes));
        page.fact("Rows", tally::rows(seen).map_or_else(|| "not known".to_owned(), say::thousands));
        for (what, count) in seen.counts.iter().take(40) {
            page.fact(&say::words(what), say::thousands(*count));
        }
        for (what, value) in seen.baselines.iter().take(40) {
            page.fact(&format!("baseline {}", say::words(what)), say::thousands(*value));
        }
        page.raw("</dl>");
    }
}

fn rules(page: &mut Html, assessment: &Assessment) {
    let rules = tally::rules(assessment);
    if rules.is_empty() {
        return;
    }
    page.raw("<h3>Verdicts</h3>").para("lead", tally::verdicts(assessment));
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">Rule</th><th scope=\"col\">Objects</th>");
    page.raw("<th scope=\"col\">Work</th><th scope=\"col\">Why and what</th><th scope=\"col\">Such as</th></tr></thead><tbody>");
    for rule in rules {
        if page.len() > FULL {
            break;
        }
        let (tone, symbol) = match rule.verdict {
            "auto" => ("good", "✓"),
            "auto-with-warning" => ("warn", "◐"),
            "manual" => ("warn", "☞"),
            _ => ("bad", "✕"),
        };
        page.raw("<tr><td data-label=\"Verdict\">")
            .badge(tone, symbol, rule.verdict.replace('-', " "))
            .raw("</td>")
            .cell("Rule", rule.name);
        let work = if rule.minutes == 0 { "none".to_owned() } else { say::work(rule.minutes) };
        page.cell("Objects", say::thousands(rule.number)).cell("Work", work).cell("Why and what", rule.reason);
        page.cell("Such as", rule.examples.join(", ")).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn components(page: &mut Html, assessment: &Assessment) {
    let dated: Vec<_> = assessment.components.iter().filter(|part| part.end_of_life.is_some() || !part.note.is_empty()).collect();
    if dated.is_empty() {
        return;
    }
    page.raw("<h3>Versions with an end</h3><table class=\"stack\"><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Version</th>");
    page.raw("<th scope=\"col\">Support ends</th><th scope=\"col\">Note</th><th scope=\"col\">Place</th></tr></thead><tbody>");
    for part in dated.iter().take(300) {
        page.raw("<tr><th scope=\"row\">").text(format!("{} ({})", part.name, part.ecosystem)).raw("</th>").cell("Version", &part.version);
        page.cell("Support ends", part.end_of_life.map(dates::iso).unwrap_or_default())
            .cell("Note", &part.note)
            .cell("Place", &part.place)
            .raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn dependencies(page: &mut Html, assessment: &Assessment) {
    for (blocking, title) in [(true, "Blocking dependencies"), (false, "Other dependencies")] {
        let all: Vec<_> = assessment.dependencies.iter().filter(|dependence| dependence.blocking == blocking).collect();
        if all.is_empty() {
            continue;
        }
        page.el("h3", "", format!("{title}: {}", all.len())).raw("<ul class=\"plain\">");
        for dependence in all.iter().take(100) {
            page.raw("<li><b>").text(&dependence.from).raw("</b> → <b>").text(&dependence.on).raw("</b> ");
            page.el("span", "small", format!("{} · {} · {}", dependence.kind, dependence.why, dependence.place)).raw("</li>");
        }
        if all.len() > 100 {
            page.el("li", "", format!("and {} more", all.len() - 100));
        }
        page.raw("</ul>");
    }
}

fn incidents(page: &mut Html, assessment: &Assessment) {
    let rules = tally::incidents(assessment);
    if rules.is_empty() {
        return;
    }
    page.raw("<h3>Uses in code</h3><table class=\"stack\"><thead><tr><th scope=\"col\">Rule</th><th scope=\"col\">Places</th>");
    page.raw("<th scope=\"col\">Points</th><th scope=\"col\">What</th><th scope=\"col\">Such as</th></tr></thead><tbody>");
    for rule in rules.iter().take(200) {
        page.raw("<tr><th scope=\"row\"><code>").text(rule.name).raw("</code></th>").cell("Places", say::thousands(rule.number));
        page.cell("Points", say::thousands(rule.points)).cell("What", rule.what).cell("Such as", rule.examples.join(", ")).raw("</tr>");
    }
    page.raw("</tbody></table>");
}

fn resources(page: &mut Html, assessment: &Assessment) {
    if assessment.resources.is_empty() {
        return;
    }
    page.raw("<h3>Resources and their equivalents</h3><table class=\"stack\"><thead><tr><th scope=\"col\">Resource</th><th scope=\"col\">Number</th>");
    page.raw("<th scope=\"col\">Equivalent</th><th scope=\"col\">Note</th></tr></thead><tbody>");
    for resource in assessment.resources.iter().take(300) {
        page.raw("<tr><th scope=\"row\"><code>").text(&resource.address).raw("</code></th>").cell("Number", resource.count.to_string());
        page.cell("Equivalent", tally::equivalent(resource).unwrap_or("no target was named")).cell("Note", &resource.note).raw("</tr>");
    }
    page.raw("</tbody></table>");
}
