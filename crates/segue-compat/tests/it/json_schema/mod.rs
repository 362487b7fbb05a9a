//! Cases of the `json_schema` family.

use segue_compat::draft::report;
use segue_compat::json_schema::{check, looks_like, references};
use segue_compat::policy::{DEFAULT, Policy};
use segue_compat::source::{File, Source};
use segue_model::check::{CheckReport, Side, Verdict};

fn run(old: &str, new: &str, policy: &Policy) -> Result<CheckReport, Vec<&'static str>> {
    let (old, new) = (Source::one(Side::Old, "old.json", old), Source::one(Side::New, "new.json", new));
    match check(&old, &new, policy) {
        Ok(outcome) => Ok(report("json-schema", policy, &[&old, &new], outcome)),
        Err(refused) => Err(refused.into_iter().map(|one| one.code).collect()),
    }
}

const OLD: &str = r#"{"$schema": "http://json-schema.org/draft-07/schema#", "title": "Order", "type": "object",
  "properties": {"id": {"type": "integer"}, "state": {"enum": ["new", "paid"]}}, "required": ["id"]}"#;

#[test]
fn a_document_against_itself_is_compatible() {
    for policy in segue_compat::policy::POLICIES {
        let report = run(OLD, OLD, policy).expect("it compares");
        assert_eq!((report.verdict, report.findings.len()), (Verdict::Compatible, 0), "{}", policy.name);
    }
}

#[test]
fn the_policies_of_registries_ask_their_way() {
    let new = OLD.replace(r#"["new", "paid"]"#, r#"["new", "paid", "void"]"#);
    for (policy, there, back) in [
        ("backward", Verdict::Compatible, Verdict::Breaking),
        ("forward", Verdict::Breaking, Verdict::Compatible),
        ("full", Verdict::Breaking, Verdict::Breaking),
    ] {
        let policy = Policy::named(policy).expect("it is there");
        assert_eq!(run(OLD, &new, policy).expect("it compares").verdict, there, "{}", policy.name);
        assert_eq!(run(&new, OLD, policy).expect("it compares").verdict, back, "{}", policy.name);
    }
}

#[test]
fn a_finding_says_where_why_and_shows_a_value() {
    let new = OLD.replace(r#"["new", "paid"]"#, r#"["new"]"#);
    let report = run(OLD, &new, &DEFAULT).expect("it compares");
    insta::assert_json_snapshot!(report.findings);
}

#[test]
fn what_is_no_schema_is_refused() {
    for (text, code) in [
        ("{", "SG-CHK-010"),
        ("[]", "SG-CHK-011"),
        ("{}", "SG-CHK-011"),
        (r#"{"host": "a"}"#, "SG-CHK-011"),
        (r#"{"$schema": "http://json-schema.org/draft-03/schema#", "type": "object"}"#, "SG-CHK-012"),
        (r#"{"$schema": "http://example.com/own", "type": "object"}"#, "SG-CHK-012"),
    ] {
        assert_eq!(run(OLD, text, &DEFAULT).expect_err(text), [code], "{text}");
        assert_eq!(run(text, OLD, &DEFAULT).expect_err(text), [code], "{text}");
    }
    assert_eq!(run("{", "[", &DEFAULT).expect_err("both").len(), 2);
}

#[test]
fn names_of_its_own_are_found() {
    let with = |kind: &str| {
        format!(
            r##"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/root.json",
            "properties": {{"a": {{"$ref": "#money"}}, "b": {{"$ref": "item.json"}}, "c": {{"$ref": "https://example.com/root.json#/$defs/m"}}}},
            "$defs": {{"m": {{"$anchor": "money", "type": "{kind}"}}, "i": {{"$id": "item.json", "type": "string"}}}}}}"##
        )
    };
    let report = run(&with("integer"), &with("string"), &DEFAULT).expect("it compares");
    assert!(report.not_checked.is_empty(), "{:?}", report.not_checked);
    assert_eq!(report.findings.iter().map(|one| (one.rule.as_str(), one.object.as_str())).collect::<Vec<_>>(), [("data-type", "$defs/m")]);
}

#[test]
fn a_remote_reference_is_not_followed_and_not_called_safe() {
    let with = |name: &str| format!(r#"{{"type": "object", "properties": {{"a": {{"$ref": "https://example.com/{name}.json"}}}}}}"#);
    let report = run(&with("a"), &with("b"), &DEFAULT).expect("it compares");
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!(report.not_checked.len(), 2);
}

#[test]
fn schemas_are_known_and_their_files_are_named() {
    let file = |text: &str| File::text("a.json", text);
    assert!(looks_like(&file(OLD)));
    assert!(looks_like(&file("type: object\nproperties: {}\n")));
    for text in ["{}", "[]", "openapi: 3.0.0\n", r#"{"type": "record", "name": "a", "fields": []}"#, "{", "a: 1"] {
        assert!(!looks_like(&file(text)), "{text}");
    }
    let text = r##"{"$ref": "b.json#/x", "items": {"$ref": "sub/c.json"}, "not": {"$ref": "http://example.com/d.json"}, "if": {"$ref": "#/items"}, "default": {"$ref": "e.json"}}"##;
    assert_eq!(references(&file(text)), ["b.json", "sub/c.json"]);
}

/// What a reference stands for may say anything: nothing that follows from its being open is told, and nothing is safe.
#[test]
fn what_was_not_read_is_undecided_and_has_a_place() {
    let of =
        |property: &str| format!(r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {{"a": {property}}}}}"#);
    let (plain, lost) = (of(r#"{"type": "string"}"#), of(r#"{"$ref": "gone.json#/x"}"#));
    for (old, new) in [(&plain, &lost), (&lost, &plain), (&lost, &lost)] {
        let report = run(old, new, &DEFAULT).expect("it compares");
        assert_eq!((report.deploy, report.rollback), (Verdict::Undecided, Verdict::Undecided), "{:#?}", report.findings);
        assert!(report.findings.iter().all(|finding| finding.undecided && finding.breaks.is_empty()), "{:#?}", report.findings);
        assert_eq!(report.not_checked, ["#/properties/a: `gone.json#/x` is referred to and was not read"]);
    }
    // A name that names nothing in the document itself is the same.
    let report = run(&plain, &of(r##"{"$ref": "#/$defs/none"}"##), &DEFAULT).expect("it compares");
    assert_eq!((report.deploy, report.findings.len()), (Verdict::Undecided, 1));
}

#[test]
fn a_dynamic_reference_that_means_one_thing_is_followed() {
    let tree = |anchors: &str, most: u32| {
        format!(
            r##"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicAnchor": "node", "type": "object",
            "properties": {{"child": {{"$dynamicRef": "#node"}}, "name": {{"type": "string", "maxLength": {most}}}}}, "$defs": {{{anchors}}}}}"##
        )
    };
    let report = run(&tree("", 9), &tree("", 4), &DEFAULT).expect("it compares");
    assert_eq!((report.deploy, report.rollback), (Verdict::Breaking, Verdict::Compatible));
    assert_eq!(report.not_checked, Vec::<String>::new());
    let closed = tree("", 4).replace("{\"$dynamicRef\": \"#node\"}", "{\"type\": \"null\"}");
    let report = run(&tree("", 4), &closed, &DEFAULT).expect("it compares");
    assert!(report.findings.iter().any(|finding| finding.object.contains("child")), "{:#?}", report.findings);
    assert_eq!(report.deploy, Verdict::Breaking);
    // Two anchors of one name: which is meant depends on the way to it.
    let two = r#""other": {"$dynamicAnchor": "node", "type": "null"}"#;
    let report = run(&tree(two, 9), &tree(two, 4), &DEFAULT).expect("it compares");
    assert!(report.not_checked.iter().any(|sentence| sentence.contains("`$dynamicRef` is not followed")), "{:?}", report.not_checked);
    let recursive = |most: u32| {
        format!(
            r##"{{"$schema": "https://json-schema.org/draft/2019-09/schema", "type": "object",
            "properties": {{"child": {{"$recursiveRef": "#"}}, "name": {{"type": "string", "maxLength": {most}}}}}}}"##
        )
    };
    let report = run(&recursive(9), &recursive(4), &DEFAULT).expect("it compares");
    assert_eq!((report.deploy, report.not_checked), (Verdict::Breaking, Vec::new()));
}

#[test]
fn types_are_told_in_words_that_fit() {
    let of = |what: &str| format!(r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema", {what}}}"#);
    let said = |old: &str, new: &str| {
        let report = run(&of(old), &of(new), &DEFAULT).expect("it compares");
        report.findings.into_iter().find(|finding| finding.rule == "data-type").map(|finding| finding.message)
    };
    let expect = |text: &str| Some(text.to_owned());
    assert_eq!(
        said(r#""type": "integer""#, r#""type": "number""#),
        expect("the type went from integer to number: fractions are accepted now")
    );
    assert_eq!(
        said(r#""type": "null""#, r#""type": ["null", "integer"]"#),
        expect("the type went from null to integer: integer is accepted now")
    );
    assert_eq!(
        said(r#""title": "x""#, r#""type": "string""#),
        expect("the type went from anything to string: boolean, number, array, object are refused now")
    );
}
