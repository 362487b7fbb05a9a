//! The commented `segue.yaml` that `segue init` writes: the smallest spec that reads, with the rest in comments.
//!
//! Must never write a password. Tests: `tests/it/template.rs` reads it back, also with every comment taken off.

use super::System;
use super::systems::holds_password;
use crate::secret::Reference;

/// What else may be said of the system, and other systems.
const SYSTEMS: &str = r#"    # facts: {version: "15", size: 120GiB, rows: 40000000, peak_tps: 300, production: true}   # plans without a connection
    # dependencies: [{name: reports, kind: job, blocking: false}]      # who depends on it
  # old: {mysql: {url: env:OLD_URL}}                                   # MySQL and MariaDB
  # app: {http: {old: "http://127.0.0.1:8080", new: "http://127.0.0.1:8081"}}
  # metrics: {prometheus: {url: env:PROMETHEUS_URL, queries: {carts_per_s: "sum(rate(carts_total[1m]))"}}}
  # host: {other: {what: a scheduler that nobody may touch}}
"#;

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
  # `sql: migrations/042.sql` instead of `changes` is a file of plain DDL, which Segue reads and makes safe;
  # `desired: schema.sql` is the schema you want, to which Segue finds the way.

# The other kinds of migration. One spec may hold several: then they are one plan.
# move:                          # a whole database from one system to another
#   from: old
#   to: db
#   exclude: ["tmp_*"]
#   convert:
#     types: {"tinyint(1)": boolean}
#     zero_dates: null           # 0000-00-00 becomes NULL; or a date
#     columns:
#       orders.settings: {to: jsonb, from_text: json}
# code: {path: ./service, change: [{framework: {from: express@4, to: fastify@5}}]}   # or runtime, language, library, driver
# api: {old: openapi-v1.yaml, new: openapi-v2.yaml, clients: 400}
# service: {from: monolith, extract: {orders: {tables: [orders], routes: ["/api/orders/*"]}}}
# auth: {change: oauth_provider, from: auth0, to: keycloak, users: 120000}           # or auth_system, sso
# infra: {from: aws/eu-west-1, to: gcp/europe-west1, terraform: ./infra, data: 2500GiB}

# Who works on it, from when, and which rules bind the data.
# start: 2027-01-11
# team: {people: 1, hours_per_week: 20, rates: {dba: 85.50}}
# compliance: [gdpr]             # or sox, hipaa, pci-dss, iso27001, or a text

# What the change may cost.
# limits:
#   downtime: none               # the longest stop of writers
#   data_loss: none              # or a duration of writes, or "100 rows"
#   rollback: required           # required, wanted or not-needed
#   deadline: 2027-03-31
#   window: {days: [sat, sun], from: "02:00", to: "06:00", zone: UTC}
#   freeze: [2026-12-20/2027-01-04]
#   budget: {money: 20000, currency: EUR}

# Business rules: queries whose result must be the same on the old and the new form.
# checks:
#   orders_per_day: "select count(*) from orders"
#   revenue: {sql: "select sum(total) from orders", tolerance: 0.1%, on: both}

# Rates that you know, until they are measured.
# rates: {copy: 50MiB/s, index: 200000 rows/s}

# What a run may cost others while it works.
# throttle:
#   max_replication_lag: 5s      # the backfill waits while a replica is further behind
#   max_load: {}                 # {figure: limit}: the backfill waits while a load figure is above it
#   batch_target: 200ms          # how long one batch should take
#   ddl_lock_timeout: 1s         # the longest that an application may wait for a lock of ours
#   max_bytes_per_s: 50MiB       # the most that is read or written in a second; none by itself
#   max_wal: 10GiB               # the most write-ahead log that may pile up

# How traffic moves to the new side, and when the run goes back by itself.
# rollout: {system: app, shadow: 10%, steps: [1%, 5%, 25%, 50%, 100%], hold: 30m, sticky: user_id}
# rollback_when:
#   - error_rate(new) > 1% for 2m
#   - {when: p95(new) > 2 * p95(old) for 5m, action: pause}

# How long the old form is kept after the shift; 30d with a move.
# keep_old: 0s

# Phases of the plan, changed or added; risks of your own; who is told.
# phases:
#   shift: {gate: [mismatches == 0, {approve: {by: [lead], count: 1}}], tasks: [tell the support desk]}
# risks:
#   - {what: nobody knows the nightly job, severity: 6, occurrence: 4, detection: 8, owner: lead}
# comms: {exec: {every: daily}, users: {lead_time: 4w}}
"#;

/// A `segue.yaml` for that system, with that id: it reads without an error, and its one change is an example.
///
/// A URL that holds a password is replaced by `env:DATABASE_URL`: the password stays where it was.
pub fn template(system: &System, id: &str) -> String {
    let (engine, key, place, note) = match system {
        System::Postgres { url } => {
            ("postgres", "url", location(url, "env:DATABASE_URL"), "env:NAME, file:PATH, cmd:COMMAND, or a URL without a password")
        }
        System::Mysql { url } => {
            ("mysql", "url", location(url, "env:DATABASE_URL"), "env:NAME, file:PATH, cmd:COMMAND, or a URL without a password")
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
         systems:\n  db:\n    {engine}:\n      {key}: {place}     # {note}\n{SYSTEMS}{CHANGES}",
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
