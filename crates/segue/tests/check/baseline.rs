//! Findings that do not count: by a file, a mark or a baseline, each with its end.

use crate::room::Room;

const OLD: &str = "syntax = \"proto3\";\npackage s;\nmessage A { string x = 1; string y = 2; }\n";
const NEW: &str = "syntax = \"proto3\";\npackage s;\nmessage A { int32 x = 1; int32 y = 2; }\n";

#[test]
fn a_reason_suppresses_until_its_day() {
    let room = Room::with(&[("old.proto", OLD), ("new.proto", NEW)]);
    let report = room.report(&["old.proto", "new.proto"]);
    let breaking: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["breaks"].to_string().contains("deploy"))
        .map(|finding| finding["id"].as_str().expect("an id"))
        .collect();
    assert!(!breaking.is_empty(), "{report}");
    let entries: String =
        breaking.iter().map(|id| format!("- id: {id}\n  reason: nobody sends it any more\n  until: 2027-01-31\n")).collect();
    room.write("segue-ignore.yaml", &entries);
    let report = room.report(&["old.proto", "new.proto", "--today", "2026-11-21"]);
    assert_eq!(report["suppressed"].as_array().map(Vec::len), Some(breaking.len()), "{report}");
    assert_eq!(report["deploy"], "compatible", "{report}");
    // After its day it counts again, and that it ended is told.
    let report = room.report(&["old.proto", "new.proto", "--today", "2027-02-01"]);
    assert_eq!(report["deploy"], "breaking", "{report}");
    assert!(report["findings"].to_string().contains("expired"), "{report}");
    // A file that cannot be read as what it is stops everything.
    room.write("segue-ignore.yaml", "- id: x\n  reson: y\n");
    room.check(&["old.proto", "new.proto"]).expect(64).says("reason");
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let room = Room::with(&[("old.proto", OLD), ("new.proto", NEW)]);
    room.check(&["old.proto", "new.proto", "-o", "baseline.json"]).expect(3);
    room.check(&["old.proto", "new.proto", "--baseline", "baseline.json"]).expect(0);
    room.write("new.proto", &format!("{NEW}message B {{ string z = 1; }}\n").replace("message A", "message C"));
    room.check(&["old.proto", "new.proto", "--baseline", "baseline.json"]).expect(3);
    room.write("baseline.json", "{}");
    room.check(&["old.proto", "new.proto", "--baseline", "baseline.json"]).expect(64).says("SG-CHK-");
}
