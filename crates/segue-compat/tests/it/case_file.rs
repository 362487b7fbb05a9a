//! Cases as one file each: sections `=== old/NAME`, `=== new/NAME`, `=== expect`.
//!
//! Each case is checked as it stands, against itself, with its sides swapped, and with something unrelated added. With
//! `SEGUE_WRITE_CASES=1` the `expect` sections are written anew, to be read by a person.

use std::fs;
use std::path::{Path, PathBuf};

use segue_compat::draft::{self, Outcome};
use segue_compat::policy::{DEFAULT, Policy};
use segue_compat::source::{File, Refused, Source};
use segue_model::check::{CheckReport, Side};

/// How a family compares.
pub(crate) type Compare = fn(&Source, &Source, &Policy) -> Result<Outcome, Vec<Refused>>;

/// A case that was read.
pub(crate) struct Case {
    path: PathBuf,
    /// The whole text before `=== expect`.
    head: String,
    pub(crate) old: Source,
    pub(crate) new: Source,
    expect: Vec<String>,
}

impl Case {
    /// The name of its file, without the ending.
    pub(crate) fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// The cases of a folder under `tests/cases`, sorted.
pub(crate) fn all(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it reads").path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Case {
    let text = fs::read_to_string(path).expect("it is text");
    let (head, expect) = text.split_once("=== expect\n").unwrap_or((&text, ""));
    let mut files: [Vec<File>; 2] = [Vec::new(), Vec::new()];
    for section in head.split("=== ").skip(1) {
        let (name, body) = section.split_once('\n').expect("a section has a name");
        let (side, name) = name.split_once('/').unwrap_or_else(|| panic!("{}: {name}", path.display()));
        files[usize::from(side == "new")].push(File::text(name, body));
    }
    let [old, new] = files;
    Case {
        path: path.to_owned(),
        head: head.to_owned(),
        old: Source { side: Side::Old, files: old },
        new: Source { side: Side::New, files: new },
        expect: expect.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
    }
}

/// The report of two sides, whatever side they were.
pub(crate) fn compare(family: Compare, old: &Source, new: &Source) -> Result<CheckReport, Vec<Refused>> {
    let (old, new) = (Source { side: Side::Old, files: old.files.clone() }, Source { side: Side::New, files: new.files.clone() });
    family(&old, &new, &DEFAULT).map(|outcome| draft::report("case", &DEFAULT, &[&old, &new], outcome))
}

/// One line a finding.
pub(crate) fn lines(result: &Result<CheckReport, Vec<Refused>>) -> Vec<String> {
    let report = match result {
        Ok(report) => report,
        Err(stops) => return stops.iter().map(|stop| format!("refused {} {}", stop.code, stop.file)).collect(),
    };
    let mut lines: Vec<String> = report
        .findings
        .iter()
        .map(|finding| {
            let breaks = if finding.breaks.is_empty() { "-".to_owned() } else { word(&finding.breaks) };
            let undecided = if finding.undecided { " undecided" } else { "" };
            let witness =
                finding.witness.as_ref().map(|one| format!(" | {} takes {}", word(&one.accepted_by), one.value)).unwrap_or_default();
            let line = finding.at.as_ref().map_or(0, |at| at.line);
            format!(
                "{} {breaks}{undecided} {} {} :{line} | {}{witness}",
                word(&finding.severity),
                finding.rule,
                finding.object,
                finding.message
            )
        })
        .collect();
    lines.extend(report.not_checked.iter().map(|what| format!("not checked: {what}")));
    lines
}

fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(serde_json::Value::Array(all)) => all.iter().map(|one| one.as_str().unwrap_or_default()).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

/// Checks every case of a folder. `unrelated` is put behind the first file of both sides.
pub(crate) fn check_all(folder: &str, family: Compare, unrelated: &dyn Fn(&File) -> String) -> usize {
    let cases = all(folder);
    let mut wrong = Vec::new();
    let mut silent = 0;
    for case in &cases {
        let name = case.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let forth = compare(family, &case.old, &case.new);
        let found = lines(&forth);
        silent += usize::from(found.is_empty());
        if std::env::var_os("SEGUE_WRITE_CASES").is_some() {
            let expect: String = found.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>().concat();
            fs::write(&case.path, format!("{}=== expect\n{expect}", case.head)).expect("it writes");
        } else if found != case.expect {
            wrong.push(format!("{name}:\n{}\nexpected:\n{}", found.join("\n"), case.expect.join("\n")));
        }
        assert_eq!(found, lines(&compare(family, &case.old, &case.new)), "{name}: twice the same");
        let Ok(forth) = forth else { continue };
        for side in [&case.old, &case.new] {
            let same = compare(family, side, side).expect("it compares");
            assert!(same.findings.is_empty(), "{name}: against itself: {:?}", lines(&Ok(same)));
        }
        let back = compare(family, &case.new, &case.old).expect("it compares");
        let (there, again) = ((forth.deploy, forth.rollback), (back.rollback, back.deploy));
        assert_eq!(there, again, "{name}: swapped\n{}\n{}", found.join("\n"), lines(&Ok(back)).join("\n"));
        let more = |source: &Source| {
            let mut source = source.clone();
            let text = source.files[0].as_text().expect("text").to_owned();
            source.files[0] = File::text(source.files[0].name.clone(), &format!("{text}{}", unrelated(&source.files[0])));
            source
        };
        let wider = lines(&compare(family, &more(&case.old), &more(&case.new)));
        assert_eq!(found, wider, "{name}: with something unrelated");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(silent > 0, "one case says nothing");
    cases.len()
}
