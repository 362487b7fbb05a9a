//! Actions of `ALTER TABLE` that the server refuses as the table is.

use segue_model::catalog::{ConstraintKind, Table};

use crate::sql::postgres::statement::{Action, ConstraintBody};

/// Why the server refuses the actions, if it does.
pub(super) fn why(table: Option<&Table>, actions: &[Action]) -> Option<String> {
    let table = table?;
    actions.iter().find_map(|action| {
        let Action::AddConstraint(constraint) = action else { return None };
        let (using, primary) = match &constraint.what {
            ConstraintBody::PrimaryKey { using_index, .. } => (using_index, true),
            ConstraintBody::Unique { using_index, .. } => (using_index, false),
            _ => return None,
        };
        // What goes in the same statement goes first.
        let goes = |name: &str| actions.iter().any(|action| matches!(action, Action::DropConstraint { name: gone } if gone == name));
        if primary && table.constraints.iter().any(|found| found.kind == ConstraintKind::PrimaryKey && !goes(&found.name)) {
            let drops = actions.iter().any(|action| matches!(action, Action::DropColumn { .. }));
            return (!drops).then(|| format!("table {} has a primary key already", table.name.name));
        }
        let index = table.indexes.iter().find(|index| Some(&index.name) == using.as_ref())?;
        let fault = if !index.unique {
            "is not unique"
        } else if index.partial_or_expression {
            "is partial or on an expression"
        } else if !index.valid {
            "is not valid"
        } else {
            return None;
        };
        Some(format!("index {} {fault}, so that no key can use it", index.name))
    })
}
