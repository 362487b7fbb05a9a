//! The frame of a page that is not a plan's: head, contents, sections, foot. No network, no script.
//!
//! Tests: those of the pages that stand in it.

use super::STYLE;
use super::escape::Html;

/// Everything before the page's own words.
pub(crate) fn head(page: &mut Html, title: &str) {
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; ");
    page.raw("base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
    page.raw("<title>").text(title).raw("</title>\n<style>\n").raw(STYLE);
    page.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the answer</a>\n");
}

/// The contents, and a link to each section.
pub(crate) fn contents(page: &mut Html, sections: &[(&'static str, &'static str)]) {
    page.raw("<nav class=\"toc\" aria-label=\"Contents\"><ul>");
    for (id, title) in sections {
        page.raw("<li>").open("a", &[("href", &format!("#{id}"))]).text(title).raw("</a></li>");
    }
    page.raw("</ul></nav>\n");
}

/// The beginning of a section, with its heading.
pub(crate) fn open_section(page: &mut Html, id: &str, title: &str) {
    page.open("section", &[("class", "card"), ("id", id), ("aria-labelledby", &format!("{id}-h"))]);
    page.open("h2", &[("id", &format!("{id}-h"))]).text(title).close("h2");
}

/// The end of a page.
pub(crate) fn foot(page: &mut Html, segue: &str) {
    page.raw("<footer><div class=\"wrap\">").el("p", "", format!("Made by Segue {segue}."));
    page.raw("<p>This page is complete in itself: it loads nothing and sends nothing.</p></div></footer>\n</body>\n</html>\n");
}
