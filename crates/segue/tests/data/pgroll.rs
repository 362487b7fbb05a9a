//! The 56 examples of pgroll are one history: each is run by Segue forward, back and forward again, on one database.
//!
//! What Segue cannot say yet is applied as plain SQL in between and listed by name, here and in `docs/features.md`.

use std::path::Path;

use serde_json::Value;

use crate::ground::{Ground, data};
use crate::translate::Translated;

/// Said wholly in Segue's words.
const BY_SEGUE: usize = 38;

/// Said in Segue's words but for a part: the migration, and what is missing.
const IN_PART: [(&str, &[&str]); 4] = [
    ("35_alter_column_multiple", &["set_default", "set_comment"]),
    ("50_create_table_with_table_constraint", &["name of a primary key in create_table", "name of a unique constraint in create_table"]),
    (
        "51_create_table_with_table_foreign_key_constraint",
        &["name of a primary key in create_table", "unique constraint with included columns"],
    ),
    ("52_create_table_with_exclusion_constraint", &["name of a primary key in create_table", "exclusion constraint"]),
];

/// Applied as plain SQL: the migration, and what is missing.
const PLAIN: [(&str, &str); 14] = [
    ("04_rename_table", "rename_table"),
    ("05_sql", "sql"),
    ("23_drop_check_constraint", "drop_constraint"),
    ("24_drop_foreign_key_constraint", "drop_constraint"),
    ("27_drop_unique_constraint", "drop_constraint"),
    ("29_set_replica_identity", "set_replica_identity"),
    ("31_unset_not_null", "drop_not_null"),
    ("32_sql_on_complete", "sql"),
    ("33_rename_check_constraint", "rename_constraint"),
    ("36_set_comment_to_null", "set_comment"),
    ("40_create_enum_type", "sql"),
    ("46_alter_column_drop_default", "drop_default"),
    ("48_drop_tickets_check", "drop_constraint"),
    ("49_unset_not_null_on_indexed_column", "drop_not_null"),
];

/// Volatile in pgroll's words: refused as they stand, run with an expression that gives the same value each time.
const VOLATILE: [(&str, &str, &str); 2] = [
    ("15_set_column_unique", "(random()*1000000)::integer", "id"),
    ("53_add_column_with_volatile_default", "(random() * 1000)::int", "(id * 37 % 1000)"),
];

/// Rows for tables that a migration made, so that what follows has something to do.
const ROWS: [(&str, &str); 16] = [
    (
        "01_create_tables",
        "insert into customers (id, name, credit_card) values (1, 'ann', '4000-1'), (2, 'bob', null), (-7, 'cy', '');
         insert into bills (id, date, quantity) values (1, '10:00+00', 3), (2, '23:59:59.5+02', 0);
         insert into sellers (name, zip, description) values ('alice', 100, 'a'), ('bob', 200, null), ('bob', 123, 'second'), ('Ünal', -1, '');",
    ),
    ("02_create_another_table", "insert into products (name, price) values ('pen', 1.20), ('ink', 0), ('a \"quoted\" one', 99999999.99)"),
    ("05_sql", "insert into users (id, name) values (1, 'ann'), (2, null), (3, 'cy')"),
    ("08_create_fruits_table", "insert into fruits (name, price) select 'fruit ' || i, i / 3.0 from generate_series(1, 500) i"),
    ("12_create_employees_table", "insert into employees (role) values ('baker'), ('smith'), ('')"),
    (
        "14_add_reviews_table",
        "insert into reviews (username, product, review) values ('u', 'pen', 'good'), ('v', 'pen', 'good'), ('w', 'ink', null), ('x', 'nib', null)",
    ),
    ("19_create_orders_table", "insert into orders (user_id, quantity) values (1, 5), (3, 0)"),
    (
        "20_create_posts_table",
        "insert into posts (title, user_id) values ('hello', 1), ('ab', 99), ('wörld', null), ('', 3)",
    ),
    ("25_add_table_with_check_constraint", "insert into people (id, name) values (1, 'anna'), (2, 'bobby')"),
    ("28_different_defaults", "insert into items default values; insert into items (name, price) values ('pen', 3)"),
    ("34_create_events_table", "insert into events (name) values ('launch'), (null), ('picnic')"),
    (
        "43_create_tickets_table",
        "insert into tickets (sellers_name, sellers_zip) values ('alice', 100), ('bob', 200), ('bob', -5)",
    ),
    (
        "50_create_table_with_table_constraint",
        "insert into telephone_providers (name, tax_id, headquarters) values ('one', 't1', 'here'), ('two', 't2', 'there')",
    ),
    (
        "51_create_table_with_table_foreign_key_constraint",
        "insert into phonebook (provider_id, name, city, phone) values (1, 'ann', 'here', '1'), (2, 'bob', 'there', '2')",
    ),
    (
        "52_create_table_with_exclusion_constraint",
        "insert into library (returned, title, summary) values ('2026-01-01', 'one', ''), ('2026-01-02', 'two', 'x')",
    ),
    ("55_add_primary_key_constraint_to_table", "insert into tasks (title, description, deadline) values ('a', 'b', '10:00+00')"),
];

/// What the history must have left in the rows, by `up` and `down` alone.
const VALUES: [(&str, &str); 12] = [
    ("select string_agg(description, ',' order by id) from users", "ANN,CY"),
    ("select count(*) from fruits where size = 'small' and name = 'fruit ' || id", "500"),
    ("select string_agg(job_title, ',' order by id) from employees", "baker,smith,"),
    ("select string_agg(review, ',' order by id) from reviews", "good-1,good-2,ink is good,nib is good"),
    ("select sum(rating) from reviews", "0"),
    ("select string_agg(title || ':' || coalesce(user_id::text, '-'), ',' order by id) from posts", "hello:1,--ab:-,wörld:-,----:3"),
    ("select string_agg(age || description, ',' order by id) from people", "18temporary-description,18temporary-description"),
    ("select string_agg(name, ',' order by id) from events", "launch,placeholder,picnic"),
    ("select sum(rating) from sellers", "40"),
    ("select string_agg(sellers_name || sellers_zip, ',' order by ticket_id) from tickets", "alice100,bob200,bob123"),
    ("select string_agg(value::text, ',' order by id) from library", "37,74"),
    ("select count(*) from clients", "3"),
];

#[test]
fn the_history_of_pgroll_runs_forward_back_and_forward() {
    let Some(folder) = data("pgroll-examples") else { return };
    let ground = Ground::new();
    let (mut by_segue, mut in_part, mut plain) = (0, Vec::new(), Vec::new());
    for (name, operations) in history(&folder) {
        let mut translated = Translated::of(&operations, &ground);
        let missing: Vec<String> = translated.plain.iter().map(|(missing, _)| missing.clone()).collect();
        if translated.changes.is_empty() {
            plain.push((name.clone(), missing.join(", ")));
        } else {
            let id = format!("PGR-{}", &name[..2]);
            settle_volatile(&ground, &id, &name, &mut translated.changes);
            ground.spec(&id, &translated.changes);
            ground.there_and_back();
            let rows = ground.counts();
            ground.apply(None);
            let now = ground.counts();
            let lost: Vec<_> = rows.iter().filter(|line| !now.contains(line) && !is_dropped(&translated.changes, line)).collect();
            assert!(lost.is_empty(), "{name}: rows before: {lost:?}, after: {now:?}");
            if missing.is_empty() { by_segue += 1 } else { in_part.push((name.clone(), missing)) }
        }
        translated.plain.iter().for_each(|(_, sql)| ground.run(sql));
        if let Some((_, rows)) = ROWS.iter().find(|(after, _)| *after == name) {
            ground.run(rows);
        }
    }
    println!(
        "pgroll history: {} of {} run by Segue ({} of them but for a part), {} as plain SQL",
        by_segue + in_part.len(),
        by_segue + in_part.len() + plain.len(),
        in_part.len(),
        plain.len()
    );
    insta::assert_snapshot!("the_end_of_the_history", ground.tables_in_words());
    for (sql, expected) in VALUES {
        assert_eq!(ground.one(sql), expected, "{sql}");
    }
    assert_eq!(
        in_part,
        IN_PART.map(|(name, missing)| (name.to_owned(), missing.iter().map(|word| (*word).to_owned()).collect())),
        "said in part"
    );
    let expected: Vec<_> = PLAIN.iter().map(|(name, missing)| ((*name).to_owned(), (*missing).to_owned())).collect();
    assert_eq!(plain, expected, "applied as plain SQL");
    assert_eq!(by_segue, BY_SEGUE, "said wholly in Segue's words");
    assert!(ground.column("select tgname from pg_trigger where not tgisinternal").is_empty(), "no trigger of Segue's is left");
}

/// Names and operations, in order.
fn history(folder: &Path) -> Vec<(String, Vec<Value>)> {
    let text = std::fs::read_to_string(folder.join("examples.jsonl")).expect("the examples are read");
    let parse = |line: &str| -> (String, Vec<Value>) {
        let example: Value = serde_json::from_str(line).expect("JSON");
        let name = example["file"].as_str().expect("a name").trim_end_matches(".yaml").to_owned();
        (name, example["operations"].as_array().expect("operations").clone())
    };
    let history: Vec<_> = text.lines().map(parse).collect();
    assert_eq!(history.len(), 56, "all examples are there");
    history
}

/// A volatile `up` is refused by name; then one that is not takes its place. A volatile default stays what it is.
fn settle_volatile(ground: &Ground, id: &str, name: &str, changes: &mut [Value]) {
    let Some((_, volatile, instead)) = VOLATILE.iter().find(|(of, ..)| *of == name) else { return };
    ground.spec(id, changes);
    ground.refused("volatile");
    let ups = changes.iter_mut().filter_map(|change| change.as_object_mut()?.values_mut().next()?.get_mut("up"));
    let mut replaced = 0;
    for up in ups {
        let text = up.as_str().expect("an expression");
        replaced += text.matches(volatile).count();
        *up = Value::from(text.replace(volatile, instead));
    }
    assert_eq!(replaced, 1, "{name}: the volatile part is found");
}

fn is_dropped(changes: &[Value], count: &str) -> bool {
    let dropped = changes.iter().filter_map(|change| change["drop_table"]["table"].as_str());
    dropped.into_iter().any(|table| count.starts_with(&format!("{table}: ")))
}
