//! Documents that are made to break a reader: none ends it, and none is called compatible with what it hides.

use segue_compat::graphql::{check, looks_like, references};
use segue_compat::policy::DEFAULT;
use segue_compat::source::{File, Refused, Source};
use segue_model::check::{Side, Verdict};

use super::case::{compare, lines};

const GOOD: &str = "type Query { a: Int }";

fn refused(text: &str) -> Vec<Refused> {
    let (old, new) = (Source::one(Side::Old, "old.graphql", GOOD), Source::one(Side::New, "new.graphql", text));
    check(&old, &new, &DEFAULT).expect_err("it is refused")
}

#[test]
fn what_is_no_schema_is_refused_with_code_and_place() {
    for (text, code) in [
        ("", "SG-CHK-030"),
        ("# only a comment", "SG-CHK-030"),
        ("query { a }", "SG-CHK-030"),
        ("{ a }", "SG-CHK-030"),
        ("hello", "SG-CHK-032"),
        ("{}", "SG-CHK-030"),
        ("[]", "SG-CHK-032"),
        ("openapi: 3.0.0", "SG-CHK-032"),
        ("type", "SG-CHK-032"),
        ("type A {", "SG-CHK-032"),
        ("\"\"\"a description without an end\ntype A { a: Int }", "SG-CHK-031"),
        ("type Query { a: Int }\n\"\"\"a description without an end\ntype A { a: Int }", "SG-CHK-031"),
    ] {
        let reasons = refused(text);
        assert_eq!(reasons.first().map(|reason| reason.code), Some(code), "{text}: {reasons:?}");
        assert!(reasons.iter().all(|reason| reason.side == Side::New && !reason.help.is_empty()));
    }
    let bytes = File { name: "x.graphql".to_owned(), bytes: std::sync::Arc::from(&b"type A { \xff }"[..]) };
    let (old, new) = (Source::one(Side::Old, "old", GOOD), Source { side: Side::New, files: vec![bytes] });
    let reasons = check(&old, &new, &DEFAULT).expect_err("it is refused");
    assert_eq!((reasons[0].code, reasons[0].span.map(|span| span.start)), ("SG-CHK-031", Some(9)));
}

#[test]
fn both_sides_tell_their_reasons() {
    let (old, new) = (Source::one(Side::Old, "old", "?"), Source::one(Side::New, "new", "!"));
    let sides: Vec<Side> = check(&old, &new, &DEFAULT).expect_err("both").iter().map(|reason| reason.side).collect();
    assert_eq!(sides, [Side::Old, Side::New]);
}

#[test]
fn a_broken_part_is_skipped_told_and_never_called_compatible() {
    for broken in [
        "type Bad { a: Int\n  b Int\n  c: Int }",
        "type Bad { 🐟: Int }",
        "type Bad { a: [Int }",
        "type Bad { a(x: Int = ): Int }",
        "type Bad { a: Int @d(x: $v) }",
        "type 🐟 { a: Int }",
        "directive @d FIELD",
        "union U = ",
        "enum E { 1 }",
        "wibble wobble { a }",
        "type Bad { a: \"text that does not end\n}",
    ] {
        let new = format!("{GOOD}\ntype Kept {{ a: Int }}\n{broken}\ntype Kept2 {{ a: Int }}\n");
        let report = compare(&format!("{GOOD}\ntype Kept {{ a: Int }}\ntype Bad {{ a: Int b: Int }}\ntype Kept2 {{ a: Int }}"), &new);
        assert_eq!(report.deploy, Verdict::Undecided, "{broken}: {}", lines(&report));
        assert!(report.not_checked.iter().any(|sentence| sentence.contains("was skipped")), "{broken}");
        assert!(!report.findings.iter().any(|finding| finding.object.starts_with("Kept")), "{broken}: {}", lines(&report));
    }
}

#[test]
fn depth_costs_no_stack() {
    let deep = 100_000;
    for part in [
        format!("type Deep {{ a: {}Int{} }}", "[".repeat(deep), "]".repeat(deep)),
        format!("type Deep {{ a: {} }}", "[".repeat(deep)),
        format!("type Deep {{ a(x: Int = {}): Int }}", "[".repeat(deep)),
        format!("type Deep {{ a(x: Int = {}): Int }}", "{a:".repeat(deep)),
        format!("type Deep {}", "{".repeat(deep)),
        format!("type Deep {{ a{} }}", "(".repeat(deep)),
        format!("type Deep @a{}", "(b: [".repeat(deep)),
        format!("type Deep {}", "}".repeat(deep)),
    ] {
        let report = compare(GOOD, &format!("{GOOD}\ntype Kept {{ a: Int }}\n{part}\ntype Kept2 {{ a: Int }}"));
        assert_eq!(report.verdict, Verdict::Undecided, "{}", &part[..40]);
    }
    let link = |n: usize| format!("type T{n} {{ n: T{}! }}\ninput I{n} {{ n: I{}! }}\n", n + 1, n + 1);
    let chain = (0..20_000).fold(String::new(), |text, n| text + &link(n));
    let end = "type T20000 { x: Int }\ninput I20000 { x: Int }";
    let text = format!("type Query {{ t(i: I0): T0 }}\n{chain}{end}");
    let report = compare(
        &text,
        &text
            .replace("type T20000 { x: Int }", "type T20000 { y: String }")
            .replace("input I20000 { x: Int }", "input I20000 { x: String }"),
    );
    assert_eq!(report.findings.len(), 3, "{}", lines(&report));
}

#[test]
fn cycles_are_data() {
    let old = "type Query { f(a: A!): N }\ninput A { b: B! }\ninput B { a: A! x: Int }\ninterface N implements N { n: N }\nunion U = U\ntype X implements N { n: N u: U }";
    let new = old.replace("x: Int", "x: Int!");
    let report = compare(old, &new);
    assert_eq!(report.findings.len(), 1, "{}", lines(&report));
    // No value of A can be written, so that there is no witness.
    assert!(report.findings[0].witness.is_none());
}

#[test]
fn a_million_values_are_compared() {
    let values =
        |from: usize| (from..from + 1_000_000).fold(String::with_capacity(9_000_000), |text, n| text + "V" + &n.to_string() + "\n");
    let (old, new) = (
        format!("{GOOD}\nextend type Query {{ e(e: E): E }}\nenum E {{\n{}}}", values(0)),
        format!("{GOOD}\nextend type Query {{ e(e: E): E }}\nenum E {{\n{}}}", values(5)),
    );
    let report = compare(&old, &new);
    assert_eq!(report.findings.len(), 10);
    let all_others = compare(&old, &new.replace('V', "W"));
    assert!(all_others.findings.len() <= 4_000);
    assert!(all_others.not_checked.iter().any(|sentence| sentence.contains("are not listed")));
}

#[test]
fn many_types_are_removed_within_bounds() {
    let text = |prefix: &str| (0..100_000).fold(GOOD.to_owned(), |text, n| text + "\ntype " + prefix + &n.to_string() + "{a:Int}");
    let report = compare(&text("A"), &text("B"));
    assert!(report.findings.len() <= 4_001);
}

#[test]
fn marks_line_ends_and_names_are_kept_apart() {
    let plain = "type Query {\n  a: Int\n  b(x: String = \"é🐟\"): Int\n}\n";
    let marked = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    assert!(compare(plain, &marked).findings.is_empty());
    let report = compare(&marked, &marked.replace("  a: Int\r\n", ""));
    let at = report.findings[0].at.clone().expect("a place");
    assert_eq!((at.line, at.column), (2, 3));
    let hostile = "type Query { __proto__: Int constructor: Int toString: Int type: Int on: Int input(input: Int): Int null: Int }";
    assert!(compare(hostile, hostile).findings.is_empty());
    assert_eq!(compare(hostile, "type Query { type: Int }").findings.len(), 6);
}

#[test]
fn twice_defined_is_told() {
    let report = compare(GOOD, "type Query { a: Int a: String }\ntype Query { b: Int }\nscalar Query");
    assert!(report.not_checked.len() >= 2, "{:?}", report.not_checked);
    assert_eq!(report.findings.len(), 1);
}

#[test]
fn detection_and_references_never_fail() {
    for text in ["", "\u{feff}", "\"", "\"\"\"", "{", "type", "# import", "#import \"", "\\", "type A"] {
        let file = File::text("x", text);
        let _ = (looks_like(&file), references(&file));
    }
    assert_eq!(references(&File::text("x", "# import A from \"a.graphql\"")), ["a.graphql"]);
}

#[test]
fn arbitrary_texts_are_read_or_refused() {
    arbtest::arbtest(|u| {
        let words = [
            "type",
            "A",
            "{",
            "}",
            "(",
            ")",
            ":",
            "Int",
            "!",
            "[",
            "]",
            "@",
            "d",
            "=",
            "|",
            "&",
            "\"",
            "\"\"\"",
            "\n",
            "input",
            "enum",
            "union",
            "extend",
            "schema",
            "1",
            "$",
            "...",
            "é",
            "directive",
            "on",
            "implements",
        ];
        let mut text = String::new();
        for _ in 0..u.int_in_range(0..=60)? {
            text.push_str(words[u.choose_index(words.len())?]);
            text.push(' ');
        }
        let (old, new) = (Source::one(Side::Old, "old", &text), Source::one(Side::New, "new", GOOD));
        let _ = check(&old, &new, &DEFAULT);
        if let Ok(outcome) = check(&old, &Source { side: Side::New, ..old.clone() }, &DEFAULT) {
            assert!(outcome.drafts.is_empty(), "{text}");
        }
        Ok(())
    });
}
