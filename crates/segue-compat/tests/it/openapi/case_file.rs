//! Reads the files of cases: `=== name`, what is wanted, `--- old`, `--- new`.

use std::path::Path;

/// One case.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) at: String,
    pub(super) today: Option<String>,
    pub(super) want: Vec<String>,
    pub(super) back: Vec<String>,
    pub(super) absent: Vec<String>,
    pub(super) old: String,
    pub(super) new: String,
}

/// Every case of the family, in order.
pub(super) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/openapi");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(file).expect("it reads");
    let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
    text.split("=== ").skip(1).map(|part| one(&stem, part)).collect()
}

fn one(file: &str, text: &str) -> Case {
    let (head, rest) = text.split_once("--- old\n").unwrap_or_else(|| panic!("{file}: no old side in {text}"));
    let (old, new) = rest.split_once("--- new\n").unwrap_or_else(|| panic!("{file}: no new side in {text}"));
    let mut lines = head.lines();
    let name = lines.next().expect("a name").to_owned();
    let mut case = Case { file: file.to_owned(), name, at: "operation".to_owned(), ..Case::default() };
    for line in lines.filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{}: {line}", case.name));
        let values = || value.split("; ").map(str::to_owned);
        match key {
            "at" => value.clone_into(&mut case.at),
            "today" => case.today = Some(value.to_owned()),
            "want" => case.want.extend(values()),
            "back" => case.back.extend(values()),
            "absent" => case.absent.extend(values()),
            _ => panic!("{}: {line}", case.name),
        }
    }
    case.old = document(&case.at, old);
    case.new = document(&case.at, new);
    case
}

/// The part of a document that a case writes, in its document.
fn document(at: &str, part: &str) -> String {
    let part = part.trim_end();
    let indented = |columns: usize| part.lines().map(|line| format!("{:columns$}{line}\n", "")).collect::<String>();
    let head = "openapi: 3.0.3\ninfo: {title: Orders}\n";
    match at {
        "document" => format!("{part}\n"),
        "paths" => format!("{head}paths:\n{}", indented(2)),
        "operation" => format!("{head}paths:\n  /orders:\n    post:\n{}", indented(6)),
        "swagger" => format!("swagger: '2.0'\ninfo: {{title: Orders}}\npaths:\n  /orders:\n    post:\n{}", indented(6)),
        "request" => format!(
            "{head}paths:\n  /orders:\n    post:\n      requestBody:\n        content:\n          application/json:\n            schema:\n{}",
            indented(14)
        ),
        "response" => format!(
            "{head}paths:\n  /orders:\n    get:\n      responses:\n        '200':\n          description: ok\n          content:\n            application/json:\n              schema:\n{}",
            indented(16)
        ),
        _ => panic!("no such place: {at}"),
    }
}
