//! What of a script Segue runs, part by part, and why it does not run the rest.

use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options};
use segue_compat::sql::{Facts, Size, postgres};
use segue_model::check::Side;

const TABLES: &str = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);
    CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40), email text, age integer, order_id bigint);
    CREATE FUNCTION chance() RETURNS integer LANGUAGE sql AS 'select 4';";

/// Each part in one line: what it becomes, or why not.
fn parts(script: &str, facts: Option<&Facts>) -> Vec<String> {
    let said = script::journey(&Source::one(Side::New, "s.sql", script), facts, &Options::default());
    let shown = |change: &segue_model::change::Change| serde_json::to_value(change).expect("json").to_string();
    said.into_iter()
        .flatten()
        .map(|part| part.map_or_else(|why| format!("no: {why}"), |changes| changes.iter().map(shown).collect::<Vec<_>>().join(" ")))
        .collect()
}

fn facts() -> Facts {
    Facts { version: Some(150_000), ..Facts::of(postgres::catalog(TABLES)) }
}

#[test]
fn each_action_of_a_statement_is_told_apart() {
    let script = "ALTER TABLE users ADD COLUMN nick text, ALTER COLUMN age SET STATISTICS 500, DROP COLUMN email, ADD COLUMN at timestamptz DEFAULT now();";
    assert_eq!(
        parts(script, Some(&facts())),
        [
            r#"{"add_column":{"column":"nick","table":"users","type":"text"}}"#,
            "no: it is no change that Segue runs",
            r#"{"drop_column":{"column":"email","table":"users"}}"#,
            r#"{"add_column":{"column":"at","default":"now()","table":"users","type":"timestamp with time zone"}}"#,
        ]
    );
}

#[test]
fn the_size_of_a_table_decides_nothing() {
    let script = "CREATE INDEX users_email ON users (email DESC); ALTER TABLE users ALTER COLUMN age TYPE bigint;
        ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200); ALTER TABLE users ADD CONSTRAINT once UNIQUE (email);
        ALTER TABLE users ADD CONSTRAINT to_order FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE;
        ALTER TABLE users ALTER COLUMN email SET NOT NULL; DROP INDEX users_email;";
    let mut small = facts();
    for table in ["public.users", "public.orders"] {
        small.sizes.insert(table.to_owned(), Size { rows: 1, bytes: 8192 });
    }
    let said = parts(script, Some(&small));
    assert_eq!(said, parts(script, Some(&facts())));
    assert!(said.iter().all(|part| !part.starts_with("no: ")), "{said:#?}");
    assert_eq!(
        said[4],
        r#"{"add_foreign_key":{"columns":["order_id"],"name":"to_order","on_delete":"cascade","references":{"columns":["id"],"table":"orders"},"table":"users"}}"#
    );
}

#[test]
fn what_would_do_another_thing_says_why() {
    for (script, why) in [
        ("ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();", "gen_random_uuid(), which is volatile"),
        ("ALTER TABLE users ADD COLUMN n integer DEFAULT chance();", "chance(), which is not known"),
        ("ALTER TABLE users ADD COLUMN n integer NOT NULL;", "`default` or `up`"),
        ("ALTER TABLE users ADD COLUMN n bigserial;", "no word for what column n has"),
        ("ALTER TABLE users ALTER COLUMN name TYPE integer;", "`up` and `down`"),
        ("ALTER TABLE users ALTER COLUMN name TYPE varchar(10);", "`up` and `down`"),
        ("ALTER TABLE ONLY users DROP COLUMN email;", "ONLY"),
        ("ALTER TABLE users DROP COLUMN email CASCADE;", "CASCADE"),
        ("DROP TABLE users CASCADE;", "CASCADE"),
        ("ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200) NOT VALID;", "every row"),
        ("ALTER TABLE users ADD UNIQUE (email) DEFERRABLE;", "no word for such a constraint"),
        ("CREATE INDEX ON users (email);", "no name"),
        ("CREATE INDEX i ON users (email text_pattern_ops);", "beside its order"),
        ("CREATE TABLE t (a int, CONSTRAINT mine UNIQUE (a));", "no word for such a constraint of a new table"),
        ("CREATE TABLE t (LIKE users);", "no word for such a table"),
        ("TRUNCATE users;", "no change that Segue runs"),
    ] {
        let said = parts(script, Some(&facts()));
        assert!(said.len() == 1 && said[0].starts_with("no: ") && said[0].contains(why), "{script}: {said:?}");
    }
}

#[test]
fn a_new_table_and_what_hangs_on_it() {
    let script =
        "CREATE TABLE shop.\"odd.one\" (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 3 CHECK (n > 0), order_id bigint REFERENCES orders);";
    assert_eq!(
        parts(script, Some(&facts())),
        [concat!(
            r#"{"create_table":{"checks":{"odd.one_n_check":"(n > 0)"},"columns":[["id",{"primary_key":true,"type":"bigint"}],"#,
            r#"["n",{"default":"3","null":false,"type":"integer"}],["order_id",{"type":"bigint"}]],"table":"shop.\"odd.one\""}} "#,
            r#"{"add_foreign_key":{"columns":["order_id"],"name":"odd.one_order_id_fkey","references":{"columns":["id"],"table":"orders"},"table":"shop.\"odd.one\""}}"#
        )]
    );
    assert_eq!(parts("SET search_path = shop; DROP TABLE t;", None)[1], r#"{"drop_table":{"table":"shop.t"}}"#);
}
