//! ALGORITHM or LOCK asks for what the server cannot do.
//!
//! # What it checks
//! `ALGORITHM=INSTANT`, `NOCOPY` or `INPLACE` and `LOCK=NONE` beside an action that needs more.
//!
//! # Why it breaks
//! The server refuses the statement, and the migration stops half-way.
//!
//! # Safe path
//! Leave the dear action out and perform it in another way, or say the algorithm that it needs and plan its cost.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders MODIFY total bigint, ALGORITHM=INSTANT;
//! ```

use segue_model::check::Breaks;

use super::super::Found;
use super::super::online::{Server, Way, way};
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::script::{Event, Seen};
use crate::sql::ddl::sequence::Alter;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-algorithm-refused",
    title: "ALGORITHM or LOCK asks for what the server cannot do",
    why: "The server refuses the statement, and the migration stops half-way.",
    fix: "Leave the dear action out and perform it in another way, or say the algorithm that it needs and plan its cost.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Alter(table, actions) = &seen.event else { return };
    let how = way(seen, table, actions, Server(found.version()));
    for action in actions {
        let (said, at_most) = match action {
            Action::Algorithm(name) if name == "instant" => (format!("ALGORITHM={name}"), Way::Instant),
            Action::Algorithm(name) if name == "nocopy" => (format!("ALGORITHM={name}"), Way::NoCopy),
            Action::Algorithm(name) if name == "inplace" => (format!("ALGORITHM={name}"), Way::RebuildBlocking),
            Action::Lock(name) if name == "none" => (format!("LOCK={name}"), Way::Rebuild),
            _ => continue,
        };
        // An index is dropped, and a key's name with it, at once on some versions.
        let fits = how <= at_most || (at_most == Way::Instant && how == Way::NoCopy && actions.iter().all(drops_name));
        if !fits {
            let message = format!("the server refuses this ALTER of table {table}: {said} is less than its actions need");
            found.add(&RULE, &[Breaks::Deploy], table.clone(), said, message);
            found.does(seen, table, "EXCLUSIVE", false, false);
            found.instead(online(seen, actions, how));
        }
    }
}

/// The same with the words that fit; what needs a copy has none that let writers go on.
fn online(seen: &Seen<'_>, actions: &[Action], how: Way) -> Vec<String> {
    let Some(alter) = Alter::read(seen.text, Dialect::Mysql, actions.len()).filter(|_| how <= Way::Rebuild) else { return Vec::new() };
    let says_how = |action: &Action| matches!(action, Action::Algorithm(_) | Action::Lock(_));
    let kept = actions.iter().zip(&alter.parts).filter(|(action, _)| !says_how(action)).map(|(_, part)| part.as_str());
    vec![alter.of(kept.chain(["ALGORITHM=INPLACE", "LOCK=NONE"]))]
}

/// A name goes, or the action is a word about the statement itself.
fn drops_name(action: &Action) -> bool {
    matches!(action, Action::DropForeign(_) | Action::DropConstraint(_) | Action::Algorithm(_) | Action::Lock(_))
}
