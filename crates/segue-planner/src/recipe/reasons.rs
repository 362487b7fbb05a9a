//! Why a pattern is not taken, in terms of what this spec allows: downtime, loss, the way back, money, dates.
//!
//! A reason names the key that it stands on; it never pleads in general. Tests: `tests/it/project_recipes_code.rs`.

use segue_model::finding::{Finding, Severity};
use segue_model::spec::RollbackWish;

use super::ground::Ground;
use crate::say;

/// How long writers may stop, as the spec says it.
pub(crate) fn downtime(ground: &Ground<'_>) -> String {
    match ground.spec.limits.downtime {
        Some(ms) if ms.0 > 0 => format!("`limits.downtime` is {ms}"),
        Some(_) => "`limits.downtime` is none".to_owned(),
        None => "`limits.downtime` is not stated (so: none)".to_owned(),
    }
}

/// What somebody must know whose spec says that writers never stop, and whose writing side changes place all the same.
pub(crate) fn writers_wait(ground: &Ground<'_>, object: &str) -> Option<Finding> {
    let stated = ground.spec.limits.downtime.is_some_and(|ms| ms.0 == 0);
    stated.then(|| {
        let message = "one side takes writes at a time, so writers wait for some seconds when it changes, and the spec allows no stop";
        let fix = "Set `limits.downtime` to what a rehearsal measured, or let the pool keep writers waiting and call it slow and not down.";
        say::finding(54, Severity::Medium, object, message, fix)
    })
}

/// Whether a way back is asked for, as the spec says it.
pub(crate) fn back(ground: &Ground<'_>) -> &'static str {
    match ground.spec.limits.rollback {
        RollbackWish::Required => "`limits.rollback` is required",
        RollbackWish::Wanted => "`limits.rollback` is wanted",
        RollbackWish::NotNeeded => "`limits.rollback` is not-needed, but a fault would still meet everybody at once",
    }
}

/// All at once: why not.
pub(crate) fn big_bang(ground: &Ground<'_>, what: &str) -> (&'static str, String) {
    (
        "big-bang",
        format!(
            "every user would meet {what} in one moment: {} and {}, so a fault may not cost more than a small share of requests",
            downtime(ground),
            back(ground)
        ),
    )
}

/// Two sets of everything, switched as a whole: why not.
pub(crate) fn blue_green(ground: &Ground<'_>, what: &str) -> (&'static str, String) {
    let money = ground.spec.program.budget.as_ref().map_or_else(
        || "two full sets of capacity are paid for as long as they stand".to_owned(),
        |money| {
            format!(
                "two full sets of capacity count against `limits.budget` of {}",
                crate::estimate::words::money(money.hundredths, &money.currency)
            )
        },
    );
    ("blue-green", format!("{what} would be switched for everybody at once; {money}; shares with a hold find the same fault on few users"))
}

/// One instance after the other in place: why not.
pub(crate) fn rolling(ground: &Ground<'_>, what: &str) -> (&'static str, String) {
    (
        "rolling",
        format!(
            "{what} would be replaced in place, and going back would mean rolling everything again; {} and the old side must still stand for it",
            back(ground)
        ),
    )
}

/// Both sides answer each request: why not.
pub(crate) fn parallel_run(ground: &Ground<'_>, why: &str) -> (&'static str, String) {
    let limit = match ground.spec.program.deadline {
        Some(date) => format!("and it must end before `limits.deadline` {}", date.0),
        None => "and it doubles the load for as long as it lasts".to_owned(),
    };
    ("parallel-run", format!("{why}, {limit}"))
}
