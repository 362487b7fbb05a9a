//! Changes of a live table's columns: each brings the form up to date and adds one stage.
//!
//! An `up` is over the columns as they are just before its change, a `down` over those just after it. Tests:
//! `tests/it/resolve.rs`.

use std::collections::BTreeMap;

use segue_model::catalog::TableKind;
use segue_model::change::{AddCheck, AddColumn, ChangeType, DropColumn, RenameColumn, SetNotNull};
use segue_model::finding::Severity;
use segue_model::reshape::{Assign, Value};

use super::fold::{Col, Wish, assign};
use super::{Folding, names};
use crate::say::{finding, refuse};

impl Folding<'_> {
    pub(super) fn add_column(&mut self, at: usize, fold: usize, c: &AddColumn) {
        let table = self.folds[fold].table;
        let object = format!("column `{}` of {}", c.column, table.name);
        if self.refuse_partition(fold) || self.refuse_name(&object, &c.column) {
            return;
        }
        if let Some(there) = self.folds[fold].position(&c.column, self.observed) {
            let message = if self.folds[fold].tracks[self.folds[fold].form[there].id].original.is_some() {
                "the column is there: this looks already applied"
            } else {
                "the spec adds this column twice"
            };
            self.findings.push(refuse(4, object, message, "Leave this change out, or choose another name."));
            return;
        }
        if table.columns.iter().any(|column| self.observed.same_name(&column.name, &c.column)) {
            let message = "the name belongs to a column that the same spec renames or drops, and that stays until `contract`";
            let fix = "Use another name, or add the column by a spec of its own after this one; for new values under the old name use `change_type` with `up`.";
            self.findings.push(refuse(12, object, message, fix));
            return;
        }
        if !c.null && c.default.is_none() && c.up.is_none() {
            let message = "it takes no NULL, and nothing says what rows of the old form hold in it";
            self.findings.push(refuse(9, object, message, "Give `up` (an expression over the row) or `default`."));
            return;
        }
        let value = match (&c.up, &c.default) {
            (Some(up), _) => Value::Sql(up.clone()),
            (None, Some(default)) => Value::Sql(default.clone()),
            (None, None) => Value::Null,
        };
        let state = &mut self.folds[fold];
        let (down, mut up) = (state.unchanged(), state.unchanged());
        up.push(assign(&c.column, value));
        let id = state.add_track();
        state.tracks[id].fills_rows = c.up.is_some() || c.default.is_some() || !c.null;
        state.form.push(Col {
            id,
            name: c.column.clone(),
            data_type: c.data_type.clone(),
            nullable: c.null,
            default: c.default.clone(),
            generated: false,
            comment: c.comment.clone(),
        });
        state.push_stage(at, up, down);
        self.inline_constraints(fold, id, c);
    }

    /// `check`, `unique` and `references` of an added column: constraints with PostgreSQL's own default names.
    fn inline_constraints(&mut self, fold: usize, id: usize, c: &AddColumn) {
        let table = self.folds[fold].table.name.name.clone();
        if let Some(check) = &c.check {
            let reads = self.folds[fold].reads(check, self.observed);
            let name = names::constraint(&table, &c.column, "check");
            self.wish(fold, &name.clone(), Wish::Check { name, check: check.clone(), reads });
        }
        if c.unique {
            let name = names::constraint(&table, &c.column, "key");
            self.wish_unique(fold, name, vec![id]);
        }
        if let Some(references) = &c.references {
            let name = names::constraint(&table, &c.column, "fkey");
            self.wish_key(fold, name, vec![id], references, false);
        }
    }

    pub(super) fn drop_column(&mut self, at: usize, fold: usize, c: &DropColumn) {
        if self.refuse_partition(fold) {
            return;
        }
        let Some(position) = self.column(fold, &c.column) else { return };
        let state = &self.folds[fold];
        let col = state.form[position].clone();
        let object = format!("column `{}` of {}", col.name, state.table.name);
        if state.form.len() == 1 {
            self.findings.push(refuse(27, object, "it is the table's last column", "Use `drop_table`."));
            return;
        }
        if self.refuse_fixed(fold, col.id, "dropped", c.down.is_none()) {
            return;
        }
        let original = self.folds[fold].original(col.id);
        let value = match (&c.down, original.and_then(|column| column.default.as_ref())) {
            (Some(down), _) => Value::Sql(down.clone()),
            (None, Some(default)) => Value::Sql(default.clone()),
            (None, None) if original.is_some_and(|column| !column.nullable) => {
                let message = "it takes no NULL and has no default: rows of the new form would have nothing to give to old clients";
                self.findings.push(refuse(10, object, message, "Give `down`: an expression over the columns that stay."));
                return;
            }
            (None, None) => Value::Null,
        };
        let state = &mut self.folds[fold];
        let mut down = state.unchanged();
        down[position] = assign(&col.name, value);
        state.form.remove(position);
        let up = state.unchanged();
        state.tracks[col.id].dropped = true;
        state.push_stage(at, up, down);
    }

    pub(super) fn rename_column(&mut self, at: usize, fold: usize, c: &RenameColumn) {
        let state = &self.folds[fold];
        let object = format!("column `{}` of {}", c.from, state.table.name);
        if state.position(&c.from, self.observed).is_none() && state.position(&c.to, self.observed).is_some() {
            let message = format!("there is no `{}` but there is `{}`: this looks already applied", c.from, c.to);
            self.findings.push(refuse(4, object, message, "Leave this change out."));
            return;
        }
        if self.refuse_partition(fold) || self.refuse_name(&object, &c.to) {
            return;
        }
        let Some(position) = self.column(fold, &c.from) else { return };
        let taken = self.folds[fold].position(&c.to, self.observed);
        if taken.is_some() {
            let message = format!("the table has a column `{}`", c.to);
            self.findings.push(refuse(5, object, message, "Rename that one first, or choose another name."));
            return;
        }
        let id = self.folds[fold].form[position].id;
        if self.refuse_generated(fold, id, "renamed") {
            return;
        }
        let state = &mut self.folds[fold];
        let (mut up, mut down) = (state.unchanged(), state.unchanged());
        let from = std::mem::replace(&mut state.form[position].name, c.to.clone());
        up[position] = assign(&c.to, Value::Column(from.clone()));
        down[position] = assign(&from, Value::Column(c.to.clone()));
        state.push_stage(at, up, down);
    }

    pub(super) fn change_type(&mut self, at: usize, fold: usize, c: &ChangeType) {
        if self.refuse_partition(fold) {
            return;
        }
        let Some(position) = self.column(fold, &c.column) else { return };
        let state = &self.folds[fold];
        let col = state.form[position].clone();
        let object = format!("column `{}` of {}", col.name, state.table.name);
        let plain = c.up.is_none() && c.down.is_none();
        if plain && same_type(&col.data_type, &c.to) {
            let message = format!("its type is {} already: this looks already applied", col.data_type);
            self.findings.push(refuse(4, object, message, "Leave this change out."));
            return;
        }
        if self.refuse_fixed(fold, col.id, "given another type", true) {
            return;
        }
        // PostgreSQL's engine evaluates `up` over a constant default and refuses another (its survey says so).
        if let (Some(default), Some(_), true) = (&col.default, &c.up, self.observed.engine != "postgres") {
            let message = format!("the new form keeps the default `{default}` as it stands: `up` is for rows, not for defaults");
            let fix = "Where that default would be wrong in the new form, let the new application give the value.";
            self.findings.push(finding(23, Severity::Medium, object, message, fix));
        }
        let cast = |to: &str| Value::Cast { column: col.name.clone(), to: to.to_owned() };
        let up = c.up.clone().map_or_else(|| cast(&c.to), Value::Sql);
        let down = c.down.clone().map_or_else(|| cast(&col.data_type), Value::Sql);
        self.convert(at, fold, position, (up, down));
        self.folds[fold].form[position].data_type.clone_from(&c.to);
    }

    pub(super) fn set_not_null(&mut self, at: usize, fold: usize, c: &SetNotNull) {
        if self.refuse_partition(fold) {
            return;
        }
        let Some(position) = self.column(fold, &c.column) else { return };
        let col = self.folds[fold].form[position].clone();
        let object = format!("column `{}` of {}", col.name, self.folds[fold].table.name);
        if !col.nullable {
            self.findings.push(refuse(4, object, "it takes no NULL already: this looks already applied", "Leave this change out."));
            return;
        }
        let Some(up) = &c.up else {
            let state = &mut self.folds[fold];
            state.form[position].nullable = false;
            if state.tracks[col.id].original.is_none() {
                state.tracks[col.id].fills_rows = true;
            }
            let both = (Value::Column(col.name.clone()), Value::Column(col.name));
            self.stage_of(at, fold, position, both);
            self.folds[fold].wishes.push(Wish::NotNull { id: col.id });
            return;
        };
        if self.refuse_fixed(fold, col.id, "given a value", true) {
            return;
        }
        let value = Value::Coalesce { column: col.name.clone(), sql: up.clone() };
        self.convert(at, fold, position, (value, Value::Column(col.name)));
        let state = &mut self.folds[fold];
        state.form[position].nullable = false;
        if state.tracks[col.id].original.is_none() {
            state.tracks[col.id].fills_rows = true;
        }
    }

    pub(super) fn add_check(&mut self, at: usize, fold: usize, c: &AddCheck) {
        let object = format!("check `{}` of {}", c.name, self.folds[fold].table.name);
        if self.refuse_name(&object, &c.name) {
            return;
        }
        let mut values: BTreeMap<usize, Value> = BTreeMap::new();
        for (column, sql) in &c.up {
            let Some(position) = self.column(fold, column) else { return };
            let col = self.folds[fold].form[position].clone();
            if self.refuse_partition(fold) || self.refuse_fixed(fold, col.id, "given a value", true) {
                return;
            }
            values.insert(position, Value::Unless { column: col.name, condition: c.check.clone(), sql: sql.clone() });
        }
        if !values.is_empty() {
            let state = &mut self.folds[fold];
            let (mut up, down) = (state.unchanged(), state.unchanged());
            for (position, value) in values {
                up[position].value = value;
                let id = state.form[position].id;
                state.mark_converted(id);
            }
            state.push_stage(at, up, down);
        }
        let reads = self.folds[fold].reads(&c.check, self.observed);
        self.wish(fold, &c.name, Wish::Check { name: c.name.clone(), check: c.check.clone(), reads });
    }

    /// A stage that gives one column other values, by `(up, down)`.
    fn convert(&mut self, at: usize, fold: usize, position: usize, values: (Value, Value)) {
        self.stage_of(at, fold, position, values);
        let id = self.folds[fold].form[position].id;
        self.folds[fold].mark_converted(id);
    }

    fn stage_of(&mut self, at: usize, fold: usize, position: usize, values: (Value, Value)) {
        let state = &mut self.folds[fold];
        let (mut up, mut down): (Vec<Assign>, Vec<Assign>) = (state.unchanged(), state.unchanged());
        up[position].value = values.0;
        down[position].value = values.1;
        state.push_stage(at, up, down);
    }

    /// A column whose values may not move: the key's, a generated one, an identity where `without_down`.
    fn refuse_fixed(&mut self, fold: usize, id: usize, verb: &str, without_down: bool) -> bool {
        let state = &self.folds[fold];
        let Some(column) = state.original(id) else { return false };
        let object = format!("column `{}` of {}", column.name, state.table.name);
        let key = state.key.iter().flatten().chain(&state.table.primary_key()).any(|name| *name == column.name);
        if key {
            let message = format!("it is part of the key by which rows are found, and cannot be {verb} in the same run");
            let fix = "Give the table another unique index over not-null columns and make that its key first.";
            self.findings.push(refuse(8, object, message, fix));
            return true;
        }
        let identity =
            matches!(column.identity.as_deref(), Some("always")) || (without_down && column.identity.as_deref() == Some("by default"));
        if identity {
            let message = format!("it is an identity column, which the server fills, and cannot be {verb} so");
            self.findings.push(refuse(11, object, message, "Drop the identity first: `alter column … drop identity`."));
            return true;
        }
        self.refuse_generated(fold, id, verb)
    }

    /// A generated column has no value of its own that a twin could hold.
    fn refuse_generated(&mut self, fold: usize, id: usize, verb: &str) -> bool {
        let state = &self.folds[fold];
        let Some(column) = state.original(id).filter(|column| column.generated.is_some()) else { return false };
        let object = format!("column `{}` of {}", column.name, state.table.name);
        let message = format!("it is a generated column: the server computes it, and it cannot be {verb} while both forms live");
        let fix = "Add a column under another name with `up`, and drop this one by plain SQL when no client reads it.";
        self.findings.push(refuse(11, object, message, fix));
        true
    }

    /// A partition's columns are its parent's.
    fn refuse_partition(&mut self, fold: usize) -> bool {
        let table = self.folds[fold].table;
        if table.kind != TableKind::Partition {
            return table.kind == TableKind::Foreign;
        }
        let parents: Vec<String> = table.parents.iter().map(ToString::to_string).collect();
        let fix = format!("Change {} instead.", if parents.is_empty() { "its parent".to_owned() } else { parents.join(", ") });
        self.findings.push(refuse(18, format!("table {}", table.name), "it is a partition: its columns are its parent's", fix));
        true
    }
}

/// Whether two spellings certainly name one type: `int` and `integer`.
fn same_type(one: &str, other: &str) -> bool {
    canonical_type(one) == canonical_type(other)
}

fn canonical_type(name: &str) -> String {
    let text = name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").replace(" (", "(").replace(", ", ",");
    let (base, rest) = text.split_at(text.find('(').unwrap_or(text.len()));
    let base = match base {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "float8" => "double precision",
        "float4" => "real",
        "decimal" => "numeric",
        "varchar" => "character varying",
        "char" => "character",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        other => other,
    };
    format!("{base}{rest}")
}

#[cfg(test)]
mod tests {
    use super::same_type;

    #[test]
    fn spellings_of_one_type_are_one() {
        assert!(same_type("INT", "integer"));
        assert!(same_type("varchar( 20 )", "character varying( 20 )"));
        assert!(same_type("numeric(12, 2)", "numeric(12,2)"));
        assert!(!same_type("numeric(12,2)", "numeric(12,3)"));
        assert!(!same_type("text", "citext"));
    }
}
