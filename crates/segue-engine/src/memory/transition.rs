//! A table between its two forms: how the transition begins, becomes strict, ends, or is called off.
//!
//! Must never lose a row of either side: what would be lost is refused. Tests: `conformance` in `segue-sim`.

use segue_model::reshape::{CarryKind, ConstraintWhat, Role, TableChange};

use super::failure::Failure;
use super::form::Stages;
use super::sync::{OLD, REJECTED};
use super::table::{Column, Constraint, Database, Journey, Rule, Table, side_column};
use super::value::Value;

/// The transition of a change, if it is under way.
pub(super) fn journey<'a>(database: &'a Database, change: &TableChange) -> Option<&'a Journey> {
    database.tables.get(&change.table)?.journey.as_ref().filter(|journey| journey.change.tag == change.tag)
}

fn journey_mut<'a>(database: &'a mut Database, change: &TableChange) -> Result<&'a mut Table, Failure> {
    if journey(database, change).is_none() {
        return Err(Failure::object(format!("table {} is not in this transition", change.table)));
    }
    database.table_mut(&change.table)
}

/// Both forms begin to live.
pub(super) fn expand(database: &mut Database, change: &TableChange) -> Result<(), Failure> {
    Stages::compile(change)?.probe(change)?;
    let table = database.table_mut(&change.table)?;
    if table.journey.is_some() {
        return Err(Failure::object(format!("table {} is in another transition", change.table)));
    }
    for column in &change.old {
        table.at(&column.physical)?;
    }
    for up in &change.up {
        let form = change.new.iter().find(|column| column.name == up.column);
        let form = form.ok_or_else(|| Failure::object(format!("the new form has no column {}", up.column)))?;
        let column = Column {
            name: up.physical.clone(),
            data_type: form.data_type.clone(),
            nullable: true,
            comment: form.comment.clone().filter(|_| matches!(up.role, Role::Added)),
            ..Column::default()
        };
        table.add_column(column, Value::Null)?;
    }
    let helper =
        Column { name: side_column(&change.tag), data_type: "smallint".to_owned(), default: Some("0".to_owned()), ..Column::default() };
    table.add_column(helper, OLD)?;
    for column in &change.new {
        table.at(&column.physical)?;
    }
    table.journey = Some(Journey { change: change.clone(), strict: false, synced: true });
    Ok(())
}

/// The transition is called off: the old form stays as its writers and those of the new side made it.
pub(super) fn collapse(database: &mut Database, change: &TableChange) {
    if journey(database, change).is_none() {
        return;
    }
    if let Some(table) = database.tables.get_mut(&change.table) {
        table.journey = None;
        change.up.iter().for_each(|up| table.drop_column(&up.physical));
        table.drop_column(&side_column(&change.tag));
    }
    if let Some(control) = &mut database.control {
        control.rejected.retain(|(name, _), _| *name != change.table);
    }
}

fn side_of(table: &Table, change: &TableChange) -> Result<usize, Failure> {
    table.at(&side_column(&change.tag))
}

/// Every row has its new form, or the reason why not.
fn all_converted(table: &Table, change: &TableChange) -> Result<(), Failure> {
    let at = side_of(table, change)?;
    if table.rows.values().any(|row| row[at] == REJECTED) {
        return Err(Failure::constraint(format!("rows of table {} are kept aside", change.table)));
    }
    if change.backfill && table.rows.values().any(|row| row[at] == OLD) {
        return Err(Failure::constraint(format!("rows of table {} are not converted", change.table)));
    }
    Ok(())
}

/// The new form becomes strict.
pub(super) fn shift(database: &mut Database, change: &TableChange) -> Result<(), Failure> {
    let table = journey_mut(database, change)?;
    all_converted(table, change)?;
    for (at, name) in strict_columns(table, change)? {
        if table.rows.values().any(|row| row[at].is_null()) {
            return Err(Failure::constraint(format!("column {name} of table {} still has NULL", change.table)));
        }
        table.columns[at].nullable = false;
    }
    if let Some(journey) = &mut table.journey {
        journey.strict = true;
    }
    Ok(())
}

/// The new form is lenient again.
pub(super) fn unshift(database: &mut Database, change: &TableChange) -> Result<(), Failure> {
    if journey(database, change).is_none_or(|journey| !journey.strict) {
        return Ok(());
    }
    let table = journey_mut(database, change)?;
    for (at, _) in strict_columns(table, change)? {
        table.columns[at].nullable = true;
    }
    if let Some(journey) = &mut table.journey {
        journey.strict = false;
    }
    Ok(())
}

/// The new form's own columns that take no NULL. Columns that both forms share are bound by constraints.
fn strict_columns(table: &Table, change: &TableChange) -> Result<Vec<(usize, String)>, Failure> {
    let own = change.up.iter().filter(|up| !matches!(up.role, Role::Renamed { .. }));
    let strict = own.filter(|up| change.new.iter().any(|column| column.name == up.column && !column.nullable));
    strict.map(|up| Ok((table.at(&up.physical)?, up.physical.clone()))).collect()
}

/// The old form goes.
pub(super) fn contract(database: &mut Database, change: &TableChange) -> Result<(), Failure> {
    let table = journey_mut(database, change)?;
    all_converted(table, change)?;
    for down in change.down.iter().filter(|down| matches!(down.role, Role::Dropped)) {
        table.drop_column(&down.physical);
    }
    let mut renames = Vec::new();
    for up in &change.up {
        match &up.role {
            Role::Renamed { original, name } => {
                table.drop_column(&up.physical);
                renames.push((original.clone(), name.clone()));
            }
            Role::Converted { original, name } => {
                table.drop_column(original);
                renames.push((up.physical.clone(), name.clone()));
            }
            Role::Added | Role::Dropped | Role::Replaced => {}
        }
    }
    table.drop_column(&side_column(&change.tag));
    table.journey = None;
    // Through names that nobody has, so that columns may exchange names.
    for (n, (from, _)) in renames.iter().enumerate() {
        table.rename_column(from, &format!("segue_moving_{n}_{}", change.tag))?;
    }
    for (n, (_, to)) in renames.iter().enumerate() {
        table.rename_column(&format!("segue_moving_{n}_{}", change.tag), to)?;
    }
    for column in &change.new {
        let at = table.at(&column.name)?;
        if table.columns[at].nullable && !column.nullable && table.rows.values().any(|row| row[at].is_null()) {
            return Err(Failure::constraint(format!("column {} of table {} still has NULL", column.name, change.table)));
        }
        let it = &mut table.columns[at];
        it.nullable = column.nullable;
        it.default.clone_from(&column.default);
        if column.comment.is_some() {
            it.comment.clone_from(&column.comment);
        }
    }
    carried(table, change);
    table
        .constraints
        .retain(|name, _| !change.constraints.iter().any(|add| add.name == *name && matches!(add.what, ConstraintWhat::NotNull { .. })));
    foreign_targets(database, change, &renames);
    if let Some(control) = &mut database.control {
        control.contracted.insert(change.table.clone());
    }
    Ok(())
}

/// Carried objects take their final names.
fn carried(table: &mut Table, change: &TableChange) {
    for carry in &change.carries {
        match carry.kind {
            CarryKind::Index | CarryKind::Unique => {
                let Some(mut index) = table.indexes.remove(&carry.twin) else { continue };
                if carry.kind == CarryKind::Unique {
                    index.constraint = Some(carry.name.clone());
                    let columns = index.parts.iter().map(|part| {
                        let mut name = String::new();
                        part.columns(&mut |column| column.clone_into(&mut name));
                        name
                    });
                    let made = Constraint { rule: Rule::Unique(columns.collect()), validated: true };
                    table.constraints.insert(carry.name.clone(), made);
                }
                table.indexes.insert(carry.name.clone(), index);
            }
            CarryKind::Constraint => {
                if let Some(constraint) = table.constraints.remove(&carry.twin) {
                    table.constraints.insert(carry.name.clone(), constraint);
                }
            }
            CarryKind::Attribute => {}
        }
    }
}

/// Foreign keys elsewhere follow the columns that they refer to.
fn foreign_targets(database: &mut Database, change: &TableChange, renames: &[(String, String)]) {
    for constraint in database.tables.values_mut().flat_map(|table| table.constraints.values_mut()) {
        if let Rule::Foreign(foreign) = &mut constraint.rule
            && foreign.target == change.table
        {
            for column in &mut foreign.target_columns {
                if let Some((_, to)) = renames.iter().find(|(from, _)| from == column) {
                    to.clone_into(column);
                }
            }
        }
    }
}
