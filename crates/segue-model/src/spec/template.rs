//! The commented `segue.yaml` that `segue init` writes: the smallest spec that reads, with the rest in comments.
//!
//! Must never write a password. Tests: `tests/it/template.rs` reads it back, also with every comment taken off.

use super::System;
use super::systems::holds_password;
use crate::secret::Reference;

const CHANGES: &str = r#"
schema:
  # in: db                       # which system; may be left out where there is only one
  changes:
    # Change this one. In the order in which they stand; each is one of:
    - rename_column: {table: users, from: name, to: full_name}
    # - add_column: {table: users, column: active, type: boolean, null: false, default: true}
    # - add_column:
    #     table: users
    #     column: initials
    #     type: text
    #     up: "substr(full_name, 1, 1)"     # for rows of the old form, over their columns
    # - drop_column: {table: users, column: fax, down: "''"}
    # - change_type:
    #     table: orders
    #     column: total
    #     to: "numeric(12,2)"               # quotes: inside { } a comma would end it
    #     up: "total / 100.0"               # old value to new
    #     down: "total * 100"               # and back
    # - set_not_null: {table: users, column: email, up: "'unknown'"}
    # - add_check: {table: orders, name: orders_total_positive, check: "total >= 0"}
    # - add_unique: {table: users, name: users_email_unique, columns: [email]}
    # - add_foreign_key:
    #     table: orders
    #     name: orders_user
    #     columns: [user_id]
    #     references: {table: users, columns: [id]}
    #     on_delete: restrict
    # - create_index: {table: orders, name: orders_by_user, columns: [user_id, {column: placed_at, order: desc}]}
    # - drop_index: {name: orders_old}
    # - create_table:
    #     table: invoices
    #     columns:
    #       id: {type: bigint, primary_key: true, identity: always}
    #       total: {type: "numeric(12,2)", null: false, default: 0}
    # - drop_table: {table: legacy}

# What the change may cost.
# limits:
#   downtime: none               # the longest stop of writers
#   rollback: required           # required, wanted or not-needed

# Business rules: queries whose result must be the same on the old and the new form.
# checks:
#   orders_per_day: "select count(*) from orders"

# What a run may cost others while it works.
# throttle:
#   max_replication_lag: 5s      # the backfill waits while a replica is further behind
#   max_load: {}                 # {figure: limit}: the backfill waits while a load figure is above it
#   batch_target: 200ms          # how long one batch should take
#   ddl_lock_timeout: 1s         # the longest that an application may wait for a lock of ours
#   max_wal: 10GiB               # the most write-ahead log that may pile up

# How long the old form is kept after the shift.
# keep_old: 0s
"#;

/// A `segue.yaml` for that system, with that id: it reads without an error, and its one change is an example.
///
/// A URL that holds a password is replaced by `env:DATABASE_URL`: the password stays where it was.
pub fn template(system: &System, id: &str) -> String {
    let (engine, key, place, note) = match system {
        System::Postgres { url } => {
            ("postgres", "url", location(url, "env:DATABASE_URL"), "env:NAME, file:PATH, cmd:COMMAND, or a URL without a password")
        }
        System::Sqlite { path } => ("sqlite", "path", location(path, "env:DATABASE_PATH"), "relative to this file"),
    };
    format!(
        "# yaml-language-server: $schema=./segue.schema.json\n\
         # A change of a live database. `segue plan` shows what will happen, `segue apply` does it.\n\
         segue: 1\n\
         id: {id}                    # known in the database by this, once and for all\n\
         # name: \"\"                   # a name for people\n\
         # why: \"\"                    # why the change is made\n\
         # owners: {{}}                 # who answers: {{role: address}}\n\
         \n\
         systems:\n  db:\n    {engine}:\n      {key}: {place}     # {note}\n{CHANGES}",
        id = quoted(id),
    )
}

fn location(reference: &Reference, instead: &str) -> String {
    let text = String::from(reference.clone());
    if holds_password(&text) { quoted(instead) } else { quoted(&text) }
}

/// A text in double quotes, as YAML and JSON agree on it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
