//! Descriptor sets that protoc made (`fixtures/NAME.binpb` from `fixtures/NAME.proto`) say what their text says.

use segue_compat::policy::Policy;
use segue_compat::proto;
use segue_compat::source::{File, Source};
use segue_model::check::Side;

const FILES: &[(&str, &str, &[u8])] = &[
    ("two.proto", include_str!("fixtures/two.proto"), include_bytes!("fixtures/two.binpb")),
    ("three.proto", include_str!("fixtures/three.proto"), include_bytes!("fixtures/three.binpb")),
    ("edition.proto", include_str!("fixtures/edition.proto"), include_bytes!("fixtures/edition.binpb")),
];

fn strict(old: Vec<File>, new: Vec<File>) -> Vec<String> {
    let strict = Policy::named("strict").expect("a policy");
    let outcome =
        proto::check(&Source { side: Side::Old, files: old }, &Source { side: Side::New, files: new }, strict).expect("it compares");
    assert!(outcome.not_checked.is_empty(), "{:?}", outcome.not_checked);
    outcome.drafts.into_iter().map(|draft| draft.message).collect()
}

fn texts(mend: impl Fn(&str) -> String) -> Vec<File> {
    FILES.iter().map(|(name, text, _)| File::text(*name, &mend(text))).collect()
}

fn sets() -> Vec<File> {
    FILES.iter().map(|(name, _, bytes)| File { name: name.replace(".proto", ".binpb"), bytes: (*bytes).into() }).collect()
}

#[test]
fn a_set_says_what_its_text_says() {
    assert_eq!(strict(texts(str::to_owned), sets()), Vec::<String>::new());
    assert_eq!(strict(sets(), texts(str::to_owned)), Vec::<String>::new());
    assert!(sets().iter().all(proto::looks_like) && texts(str::to_owned).iter().all(proto::looks_like));
    assert!(
        !proto::looks_like(&File::text("a.json", "{\"message\": 1}"))
            && !proto::looks_like(&File::text("a.sql", "create table a (b int);"))
    );
}

#[test]
fn every_difference_from_a_set_is_seen() {
    for (from, to, count) in [
        ("required int64 id = 1", "required int32 id = 1", 1),
        ("default = \"none\"", "default = \"nothing\"", 1),
        ("[packed = true]", "", 1),
        ("reserved 20 to 29", "reserved 20 to 28", 1),
        ("1000 to max", "1000 to 2000", 1),
        ("optional int32 limit", "int32 limit", 1),
        ("repeated fixed32 ids", "repeated sfixed32 ids", 1),
        ("map<int32, State>", "map<int64, State>", 1),
        ("[json_name = \"price\"]", "", 1),
        ("NO_SIDE_EFFECTS", "IDEMPOTENT", 1),
        ("message_encoding = DELIMITED", "message_encoding = LENGTH_PREFIXED", 1),
        ("field_presence = LEGACY_REQUIRED", "field_presence = EXPLICIT", 1),
        ("enum_type = CLOSED; ONE = 1", "enum_type = OPEN; ZERO = 0; ONE = 1", 3),
        ("import public", "import", 1),
        ("optimize_for = CODE_SIZE", "optimize_for = SPEED", 1),
        ("JS_STRING", "JS_NUMBER", 1),
    ] {
        let found = strict(sets(), texts(|text| text.replacen(from, to, 1)));
        assert_eq!(found.len(), count, "{from} -> {to}: {found:#?}");
    }
}
