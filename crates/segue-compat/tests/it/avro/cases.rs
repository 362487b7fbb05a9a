//! Every case of `tests/cases/avro/`: as it stands, against itself and swapped.

use segue_compat::avro;
use segue_compat::policy::Policy;
use segue_compat::source::{File, Source};
use segue_model::check::{Breaks, Side, Verdict};

use crate::case_file;

#[test]
fn every_case_says_what_it_should() {
    // A schema is one value: nothing unrelated can stand behind it but space.
    let count = case_file::check_all("avro", avro::check, &|_: &File| "\n \n".to_owned());
    assert!(count >= 60, "{count} cases");
}

#[test]
fn an_unrelated_field_changes_no_other_finding() {
    let with = |source: &Source| {
        let text = source.files[0].as_text().expect("text");
        let text = text.replacen("\"fields\": [", "\"fields\": [{\"name\": \"zebra\", \"type\": [\"null\", \"int\"]}, ", 1);
        Source::one(source.side, "a.avsc", &text)
    };
    let mut tried = 0;
    for case in case_file::all("avro") {
        let plain = case_file::compare(avro::check, &case.old, &case.new).expect("it compares");
        if case.old.files.len() > 1 || with(&case.old).files[0].bytes == case.old.files[0].bytes {
            continue;
        }
        let wider = case_file::compare(avro::check, &with(&case.old), &with(&case.new)).expect("it compares");
        let ids = |report: &segue_model::check::CheckReport| {
            report.findings.iter().map(|one| (one.id.clone(), one.breaks.clone())).collect::<Vec<_>>()
        };
        assert_eq!(ids(&plain), ids(&wider));
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn every_rule_has_a_case() {
    let mut met = std::collections::BTreeSet::new();
    for case in case_file::all("avro") {
        for (old, new) in [(&case.old, &case.new), (&case.new, &case.old)] {
            if let Ok(report) = case_file::compare(avro::check, old, new) {
                met.extend(report.findings.into_iter().map(|finding| finding.rule));
            }
        }
    }
    let missing: Vec<_> = avro::RULES.iter().map(|rule| rule.id).filter(|id| !met.contains(*id)).collect();
    assert!(missing.is_empty(), "rules without a case: {missing:?}");
}

#[test]
fn registries_ask_their_own_way() {
    let old = "{\"type\": \"record\", \"name\": \"A\", \"fields\": [{\"name\": \"x\", \"type\": \"long\"}]}";
    let new = old.replace("long", "int");
    let verdict = |policy: &str, old: &str, new: &str| {
        let policy = Policy::named(policy).expect("a policy");
        let (old, new) = (Source::one(Side::Old, "a.avsc", old), Source::one(Side::New, "a.avsc", new));
        let outcome = avro::check(&old, &new, policy).expect("it compares");
        assert!(outcome.drafts.iter().all(|draft| draft.breaks.contains(&Breaks::Rolling)));
        segue_compat::draft::report("avro", policy, &[&old, &new], outcome).verdict
    };
    use Verdict::{Breaking, Compatible};
    for (policy, narrowed, widened) in [
        ("BACKWARD", Breaking, Compatible),
        ("FORWARD_TRANSITIVE", Compatible, Breaking),
        ("FULL", Breaking, Breaking),
        ("default", Breaking, Compatible),
    ] {
        assert_eq!((verdict(policy, old, &new), verdict(policy, &new, old)), (narrowed, widened), "{policy}");
    }
}
