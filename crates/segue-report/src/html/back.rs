//! Can we go back? The answer first, then phase by phase, then what it costs over the plan.
//!
//! Says nothing better than it is: a time that nobody knows is drawn as unknown. Tests: `tests/it/html.rs`.

use segue_model::plan::{Phase, Plan};

use super::Extra;
use super::charts::{cut, percent, upright, word};
use super::escape::Html;
use super::tone;
use crate::plan::{dates, say};
use crate::runbook;

/// The height of the curve, and of what stands below it.
const HIGH: u64 = 150;
const BELOW: u64 = 26;
/// The scale on which the time to go back is drawn: seconds, and their words.
const MARKS: [(u64, &str); 5] = [(10, "10 s"), (60, "1 min"), (600, "10 min"), (3_600, "1 h"), (86_400, "1 day")];

/// The section.
pub(super) fn section(page: &mut Html, plan: &Plan, extra: &Extra<'_>) {
    answer(page, plan, extra);
    rehearsed(page, plan);
    ready(page, plan);
    rail(page, plan);
    curve(page, plan);
    table(page, plan);
}

fn answer(page: &mut Html, plan: &Plan, extra: &Extra<'_>) {
    let (tone, mark, head, more) = if let Some(status) = extra.status { now(status) } else { planned(plan) };
    page.open("div", &[("class", "answer"), ("data-tone", tone)])
        .raw("<span class=\"mark\" aria-hidden=\"true\">")
        .raw(mark)
        .raw("</span><div>");
    page.el("strong", "", head).para("", more).raw("</div></div>");
}

/// When the way back was last tried, and what that does not show.
fn rehearsed(page: &mut Html, plan: &Plan) {
    let Some(rehearsal) = &plan.program.rehearsal else {
        page.raw("<p>").badge("warn", "◔", "not rehearsed").raw(" Nobody has tried the way back of this plan on a clone yet.</p>");
        return;
    };
    let sample = if rehearsal.whole { "every row" } else { "a sample" };
    let time = |ms: u64| say::time(ms.div_ceil(1_000));
    page.raw("<p>").badge("good", "✓", "rehearsed").text(format!(
        " {} on a clone with {sample} ({}): forward in {}, back in {}.",
        rehearsal.at,
        say::many(rehearsal.rows, "row"),
        time(rehearsal.forward_ms),
        time(rehearsal.back_ms)
    ));
    page.raw("</p>").para("small", rehearsal.not_covered.join(" "));
}

/// Whether everything that the way back needs is written down, as the runbook says it.
fn ready(page: &mut Html, plan: &Plan) {
    const SHOWN: usize = 20;
    let readiness = runbook::readiness(plan);
    if !readiness.is_red() {
        page.raw("<p>").badge("good", "✓", "complete").raw(" Every step has a way back that is written down.</p>");
        return;
    }
    let missing = readiness.reasons.len();
    page.raw("<details><summary>").badge("bad", "✕", "not complete").text(format!(" What the way back still lacks: {missing}"));
    page.raw("</summary><div class=\"body\"><ul>");
    for reason in readiness.reasons.iter().take(SHOWN) {
        page.said("li", "", reason);
    }
    if missing > SHOWN {
        page.said("li", "", format!("and {} more: `segue runbook`", missing - SHOWN));
    }
    page.raw("</ul></div></details>");
}

type Answer = (&'static str, &'static str, String, String);

/// What a run says of itself now.
fn now(status: &crate::view::StatusView) -> Answer {
    let back = &status.back;
    let time = back
        .seconds
        .map_or_else(|| "Nobody measured how long it takes.".to_owned(), |seconds| format!("It takes about {}.", say::time(seconds)));
    match (back.possible, back.rows_lost) {
        (false, _) => ("bad", "✕", "No. There is no way back any more.".to_owned(), String::new()),
        (true, Some(0)) => ("good", "✓", "Yes, without loss.".to_owned(), time),
        (true, Some(rows)) => ("warn", "◐", format!("Yes, and {} would be lost.", say::many(rows, "row")), time),
        (true, None) => ("warn", "◐", "Yes. Nobody has looked yet what it would lose.".to_owned(), time),
    }
}

/// What the plan promises.
fn planned(plan: &Plan) -> Answer {
    let last = plan.phases.iter().find(|phase| say::is_final(phase));
    let losing = plan.phases.iter().find(|phase| say::loses(phase));
    let when = |phase: &Phase| phase.project.starts.map(|starts| format!(" ({})", dates::starts(plan, starts.p50_s))).unwrap_or_default();
    match (losing, last) {
        (None, _) => ("good", "✓", "Yes, without loss, from every phase.".to_owned(), String::new()),
        (Some(first), _) if plan.phases.first() == Some(first) && say::is_final(first) => {
            ("bad", "✕", "No. The first phase is final.".to_owned(), say::lost(first).to_owned())
        }
        (Some(losing), last) => {
            let head = format!("Yes, without loss, until {} begins{}.", losing.name, when(losing));
            let kept = last.map(|last| format!("Nothing goes back from {}{}. Lost then: {}.", last.name, when(last), say::lost(last)));
            let cost = (last != Some(losing)).then(|| format!("Going back from {} loses {}.", losing.name, say::lost(losing)));
            ("good", "✓", head, [cost, kept].into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
    }
}

fn rail(page: &mut Html, plan: &Plan) {
    page.open("ol", &[("class", if plan.phases.len() > 7 { "rail many" } else { "rail" }), ("aria-label", "Way back by phase")]);
    for (at, phase) in plan.phases.iter().enumerate() {
        let ((tone, symbol), words) = tone::back(phase);
        let number = if plan.phases.len() < CROWD { String::new() } else { format!("{} ", at + 1) };
        let time = say::seconds_back(phase).filter(|_| !say::is_final(phase)).map(say::time);
        let time = time.map(|time| format!(" in\u{a0}{}", time.replace(' ', "\u{a0}"))).unwrap_or_default();
        page.open("li", &[("data-tone", tone)])
            .el("b", "", format!("{number}{}", phase.name))
            .raw("<span aria-hidden=\"true\">")
            .raw(symbol)
            .raw("</span> ");
        page.text(format!("{words}{time}")).raw("</li>");
    }
    page.raw("</ol>");
}

/// The height of a time on the curve: by its logarithm in base two, so that a second and a day can both be read.
fn height(seconds: u64) -> u64 {
    let log = |value: u64| u64::from((value + 1).ilog2()) * 8 + ((value + 1) * 8 / (1 << (value + 1).ilog2()) - 8);
    (log(seconds.min(4 * 86_400)) * (HIGH - 24) / log(2 * 86_400)).clamp(3, HIGH - 12)
}

fn curve(page: &mut Html, plan: &Plan) {
    let total = HIGH + BELOW;
    page.raw("<h3>What going back costs, over the plan</h3><figure>");
    page.open("svg", &[("class", "chart"), ("height", &total.to_string()), ("role", "img"), ("aria-labelledby", "curve-title")]);
    page.raw("<title id=\"curve-title\">").text(spoken(plan)).raw("</title>");
    for (seconds, words) in MARKS {
        let y = (HIGH - height(seconds)).to_string();
        page.open("line", &[("class", "grid"), ("x1", "0"), ("x2", "100%"), ("y1", &y), ("y2", &y)]).close("line");
        word(page, "soft", "start", "0", HIGH - height(seconds) - 3, words);
    }
    for (at, phase) in plan.phases.iter().enumerate() {
        column(page, phase, at, plan.phases.len());
    }
    page.raw("</svg><figcaption>Height: time until everybody is back on the old side, from within that phase (longer is higher, by its logarithm). ");
    page.raw("Full height with ✕: no way back. Dashed: nobody has measured or stated it.</figcaption></figure>");
}

/// From how many phases on their names do not fit below the curve; numbers stand there then, as on the rail.
const CROWD: usize = 13;

/// A phase on the curve. Each is as wide as any other: the calendar stands elsewhere.
fn column(page: &mut Html, phase: &Phase, at: usize, of: usize) {
    let ((tone, symbol), _) = tone::back(phase);
    let seconds = say::seconds_back(phase);
    let (high, class, words) = match seconds {
        _ if say::is_final(phase) => (HIGH - 12, "tone", String::new()),
        Some(seconds) => (height(seconds), "tone", say::time(seconds)),
        None => (HIGH / 2, "unknown", "?".to_owned()),
    };
    // The words of the scale stand in the first eighth of the width.
    let whole = of as u64 * 1_000;
    let inside = |place: u64| whole / 8 + place * 875 / 1_000;
    let (from, to) = (inside(at as u64 * 1_000), inside(at as u64 * 1_000 + 1_000));
    let (x, width, y) = (percent(from, whole), percent(to - from, whole), HIGH - high);
    let title = if words.is_empty() { "no way back" } else { &words };
    page.raw("<g><title>").text(format!("{}: {symbol} {title}", phase.name)).raw("</title>");
    let (top, tall) = (y.to_string(), high.to_string());
    let place = [("x", x.as_str()), ("y", &top), ("width", &width), ("height", &tall)];
    page.open("rect", &[&[("class", class), ("data-tone", tone), ("stroke", "var(--panel)"), ("stroke-width", "2")], &place[..]].concat());
    page.raw("</rect>");
    let middle = percent(from.midpoint(to), whole);
    let above = if high > 30 && seconds.is_none() && !say::is_final(phase) { y + 18 } else { y - 5 };
    let (said, class) =
        if of < CROWD { (format!("{symbol} {words}"), if of > 6 { "wide" } else { "" }) } else { (symbol.to_owned(), "wide") };
    word(page, class, "middle", &middle, above, &said);
    upright(page, "grid", &x, HIGH, HIGH + 5);
    let name = if of < CROWD { cut(&phase.name, 130 / of) } else { (at + 1).to_string() };
    // Of very many numbers only some are shown.
    if at.is_multiple_of(of.div_ceil(40)) {
        word(page, "soft wide", "middle", &middle, HIGH + 17, &name);
    }
    page.raw("</g>");
}

fn spoken(plan: &Plan) -> String {
    let parts: Vec<String> = plan
        .phases
        .iter()
        .take(20)
        .map(|phase| {
            let time = if say::is_final(phase) {
                "no way back".to_owned()
            } else {
                say::seconds_back(phase).map_or_else(|| "not known".to_owned(), say::time)
            };
            format!("{} {time}", phase.name)
        })
        .collect();
    format!("Time to go back by phase: {}.", parts.join("; "))
}

fn table(page: &mut Html, plan: &Plan) {
    page.raw("<h3>Phase by phase</h3><table class=\"stack\"><thead><tr><th scope=\"col\">From</th><th scope=\"col\">Possible</th><th scope=\"col\">How</th>");
    page.raw("<th scope=\"col\">Time</th><th scope=\"col\">Users notice</th><th scope=\"col\">Lost</th><th scope=\"col\">Verified by</th></tr></thead><tbody>");
    for (phase, whole) in plan.phases.iter().zip(runbook::curve(plan)) {
        let ((tone, symbol), words) = tone::back(phase);
        let back = &phase.project.rollback;
        let time = if say::is_final(phase) {
            "–".to_owned()
        } else {
            say::seconds_back(phase).map_or_else(|| "not known".to_owned(), say::time)
        };
        let from = back.time.as_ref().map(|time| format!(" ({})", time.from)).unwrap_or_default();
        page.raw("<tr><th scope=\"row\">")
            .text(&phase.name)
            .raw("</th><td data-label=\"Possible\">")
            .badge(tone, symbol, words)
            .raw("</td>");
        let whole = whole
            .seconds
            .filter(|seconds| Some(*seconds) != say::seconds_back(phase))
            .map(|seconds| format!("; {} to the very beginning", say::time(seconds)))
            .unwrap_or_default();
        page.cell("How", say::way_back(phase)).cell("Time", format!("{time}{from}{whole}"));
        page.cell("Users notice", &back.user_impact).cell("Lost", say::lost(phase)).cell("Verified by", &back.verify).raw("</tr>");
    }
    page.raw("</tbody></table>");
}
