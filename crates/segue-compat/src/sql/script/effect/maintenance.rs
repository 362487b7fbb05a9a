//! VACUUM, CLUSTER, REINDEX, REFRESH, ANALYZE.

use super::super::lock::Mode;
use super::{Around, Effect};
use crate::sql::postgres::statement::Stmt;

/// The effect of maintenance.
pub(super) fn of(effect: &mut Effect, around: Around<'_>, stmt: &Stmt) {
    let world = around.world;
    match stmt {
        Stmt::Vacuum { full, tables } => {
            for table in tables {
                let table = world.resolve(table);
                if *full {
                    effect.lock(&table, Mode::AccessExclusive);
                    effect.rewrites.insert(table.clone());
                    effect.scan(&table);
                } else {
                    effect.lock(&table, Mode::ShareUpdateExclusive);
                }
            }
        }
        Stmt::Analyze { tables } => {
            for table in tables {
                effect.lock(&world.resolve(table), Mode::ShareUpdateExclusive);
            }
        }
        Stmt::Cluster { table: Some(table) } => {
            let table = world.resolve(table);
            effect.lock(&table, Mode::AccessExclusive);
            effect.rewrite(&table);
        }
        Stmt::Reindex { what, name: Some(name), concurrently } => {
            effect.concurrent = *concurrently;
            let table = match what.as_str() {
                "index" => world.resolve_index(name).1,
                "table" => Some(world.resolve(name)),
                _ => None,
            };
            if let Some(table) = table {
                effect.lock(&table, if *concurrently { Mode::ShareUpdateExclusive } else { Mode::Share });
                effect.scan(&table);
            }
        }
        Stmt::Refresh { name, concurrently, with_data } => {
            let view = world.resolve(name);
            // The query runs under the weaker lock; its rows are then swapped in, or merged row by row.
            let modes = if *concurrently {
                vec![Mode::Exclusive, Mode::RowExclusive]
            } else {
                vec![Mode::AccessExclusive, Mode::Exclusive, Mode::Share]
            };
            for mode in modes.into_iter().chain([Mode::AccessShare]) {
                effect.lock(&view, mode);
            }
            if *concurrently {
                effect.scan(&view);
            } else {
                effect.rewrites.insert(view.clone());
                effect.scan(&view);
            }
            let reads = world.views.get(&view).map(|view| view.reads.clone()).unwrap_or_default();
            for (table, _) in reads.into_iter().filter(|_| *with_data) {
                effect.lock(&table, Mode::AccessShare);
                effect.scan(&table);
            }
        }
        _ => {}
    }
}
