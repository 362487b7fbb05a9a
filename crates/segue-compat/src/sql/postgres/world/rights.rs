//! `GRANT` and `REVOKE` on tables and columns, written as a catalog shows rights: `SELECT to app with grant option`.
//!
//! Tests: `tests/it/sql/reading.rs`.

use segue_model::ident::TableName;

use super::super::statement::Grant;
use super::World;

/// What `ALL` stands for on a table, before version 17 gave it `MAINTAIN`: a right that only one of two versions has must
/// not look like a difference of two schemas.
const ALL: &[&str] = &["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"];
/// And on columns.
const ALL_OF_COLUMN: &[&str] = &["INSERT", "REFERENCES", "SELECT", "UPDATE"];

impl World {
    pub(super) fn grant(&mut self, grant: &Grant) {
        let mut names: Vec<TableName> = grant.tables.iter().map(|name| self.resolve(name)).collect();
        names.extend(self.tables.keys().filter(|table| grant.schemas.contains(&table.schema)).cloned());
        for full in names {
            let Some(table) = self.tables.get_mut(&full) else { continue };
            for (right, columns) in &grant.rights {
                let whole = columns.is_empty();
                let rights: &[&str] = match (right.as_str(), whole) {
                    ("ALL", true) => ALL,
                    ("ALL", false) => ALL_OF_COLUMN,
                    (one, _) => &[one],
                };
                for (right, role) in rights.iter().flat_map(|right| grant.roles.iter().map(move |role| (right, role))) {
                    if whole {
                        change(&mut table.grants, right, role, grant);
                    }
                    // A right on the table that is taken away is taken from its columns too.
                    let on = |name: &String| columns.contains(name) || (whole && !grant.gives);
                    for column in table.columns.iter_mut().filter(|column| on(&column.name)) {
                        change(&mut column.grants, right, role, grant);
                    }
                }
            }
        }
    }
}

fn change(list: &mut Vec<String>, right: &str, role: &str, grant: &Grant) {
    let plain = format!("{right} to {role}");
    let option = format!("{plain} with grant option");
    let had_option = list.contains(&option);
    let had = had_option || list.contains(&plain);
    list.retain(|held| *held != plain && *held != option);
    match (grant.gives, grant.option_alone) {
        (true, _) => list.push(if grant.with_option || had_option { option } else { plain }),
        (false, true) if had => list.push(plain),
        (false, _) => {}
    }
    list.sort();
}
