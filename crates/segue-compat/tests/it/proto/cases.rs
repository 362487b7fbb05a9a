//! Every case of `tests/cases/proto/`: as it stands, against itself, swapped, and beside something unrelated.

use segue_compat::policy::{DEFAULT, Policy};
use segue_compat::proto;
use segue_compat::source::{File, Source};
use segue_model::check::{Breaks, Side};

use crate::case_file;

#[test]
fn every_case_says_what_it_should() {
    let count = case_file::check_all("proto", proto::check, &|_: &File| "\nservice Zebra_9 { }\n".to_owned());
    assert!(count >= 60, "{count} cases");
}

#[test]
fn every_rule_has_a_case() {
    let mut met = std::collections::BTreeSet::new();
    for case in case_file::all("proto") {
        for (old, new) in [(&case.old, &case.new), (&case.new, &case.old)] {
            if let Ok(report) = case_file::compare(proto::check, old, new) {
                met.extend(report.findings.into_iter().map(|finding| finding.rule));
            }
        }
    }
    let missing: Vec<_> = proto::RULES.iter().map(|rule| rule.id).filter(|id| !met.contains(*id)).collect();
    assert!(missing.is_empty(), "rules without a case: {missing:?}");
}

/// What a policy breaks, over all findings.
fn broken(policy: &str, old: &str, new: &str) -> (bool, bool) {
    let policy: &Policy = Policy::named(policy).expect("a policy");
    let outcome =
        proto::check(&Source::one(Side::Old, "a.proto", old), &Source::one(Side::New, "a.proto", new), policy).expect("it compares");
    let breaks = |what: Breaks| outcome.drafts.iter().any(|draft| draft.breaks.contains(&what));
    (breaks(Breaks::Deploy), breaks(Breaks::Rollback))
}

#[test]
fn the_policy_says_which_encodings_count() {
    let old = "syntax = \"proto3\"; option java_package = \"a\"; message A { string name = 1; }";
    let code = "syntax = \"proto3\"; option java_package = \"b\"; message A { string name = 1; }";
    assert_eq!(
        (broken("default", old, code), broken("strict", old, code), broken("full", old, code)),
        ((false, false), (true, true), (false, false))
    );
    let json = "syntax = \"proto3\"; option java_package = \"a\"; message A { string title = 1; }";
    assert_eq!((broken("default", old, json), broken("full", old, json)), ((true, true), (false, false)));
    let binary = "syntax = \"proto3\"; option java_package = \"a\"; message A { int32 name = 1; }";
    for policy in ["default", "strict", "full", "backward", "tolerant-reader"] {
        assert_eq!(broken(policy, old, binary), (true, true), "{policy}");
    }
    let more = "syntax = \"proto3\"; option java_package = \"a\"; message A { string name = 1; string more = 2; }";
    assert_eq!(
        (broken("default", old, more), broken("tolerant-reader", old, more), broken("full", old, more)),
        ((false, true), (false, false), (false, false))
    );
    assert_eq!(DEFAULT.name, "default");
}

#[test]
fn custom_options_are_named_as_not_compared() {
    let with = |path: &str| {
        format!(
            "syntax = \"proto3\"; message M {{ string e = 1 [(buf.validate.field).string.email = true]; }} \
             service S {{ rpc G(M) returns (M) {{ option (google.api.http) = {{ get: \"{path}\" }}; }} }}"
        )
    };
    let (old, new) = (Source::one(Side::Old, "a.proto", &with("/v1/a")), Source::one(Side::New, "a.proto", &with("/v2/a")));
    let outcome = proto::check(&old, &new, &DEFAULT).expect("it compares");
    assert_eq!(outcome.not_checked, ["custom options are not compared: `buf.validate.field`"]);
}
