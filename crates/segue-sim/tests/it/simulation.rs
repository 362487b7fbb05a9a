//! The crash matrix (R1): every point, both ends; pairs by seed.

use std::time::Instant;

use segue_engine::memory::{Planted, Side};
use segue_journal::End;
use segue_sim::planning::change;
use segue_sim::traffic;
use segue_sim::world::{Case, Covered};
use serde_json::json;

use crate::soak;

fn cases() -> Vec<Case> {
    let users = "create table users (id bigint primary key, name text not null, age text, nick text, constraint named unique (name))";
    let rows = "insert into users (id, name, age, nick) values (-3, 'Ann', '1', 'a'), (0, 'Bob', '2', null), (1, 'Cid', null, 'c'), (7, 'Dee', '4', 'd'), (9, 'Eve', '5', 'e')";
    let orders = "create table orders (id bigint primary key, user_id bigint, total bigint)";
    let order_rows = "insert into orders (id, user_id, total) values (1, 7, 10), (2, 9, null), (3, 7, 30)";
    vec![
        Case::new("rename", &[users, rows], vec![change(json!({"rename_column": {"table": "users", "from": "name", "to": "full_name"}}))]),
        Case::new(
            "many on one table",
            &[users, rows, "create index users_age on users (age)"],
            vec![
                change(
                    json!({"change_type": {"table": "users", "column": "age", "to": "bigint", "up": "cast(age as bigint)", "down": "cast(age as text)"}}),
                ),
                change(
                    json!({"add_column": {"table": "users", "column": "greeting", "type": "text", "null": false, "up": "'dear ' || name"}}),
                ),
                change(json!({"drop_column": {"table": "users", "column": "nick", "down": "lower(name)"}})),
                change(json!({"rename_column": {"table": "users", "from": "age", "to": "years"}})),
            ],
        ),
        Case::new(
            "many tables",
            &[users, rows, orders, order_rows, "create table gone (id bigint primary key)", "create index orders_total on orders (total)"],
            vec![
                change(
                    json!({"create_table": {"table": "reviews", "columns": {"id": {"type": "bigint", "primary_key": true}, "words": {"type": "text", "unique": true}}}}),
                ),
                change(json!({"set_not_null": {"table": "orders", "column": "total", "up": "0"}})),
                change(json!({"add_check": {"table": "orders", "name": "total_fits", "check": "total < 1000"}})),
                change(
                    json!({"add_foreign_key": {"table": "orders", "name": "orders_user", "columns": ["user_id"], "references": {"table": "users", "columns": ["id"]}}}),
                ),
                change(json!({"add_unique": {"table": "users", "name": "one_nick", "columns": ["nick"]}})),
                change(json!({"create_index": {"table": "users", "name": "users_lower", "columns": [{"expression": "lower(name)"}]}})),
                change(json!({"drop_index": {"name": "orders_total"}})),
                change(json!({"drop_table": {"table": "gone"}})),
            ],
        ),
    ]
}

#[test]
fn every_crash_point_ends_in_one_of_two_goldens() {
    let (began, mut forward, mut back) = (Instant::now(), Covered::default(), Covered::default());
    for case in cases() {
        for (sum, one) in [(&mut forward, case.every_point_forward()), (&mut back, case.every_point_back())] {
            assert_eq!(one.points, one.of, "{}", case.name);
            sum.points += one.points;
            sum.of += one.of;
            sum.forward += one.forward;
            sum.back += one.back;
        }
    }
    assert!(forward.forward > 100 && forward.back > 100, "both ends are reached: {forward:?}");
    let (points, of) = (forward.points + back.points, forward.of + back.of);
    soak::say("simulation", "crash points", points, of);
    println!("simulation: {points} crash points of {of}, {} s", began.elapsed().as_secs());
}

#[test]
fn crashes_of_recoveries_end_there_too() {
    let cases = cases();
    let (began, seeds) = (Instant::now(), soak::widen(300, 20_000));
    let mut covered = Covered::default();
    for number in 0..seeds {
        let case = &cases[usize::try_from(number).expect("small") % cases.len()];
        let one = case.crashes_by_seed(number);
        covered.points += one.points;
        covered.forward += one.forward;
        covered.back += one.back;
    }
    assert!(covered.points > seeds && covered.forward > seeds / 4 && covered.back > seeds / 10, "{covered:?}");
    let rate = seeds as f64 / began.elapsed().as_secs_f64();
    soak::say("simulation", "seeds of pairs", seeds, seeds);
    println!("simulation: {seeds} seeds, {} crashes of recoveries and runs, {rate:.0} seeds/s", covered.points);
}

#[test]
fn clients_of_both_versions_lose_nothing_under_random_changes_and_kills() {
    let (began, seeds) = (Instant::now(), soak::widen(250, 50_000));
    let (mut acknowledged, mut looks, mut kills, mut done) = (0, 0, 0, 0);
    for number in 0..seeds {
        let drove = traffic::drive(number, None).unwrap_or_else(|wrong| panic!("{wrong}"));
        acknowledged += drove.acknowledged;
        looks += drove.looks;
        kills += drove.kills;
        done += u64::from(drove.done);
    }
    assert!(kills > seeds / 4 && done > seeds / 4 && seeds - done > seeds / 10, "{kills} kills, {done} of {seeds} done");
    assert!(acknowledged > seeds * 50, "{acknowledged} writes");
    soak::say("simulation", "acknowledged writes checked", acknowledged, acknowledged);
    let rate = seeds as f64 / began.elapsed().as_secs_f64();
    println!("simulation: {seeds} seeds, {kills} kills, {acknowledged} acknowledged writes, {looks} looks, 0 wrong, {rate:.0} seeds/s");
}

#[test]
fn dropped_triggers_are_found() {
    let seeds = 30;
    let caught = (0..seeds).filter(|number| traffic::drive(*number, Some(Planted::TriggersDropped)).is_err()).count();
    println!("simulation: triggers dropped: found in {caught} of {seeds} seeds");
    assert!(caught >= 15, "only {caught} of {seeds} seeds found it");
}

#[test]
#[should_panic(expected = "not the golden")]
fn something_left_over_is_found() {
    cases()[0].with_damage(|engine| {
        engine.client(Side::Base).execute("create index left_over on users (id)").expect("an index");
    });
}

#[test]
fn a_row_that_the_backfill_skipped_stops_the_run() {
    let end = cases()[1].with_a_row_skipped();
    assert!(matches!(end, End::Mismatch { .. }), "{end:?}");
}
