//! ALTER TABLE writes the table anew.
//!
//! # What it checks
//! Actions that the server performs online, but by writing the whole table again.
//!
//! # Why it breaks
//! Readers and writers go on, but the disk needs the table's size again, the log of writes has a limit, and replicas fall
//! behind.
//!
//! # Safe path
//! Do it in a quiet hour with `LOCK=NONE` written down, and watch the replicas.
//!
//! # Example
//! ```sql
//! ALTER TABLE orders MODIFY note varchar(20) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;
//! ```

use segue_model::finding::Severity;

use super::super::Found;
use super::super::online::{Server, Way, way};
use crate::rule::Rule;
use crate::sql::Dialect;
use crate::sql::ddl::alter::Action;
use crate::sql::ddl::key::KeyKind;
use crate::sql::ddl::script::{Event, Seen};
use crate::sql::ddl::sequence::{Alter, without_unique};
use crate::sql::steps::quoted;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "mysql-script-alter-rebuilds",
    title: "ALTER TABLE writes the table anew",
    why: "Readers and writers go on, but the disk needs the table's size again, the log of writes has a limit, and replicas fall behind.",
    fix: "Do it in a quiet hour with `LOCK=NONE` written down, and watch the replicas.",
    answers: &[],
};

/// Looks at one statement.
pub(crate) fn check(seen: &Seen<'_>, found: &mut Found<'_>) {
    let Event::Alter(table, actions) = &seen.event else { return };
    let server = Server(found.version());
    if !seen.is_there(table) || way(seen, table, actions, server) != Way::Rebuild {
        return;
    }
    let severity = if seen.is_small(table) { Severity::Info } else { Severity::Medium };
    let message = format!("this ALTER writes table {table} anew; readers and writers go on");
    found.add(&RULE, &[], table.clone(), "rebuild", message).severity = severity;
    found.does(seen, table, "SHARED_UPGRADABLE", true, true);
    found.instead(apart(seen, table, actions, server));
}

/// New columns first, which is instant, and their keys behind them beside writers: together the table is written anew.
fn apart(seen: &Seen<'_>, table: &str, actions: &[Action], server: Server) -> Vec<String> {
    let Some(alter) = Alter::read(seen.text, Dialect::Mysql, actions.len()) else { return Vec::new() };
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for (action, text) in actions.iter().zip(&alter.parts) {
        match action {
            Action::AddKey(key) if matches!(key.kind, KeyKind::Unique | KeyKind::Plain) => then.push((action.clone(), text.clone())),
            Action::AddColumn(read) if read.keys.iter().any(|key| key.kind == KeyKind::Unique) => {
                let mut plain = read.clone();
                plain.keys.retain(|key| key.kind != KeyKind::Unique);
                first.push((Action::AddColumn(plain), without_unique(text, Dialect::Mysql)));
                for key in read.keys.iter().filter(|key| key.kind == KeyKind::Unique) {
                    let text = format!("ADD UNIQUE KEY ({})", quoted(&read.column.name, Dialect::Mysql));
                    then.push((Action::AddKey(Box::new(key.clone())), text));
                }
            }
            // Words about the whole statement would have to be said of each part anew.
            Action::Algorithm(_) | Action::Lock(_) => return Vec::new(),
            action => first.push((action.clone(), text.clone())),
        }
    }
    let cheap = |part: &[(Action, String)]| {
        let actions: Vec<Action> = part.iter().map(|(action, _)| action.clone()).collect();
        !part.is_empty() && way(seen, table, &actions, server) < Way::Rebuild
    };
    if !cheap(&first) || !cheap(&then) {
        return Vec::new();
    }
    [first, then].iter().map(|part| alter.of(part.iter().map(|(_, text)| text.as_str()))).collect()
}
