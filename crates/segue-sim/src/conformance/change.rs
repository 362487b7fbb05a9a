//! Two changes by hand, so that the suite depends on no planner: one with four stages on one table, and a small
//! one for walks over keys of any kind.
//!
//! Must stay what the planner would resolve; `tests/it/planner_agrees.rs` compares them.

use segue_model::ident::TableName;
use segue_model::reshape::{Assign, Derived, FormColumn, Role, Stage, TableChange, Value};

/// The table of [`users_change`], as clients make it.
pub const USERS: &str =
    "create table users (id bigint primary key, name text not null, age text, nick text, price bigint not null default 5)";

fn form(name: &str, physical: &str, data_type: &str, nullable: bool) -> FormColumn {
    FormColumn {
        name: name.to_owned(),
        physical: physical.to_owned(),
        data_type: data_type.to_owned(),
        nullable,
        default: None,
        generated: false,
        comment: None,
    }
}

fn assigns(list: &[(&str, &str)]) -> Vec<Assign> {
    let value = |given: &str| match given.strip_prefix("sql:") {
        Some(sql) => Value::Sql(sql.to_owned()),
        None => Value::Column(given.to_owned()),
    };
    list.iter().map(|(column, given)| Assign { column: (*column).to_owned(), value: value(given) }).collect()
}

fn derived(column: &str, physical: &str, reads: &[&str], role: Role) -> Derived {
    Derived { column: column.to_owned(), physical: physical.to_owned(), reads: reads.iter().map(|s| (*s).to_owned()).collect(), role }
}

/// `rename name → full_name`, `age: text → bigint`, `add greeting not null`, `drop nick`. `price` is untouched.
pub fn users_change(table: &TableName) -> TableChange {
    let same = [("id", "id"), ("full_name", "full_name"), ("age", "age"), ("nick", "nick"), ("price", "price")];
    let with = |at: usize, entry: (&'static str, &'static str)| {
        let mut list = same.to_vec();
        list[at] = entry;
        list
    };
    let mut greeted = same.to_vec();
    greeted.push(("greeting", "sql:'dear ' || full_name"));
    let without_nick = [("id", "id"), ("full_name", "full_name"), ("age", "age"), ("price", "price"), ("greeting", "greeting")];
    let mut with_nick = without_nick.to_vec();
    with_nick.insert(3, ("nick", "sql:lower(full_name)"));
    let stages = vec![
        Stage { change: 0, up: assigns(&with(1, ("full_name", "name"))), down: assigns(&with(1, ("name", "full_name"))) },
        Stage {
            change: 1,
            up: assigns(&with(2, ("age", "sql:cast(nullif(age, '') as bigint)"))),
            down: assigns(&with(2, ("age", "sql:cast(age as text)"))),
        },
        Stage { change: 2, up: assigns(&greeted), down: assigns(&same) },
        Stage { change: 3, up: assigns(&without_nick), down: assigns(&with_nick) },
    ];
    let price = FormColumn { default: Some("5".to_owned()), ..form("price", "price", "bigint", false) };
    let nick = form("nick", "nick", "text", true);
    let renamed = Role::Renamed { original: "name".to_owned(), name: "full_name".to_owned() };
    let converted = Role::Converted { original: "age".to_owned(), name: "age".to_owned() };
    TableChange {
        table: table.clone(),
        tag: "proof".to_owned(),
        old: vec![
            form("id", "id", "bigint", false),
            form("name", "name", "text", false),
            form("age", "age", "text", true),
            nick,
            price.clone(),
        ],
        new: vec![
            form("id", "id", "bigint", false),
            form("full_name", "name", "text", false),
            form("age", "age__proof", "bigint", true),
            price,
            form("greeting", "greeting", "text", false),
        ],
        stages,
        up: vec![
            derived("full_name", "full_name", &["name"], renamed),
            derived("age", "age__proof", &["age"], converted),
            derived("greeting", "greeting", &["name"], Role::Added),
        ],
        down: vec![
            derived("name", "name", &["full_name"], Role::Replaced),
            derived("age", "age", &["age__proof"], Role::Replaced),
            derived("nick", "nick", &["name", "full_name"], Role::Dropped),
        ],
        key: vec!["id".to_owned()],
        backfill: true,
        constraints: Vec::new(),
        carries: Vec::new(),
    }
}

/// A table with these key columns and `v text`, of which `v` becomes `up`, not null. Rows whose `up` is NULL are kept aside.
pub fn key_change(table: &TableName, key: &[(&str, &str)], up: &str, down: &str) -> TableChange {
    let mut old: Vec<_> = key.iter().map(|(name, data_type)| form(name, name, data_type, false)).collect();
    let mut new = old.clone();
    old.push(form("v", "v", "text", true));
    new.push(form("v", "v__proof", "text", false));
    let keys: Vec<(&str, &str)> = key.iter().map(|(name, _)| (*name, *name)).collect();
    let sql = |text: &str| Assign { column: "v".to_owned(), value: Value::Sql(text.to_owned()) };
    let mut stage = Stage { change: 0, up: assigns(&keys), down: assigns(&keys) };
    stage.up.push(sql(up));
    stage.down.push(sql(down));
    TableChange {
        table: table.clone(),
        tag: "proof".to_owned(),
        old,
        new,
        stages: vec![stage],
        up: vec![derived("v", "v__proof", &["v"], Role::Converted { original: "v".to_owned(), name: "v".to_owned() })],
        down: vec![derived("v", "v", &["v__proof"], Role::Replaced)],
        key: key.iter().map(|(name, _)| (*name).to_owned()).collect(),
        backfill: true,
        constraints: Vec::new(),
        carries: Vec::new(),
    }
}
