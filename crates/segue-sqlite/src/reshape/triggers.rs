//! The triggers that keep both forms of a row on the one table.
//!
//! SQLite's triggers cannot change `NEW`, so they are AFTER triggers that write the row once more. A write of ours
//! always changes the helper column, a client's never does: by that our triggers know their own writes, whatever
//! `recursive_triggers` says and whatever a user's trigger does in between.
//!
//! A column counts as written when an INSERT gives it another value than it gets by itself, and when an UPDATE
//! changes it. One select decides all: what each new column becomes (as written, else by `up`), what each old one
//! becomes (as written, else by `down`), and whether the statement is refused. Tests: `tests/it/sides.rs`.

use segue_engine::quote;
use segue_model::reshape::{Derived, Role};

use super::constraint;
use super::layout::Layout;
use super::unseen;
use crate::compose::{self, Pass};
use crate::sql::edit::is_constant;

/// Which statement a trigger answers.
#[derive(Clone, Copy)]
pub(crate) enum Event<'a> {
    Insert,
    Update,
    /// A STRICT table: this new column was set to NULL in a row that is not converted yet.
    SetNull(&'a str),
}

/// All triggers on the base table, as `(name, statement)`. After `shift` they are strict.
pub(crate) fn all(layout: &Layout<'_>, strict: bool) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if layout.tracked() {
        out.push(trigger(layout, Event::Insert, strict));
        if !update_columns(layout).is_empty() {
            out.push(trigger(layout, Event::Update, strict));
        }
        if layout.before.strict {
            out.extend(layout.change.up.iter().map(|d| trigger(layout, Event::SetNull(&d.physical), strict)));
        }
    }
    out.extend(constraint::triggers(layout));
    out
}

/// The value that a write of ours gives to the helper column: "converted", and never what it was.
pub(crate) fn next_state(helper: &str) -> String {
    format!("CASE {helper} WHEN 2 THEN 4 WHEN 4 THEN 5 WHEN 5 THEN 6 ELSE 2 END")
}

/// Both values are the same, whatever the column's collation.
pub(crate) fn same(left: &str, right: &str) -> String {
    format!("(({left}) COLLATE BINARY IS ({right}))")
}

/// Conditions joined by OR; false when there are none.
pub(crate) fn any(conditions: impl IntoIterator<Item = String>) -> String {
    let list: Vec<String> = conditions.into_iter().collect();
    if list.is_empty() { "0".to_owned() } else { format!("({})", list.join(" OR ")) }
}

fn all_of(conditions: impl IntoIterator<Item = String>) -> String {
    let list: Vec<String> = conditions.into_iter().collect();
    if list.is_empty() { "1".to_owned() } else { format!("({})", list.join(" AND ")) }
}

/// The columns whose update concerns us.
fn update_columns(layout: &Layout<'_>) -> Vec<String> {
    let mut names: std::collections::BTreeSet<&str> = layout.old_only();
    names.extend(layout.new_only());
    names.extend(layout.shared_reads());
    let mut out: Vec<String> = names.into_iter().map(quote::name).collect();
    out.extend(constraint::shared_of_mixed(layout).iter().map(|name| quote::name(name)));
    out.sort();
    out.dedup();
    out
}

fn trigger(layout: &Layout<'_>, event: Event<'_>, strict: bool) -> (String, String) {
    let h = quote::name(&layout.helper);
    let (what, on, when) = match event {
        Event::Insert => ("insert".to_owned(), "INSERT".to_owned(), format!("NEW.{h} = 0")),
        Event::Update => {
            let columns = update_columns(layout);
            let mut relevant: Vec<String> = columns.iter().map(|c| format!("NEW.{c} IS NOT OLD.{c}")).collect();
            if !layout.before.strict {
                relevant.push(format!("NEW.{h} IN (0, 3, 7)"));
            }
            ("update".to_owned(), format!("UPDATE OF {}", columns.join(", ")), format!("NEW.{h} IS OLD.{h} AND {}", any(relevant)))
        }
        Event::SetNull(physical) => {
            let same = layout.old_only().into_iter().chain(layout.new_only()).map(quote::name);
            let same = all_of(same.map(|c| format!("NEW.{c} IS OLD.{c}")));
            let column = quote::name(physical);
            let when = format!("NEW.{h} IS OLD.{h} AND NEW.{h} = 0 AND NEW.{column} IS NULL AND {same}");
            (format!("null_{physical}"), format!("UPDATE OF {column}"), when)
        }
    };
    let name = layout.trigger(&what);
    let row = Row { layout, event };
    let text = format!(
        "CREATE TRIGGER {} AFTER {on} ON {} WHEN {when} BEGIN {} {} {} END",
        quote::name(&name),
        layout.quoted(),
        row.refusals(strict),
        row.write(),
        row.written(),
    );
    (name, text)
}

/// One row as a statement leaves it, and what is to become of it.
struct Row<'a> {
    layout: &'a Layout<'a>,
    event: Event<'a>,
}

impl Row<'_> {
    fn refusals(&self, strict: bool) -> String {
        let table = &self.layout.table;
        let raise = |why: &str| format!("RAISE(ABORT, {})", quote::text(why));
        let mut cases = format!(
            "WHEN segue_unseen THEN {} WHEN segue_conflict THEN {} WHEN segue_old_bad THEN {} WHEN segue_new_bad THEN {}",
            raise(&unseen::message(self.layout)),
            raise(&format!("segue: the old and the new form of a row of {table} are both written and do not agree")),
            raise(&format!("segue: NOT NULL of the old form of {table} failed")),
            raise(&format!("segue: the new form of {table} does not take this row")),
        );
        if strict {
            let why = format!("segue: the new form of {table} cannot hold this row, and it is the one that counts now");
            cases.push_str(&format!(" WHEN segue_bad THEN {}", raise(&why)));
        }
        format!("SELECT CASE {cases} END FROM ({});", self.decided())
    }

    fn write(&self) -> String {
        let layout = self.layout;
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for (i, d) in layout.change.up.iter().enumerate() {
            columns.push(quote::name(&d.physical));
            values.push(format!("CASE WHEN segue_bad AND NOT {} THEN NULL ELSE segue_n{i} END", self.written_new(d)));
        }
        for (j, d) in layout.change.down.iter().enumerate() {
            columns.push(quote::name(&d.physical));
            values.push(format!("segue_o{j}"));
        }
        let h = quote::name(&layout.helper);
        columns.push(h.clone());
        values.push(format!("CASE WHEN segue_bad THEN CASE NEW.{h} WHEN 3 THEN 7 ELSE 3 END ELSE {} END", next_state(&format!("NEW.{h}"))));
        format!(
            "UPDATE {} SET ({}) = (SELECT {} FROM ({})) WHERE {} AND {h} = NEW.{h};",
            layout.quoted(),
            columns.join(", "),
            values.join(", "),
            self.decided(),
            layout.this_row(),
        )
    }

    /// The client's OR IGNORE holds inside a trigger as well: where the other form meets a unique key, our write would
    /// be left out and the row be half a row. Then the statement is refused.
    fn written(&self) -> String {
        let layout = self.layout;
        let h = quote::name(&layout.helper);
        let why = format!("segue: UNIQUE of the other form of {} failed", layout.table);
        format!(
            "SELECT RAISE(ABORT, {}) WHERE changes() = 0 AND EXISTS (SELECT 1 FROM {} WHERE {} AND {h} = NEW.{h});",
            quote::text(&why),
            layout.quoted(),
            layout.this_row(),
        )
    }

    /// The select that decides: `segue_n…`, `segue_o…` and the five verdicts.
    fn decided(&self) -> String {
        let layout = self.layout;
        let change = layout.change;
        let old = compose::select(layout.old_form("NEW."), &[], "");
        let computed = compose::up(change, old, &[]);
        let table = quote::name(&change.table.name);
        let mut pass = Vec::new();
        for (i, d) in change.up.iter().enumerate() {
            pass.push(Pass { value: quote::name(&d.column), name: format!("segue_u{i}") });
            pass.push(Pass { value: self.effective(d), name: format!("segue_n{i}") });
        }
        let form = change.new.iter().map(|column| {
            let value = match layout.up_of(&column.name) {
                Some(d) => self.effective(d),
                None => format!("NEW.{}", quote::name(&column.physical)),
            };
            (value, column.name.as_str())
        });
        let effective = compose::select(form, &pass, &format!("({computed}) AS {table}"));
        let names: Vec<String> = pass.into_iter().map(|p| p.name).collect();
        let back = compose::down(change, effective, &names);
        let mut list: Vec<String> = (0..change.up.len()).map(|i| format!("segue_n{i}")).collect();
        for (j, d) in change.down.iter().enumerate() {
            list.push(format!("{} AS segue_o{j}", self.old_value(d)));
        }
        let bad = any([self.unfit(), self.violations()]);
        list.push(format!("{} AS segue_unseen", unseen::condition(layout, self.event)));
        list.push(format!("{} AS segue_conflict", self.conflict()));
        list.push(format!("{bad} AS segue_bad"));
        list.push(format!("{} AS segue_new_bad", self.new_bad()));
        let nulls = change.down.iter().filter(|d| !layout.old_column(&d.column).nullable);
        list.push(format!("{} AS segue_old_bad", any(nulls.map(|d| format!("{} IS NULL", self.old_value(d))))));
        format!("SELECT {} FROM ({back}) AS {table}", list.join(", "))
    }

    /// The statement wrote this new column.
    fn written_new(&self, d: &Derived) -> String {
        let column = quote::name(&d.physical);
        match self.event {
            Event::Insert => format!("(NEW.{column} IS NOT {})", self.layout.untouched()),
            Event::Update => format!("(NEW.{column} IS NOT OLD.{column})"),
            Event::SetNull(physical) => if d.physical == physical { "1" } else { "0" }.to_owned(),
        }
    }

    /// The statement wrote this old column.
    fn written_old(&self, d: &Derived) -> String {
        let column = quote::name(&d.physical);
        match self.event {
            Event::Insert if self.layout.is_rowid(&d.physical) => "0".to_owned(),
            Event::Insert => match self.layout.old_column(&d.column).default.as_deref() {
                Some(default) if is_constant(default) => format!("(NEW.{column} IS NOT {default})"),
                Some(_) => "0".to_owned(),
                None => format!("(NEW.{column} IS NOT NULL)"),
            },
            Event::Update => format!("(NEW.{column} IS NOT OLD.{column})"),
            Event::SetNull(_) => "0".to_owned(),
        }
    }

    /// New columns from which some old column is computed: writing one of them is a write of the new side.
    fn links(&self, old: &Derived) -> Vec<&Derived> {
        self.layout.change.up.iter().filter(|d| old.reads.contains(&d.physical) || d.reads.contains(&old.physical)).collect()
    }

    fn linked_written(&self, old: &Derived) -> String {
        any(self.links(old).into_iter().map(|d| self.written_new(d)))
    }

    /// The row is an insert of the new side.
    fn new_side(&self) -> String {
        any(self.layout.change.down.iter().map(|old| self.linked_written(old)))
    }

    /// The new column's value: over the columns that `up` gives.
    fn effective(&self, d: &Derived) -> String {
        let layout = self.layout;
        let (column, given) = (quote::name(&d.column), format!("NEW.{}", quote::name(&d.physical)));
        let sources = layout.change.down.iter().filter(|old| d.reads.contains(&old.physical));
        let from_old = any(sources.map(|old| self.written_old(old)));
        let rest = if matches!(self.event, Event::Insert) {
            let form = layout.new_column(&d.column);
            let own = match &form.default {
                Some(default) => format!("({default}\n)"),
                None if form.nullable => "NULL".to_owned(),
                None => column.clone(),
            };
            format!("WHEN {} AND NOT {from_old} THEN {own} ELSE {column}", self.new_side())
        } else {
            let shared = layout.shared_reads();
            let shared = d.reads.iter().filter(|name| shared.contains(name.as_str())).map(|name| quote::name(name));
            let shared = any(shared.map(|name| format!("NEW.{name} IS NOT OLD.{name}")));
            let new_wrote = any(layout.change.up.iter().map(|other| self.written_new(other)));
            let fresh = layout.fresh(&format!("NEW.{}", quote::name(&layout.helper)), &given);
            format!("WHEN {from_old} OR ({shared} AND NOT {new_wrote}) OR {fresh} THEN {column} ELSE {given}")
        };
        format!("CASE WHEN {} THEN {given} {rest} END", self.written_new(d))
    }

    /// The old column's value: over the columns that `down` gives.
    fn old_value(&self, d: &Derived) -> String {
        let (column, stored) = (quote::name(&d.column), format!("NEW.{}", quote::name(&d.physical)));
        let by_down = match self.event {
            Event::Insert => {
                let omitted = d.role == Role::Dropped && self.layout.is_relaxed(&d.physical);
                let omitted = if omitted { format!("{stored} IS NULL") } else { "0".to_owned() };
                any([self.new_side(), omitted])
            }
            _ => self.linked_written(d),
        };
        format!("CASE WHEN {} THEN {stored} WHEN {by_down} THEN {column} ELSE {stored} END", self.written_old(d))
    }

    fn conflict(&self) -> String {
        any(self.layout.change.down.iter().map(|old| {
            let links = self.links(old);
            let stored = format!("NEW.{}", quote::name(&old.physical));
            let up_agrees = all_of(links.iter().map(|d| {
                let i = self.layout.change.up.iter().position(|other| other.physical == d.physical).unwrap_or_default();
                let given = format!("NEW.{}", quote::name(&d.physical));
                any([format!("NOT {}", self.written_new(d)), same(&given, &format!("segue_u{i}"))])
            }));
            let agree = any([same(&stored, &quote::name(&old.column)), up_agrees]);
            format!("({} AND {} AND NOT {agree})", self.written_old(old), self.linked_written(old))
        }))
    }

    /// A value that `up` gave is none that the new column takes.
    fn unfit(&self) -> String {
        any(self.layout.change.up.iter().enumerate().map(|(i, d)| {
            let unfit = self.layout.unfit(self.layout.new_column(&d.column), &format!("segue_n{i}"));
            format!("(NOT {} AND {unfit})", self.written_new(d))
        }))
    }

    fn violations(&self) -> String {
        let value = |physical: &str| match self.layout.change.up.iter().position(|d| d.physical == physical) {
            Some(i) => format!("segue_n{i}"),
            None => format!("NEW.{}", quote::name(physical)),
        };
        any(constraint::mixed(self.layout).map(|constraint| constraint::violation(self.layout, constraint, &value)))
    }

    /// What a writer of the new form gave is none that its own form takes.
    fn new_bad(&self) -> String {
        let layout = self.layout;
        let nulls = layout.change.up.iter().filter(|d| !layout.new_column(&d.column).nullable);
        let nulls = nulls.map(|d| format!("({} AND NEW.{} IS NULL)", self.written_new(d), quote::name(&d.physical)));
        let wrote = any(layout.change.up.iter().map(|d| self.written_new(d)));
        let violated = format!("({wrote} AND {})", self.violations());
        let insert = match self.event {
            Event::Insert => format!("({} AND {})", self.new_side(), self.unfit()),
            _ => "0".to_owned(),
        };
        any(nulls.chain([violated, insert]).collect::<Vec<_>>())
    }
}
