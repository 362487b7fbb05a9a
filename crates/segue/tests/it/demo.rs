//! The demo proves what it claims: all counts zero, and exit 1 when a write was lost on purpose.

use crate::fixture::Folder;

#[test]
fn the_demo_loses_nothing() {
    let folder = Folder::new();
    let said = folder.segue(&["demo"]).expect(0);
    let last: Vec<&str> = said.out.lines().rev().take(5).collect();
    assert!(last.iter().any(|line| line.contains("lost 0")), "{}", said.out);
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    assert!(said.out.contains("killed 1   resumed 1"), "{}", said.out);
}

#[test]
fn a_planted_loss_is_seen() {
    let folder = Folder::new();
    let said = folder.segue(&["demo", "--plant-lost-write", "--format", "json"]).expect(1);
    let json: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(json["lost"], 1, "{json}");
    assert_eq!(json["doubled"], 0, "{json}");
}
