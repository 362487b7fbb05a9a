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
        let kinds = begin.kinds();
        let lacking: Vec<_> = begin.all_kinds().into_iter().filter(|kind| !kinds.contains(*kind)).collect();
        assert!(lacking.is_empty(), "the spec has no step of {lacking:?}");
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

/// Each of these changes must be seen by the comparison, or it proves nothing.
#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::server::Server;

    fn seen(begin: &Ground, changes: &[&str]) {
        let before = begin.text();
        assert_eq!(begin.copy().text(), before, "a copy is the same");
        for change in changes {
            let copy = begin.copy();
            copy.tamper(change);
            assert_ne!(copy.text(), before, "not seen: {change}");
        }
    }

    #[test]
    fn every_leftover_is_seen_on_sqlite() {
        let changes = [
            "create table leftover (x)",
            "create trigger leftover after insert on users begin select 1; end",
            "create view users_mig_099_old as select * from users",
            "alter table users add column segue_side_mig_099 integer",
            "drop index users_age",
            "delete from orders where id = 7",
            "update orders set note = '' where id = 3",
            "update users set age = cast(age as real) || 'x' where id = 3",
            "insert into orders select id + 1000, user_id, total, note from orders where id = 9",
        ];
        seen(&Ground::sqlite(), &changes);
    }

    #[test]
    fn every_leftover_is_seen_on_postgres() {
        let server = Arc::new(Server::start());
        let changes = [
            "create schema public_mig_099_old",
            "create table leftover ()",
            "create function leftover() returns trigger language plpgsql as 'begin return new; end'",
            "alter table users add column segue_side_mig_099 smallint",
            "create view leftover as select 1",
            "alter table orders add constraint leftover check (total > -1) not valid",
            "drop index users_age",
            "update pg_index set indisvalid = false where indexrelid = 'users_age'::regclass",
            "alter table users alter name drop not null",
            "alter table orders alter total drop default",
            "revoke update (note) on orders from public",
            "comment on column users.name is null",
            "alter table users replica identity full",
            "delete from orders where id = 7",
            "update orders set note = '' where note is null",
            "insert into orders (user_id) values (1)",
            "create publication leftover",
        ];
        seen(&Ground::postgres(&server), &changes);
    }
}
