//! A script of MySQL, MariaDB or SQLite with the safe sequences in place of what is unsafe.
//!
//! Only statements with a sequence are touched; everything else, comments included, keeps its bytes. Doing it twice changes
//! nothing. A table of SQLite that is built anew outside a transaction gets one around the copy and the change of names.
//! Tests: `tests/it/sql/script_fix.rs`, `crates/segue/tests/sql_oracle/fixes_elsewhere.rs`.

use std::collections::BTreeMap;

use segue_model::check::Side;

use super::super::scan::{Behind, behind};
use super::super::{Dialect, Facts, script};
use super::alter::Action;
use super::script::{Event, walk};
use super::sequence::{COMMIT, begin};
use crate::policy::DEFAULT;
use crate::source::Source;

/// The script, mended; the script itself when it cannot be read or nothing has a safe form.
pub(crate) fn fix(text: &str, dialect: Dialect, facts: Option<&Facts>) -> String {
    let mut text = text.to_owned();
    // A statement with two dangers is mended one after the other.
    for _ in 0..8 {
        match once(&text, dialect, facts) {
            Some(mended) if mended != text => text = mended,
            _ => break,
        }
    }
    text
}

/// What a statement becomes: lines before it, in its place, behind it.
#[derive(Default)]
struct Edit {
    before: Vec<String>,
    instead: Vec<String>,
    behind: Vec<String>,
}

fn once(text: &str, dialect: Dialect, facts: Option<&Facts>) -> Option<String> {
    let source = Source::one(Side::New, "script", text);
    let outcome = script::lint_with(&source, dialect, facts, &DEFAULT, &script::Options::default()).ok()?;
    let mut edits: BTreeMap<usize, Edit> = BTreeMap::new();
    for statement in outcome.drafts.into_iter().filter_map(|draft| draft.statement).filter(|one| !one.safe_sql.is_empty()) {
        let edit = edits.entry(statement.index).or_default();
        if edit.instead.is_empty() {
            edit.instead = statement.safe_sql;
        }
    }
    // One kind of mend a round: places of statements move.
    if edits.is_empty() && dialect == Dialect::Sqlite {
        wrap(text, facts, &mut edits);
    }
    if edits.is_empty() { None } else { written(text, dialect, facts, &edits) }
}

/// The text with these edits; none where half of a transaction would be written.
fn written(text: &str, dialect: Dialect, facts: Option<&Facts>, edits: &BTreeMap<usize, Edit>) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    let mut torn = false;
    let again = format!("\n{}", begin(dialect).trim_end_matches(';'));
    let _ = walk(text, dialect, facts, |seen| {
        let Some(edit) = edits.get(&seen.index) else { return };
        let (start, end) = (seen.span.start as usize, seen.span.end as usize);
        let behind = behind(text.get(end..).unwrap_or_default(), dialect);
        let Some(statement) = text.get(start..end).filter(|_| behind != Behind::Other) else {
            torn |= edit.instead.is_empty();
            return;
        };
        let mut between = text.get(at..start).unwrap_or_default();
        let instead = if edit.instead.is_empty() { vec![format!("{statement};")] } else { edit.instead.clone() };
        let mut lines: Vec<String> = edit.before.iter().chain(&instead).chain(&edit.behind).cloned().collect();
        // A transaction that would begin and end with nothing in it.
        let gap = between.trim_start().strip_prefix(';').unwrap_or(between);
        if lines.first().is_some_and(|line| line == COMMIT) && gap.trim().is_empty() && out.ends_with(&again) {
            out.truncate(out.len() - again.len());
            lines.remove(0);
            between = gap;
        }
        let mut lines = lines.join("\n");
        // The semicolon that is there ends the last of them.
        if behind == Behind::Semicolon {
            lines.truncate(lines.trim_end_matches(';').len());
        }
        out.push_str(between);
        out.push_str(&lines);
        at = end;
    });
    out.push_str(text.get(at..).unwrap_or_default());
    (!torn).then_some(out)
}

/// A statement that SQLite takes outside transactions alone.
fn is_alone(statement: &str) -> bool {
    let first = statement.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["vacuum", "attach", "detach"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// A copy of a table that is on its way into the table's place.
struct Copy {
    name: String,
    from: String,
    at: usize,
    dropped: bool,
    keys_off: bool,
}

/// Puts a transaction around each table that is built anew without one, and foreign keys off around that.
fn wrap(text: &str, facts: Option<&Facts>, edits: &mut BTreeMap<usize, Edit>) {
    let mut copies: Vec<Copy> = Vec::new();
    let _ = walk(text, Dialect::Sqlite, facts, |seen| {
        let is_off = seen.before.settings.get("foreign_keys").is_some_and(|value| ["off", "0", "false", "no"].contains(&value.as_str()));
        let mut begun = |name: &str, from: &str| {
            copies.push(Copy { name: name.to_owned(), from: from.to_owned(), at: seen.index, dropped: false, keys_off: is_off });
        };
        match &seen.event {
            // A transaction of the script's own: what is in it, its author has decided. What is none cannot be in one.
            _ if seen.before.in_transaction || is_alone(seen.text) => copies.clear(),
            Event::Begin | Event::End => copies.clear(),
            Event::Fill(name, copied) if !seen.is_there(name) => begun(name, &copied.from),
            Event::CreateTable(made) => {
                if let Some(copied) = &made.copied {
                    begun(&made.name, &copied.from);
                }
            }
            Event::DropTable(tables) => {
                for copy in &mut copies {
                    copy.dropped |= tables.iter().any(|table| table.eq_ignore_ascii_case(&copy.from) && seen.is_there(table));
                }
            }
            Event::Alter(table, actions) => {
                let to = actions.iter().find_map(|action| if let Action::RenameTable(to) = action { Some(to) } else { None });
                let fits = |copy: &&Copy| {
                    copy.dropped && copy.name.eq_ignore_ascii_case(table) && to.is_some_and(|to| to.name.eq_ignore_ascii_case(&copy.from))
                };
                let Some(copy) = copies.iter().find(fits) else { return };
                let first = edits.entry(copy.at).or_default();
                if !copy.keys_off {
                    first.before.push("PRAGMA foreign_keys = OFF;".to_owned());
                }
                first.before.push(begin(Dialect::Sqlite).to_owned());
                let last = edits.entry(seen.index).or_default();
                last.behind.push("PRAGMA foreign_key_check;".to_owned());
                last.behind.push(COMMIT.to_owned());
                if !copy.keys_off {
                    last.behind.push("PRAGMA foreign_keys = ON;".to_owned());
                }
                copies.clear();
            }
            _ => {}
        }
    });
}
