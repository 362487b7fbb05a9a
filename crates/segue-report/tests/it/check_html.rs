//! The check's page: whole, closed to every name, and small enough.

use segue_report::check::html;
use segue_report::html::LIMIT;

use crate::check_sample as sample;

#[test]
fn no_name_becomes_markup() {
    let page = html(&sample::hostile());
    for markup in ["<script", "<img", "onmouseover=\"", "onerror=alert(1)>", "http://", "https://"] {
        assert!(!page.contains(markup) || markup.starts_with("http") && !page.contains(&format!("=\"{markup}")), "{markup}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("<details").count(), page.matches("</details>").count());
    assert!(!page.contains('\u{202e}') && !page.contains('\u{0}') && !page.contains('\r') && !page.contains('\u{1b}'));
    assert!(page.contains("&lt;script&gt;") && page.contains("表😀é\u{301}"));
}

#[test]
fn a_page_asks_for_nothing() {
    for (name, report) in sample::all() {
        let page = html(&report);
        assert!(!page.contains("src=") && !page.contains("url(") && !page.contains("http:") && !page.contains("https:"), "{name}");
        assert!(page.contains("default-src 'none'") && page.contains("id=\"answer\""), "{name}");
    }
}

#[test]
fn a_page_stays_below_its_limit() {
    let mut report = sample::many();
    let one = report.findings[0].clone();
    report.findings = vec![one; 3_000];
    for finding in &mut report.findings {
        finding.why = "x ".repeat(5_000);
    }
    let page = html(&report);
    assert!(page.len() < LIMIT, "{}", page.len());
    assert!(page.contains(" findings more") || page.contains("and 2"), "what is cut is counted");
}
