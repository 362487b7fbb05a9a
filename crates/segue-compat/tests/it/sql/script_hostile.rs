//! Scripts that nobody sane writes: refused with a place, or read in linear time, and never called safe.

use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options};
use segue_compat::sql::{Dialect, Facts, postgres};
use segue_model::check::Side;

fn refused(text: &str) -> &'static str {
    let source = Source::one(Side::New, "change.sql", text);
    let refused = script::lint(&source, Dialect::Postgres, None, &DEFAULT).expect_err("it is refused");
    assert!(refused[0].span.is_some(), "a place");
    refused[0].code
}

fn outcome(text: &str) -> segue_compat::draft::Outcome {
    script::lint(&Source::one(Side::New, "change.sql", text), Dialect::Postgres, None, &DEFAULT).expect("a script")
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    assert_eq!(refused("SELECT 'never closed"), "SG-CHK-051");
    assert_eq!(refused("DO $body$ BEGIN"), "SG-CHK-051");
    assert_eq!(refused("/* /* */ SELECT 1"), "SG-CHK-051");
    assert_eq!(refused(&format!("SELECT {}1{}", "(".repeat(100_000), ")".repeat(100_000))), "SG-CHK-052");
    assert_eq!(refused(&format!("SELECT {}true", "NOT ".repeat(100_000))), "SG-CHK-052");
    assert_eq!(refused("{\"openapi\": \"3.0.0\"}"), "SG-CHK-053");
    assert_eq!(refused("Dear team, please migrate the database tonight."), "SG-CHK-053");
}

#[test]
fn ten_megabytes_are_read_and_nothing_is_lost() {
    let row = format!("INSERT INTO t VALUES (1, '{};--{}');\n", "x".repeat(500), "y".repeat(500));
    let mut text = row.repeat(10_000_000 / row.len());
    text.push_str("ALTER TABLE users DROP COLUMN name;\n");
    let found = outcome(&text);
    assert!(found.drafts.iter().any(|draft| draft.rule == "sql-script-drop-column"));
    let wide = format!("SELECT {};", vec!["1"; 1_000_000].join(" + "));
    assert!(outcome(&wide).not_checked.iter().any(|text| text.contains("words")));
    let tables: String = (0..20_000).map(|n| format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, a text NOT NULL);\n")).collect();
    assert_eq!(postgres::catalog(&tables).catalog.tables.len(), 20_000);
}

#[test]
fn names_texts_and_data_do_not_fool_it() {
    let text = "COPY t FROM stdin;\nDROP TABLE users;\n\\.\n\\connect shop\nSELECT '; DROP TABLE users; --';\nALTER TABLE \"über 😀 \"\"x\"\"\" DROP COLUMN \"😀\";";
    let found = outcome(text);
    assert!(!found.drafts.iter().any(|draft| draft.rule == "sql-script-drop-table"));
    assert!(found.drafts.iter().any(|draft| draft.rule == "sql-script-drop-column" && draft.object.contains('😀')));
    assert!(found.not_checked.iter().any(|text| text.contains("\\connect")));
    assert!(found.not_checked.iter().any(|text| text.contains("data lines")));
}

#[test]
fn search_path_decides_which_table_is_meant() {
    let text = "SET search_path = shop, public;\nCREATE TABLE orders (id int);\nCREATE INDEX ON shop.orders (id);\nCREATE INDEX ON public.orders (id);";
    let found: Vec<String> =
        outcome(text).drafts.into_iter().filter(|draft| draft.rule == "sql-script-create-index").map(|draft| draft.object).collect();
    assert_eq!(found, ["public.orders"]);
}

#[test]
fn random_cuts_of_real_statements_never_panic() {
    arbtest::arbtest(|u| {
        let parts = [
            "ALTER TABLE ",
            "users ",
            "ADD COLUMN ",
            "a ",
            "int ",
            "DEFAULT ",
            "(",
            ")",
            ",",
            "'x' ",
            "\"Q\" ",
            ".",
            "NOT NULL ",
            "CHECK ",
            "CREATE ",
            "INDEX ",
            "ON ",
            "USING ",
            "TYPE ",
            "numeric(1",
            "SET ",
            "DROP ",
            "::",
            ";",
            "😀",
            "$$a$$ ",
            "UPDATE ",
            "WHERE ",
            "IS NOT NULL ",
            "FOREIGN KEY ",
            "REFERENCES ",
            "CONSTRAINT ",
            "UNIQUE ",
        ];
        let mut text = String::new();
        for _ in 0..u.int_in_range(0..=30)? {
            text.push_str(u.choose(&parts)?);
        }
        let source = Source::one(Side::New, "change.sql", &text);
        let _ = script::lint(&source, Dialect::Postgres, None, &DEFAULT);
        let mended = script::fix(&text, Dialect::Postgres, None, &Options::default());
        assert_eq!(script::fix(&mended, Dialect::Postgres, None, &Options::default()), mended);
        let _ = postgres::catalog(&text);
        Ok(())
    });
}

/// A world is not copied for an action: with as many tables this would take minutes.
#[test]
fn many_statements_of_several_actions_on_many_tables() {
    let tables: String = (0..800).map(|n| format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, a text NOT NULL, b integer);\n")).collect();
    let facts = Facts::of(postgres::catalog(&tables));
    let script: String = (0..800).map(|n| format!("ALTER TABLE t{n} ADD COLUMN c integer, ALTER COLUMN c TYPE bigint;\n")).collect();
    let source = Source::one(Side::New, "change.sql", &script);
    let found = script::lint(&source, Dialect::Postgres, Some(&facts), &DEFAULT).expect("a script");
    // The second action meets the column of the first.
    let changed = found.drafts.iter().filter(|draft| draft.rule == "sql-script-change-type" && draft.message.contains("bigint"));
    assert_eq!(changed.count(), 800);
}
