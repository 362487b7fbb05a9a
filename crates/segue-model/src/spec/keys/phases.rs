//! The keys of `rollout`, `rollback_when`, `phases`, `risks` and `comms`: how the work goes, and what is watched.
//!
//! Tests: `tests/it/agreement.rs`.

use super::limits::WINDOW;
use super::{DURATION, FILE, LINE, NAME};
use crate::spec::shape::{Record, Shape, Words, list, may, must};

const CONDITION: Shape = Shape::Text(Words::Condition);
const TEN: Shape = Shape::Range { least: 1, most: 10 };

/// `rollout`.
pub(super) const ROLLOUT: Record = Record::new(
    "How traffic moves to the new side.",
    &[
        may("system", NAME, "The `http` system; may be left out where there is only one."),
        may("shadow", Shape::Text(Words::Percent), "The share of requests that also go to the new side, whose answers are only compared."),
        may("steps", list(&Shape::Text(Words::Percent), 1), "The shares that the new side gets, rising to `100%`."),
        may("hold", DURATION, "How long each step is held."),
        may("sticky", NAME, "What keeps a user on one side: the name of a header, cookie or field."),
    ],
);

/// One of `rollback_when`.
pub(super) const TRIGGER: Record = Record::new(
    "A condition and what to do.",
    &[
        must("when", CONDITION, "The condition."),
        may("action", Shape::Choice(&["warn", "pause", "rollback"]), "What happens then; default `rollback`."),
    ],
);

/// One of `phases`.
pub(super) const PHASE: Record = Record::new(
    "A recipe's phase of that name, changed, or one more.",
    &[
        may("after", list(&NAME, 0), "The phases after which it comes; replaces the recipe's order."),
        may("hold", DURATION, "How long it is held when its work is done."),
        may(
            "gate",
            list(&Shape::Short(Words::Condition, &GATE), 0),
            "What must hold before it ends: conditions, or approvals. They join the recipe's.",
        ),
        may("window", Shape::OneOrList(&Shape::Record(&WINDOW)), "When it may run; one or a list."),
        may("skip", LINE, "Leaves it out, and says why."),
        may("estimate", Shape::Record(&ESTIMATE), "How long it takes, as people guess it."),
        may("tasks", list(&Shape::Short(Words::Line, &TASK), 0), "What people do in it: texts, or mappings. They join the recipe's."),
    ],
);

const GATE: Record = Record::new("A gate that people open.", &[must("approve", Shape::Record(&APPROVE), "Who must say yes.")]);

const APPROVE: Record = Record::new(
    "Who must say yes.",
    &[must("by", list(&NAME, 1), "The roles that may."), may("count", Shape::Range { least: 1, most: 100 }, "How many people; default 1.")],
);

const ESTIMATE: Record = Record::new(
    "How long it takes, as people guess it.",
    &[must("best", DURATION, "If all goes well."), must("likely", DURATION, "Most likely."), must("worst", DURATION, "If all goes badly.")],
);

const TASK: Record = Record::new(
    "A task of a person.",
    &[
        must("do", LINE, "What to do."),
        may("owner", LINE, "Who does it."),
        may("hours", Shape::Decimal { places: 2 }, "How many hours it takes."),
    ],
);

/// One of `risks`.
pub(super) const RISK: Record = Record::new(
    "A risk.",
    &[
        may("id", LINE, "Its id; given where left out."),
        must("what", LINE, "What could happen."),
        must("severity", TEN, "How bad it would be, 1 to 10."),
        must("occurrence", TEN, "How likely it is, 1 to 10."),
        may("detection", TEN, "How hard it is to notice, 1 to 10; 10 means that nobody would."),
        may("mitigation", LINE, "What is done against it."),
        may("owner", LINE, "Who watches it."),
        may("watch", NAME, "The gate or check that would see it."),
    ],
);

const TOLD: Shape = Shape::Record(&AUDIENCE);

/// `comms`.
pub(super) const COMMS: Record = Record::new(
    "Who is told, how often and how.",
    &[
        may("exec", TOLD, "Those who decide."),
        may("engineering", TOLD, "Those who build and run it."),
        may("support", TOLD, "Those whom users ask."),
        may("users", TOLD, "Those who use it."),
        may("api_consumers", TOLD, "Those whose programs call it."),
        may("partners", TOLD, "Other firms."),
    ],
);

const AUDIENCE: Record = Record::new(
    "How an audience is told.",
    &[
        may("every", Shape::Text(Words::Every), "How often: `hourly`, `daily`, `weekly`, `monthly` or a duration."),
        may("lead_time", DURATION, "How long before."),
        may("to", FILE, "To whom."),
        may("channel", LINE, "Over which channel."),
        may("template", FILE, "A template of your own."),
    ],
);
