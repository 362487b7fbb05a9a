//! `--watch`: rounds until the sides differ or somebody ends it, a line each.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use crate::room::{Room, reaches, table};
use crate::said::Said;

const WATCH: [&str; 7] = ["verify", "--source", "a.db", "--target", "b.db", "--events", "rounds.ndjson"];

fn rounds(room: &Room) -> Vec<Value> {
    let text = std::fs::read_to_string(room.file("rounds.ndjson")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn it_goes_on_until_the_sides_differ() {
    let room = Room::shop();
    let mut child = room.start(&[&WATCH[..], &["--watch", "20ms", "--format", "json"]].concat());
    reaches(&mut child, || rounds(&room).len() >= 3);
    room.run("b.db", "update orders set total = 0 where id = 9");
    let said = Said::of(&child.wait_with_output().expect("it ends by itself")).expect(4);
    let document: Value = serde_json::from_str(&said.out).expect("the report of the last round");
    assert_eq!((&table(&document, "orders")["changed"], &document["verdict"]), (&json!(1), &json!("different")));
    let all = rounds(&room);
    let (last, before) = all.split_last().expect("rounds");
    assert!(before.iter().all(|round| round["verdict"] == "equal" && round["rows"] == json!({"source": 2350, "target": 2350})), "{all:#?}");
    assert_eq!((&last["verdict"], &last["different"], &last["round"]), (&json!("different"), &json!(["orders"]), &json!(all.len())));
    assert!(said.err.contains("round 1  equal: 3 tables, 2,350 rows") && said.err.contains("different: orders"), "{}", said.err);
}

#[test]
fn who_ends_it_gets_the_last_round() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let room = Room::shop();
        let mut child = room.start(&[&WATCH[..], &["--watch", "1h"]].concat());
        reaches(&mut child, || !rounds(&room).is_empty());
        kill(Pid::from_raw(i32::try_from(child.id()).expect("a pid")), signal).expect("sent");
        let said = Said::of(&child.wait_with_output().expect("ended")).expect(0);
        assert!(said.out.contains("EQUAL") && rounds(&room).len() == 1, "{said:?}");
    }
}

#[test]
fn a_round_that_fails_is_told_and_the_next_one_tried() {
    let room = Room::shop();
    let mut child = room.start(&[&WATCH[..], &["--watch", "20ms"]].concat());
    reaches(&mut child, || !rounds(&room).is_empty());
    std::fs::rename(room.file("b.db"), room.file("away.db")).expect("gone");
    let failed = |round: &Value| round["verdict"] == "undecided" && !round["error"].is_null();
    reaches(&mut child, || rounds(&room).last().is_some_and(failed));
    std::fs::rename(room.file("away.db"), room.file("b.db")).expect("back");
    reaches(&mut child, || rounds(&room).last().is_some_and(|round| round["verdict"] == "equal"));
    room.run("b.db", "delete from log");
    Said::of(&child.wait_with_output().expect("it ends by itself")).expect(4);
    // What is wrong from the beginning is told at once, and what has no rounds is refused.
    room.segue(&["verify", "--source", "a.db", "--target", "nowhere.db", "--watch", "1h"]).expect(10);
    for words in [&["--repair", "sql"][..], &["--resume"], &["--diff-rows", "x"], &["--save-fingerprint", "x"]] {
        room.verify(&[&["--watch", "1h"], words].concat()).expect(64);
    }
    room.verify(&["--watch", "0s"]).expect(64);
    assert!(room.segue(&["verify", "--watch", "1h"]).expect(64).err.contains("--watch is for two databases"));
}

#[test]
fn events_on_stdout_stand_there_alone() {
    let room = Room::shop();
    room.run("b.db", "delete from log");
    let said = room.verify(&["--watch", "1h", "--events", "-"]).expect(4);
    let round: Value = serde_json::from_str(&said.out).expect("one line");
    assert_eq!((&round["type"], &round["different"]), (&json!("compared"), &json!(["log"])));
}
