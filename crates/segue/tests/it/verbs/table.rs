//! The table: each verb, and each exit code that it is known by. Nobody adds a verb without its outputs.

use std::collections::BTreeSet;
use std::path::Path;

use crate::fixture::Folder;

/// What each verb can end with on purpose. (1 is also what any verb ends with when a file cannot be written.)
const TABLE: &[(&str, &[i32])] = &[
    ("abort", &[0, 5, 7, 64]),
    ("apply", &[0, 1, 3, 4, 5, 8, 9, 10, 64, 130, 143]),
    ("approve", &[0, 64]),
    ("assess", &[0, 10, 64]),
    ("check", &[0, 1, 3, 64]),
    ("completions", &[0, 64]),
    ("demo", &[0, 1, 64]),
    ("doctor", &[0, 1]),
    ("explain", &[0, 64]),
    ("init", &[0, 1, 64]),
    ("log", &[0, 64]),
    ("man", &[0, 64]),
    ("notify", &[0, 64]),
    ("pause", &[0, 64]),
    ("plan", &[0, 2, 3, 10, 64]),
    ("rehearse", &[0, 3, 10, 64]),
    ("report", &[0, 64]),
    ("resume", &[0, 5, 64]),
    ("rollback", &[0, 5, 7, 64]),
    ("runbook", &[0, 1, 5, 64]),
    ("schema", &[0, 64]),
    ("status", &[0, 1, 64]),
    ("unlock", &[0, 5, 64]),
    ("verify", &[0, 1, 4, 10, 64]),
];

/// The verbs of the command line, as it names them itself.
fn verbs() -> BTreeSet<String> {
    let help = Folder::new().segue(&["--help"]).expect(0).out;
    let list = help.split_once("Commands:\n").expect("a list of verbs").1;
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn each_verb_has_its_row() {
    let rows: BTreeSet<String> = TABLE.iter().map(|(verb, _)| (*verb).to_owned()).collect();
    assert_eq!(verbs(), rows);
}

#[test]
fn each_exit_code_has_its_whole_output() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/verbs");
    let there: BTreeSet<String> = std::fs::read_dir(&folder)
        .expect("the outputs")
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".snap").map(ToOwned::to_owned))
        .collect();
    let wanted: BTreeSet<String> = TABLE.iter().flat_map(|(verb, codes)| codes.iter().map(move |code| format!("{verb}_{code}"))).collect();
    assert_eq!(there, wanted);
    for (verb, codes) in TABLE {
        for code in *codes {
            let text = std::fs::read_to_string(folder.join(format!("{verb}_{code}.snap"))).expect("an output");
            let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
            assert!(body.starts_with(&format!("exit {code}\n")), "{verb}_{code} is of another end:\n{body}");
        }
    }
}
