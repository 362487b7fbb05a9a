//! Documents that mean harm, and documents that mean nothing: a refusal with a place, never a panic, never "compatible".

use segue_compat::policy::DEFAULT;
use segue_compat::proto;
use segue_compat::source::{File, Refused, Source};
use segue_model::check::Side;

fn check(old: &str, new: &str) -> Result<usize, Vec<Refused>> {
    let (old, new) = (Source::one(Side::Old, "a.proto", old), Source::one(Side::New, "a.proto", new));
    proto::check(&old, &new, &DEFAULT).map(|outcome| outcome.drafts.len())
}

fn codes(text: &str) -> Vec<&'static str> {
    let good = "syntax = \"proto3\"; message A { string a = 1; }";
    check(good, text).expect_err(text).into_iter().map(|refused| refused.code).collect()
}

#[test]
fn what_is_no_protobuf_is_refused_with_a_code() {
    for (text, code) in [
        ("", "SG-CHK-044"),
        ("// nothing", "SG-CHK-044"),
        ("{}", "SG-CHK-040"),
        ("CREATE TABLE a (b int);", "SG-CHK-040"),
        ("syntax = \"proto3\"; message A { string a 1; }", "SG-CHK-040"),
        ("syntax = \"proto3\"; message A { string a = 1; int32 b = 1; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { string a = 1; int32 a = 2; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { string a = 19500; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { string a = 600000000; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { reserved 1; string a = 1; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { map<float, int32> a = 1; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { } message A { }", "SG-CHK-041"),
        ("syntax = \"proto3\"; enum E { A = 1; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; enum E { }", "SG-CHK-041"),
        ("syntax = \"proto3\"; enum E { A = 0; B = 0; }", "SG-CHK-041"),
        ("syntax = \"proto3\"; message A { Missing a = 1; }", "SG-CHK-042"),
        ("syntax = \"proto3\"; message A { } service S { rpc X (A) returns (Missing); }", "SG-CHK-042"),
    ] {
        assert_eq!(codes(text), [code], "{text}");
    }
}

#[test]
fn a_descriptor_set_that_is_torn_is_refused() {
    let old = Source::one(Side::Old, "a.proto", "syntax = \"proto3\"; message A { string a = 1; }");
    for bytes in [&b"\x0a\x09\x0a\x07a.proto\x22\xff"[..], b"\x0a\x10\x0a\x07a.proto\x22\x05\x0a\x01A\x12\xff", b"\xff\xfe\x00"] {
        let file = File { name: "set.binpb".to_owned(), bytes: bytes.into() };
        let new = Source { side: Side::New, files: vec![file] };
        let refused = proto::check(&old, &new, &DEFAULT).expect_err("it is torn");
        assert!(refused.iter().all(|one| one.side == Side::New && matches!(one.code, "SG-CHK-043" | "SG-CHK-044")), "{refused:?}");
    }
}

#[test]
fn every_fault_has_its_place() {
    let text = "syntax = \"proto3\";\nmessage A {\n  string a = x;\n  int32 b = ;\n}\n";
    let refused = check(text, text).expect_err("two faults on each side");
    let at: Vec<u32> = refused.iter().filter_map(|one| one.span.map(|span| span.start)).collect();
    assert_eq!(at, [44, 59, 44, 59]);
}

#[test]
fn depth_width_and_cycles_are_bounded() {
    let head = "syntax = \"proto3\";";
    assert!(check(&"message A {".repeat(100_000), head).is_err());
    assert!(check(&format!("{head} message A {{ {} }}", "A=1;".repeat(100_000)), head).is_err());
    // A cycle of messages that all changed, each used by each.
    let ring = |kind: &str| {
        (0..400).fold(head.to_owned(), |text, at| {
            text + &format!("message M{at} {{ M{} next = 1; M{} far = 2; {kind} value = 3; }}\n", (at + 1) % 400, (at * 7) % 400)
        }) + "service S { rpc X (M0) returns (M1); }"
    };
    assert_eq!(check(&ring("int64"), &ring("int32")), Ok(400));
    let chain = |name: &str| {
        (0..3_000).fold(head.to_owned(), |text, at| text + &format!("message {name}{at} {{ {name}{} next = 1; }}\n", at + 1))
            + &format!("message {name}3000 {{ }}")
    };
    assert!(check(&chain("A"), &chain("B")).is_ok());
    let wide = format!("{head} enum E {{ A = 0; {} }}", (1..50_000).fold(String::new(), |text, at| text + &format!("V{at} = {at};")));
    assert_eq!(check(&wide, &wide), Ok(0));
}
