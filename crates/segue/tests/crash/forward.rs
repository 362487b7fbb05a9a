//! Every crash point of `segue apply`, each run on to both ends.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

use crate::figures::{LONG, each, figure, sample, seed};
use crate::ground::Ground;
use crate::journey::{APPLY, Journey, Place};
use crate::server::Server;

/// Crashes at a sample of points, and goes on to the end, to the beginning, and from there to the end again.
fn matrix(journey: &Journey, take: u64) {
    let mut seed = seed(journey.suite);
    let total = journey.points(&journey.fresh(), &APPLY);
    let (covered, back) = (AtomicU64::new(0), AtomicU64::new(0));
    let done = each(&sample(total, take, &mut seed), LONG, |n| {
        let forward = journey.fresh();
        let mut died = forward.crash(n, &APPLY);
        journey.on_to_the_end(&forward, &format!("killed at point {n}, then apply"));

        let rollback = journey.fresh();
        died &= rollback.crash(n, &APPLY);
        let verb = if n % 2 == 0 { "rollback" } else { "abort" };
        let place = journey.on_to_the_beginning(&rollback, verb, &format!("killed at point {n}, then {verb}"));
        if place == Place::Beginning && (n / 2).is_multiple_of(3) {
            journey.on_to_the_end(&rollback, &format!("killed at point {n}, {verb}, then apply"));
        }
        covered.fetch_add(u64::from(died), SeqCst);
        back.fetch_add(u64::from(place == Place::Beginning), SeqCst);
    });
    let (covered, back) = (covered.into_inner(), back.into_inner());
    figure(journey.suite, "crash points", covered, total);
    figure(journey.suite, "went back to the beginning", back, done);
    // A slow moment may make one batch more or less, and with it the number of points.
    assert!(covered + 4 >= done, "{}: only {covered} of {done} runs died", journey.suite);
    assert!(back > 0 && back < done, "{}: one of the two ends was never met", journey.suite);
}

#[test]
fn each_crash_point_goes_on_to_both_ends_on_sqlite() {
    matrix(&Journey::new("crash points on sqlite", Ground::sqlite()), 28);
}

#[test]
fn each_crash_point_goes_on_to_both_ends_on_postgres() {
    let server = Arc::new(Server::start());
    matrix(&Journey::new("crash points on postgres", Ground::postgres(&server)), 14);
}
