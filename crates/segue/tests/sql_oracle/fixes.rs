//! `--fix` on a real server: it runs, and ends in the catalog of the script that it mends.

use segue_compat::policy::DEFAULT;
use segue_compat::source::Source;
use segue_compat::sql::script::{self, Options};
use segue_compat::sql::{Dialect, Facts};
use segue_engine::Engine as _;
use segue_model::catalog::{Catalog, differences};
use segue_model::check::{Breaks, Side};
use segue_model::ident::TableName;

use crate::server::{BASE, Database, facts, filled};

/// Unsafe scripts with a safe sequence, `;;` between them.
const SCRIPTS: &str = "
CREATE INDEX users_email ON users (email);
;;
CREATE INDEX ON users (lower(city)) WHERE age > 3;
;;
-- a comment; with a semicolon
CREATE UNIQUE INDEX users_mail ON users (email); -- and one behind
;;
DROP INDEX users_order;
;;
REINDEX TABLE users;
;;
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200);
;;
ALTER TABLE users ADD CHECK (age < 200);
;;
ALTER TABLE users ADD CONSTRAINT to_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;
;;
ALTER TABLE users ADD FOREIGN KEY (order_id) REFERENCES orders;
;;
ALTER TABLE users ADD CONSTRAINT email_once UNIQUE (email);
;;
ALTER TABLE users ADD UNIQUE (email, id);
;;
ALTER TABLE heap ADD PRIMARY KEY (a);
;;
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
;;
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();
;;
ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL;
;;
ALTER TABLE users ADD COLUMN number bigserial;
;;
ALTER TABLE users ADD COLUMN nick text UNIQUE;
;;
ALTER TABLE users ADD COLUMN nick text CHECK (nick <> '');
;;
ALTER TABLE users ALTER COLUMN country TYPE text;
;;
ALTER TABLE users ADD COLUMN a integer, ALTER COLUMN email SET NOT NULL, ADD CONSTRAINT old CHECK (age < 200);
;;
BEGIN;
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT old;
COMMIT;
;;
BEGIN;
ALTER TABLE orders ADD COLUMN extra integer;
CREATE INDEX users_email ON users (email);
COMMIT;
;;
ALTER TABLE users ADD COLUMN filled text;
UPDATE users SET filled = 'x' WHERE filled IS NULL;
ALTER TABLE users ALTER COLUMN filled SET NOT NULL;
;;
ALTER TABLE events DETACH PARTITION events_2025;
";

async fn catalog(database: &Database) -> Catalog {
    let names = ["orders", "devices", "users", "heap", "events", "events_2025"];
    let tables: Vec<TableName> = names.iter().map(|name| TableName::new("public", *name)).collect();
    database.engine.catalog(&tables).await.expect("a catalog")
}

async fn run(database: &Database, script: &str, facts: &Facts, options: &Options) {
    for effects in script::effects(&Source::one(Side::New, "s.sql", script), Some(facts), options) {
        let statement = &script[effects.span.start as usize..effects.span.end as usize];
        if let Err(error) = database.client.batch_execute(statement).await {
            panic!("{statement}: {:?}\nin\n{script}", error.as_db_error().map(tokio_postgres::error::DbError::message));
        }
    }
}

fn dangers(script: &str, facts: &Facts, options: &Options) -> Vec<String> {
    let outcome =
        script::lint_with(&Source::one(Side::New, "s.sql", script), Dialect::Postgres, Some(facts), &DEFAULT, options).expect("a script");
    outcome
        .drafts
        .into_iter()
        .filter(|draft| draft.breaks.contains(&Breaks::Deploy))
        .map(|draft| format!("{}: {}", draft.rule, draft.message))
        .collect()
}

#[tokio::test]
async fn a_mended_script_runs_and_ends_in_the_same_catalog() {
    let options = Options { utc: Some(true), ..Options::default() };
    let mut cases = 0;
    for script in SCRIPTS.split(";;\n") {
        let (unsafe_ones, safe_ones) = (filled().await, filled().await);
        for (one, other) in unsafe_ones.iter().zip(&safe_ones) {
            let facts = facts(BASE, one.version);
            assert!(!dangers(script, &facts, &options).is_empty(), "nothing is unsafe in\n{script}");
            let mended = script::fix(script, Dialect::Postgres, Some(&facts), &options);
            assert_ne!(mended, script);
            assert_eq!(dangers(&mended, &facts, &options), Vec::<String>::new(), "still unsafe:\n{mended}");
            assert_eq!(script::fix(&mended, Dialect::Postgres, Some(&facts), &options), mended, "twice is once");
            run(one, script, &facts, &options).await;
            run(other, &mended, &facts, &options).await;
            let mut other_way = differences(&catalog(one).await, &catalog(other).await);
            // DETACH … CONCURRENTLY leaves a check that says the bound: the server's own doing, and harmless.
            other_way.retain(|text| !(mended.contains("DETACH PARTITION") && text.contains("_at_check")));
            assert_eq!(other_way, Vec::<String>::new(), "another catalog after\n{mended}");
            cases += 1;
        }
    }
    assert!(cases >= 20, "{cases} cases ran");
}
