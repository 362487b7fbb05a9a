//! Python and TypeScript modules compared: the cases, hostile inputs, and trees of modules.

use segue_compat::code;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{File, Source};
use segue_model::check::{Side, Verdict};

use crate::case_file;

/// One function more on both sides.
fn unrelated(file: &File) -> String {
    if code::language(file) == Some(code::Language::Python) {
        "\n\ndef quite_unrelated(zebra: int = 0) -> int:\n    return zebra\n".to_owned()
    } else {
        "\n\nexport function quiteUnrelated(zebra: number): number { return zebra; }\n".to_owned()
    }
}

#[test]
fn python_cases() {
    let count = case_file::check_all("python", code::check, &|file| {
        if file.as_text().is_ok_and(|text| text.contains("__all__")) { String::new() } else { unrelated(file) }
    });
    assert!(count >= 40, "{count} cases");
}

#[test]
fn typescript_cases() {
    let count = case_file::check_all("typescript", code::check, &|file| {
        if file.as_text().is_ok_and(|text| !text.contains("export")) { String::new() } else { unrelated(file) }
    });
    assert!(count >= 20, "{count} cases");
}

fn verdict(old: &str, new: &str, name: &str) -> Result<Verdict, String> {
    let (old, new) = (Source::one(Side::Old, name, old), Source::one(Side::New, name, new));
    match code::check(&old, &new, &DEFAULT) {
        Ok(outcome) => Ok(segue_compat::draft::report("python", &DEFAULT, &[&old, &new], outcome).deploy),
        Err(stops) => Err(stops.iter().map(|stop| stop.code).collect::<Vec<_>>().join(",")),
    }
}

#[test]
fn depth_ends_somewhere() {
    let deep = format!("x = {}1{}\ndef f(): ...\n", "(".repeat(20_000), ")".repeat(20_000));
    let _ = verdict(&deep, "def f(): ...\n", "a.py");
    let nested: String = (0..400).map(|depth| format!("{}class C{depth}:\n", " ".repeat(depth))).collect::<Vec<_>>().concat();
    assert!(verdict(&format!("{nested}{}pass\n", " ".repeat(400)), "class C0: ...\n", "a.py").is_ok());
}

#[test]
fn too_many_parameters_are_undecided() {
    let wide: String = format!("def f({}): ...\n", (0..20_000).map(|at| format!("a{at}")).collect::<Vec<_>>().join(", "));
    assert_eq!(verdict(&wide, &wide.replace("a7,", "b7,"), "a.py"), Ok(Verdict::Undecided));
}

#[test]
fn what_is_too_large_is_not_called_safe() {
    let large = "x = 1\n".repeat(800_000);
    assert_ne!(verdict(&large, "x = 1\n", "a.py"), Ok(Verdict::Compatible));
}

#[test]
fn brackets_without_end_are_bounded() {
    for text in ["<", "(", "{", "[", "a<", "f(", "\"", "`${", "=>", "?:"] {
        let garbage = text.repeat(3_000);
        let _ = verdict(&garbage, "export const a = 1;\n", "a.ts");
        let _ = verdict(&garbage, "a = 1\n", "a.py");
    }
}

#[test]
fn long_chains_of_classes_are_walked_once() {
    let mut chain = "class A0 { m0() {} }\n".to_owned();
    for at in 1..400 {
        chain.push_str(&format!("export class A{at} extends A{} {{ m{at}() {{}} }}\n", at - 1));
    }
    assert_eq!(verdict(&chain, &chain, "a.ts"), Ok(Verdict::Compatible));
}

#[test]
fn large_unions_are_compared() {
    let unions = format!("export type T = {};\n", (0..2_000).map(|at| format!("'{at}'")).collect::<Vec<_>>().join("|"));
    assert_eq!(verdict(&unions, &unions.replace("'7'", "'seven'"), "a.ts"), Ok(Verdict::Breaking));
}

#[test]
fn what_is_no_module_is_refused() {
    let (old, new) = (
        Source { side: Side::Old, files: vec![File { name: "a.py".to_owned(), bytes: vec![b'x', 0xff, 0xfe].into() }] },
        Source::one(Side::New, "a.py", "x = 1\n"),
    );
    let stops = code::check(&old, &new, &DEFAULT).expect_err("it is refused");
    assert_eq!((stops[0].code, stops[0].side, stops[0].span.map(|span| span.start)), ("SG-CHK-080", Side::Old, Some(1)));
    assert_eq!(verdict("]]]] )))) {{{{", "x = 1\n", "a.py"), Err("SG-CHK-081".to_owned()));
    let (old, new) = (Source::one(Side::Old, "a.py", "x = 1\n"), Source::one(Side::New, "a.ts", "export const x = 1;\n"));
    assert_eq!(code::check(&old, &new, &DEFAULT).expect_err("two languages")[0].code, "SG-CHK-082");
}

#[test]
fn a_tree_of_modules_is_one_surface() {
    let tree =
        |side: Side, files: &[(&str, &str)]| Source { side, files: files.iter().map(|(name, text)| File::text(*name, text)).collect() };
    let old = tree(
        Side::Old,
        &[("shop/__init__.py", "from .mail import send\n"), ("shop/mail.py", "def send(to, retries=3): ...\ndef helper(): ...\n")],
    );
    let new = tree(
        Side::New,
        &[
            ("shop/__init__.py", "from ._mail import send\nfrom .mail import helper\n"),
            ("shop/_mail.py", "def send(to): ...\n"),
            ("shop/mail.py", "from ._mail import send as send\ndef helper(): ...\n"),
        ],
    );
    let report = case_file::compare(code::check, &old, &new).expect("it compares");
    let found = case_file::lines(&Ok(report));
    assert_eq!(found.iter().filter(|line| line.contains("code-parameter-removed")).count(), 1, "{found:#?}");
    assert!(!found.iter().any(|line| line.contains("code-symbol-removed")), "{found:#?}");
}
