//! Every crash point of `segue rollback` and `segue abort`, each run on.

use std::sync::Arc;

use crate::figures::{figure, sample, seed};
use crate::ground::Ground;
use crate::journey::{APPLY, Journey, Place};
use crate::server::Server;

fn matrix(journey: &Journey, take: u64) {
    let mut seed = seed(journey.suite);
    let shifted = journey.fresh();
    shifted.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "shift"]).expect(0, "until shift");
    let mut all = (0, 0);
    for verb in ["rollback", "abort"] {
        let total = journey.points(&shifted, &[verb, "--yes"]);
        for n in sample(total, take, &mut seed) {
            let ground = shifted.copy();
            all.0 += u64::from(ground.crash(n, &[verb, "--yes"]));
            // Another command, too, must do no harm to a run on its way back.
            if n % 3 == 0 {
                let said = ground.segue(&APPLY);
                // Going on going back is not what `apply` was called for: it says so.
                let told = said.code == Some(5) && said.err.contains("SG-CLI-054");
                assert!(said.code == Some(0) || told, "killed at point {n} of {verb}, then apply: {said:?}");
                journey.expect_either(&ground, &format!("killed at point {n} of {verb}, then apply"));
            } else {
                let said = ground.segue(&[verb, "--yes"]);
                // The last point is after the run is over, where a second abort is told so.
                let over = ground.events().last().is_some_and(|(event, _)| event == "run_ended");
                assert!(said.code == Some(0) || (over && verb == "abort"), "killed at point {n} of {verb}, then {verb}: {}", said.err);
                journey.expect(&ground, Place::Beginning, &format!("killed at point {n} of {verb}, then {verb}"));
            }
            journey.on_to_the_end(&ground, &format!("killed at point {n} of {verb}, and then apply"));
        }
        all.1 += total;
    }
    figure(journey.suite, "crash points", all.0, all.1);
    assert!(all.0 + 4 >= 2 * take, "{}: only {} runs died", journey.suite, all.0);
}

#[test]
fn each_crash_point_of_going_back_goes_on_on_sqlite() {
    matrix(&Journey::new("crash points of going back on sqlite", Ground::sqlite()), 7);
}

#[test]
fn each_crash_point_of_going_back_goes_on_on_postgres() {
    let server = Arc::new(Server::start());
    matrix(&Journey::new("crash points of going back on postgres", Ground::postgres(&server)), 3);
}
