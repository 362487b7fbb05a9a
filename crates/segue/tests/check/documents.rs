//! The flags and keys of the compatibility checker that comes with requirement document 000.

use crate::room::Room;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/claude-skills");

/// The samples; skips with a word where they are not there, but never in CI.
fn samples() -> Option<(String, String)> {
    let read = |name: &str| std::fs::read_to_string(format!("{DATA}/{name}"));
    match (read("database_schema_before.json"), read("database_schema_after.json")) {
        (Ok(before), Ok(after)) => Some((before, after)),
        _ if std::env::var_os("CI").is_some() => panic!("{DATA} is not there"),
        _ => {
            eprintln!("skipped: {DATA} is not there");
            None
        }
    }
}

#[test]
fn the_old_flags_and_keys_work() {
    let Some((before, after)) = samples() else { return };
    let room = Room::with(&[("before.json", &before), ("after.json", &after)]);
    let words = ["--before", "before.json", "--after", "after.json", "--type", "database"];
    let said = room.check(&[&words[..], &["--format", "json", "--output", "report.json", "--fail-on", "never"]].concat()).expect(0);
    assert_eq!(said.out, "");
    let report: serde_json::Value = serde_json::from_str(&room.read("report.json")).expect("JSON");
    for key in ["overall_compatibility", "breaking_changes_count", "issues"] {
        assert!(!report[key].is_null(), "{key} is not in {report}");
    }
    // Text, and both beside each other.
    assert!(room.check(&[&words[..], &["--format", "text"]].concat()).out.to_lowercase().contains("compatib"));
    room.check(&[&words[..], &["--format", "both", "--output", "both"]].concat());
    assert!(room.file("both.json").exists() && room.file("both.txt").exists());
    room.check(&["--before", "before.json", "--type", "database"]).expect(64);
}

#[test]
fn the_same_schemas_are_compatible_and_what_is_no_schema_is_refused() {
    let Some((before, _)) = samples() else { return };
    let room = Room::with(&[("a.json", &before), ("none.json", "{}"), ("list.json", "{\"tables\": []}")]);
    room.check(&["--before", "a.json", "--after", "a.json", "--type", "database"]).expect(0);
    for wrong in ["none.json", "list.json"] {
        room.check(&["--before", "a.json", "--after", wrong, "--type", "database"]).expect(64).says("SG-CHK-");
    }
}
