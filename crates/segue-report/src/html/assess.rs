//! An assessment as one page of its own: how sure it is, what was observed, what somebody must know, what was not read.
//!
//! The same page as the others: no network, no script. Tests: `tests/it/assessment.rs`, and a browser in
//! `crates/segue/tests/it/pages.rs`.

use segue_model::assessment::Assessment;

use super::escape::Html;
use super::frame::{contents, foot, head, open_section};
use super::{observed, open};
use crate::document::tally;
use crate::plan::say;

/// The page.
pub fn assessment(assessment: &Assessment) -> String {
    let mut page = Html::default();
    head(&mut page, "segue assess");
    page.raw("<header class=\"top\"><div class=\"wrap\"><div class=\"brand\">segue assess</div><h1>What is there</h1></div></header>\n");
    let sections = [("sure", "How sure this is"), ("observed", "What was observed"), ("findings", "Findings")];
    contents(&mut page, &sections);
    page.raw("<main id=\"main\" class=\"wrap\">\n");
    for (id, title) in sections {
        open_section(&mut page, id, title);
        match id {
            "sure" => sure(&mut page, assessment),
            "observed" => observed::whole(&mut page, assessment),
            _ => open::listed(&mut page, &assessment.findings, "segue assess --format json"),
        }
        page.raw("</section>\n");
    }
    page.raw("</main>\n");
    foot(&mut page, &assessment.segue);
    page.finish()
}

fn sure(page: &mut Html, assessment: &Assessment) {
    let (level, because) = tally::confidence(assessment);
    page.raw("<dl class=\"facts\">").fact("Confidence", format!("{level}: {because}")).fact("Objects", tally::verdicts(assessment));
    let minutes: u64 = assessment.objects.iter().map(|object| object.effort_min).sum();
    page.fact("Work on objects", say::work(minutes)).fact("Systems", say::thousands(assessment.systems.len() as u64));
    page.fact("Not read", say::thousands(assessment.not_checked.len() as u64)).raw("</dl>");
}
