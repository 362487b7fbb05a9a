//! What changes, table by table and column by column: `old → new`.
//!
//! Read from the plan alone. Tests: `tests/it/plan.rs`.

use segue_model::action::Action;
use segue_model::plan::Plan;
use segue_model::reshape::{FormColumn, IndexSource, Role, TableChange};

use crate::text::{Page, Style, cell, count};

/// The lines.
pub(super) fn lines(page: &mut Page, plan: &Plan) {
    for new in &plan.execution.new_tables {
        let head = format!("+ table {}", new.table);
        page.line(2, 4, &[cell(head).style(Style::Good), cell(count(new.define.columns.0.len(), "column"))]);
    }
    for change in &plan.execution.tables {
        page.line(2, 4, &[cell(format!("~ table {}", change.table)).style(Style::Warn)]);
        columns(page, change);
    }
    for step in plan.phases.iter().flat_map(|phase| &phase.steps) {
        let line = match &step.action {
            Action::BuildIndex { index } if !matches!(index.source, IndexSource::Carry(_)) => {
                format!("+ index {} on {}", index.name, index.table)
            }
            Action::DropIndex { table, index } => format!("- index {index} on {table}"),
            Action::DropTable { table } => format!("- table {table} with all rows"),
            _ => continue,
        };
        let style = if line.starts_with('-') { Style::Bad } else { Style::Good };
        page.line(2, 4, &[cell(line).style(style)]);
    }
}

fn columns(page: &mut Page, change: &TableChange) {
    for column in &change.new {
        let derived = change.up.iter().find(|derived| derived.column == column.name);
        let (original, how) = match derived.map(|derived| &derived.role) {
            Some(Role::Added) => {
                page.line(4, 6, &[cell(format!("+ {}", described(column))).style(Style::Good)]);
                continue;
            }
            Some(Role::Converted { original, .. }) => (original, "converted"),
            Some(Role::Renamed { original, .. }) => (original, "renamed"),
            Some(Role::Dropped | Role::Replaced) | None => (&column.physical, "stricter"),
        };
        let Some(old) = change.old.iter().find(|old| old.name == *original) else { continue };
        if derived.is_some() || old.nullable != column.nullable {
            let line = format!("~ {} → {}", described(old), described(column));
            page.line(4, 6, &[cell(line).style(Style::Warn), cell(how)]);
        }
    }
    for derived in change.down.iter().filter(|derived| derived.role == Role::Dropped) {
        if let Some(old) = change.old.iter().find(|old| old.name == derived.column) {
            page.line(4, 6, &[cell(format!("- {}", described(old))).style(Style::Bad)]);
        }
    }
    for constraint in &change.constraints {
        page.line(4, 6, &[cell(format!("+ constraint {}", constraint.name)).style(Style::Good)]);
    }
    for carry in &change.carries {
        page.line(4, 6, &[cell(format!("= {} is carried over", carry.object))]);
    }
}

fn described(column: &FormColumn) -> String {
    let null = if column.nullable { "" } else { " not null" };
    format!("{} {}{null}", column.name, column.data_type)
}
