//! A crash, and another one during the recovery from it: pairs by seed.

use std::sync::Arc;

use crate::figures::{figure, seed, soak};
use crate::ground::Ground;
use crate::journey::{APPLY, Journey};
use crate::server::Server;

fn pairs(journey: &Journey, take: u64) {
    let mut seed = seed(journey.suite);
    let total = journey.points(&journey.fresh(), &APPLY);
    let (mut twice, mut thrice) = (0, 0);
    for _ in 0..take {
        let ground = journey.fresh();
        let first = 1 + seed.below(total);
        // Biased to the first moments of a recovery, where it finds out how far things are.
        let near = if seed.coin() { 12 } else { total };
        let (second, third) = (1 + seed.below(near), 1 + seed.below(12));
        let (forward, verb) = (seed.coin(), if seed.coin() { "rollback" } else { "abort" });
        let when = format!("killed at {first}, then at {second} of the recovery, then at {third}; forward {forward}, {verb}");
        assert!(ground.crash(first, &APPLY) || first + 4 > total, "{when}: the first did not die");
        if forward {
            twice += u64::from(ground.crash(second, &APPLY));
            thrice += u64::from(ground.crash(third, &APPLY));
            journey.on_to_the_end(&ground, &when);
        } else {
            // Refused or already over is for the last word below to judge.
            twice += u64::from(ground.dies(second, &[verb, "--yes"]));
            thrice += u64::from(ground.dies(third, &[verb, "--yes"]));
            if ground.events().iter().any(|(event, _)| event == "run_ended") {
                journey.expect_either(&ground, &when);
            } else {
                journey.on_to_the_beginning(&ground, verb, &when);
            }
        }
    }
    figure(journey.suite, "pairs", twice, take);
    figure(journey.suite, "triples", thrice, take);
    assert!(twice * 3 > take, "{}: only {twice} of {take} recoveries died", journey.suite);
}

#[test]
fn a_crash_during_the_recovery_on_sqlite() {
    pairs(&Journey::new("crashes in recovery on sqlite", Ground::sqlite()), if soak() { 300 } else { 14 });
}

#[test]
fn a_crash_during_the_recovery_on_postgres() {
    let server = Arc::new(Server::start());
    pairs(&Journey::new("crashes in recovery on postgres", Ground::postgres(&server)), if soak() { 100 } else { 7 });
}
