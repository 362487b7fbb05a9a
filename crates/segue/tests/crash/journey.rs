//! The two ends of a run, as a straight run makes them, and how any run is held against them.

use crate::ground::Ground;

/// The one command that goes on from anywhere.
pub(crate) const APPLY: [&str; 4] = ["apply", "-f", "segue.yaml", "--yes"];

/// A system before its run, and the two texts that it may end with.
pub(crate) struct Journey {
    pub(crate) suite: &'static str,
    begin: Ground,
    never_started: String,
    finished: String,
}

/// Where a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Beginning,
    End,
}

impl Journey {
    /// Runs straight through once, on a copy, and looks at both ends.
    pub(crate) fn new(suite: &'static str, begin: Ground) -> Self {
        let never_started = begin.text();
        let straight = begin.copy();
        straight.segue(&APPLY).expect(0, "a straight run");
        let finished = straight.text();
        for leftover in ["segue_side", "__mig_099", "mig_099_old"] {
            assert!(!finished.contains(leftover), "a straight run leaves `{leftover}` behind:\n{finished}");
        }
        for kind in KINDS {
            let ran = straight.events();
            assert!(ran.iter().any(|(event, step)| event == "step_verified" && kind_of(step, kind)), "no step of `{kind}`: {ran:?}");
        }
        for text in ["full_name", "users_email", "age_sane", "orders_user", "users_status", "audit"] {
            assert!(finished.contains(text) && !never_started.contains(&format!("{text} ")), "`{text}` is not there at the end");
        }
        assert!(!finished.contains("legacy") && !finished.contains("orders_user_note"), "what was dropped is still there");
        Self { suite, begin, never_started, finished }
    }

    /// A system that nothing was done to.
    pub(crate) fn fresh(&self) -> Ground {
        self.begin.copy()
    }

    /// How many crash points a command passes, counted in one whole run on a copy of `ground`.
    pub(crate) fn points(&self, ground: &Ground, words: &[&str]) -> u64 {
        let total = ground.copy().count_points(words);
        assert!(total > 20, "{}: only {total} crash points in {words:?}", self.suite);
        total
    }

    /// Panics unless the system is exactly as it must be at that place; the journal must replay, too.
    #[track_caller]
    pub(crate) fn expect(&self, ground: &Ground, place: Place, when: &str) {
        let golden = self.text_of(place);
        let text = ground.text();
        if text != golden {
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let (is, must) = (lines(&text), lines(golden));
            let more: Vec<_> = is.iter().filter(|line| !must.contains(line)).collect();
            let less: Vec<_> = must.iter().filter(|line| !is.contains(line)).collect();
            panic!("{}: {when}: not as at the {place:?}\ntoo much: {more:#?}\nmissing: {less:#?}", self.suite);
        }
        let last = ground.events().pop().expect("an event").0;
        let right = match place {
            Place::End => last == "run_ended",
            Place::Beginning => matches!(last.as_str(), "rolled_back" | "run_ended"),
        };
        assert!(right, "{}: {when}: the journal ends with {last}", self.suite);
    }

    /// The text of a place.
    pub(crate) fn text_of(&self, place: Place) -> &str {
        if place == Place::End { &self.finished } else { &self.never_started }
    }

    /// Panics unless the system is exactly at one of its two ends.
    #[track_caller]
    pub(crate) fn expect_either(&self, ground: &Ground, when: &str) {
        let place = if ground.text() == self.finished { Place::End } else { Place::Beginning };
        self.expect(ground, place, when);
    }

    /// Goes forward to the end.
    #[track_caller]
    pub(crate) fn on_to_the_end(&self, ground: &Ground, when: &str) {
        ground.segue(&APPLY).expect(0, when);
        self.expect(ground, Place::End, when);
    }

    /// Goes back to the beginning where that is still possible, else finishes. Refusing is right only once the
    /// contract phase began.
    #[track_caller]
    pub(crate) fn on_to_the_beginning(&self, ground: &Ground, verb: &str, when: &str) -> Place {
        let said = ground.segue(&[verb, "--yes"]);
        if said.code == Some(7) {
            let began = ground.events().iter().any(|(event, phase)| event == "phase_started" && phase == "contract");
            assert!(began, "{}: {when}: {verb} was refused before contract: {}", self.suite, said.err);
            self.on_to_the_end(ground, &format!("{when}, {verb} came too late"));
            return Place::End;
        }
        said.expect(0, when);
        self.expect(ground, Place::Beginning, when);
        Place::Beginning
    }
}

/// What every journey must go through; a spec that loses one of them would prove less.
const KINDS: [&str; 4] = ["expand", "backfill", "verify", "contract"];

fn kind_of(step: &str, kind: &str) -> bool {
    step.starts_with(kind)
}
