//! What `--fix` may write and what it must leave, and findings that a script must not pass without.

use segue_compat::sql::Dialect;
use segue_compat::sql::script::{self, Options};
use segue_model::check::Breaks;
use segue_model::finding::Severity;

use super::{facts, lint};

fn mended(text: &str) -> String {
    let (facts, options) = (facts(), Options::default());
    let once = script::fix(text, Dialect::Postgres, Some(&facts), &options);
    assert_eq!(script::fix(&once, Dialect::Postgres, Some(&facts), &options), once, "mending twice changes nothing");
    once
}

fn left(text: &str) {
    assert_eq!(mended(text), text);
}

/// The rules that speak, with the severity and whether a deployment breaks.
fn said(text: &str, rule: &str) -> Vec<(Severity, bool)> {
    let drafts = lint(text, Some(&facts())).drafts;
    let of = drafts.into_iter().filter(|draft| draft.rule == format!("sql-script-{rule}"));
    of.map(|draft| (draft.severity, draft.breaks.contains(&Breaks::Deploy))).collect()
}

#[test]
fn words_are_put_behind_tokens_and_not_behind_letters() {
    assert_eq!(mended("REINDEX INDEX users_order;"), "REINDEX INDEX CONCURRENTLY users_order;");
    assert_eq!(mended("REINDEX TABLE users;"), "REINDEX TABLE CONCURRENTLY users;");
    assert_eq!(mended("CREATE /* INDEX */ INDEX x ON users (age);"), "CREATE /* INDEX */ INDEX CONCURRENTLY x ON users (age);");
    assert_eq!(mended("DROP /* index */ INDEX users_order;"), "DROP /* index */ INDEX CONCURRENTLY users_order;");
}

#[test]
fn a_transaction_that_holds_something_is_not_cut() {
    for held in [
        "SET LOCAL search_path = app;",
        "SAVEPOINT a;",
        "SET CONSTRAINTS ALL DEFERRED;",
        "SELECT set_config('search_path', 'app', true);",
        "LOCK TABLE orders IN SHARE MODE;",
    ] {
        left(&format!("BEGIN;\n{held}\nCREATE INDEX i ON users (age);\nCOMMIT;\n"));
    }
    left("BEGIN;\nCREATE INDEX i ON users (age);\nROLLBACK;\n");
    left("BEGIN;\nSAVEPOINT a;\nCREATE INDEX i ON users (age);\nROLLBACK TO a;\nCOMMIT;\n");
    left("BEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE INDEX i ON users (age);\nCOMMIT;\n");
    // Another transaction's setting is no reason.
    let text = "BEGIN;\nSET LOCAL work_mem = '1GB';\nCOMMIT;\nBEGIN;\nCREATE INDEX i ON users (age);\nCOMMIT;\n";
    assert!(mended(text).contains("COMMIT;\nCREATE INDEX CONCURRENTLY i ON users (age);\nBEGIN;"), "{}", mended(text));
}

#[test]
fn a_helper_takes_a_free_name() {
    let text = "ALTER TABLE users ADD CONSTRAINT users_age_not_null_check CHECK (age > 0) NOT VALID;\n\
                ALTER TABLE users ALTER COLUMN age SET NOT NULL;\n";
    let out = mended(text);
    assert!(out.contains("ADD CONSTRAINT users_age_not_null_check1 CHECK (age IS NOT NULL) NOT VALID;"), "{out}");
    assert!(out.contains("DROP CONSTRAINT users_age_not_null_check1;"), "{out}");
}

#[test]
fn a_build_waits_without_a_limit() {
    let want = "SET lock_timeout = '500';\nSET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON users (age);\nSET lock_timeout = '500';\n";
    assert_eq!(mended("SET lock_timeout = '500';\nCREATE INDEX i ON users (age);\n"), want);
    assert_eq!(mended("SET lock_timeout = '500';\nCREATE INDEX CONCURRENTLY i ON users (age);\n"), want);
    assert_eq!(
        said("SET lock_timeout = 500; CREATE INDEX CONCURRENTLY i ON users (age);", "index-left-invalid"),
        [(Severity::Medium, false)]
    );
    let key = mended("ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);\n");
    let want = "SET lock_timeout = '2s';\nSET lock_timeout = 0;\nCREATE UNIQUE INDEX CONCURRENTLY one ON users (email);\nSET lock_timeout = '2s';\n";
    assert!(key.starts_with(want), "{key}");
    // After a first sequence the session has a limit, which the next build must not have.
    let two = mended("ALTER TABLE users ADD CHECK (age > 0);\nCREATE INDEX i ON users (age);\n");
    assert!(two.ends_with("SET lock_timeout = 0;\nCREATE INDEX CONCURRENTLY i ON users (age);\nSET lock_timeout = '2s';\n"), "{two}");
}

#[test]
fn options_that_a_sequence_would_lose_leave_the_statement() {
    left("ALTER TABLE users ADD CONSTRAINT one UNIQUE (email) WITH (fillfactor=70);");
    left("ALTER TABLE users ADD COLUMN IF NOT EXISTS token uuid DEFAULT gen_random_uuid();");
    left("ALTER TABLE users ADD PRIMARY KEY (email);");
    left("CREATE TABLE p (a int) PARTITION BY RANGE (a);\nSET search_path = public;\nALTER TABLE events ADD CONSTRAINT k UNIQUE (at);");
    let parted = "CREATE INDEX pi ON events (at);\nDROP INDEX pi;";
    assert!(!mended(parted).contains("CONCURRENTLY"), "{}", mended(parted));
}

#[test]
fn what_the_server_refuses_is_said() {
    for text in [
        "ALTER TABLE users ADD PRIMARY KEY (email);",
        "ALTER TABLE users ADD CONSTRAINT k UNIQUE USING INDEX users_order;",
        "CREATE UNIQUE INDEX CONCURRENTLY part ON users (age) WHERE age > 3; ALTER TABLE users ADD CONSTRAINT k UNIQUE USING INDEX part;",
        "CREATE TABLE users (id bigint);",
    ] {
        assert_eq!(said(text, "refused"), [(Severity::High, true)], "{text}");
    }
    for text in [
        "ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (email);",
        "ALTER TABLE heap ADD PRIMARY KEY (a);",
        "CREATE UNIQUE INDEX CONCURRENTLY whole ON users (age); ALTER TABLE users ADD CONSTRAINT k UNIQUE USING INDEX whole;",
        "CREATE TABLE IF NOT EXISTS users (id bigint);",
        "CREATE TEMP TABLE users (id bigint);",
    ] {
        assert_eq!(said(text, "refused"), [], "{text}");
    }
}

#[test]
fn one_statement_that_adds_and_validates_is_taken_apart() {
    let text = "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID, VALIDATE CONSTRAINT c;";
    assert_eq!(said(text, "validate-in-transaction"), [(Severity::High, true)]);
    let want =
        "SET lock_timeout = '2s';\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;";
    assert_eq!(mended(text), want);
}

#[test]
fn nothing_that_changes_passes_without_a_word() {
    assert_eq!(said("CREATE RULE r AS ON INSERT TO users DO INSTEAD NOTHING;", "triggers"), [(Severity::Critical, true)]);
    assert_eq!(said("REVOKE ALL ON users FROM app;", "old-statements-fail"), [(Severity::High, true)]);
    assert_eq!(said("ALTER SEQUENCE orders_id_seq RESTART WITH 1;", "old-statements-fail"), [(Severity::Medium, false)]);
    assert_eq!(said("ALTER FUNCTION f(integer) RENAME TO g;", "rename"), [(Severity::High, true)]);
    assert_eq!(said("ALTER DOMAIN short ADD CHECK (VALUE <> 'x');", "domain-constraint"), [(Severity::High, true)]);
    assert_eq!(said("ALTER DOMAIN unknown ADD CHECK (VALUE <> 'x');", "domain-constraint"), [(Severity::High, true)]);
    assert_eq!(said("DROP TABLE IF EXISTS nothere;", "drop-table"), [(Severity::Info, false)]);
    assert_eq!(said("DROP TABLE nothere;", "drop-table"), [(Severity::Critical, true)]);
    let rest = lint("ALTER EXTENSION hstore UPDATE; SELECT 1; ALTER SYSTEM SET work_mem = 1;", Some(&facts()));
    let words = ["statement 1: no rule looks at ALTER EXTENSION", "statement 3: no rule looks at ALTER SYSTEM"];
    assert_eq!(rest.not_checked, words);
}

#[test]
fn a_new_name_breaks_the_way_back_too() {
    for text in ["ALTER TABLE users RENAME TO people;", "ALTER TABLE users RENAME COLUMN name TO full_name;"] {
        let drafts = lint(text, Some(&facts())).drafts;
        let found = drafts.iter().find(|draft| draft.rule == "sql-script-rename").expect("a finding");
        assert!(found.breaks.contains(&Breaks::Deploy) && found.breaks.contains(&Breaks::Rollback), "{text}");
    }
}
