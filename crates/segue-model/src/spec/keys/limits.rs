//! The keys of `limits`, `team`, `rates` and `throttle`: what the work may cost, and who does it.
//!
//! Tests: `tests/it/agreement.rs`.

use super::DURATION;
use crate::spec::shape::{Record, Shape, Words, list, map, may, must};

const CLOCK: Shape = Shape::Text(Words::Clock);
const DAY: Shape = Shape::Choice(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
const RATE: Shape = Shape::Text(Words::Rate);

/// `limits`.
pub(super) const LIMITS: Record = Record::new(
    "What the change may cost.",
    &[
        may("downtime", Shape::Duration { none: true }, "The longest stop of writers; default `none`."),
        may("data_loss", Shape::Text(Words::Loss), "What may be lost: `none`, so much time of writes, or so many rows; default `none`."),
        may("rollback", Shape::Choice(&["required", "wanted", "not-needed"]), "Whether the way back must exist; default `required`."),
        may("deadline", Shape::Text(Words::Date), "The last day by which it must be done."),
        may(
            "window",
            Shape::OneOrList(&Shape::Record(&WINDOW)),
            "When work that users notice may be done; one or a list, default any time.",
        ),
        may("freeze", list(&Shape::Text(Words::Dates), 0), "Days on which nothing may be done, first and last day."),
        may("budget", Shape::Record(&BUDGET), "The money that there is."),
    ],
);

/// `limits.window` and `phases.NAME.window`.
pub(super) const WINDOW: Record = Record::new(
    "A time of the day on some days of the week.",
    &[
        may("days", Shape::OneOrList(&DAY), "The days; default each."),
        must("from", CLOCK, "When it opens."),
        must("to", CLOCK, "When it closes; at or before `from` it is on the next day."),
        may("zone", Shape::Text(Words::Zone), "The time zone; default `UTC`."),
    ],
);

const BUDGET: Record = Record::new(
    "Money.",
    &[must("money", Shape::Decimal { places: 2 }, "How much."), must("currency", Shape::Text(Words::Currency), "Of which currency.")],
);

/// `team`.
pub(super) const TEAM: Record = Record::new(
    "Who works on it, and how much.",
    &[
        may("people", Shape::Range { least: 1, most: 10_000 }, "How many; default 1."),
        may("hours_per_week", Shape::Range { least: 1, most: 168 }, "The hours that each has for it in a week; default 20."),
        may("rates", map("role", &Shape::Decimal { places: 2 }, 0), "Money an hour, by role, in the currency of the budget."),
    ],
);

/// `rates`.
pub(super) const RATES: Record = Record::new(
    "Stated rates, until measured.",
    &[may("copy", RATE, "Copying rows."), may("index", RATE, "Building indexes."), may("verify", RATE, "Comparing rows.")],
);

/// `throttle`.
pub(super) const THROTTLE: Record = Record::new(
    "What a run may cost others while it works.",
    &[
        may("max_replication_lag", DURATION, "The backfill waits while a replica is further behind; default `5s`."),
        may("max_load", map("figure", &Shape::Count, 0), "The backfill waits while a load figure is above its limit; default none."),
        may("batch_target", DURATION, "How long one batch should take; default `200ms`."),
        may("ddl_lock_timeout", DURATION, "The longest that an application may wait for a lock of ours; default `1s`."),
        may("max_bytes_per_s", Shape::Size, "The most that is read or written in a second; default none."),
        may("max_wal", Shape::Size, "The most write-ahead log that may pile up; default `10GiB`."),
    ],
);
