//! Matrices over made reports: which pairs the policy asks about, and which numbers admit what.

use std::convert::Infallible;

use segue_compat::draft::{self, Draft, Outcome};
use segue_compat::matrix::{build, declared, fitting};
use segue_compat::policy::{DEFAULT, Policy};
use segue_compat::rule::Rule;
use segue_compat::source::File;
use segue_model::check::matrix::{Matrix, Version};
use segue_model::check::{Breaks, Verdict};

static RULE: Rule = Rule { id: "operation-removed", title: "", why: "", fix: "", answers: &[] };

/// Versions and the pairs that break, of which way.
fn matrix(policy: &Policy, versions: &[(&str, Option<&str>)], breaking: &[(usize, usize, Breaks)]) -> Matrix {
    let versions: Vec<Version> =
        versions.iter().map(|(name, declared)| Version { name: (*name).to_owned(), declared: declared.map(str::to_owned) }).collect();
    let compare = |old: usize, new: usize| {
        let drafts = breaking
            .iter()
            .filter(|(a, b, _)| (*a, *b) == (old, new))
            .map(|(_, _, what)| Draft::new(&RULE, policy, vec![*what], format!("{old}-{new}"), format!("{old} to {new} breaks")))
            .collect();
        Ok::<_, Infallible>(draft::report("openapi", policy, &[], Outcome { drafts, ..Outcome::default() }))
    };
    build(&versions, policy, compare).unwrap_or_else(|error| match error {})
}

const THREE: [(&str, Option<&str>); 3] = [("a", Some("1.0.0")), ("b", Some("1.1.0")), ("c", Some("2.0.0"))];

#[test]
fn every_pair_is_there_and_answers_both_directions() {
    let all = matrix(&DEFAULT, &THREE, &[(0, 1, Breaks::Rollback), (0, 2, Breaks::Deploy)]);
    let pairs: Vec<_> = all.pairs.iter().map(|pair| (pair.old, pair.new, pair.asked)).collect();
    assert_eq!(pairs, [(0, 1, true), (0, 2, false), (1, 2, true)]);
    assert_eq!(all.works(0, 1), Some(Verdict::Compatible), "an old client against the new server");
    assert_eq!(all.works(1, 0), Some(Verdict::Breaking), "a new client against the old server");
    assert_eq!((all.works(0, 2), all.works(2, 2)), (Some(Verdict::Breaking), Some(Verdict::Compatible)));
    assert_eq!(all.works(0, 7), None, "nobody compared it");
    assert_eq!(all.verdict, Verdict::Compatible, "neighbours do not break, and only they are asked about");
    assert_eq!(all.pairs[1].examples, ["0 to 2 breaks"]);
}

#[test]
fn a_transitive_policy_asks_about_every_earlier_version() {
    let policy = Policy::named("backward-transitive").expect("it is there");
    let all = matrix(policy, &THREE, &[(0, 2, Breaks::Deploy)]);
    assert!(all.pairs.iter().all(|pair| pair.asked));
    assert_eq!(all.verdict, Verdict::Breaking);
    let forward = Policy::named("forward").expect("it is there");
    assert_eq!(matrix(forward, &THREE, &[(0, 1, Breaks::Deploy)]).verdict, Verdict::Compatible, "it asks about the way back");
}

#[test]
fn a_break_that_the_number_does_not_admit_is_a_finding_at_its_step() {
    let all = matrix(&DEFAULT, &THREE, &[(0, 1, Breaks::Deploy), (0, 2, Breaks::Deploy), (1, 2, Breaks::Deploy)]);
    let found: Vec<_> = all.findings.iter().map(|one| (one.rule.as_str(), one.object.as_str(), one.message.as_str())).collect();
    let message = "1.0.0 -> 1.1.0 has 1 change that breaks clients, and such a change needs version 2.0.0";
    assert_eq!(found, [("semver-breaking-without-major", "a -> b", message)]);
    assert_eq!(matrix(&DEFAULT, &THREE, &[(0, 1, Breaks::Rollback)]).findings.len(), 0, "a new field is no new major");
}

#[test]
fn a_break_over_several_steps_is_told_once() {
    let policy = Policy::named("backward-transitive").expect("it is there");
    let versions = [("a", Some("1.0.0")), ("b", Some("1.1.0")), ("c", Some("1.2.0"))];
    let far = matrix(policy, &versions, &[(0, 2, Breaks::Deploy)]);
    assert_eq!(far.findings.iter().map(|one| one.object.as_str()).collect::<Vec<_>>(), ["a -> c"]);
    let near = matrix(policy, &versions, &[(0, 2, Breaks::Deploy), (0, 1, Breaks::Deploy)]);
    assert_eq!(near.findings.iter().map(|one| one.object.as_str()).collect::<Vec<_>>(), ["a -> b"]);
}

#[test]
fn what_states_no_version_is_said_to() {
    let all = matrix(&DEFAULT, &[("a", None), ("b", Some("2024-01-01"))], &[(0, 1, Breaks::Deploy)]);
    assert!(all.findings.is_empty());
    assert_eq!(
        all.not_checked,
        [
            "a: it states no version, so nobody can tell what it admits",
            "b: its version is no semantic version, so nobody can tell what it admits"
        ]
    );
}

#[test]
fn an_error_of_a_pair_is_the_matrix_s() {
    let versions = [Version { name: "a".to_owned(), declared: None }, Version { name: "b".to_owned(), declared: None }];
    assert_eq!(build(&versions, &DEFAULT, |old, new| Err((old, new))), Err((0, 1)));
    assert!(fitting(2).is_ok() && fitting(64).is_ok());
    assert_eq!(fitting(1).expect_err("too few").to_string(), "a matrix takes 2 to 64 versions of a contract, and there are 1");
    assert!(fitting(65).is_err());
}

#[test]
fn a_document_says_its_version() {
    for (text, expected) in [
        ("openapi: 3.0.0\ninfo: {version: 1.10}\n", Some("1.10")),
        ("{\"info\": {\"version\": \"2.0.0\"}}", Some("2.0.0")),
        ("{\"schema_version\": \"1.0\"}", Some("1.0")),
        ("type Query { a: Int }", None),
        ("info: 7", None),
    ] {
        assert_eq!(declared(&File::text("x", text)).as_deref(), expected, "{text}");
    }
}
