//! Every difference as a wish: the change in Segue's words, or the statement for a person. Tests: `tests/it/sql/steps.rs`.

use std::collections::BTreeMap;

use segue_model::catalog::{Column, Constraint, ConstraintKind, Index, Table};
use segue_model::change::{
    AddCheck, AddColumn, AddForeignKey, AddUnique, Change, ChangeType, Columns, CreateIndex, CreateTable, DropColumn, DropIndex, DropTable,
    Identity, IndexColumn, IndexPart, KeyReference, NewColumn, ReferenceAction, RenameColumn, SetNotNull,
};

use super::super::compare::{Couple, Pair, Sides, condition_of, keyed, referred_columns, written_actions};
use super::super::ddl::path_of;
use super::super::scan::{Kind, Words, tokens};
use super::super::script::journey;
use super::super::{Dialect, postgres};
use super::{Wish, statement};

/// Tables, columns, keys and indexes; what is added before what is taken away.
pub(super) fn wishes(sides: &Sides<'_>) -> Vec<Wish> {
    let mut out = Vec::new();
    for table in &sides.added {
        create_table(sides, table, &mut out);
    }
    for table in &sides.added {
        for constraint in table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::ForeignKey) {
            foreign_key(sides, table, constraint, &mut out);
        }
        for index in table.indexes.iter().filter(|index| !index.primary && index.constraint.is_none()) {
            index_added(sides, table, index, &mut out);
        }
    }
    for pair in &sides.pairs {
        table_pair(sides, pair, &mut out);
    }
    for table in &sides.removed {
        let name = path_of(&table.name);
        let change = Some(Change::DropTable(DropTable { table: spoken(table) }));
        let command = Some(format!("DROP TABLE {};", statement::table(&table.name, sides.dialect)));
        out.push(wish("contract", "drop table", &name, "Drop the table when nobody asks for it any more.", change, command));
    }
    out
}

fn wish(phase: &'static str, verb: &str, object: &str, what: &str, change: Option<Change>, command: Option<String>) -> Wish {
    Wish { id: format!("{verb} {object}"), phase, what: what.to_owned(), change, command, object: object.to_owned() }
}

/// A table's name as `segue.yaml` writes it.
fn spoken(table: &Table) -> String {
    table.name.to_string()
}

fn identity(column: &Column) -> Option<Identity> {
    match column.identity.as_deref() {
        Some("always") => Some(Identity::Always),
        Some("by default" | "serial") => Some(Identity::ByDefault),
        _ => None,
    }
}

fn create_table(sides: &Sides<'_>, table: &Table, out: &mut Vec<Wish>) {
    let of = |kind: ConstraintKind| table.constraints.iter().filter(move |constraint| constraint.kind == kind);
    let plain = table.columns.iter().all(|column| column.generated.is_none() && column.collation.is_none() && !column.data_type.is_empty());
    let plain = plain && table.kind == segue_model::catalog::TableKind::Ordinary && of(ConstraintKind::Exclusion).next().is_none();
    let change = Change::CreateTable(created(table));
    let listed: Vec<String> = table.columns.iter().map(|column| statement::column(column, sides.dialect)).collect();
    let command = format!("CREATE TABLE {} ({});", statement::table(&table.name, sides.dialect), listed.join(", "));
    let what =
        if plain { "Create the table." } else { "Create the table by its own statement: it has parts that Segue has no words for yet." };
    out.push(wish("expand", "create table", &path_of(&table.name), what, plain.then_some(change), Some(command)));
}

/// A table of plain columns as `create_table` has it, its foreign keys left out.
pub(crate) fn created(table: &Table) -> CreateTable {
    let key = table.primary_key();
    let columns = table.columns.iter().map(|column| {
        let new = NewColumn {
            data_type: column.data_type.clone(),
            null: (!column.nullable && !key.contains(&column.name)).then_some(false),
            default: column.default.clone().filter(|_| identity(column).is_none()),
            primary_key: key == [column.name.clone()],
            identity: identity(column),
            unique: false,
            references: None,
            check: None,
            comment: column.comment.clone(),
        };
        (column.name.clone(), new)
    });
    let of = |kind: ConstraintKind| table.constraints.iter().filter(move |constraint| constraint.kind == kind);
    let checks: BTreeMap<String, String> = of(ConstraintKind::Check)
        .enumerate()
        .map(|(at, check)| {
            let name = if check.name.is_empty() { format!("{}_check{}", table.name.name, at + 1) } else { check.name.clone() };
            (name, condition_of(&check.definition).to_owned())
        })
        .collect();
    CreateTable {
        table: spoken(table),
        columns: Columns(columns.collect()),
        primary_key: if key.len() > 1 { key.clone() } else { Vec::new() },
        unique: of(ConstraintKind::Unique).map(|constraint| constraint.columns.clone()).collect(),
        checks,
        foreign_keys: Vec::new(),
        comment: table.comment.clone(),
    }
}

fn table_pair(sides: &Sides<'_>, pair: &Pair<'_>, out: &mut Vec<Wish>) {
    let dialect = sides.dialect;
    if pair.renamed.is_some() {
        let command = statement::alter(pair.old, &format!("RENAME TO {}", statement::quoted(&pair.new.name.name, dialect)), dialect);
        let what = "Rename the table, and keep a view of the old name until every application uses the new one.";
        out.push(wish("expand", "rename table", &path_of(&pair.new.name), what, None, command));
    }
    for column in &pair.added {
        column_added(sides, pair, column, out);
    }
    for couple in &pair.couples {
        column_pair(sides, pair, couple, out);
    }
    for constraint in keyed::added(sides, pair) {
        match constraint.kind {
            ConstraintKind::Unique => {
                let add = AddUnique { table: spoken(pair.new), name: constraint.name.clone(), columns: constraint.columns.clone() };
                let command = format!(
                    "ADD CONSTRAINT {} UNIQUE ({})",
                    statement::quoted(&constraint.name, dialect),
                    statement::columns(&constraint.columns, dialect)
                );
                let change = (!constraint.name.is_empty()).then_some(Change::AddUnique(add));
                out.push(part(
                    pair,
                    "add unique",
                    &constraint.name,
                    "Make the values unique; doubles are listed first.",
                    change,
                    statement::alter(pair.new, &command, dialect),
                ));
            }
            ConstraintKind::ForeignKey => foreign_key(sides, pair.new, constraint, out),
            ConstraintKind::Check => {
                let check = condition_of(&constraint.definition).to_owned();
                let command = statement::alter(
                    pair.new,
                    &format!("ADD CONSTRAINT {} CHECK ({check})", statement::quoted(&constraint.name, dialect)),
                    dialect,
                );
                let add = AddCheck { table: spoken(pair.new), name: constraint.name.clone(), check, up: BTreeMap::new() };
                let change = (!constraint.name.is_empty()).then_some(Change::AddCheck(add));
                out.push(part(
                    pair,
                    "add check",
                    &constraint.name,
                    "Add the check; rows that fail it are looked for first.",
                    change,
                    command,
                ));
            }
            _ => {}
        }
    }
    for index in keyed::indexes_added(sides, pair) {
        index_added(sides, pair.new, index, out);
    }
    taken_away(sides, pair, out);
}

/// What goes when every application is on the new version.
fn taken_away(sides: &Sides<'_>, pair: &Pair<'_>, out: &mut Vec<Wish>) {
    let dialect = sides.dialect;
    for constraint in keyed::dropped(sides, pair) {
        let word = match (dialect, constraint.kind) {
            (Dialect::Mysql, ConstraintKind::ForeignKey) => "DROP FOREIGN KEY",
            (Dialect::Mysql, ConstraintKind::Unique) => "DROP INDEX",
            _ => "DROP CONSTRAINT",
        };
        let command = statement::alter(pair.new, &format!("{word} {}", statement::quoted(&constraint.name, dialect)), dialect);
        let mut step =
            part(pair, "drop constraint", &constraint.name, "Drop the constraint when nobody counts on it any more.", None, command);
        step.phase = "contract";
        out.push(step);
    }
    for index in keyed::indexes_dropped(sides, pair) {
        let name = if pair.new.name.schema.is_empty() || dialect == Dialect::Sqlite {
            index.name.clone()
        } else {
            format!("{}.{}", pair.new.name.schema, index.name)
        };
        let mut step = part(
            pair,
            "drop index",
            &index.name,
            "Drop the index when no query uses it any more.",
            Some(Change::DropIndex(DropIndex { name })),
            None,
        );
        step.phase = "contract";
        if dialect == Dialect::Mysql {
            step.command = statement::alter(pair.new, &format!("DROP INDEX {}", statement::quoted(&index.name, dialect)), dialect);
        }
        out.push(step);
    }
    for column in &pair.removed {
        let needs_down = !column.nullable && column.default.is_none() && column.identity.is_none();
        let change = Change::DropColumn(DropColumn { table: spoken(pair.new), column: column.name.clone(), down: None });
        let command = statement::alter(pair.new, &format!("DROP COLUMN {}", statement::quoted(&column.name, dialect)), dialect);
        let what = if needs_down {
            "Drop the column; say by `down` which value rows of the new version have in it until then."
        } else {
            "Drop the column when nobody reads or writes it any more."
        };
        let object = format!("{}.{}", path_of(&pair.old.name), column.name);
        out.push(wish("contract", "drop column", &object, what, (!needs_down).then_some(change), command));
    }
}

fn part(pair: &Pair<'_>, verb: &str, name: &str, what: &str, change: Option<Change>, command: Option<String>) -> Wish {
    wish("expand", verb, &format!("{}#{name}", path_of(&pair.new.name)), what, change, command)
}

fn column_added(sides: &Sides<'_>, pair: &Pair<'_>, column: &Column, out: &mut Vec<Wish>) {
    let plain = column.generated.is_none() && column.identity.is_none() && column.collation.is_none() && !column.data_type.is_empty();
    let steady = column.default.as_deref().map_or(Ok(()), |default| same_each_time(sides, default));
    let needs_value = !column.nullable && column.default.is_none();
    let change = Change::AddColumn(AddColumn {
        table: spoken(pair.new),
        column: column.name.clone(),
        data_type: column.data_type.clone(),
        null: column.nullable,
        default: column.default.clone(),
        up: None,
        check: None,
        unique: false,
        references: None,
        comment: column.comment.clone(),
    });
    let command = statement::alter(pair.new, &format!("ADD COLUMN {}", statement::column(column, sides.dialect)), sides.dialect);
    let what = match (plain, needs_value, &steady) {
        (true, false, Ok(())) => "Add the column.".to_owned(),
        (true, false, Err(why)) => format!("Add the column by its own statement: {why}."),
        (true, true, _) => "Add the column; say by `default` or `up` which value rows of the old version have in it.".to_owned(),
        _ => "Add the column by its own statement: Segue has no words for it yet.".to_owned(),
    };
    let object = format!("{}.{}", path_of(&pair.new.name), column.name);
    let change = (plain && !needs_value && steady.is_ok()).then_some(change);
    out.push(wish("expand", "add column", &object, &what, change, command));
}

/// A default of a new column that is one value, whenever and by whomever it is computed for a row that is there.
fn same_each_time(sides: &Sides<'_>, default: &str) -> Result<(), String> {
    match sides.dialect {
        Dialect::Postgres => {
            let (volatility, by) = postgres::volatility(default, &sides.old.objects);
            journey::same_each_time(volatility, by.as_deref())
        }
        Dialect::Sqlite => {
            let (tokens, _) = tokens(default, Dialect::Sqlite);
            let words = Words::new(default, Dialect::Sqlite, &tokens);
            let constant = |word: &str| ["null", "true", "false", "x"].iter().any(|known| word.eq_ignore_ascii_case(known));
            let computed = tokens.iter().any(|token| token.kind == Kind::Word && !constant(words.text_of(token)));
            if computed { Err("its default is computed, perhaps to another value each time".to_owned()) } else { Ok(()) }
        }
        Dialect::Mysql => Ok(()),
    }
}

fn column_pair(sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, out: &mut Vec<Wish>) {
    let dialect = sides.dialect;
    let (old, new) = (couple.old, couple.new);
    let object = format!("{}.{}", path_of(&pair.new.name), new.name);
    let table = || spoken(pair.new);
    let name = statement::quoted(&new.name, dialect);
    let mysql = dialect == Dialect::Mysql;
    let modify = || statement::alter(pair.new, &format!("MODIFY {}", statement::column(new, dialect)), dialect);
    let alter = |what: String| if mysql { modify() } else { statement::alter(pair.new, &format!("ALTER COLUMN {name} {what}"), dialect) };
    if couple.renamed.is_some() {
        let change = Change::RenameColumn(RenameColumn { table: table(), from: old.name.clone(), to: new.name.clone() });
        let command = statement::alter(pair.new, &format!("RENAME COLUMN {} TO {name}", statement::quoted(&old.name, dialect)), dialect);
        out.push(wish("expand", "rename column", &object, "Rename the column; both names work until `contract`.", Some(change), command));
    }
    if let Some(fit) = &couple.fit {
        let safe = !fit.loses() && fit.relation == crate::policy::Relation::Widened && fit.same_form;
        let change =
            Change::ChangeType(ChangeType { table: table(), column: new.name.clone(), to: new.data_type.clone(), up: None, down: None });
        let what = if safe {
            "Change the type."
        } else {
            "Change the type; say by `up` and `down` what becomes of values that do not fit the other side."
        };
        out.push(wish("expand", "change type", &object, what, safe.then_some(change), alter(format!("TYPE {}", new.data_type))));
    }
    match (old.nullable, new.nullable) {
        (true, false) => {
            let change = Change::SetNotNull(SetNotNull { table: table(), column: new.name.clone(), up: None });
            let what = "Take no NULL any more; say by `up` which value rows without one get.";
            out.push(wish("expand", "set not null", &object, what, Some(change), alter("SET NOT NULL".to_owned())));
        }
        (false, true) => out.push(wish(
            "expand",
            "drop not null",
            &object,
            "Take NULL when every reader knows it.",
            None,
            alter("DROP NOT NULL".to_owned()),
        )),
        _ => {}
    }
    if old.identity.is_none() && new.identity.is_none() && old.default != new.default {
        match &new.default {
            Some(default) if !super::super::compare::same(old.default.as_deref().unwrap_or_default(), default, dialect) => {
                let what = "Set the default.";
                out.push(wish("expand", "set default", &object, what, None, alter(format!("SET DEFAULT {default}"))));
            }
            None => {
                let what = "Drop the default when every writer gives a value.";
                out.push(wish("contract", "drop default", &object, what, None, alter("DROP DEFAULT".to_owned())));
            }
            Some(_) => {}
        }
    }
}

fn foreign_key(sides: &Sides<'_>, table: &Table, constraint: &Constraint, out: &mut Vec<Wish>) {
    let Some(target) = &constraint.references else { return };
    let (delete, update) = written_actions(&constraint.definition, sides.dialect);
    let mut referred = referred_columns(&constraint.definition, sides.dialect);
    if referred.is_empty() {
        referred = sides.new.catalog.table(target).map(Table::primary_key).unwrap_or_default();
    }
    let change = Change::AddForeignKey(AddForeignKey {
        table: spoken(table),
        name: constraint.name.clone(),
        columns: constraint.columns.clone(),
        references: KeyReference { table: target.to_string(), columns: referred },
        on_delete: action(&delete),
        on_update: action(&update),
        deferrable: constraint.definition.to_lowercase().contains(" deferrable")
            && !constraint.definition.to_lowercase().contains("not deferrable"),
    });
    let object = format!("{}#{}", path_of(&table.name), constraint.name);
    let named = !constraint.name.is_empty();
    let command = statement::alter(table, &format!("ADD {}", constraint.definition), sides.dialect);
    out.push(wish("expand", "add foreign key", &object, "Add the key; orphans are looked for first.", named.then_some(change), command));
}

/// What a foreign key does, in the words of `segue.yaml`; none for `no action`.
pub(crate) fn action(word: &str) -> Option<ReferenceAction> {
    match word {
        "cascade" => Some(ReferenceAction::Cascade),
        "restrict" => Some(ReferenceAction::Restrict),
        "set null" => Some(ReferenceAction::SetNull),
        "set default" => Some(ReferenceAction::SetDefault),
        _ => None,
    }
}

fn index_added(sides: &Sides<'_>, table: &Table, index: &Index, out: &mut Vec<Wish>) {
    let part = |text: &String| {
        let expression = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        expression.map_or_else(
            || IndexColumn::Name(text.clone()),
            |inner| IndexColumn::Part(IndexPart { expression: Some(inner.to_owned()), ..IndexPart::default() }),
        )
    };
    // Orders, methods, predicates and operator classes stand in the definition alone.
    let text = index.definition.to_lowercase();
    let simple =
        ![" desc", " where ", "using gin", "using gist", "using hash", "using brin", " include ", " with ", "_ops", "collate", "nulls "]
            .iter()
            .any(|word| text.contains(word));
    let change = Change::CreateIndex(CreateIndex {
        table: spoken(table),
        name: index.name.clone(),
        columns: index.columns.iter().map(part).collect(),
        unique: index.unique,
        method: None,
        predicate: None,
        include: Vec::new(),
        with: BTreeMap::new(),
    });
    let command = if sides.dialect == Dialect::Mysql {
        statement::alter(table, &format!("ADD {}", index.definition), sides.dialect)
    } else {
        Some(format!("{};", index.definition.trim_end_matches(';')))
    };
    let object = format!("{}#{}", path_of(&table.name), index.name);
    out.push(wish("expand", "create index", &object, "Build the index while writers go on.", simple.then_some(change), command));
}
