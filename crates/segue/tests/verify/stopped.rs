//! Stopped in the middle: no table that was not finished is called equal or different, and `--resume` goes on without
//! reading again what was finished, never claiming it for the later moment.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use segue_postgres::private_server::find_bins;
use segue_sim::rows::Place;
use serde_json::{Value, json};

use crate::room::{Room, reaches, table};
use crate::said::Said;

/// On the target alone: rows above 1000 are not reached while the brake is on, those below cost nothing.
const BRAKE: &str = "id <= 1000 or (with recursive c(x) as (select 1 union all select x + 1 from c where x < (select n from brake))
    select count(*) from c) >= 0";

/// Differences in what is finished before the stop, and in what is not. `log` has no key, `orders` comes after it.
fn room() -> Room {
    let room = Room::shop();
    for file in ["a.db", "b.db"] {
        room.run(
            file,
            "create table brake (n integer); insert into brake values (4000000000000); alter table log add column id integer default 1",
        );
    }
    room.run("b.db", "update orders set note = 'canary-cell' where id in (7, 150, 900, 1500, 1999); insert into log values ('m1', 1)");
    room
}

const WORDS: [&str; 11] =
    ["verify", "--source", "a.db", "--target", "b.db", "--table", "orders,log", "--range-rows", "200", "--where", "id > 0"];

fn words(more: &[&'static str]) -> Vec<&'static str> {
    [&WORDS[..], &["--where-target", BRAKE, "--format", "json"], more].concat()
}

/// The one file of a comparison that was stopped.
fn kept(room: &Room) -> Option<PathBuf> {
    std::fs::read_dir(room.file(".segue/verify")).ok()?.find_map(|entry| Some(entry.ok()?.path()))
}

fn lines_kept(room: &Room) -> usize {
    kept(room).and_then(|path| std::fs::read_to_string(path).ok()).map_or(0, |text| text.lines().count())
}

/// Begins, and ends by a signal once so many lines are kept.
fn stop(room: &Room, more: &[&'static str], lines: usize, signal: Signal) -> Said {
    let mut child = room.start(&words(more));
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    reaches(&mut child, || lines_kept(room) >= lines);
    kill(pid, signal).expect("sent");
    if signal == Signal::SIGINT {
        kill(pid, signal).expect("sent");
    }
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.signal().is_some(), signal == Signal::SIGKILL, "it ends by itself: {output:?}");
    room.run("b.db", "update brake set n = 0");
    Said::of(&output)
}

/// Lines of a comparison that stands before the brake: the session, `log`, and five ranges of `orders`.
const LINES: usize = 7;

fn goes_on(room: &Room, more: &[&'static str]) -> (Said, Value) {
    let said = room.segue(&words(&[&["--resume"], more].concat()));
    let document = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    (said, document)
}

fn keys(document: &Value) -> Vec<i64> {
    let rows = table(document, "orders")["examples"].as_array().expect("rows").iter();
    let mut keys: Vec<i64> = rows.filter_map(|row| row["key"]["id"].as_i64()).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_killed_comparison_goes_on_and_finds_what_a_straight_one_finds() {
    let room = room();
    stop(&room, &[], LINES, Signal::SIGKILL);
    let path = kept(&room).expect("kept");
    assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(&path).expect("read").contains("canary"), "a value was kept");
    // What happens now is not in a range that is still to be read: it belongs to a later moment.
    room.run("b.db", "update orders set note = 'late' where id = 500");
    let (said, document) = goes_on(&room, &[]);
    assert!(said.code == 4 && said.err.contains("going on"), "{said:?}");
    let orders = table(&document, "orders");
    assert_eq!((keys(&document), &orders["changed"]), (vec![7, 150, 900, 1500, 1999], &json!(5)), "{document:#}");
    assert_eq!(orders["rows"], json!({"source": 2000, "target": 2000}));
    let notes = orders["notes"].to_string();
    assert!(notes.contains("the first 1000 rows of the source") && notes.contains("before it was stopped, by the run of 20"), "{notes}");
    let log = table(&document, "log");
    assert_eq!((&log["verdict"], &log["extra_in_target"]), (&json!("different"), &json!(1)));
    assert!(log["notes"].to_string().contains("before it was stopped, by the run of 20"), "{log:#}");
    let moments = document["moments"].as_array().expect("moments");
    assert!(moments.len() == 4 && moments[0].to_string().contains("the run of 20"), "{moments:?}");
    assert!(kept(&room).is_none() && !room.file(".segue/verify").exists(), "what is finished needs no file");
    let straight: Value = serde_json::from_str(&room.segue(&words(&[])).expect(4).out).expect("JSON");
    assert_eq!(keys(&straight), [7, 150, 500, 900, 1500, 1999]);
}

#[test]
fn ctrl_c_ends_it_without_a_verdict_and_says_how_it_goes_on() {
    let room = room();
    let said = stop(&room, &["--diff-rows", "rows.ndjson"], LINES, Signal::SIGINT).expect(130);
    assert!(said.err.contains("--resume"), "{}", said.err);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(table(&document, "orders")["verdict"], "undecided");
    let (_, document) = goes_on(&room, &["--diff-rows", "rows.ndjson"]);
    assert_eq!(keys(&document), [7, 150, 900, 1500, 1999]);
    let lines = room.read("rows.ndjson");
    assert_eq!(lines.lines().count(), 6, "each differing row has one line: {lines}");
}

#[test]
fn what_was_kept_is_taken_up_only_for_the_same_question_and_unharmed() {
    let room = room();
    stop(&room, &[], LINES, Signal::SIGKILL);
    let path = kept(&room).expect("kept");
    let bytes = std::fs::read(&path).expect("read");
    room.run("b.db", "update orders set note = 'late' where id = 500");
    let all = [7, 150, 500, 900, 1500, 1999];
    let anew = |said: &str, more: &[&'static str]| {
        let (told, document) = goes_on(&room, more);
        assert!(told.code == 4 && told.err.contains(said) && told.err.contains("anew"), "{told:?}");
        assert_eq!(keys(&document), all);
        assert!(!document["moments"].to_string().contains("the run of"), "{document:#}");
    };
    anew("no comparison of these sides with these flags was stopped", &["--ignore-columns", "user_id"]);
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("there");
    std::fs::write(&path, damaged).expect("written");
    anew("damaged", &[]);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("there");
    std::fs::write(&path, &bytes).expect("written");
    let without = room.segue(&words(&[])).expect(4);
    assert!(without.err.contains("was stopped before"), "it is never taken up unasked: {}", without.err);
    assert_eq!(keys(&serde_json::from_str(&without.out).expect("JSON")), all);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("there");
    std::fs::write(&path, &bytes).expect("written");
    for file in ["a.db", "b.db"] {
        room.run(file, "alter table orders add column more text; alter table log add column more text");
    }
    anew("another form", &[]);
}

#[test]
fn hidden_keys_are_not_kept_and_whole_tables_are() {
    let room = room();
    let mut child = room.start(&words(&["--hide-keys"]));
    // The session and `log`; no range of `orders` follows before the brake.
    reaches(&mut child, || lines_kept(&room) >= 2);
    child.kill().expect("killed");
    child.wait().expect("ended");
    let text = std::fs::read_to_string(kept(&room).expect("kept")).expect("read");
    assert!(!text.contains("below") && text.contains("\"key\":[]"), "{text}");
    room.run("b.db", "update brake set n = 0");
    let (said, document) = goes_on(&room, &["--hide-keys"]);
    assert!(said.code == 4 && table(&document, "log")["notes"].to_string().contains("stopped"), "{document:#}");
    assert_eq!(table(&document, "orders")["changed"], 5);
}

#[test]
fn a_repair_of_a_comparison_that_goes_on_puts_all_rows_right() {
    let room = room();
    let repair = ["--repair", "sql", "--out", "scripts"];
    stop(&room, &repair, LINES, Signal::SIGKILL);
    goes_on(&room, &repair);
    room.run("b.db", &room.read("scripts/repair.sql"));
    let said = room.segue(&words(&[]));
    assert!(said.code == 0 && !said.err.contains("--resume"), "{said:?}");
}

/// The end of a session at a server, in the middle of a range.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comparison_that_lost_a_side_goes_on() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    let place = Place::postgres(&bins.into_iter().next_back().expect("PostgreSQL server programs: cargo xtask test")).await;
    for schema in ["old", "new"] {
        place.execute(&format!("create schema {schema}; create table {schema}.t (id bigint primary key, v text)")).await;
        place.execute(&format!("insert into {schema}.t select i, 'v' || i from generate_series(1, 2000) i")).await;
        place.execute(&format!("analyze {schema}.t")).await;
    }
    place.execute("create table brake (n float); insert into brake values (3600)").await;
    let (room, url) = (Room::shop(), place.url());
    let condition = "id <= 1000 or (select pg_sleep(n) from public.brake) is not null";
    let words = [
        &["verify", "--source", &url, "--target", &url, "--source-schema", "old", "--target-schema", "new", "--format", "json"][..],
        &["--range-rows", "200", "--where", "id > 0", "--where-target", condition],
    ]
    .concat();
    let mut child = room.start(&words);
    tokio::task::block_in_place(|| reaches(&mut child, || lines_kept(&room) >= 2));
    while child.try_wait().expect("asked").is_none() {
        place.execute("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'").await;
    }
    let said = Said::of(&child.wait_with_output().expect("ended"));
    assert!(said.code == 10 && said.err.contains("--resume"), "neither equal nor different: {said:?}");
    place.execute("update brake set n = 0").await;
    let said = tokio::task::block_in_place(|| room.segue(&[&words[..], &["--resume"]].concat())).expect(0);
    assert!(said.out.contains("before it was stopped") && kept(&room).is_none(), "{said:?}");
}
