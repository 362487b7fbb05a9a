//! Whole outputs, as a person sees them at 80 columns. Digests, times and versions are made the same.

use crate::fixture::{Folder, Said};

fn check(name: &str, said: &Said) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.add_filter(r"[0-9a-f]{64}", "DIGEST");
    // The mark of a run, as if it were not there.
    settings.add_filter(r"(-\d+)-[0-9a-f]{6}\b", "$1");
    settings.add_filter(r"\b[0-9a-f]{12}\b", "DIGEST");
    settings.add_filter(r"\b[0-9a-f]{4}…[0-9a-f]{2}\b", "DIGEST");
    settings.add_filter(r"\b[0-9a-f]{4}…", "DIGEST");
    settings.add_filter(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME");
    settings.add_filter(r"\b[\w-]+:\d{2,}:\d{3,}\b", "HOLDER");
    // A pause is measured: it is never the same twice.
    settings.add_filter(r"(about|≤) \d+ ms", "$1 N ms");
    // The pause is part of what the schedule is simulated from.
    settings.add_filter(r"\b(P\d+) \d+ s\b", "$1 N s");
    settings.add_filter(r"in \d+(\.\d)? % of the runs", "in N % of the runs");
    settings.add_filter(r"\d+ s \(\d+–\d+\)", "N s (N–N)");
    let text = format!("exit {}\n--- stdout\n{}--- stderr\n{}", said.code, said.out, said.err);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn help() {
    let folder = Folder::new();
    check("help", &folder.segue(&["--help"]));
    for verb in ["apply", "plan", "rollback"] {
        check(&format!("help_{verb}"), &folder.segue(&[verb, "-h"]));
    }
}

#[test]
fn a_spec_with_several_faults() {
    let folder = Folder::shop(5);
    folder.write("segue.yaml", "segue: 1\nid: MIG 7\nsystems: {db: {sqlite: {path: shop.db}}}\nschema:\n  in: db\n  changes:\n    - rename_colum: {table: users, from: name, to: full_name}\n    - change_type: {table: orders, column: total, to: numeric(12,2)}\nkeep_old: 5\n");
    check("spec_faults", &folder.segue(&["plan"]));
}

#[test]
fn the_plan() {
    let folder = Folder::shop(500);
    check("plan", &folder.segue(&["plan"]));
    check("plan_changes", &folder.segue(&["plan", "--detail", "changes"]));
    check("plan_full", &folder.segue(&["plan", "--detail", "full"]));
}

#[test]
fn the_run() {
    let folder = Folder::shop(500);
    check("apply_without_a_yes", &folder.segue(&["apply", "-f", "segue.yaml"]));
    check("apply_until_shift", &folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]));
    check("status", &folder.segue(&["status"]));
    check("verify", &folder.segue(&["verify"]));
    check("rollback_without_a_yes", &folder.segue(&["rollback"]));
    check("rollback", &folder.segue(&["rollback", "--yes"]));
    check("status_back", &folder.segue(&["status"]));
    check("apply", &folder.segue(&["apply", "-f", "segue.yaml", "--yes"]));
    check("status_done", &folder.segue(&["status"]));
    check("rollback_too_late", &folder.segue(&["rollback", "--yes"]));
}

#[test]
fn words() {
    let folder = Folder::shop(5);
    check("explain_code", &folder.segue(&["explain", "SG-CLI-036"]));
    check("explain_unknown", &folder.segue(&["explain", "SG-CLI-99"]));
    check("schema_head", &{
        let mut said = folder.segue(&["schema"]);
        said.out = said.out.lines().take(5).collect::<Vec<_>>().join("\n") + "\n";
        said
    });
}
