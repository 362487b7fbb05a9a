//! The values that prove a change of a column's type, put to the server: the side that is said to take one takes it, the
//! other refuses it or stores another value.

use std::collections::BTreeMap;

use segue_compat::policy::DEFAULT;
use segue_compat::sql::{Dialect, compare, postgres};
use segue_model::check::Side;
use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::server::databases;

const TYPES: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "numeric(5)",
    "numeric(10,2)",
    "numeric(12,4)",
    "numeric(3,3)",
    "real",
    "double precision",
    "boolean",
    "text",
    "varchar(3)",
    "varchar(20)",
    "char(3)",
    "char(5)",
    "bytea",
    "date",
    "time",
    "time(0)",
    "timestamp",
    "timestamp(0)",
    "timestamp(3)",
    "timestamptz",
    "timestamptz(3)",
    "uuid",
    "json",
    "jsonb",
    "mood",
    "mood2",
    "integer[]",
    "bigint[]",
];

const SETUP: &str = "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TYPE mood2 AS ENUM ('good', 'fine');";

/// What a column of that type keeps of a value: its text and three times it, or nothing when the server refuses it.
async fn kept(client: &Client, at: usize, literal: &str) -> Option<(String, String)> {
    let quoted = literal.replace('\'', "''");
    // A float that is written alike computes otherwise: 0.1 three times is not 0.3.
    let number = TYPES[at].starts_with("numeric") || matches!(TYPES[at], "real" | "double precision");
    let computed = if number { "(v * 3)::text" } else { "''" };
    let answer = client.simple_query(&format!("INSERT INTO w{at} (v) VALUES ('{quoted}') RETURNING v::text, {computed}")).await.ok()?;
    answer.into_iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some((row.get(0)?.to_owned(), row.get(1)?.to_owned())),
        _ => None,
    })
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            Some(format!("{{{}}}", items?.join(",")))
        }
        _ => None,
    }
}

/// A number without what is only writing.
fn plain(text: &str) -> String {
    if text.contains('.') && text.parse::<f64>().is_ok() {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

#[tokio::test]
async fn a_server_takes_and_refuses_every_witness_as_it_is_said() {
    let tables: String = TYPES.iter().enumerate().map(|(at, kind)| format!("CREATE TABLE w{at} (v {kind});")).collect::<Vec<_>>().concat();
    for database in databases(&format!("{SETUP}{tables}")).await {
        let (mut tried, mut wrong) = (0, Vec::new());
        let mut known: BTreeMap<(usize, String), Option<(String, String)>> = BTreeMap::new();
        for (a, old) in TYPES.iter().enumerate() {
            for (b, new) in TYPES.iter().enumerate().filter(|(b, _)| *b != a) {
                let read = |kind: &str| postgres::catalog(&format!("{SETUP} CREATE TABLE t (id int PRIMARY KEY, v {kind});"));
                let outcome = compare::check(&read(old), &read(new), Dialect::Postgres, &DEFAULT);
                for witness in outcome.drafts.iter().filter_map(|draft| draft.witness.as_ref()) {
                    let Some(literal) = literal(&witness.value) else { continue };
                    let (takes, refuses) = if witness.accepted_by == Side::Old { (a, b) } else { (b, a) };
                    for at in [takes, refuses] {
                        let key = (at, literal.clone());
                        if let std::collections::btree_map::Entry::Vacant(free) = known.entry(key) {
                            free.insert(kept(&database.client, at, &literal).await);
                        }
                    }
                    let (taken, other) = (known[&(takes, literal.clone())].clone(), known[&(refuses, literal.clone())].clone());
                    tried += 1;
                    let number = matches!(witness.value, Value::Number(_));
                    let whole = taken.as_ref().is_some_and(|(text, _)| !number || plain(text) == plain(&literal));
                    // Of two kinds of number the arithmetic tells, of all others the text.
                    let same = match (&taken, &other) {
                        (Some(a), Some(b)) if a.1.is_empty() || b.1.is_empty() => a.0 == b.0,
                        (a, b) => a == b,
                    };
                    if !whole || same {
                        wrong
                            .push(format!("{old} -> {new}: {literal:?} by {:?}: kept {taken:?}, the other {other:?}", witness.accepted_by));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "version {}, {tried} tried, {} wrong:\n{}", database.version, wrong.len(), wrong.join("\n"));
        assert!(tried > 250, "only {tried} witnesses");
    }
}
