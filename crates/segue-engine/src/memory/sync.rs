//! Keeping both forms of a row in step: what the triggers of the real engines do, in one place.
//!
//! The side that wrote is decided by the row and the statement's columns. A value that cannot be brought to the
//! other form is kept aside (old to new, until `shift`) or refused, never changed. Must never read a session's
//! state. Tests: `conformance` in `segue-sim`.

use std::collections::BTreeSet;

use segue_model::reshape::{Derived, FormColumn, Role, TableChange};

use super::client::Side;
use super::failure::Failure;
use super::form::{Form, Stages, stored};
use super::table::{PhysicalRow, Rule, Table, side_column};
use super::value::Value;

/// Not yet converted.
pub(super) const OLD: Value = Value::Int(0);
/// Converted.
pub(super) const CONVERTED: Value = Value::Int(2);
/// Kept aside.
pub(super) const REJECTED: Value = Value::Int(3);

/// What a row becomes in step with its other form.
pub(super) struct Synced {
    /// The whole physical row.
    pub(super) row: Vec<Value>,
    /// Why it is kept aside, if it is.
    pub(super) rejected: Option<String>,
}

/// One write of a row, before it is brought in step.
pub(super) struct Write<'a> {
    /// What was there; `None` for an insert.
    pub(super) before: Option<&'a [Value]>,
    /// What the statement wrote.
    pub(super) after: Vec<Value>,
    /// The physical columns that the statement named.
    pub(super) assigned: BTreeSet<String>,
    /// Whose form the statement spoke.
    pub(super) side: Side,
}

/// The work on one row.
pub(super) struct Sync<'a> {
    pub(super) table: &'a Table,
    pub(super) change: &'a TableChange,
    pub(super) stages: &'a Stages,
    pub(super) strict: bool,
}

impl Sync<'_> {
    /// Brings the other form in step with a write.
    pub(super) fn apply(&self, write: Write<'_>) -> Result<Synced, Failure> {
        let converted = match write.before {
            Some(before) => before[self.table.at(&side_column(&self.change.tag))?] == CONVERTED,
            None => false,
        };
        if let Some(before) = write.before.filter(|_| !converted) {
            self.seen(before, &write)?;
        }
        let written_new = self.written_new(&write, converted)?;
        let mut row = write.after;
        let mut changed: BTreeSet<String> = BTreeSet::new();
        for name in &write.assigned {
            let at = self.table.at(name)?;
            if !written_new.contains(name) && write.before.is_none_or(|before| before[at] != row[at]) {
                changed.insert(name.clone());
            }
        }
        // A new-side insert gives its whole form: everything old is computed from it.
        let whole = write.before.is_none() && write.side == Side::New;
        if whole || !written_new.is_empty() {
            self.fill_old(&mut row, &written_new, &mut changed, whole, write.before.is_none())?;
        }
        let recompute: Vec<&Derived> = self
            .change
            .up
            .iter()
            .filter(|up| !written_new.contains(&up.physical) && (!whole || matches!(up.role, Role::Renamed { .. })))
            .filter(|up| !converted || up.reads.iter().any(|read| changed.contains(read)))
            .collect();
        let rejected = self.fill_new(&mut row, &recompute)?;
        if write.side == Side::New {
            self.new_form_is_whole(&row, whole, &written_new)?;
        }
        let still_rejected = rejected.is_some();
        row[self.table.at(&side_column(&self.change.tag))?] = if still_rejected { REJECTED } else { CONVERTED };
        Ok(Synced { row, rejected })
    }

    /// A row without its new form reads as NULL there: NULL given back would wipe what `up` has to give.
    fn seen(&self, before: &[Value], write: &Write<'_>) -> Result<(), Failure> {
        let computed = self.stages.to_new(stored(self.table, &self.change.old, before));
        for up in self.change.up.iter().filter(|up| write.assigned.contains(&up.physical)) {
            let at = self.table.at(&up.physical)?;
            let mut old_as_well = false;
            for down in self.change.down.iter().filter(|down| down.reads.contains(&up.physical)) {
                let old = self.table.at(&down.physical)?;
                old_as_well |= before[old] != write.after[old];
            }
            let given_back = before[at].is_null() && write.after[at].is_null() && !old_as_well;
            if given_back && computed.get(&up.column).map_or(true, |value| !value.is_null()) {
                return Err(Failure::constraint(format!("the row has no new form yet, and column {} is given NULL", up.column)));
            }
        }
        Ok(())
    }

    /// The new form's own columns that the statement wrote.
    fn written_new(&self, write: &Write<'_>, converted: bool) -> Result<BTreeSet<String>, Failure> {
        let mut written = BTreeSet::new();
        for up in &self.change.up {
            let at = self.table.at(&up.physical)?;
            let named = write.assigned.contains(&up.physical);
            let counts = match write.before {
                // On the base table a new form that is omitted, NULL or default is not a write of it.
                None if write.side == Side::Base => named && !write.after[at].is_null(),
                None => write.side == Side::New && !matches!(up.role, Role::Renamed { .. }),
                Some(before) => named && (!converted || before[at] != write.after[at]),
            };
            if counts {
                written.insert(up.physical.clone());
            }
        }
        Ok(written)
    }

    /// The new form of a row, its own columns from where they were written and the others from the old form.
    fn new_form(&self, row: &[Value], written_new: &BTreeSet<String>, changed: &BTreeSet<String>, whole: bool) -> Result<Form, Failure> {
        let mut form = stored(self.table, &self.change.new, row);
        if whole {
            return Ok(form);
        }
        let computed = self.stages.to_new(stored(self.table, &self.change.old, row));
        let converted = row[self.table.at(&side_column(&self.change.tag))?] == CONVERTED;
        for up in &self.change.up {
            let value = if written_new.contains(&up.physical) {
                Ok(row[self.table.at(&up.physical)?].clone())
            } else if converted && !up.reads.iter().any(|read| changed.contains(read)) {
                continue;
            } else {
                computed.get(&up.column)
            };
            form.set(&up.column, value);
        }
        Ok(form)
    }

    fn fill_old(
        &self,
        row: &mut [Value],
        written_new: &BTreeSet<String>,
        changed: &mut BTreeSet<String>,
        whole: bool,
        insert: bool,
    ) -> Result<(), Failure> {
        let new = self.new_form(row, written_new, changed, whole)?;
        let old = self.stages.to_old(new);
        let forward = self.stages.to_new(stored(self.table, &self.change.old, row));
        for down in &self.change.down {
            let at = self.table.at(&down.physical)?;
            let renamed_in_place = whole && self.change.new.iter().any(|c| c.physical == down.physical);
            let concerned = whole || down.reads.iter().any(|read| written_new.contains(read));
            if !concerned || renamed_in_place {
                continue;
            }
            let value = old
                .get(&down.column)
                .and_then(|value| value.assign(&self.table.columns[at].data_type))
                .map_err(|failure| Failure::new(failure.kind, format!("column {} of the old form: {}", down.column, failure.message)))?;
            let written_old = !whole && changed.contains(&down.physical) && !(insert && row[at].is_null());
            if written_old {
                if row[at] != value && !self.agrees_forward(row, down, &forward) {
                    return Err(Failure::constraint(format!("column {} was written in both forms, and they do not agree", down.column)));
                }
                continue;
            }
            if row[at] != value {
                changed.insert(down.physical.clone());
            }
            row[at] = value;
        }
        Ok(())
    }

    /// Both forms were written; what `up` gives for the old one is what stands in the new one.
    fn agrees_forward(&self, row: &[Value], down: &Derived, forward: &Form) -> bool {
        let twin = self.change.up.iter().find(|up| match &up.role {
            Role::Renamed { original, .. } | Role::Converted { original, .. } => *original == down.physical,
            _ => false,
        });
        twin.is_some_and(|up| match (forward.get(&up.column), self.table.at(&up.physical)) {
            (Ok(value), Ok(at)) => row[at] == value,
            _ => false,
        })
    }

    /// Computes columns of the new form; says why the row is kept aside if it must be.
    fn fill_new(&self, row: &mut [Value], recompute: &[&Derived]) -> Result<Option<String>, Failure> {
        if recompute.is_empty() {
            return Ok(None);
        }
        let new = self.stages.to_new(stored(self.table, &self.change.old, row));
        let mut rejected = None;
        for up in recompute {
            let at = self.table.at(&up.physical)?;
            let value = new.get(&up.column).and_then(|value| value.assign(&self.table.columns[at].data_type)).and_then(|value| {
                if value.is_null() && self.new_column(&up.column).is_some_and(|c| !c.nullable) {
                    Err(Failure::constraint("up gives NULL, which the column does not take"))
                } else {
                    Ok(value)
                }
            });
            row[at] = value.unwrap_or_else(|failure| {
                rejected.get_or_insert((failure.kind, format!("column {}: {}", up.column, failure.message)));
                Value::Null
            });
        }
        self.checks_of_twins(row, recompute, &mut rejected)?;
        match rejected {
            Some((kind, message)) if self.strict => Err(Failure::new(kind, message)),
            rejected => Ok(rejected.map(|(_, message)| message)),
        }
    }

    /// A check on a new column binds the new form: before `shift` an old writer's row that fails it is kept aside.
    fn checks_of_twins(
        &self,
        row: &mut [Value],
        recompute: &[&Derived],
        rejected: &mut Option<(crate::ErrorKind, String)>,
    ) -> Result<(), Failure> {
        for (name, constraint) in &self.table.constraints {
            let Rule::Check(check) = &constraint.rule else { continue };
            let twins: Vec<_> = recompute.iter().filter(|up| constraint.rule.reads(&up.physical)).collect();
            if twins.is_empty() {
                continue;
            }
            let holds = check.evaluate(&PhysicalRow { name: &self.change.table.name, table: self.table, row });
            if holds.as_ref().is_ok_and(|value| value.is_null() || value.is_true()) {
                continue;
            }
            rejected.get_or_insert((crate::ErrorKind::Constraint, format!("the check {name} does not hold")));
            for up in twins {
                row[self.table.at(&up.physical)?] = Value::Null;
            }
        }
        Ok(())
    }

    fn new_form_is_whole(&self, row: &[Value], whole: bool, written_new: &BTreeSet<String>) -> Result<(), Failure> {
        for column in &self.change.new {
            let own = whole || written_new.contains(&column.physical);
            if own && !column.nullable && row[self.table.at(&column.physical)?].is_null() {
                return Err(Failure::constraint(format!("column {} does not take NULL", column.name)));
            }
        }
        Ok(())
    }

    fn new_column(&self, name: &str) -> Option<&FormColumn> {
        self.change.new.iter().find(|column| column.name == name)
    }
}
