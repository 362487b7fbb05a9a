//! `ALTER TABLE`: the strongest lock of its actions, and what each of them does to rows.

use segue_model::catalog::Table;
use segue_model::ident::TableName;

use super::super::lock::Mode;
use super::super::type_change::{self, Change, Cost};
use super::{Around, Effect};
use crate::sql::postgres::expression::Volatility;
use crate::sql::postgres::statement::{Action, ColumnDefinition, ConstraintBody, ObjectKind, TableConstraint};

/// The effect of its actions together.
pub(super) fn table(effect: &mut Effect, around: Around<'_>, target: (&TableName, bool, ObjectKind), actions: &[Action]) {
    let (name, only, kind) = target;
    if kind == ObjectKind::Index {
        // Parameters of an index: its table is not locked.
        return;
    }
    let mut world = None;
    for (at, action) in actions.iter().enumerate() {
        let here = Around { world: world.as_ref().unwrap_or(around.world), ..around };
        let members = if only || !recurses(action) { vec![name.clone()] } else { here.world.family(name) };
        let mode = mode(action);
        for member in &members {
            effect.lock(member, mode);
            one(effect, here, member, action);
        }
        if at + 1 < actions.len() {
            // A later action sees what an earlier one did: a column added, then constrained.
            let mut next = world.take().unwrap_or_else(|| around.world.clone());
            next.alter(name, action, crate::source::Span::default(), &mut Vec::new());
            world = Some(next);
        }
    }
    effect.fails = effect.fails.take().or_else(|| super::refused::why(around.world.tables.get(name), actions));
    strongest_only(effect, name, actions);
}

/// The table is opened once, with the strongest lock that an action asks for; the triggers of a foreign key take theirs beside.
fn strongest_only(effect: &mut Effect, name: &TableName, actions: &[Action]) {
    let asked: Vec<Mode> = actions.iter().map(mode).collect();
    let Some(strongest) = asked.iter().max() else { return };
    let stays = |mode: &Mode| *mode == Mode::ShareRowExclusive && actions.iter().any(is_foreign_key);
    if let Some(modes) = effect.locks.get_mut(name) {
        for weaker in asked.iter().filter(|mode| *mode < strongest && !stays(mode)) {
            modes.remove(weaker);
        }
    }
}

fn is_foreign_key(action: &Action) -> bool {
    matches!(action, Action::AddConstraint(constraint) if matches!(constraint.what, ConstraintBody::ForeignKey { .. }))
}

fn recurses(action: &Action) -> bool {
    !matches!(
        action,
        Action::Triggers { .. }
            | Action::Rules
            | Action::RowSecurity { .. }
            | Action::ForceRowSecurity
            | Action::ReplicaIdentity { .. }
            | Action::Owner
            | Action::SetOptions { .. }
            | Action::SetLogged { .. }
            | Action::SetTablespace
            | Action::AttachPartition { .. }
            | Action::DetachPartition { .. }
            | Action::Inherit { .. }
            | Action::ClusterOn
    )
}

/// The lock that an action asks for on its table.
fn mode(action: &Action) -> Mode {
    match action {
        action if is_foreign_key(action) => Mode::ShareRowExclusive,
        Action::Triggers { .. } => Mode::ShareRowExclusive,
        Action::ValidateConstraint { .. }
        | Action::SetStatistics
        | Action::ClusterOn
        | Action::SetWithoutCluster
        | Action::AttachPartition { .. }
        | Action::DetachPartition { concurrently: true, .. }
        | Action::DetachPartition { finalize: true, .. } => Mode::ShareUpdateExclusive,
        Action::SetOptions { options } if options.iter().all(|option| !option.starts_with("user_catalog_table")) => {
            Mode::ShareUpdateExclusive
        }
        _ => Mode::AccessExclusive,
    }
}

fn one(effect: &mut Effect, around: Around<'_>, name: &TableName, action: &Action) {
    let world = around.world;
    let table = world.tables.get(name);
    match action {
        Action::AddColumn { definition, if_not_exists } => {
            let there = table.is_some_and(|table| table.column(&definition.name).is_some());
            if there && !if_not_exists {
                effect.fails = Some(format!("column {} is there already", definition.name));
            }
            if !there {
                add_column(effect, around, name, definition);
            }
        }
        Action::SetType { .. } => {
            let Some(change) = Change::of(action, around.session.utc, around.version) else { return };
            match type_change::cost(world, table, &change) {
                Cost::Free => {}
                Cost::Touches { indexes, .. } => {
                    effect.scan(name);
                    if !indexes.is_empty() {
                        effect.lock(name, Mode::Share);
                    }
                }
                Cost::Rewrites { .. } => effect.rewrite(name),
            }
            effect.fails = effect.fails.take().or_else(|| type_refused(around, name, table, change.column));
        }
        Action::SetNotNull { column } if !not_null_is_known(table, column, around.version) => effect.scan(name),
        Action::AddConstraint(constraint) => add_constraint(effect, around, name, constraint, false),
        Action::DropConstraint { name: constraint, .. } => {
            let other = table
                .and_then(|table| table.constraints.iter().find(|found| found.name == *constraint))
                .and_then(|found| found.references.clone());
            if let Some(other) = other {
                effect.lock(&other, Mode::AccessExclusive);
            }
        }
        Action::DropColumn { name: column, cascade, .. } => {
            for other in table.into_iter().flat_map(|table| &table.constraints).filter(|found| found.columns.contains(column)) {
                if let Some(other) = &other.references {
                    effect.lock(other, Mode::AccessExclusive);
                }
            }
            if !cascade && !world.readers(name, Some(column)).is_empty() {
                effect.fails = Some(format!("view {} reads the column", world.shown(&world.readers(name, Some(column))[0])));
            }
        }
        Action::ValidateConstraint { name: constraint } => validate(effect, around, name, constraint),
        other => storage(effect, around, name, other),
    }
}

/// Actions on how the table is stored and with which others it goes.
fn storage(effect: &mut Effect, around: Around<'_>, name: &TableName, action: &Action) {
    let world = around.world;
    let table = world.tables.get(name);
    match action {
        Action::SetExpression { .. } | Action::SetAccessMethod => effect.rewrite(name),
        Action::SetLogged { logged } => {
            let unlogged = table.is_some_and(|table| table.options.iter().any(|option| option == "unlogged"));
            if table.is_none() || unlogged == *logged {
                effect.rewrite(name);
            }
        }
        Action::SetTablespace => {
            effect.rewrites.insert(name.clone());
        }
        Action::AttachPartition { partition, default, bound } => attach(effect, around, name, &world.resolve(partition), (*default, bound)),
        Action::DetachPartition { partition, concurrently, .. } => {
            let mode = if *concurrently { Mode::ShareUpdateExclusive } else { Mode::AccessExclusive };
            effect.lock(&world.resolve(partition), mode);
            effect.concurrent |= *concurrently;
        }
        Action::Inherit { parent, .. } => effect.lock(&world.resolve(parent), Mode::ShareUpdateExclusive),
        Action::Other(_) => {
            effect.unknown = true;
            effect.rewrite(name);
        }
        _ => {}
    }
}

fn add_column(effect: &mut Effect, around: Around<'_>, name: &TableName, column: &ColumnDefinition) {
    if rewrites_for(around, column).is_some() {
        effect.rewrite(name);
        if column.serial || column.identity.is_some() {
            // Its new sequence is tied to the table.
            effect.lock(name, Mode::AccessShare);
        }
    } else if column.not_null && column.default.is_none() {
        effect.scan(name);
    }
    for constraint in &column.constraints {
        // A foreign key of a new column that is NULL everywhere has nothing to check.
        add_constraint(effect, around, name, constraint, column.default.is_none());
    }
}

/// Why a new column makes the server write every row.
pub(crate) fn rewrites_for(around: Around<'_>, column: &ColumnDefinition) -> Option<String> {
    if column.serial {
        return Some("every row gets a number of the sequence".to_owned());
    }
    if column.identity.is_some() {
        return Some("every row gets a number of the identity's sequence".to_owned());
    }
    if column.generated.is_some() && !(column.generated_virtual && around.version >= 180_000) {
        return Some("the generated value is stored in every row".to_owned());
    }
    if around.world.constrained(&column.data_type) {
        return Some(format!("each row is checked against the domain {}", column.data_type));
    }
    let default = column.default.as_ref()?;
    if around.version < 110_000 {
        return Some("a version before 11 writes a default into every row".to_owned());
    }
    match default.volatility {
        Volatility::Steady => None,
        Volatility::Volatile => Some(format!("{}() gives another value for each row", default.by.as_deref().unwrap_or("its function"))),
        Volatility::Unknown => Some(format!(
            "{}() is not known to be stable, and a volatile default is computed for each row",
            default.by.as_deref().unwrap_or("its function")
        )),
    }
}

/// The column cannot hold NULL, or a valid check says so.
pub(crate) fn not_null_is_known(table: Option<&Table>, column: &str, version: u32) -> bool {
    let Some(table) = table else { return false };
    if table.column(column).is_some_and(|found| !found.nullable) {
        return true;
    }
    let said = format!("{} IS NOT NULL", crate::sql::postgres::cursor::quote(column));
    version >= 120_000
        && table.constraints.iter().filter(|check| check.validated).any(|check| {
            let inner = check.definition.strip_prefix("CHECK ").unwrap_or("");
            inner.trim_matches(['(', ')']).split(" AND ").any(|part| part.trim_matches(['(', ')', ' ']) == said) && !inner.contains(" OR ")
        })
}

fn add_constraint(effect: &mut Effect, around: Around<'_>, name: &TableName, constraint: &TableConstraint, all_null: bool) {
    let world = around.world;
    match &constraint.what {
        ConstraintBody::Check(_) | ConstraintBody::NotNull { .. } => {
            if !constraint.not_valid && !constraint.not_enforced {
                effect.scan(name);
            }
        }
        ConstraintBody::PrimaryKey { columns, using_index, .. } => {
            let columns = index_columns(around, name, columns, using_index.as_deref());
            let known = columns.iter().all(|column| not_null_is_known(world.tables.get(name), column, around.version));
            if using_index.is_none() {
                effect.lock(name, Mode::Share);
            }
            if using_index.is_none() || !known {
                effect.scan(name);
            }
        }
        ConstraintBody::Unique { using_index: Some(_), .. } => {}
        ConstraintBody::Unique { .. } | ConstraintBody::Exclude { .. } => {
            effect.lock(name, Mode::Share);
            effect.scan(name);
        }
        ConstraintBody::ForeignKey { columns, table, .. } => {
            let other = world.resolve(table);
            for side in [name, &other] {
                effect.lock(side, Mode::AccessShare);
                effect.lock(side, Mode::ShareRowExclusive);
            }
            if constraint.not_valid || constraint.not_enforced || all_null {
                return;
            }
            effect.lock(&other, Mode::RowShare);
            effect.scan(name);
            let nothing = columns.iter().any(|column| around.session.null_columns.contains(&(name.clone(), column.clone())));
            if !nothing {
                effect.scan(&other);
            }
        }
    }
}

/// The columns of a key, those of its index where it takes one.
pub(crate) fn index_columns(around: Around<'_>, name: &TableName, columns: &[String], using_index: Option<&str>) -> Vec<String> {
    let Some(index) = using_index else { return columns.to_vec() };
    let table = around.world.tables.get(name);
    table.and_then(|table| table.indexes.iter().find(|found| found.name == index)).map(|found| found.columns.clone()).unwrap_or_default()
}

fn validate(effect: &mut Effect, around: Around<'_>, name: &TableName, constraint: &str) {
    let found = around.world.tables.get(name).and_then(|table| table.constraints.iter().find(|found| found.name == constraint));
    if found.is_some_and(|found| found.validated) {
        return;
    }
    effect.scan(name);
    if let Some(other) = found.and_then(|found| found.references.as_ref()) {
        effect.lock(name, Mode::AccessShare);
        effect.lock(other, Mode::AccessShare);
        effect.lock(other, Mode::RowShare);
        effect.scan(other);
    }
}

fn attach(effect: &mut Effect, around: Around<'_>, parent: &TableName, partition: &TableName, bound: (bool, &str)) {
    let (default, bound) = bound;
    effect.lock(partition, Mode::AccessExclusive);
    let key = around.world.tables.get(parent).and_then(|table| table.partition_key.as_deref()).unwrap_or_default();
    let proved = around.world.tables.get(partition).is_some_and(|table| super::partition::proved(table, key, bound));
    if !proved {
        effect.scan(partition);
    }
    let siblings = around.world.tables.get(parent).map(|table| table.children.clone()).unwrap_or_default();
    for sibling in siblings.iter().filter(|sibling| {
        !default
            && around
                .world
                .tables
                .get(sibling)
                .is_some_and(|table| table.options.iter().any(|option| option.to_lowercase() == "partition default"))
    }) {
        effect.lock(sibling, Mode::AccessExclusive);
        effect.scan(sibling);
    }
}

/// What depends on the column and makes the server refuse a change of its type.
fn type_refused(around: Around<'_>, name: &TableName, table: Option<&Table>, column: &str) -> Option<String> {
    if let Some(view) = around.world.readers(name, Some(column)).first() {
        return Some(format!("view {} reads the column", around.world.shown(view)));
    }
    let uses = |text: &str| crate::sql::postgres::expression::words_of(text).iter().any(|word| word == column);
    let generated = table?.columns.iter().find(|other| other.generated.as_deref().is_some_and(uses))?;
    Some(format!("the generated column {} is computed from it", generated.name))
}
