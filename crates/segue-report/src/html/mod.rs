//! The plan as one HTML page that needs nothing else: no network, no script, light and dark, on paper and by keyboard.
//!
//! A pure function of the plan and of what the caller adds to it. Every text passes [`escape`]; colours only repeat a
//! symbol and a word. Must never hold a secret or a row's value, and never grow past [`LIMIT`]: what is left out is
//! counted. Tests: `tests/it/html*.rs`, and a browser in `tests/it/browser.rs`.

mod assess;
mod back;
mod charts;
pub(crate) mod escape;
pub(crate) mod frame;
mod gantt;
mod lists;
mod observed;
mod open;
mod phases;
mod risks;
mod run;
mod step;
mod summary;
pub(crate) mod tone;

use jiff::tz::TimeZone;
use segue_model::assessment::Assessment;
use segue_model::event::Entry;
use segue_model::plan::Plan;

use crate::view::StatusView;
use escape::Html;

pub use assess::assessment;
pub use escape::escape;

/// No page is larger, in bytes.
pub const LIMIT: usize = 2_000_000;

/// Lists of many are cut once the page is this large; the rest of the page still fits below [`LIMIT`].
pub(crate) const FULL: usize = 1_300_000;

pub(crate) const STYLE: &str = include_str!("style.css");

/// What a page shows beside the plan; all of it may be missing.
#[derive(Debug, Clone)]
pub struct Extra<'a> {
    /// Where a run of the plan is.
    pub status: Option<&'a StatusView>,
    /// The run's journal.
    pub journal: &'a [Entry],
    /// The zone in which moments of the journal are shown.
    pub zone: TimeZone,
    /// What was observed.
    pub assessment: Option<&'a Assessment>,
    /// Texts of others with their titles: a retrospective, a summary. Shown as they are, never as markup.
    pub texts: &'a [(String, String)],
}

impl Default for Extra<'_> {
    /// Nothing, in UTC.
    fn default() -> Self {
        Self { status: None, journal: &[], zone: TimeZone::UTC, assessment: None, texts: &[] }
    }
}

/// The whole page.
pub fn report(plan: &Plan, extra: &Extra<'_>) -> String {
    let mut page = Html::default();
    let sections = sections(plan, extra);
    head(&mut page, plan);
    summary::header(&mut page, plan);
    contents(&mut page, plan, &sections);
    page.raw("<main id=\"main\" class=\"wrap\">\n");
    for section in &sections {
        page.open("section", &[("class", "card"), ("id", section.id), ("aria-labelledby", &format!("{}-h", section.id))]);
        page.open("h2", &[("id", &format!("{}-h", section.id))]).text(section.title).close("h2");
        (section.write)(&mut page, plan, extra);
        page.raw("</section>\n");
    }
    page.raw("</main>\n");
    foot(&mut page, plan);
    page.finish()
}

/// A part of the page with its place in the contents.
struct Section {
    id: &'static str,
    title: &'static str,
    short: &'static str,
    write: fn(&mut Html, &Plan, &Extra<'_>),
}

/// The parts that this plan has something to say in, in the order of the dashboard.
fn sections(plan: &Plan, extra: &Extra<'_>) -> Vec<Section> {
    let program = &plan.program;
    let all: [(bool, Section); 15] = [
        (extra.status.is_some(), section("now", "Where the run is", "Now", run::now)),
        (true, section("summary", "At a glance", "Summary", summary::glance)),
        (true, section("needed", "Needed before start", "Needed", open::needed)),
        (true, section("back", "Can we go back?", "Way back", back::section)),
        (true, section("dates", "When", "Dates", gantt::section)),
        (true, section("risks", "What can go wrong", "Risks", risks::section)),
        (true, section("gates", "Gates and triggers", "Gates", risks::gates)),
        (true, section("phases", "Phases, steps and tasks", "Phases", phases::section)),
        (!program.checklists.is_empty(), section("checklists", "Checklists", "Checklists", lists::checklists)),
        (!program.comms.is_empty(), section("comms", "Who is told what, and when", "Messages", lists::comms)),
        (extra.assessment.is_some(), section("assessment", "What was observed", "Observed", observed::section)),
        (true, section("findings", "Findings", "Findings", open::findings)),
        (true, section("not-checked", "Not checked", "Not checked", open::not_checked)),
        (!extra.journal.is_empty(), section("journal", "Journal", "Journal", run::journal)),
        (!extra.texts.is_empty(), section("texts", "Reports", "Reports", run::texts)),
    ];
    all.into_iter().filter(|(there, _)| *there).map(|(_, section)| section).collect()
}

fn section(id: &'static str, title: &'static str, short: &'static str, write: fn(&mut Html, &Plan, &Extra<'_>)) -> Section {
    Section { id, title, short, write }
}

fn head(page: &mut Html, plan: &Plan) {
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; ");
    page.raw("base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
    page.raw("<title>").text(format!("{} {} – migration plan", plan.id, plan.name)).raw("</title>\n<style>\n").raw(STYLE);
    page.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the plan</a>\n");
}

fn contents(page: &mut Html, plan: &Plan, sections: &[Section]) {
    page.raw("<nav class=\"toc\" aria-label=\"Contents\"><ul>");
    for section in sections {
        page.raw("<li>").open("a", &[("href", &format!("#{}", section.id))]).text(section.short);
        let open = plan.program.needed.len();
        if section.id == "needed" && open > 0 {
            page.raw(" <b>").text(open.to_string()).raw("</b>");
        }
        page.raw("</a></li>");
    }
    page.raw("</ul></nav>\n");
}

fn foot(page: &mut Html, plan: &Plan) {
    page.raw("<footer><div class=\"wrap\">");
    page.el("p", "", format!("Plan {} made by Segue {}.", plan.digest, plan.segue));
    let mut from = Vec::new();
    for (what, value) in [("profile", &plan.program.profile), ("model", &plan.program.model)] {
        if !value.is_empty() {
            from.push(format!("{what} {value}"));
        }
    }
    if !from.is_empty() {
        page.el("p", "", format!("Figures by {}. `segue explain` gives the reason of each.", from.join(", ")));
    }
    page.raw("<p>This page is complete in itself: it loads nothing and sends nothing.</p></div></footer>\n</body>\n</html>\n");
}
