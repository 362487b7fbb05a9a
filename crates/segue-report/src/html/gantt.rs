//! When: the phases on a calendar, with the dates by which half, 80 % and 95 % of the simulated runs were over.
//!
//! A plan without a schedule gets a table of what is known. Tests: `tests/it/html.rs`.

use segue_model::plan::{Phase, Plan};

use super::Extra;
use super::charts::{bar, cut, every, percent, upright, word};
use super::escape::Html;
use super::tone;
use crate::plan::dates::{self, DAY_S};
use crate::plan::say;

/// Height of a phase's row, and of the scale above all rows.
const ROW: u64 = 44;
const SCALE: u64 = 54;

/// The section.
pub(super) fn section(page: &mut Html, plan: &Plan, _: &Extra<'_>) {
    let whole = horizon(plan);
    if whole == 0 {
        let lead = if plan.execution.is_nothing() {
            "No dates could be estimated: what is missing stands in “Needed before start”."
        } else {
            "Machine time by phase; the spec asked for no calendar."
        };
        page.para("lead", lead);
        table(page, plan);
        return;
    }
    page.para("lead", lead(plan));
    page.raw("<figure>");
    chart(page, plan, whole);
    legend(page);
    page.raw("<figcaption>").text(caption(plan)).raw("</figcaption></figure>");
    drivers(page, plan);
    page.raw("<details><summary>The same as a table</summary><div class=\"body\">");
    table(page, plan);
    page.raw("</div></details>");
}

/// The last second that the chart shows.
fn horizon(plan: &Plan) -> u64 {
    let ends = plan.phases.iter().filter_map(|phase| phase.project.ends.map(|ends| ends.p95_s)).max().unwrap_or(0);
    ends.max(plan.program.duration.map_or(0, |duration| duration.p95_s))
}

fn lead(plan: &Plan) -> String {
    let Some(end) = &plan.program.duration else { return String::new() };
    let effort = plan
        .program
        .effort
        .as_ref()
        .filter(|effort| effort.p95_s > 0)
        .map(|effort| format!(" {} of people's work.", say::effort(effort)))
        .unwrap_or_default();
    format!(
        "As likely over as not by {}; four times in five by {}; nineteen in twenty by {}.{effort}",
        dates::finish(plan, end.p50_s),
        dates::finish(plan, end.p80_s),
        dates::finish(plan, end.p95_s)
    )
}

fn caption(plan: &Plan) -> String {
    let spans: Vec<String> =
        plan.phases.iter().filter_map(|phase| dates::span(plan, phase).map(|span| format!("{} {span}", phase.name))).collect();
    let shown = spans.len().min(8);
    let more = if spans.len() > shown { format!(" and {} more", spans.len() - shown) } else { String::new() };
    format!("Phases by their middle dates: {}{more}.", spans[..shown].join("; "))
}

fn chart(page: &mut Html, plan: &Plan, whole: u64) {
    let drawn: Vec<&Phase> = plan.phases.iter().filter(|phase| phase.project.ends.is_some()).collect();
    let height = SCALE + ROW * drawn.len() as u64 + 6;
    page.open("svg", &[("class", "chart"), ("height", &height.to_string()), ("role", "img"), ("aria-labelledby", "gantt-title")]);
    page.raw("<title id=\"gantt-title\">").text(format!("Schedule of {}. {}", plan.id, caption(plan))).raw("</title>");
    scale(page, plan, whole, height);
    for (at, phase) in drawn.iter().enumerate() {
        row(page, plan, phase, whole, SCALE + ROW * at as u64);
    }
    if let Some(end) = &plan.program.duration {
        for (class, name, second, y) in [("p50", "P50", end.p50_s, 28), ("p80", "P80", end.p80_s, 39), ("p95", "P95", end.p95_s, 50)] {
            let x = percent(second, whole);
            upright(page, class, &x, y, height);
            word(page, "soft", "end", &x, y, &format!("{name}\u{a0}"));
        }
    }
    page.raw("</svg>");
}

fn scale(page: &mut Html, plan: &Plan, whole: u64, height: u64) {
    let days = whole.div_ceil(DAY_S);
    let step = every(days);
    for (at, day) in (0..days).step_by(usize::try_from(step).unwrap_or(1)).enumerate() {
        let x = percent(day * DAY_S, whole);
        upright(page, "grid", &x, 18, height);
        let label = dates::starts(plan, day * DAY_S);
        // `Mon 11 Jan 2027` without its weekday and year; every other one goes on a narrow page.
        let short = if plan.program.start.is_some() { label.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ") } else { label };
        if day * DAY_S * 12 <= whole * 11 {
            word(page, if at % 2 == 1 { "soft wide" } else { "soft" }, "start", &x, 12, &short);
        }
    }
}

fn row(page: &mut Html, plan: &Plan, phase: &Phase, whole: u64, y: u64) {
    let (Some(starts), Some(ends)) = (phase.project.starts, phase.project.ends) else { return };
    let ((tone, symbol), words) = tone::back(phase);
    page.raw("<g><title>").text(format!("{}: {}; {words}", phase.name, dates::span(plan, phase).unwrap_or_default())).raw("</title>");
    let critical = match phase.project.criticality_permille {
        0 => String::new(),
        permille => format!(" · critical in {} %", dates::tenths(u64::from(permille), 10)),
    };
    let work = phase.project.work.as_ref().map(say::spread).unwrap_or_default();
    page.open("text", &[("x", "0"), ("y", &(y + 15).to_string())])
        .raw("<tspan class=\"name\">")
        .text(format!("{symbol} {}", cut(&phase.name, 34)));
    page.raw("</tspan><tspan class=\"soft\">").text(format!("   {}", dates::span(plan, phase).unwrap_or_default()));
    page.raw("</tspan><tspan class=\"soft wide\">").text(format!(" · work {work}{critical}")).raw("</tspan></text>");
    page.open("rect", &[("class", "track"), ("x", "0"), ("y", &(y + 22).to_string()), ("width", "100%"), ("height", "14"), ("rx", "4")])
        .close("rect");
    waits(page, plan, phase, starts.p50_s, whole, y + 29);
    bar(page, "tone late", tone, (ends.p80_s, ends.p95_s, whole), y + 22, 14);
    bar(page, "tone likely", tone, (ends.p50_s, ends.p80_s, whole), y + 22, 14);
    bar(page, "tone", tone, (starts.p50_s, ends.p50_s, whole), y + 22, 14);
    page.raw("</g>");
}

/// The wait before a phase: a dashed line from the end of what it comes after, where that is long enough to see.
fn waits(page: &mut Html, plan: &Plan, phase: &Phase, starts: u64, whole: u64, y: u64) {
    let before = plan.phases.iter().filter(|other| phase.project.after.contains(&other.name));
    let Some(from) = before.filter_map(|other| other.project.ends.map(|ends| ends.p50_s)).max() else { return };
    if starts.saturating_sub(from) * 12 < whole {
        return;
    }
    let (x1, x2, y) = (percent(from, whole), percent(starts, whole), y.to_string());
    page.open("line", &[("class", "wait"), ("x1", &x1), ("x2", &x2), ("y1", &y), ("y2", &y)]).close("line");
    let middle = percent(from.midpoint(starts), whole);
    page.open("text", &[("class", "soft halo"), ("x", &middle), ("y", &y), ("dy", "4"), ("text-anchor", "middle")]);
    page.text(format!("waits {}", say::time(starts - from))).close("text");
}

fn legend(page: &mut Html) {
    const BOX: [(&str, &str); 3] =
        [("tone", "to the middle end (P50)"), ("tone likely", "to the 80 % end (P80)"), ("tone late", "to the 95 % end (P95)")];
    page.raw("<ul class=\"legend\">");
    for (class, words) in BOX {
        page.raw("<li data-tone=\"accent\"><svg class=\"chart\" style=\"display:inline;width:22px\" height=\"12\" aria-hidden=\"true\">");
        page.open("rect", &[("class", class), ("width", "22"), ("height", "12"), ("rx", "3")])
            .raw("</rect></svg>")
            .text(words)
            .raw("</li>");
    }
    for (class, words) in [("p50", "half of the runs over"), ("p80", "80 % over"), ("p95", "95 % over")] {
        page.raw("<li><svg class=\"chart\" style=\"display:inline;width:14px\" height=\"12\" aria-hidden=\"true\">");
        upright(page, class, "7", 0, 12);
        page.raw("</svg>").text(words).raw("</li>");
    }
    page.raw("<li>✓ back without loss</li><li>◐ back with loss</li><li>✕ no way back</li></ul>");
}

fn drivers(page: &mut Html, plan: &Plan) {
    if plan.program.drivers.is_empty() {
        return;
    }
    page.raw("<h3>What moves the end most</h3><ul class=\"plain\">");
    for driver in &plan.program.drivers {
        let share = dates::tenths(u64::from(driver.share_permille), 10);
        page.raw("<li><div class=\"row\">").el("code", "grow", &driver.id).el("span", "", format!("{share} % of the uncertainty"));
        let width = format!("width:{share}%");
        page.raw("</div><div class=\"meter\" aria-hidden=\"true\">").open("span", &[("style", &width)]).raw("</span></div>");
        page.para("small", format!("Narrower by: {}", driver.narrow)).raw("</li>");
    }
    page.raw("</ul>");
}

fn table(page: &mut Html, plan: &Plan) {
    page.raw("<table class=\"stack\"><thead><tr><th scope=\"col\">Phase</th><th scope=\"col\">After</th><th scope=\"col\">Starts</th>");
    page.raw("<th scope=\"col\">Ends P50</th><th scope=\"col\">Ends P80</th><th scope=\"col\">Ends P95</th><th scope=\"col\">Work</th>");
    page.raw("<th scope=\"col\">Figure from</th></tr></thead><tbody>");
    for phase in &plan.phases {
        let project = &phase.project;
        let ends = |of: fn(&segue_model::plan::program::Quantiles) -> u64| {
            project.ends.as_ref().map(|ends| dates::ends(plan, of(ends))).unwrap_or_default()
        };
        page.raw("<tr><th scope=\"row\">").text(&phase.name).raw("</th>").cell("After", project.after.join(", "));
        page.cell("Starts", project.starts.map(|starts| dates::starts(plan, starts.p50_s)).unwrap_or_default());
        page.cell("Ends P50", ends(|ends| ends.p50_s)).cell("Ends P80", ends(|ends| ends.p80_s)).cell("Ends P95", ends(|ends| ends.p95_s));
        let (work, from) = match &project.work {
            Some(work) => (say::spread(work), format!("{} ({})", work.from, work.confidence)),
            None => (crate::text::about(phase.estimate.seconds), phase.estimate.from.clone()),
        };
        page.cell("Work", work).cell("Figure from", from).raw("</tr>");
    }
    page.raw("</tbody></table>");
}
