//! Suppressions: read with places, applied by day, and never hiding what they do not name.

use segue_compat::draft::{self, Draft, Outcome};
use segue_compat::ignore::{Ignore, apply, baseline, read};
use segue_compat::policy::{DEFAULT, Policy};
use segue_compat::rule::Rule;
use segue_compat::source::{File, Place, Source, Span};
use segue_model::check::{Breaks, CheckReport, Side, Verdict};

static REMOVED: Rule = Rule { id: "operation-removed", title: "", why: "Clients call it.", fix: "Deprecate it first.", answers: &[] };
static ADDED: Rule = Rule { id: "response-enum-added", title: "", why: "Clients may not know it.", fix: "Tell them.", answers: &[] };

const NEW: &str = "paths:\n  /a: {}\n  # segue-ignore response-enum-* until=2027-01-31: clients have a default branch\n  /b: {}\n";

/// A report of two findings: one of the old file, one on line 4 of the new one.
fn report(policy: &Policy, text: &str, undecided: bool) -> CheckReport {
    let old = Source::one(Side::Old, "old.yaml", "paths:\n  /c: {}\n");
    let new = Source::one(Side::New, "new.yaml", text);
    let at = text.rfind("/b").expect("it is there");
    let drafts = vec![
        Draft::new(&REMOVED, policy, vec![Breaks::Deploy, Breaks::Rolling], "paths/~1c/get", "`GET /c` is gone")
            .at(Side::Old, Place { file: 0, span: Span::new(9, 11) }),
        Draft::new(&ADDED, policy, vec![Breaks::Deploy, Breaks::Rolling], "components/schemas/B", "`x` is new")
            .at(Side::New, Place { file: 0, span: Span::new(at, at + 2) }),
    ];
    draft::report("openapi", policy, &[&old, &new], Outcome { drafts, undecided, ..Outcome::default() })
}

fn rules(text: &str) -> Ignore {
    read(&File::text("segue-ignore.yaml", text)).expect("it reads")
}

fn refused(text: &str) -> Vec<(&'static str, String, String)> {
    let cut = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned();
    let refused = read(&File::text("segue-ignore.yaml", text)).expect_err("it is refused");
    refused.into_iter().map(|one| (one.code, format!("{} {}", one.message, one.help), one.span.map(cut).unwrap_or_default())).collect()
}

fn names(report: &CheckReport) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn a_mark_and_an_entry_suppress_what_they_name_and_nothing_else() {
    let before = report(&DEFAULT, NEW, false);
    assert_eq!((before.findings.len(), before.verdict), (2, Verdict::Breaking));
    let after = apply(before.clone(), &Ignore::default(), None, "2026-11-21");
    assert_eq!(names(&after), ["operation-removed"]);
    assert_eq!((after.verdict, after.rollback), (Verdict::Breaking, Verdict::Compatible));
    let one = &after.suppressed[0];
    assert_eq!((one.by.as_str(), one.until.as_deref()), ("a comment in new.yaml, line 3", Some("2027-01-31")));
    assert_eq!(one.reason, "clients have a default branch");
    let both = rules("- {rule: operation-removed, object: 'paths/~1c/*', file: old.yaml, reason: nobody calls it}\n");
    let after = apply(before, &both, None, "2026-11-21");
    assert_eq!((names(&after).len(), after.suppressed.len(), after.verdict), (0, 2, Verdict::Compatible));
}

#[test]
fn an_entry_by_id_holds_for_that_finding_alone() {
    let before = report(&DEFAULT, NEW, false);
    let id = before.findings.iter().find(|finding| finding.rule == "operation-removed").map(|one| one.id.clone()).expect("it is there");
    let after = apply(before.clone(), &rules(&format!("- {{id: '{id}', reason: agreed}}\n")), None, "2026-11-21");
    assert_eq!(after.suppressed.len(), 2);
    let other = apply(before, &rules("- {rule: operation-removed, object: paths/~1d/get, reason: agreed}\n"), None, "2026-11-21");
    assert_eq!(names(&other), ["operation-removed", "ignore-unused"]);
    let unused = &other.findings[1];
    assert_eq!(unused.at.as_ref().map(|at| (at.file.as_str(), at.line)), Some(("segue-ignore.yaml", 1)));
}

#[test]
fn the_day_after_its_last_the_finding_counts_again() {
    let entry = "- rule: operation-removed\n  reason: the last client moves in January\n  until: 2027-01-31\n";
    let on = apply(report(&DEFAULT, NEW, false), &rules(entry), None, "2027-01-31");
    assert_eq!((names(&on).len(), on.suppressed.len()), (0, 2), "the last day counts");
    let behind = apply(report(&DEFAULT, NEW, false), &rules(entry), None, "2027-02-01");
    assert_eq!(names(&behind), ["response-enum-added", "operation-removed", "ignore-expired", "ignore-expired"]);
    assert_eq!((behind.verdict, behind.suppressed.len()), (Verdict::Breaking, 0));
    let ended = behind.findings.iter().filter(|one| one.rule == "ignore-expired").map(|one| one.message.as_str());
    insta::assert_snapshot!(ended.collect::<Vec<_>>().join("\n"), @r"
    the suppression of `operation-removed` ended on 2027-01-31
    the suppression of `response-enum-* in new.yaml` ended on 2027-01-31
    ");
}

#[test]
fn what_was_not_decided_stays_undecided() {
    let all = rules("- {rule: '*', reason: all of it}\n");
    assert_eq!(apply(report(&DEFAULT, NEW, true), &all, None, "2026-11-21").verdict, Verdict::Undecided);
    let full = Policy::named("full").expect("it is there");
    let after = apply(report(full, NEW, true), &all, None, "2026-11-21");
    assert_eq!((after.verdict, after.deploy, after.rollback), (Verdict::Undecided, Verdict::Undecided, Verdict::Undecided));
}

#[test]
fn a_mark_that_cannot_be_read_is_told() {
    let text = "paths:\n  # segue-ignore response-enum-added\n  /b: {}\n";
    let after = apply(report(&DEFAULT, text, false), &Ignore::default(), None, "2026-11-21");
    assert_eq!(names(&after), ["response-enum-added", "operation-removed", "ignore-without-reason"]);
}

#[test]
fn a_baseline_takes_what_it_had_and_tells_what_is_gone() {
    let first = report(&DEFAULT, NEW, false);
    let json = serde_json::to_string(&first).expect("it is JSON");
    let mut known = baseline(&File::text("base.json", &json)).expect("it reads");
    assert_eq!(known.findings, first.findings);
    "gone".clone_into(&mut known.findings[0].id);
    let text = NEW.replace("segue-ignore", "ignored");
    let after = apply(report(&DEFAULT, &text, false), &Ignore::default(), Some(&known), "2026-11-21");
    assert_eq!((after.findings.len(), after.suppressed.len()), (1, 1));
    assert_eq!(after.suppressed[0].by, "baseline");
    assert_eq!(after.not_checked, ["resolved: 1 finding of the baseline is not there any more: gone"]);
}

#[test]
fn a_baseline_that_is_none_is_refused_without_its_words() {
    for text in ["{}", "secret-word", "[]", "{\"format_version\": \"secret-word\"}"] {
        let refused = baseline(&File::text("base.json", text)).expect_err("it is refused");
        assert_eq!(refused.code, "SG-CHK-073");
        assert!(!refused.message.contains("secret-word"), "{}", refused.message);
    }
    let mut later = report(&DEFAULT, NEW, false);
    later.format_version = 2;
    let later = serde_json::to_string(&later).expect("it is JSON");
    assert!(baseline(&File::text("base.json", &later)).is_err());
}

#[test]
fn a_file_says_everything_that_is_wrong_with_it() {
    let text = "- {rul: a, reason: x}\n- {rule: b}\n- {rule: c, reason: x, until: soon}\n- 7\n- {id: a, rule: b, reason: ' '}\n";
    let wrong = refused(text);
    let lines: Vec<String> = wrong.iter().map(|(code, message, at)| format!("{code} {message} [{at}]")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    SG-CHK-071 there is no key `rul` Did you mean `rule`? [rul]
    SG-CHK-072 a suppression names either the `id` of a finding or a `rule` Take the `id` from `segue check --format json` to suppress just one. [{rul: a, reason: x}]
    SG-CHK-072 a suppression needs a `reason` Say why it is right to live with it. [{rule: b}]
    SG-CHK-072 `until` must be a day Write `until: 2027-01-31`, the last day on which it holds. [soon]
    SG-CHK-072 a suppression must be a map, and is a number Write `{rule: …, reason: …}`. [7]
    SG-CHK-072 `reason` must be a text that is not empty Write it in quotes. [' ']
    SG-CHK-072 a suppression names either the `id` of a finding or a `rule` Take the `id` from `segue check --format json` to suppress just one. [{id: a, rule: b, reason: ' '}]
    ");
    for (text, code) in [("a: b\n", "SG-CHK-070"), ("- [\n", "SG-CHK-070"), ("- {rule: a, reason: b, rule: c}\n", "SG-CHK-072")] {
        assert_eq!(refused(text)[0].0, code, "{text}");
    }
    assert!(read(&File { name: "x".to_owned(), bytes: [0xff, 0xfe].as_slice().into() }).is_err());
    assert_eq!(rules("# nothing yet\n\n").entries.len(), 0);
}

#[test]
fn a_file_of_marks_is_bounded() {
    let text = format!("{}/b: {{}}\n", "# segue-ignore x: y\n".repeat(300_000));
    let after = apply(report(&DEFAULT, &text, false), &Ignore::default(), None, "2026-11-21");
    assert_eq!(after.findings.len(), 2 + 200, "each of the first two hundred is told");
    assert_eq!(
        after.not_checked,
        [
            "marks in the files behind the first 10000: none of them suppresses anything",
            "whether 9800 more marks in the files still suppress something"
        ]
    );
}

#[test]
fn a_hostile_file_is_refused_and_not_followed() {
    let deep = format!("- {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let aliases = "- &a [x, x]\n- &b [*a, *a]\n- {rule: *b, reason: *b}\n";
    for text in [deep.as_str(), aliases, "- !!binary x", "\u{0}", "- {rule: \"\u{0}\", reason: x, until: 2027-13-01}", "&a [*a]"] {
        assert!(read(&File::text("segue-ignore.yaml", text)).is_err(), "{}", text.chars().take(40).collect::<String>());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let made = || serde_json::to_string(&apply(report(&DEFAULT, NEW, false), &rules("- {rule: x, reason: y}\n"), None, "2026-11-21"));
    assert_eq!(made().expect("it is JSON"), made().expect("it is JSON"));
}
