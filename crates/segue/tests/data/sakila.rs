//! Sakila survives a change on each of its 21 tables, every second one with a way back in the middle.
//!
//! Views, triggers and functions of the data are all there; what stands on a column that a change would lose is
//! either carried over or named in a refusal that touches nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::ground::{Ground, data};

/// One table's turn.
struct Turn {
    table: &'static str,
    /// Changes that are refused, and the object that the refusal names.
    refused: Vec<(Value, &'static str)>,
    /// The change that is run to its end.
    change: Value,
    /// The column that it touches, under its old name.
    touches: Option<&'static str>,
    /// A question about the new form, and its answer.
    holds: (&'static str, &'static str),
}

fn turn(table: &'static str, change: Value, touches: Option<&'static str>, holds: (&'static str, &'static str)) -> Turn {
    Turn { table, refused: Vec::new(), change, touches, holds }
}

impl Turn {
    fn refusing(mut self, change: Value, names: &'static str) -> Self {
        self.refused.push((change, names));
        self
    }
}

/// Tables with rows.
fn turns() -> Vec<Turn> {
    vec![
        turn(
            "actor",
            json!({"rename_column": {"table": "actor", "from": "last_name", "to": "surname"}}),
            Some("last_name"),
            ("select surname from actor where actor_id = 200", "TEMPLE"),
        ),
        turn(
            "category",
            json!({"add_column": {"table": "category", "column": "label", "type": "text", "null": false, "up": "upper(name)"}}),
            None,
            ("select count(*) from category where label = upper(name)", "16"),
        ),
        turn(
            "film",
            json!({"change_type": {"table": "film", "column": "replacement_cost", "to": "integer", "up": "(replacement_cost * 100)::integer", "down": "(replacement_cost / 100.0)::numeric(5,2)"}}),
            Some("replacement_cost"),
            ("select replacement_cost from film where film_id = 1", "2099"),
        )
        .refusing(json!({"drop_column": {"table": "film", "column": "length", "down": "0"}}), "film_list"),
        turn(
            "film_actor",
            json!({"add_column": {"table": "film_actor", "column": "billing", "type": "smallint", "null": false, "up": "(film_id % 7)::smallint"}}),
            None,
            ("select count(*) from film_actor where billing = film_id % 7", "5462"),
        ),
        turn(
            "film_category",
            json!({"add_check": {"table": "film_category", "name": "a_real_category", "check": "category_id > 0"}}),
            None,
            ("select convalidated from pg_constraint where conname = 'a_real_category'", "t"),
        ),
        turn(
            "address",
            json!({"set_not_null": {"table": "address", "column": "address2", "up": "'none'"}}),
            Some("address2"),
            ("select attnotnull from pg_attribute where attrelid = 'address'::regclass and attname = 'address2'", "t"),
        ),
        turn(
            "city",
            json!({"rename_column": {"table": "city", "from": "city", "to": "name"}}),
            Some("city"),
            ("select name from city where city_id = 600", "Ziguinchor"),
        ),
        turn(
            "country",
            json!({"add_column": {"table": "country", "column": "code", "type": "char(3)", "null": false, "up": "upper(left(country.country, 3))"}}),
            None,
            ("select code from country where country_id = 109", "ZAM"),
        ),
        turn(
            "customer",
            json!({"drop_column": {"table": "customer", "column": "email", "down": "lower(first_name || '.' || last_name) || '@sakilacustomer.org'"}}),
            Some("email"),
            ("select count(*) from pg_attribute where attrelid = 'customer'::regclass and attname = 'email'", "0"),
        )
        .refusing(json!({"drop_column": {"table": "customer", "column": "activebool", "down": "active = 1"}}), "customer_list"),
        turn(
            "inventory",
            json!({"create_index": {"table": "inventory", "name": "inventory_by_film", "columns": ["film_id", {"column": "last_update", "order": "desc"}]}}),
            None,
            ("select indisvalid from pg_index where indexrelid = 'inventory_by_film'::regclass", "t"),
        ),
        turn(
            "language",
            json!({"change_type": {"table": "language", "column": "name", "to": "text", "up": "rtrim(name)", "down": "name::char(20)"}}),
            Some("name"),
            ("select string_agg(name, ',' order by language_id) from language", "English,Italian,Japanese,Mandarin,French,German"),
        ),
        turn(
            "rental",
            json!({"add_column": {"table": "rental", "column": "days", "type": "integer", "up": "extract(day from return_date - rental_date)::integer"}}),
            None,
            ("select count(*) from rental where days is not distinct from extract(day from return_date - rental_date)::integer", "16044"),
        ),
        turn(
            "staff",
            json!({"drop_column": {"table": "staff", "column": "picture"}}),
            Some("picture"),
            ("select count(*) from pg_attribute where attrelid = 'staff'::regclass and attname = 'picture'", "0"),
        ),
        turn(
            "store",
            json!({"add_unique": {"table": "store", "name": "one_store_an_address", "columns": ["address_id"]}}),
            None,
            ("select contype from pg_constraint where conname = 'one_store_an_address'", "u"),
        ),
        turn(
            "payment",
            json!({"create_index": {"table": "payment", "name": "payment_large", "columns": ["amount"], "where": "amount > 5"}}),
            None,
            ("select indisvalid from pg_index where indexrelid = 'payment_large'::regclass", "t"),
        )
        .refusing(json!({"rename_column": {"table": "payment", "from": "amount", "to": "paid"}}), "payment"),
    ]
}

/// The six tables that inherit from `payment`: whatever changes their form or binds their rows is refused, each
/// time another change; what an index alone does is done, each time another index.
fn turns_of_the_heirs() -> Vec<Turn> {
    let index = |table: &'static str, more: Value, holds: (&'static str, &'static str)| {
        let mut body = json!({"table": table, "columns": ["payment_date"]});
        more.as_object().expect("keys").iter().for_each(|(key, value)| body[key] = value.clone());
        turn(table, json!({"create_index": body}), None, holds)
    };
    let valid = "select indisvalid from pg_index where indexrelid = 'by_day'::regclass";
    vec![
        index("payment_p2007_01", json!({"name": "by_day"}), (valid, "t"))
            .refusing(json!({"rename_column": {"table": "payment_p2007_01", "from": "amount", "to": "paid"}}), "payment_p2007_01"),
        turn(
            "payment_p2007_02",
            json!({"drop_index": {"name": "idx_fk_payment_p2007_02_staff_id"}}),
            None,
            ("select count(*) from pg_class where relname = 'idx_fk_payment_p2007_02_staff_id'", "0"),
        )
        .refusing(json!({"add_column": {"table": "payment_p2007_02", "column": "note", "type": "text"}}), "payment_p2007_02"),
        index(
            "payment_p2007_03",
            json!({"name": "march_by_day", "columns": [{"expression": "payment_date::date", "order": "desc", "nulls": "last"}], "where": "amount > 0"}),
            ("select pg_get_indexdef('march_by_day'::regclass) ~ 'DESC NULLS LAST.*WHERE'", "t"),
        )
        .refusing(json!({"add_check": {"table": "payment_p2007_03", "name": "march_pays", "check": "amount >= 0"}}), "payment_p2007_03"),
        index(
            "payment_p2007_04",
            json!({"name": "april_once", "columns": ["payment_id"], "unique": true, "include": ["amount"]}),
            ("select indisunique and indnatts = 2 from pg_index where indexrelid = 'april_once'::regclass", "t"),
        )
        .refusing(json!({"add_unique": {"table": "payment_p2007_04", "name": "april_again", "columns": ["payment_id"]}}), "payment_p2007_04"),
        index(
            "payment_p2007_05",
            json!({"name": "may_by_day", "method": "brin", "with": {"pages_per_range": "16"}}),
            ("select amname from pg_class c join pg_am a on a.oid = c.relam where relname = 'may_by_day'", "brin"),
        )
        .refusing(json!({"change_type": {"table": "payment_p2007_05", "column": "amount", "to": "numeric(9,2)"}}), "payment_p2007_05"),
        index(
            "payment_p2007_06",
            json!({"name": "june_by_customer", "method": "hash", "columns": ["customer_id"]}),
            ("select amname from pg_class c join pg_am a on a.oid = c.relam where relname = 'june_by_customer'", "hash"),
        )
        .refusing(
            json!({"add_foreign_key": {"table": "payment_p2007_06", "name": "june_again", "columns": ["customer_id"], "references": {"table": "customer", "columns": ["customer_id"]}}}),
            "payment_p2007_06",
        ),
    ]
}

#[test]
fn each_table_of_sakila_survives_a_change() {
    let Some(folder) = data("sakila") else { return };
    let ground = Ground::new();
    ground.load(&folder.join("postgres-schema.sql"));
    ground.load(&folder.join("postgres-data.sql"));
    ground.run("set search_path = public; set standard_conforming_strings = on; analyze");
    assert_eq!(ground.one("select count(*) from only rental"), "16044", "the data is loaded");
    let (triggers, views) = (ground.column(TRIGGERS), views(&ground));
    assert_eq!((triggers.len(), views.len()), (15, 7), "the data has its triggers and views");

    let (mut changed, mut refused) = (BTreeSet::new(), 0);
    for (at, turn) in turns().into_iter().chain(turns_of_the_heirs()).enumerate() {
        for (number, (change, names)) in turn.refused.iter().enumerate() {
            ground.spec(&format!("SAK-{at:02}-NO-{number}"), std::slice::from_ref(change));
            ground.refused(names);
            refused += 1;
        }
        ground.spec(&format!("SAK-{at:02}"), std::slice::from_ref(&turn.change));
        let (counts, content) = (ground.counts(), Content::of(&ground, &turn));
        if at % 2 == 0 {
            ground.there_and_back();
            content.is_still_there(&ground, "after going back");
        }
        ground.apply(None);
        assert_eq!(ground.counts(), counts, "no row is lost: {}", ground.text());
        content.is_still_there(&ground, "in the end");
        assert_eq!(ground.one(turn.holds.0), turn.holds.1, "the new form: {}", ground.text());
        assert_eq!(ground.column(TRIGGERS), triggers, "all triggers are there: {}", ground.text());
        assert_eq!(self::views(&ground), views, "all views are there and give as many rows: {}", ground.text());
        changed.insert(turn.table.to_owned());
    }
    triggers_still_work(&ground);
    views_of_a_journey_that_is_done(&ground);
    assert_eq!(changed, ground.tables().into_iter().collect(), "each table had its turn");
    println!("Sakila: {} tables changed, {refused} changes refused by name", changed.len());
}

const TRIGGERS: &str =
    "select concat_ws(' ', tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal order by 1";

/// Each view of the application, with the number of rows that it gives when all its columns are computed.
fn views(ground: &Ground) -> Vec<String> {
    let names =
        ground.column("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v' order by relname");
    names.iter().map(|view| format!("{view} {}", ground.one(&format!("select count(v::text) from public.\"{view}\" v")))).collect()
}

/// The rows of a table without the column that its change touches, as a digest.
struct Content {
    sql: String,
    digest: String,
}

impl Content {
    fn of(ground: &Ground, turn: &Turn) -> Self {
        let without = turn.touches.unwrap_or_default();
        let columns = ground.column(&format!(
            "select quote_ident(attname) from pg_attribute where attrelid = 'public.{}'::regclass and attnum > 0 and not attisdropped and attname <> '{without}' order by attnum",
            turn.table
        ));
        let sql = format!(
            "select count(*) || ' ' || md5(coalesce(string_agg(r, E'\\n' order by r collate \"C\"), '')) from (select row({})::text from public.{}) rows (r)",
            columns.join(", "),
            turn.table
        );
        Self { digest: ground.one(&sql), sql }
    }

    #[track_caller]
    fn is_still_there(&self, ground: &Ground, when: &str) {
        assert_eq!(ground.one(&self.sql), self.digest, "untouched columns {when}: {}\n{}", self.sql, ground.text());
    }
}

/// `last_update` moves with a write of the application again, and the full text of a film follows its title.
fn triggers_still_work(ground: &Ground) {
    let with_trigger = ground.column("select tgrelid::regclass from pg_trigger where tgname = 'last_updated' order by 1");
    assert_eq!(with_trigger.len(), 14, "of all tables but those of payments");
    for table in with_trigger {
        let column = ground.one(&format!("select attname from pg_attribute where attrelid = '{table}'::regclass and attnum = 1"));
        let moved = ground.column(&format!(
            "begin; update {table} set {column} = {column} where ctid = (select min(ctid) from {table}) returning last_update >= now()::timestamp; rollback"
        ));
        assert_eq!(moved, ["t"], "the trigger of {table}");
    }
    let found =
        ground.column("begin; update film set title = 'ZEBRAFISH' where film_id = 1 returning fulltext @@ 'zebrafish'::tsquery; rollback");
    assert_eq!(found, ["t"], "the full text of a film");
}

/// What a journey left for clients of its new side ends with the next journey of that table, and is in its way only
/// where somebody else's view stands on it.
fn views_of_a_journey_that_is_done(ground: &Ground) {
    let left = "select count(*) from pg_namespace where nspname = 'public_sak_01_new'";
    assert_eq!(ground.one("select count(*) from public_sak_01_new.category where label is not null"), "16", "the new side goes on");
    ground.run("create view on_a_version as select label from public_sak_01_new.category");
    ground.spec("SAK-90", &[json!({"drop_column": {"table": "category", "column": "label", "down": "upper(name)"}})]);
    ground.refused("public_sak_01_new.category");
    ground.run("drop view on_a_version");
    ground.there_and_back();
    assert_eq!(ground.one(left), "1", "it is there as long as the next journey can go back");
    ground.apply(None);
    assert_eq!(ground.one(left), "0", "it ends with the next journey");
}
