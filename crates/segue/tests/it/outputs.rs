//! Whole outputs, as a person sees them at 80 columns. Digests, times and versions are made the same.

use crate::fixture::{Folder, Said};

fn check(name: &str, folder: &Folder, said: &Said) {
    whole("../snapshots", name, folder, said);
}

/// Holds a whole output in a folder of such.
pub(crate) fn whole(place: &str, name: &str, folder: &Folder, said: &Said) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(place);
    settings.set_prepend_module_to_snapshot(false);
    settings.add_filter(r"[0-9a-f]{64}", "DIGEST");
    // The mark of a run, as if it were not there.
    settings.add_filter(r"(-\d+)-[0-9a-f]{6}\b", "$1");
    settings.add_filter(r"-[0-9a-f]{6}\.txt", "-MARK.txt");
    settings.add_filter(r"\b[0-9a-f]{12}\b", "DIGEST");
    settings.add_filter(r"\b[0-9a-f]{4}…[0-9a-f]{2}\b", "DIGEST");
    settings.add_filter(r"\b[0-9a-f]{4}…", "DIGEST");
    settings.add_filter(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME");
    settings.add_filter(r"\b[\w-]+:\d{2,}:\d{3,}\b", "HOLDER");
    // A pause is measured: it is never the same twice.
    settings.add_filter(r"(about|≤) \d+ ms", "$1 N ms");
    // How long a table was compared, and how fast.
    settings.add_filter(r"(?m)^(  [!=?] .*?)( +[\d.]+ m?s)?( +[\d,]+/s)?$", "$1");
    // The pause is part of what the schedule is simulated from.
    settings.add_filter(r"\b(P\d+) \d+ s\b", "$1 N s");
    settings.add_filter(r"in \d+(\.\d)? % of the runs", "in N % of the runs");
    settings.add_filter(r"\d+ s \(\d+–\d+\)", "N s (N–N)");
    // The demo counts what it did, and how long it took.
    settings.add_filter(r" +\d+\.\d s +\d+ writes", "  N s  N writes");
    settings.add_filter(r"acknowledged \d+", "acknowledged N");
    settings.add_filter(r"took \d+\.\d s", "took N s");
    settings.add_filter(r"a writer \d+ ms", "a writer N ms");
    // How often a lock was tried for.
    settings.add_filter(r"(?m)^entering the run: .*\n", "");
    settings.add_filter(r"(would go|the beginning|to the end): [\d.]+ m?s", "$1: N ms");
    settings.add_filter(
        r"passed:\s+forward\s+[\d.]+\s+m?s,\s+back\s+[\d.]+\s+m?s,\s+forward\s+to\s+the\s+end\s+[\d.]+\s+m?s",
        "passed: forward N ms, back N ms, forward to the end N ms",
    );
    settings.add_filter(r"(?m) +[\d.]+ m?s$", " N ms");
    settings.add_filter(r"[A-Z][a-z]{2} \d\d? [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC", "TIME");
    settings.add_filter(r"for \d+ s more", "for N s more");
    settings.add_filter(r"SQLite \d+\.\d+\.\d+", "SQLite N");
    settings.add_filter(&regex_of(&folder.path().display().to_string()), "FOLDER");
    let text = format!("exit {}\n--- stdout\n{}--- stderr\n{}", said.code, said.out, said.err);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn help() {
    let folder = Folder::new();
    check("help", &folder, &folder.segue(&["--help"]));
    for verb in ["apply", "plan", "rollback"] {
        check(&format!("help_{verb}"), &folder, &folder.segue(&[verb, "-h"]));
    }
}

#[test]
fn a_spec_with_several_faults() {
    let folder = Folder::shop(5);
    folder.write("segue.yaml", "segue: 1\nid: MIG 7\nsystems: {db: {sqlite: {path: shop.db}}}\nschema:\n  in: db\n  changes:\n    - rename_colum: {table: users, from: name, to: full_name}\n    - change_type: {table: orders, column: total, to: numeric(12,2)}\nkeep_old: 5\n");
    check("spec_faults", &folder, &folder.segue(&["plan"]));
}

#[test]
fn the_plan() {
    let folder = Folder::shop(500);
    check("plan", &folder, &folder.segue(&["plan"]));
    check("plan_changes", &folder, &folder.segue(&["plan", "--detail", "changes"]));
    check("plan_full", &folder, &folder.segue(&["plan", "--detail", "full"]));
}

#[test]
fn the_run() {
    let folder = Folder::shop(500);
    check("apply_without_a_yes", &folder, &folder.segue(&["apply", "-f", "segue.yaml"]));
    check("apply_until_shift", &folder, &folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]));
    check("status", &folder, &folder.segue(&["status"]));
    check("verify", &folder, &folder.segue(&["verify"]));
    check("rollback_without_a_yes", &folder, &folder.segue(&["rollback"]));
    check("rollback", &folder, &folder.segue(&["rollback", "--yes"]));
    check("status_back", &folder, &folder.segue(&["status"]));
    check("apply", &folder, &folder.segue(&["apply", "-f", "segue.yaml", "--yes"]));
    check("status_done", &folder, &folder.segue(&["status"]));
    check("rollback_too_late", &folder, &folder.segue(&["rollback", "--yes"]));
}

#[test]
fn words() {
    let folder = Folder::shop(5);
    check("explain_code", &folder, &folder.segue(&["explain", "SG-CLI-036"]));
    check("explain_unknown", &folder, &folder.segue(&["explain", "SG-CLI-99"]));
    check("schema_head", &folder, &{
        let mut said = folder.segue(&["schema"]);
        said.out = said.out.lines().take(5).collect::<Vec<_>>().join("\n") + "\n";
        said
    });
}

/// A path as a pattern of itself.
fn regex_of(path: &str) -> String {
    path.chars().map(|c| if c.is_alphanumeric() || c == '/' { c.to_string() } else { format!("\\{c}") }).collect()
}
