//! Sequences that do the same as a statement without making others wait.
//!
//! Each ends in the catalog of the statement that it stands for, and is itself without findings: both are tested on a real
//! server (`crates/segue/tests/it/sql_lock_oracle.rs`). Names enter by `quote` alone. Tests: `tests/it/sql/script_fix.rs`.

use segue_model::ident::TableName;

use super::walk::Step;
use crate::sql::postgres::cursor::quote;
use crate::sql::postgres::statement::{Action, ColumnDefinition, ConstraintBody, CreateIndex, TableConstraint};
use crate::sql::postgres::token;
use crate::sql::postgres::world::{World, names};

/// What every sequence that takes a strong lock begins with: better to fail and try again than to make everybody wait.
pub(crate) const LOCK_TIMEOUT: &str = "SET lock_timeout = '2s';";

/// Rows of one batch: short enough that nobody waits for a row for long.
const BATCH_ROWS: u32 = 1000;

/// A build that gives up half-way leaves an invalid index behind: it may wait.
pub(crate) const NO_TIMEOUT: &str = "SET lock_timeout = 0;";

/// Statements with a limit for waiting, and none for the builds beside others.
fn timed(statements: Vec<String>) -> Vec<String> {
    std::iter::once(LOCK_TIMEOUT.to_owned()).chain(statements.into_iter().flat_map(patient)).collect()
}

/// A build beside others between `SET lock_timeout = 0` and the limit again; another statement as it is.
fn patient(statement: String) -> Vec<String> {
    if statement.starts_with("CREATE UNIQUE INDEX CONCURRENTLY") {
        vec![NO_TIMEOUT.to_owned(), statement, LOCK_TIMEOUT.to_owned()]
    } else {
        vec![statement]
    }
}

/// A build with its session's own limit lifted for it.
pub(crate) fn unhurried(step: &Step<'_>, build: String) -> Vec<String> {
    match &step.session.lock_timeout_value {
        Some(value) if step.session.lock_timeout => {
            vec![NO_TIMEOUT.to_owned(), build, format!("SET lock_timeout = '{}';", value.replace('\'', "''"))]
        }
        _ => vec![build],
    }
}

/// Whether the statement has one of these words, outside comments and texts.
fn says(statement: &str, words: &[&str]) -> bool {
    token::cut(statement).map_or(true, |script| {
        script.tokens.iter().any(|token| words.iter().any(|word| statement[token.start..token.end].eq_ignore_ascii_case(word)))
    })
}

/// The table is partitioned: no index of it is built or goes beside others.
fn is_partitioned(world: &World, table: &TableName) -> bool {
    world.tables.get(table).is_some_and(|table| table.partition_key.is_some())
}

/// `CREATE INDEX` beside others.
pub(crate) fn index(step: &Step<'_>, index: &CreateIndex) -> Vec<String> {
    let table = step.world.resolve(&index.table);
    if is_partitioned(step.world, &table) {
        return Vec::new();
    }
    unhurried(step, format!("{};", after_word(step.text(), "index", " CONCURRENTLY")))
}

/// The statement with something behind the first of these words, comments and parts of words left alone.
pub(crate) fn after_word(statement: &str, word: &str, what: &str) -> String {
    let found = token::cut(statement).ok();
    let found =
        found.and_then(|script| script.tokens.into_iter().find(|token| statement[token.start..token.end].eq_ignore_ascii_case(word)));
    match found {
        Some(token) => format!("{}{what}{}", &statement[..token.end], &statement[token.end..]),
        None => statement.to_owned(),
    }
}

/// The statement's actions one by one, as they are.
pub(crate) fn apart(step: &Step<'_>) -> Vec<String> {
    let (head, texts) = step.action_texts();
    timed(texts.into_iter().map(|text| format!("{head} {text};")).collect())
}

/// The statement with its actions one by one, this one replaced.
fn replaced(step: &Step<'_>, at: usize, by: Vec<String>) -> Vec<String> {
    let (head, texts) = step.action_texts();
    let mut out = Vec::new();
    for (other, text) in texts.iter().enumerate() {
        if other == at { out.extend(by.iter().cloned()) } else { out.push(format!("{head} {text};")) }
    }
    timed(out)
}

/// A check or foreign key: first for new rows, then for the old ones.
pub(crate) fn not_valid(step: &Step<'_>, at: usize, table: &TableName, constraint: &TableConstraint) -> Vec<String> {
    let (head, texts) = step.action_texts();
    let Some(text) = texts.get(at) else { return Vec::new() };
    let name = step.world.constraint_name(table, constraint);
    let by = vec![format!("{head} {} NOT VALID;", named(text, constraint, &name)), format!("{head} VALIDATE CONSTRAINT {};", quote(&name))];
    replaced(step, at, by)
}

/// The action with its constraint's name written out.
fn named(text: &str, constraint: &TableConstraint, name: &str) -> String {
    if constraint.name.is_some() { text.to_owned() } else { after_word(text, "add", &format!(" CONSTRAINT {}", quote(name))) }
}

/// A key over an index that is built beside others.
pub(crate) fn key(step: &Step<'_>, world: &World, at: usize, table: &TableName, constraint: &TableConstraint) -> Vec<String> {
    let (columns, include, primary, nulls) = match &constraint.what {
        ConstraintBody::PrimaryKey { columns, using_index: None, include } => (columns, include, true, false),
        ConstraintBody::Unique { columns, using_index: None, include, nulls_not_distinct } => {
            (columns, include, false, *nulls_not_distinct)
        }
        _ => return Vec::new(),
    };
    let name = world.constraint_name(table, constraint);
    let (head, texts) = step.action_texts();
    // Parameters of the index would be lost, and the server refuses a second primary key.
    let kept = texts.get(at).is_some_and(|text| !says(text, &["with", "tablespace"]));
    if !kept || is_partitioned(world, table) || step.effect.fails.is_some() {
        return Vec::new();
    }
    let list = |names: &[String]| names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ");
    let included = if include.is_empty() { String::new() } else { format!(" INCLUDE ({})", list(include)) };
    let distinct = if nulls { " NULLS NOT DISTINCT" } else { "" };
    let mut by =
        vec![format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({}){included}{distinct};", quote(&name), world.sql(table), list(columns))];
    if primary {
        for column in columns {
            let nullable = world.tables.get(table).is_none_or(|found| found.column(column).is_none_or(|column| column.nullable));
            if nullable {
                by.extend(not_null_statements(world, &head, table, column));
            }
        }
    }
    let word = if primary { "PRIMARY KEY" } else { "UNIQUE" };
    by.push(format!("{head} ADD CONSTRAINT {} {word} USING INDEX {}{};", quote(&name), quote(&name), constraint.deferrable));
    replaced(step, at, by)
}

fn not_null_statements(world: &World, head: &str, table: &TableName, column: &str) -> Vec<String> {
    let family = world.family(table);
    let taken = |name: &str| {
        let mut tables = family.iter().filter_map(|member| world.tables.get(member));
        tables.any(|table| table.constraints.iter().any(|constraint| constraint.name == name))
    };
    let check = quote(&names::free(&table.name, column, "not_null_check", taken));
    vec![
        format!("{head} ADD CONSTRAINT {check} CHECK ({} IS NOT NULL) NOT VALID;", quote(column)),
        format!("{head} VALIDATE CONSTRAINT {check};"),
        format!("{head} ALTER COLUMN {} SET NOT NULL;", quote(column)),
        format!("{head} DROP CONSTRAINT {check};"),
    ]
}

/// `SET NOT NULL` behind a check that was validated beside writers.
pub(crate) fn not_null(step: &Step<'_>, at: usize, table: &TableName, column: &str) -> Vec<String> {
    if step.version < 120_000 {
        return Vec::new();
    }
    let (head, _) = step.action_texts();
    replaced(step, at, not_null_statements(step.world, &head, table, column))
}

/// A column whose default changes from row to row: empty at first, then a default for new rows, then the old rows in batches.
pub(crate) fn volatile_default(step: &Step<'_>, at: usize, table: &TableName, column: &ColumnDefinition) -> Vec<String> {
    let Some(default) = column.default.as_ref().map(|default| default.text.clone()) else { return Vec::new() };
    if !column.constraints.is_empty() {
        return Vec::new();
    }
    filled_column(step, at, table, column, &default, Vec::new())
}

/// `serial` in its parts: a sequence that the column owns, and its next value as default.
pub(crate) fn serial(step: &Step<'_>, at: usize, table: &TableName, column: &ColumnDefinition) -> Vec<String> {
    if !column.constraints.is_empty() {
        return Vec::new();
    }
    let name = names::object(&table.name, &column.name, "seq");
    let sequence = step.world.sql(&TableName::new(table.schema.clone(), name));
    let made =
        vec![format!("CREATE SEQUENCE {sequence} AS {} OWNED BY {}.{};", column.data_type, step.world.sql(table), quote(&column.name))];
    let default = format!("nextval('{}')", sequence.replace('\'', "''"));
    filled_column(step, at, table, column, &default, made)
}

fn filled_column(
    step: &Step<'_>,
    at: usize,
    table: &TableName,
    column: &ColumnDefinition,
    default: &str,
    between: Vec<String>,
) -> Vec<String> {
    let (head, texts) = step.action_texts();
    // What the parts would not say again: a column that may be there already, its storage.
    if texts.get(at).is_none_or(|text| says(text, &["if", "compression", "storage"])) {
        return Vec::new();
    }
    let name = quote(&column.name);
    let collation = column.collation.as_ref().map(|collation| format!(" COLLATE {}", quote(collation))).unwrap_or_default();
    let mut by = vec![format!("{head} ADD COLUMN {name} {}{collation};", column.data_type)];
    by.extend(between);
    by.push(format!("{head} ALTER COLUMN {name} SET DEFAULT {default};"));
    by.push(batches(&step.world.sql(table), &format!("{name} = {default}"), &format!("{name} IS NULL")));
    if column.not_null {
        by.extend(not_null_statements(step.world, &head, table, &column.name));
    }
    replaced(step, at, by)
}

/// Rows in batches, each in a transaction of its own (PostgreSQL 11 and later; not inside a transaction).
pub(crate) fn batches(table: &str, set: &str, condition: &str) -> String {
    let mut mark = "$batches$".to_owned();
    while set.contains(&mark) || condition.contains(&mark) {
        mark = mark.replace("s$", "ss$");
    }
    format!(
        "DO {mark}\nBEGIN\n    LOOP\n        UPDATE {table} SET {set}\n        WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {condition} LIMIT {BATCH_ROWS}));\n        \
         EXIT WHEN NOT FOUND;\n        COMMIT;\n    END LOOP;\nEND\n{mark};"
    )
}

/// Whether a DO block is such a loop: batches with a limit, committed one by one.
pub(crate) fn is_batches(body: &str) -> bool {
    let Ok(script) = token::cut(body) else { return false };
    let has = |word: &str| script.tokens.iter().any(|token| body[token.start..token.end].eq_ignore_ascii_case(word));
    let writes = has("update") || has("delete") || has("insert");
    writes
        && has("limit")
        && has("commit")
        && has("loop")
        && !["alter", "create", "drop", "truncate", "execute", "lock"].into_iter().any(has)
}

/// A unique or checked column: first the column, then its constraint in the safe way.
pub(crate) fn column_constraints(step: &Step<'_>, at: usize, table: &TableName, column: &ColumnDefinition) -> Vec<String> {
    if column.not_null && column.default.is_none() {
        return Vec::new();
    }
    let (head, texts) = step.action_texts();
    let lost = ["if", "compression", "storage", "collate", "with", "tablespace", "deferrable", "inherit"];
    if texts.get(at).is_none_or(|text| says(text, &lost)) || is_partitioned(step.world, table) {
        return Vec::new();
    }
    let name = quote(&column.name);
    let default = column.default.as_ref().map(|default| format!(" DEFAULT {}", default.text)).unwrap_or_default();
    let not_null = if column.not_null { " NOT NULL" } else { "" };
    let mut by = vec![format!("{head} ADD COLUMN {name} {}{default}{not_null};", column.data_type)];
    for constraint in &column.constraints {
        let called = match &constraint.what {
            // The column is not there yet, so that its own check is named after it here.
            ConstraintBody::Check(_) if constraint.name.is_none() => names::object(&table.name, &column.name, "check"),
            _ => step.world.constraint_name(table, constraint),
        };
        let called = quote(&called);
        match &constraint.what {
            ConstraintBody::Check(check) => {
                by.push(format!("{head} ADD CONSTRAINT {called} CHECK ({}) NOT VALID;", check.text));
                by.push(format!("{head} VALIDATE CONSTRAINT {called};"));
            }
            ConstraintBody::Unique { nulls_not_distinct, .. } => {
                let distinct = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
                by.push(format!("CREATE UNIQUE INDEX CONCURRENTLY {called} ON {} ({name}){distinct};", step.world.sql(table)));
                by.push(format!("{head} ADD CONSTRAINT {called} UNIQUE USING INDEX {called};"));
            }
            _ => return Vec::new(),
        }
    }
    replaced(step, at, by)
}

/// A type that costs no rewrite but a check: the check goes and comes back unvalidated in the same statement.
pub(crate) fn recheck(step: &Step<'_>, at: usize, table: &TableName, checks: &[String]) -> Vec<String> {
    let (head, texts) = step.action_texts();
    let Some(found) = step.world.tables.get(table) else { return Vec::new() };
    let Some(text) = texts.get(at) else { return Vec::new() };
    if texts.len() > 1 {
        return Vec::new();
    }
    let mut parts: Vec<String> = checks.iter().map(|name| format!("DROP CONSTRAINT {}", quote(name))).collect();
    parts.push(text.clone());
    let mut after = Vec::new();
    for name in checks {
        let Some(check) = found.constraints.iter().find(|check| check.name == *name) else { return Vec::new() };
        parts.push(format!("ADD CONSTRAINT {} {} NOT VALID", quote(name), check.definition));
        after.push(format!("{head} VALIDATE CONSTRAINT {};", quote(name)));
    }
    timed(std::iter::once(format!("{head} {};", parts.join(", "))).chain(after).collect())
}

/// A statement whose actions say the same with one of them in other words.
pub(crate) fn reworded(step: &Step<'_>, at: usize, action: &str) -> Vec<String> {
    let (head, _) = step.action_texts();
    replaced(step, at, vec![format!("{head} {action};")])
}

/// The action is a column's definition.
pub(crate) fn definition(action: &Action) -> Option<&ColumnDefinition> {
    match action {
        Action::AddColumn { definition, .. } => Some(definition),
        _ => None,
    }
}
