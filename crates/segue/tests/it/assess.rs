//! Assessments: live databases, dumps, schema documents, source trees; and a plan that stands on one.

use std::path::Path;

use segue_postgres::private_server::{PrivateServer, find_bins};

use crate::fixture::Folder;

fn json(folder: &Folder, words: &[&str]) -> serde_json::Value {
    let said = folder.segue(words);
    serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{words:?}: {}\n{}", said.out, said.err))
}

#[test]
fn a_sqlite_file_is_assessed_and_the_plan_of_a_move_stands_on_it() {
    let folder = Folder::shop(300);
    folder.write(
        "segue.yaml",
        "segue: 1\nid: MOVE-1\nsystems:\n  old: {sqlite: {path: shop.db}}\n  new: {postgres: {url: env:NEW_URL}, facts: {version: \"16\"}}\n\
         move: {from: old, to: new}\n",
    );
    // What is asked for is connected to; a variable that is not set is named.
    folder.segue(&["assess"]).says("NEW_URL").expect(10);
    folder.write("only.yaml", "segue: 1\nid: S-1\nsystems: {db: {sqlite: {path: shop.db}}}\nschema:\n  changes:\n    - rename_column: {table: users, from: name, to: full_name}\n");
    let assessment = json(&folder, &["assess", "-f", "only.yaml", "--format", "json"]);
    let tables = assessment["systems"]["db"]["tables"].as_array().expect("tables");
    assert_eq!(tables.len(), 2, "{assessment}");
    assert_eq!(tables.iter().map(|table| table["rows"].as_u64().unwrap_or(0)).sum::<u64>(), 600);
    let text = folder.segue(&["assess", "-f", "only.yaml"]).expect(0).out;
    assert!(text.contains("Not checked") || text.contains("not checked"), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn a_live_postgres_is_assessed_over_a_read_only_session() {
    let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
    let bins = find_bins(hint.as_deref());
    let server = PrivateServer::start(bins.last().expect("a server's programs")).expect("a server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.expect("connects");
        tokio::spawn(connection);
        let sql = "create table orders (id bigint primary key, tags text[], total numeric(12,2)); create index on orders using gin (tags);
            create materialized view m as select 1 as one; insert into orders select i, array['canary-value'], i from generate_series(1, 500) i; analyze";
        client.batch_execute(sql).await.expect("tables");
    });
    let mut folder = Folder::new();
    folder.env.push(("DB_URL".to_owned(), server.url()));
    folder.write(
        "segue.yaml",
        "segue: 1\nid: MOVE-2\nsystems:\n  old: {postgres: {url: env:DB_URL}}\n  new: {mysql: {url: env:NEW_URL}, facts: {version: \"8.4\"}}\nmove: {from: old, to: new}\n",
    );
    // `plan` connects to the system without facts only.
    let plan = json(&folder, &["plan", "--format", "json"]);
    assert!(plan["program"]["verdicts"].as_object().is_some_and(|verdicts| !verdicts.is_empty()), "{}", plan["program"]["verdicts"]);
    let copies = plan["phases"].as_array().into_iter().flatten().flat_map(|phase| phase["steps"].as_array().into_iter().flatten());
    assert!(copies.filter_map(|step| step["id"].as_str()).any(|id| id.contains("orders")), "a step for the table that was seen");
    assert!(!plan.to_string().contains("canary-value") && !plan.to_string().contains(server.password()));
}

/// What each measured rate is of, with its source and its target.
fn rates(assessment: &serde_json::Value) -> Vec<(&str, &str, &str)> {
    let all = assessment["rates"].as_array().expect("rates");
    assert!(all.iter().all(|rate| rate["rows_per_s"].as_u64() > Some(0) && rate["bytes_per_s"].as_u64() > Some(0)), "{all:?}");
    let text = |rate: &'_ serde_json::Value, key: &str| rate[key].as_str().map(str::to_owned).unwrap_or_default();
    let mut out: Vec<_> = all.iter().map(|rate| ["what", "source", "target"].map(|key| text(rate, key))).collect();
    out.sort();
    let known = [
        ["copy", "old", "new"],
        ["index", "new", ""],
        ["read", "old", ""],
        ["verify", "old", ""],
        ["verify", "old", "new"],
        ["write", "new", ""],
    ];
    out.iter()
        .map(|found| {
            known.iter().find(|known| *known == found).map(|[what, source, target]| (*what, *source, *target)).expect("a known rate")
        })
        .collect()
}

#[test]
fn a_probe_measures_each_rate_that_a_plan_uses_and_leaves_nothing() {
    let bins = find_bins(std::env::var("SEGUE_TEST_PG_BINS").ok().as_deref());
    let server = PrivateServer::start(bins.first().expect("a server's programs")).expect("a server starts");
    let mut folder = Folder::shop(3_000);
    folder.env.push(("NEW_URL".to_owned(), server.url()));
    let spec = "segue: 1\nid: MOVE-3\nsystems:\n  old: {sqlite: {path: shop.db}, facts: {size: 4GiB}}\n  new: {postgres: {url: env:NEW_URL}}\nmove: {from: old, to: new}\n";
    folder.write("segue.yaml", spec);
    let measured = |folder: &Folder| {
        folder.segue(&["assess", "--probe", "--format", "json", "-o", "assessment.json"]).expect(0);
        let seen: serde_json::Value = serde_json::from_str(&folder.read("assessment.json")).expect("JSON");
        seen
    };
    let seen = measured(&folder);
    let alone = [("copy", "old", "new"), ("index", "new", ""), ("read", "old", ""), ("verify", "old", ""), ("write", "new", "")];
    assert_eq!(rates(&seen), alone, "{}", seen["not_checked"]);
    assert!(seen["rates"].to_string().contains("old alone: new has none of these rows yet"), "{}", seen["rates"]);
    assert!(!seen["not_checked"].to_string().contains("rates."), "{}", seen["not_checked"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let target = |sql: &'static str| {
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.expect("connects");
            tokio::spawn(connection);
            let rows = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            rows.iter().filter(|message| matches!(message, tokio_postgres::SimpleQueryMessage::Row(_))).count()
        })
    };
    assert_eq!(target("select 1 from pg_class where relname like '%segue%'"), 0, "nothing stays");
    // The plan stands on them, and says whose they are.
    let plan = json(&folder, &["plan", "--assessment", "assessment.json", "--format", "json"]);
    let needed = plan["needed"].to_string();
    assert!(!needed.contains("rates.verify") && !needed.contains("rates.copy"), "{needed}");
    assert!(plan.to_string().contains("(measured old: "), "the comparison's rate has its source");
    // With rows on both sides the slower one counts.
    target(
        "create table users (id bigint primary key, name text, age bigint); insert into users select g, 'user ' || g, 1 from generate_series(1, 3000) g; analyze",
    );
    let seen = measured(&folder);
    assert_eq!(rates(&seen)[3], ("verify", "old", "new"), "{}", seen["rates"]);
    // Where nothing may be written the rate is asked for by its key.
    folder.write("only.yaml", "segue: 1\nid: S-1\nsystems: {old: {sqlite: {path: shop.db}}}\nschema:\n  changes:\n    - create_index: {table: users, name: users_age, columns: [age]}\n");
    let seen = json(&folder, &["assess", "-f", "only.yaml", "--probe", "--format", "json"]);
    assert_eq!(rates(&seen), [("read", "old", ""), ("verify", "old", "")]);
    assert!(seen["not_checked"].to_string().contains("`rates.index`"), "{}", seen["not_checked"]);
}

#[test]
fn a_folder_a_dump_and_a_schema_document_are_assessed() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.file("app/src")).expect("a folder");
    folder
        .write("app/package.json", "{\"engines\": {\"node\": \"14\"}, \"dependencies\": {\"express\": \"4.18.0\", \"mysql2\": \"3.0.0\"}}");
    folder.write("app/src/db.js", "const mysql = require('mysql2');\nconst db = mysql.createConnection({password: 'canary-secret'});\n");
    folder.write("app/Dockerfile", "FROM node:14-alpine\nCMD [\"node\", \"src/db.js\"]\n");
    let seen = json(&folder, &["assess", "app", "--format", "json", "--today", "2026-11-21"]);
    let components = seen["components"].to_string();
    assert!(components.contains("express") && components.contains("mysql2"), "{components}");
    assert!(seen["incidents"].as_array().is_some_and(|incidents| !incidents.is_empty()), "{seen}");
    assert!(!seen.to_string().contains("canary-secret"), "no literal of the code is shown");
    folder.write("dump.sql", "CREATE TABLE `t` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `s` set('a','b'), `d` datetime DEFAULT '0000-00-00 00:00:00', PRIMARY KEY (`id`)) ENGINE=InnoDB;");
    let seen = json(&folder, &["assess", "dump.sql", "--to", "postgres", "--format", "json"]);
    let rules = seen["objects"].to_string();
    for rule in ["unsigned", "set", "zero"] {
        assert!(rules.contains(rule), "{rule}: {rules}");
    }
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/claude-skills/database_schema_before.json");
    if data.exists() {
        let seen = json(&folder, &["assess", &data.display().to_string(), "--format", "json"]);
        assert!(seen["systems"].to_string().contains("users"), "{seen}");
    } else {
        assert!(std::env::var_os("CI").is_none(), "with CI set, the shared data must be there");
    }
}
