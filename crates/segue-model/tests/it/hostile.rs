//! R8: nothing that a file may hold makes the reader panic, hang or answer without a code and a place.
//!
//! `PROPERTY_SECONDS` is the time budget (default 2), `PROPERTY_SEED` repeats a run; the seed is printed.

use std::time::{Duration, Instant};

use segue_model::problem::Problem;
use segue_model::spec;

use crate::dice::Dice;
use crate::whole::{EXAMPLE, REST};
use crate::{with_changes, with_end};

/// How long one file may take, in a build without optimisation.
const ONE_MAX: Duration = Duration::from_secs(2);

/// Reads, and checks what must hold for any text; the codes of the problems.
#[track_caller]
fn survive(text: &str) -> Vec<String> {
    let start = Instant::now();
    let result = spec::read(text, "segue.yaml");
    let took = start.elapsed();
    assert!(took < ONE_MAX, "{took:?} for {} bytes", text.len());
    match result {
        Ok(spec) => {
            spec::digest(&spec).expect("a digest");
            Vec::new()
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in &problems {
                placed(problem, text);
            }
            problems.into_iter().map(|problem| problem.code).collect()
        }
    }
}

#[track_caller]
fn placed(problem: &Problem, text: &str) {
    assert!(problem.code.starts_with("SG-SPEC-") && problem.code != "SG-SPEC-099", "{problem:?}");
    assert!(!problem.message.is_empty() && !problem.help.is_empty() && problem.message.len() < 2_000, "{problem:?}");
    let at = problem.at.as_ref().expect("a place");
    let line = text.split('\n').nth(at.line as usize - 1).unwrap_or_else(|| panic!("no such line: {problem:?}"));
    assert!(at.length >= 1 && (1..=line.chars().count() as u32 + 1).contains(&at.column), "{problem:?}");
}

#[test]
fn what_is_too_large_is_refused_fast() {
    assert_eq!(survive(&format!("{}# {}", with_end(""), "x".repeat(10 << 20))), ["SG-SPEC-002"]);
    assert_eq!(survive(&with_end(&format!("owners: [{}]\n", "a,".repeat(60_000)))), ["SG-SPEC-002"]);
    assert!(spec::read(&format!("{}# {}", with_end(""), "x".repeat(900_000)), "f").is_ok(), "a long comment is no reason");
}

#[test]
fn what_is_too_deep_is_refused_fast() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        for depth in [40, 1_000, 100_000] {
            let text = format!("{}{}", open.repeat(depth), close.repeat(depth));
            let codes = survive(&text);
            assert!(codes.contains(&"SG-SPEC-003".to_owned()), "{open} {depth}: {codes:?}");
        }
    }
    let mut block = String::new();
    for depth in 0..300 {
        block.push_str(&format!("{}a:\n", " ".repeat(depth)));
    }
    assert_eq!(survive(&block), ["SG-SPEC-003"]);
}

#[test]
fn laughs_are_not_expanded() {
    let mut text = String::from("a0: &a0 [lol, lol]\n");
    for level in 1..30 {
        let last = level - 1;
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{last}"); 9].join(", ")));
    }
    let codes = survive(&text);
    assert!(codes.contains(&"SG-SPEC-004".to_owned()) && codes.contains(&"SG-SPEC-005".to_owned()));
}

#[test]
fn long_lines_full_of_problems_end() {
    let mut many = String::new();
    for index in 0..20_000 {
        many.push_str(&format!("a{index}: 1, "));
    }
    survive(&with_end(&format!("owners: {{{many}}}\n")));
    survive(&with_end(&format!("owners: [{}]\n", "(a, ".repeat(40_000))));
    survive(&with_end(&format!("{}: 1\n", "k".repeat(900_000))));
    survive(&with_end(&format!("name: {}\n", "(".repeat(900_000))));
    survive(&with_end(&format!("\"{}\": 1\n", "🦀".repeat(200_000))));
    survive(&with_end(&"? \n".repeat(20_000)));
    let (mut checks, mut conditions) = (String::from("checks:\n"), String::from("rollback_when:\n"));
    for index in 0..15_000 {
        checks.push_str(&format!("  check_{index}: x\n"));
        conditions.push_str(&format!("  - chekc_{index} > 1\n"));
    }
    assert!(survive(&with_end(&format!("{checks}{conditions}"))).contains(&"SG-SPEC-033".to_owned()));
    survive(&with_end(&format!("{checks}{}", conditions.replace("chekc", "check"))));
    survive(&"&a ".repeat(100_000));
    survive(&"!a ".repeat(100_000));
    survive(&"#\n".repeat(400_000));
    survive(&"---\n".repeat(100_000));
    survive(&"\"".repeat(500_000));
    survive(&"\u{feff}".repeat(100_000));
}

const PIECES: [&str; 52] = [
    "\n",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\u{feff}",
    "\0",
    "- ",
    ": ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "#",
    " #",
    "&a ",
    "*a",
    "!t ",
    "!!int ",
    "<<: ",
    "? ",
    "| ",
    "> ",
    "|2-\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "null",
    "~",
    "true",
    "0x1f",
    "1e9",
    "-1",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\\",
    "\"\\x00\"",
    "(",
    ")",
    "(a, b)",
    "postgres://u:p@h/d",
    "segue: 1\n",
    "schema",
    "1%",
    "5s",
    " > 2 * p95(old)",
    "2027-02-30",
];

fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len() + 1);
        let end = (at + dice.roll(12)).min(bytes.len());
        match dice.roll(5) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, PIECES[dice.roll(PIECES.len())].bytes())),
            2 => drop(bytes.splice(at..end, PIECES[dice.roll(PIECES.len())].bytes())),
            3 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            _ => {
                let copy = bytes[at..end].to_vec();
                let to = dice.roll(bytes.len() + 1);
                drop(bytes.splice(to..to, copy));
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A figure for the page of the long run; nothing elsewhere.
fn said(name: &str, value: u64) {
    let Some(folder) = std::env::var_os("SEGUE_SOAK_DIR") else { return };
    let line = serde_json::json!({"suite": "R8 specs", "name": name, "value": value});
    let file = std::path::Path::new(&folder).join("specs.jsonl");
    let mut file = std::fs::File::options().create(true).append(true).open(file).expect("the soak's file");
    std::io::Write::write_all(&mut file, format!("{line}\n").as_bytes()).expect("a figure is written");
}

#[test]
fn mutated_specs_never_break_the_reader() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let budget = Duration::from_secs(number("PROPERTY_SECONDS").unwrap_or(2));
    let sqlite = spec::System::Sqlite { path: segue_model::secret::Reference::Plain("shop.db".into()) };
    let corpus = [
        with_changes(&[
            "rename_column: {table: t, from: a, to: b}",
            "change_type: {table: t, column: c, to: \"numeric(12,2)\", up: c, down: c}",
        ]),
        with_end(
            "name: x\nwhy: |\n  a\n  b\nowners: {a: b}\nlimits: {downtime: 5s}\nthrottle:\n  max_load: {a: 1}\nchecks: {a: select 1, b: {sql: x}}\nkeep_old: 1d\n",
        ),
        with_changes(&[
            "create_table:\n        table: t\n        columns:\n          a: {type: int}\n          b:\n            type: text",
            "create_index: {table: t, name: i, columns: [a, {column: b}]}",
        ]),
        spec::template(&sqlite, "MIG-1"),
        EXAMPLE.to_owned(),
        REST.to_owned(),
    ];
    let (mut dice, start, mut right, mut wrong) = (Dice::new(), Instant::now(), 0_u64, 0_u64);
    while start.elapsed() < budget || right + wrong < 1_000 {
        let mut text = corpus[dice.roll(corpus.len())].clone();
        for _ in 0..=dice.roll(3) {
            text = mutate(&text, &mut dice);
            if survive(&text).is_empty() {
                right += 1;
            } else {
                wrong += 1;
            }
            let bare = text.strip_prefix('\u{feff}').unwrap_or(&text);
            assert_eq!(spec::concealed(&text).chars().count(), bare.chars().count());
        }
    }
    println!("{right} right, {wrong} wrong");
    said("fuzz seconds", start.elapsed().as_secs());
    said("mutated texts", right + wrong);
    assert!(right > 10 && wrong > 10, "the mutator does its work: {right} right, {wrong} wrong");
}
