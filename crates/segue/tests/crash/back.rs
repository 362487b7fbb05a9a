//! Every crash point of `segue rollback` and `segue abort`, each run on.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

use crate::figures::{LONG, each, figure, sample, seed};
use crate::ground::Ground;
use crate::journey::{APPLY, Journey, Place};
use crate::server::Server;

fn matrix(journey: &Journey, take: u64) {
    let mut seed = seed(journey.suite);
    let shifted = journey.fresh();
    shifted.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0, "until shift");
    let mut all = (0, 0, 0);
    for verb in ["rollback", "abort"] {
        let total = journey.points(&shifted, &[verb, "--yes"]);
        let covered = AtomicU64::new(0);
        all.2 += each(&sample(total, take, &mut seed), LONG / 2, |n| {
            let ground = shifted.copy();
            covered.fetch_add(u64::from(ground.crash(n, &[verb, "--yes"])), SeqCst);
            go_on(journey, &ground, n, verb);
        });
        all.0 += covered.into_inner();
        all.1 += total;
    }
    let (covered, total, done) = all;
    figure(journey.suite, "crash points", covered, total);
    assert!(covered + 4 >= done, "{}: only {covered} of {done} runs died", journey.suite);
}

/// By the same verb, or by `apply`; and then to the end.
fn go_on(journey: &Journey, ground: &Ground, n: u64, verb: &str) {
    let when = format!("killed at point {n} of {verb}");
    if n.is_multiple_of(3) {
        let said = ground.segue(&APPLY);
        // Going on going back is not what `apply` was called for: it says so.
        let told = said.code == Some(5) && said.err.contains("SG-CLI-054");
        assert!(said.code == Some(0) || told, "{when}, then apply: {said:?}");
        journey.expect_either(ground, &format!("{when}, then apply"));
    } else {
        let said = ground.segue(&[verb, "--yes"]);
        // The last point is after the run is over, where a second abort is told so.
        let over = ground.events().last().is_some_and(|(event, _)| event == "run_ended");
        assert!(said.code == Some(0) || (over && verb == "abort"), "{when}, then {verb}: {said:?}");
        journey.expect(ground, Place::Beginning, &format!("{when}, then {verb}"));
    }
    journey.on_to_the_end(ground, &format!("{when}, and then apply"));
}

#[test]
fn each_crash_point_of_going_back_goes_on_on_sqlite() {
    matrix(&Journey::new("crash points of going back on sqlite", Ground::sqlite()), 7);
}

#[test]
fn each_crash_point_of_going_back_goes_on_on_postgres() {
    let server = Arc::new(Server::start());
    matrix(&Journey::new("crash points of going back on postgres", Ground::postgres(&server)), 5);
}
