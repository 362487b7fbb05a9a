//! Refuses an UPDATE that was computed from a new form that is not there yet.
//!
//! A row that is not converted shows NULL in its new columns, and `set x = x + 1` gives NULL again. Taken as a write
//! it would wipe the old value through `down`; taken as no write it would lose the statement. NULL over such a row
//! while `up` has something to give is therefore refused, never guessed; with nothing to lose it is what it says.
//! It must cost nothing on a row that is converted: the flag triggers fire on no other. What a statement makes of
//! NULL by itself (`coalesce(x, 0) + 1`) cannot be told from a value that it brought along; the plan says so. Tests:
//! `tests/reshape/unseen.rs`.

use segue_engine::quote::{name, text};

use crate::reshape::sync::{Mirror, Sync, Up};
use crate::reshape::triggers::{any, changed};

/// `object_not_in_prerequisite_state`: the same statement is right later.
const SQLSTATE: &str = "55000";

impl Sync<'_> {
    /// What `update` does first. Empty where no new column is computed.
    pub(crate) fn refuse_unseen(&self) -> String {
        let mut checks: Vec<String> = self.mirrors.iter().map(|mirror| self.unseen_mirror(mirror)).collect();
        checks.extend(self.ups.iter().enumerate().filter(|(_, up)| up.computes).map(|(at, up)| self.unseen_up(at, up)));
        if checks.is_empty() { String::new() } else { format!("if fresh and flags <> 0 then\n{}end if;\n", checks.concat()) }
    }

    fn unseen_mirror(&self, mirror: &Mirror) -> String {
        let (original, twin) = (name(&mirror.original), name(&mirror.twin));
        format!(
            "if (flags & {}) <> 0 and new.{twin} is not distinct from null and prior.{twin} is not distinct from null \
             and prior.{original} is distinct from null and not {} then {} end if;\n",
            mirror.flag,
            changed(&mirror.original, "prior"),
            self.refuse_unseen_column(&mirror.twin)
        )
    }

    /// `up` over the row before the statement: a value, or none because it cannot be converted, is something to lose.
    fn unseen_up(&self, at: usize, up: &Up) -> String {
        let column = name(&up.physical);
        let partners = self.downs.iter().filter(|down| down.reads.contains(&at)).map(|down| changed(&down.physical, "prior"));
        format!(
            "if (flags & {}) <> 0 and new.{column} is not distinct from null and prior.{column} is not distinct from null and not {} then\n\
             probe := prior;\nbegin\nprobe.{column} := {};\nagree := probe.{column} is not distinct from null;\n\
             exception when others then\nif pg_catalog.left(sqlstate, 2) in ('40', '53', '54', '55', '57', '58', 'XX') then raise; end if;\n\
             agree := false;\nend;\nif not agree then {} end if;\nend if;\n",
            up.flag,
            any(partners),
            self.up_value(up, "prior"),
            self.refuse_unseen_column(&up.column)
        )
    }

    fn refuse_unseen_column(&self, column: &str) -> String {
        let message = format!(
            "SG-PG-027: a row of table \"{}\" has no new form yet, and this statement gives NULL to its column \"{column}\"",
            self.change.table.name
        );
        let hint = "until the row is converted its new columns read as NULL. Run the statement again once `segue status` says that \
                    the new version is ready, or write the old form of the row.";
        format!(
            "raise exception using errcode = '{SQLSTATE}', message = {}, hint = {}, column = {}, table = {}, schema = {};",
            text(&message),
            text(hint),
            text(column),
            text(&self.change.table.name),
            text(&self.change.table.schema)
        )
    }
}
