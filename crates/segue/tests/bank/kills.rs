//! R2 on PostgreSQL, with the bank at work: kills of Segue biased to the edges of phases and steps, of the server,
//! and of Segue's sessions. The same command goes on, and the books agree.

use std::time::{Duration, Instant};

use crate::bank::{Bank, Size};
use crate::check::check;
use crate::figures::{report, soak};
use crate::run::APPLY;
use crate::servers;
use crate::teller::Speech::{Base, Early, Mixed, New, Old};
use crate::teller::{Speech, World as _};

/// Edges to die at: what the events of a run say when it passes them.
const FORWARD: [&str; 9] = [
    "run_started",
    "\"step\":\"prepare/control\"",
    "\"step\":\"expand/accounts\"",
    "\"step\":\"expand/ledger\"",
    "\"step\":\"backfill/accounts\"",
    "\"step\":\"backfill/ledger\"",
    "\"step\":\"verify/ledger\"",
    "\"step\":\"shift/accounts\"",
    "\"step\":\"shift/ledger\"",
];

fn size() -> Size {
    if soak() { Size { accounts: 5_000, ledger: 60_000 } } else { Size { accounts: 1_000, ledger: 15_000 } }
}

struct Killer<'a> {
    bank: &'a Bank,
    random: u64,
    kills: u64,
}

impl<'a> Killer<'a> {
    fn new(bank: &'a Bank, seed: u64) -> Self {
        Self { bank, random: 0x2545_f491_4f6c_dd1d ^ (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15), kills: 0 }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }

    /// Starts the command, and kills it a moment after its events say this. False when it came to its end before.
    fn kill_at(&mut self, words: &[&str], edge: &str) -> bool {
        let name = format!("events-{}-{}", self.random, self.kills);
        let mut words = words.to_vec();
        words.extend(["--events", &name]);
        let mut child = self.bank.folder.start(&words, &format!("{name}-said"));
        if !child.wait_for(&name, edge) {
            return false;
        }
        // From at once to well past the edge.
        let (wait, began) = (Duration::from_micros(self.below(25_000)), Instant::now());
        while began.elapsed() < wait {
            std::hint::spin_loop();
        }
        let was_over = child.is_over();
        child.kill9();
        self.kills += u64::from(!was_over);
        true
    }
}

fn until(phase: &'static str) -> Vec<&'static str> {
    let mut words = APPLY.to_vec();
    words.extend(["--until", phase]);
    words
}

/// There, back and to the end, killed at every edge on the way; how many kills it took.
fn killed_everywhere(bank: &Bank, seed: u64) -> u64 {
    let mut killer = Killer::new(bank, seed);
    for edge in &FORWARD[..4] {
        killer.kill_at(&until("expand"), edge);
    }
    bank.folder.apply(Some("expand")).expect(0);
    bank.speak([Old, Base, Mixed, Early, Early, Old, Mixed, Early]);
    for edge in &FORWARD[4..] {
        killer.kill_at(&until("shift"), edge);
    }
    bank.folder.apply(Some("shift")).expect(0);
    bank.speak([Old, Base, Mixed, New, New, Old, Mixed, New]);
    bank.work(60);
    bank.folder.segue(&["verify"]).expect(0);

    bank.speak([Old, Base, Base, Old, Old, Base, Old, Base]);
    for edge in ["undo_started", "\"step\":\"expand/ledger\"", "\"step\":\"expand/accounts\""] {
        killer.kill_at(&["rollback", "--yes", "--lease", "2s"], edge);
    }
    let back = bank.folder.segue(&["rollback", "--yes"]);
    assert!(back.code == 0, "{back:?}");
    assert_eq!(bank.world.leftovers(), Vec::<String>::new(), "after rollback");

    for edge in [FORWARD[3], FORWARD[5], FORWARD[7]] {
        killer.kill_at(&until("shift"), edge);
    }
    bank.folder.apply(Some("shift")).expect(0);
    bank.speak_all(New);
    for edge in ["\"step\":\"contract/", "contract/accounts", "contract/ledger", "contract/finish"] {
        killer.kill_at(&APPLY, edge);
    }
    bank.folder.apply(None).expect(0);
    bank.work(40);
    assert_eq!(bank.world.leftovers(), Vec::<String>::new(), "after contract");
    killer.kills
}

fn ends_well(mut bank: Bank, suite: &str, kills: u64) {
    let seen = bank.close();
    let found = check(bank.folder.path(), bank.world.teller().as_mut(), New, bank.size);
    report(suite, bank.world.as_ref(), &seen, &found, kills);
}

#[test]
fn segue_killed_at_every_edge_goes_on() {
    for round in 0..if soak() { 12 } else { 1 } {
        let (mut bank, _world) = servers::postgres(size());
        bank.open();
        let kills = killed_everywhere(&bank, round);
        assert!(kills >= 8, "only {kills} kills met a living process");
        ends_well(bank, "R2 kill -9 of segue", kills);
    }
}

/// The server dies at this edge and comes back; whatever the process says, the same command then goes on.
fn server_dies_at(edge: &str, phase: Option<&'static str>, speeches: [Speech; 8], suite: &str) {
    let (mut bank, world) = servers::postgres(size());
    bank.open();
    if phase.is_none() {
        bank.folder.apply(Some("shift")).expect(0);
    }
    bank.speak(speeches);
    let mut words = phase.map_or_else(|| APPLY.to_vec(), until);
    words.extend(["--events", "events"]);
    let mut child = bank.folder.start(&words, "child");
    assert!(child.wait_for("events", edge), "it came to {edge}:\n{}", bank.folder.text("child.err"));
    {
        let mut server = world.server.lock().expect("the server");
        server.kill9().expect("killed");
        server.restart().expect("recovers");
    }
    let said = child.end(Duration::from_secs(90));
    assert!([0, 1, 10].contains(&said.code), "it went on, or said that it can: {said:?}");
    bank.folder.apply(phase).expect(0);
    if phase.is_some() {
        bank.folder.segue(&["verify"]).expect(0);
        bank.speak_all(New);
        bank.folder.apply(None).expect(0);
    }
    bank.work(40);
    assert_eq!(world.leftovers(), Vec::<String>::new(), "after contract");
    ends_well(bank, suite, 1);
}

#[test]
fn the_server_killed_in_the_backfill() {
    server_dies_at(
        "\"step\":\"backfill/ledger\"",
        Some("shift"),
        [Old, Base, Base, Old, Old, Base, Old, Base],
        "R2 kill -9 of the server in backfill",
    );
}

#[test]
fn the_server_killed_in_contract() {
    server_dies_at("\"step\":\"contract/", None, [New; 8], "R2 kill -9 of the server in contract");
}

#[test]
fn segues_sessions_ended_again_and_again() {
    let (mut bank, world) = servers::postgres(size());
    bank.open();
    let mut ended = 0;
    for phase in [Some("shift"), None] {
        if phase.is_none() {
            bank.speak_all(New);
        }
        let mut words = APPLY.to_vec();
        words.extend(phase.iter().flat_map(|phase| ["--until", *phase]));
        let mut child = bank.folder.start(&words, "child");
        let mut admin = world.client("admin");
        for _ in 0..if soak() { 40 } else { 6 } {
            let started = Instant::now();
            let mut now = 0;
            while now == 0 && !child.is_over() && started.elapsed() < Duration::from_secs(10) {
                now = admin
                    .one("select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'segue/%') x")
                    .parse()
                    .expect("a count");
                std::thread::sleep(Duration::from_millis(7));
            }
            ended += now;
            // Somewhere else the next time.
            std::thread::sleep(Duration::from_millis(40));
        }
        let said = child.end(Duration::from_secs(90));
        assert!([0, 1, 10].contains(&said.code), "it went on, or said that it can: {said:?}");
        bank.folder.apply(phase).expect(0);
    }
    assert!(ended > 3, "only {ended} sessions were ended");
    assert_eq!(world.leftovers(), Vec::<String>::new(), "after contract");
    ends_well(bank, "R2 sessions of segue ended", ended);
}
