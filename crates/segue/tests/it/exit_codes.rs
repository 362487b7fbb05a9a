//! Every exit code that scripts rely on, each reached the way a user reaches it.

use crate::fixture::{Folder, SPEC};

#[test]
fn usage_and_specs_that_cannot_be_read_are_64() {
    let folder = Folder::shop(5);
    folder.segue(&["frobnicate"]).expect(64);
    folder.segue(&["plan", "-f", "missing.yaml"]).expect(64).says("SG-CLI-002");
    folder.write("segue.yaml", &SPEC.replace("rename_column", "rename_colum"));
    folder.segue(&["plan"]).expect(64).says("rename_column");
    folder.write(
        "segue.yaml",
        &SPEC.replace("- rename_column: {table: users, from: name, to: full_name}", "- rename_column: [users, name, full_name]"),
    );
    folder.segue(&["plan"]).expect(64);
    folder.segue(&["status", "--state-dir", "nowhere"]).expect(64);
    folder.segue(&["explain", "SG-NO-999"]).expect(64);
    folder.segue(&["apply", "-f", "segue.yaml", "--lease", "soon", "--yes"]).expect(64);
}

#[test]
fn a_plan_that_cannot_be_is_3_and_writes_no_plan() {
    let folder = Folder::shop(5);
    folder.write("segue.yaml", &SPEC.replace("table: users", "table: userz"));
    folder.segue(&["plan", "-o", "plan.segue"]).expect(3).says("users");
    assert!(!folder.file("plan.segue").exists());
}

#[test]
fn changes_are_2_only_when_asked() {
    let folder = Folder::shop(5);
    folder.segue(&["plan"]).expect(0);
    folder.segue(&["plan", "--detailed-exitcode"]).expect(2);
}

#[test]
fn off_a_terminal_a_missing_yes_is_5_with_the_command() {
    let folder = Folder::shop(5);
    folder.segue(&["apply", "-f", "segue.yaml"]).expect(5).says("segue approve");
    folder.segue(&["plan", "-o", "plan.segue"]).expect(0);
    folder.segue(&["apply", "plan.segue"]).expect(5).says("segue approve plan.segue");
    folder.segue(&["approve", "plan.segue"]).expect(0);
    folder.segue(&["apply", "plan.segue", "--until", "expand"]).expect(0);
    folder.segue(&["rollback"]).expect(5).says("segue rollback --yes");
    folder.segue(&["abort"]).expect(5).says("segue abort --yes");
}

#[test]
fn a_plan_changed_by_hand_is_refused() {
    let folder = Folder::shop(5);
    folder.segue(&["plan", "-o", "plan.segue"]).expect(0);
    let text = folder.read("plan.segue").replace("full_name", "fool_name");
    folder.write("plan.segue", &text);
    folder.segue(&["apply", "plan.segue", "--yes"]).expect(64).says("SG-CLI-034");
}

#[test]
fn a_stale_plan_is_8_and_names_what_moved() {
    let folder = Folder::shop(5);
    folder.segue(&["plan", "-o", "plan.segue"]).expect(0);
    folder.db().execute_batch("alter table users add column nick text").expect("moved");
    folder.segue(&["apply", "plan.segue", "--yes"]).expect(8).says("column nick was added");
}

/// A fault behind Segue's back: the triggers go, and the forms of one row part.
pub(crate) fn part_the_forms(folder: &Folder) {
    let db = folder.db();
    let triggers: Vec<String> = db
        .prepare("select name from sqlite_schema where type = 'trigger'")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("triggers");
    assert!(!triggers.is_empty());
    for trigger in triggers {
        db.execute_batch(&format!("drop trigger \"{trigger}\"")).expect("dropped");
    }
    db.execute("update users set name = 'parted' where id = 7", []).expect("parted");
}

#[test]
fn a_mismatch_is_4() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    part_the_forms(&folder);
    folder.segue(&["verify"]).expect(4);
    folder.segue(&["apply", "--yes"]).expect(4);
}

#[test]
fn no_way_back_after_contract_is_7() {
    let folder = Folder::shop(5);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "backfill"]).expect(0);
    // The way back is a part of validation: open, and nobody tried it.
    let said = folder.segue(&["verify", "--with", "rollback"]).expect(0);
    for words in ["check rollback   PASS", "going back loses no row", "nobody rehearsed this plan"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    let said = folder.segue(&["verify", "--with", "rollback"]).expect(4);
    assert!(said.out.contains("the run cannot go back") && said.out.contains("no two forms to compare now"), "{}", said.out);
    folder.segue(&["verify", "--with", "rollback", "--source", "a.db", "--target", "b.db"]).expect(64);
    folder.segue(&["rollback", "--yes"]).expect(7);
}

#[test]
fn a_held_run_is_9() {
    let folder = Folder::shop(20_000);
    let mut child = folder.start(&["apply", "-f", "segue.yaml", "--yes", "--events", "e"]);
    assert!(folder.wait_for(&mut child, "e", "step_started"));
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id() as i32), nix::sys::signal::Signal::SIGSTOP).expect("stopped");
    let held = folder.segue(&["apply", "-f", "segue.yaml", "--yes"]);
    let unlock = folder.segue(&["unlock"]);
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id() as i32), nix::sys::signal::Signal::SIGCONT).expect("goes on");
    let first = folder.ends(child);
    // SIGSTOP may catch it in the middle of a commit to the journal: then that is what the second one meets.
    assert!(held.err.contains("held by") || held.err.contains("SG-JR-013"), "{held:?}");
    held.expect(9);
    assert!([0, 5, 9].contains(&unlock.code), "{unlock:?}");
    first.expect(0);
}

#[test]
fn no_connection_is_10() {
    let folder = Folder::shop(5);
    folder.write("segue.yaml", &SPEC.replace("{sqlite: {path: shop.db}}", "{postgres: {url: env:NO_SUCH_VARIABLE_HERE}}"));
    folder.segue(&["plan"]).expect(10).says("NO_SUCH_VARIABLE_HERE");
    folder.write("segue.yaml", &SPEC.replace("{sqlite: {path: shop.db}}", "{postgres: {url: \"postgres://nobody@127.0.0.1:1/none\"}}"));
    folder.segue(&["plan"]).expect(10);
    folder.write("segue.yaml", &SPEC.replace("path: shop.db", "path: elsewhere.db"));
    folder.segue(&["plan"]).expect(10).says("SG-CLI-013");
    assert!(!folder.file("elsewhere.db").exists());
}

#[test]
fn paused_is_5_and_resume_goes_on() {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    folder.segue(&["pause"]).expect(0);
    folder.segue(&["apply", "--yes"]).expect(5).says("segue resume");
    folder.segue(&["resume", "--yes"]).expect(0);
    folder.segue(&["pause"]).expect(64);
}

#[test]
fn ctrl_c_finishes_the_batch_and_is_130() {
    let folder = Folder::shop(60_000);
    let mut child = folder.start(&["apply", "-f", "segue.yaml", "--yes", "--events", "e"]);
    assert!(folder.wait_for(&mut child, "e", "\"progress\""), "the backfill began");
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id() as i32), nix::sys::signal::Signal::SIGINT).expect("sent");
    let said = folder.ends(child);
    // A fast machine may be through with its last batch before the signal is seen.
    assert!(said.code == 130 || said.code == 0, "{said:?}");
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
}
