//! What is no document is refused with a code and a place, never called compatible.

use segue_compat::source::Refused;

use super::compared;

const GOOD: &str = "openapi: 3.0.3\npaths: {}\n";

fn refused(text: &str) -> Vec<Refused> {
    let old = compared(text, GOOD).expect_err(text);
    let new = compared(GOOD, text).expect_err(text);
    let codes = |list: &[Refused]| list.iter().map(|one| one.code).collect::<Vec<_>>();
    assert_eq!(codes(&old), codes(&new));
    new
}

#[test]
fn what_is_no_document_is_refused() {
    for (text, code) in [
        ("[]", "SG-CHK-020"),
        ("just words", "SG-CHK-020"),
        ("{\"a\": ", "SG-CHK-021"),
        ("", "SG-CHK-021"),
        ("{}", "SG-CHK-022"),
        ("paths: {}", "SG-CHK-022"),
        ("openapi: 4.0.0\npaths: {}", "SG-CHK-023"),
        ("swagger: '1.2'\npaths: {}", "SG-CHK-023"),
        ("openapi: [3]\npaths: {}", "SG-CHK-023"),
        ("openapi: 3.0.3", "SG-CHK-024"),
        ("swagger: '2.0'\ninfo: {}", "SG-CHK-024"),
        ("openapi: 3.0.3\npaths: []", "SG-CHK-025"),
        ("openapi: 3.1.0\npaths: {}\ncomponents: [a]", "SG-CHK-025"),
        ("swagger: '2.0'\npaths: {}\ndefinitions: text", "SG-CHK-025"),
    ] {
        let wrong = refused(text);
        assert_eq!(wrong.len(), 1, "{text}: {wrong:?}");
        assert_eq!(wrong[0].code, code, "{text}: {wrong:?}");
        assert_eq!(wrong[0].file, "new.yaml");
        assert!(!wrong[0].help.is_empty() && wrong[0].span.is_some(), "{wrong:?}");
    }
}

#[test]
fn both_sides_are_refused_at_once() {
    let wrong = compared("{}", "[]").expect_err("both are wrong");
    assert_eq!(wrong.iter().map(|one| one.code).collect::<Vec<_>>(), ["SG-CHK-022", "SG-CHK-020"]);
}

#[test]
fn a_path_that_stands_twice_is_never_called_compatible() {
    let once = "openapi: 3.0.3\ninfo: {title: Orders}\npaths:\n  /orders: {post: {}}\n";
    let twice = "openapi: 3.0.3\ninfo: {title: Orders}\npaths:\n  /orders: {}\n  /orders: {post: {}}\n";
    let verdict = |old: &str, new: &str| super::reported(old, new, None).verdict;
    assert_eq!(verdict(once, twice), segue_model::check::Verdict::Undecided);
    assert_eq!(verdict(twice, once), segue_model::check::Verdict::Undecided);
    assert_eq!(verdict(twice, twice), segue_model::check::Verdict::Compatible);
}
