//! The table: each verb, and each exit code that its help names. Nobody adds a verb or an exit code without its outputs.
//!
//! The help is made of `exit.rs`, and a debug build ends with no code that stands not there: what these tests run into, too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::fixture::Folder;

/// The verbs of the command line, as it names them itself, with the exit codes that each one's own help names.
pub(super) fn verbs() -> BTreeMap<String, BTreeSet<i32>> {
    let folder = Folder::new();
    let help = folder.segue(&["--help"]).expect(0).out;
    let list = help.split_once("Commands:\n").expect("a list of verbs").1;
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(|verb| (verb.to_owned(), codes(&folder.segue(&[verb, "--help"]).expect(0).out)))
        .collect()
}

/// `Exit codes: 0, 1, 64 (…)`.
fn codes(help: &str) -> BTreeSet<i32> {
    let list = help.rsplit_once("Exit codes: ").expect("a help names its exit codes").1;
    let list = list.split_once(" (").expect("a list").0;
    list.split(", ").map(|code| code.trim().parse().expect("a code")).collect()
}

/// The outputs that there are: `verb_code`, or `verb_code_word` where a verb comes to a code in more than one way.
fn outputs() -> BTreeMap<String, (String, i32, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/verbs");
    let files = std::fs::read_dir(folder).expect("the outputs").map(|entry| entry.expect("an entry").path());
    files
        .map(|path| {
            let name = path.file_name().expect("a name").to_str().expect("text").to_owned();
            let mut words = name.strip_suffix(".snap").unwrap_or_else(|| panic!("{name} is no output")).splitn(3, '_');
            let verb = words.next().unwrap_or_default().to_owned();
            let code = words.next().and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{name} names no code"));
            let text = std::fs::read_to_string(&path).expect("an output");
            (name, (verb, code, text.splitn(3, "---\n").nth(2).unwrap_or_default().to_owned()))
        })
        .collect()
}

#[test]
fn each_exit_code_that_a_help_names_has_its_whole_output() {
    let named: BTreeSet<(String, i32)> =
        verbs().into_iter().flat_map(|(verb, codes)| codes.into_iter().map(move |code| (verb.clone(), code))).collect();
    let outputs = outputs();
    let shown: BTreeSet<(String, i32)> = outputs.values().map(|(verb, code, _)| (verb.clone(), *code)).collect();
    let without: Vec<_> = named.difference(&shown).collect();
    let unnamed: Vec<_> = shown.difference(&named).collect();
    assert!(without.is_empty() && unnamed.is_empty(), "without an output: {without:?}; in no help: {unnamed:?}");
    for (name, (_, code, text)) in &outputs {
        assert!(text.starts_with(&format!("exit {code}\n")), "{name} is of another end:\n{text}");
        assert!(*code < 126 || *code == 130 || *code == 143, "{name}: nothing ends by accident");
    }
}

#[test]
fn the_help_and_the_docs_say_what_each_code_means() {
    let named: BTreeSet<i32> = verbs().into_values().flatten().collect();
    let help = Folder::new().segue(&["--help"]).expect(0).out;
    let block = help.split_once("Exit codes:\n").expect("a list of codes").1;
    let cells = block.lines().take_while(|line| !line.is_empty()).flat_map(|line| line.split("  "));
    let told: BTreeSet<i32> = cells.filter_map(|cell| cell.trim().parse().ok()).collect();
    assert_eq!(told, named, "segue --help");
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md")).expect("the page");
    let table = page.split_once("## Exit codes\n").and_then(|(_, rest)| rest.split_once("\n## ")).expect("its section").0;
    let first = table.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
    let told: BTreeSet<i32> = first.flat_map(|(cell, _)| cell.split(", ")).filter_map(|code| code.parse().ok()).collect();
    assert_eq!(told, named, "docs/formats.md");
}
