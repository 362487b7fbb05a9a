//! Folders: a contract of many files, and what must never be answered by the first file of many.

use crate::room::Room;

const API: &str = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths:\n  /c:\n    get: {responses: {'200': {description: ok}}}\n    \
                   delete: {responses: {'204': {description: gone}}}\n";

fn without_delete() -> String {
    API.lines().filter(|line| !line.contains("delete")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_folder_of_several_documents_is_refused_by_their_names() {
    let less = without_delete();
    let room = Room::with(&[("x/a.yaml", API), ("x/b.yaml", API), ("y/a.yaml", API), ("y/b.yaml", &less)]);
    room.commit("both");
    for (old, new) in [("x", "y"), ("git:HEAD:x", "git:HEAD:y")] {
        let said = room.check(&[old, new, "--type", "openapi"]);
        assert_eq!(said.code, 64, "{}{}", said.out, said.err);
        assert!(said.err.contains("SG-CHK-002") && said.err.contains("2 documents") && said.err.contains("a.yaml, b.yaml"), "{}", said.err);
        assert!(said.out.is_empty(), "{}", said.out);
    }
    assert_eq!(room.check(&["x/b.yaml", "y/b.yaml"]).code, 3);
    room.write("m/v1/a.yaml", API);
    room.write("m/v1/b.yaml", API);
    room.write("m/v2/a.yaml", API);
    assert_eq!(room.check(&["--matrix", "m", "--type", "openapi"]).code, 64);
}

#[test]
fn the_document_is_found_among_its_parts_and_what_it_leads_nowhere_to_is_said() {
    let root = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {/c: {$ref: 'paths/c.yaml'}}\n";
    let path = "get: {responses: {'200': {$ref: '../../shared/ok.yaml#/ok'}}}\n";
    let delete = "delete: {responses: {'204': {description: gone}}}\n";
    let ok = "ok: {description: ok}\n";
    let room = Room::with(&[
        ("x/z.yaml", root),
        ("x/paths/c.yaml", &format!("{path}{delete}")),
        ("x/left.yaml", "a: 1\n"),
        ("shared/ok.yaml", ok),
        ("y/z.yaml", root),
        ("y/paths/c.yaml", path),
    ]);
    let rules = |report: &serde_json::Value| -> Vec<String> {
        let findings = report["findings"].as_array().expect("a list");
        findings.iter().map(|finding| finding["rule"].as_str().expect("a name").to_owned()).collect()
    };
    let found = ["openapi-operation-removed", "openapi-version-not-bumped"];
    let report = room.report(&["x", "y", "--type", "openapi"]);
    assert_eq!(rules(&report), found);
    let not_checked = report["not_checked"].to_string();
    assert!(not_checked.contains("old: 1 file of the folder") && not_checked.contains("left.yaml"), "{not_checked}");
    assert!(!not_checked.contains("ok.yaml"), "{not_checked}");
    room.commit("all");
    let of_git = room.report(&["git:HEAD:x", "git:HEAD:y", "--type", "openapi"]);
    assert_eq!(rules(&of_git), found);
    assert!(!of_git["not_checked"].to_string().contains("ok.yaml"), "{of_git}");
}

#[test]
fn a_folder_of_scripts_is_refused_and_one_script_is_not() {
    let room = Room::with(&[
        ("mig/001.sql", "create table a (id bigint primary key);\n"),
        ("mig/002.sql", "drop table users;\n"),
        ("one/1.sql", "drop table users;\n"),
    ]);
    for words in [&["mig"][..], &["mig", "--fix"], &["mig", "--against", "one/1.sql"]] {
        let said = room.check(words);
        assert_eq!(said.code, 64, "{}{}", said.out, said.err);
        assert!(said.err.contains("2 scripts") && said.err.contains("mig/001.sql"), "{}", said.err);
    }
    assert_eq!(room.check(&["one"]).code, 3);
}

#[test]
fn a_script_without_a_statement_says_so() {
    let room = Room::with(&[("empty.sql", ""), ("words.sql", "-- nothing yet\n"), ("one.sql", "create table a (id int primary key);\n")]);
    for (name, says) in [("empty.sql", true), ("words.sql", true), ("one.sql", false)] {
        let report = room.report(&[name]);
        assert_eq!(report["not_checked"].to_string().contains("holds no statement"), says, "{name}: {report}");
    }
}

#[test]
fn a_folder_of_documents_without_a_kind_is_told_to_say_it() {
    let room = Room::with(&[("x/a.yaml", API), ("y/a.yaml", API)]);
    let said = room.check(&["x", "y"]);
    assert!(said.code == 64 && said.err.contains("--type"), "{}", said.err);
    assert_eq!(room.check(&["x", "y", "--type", "openapi"]).code, 0);
}
