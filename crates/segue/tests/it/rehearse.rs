//! A rehearsal: on a copy, forward, back and forward again; the source only read; its times in the plan.

use segue_postgres::private_server::{PrivateServer, find_bins};

use crate::fixture::{Folder, SPEC};

#[test]
fn a_rehearsal_on_sqlite_leaves_the_source_and_no_copy_behind() {
    let folder = Folder::shop(500);
    let before =
        folder.db().query_row("select group_concat(sql, ';') from sqlite_schema", [], |row| row.get::<_, String>(0)).expect("a schema");
    let said = folder.segue(&["rehearse"]);
    said.expect(0);
    let said = folder.segue(&["rehearse", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("a document");
    said.expect(0);
    assert_eq!(document["verdict"], "passed");
    let rehearsal = &document["rehearsal"];
    assert_eq!(rehearsal["rows"], 500, "{rehearsal}");
    assert_eq!(rehearsal["whole"], true);
    assert!(rehearsal["steps"]["backfill/users"]["perform_ms"].is_u64(), "{rehearsal}");
    assert!(rehearsal["steps"]["expand/users"]["undo_ms"].is_u64(), "{rehearsal}");
    let after =
        folder.db().query_row("select group_concat(sql, ';') from sqlite_schema", [], |row| row.get::<_, String>(0)).expect("a schema");
    assert_eq!(before, after, "the source was only read");
    let kept = folder.file(".segue/rehearsals").join(rehearsal["id"].as_str().expect("an id"));
    assert!(kept.join("evidence.json").is_file());
    assert!(!kept.join("copy.db").exists(), "the copy is gone");
    // The plan of the same changes has its times; the log of the rehearsal can be read.
    let plan: serde_json::Value = serde_json::from_str(&folder.segue(&["plan", "--format", "json"]).out).expect("a plan");
    assert_eq!(plan["program"]["rehearsal"]["id"], rehearsal["id"]);
    let undo = plan["phases"].as_array().into_iter().flatten().flat_map(|phase| phase["steps"].as_array().into_iter().flatten());
    let from: Vec<&str> = undo.filter_map(|step| step["undo"]["time"]["from"].as_str()).collect();
    assert!(!from.is_empty() && from.iter().all(|from| from.contains("measured in rehearsal")), "{from:?}");
    // The dates, the checklists and the risks stand on it, too, and not only what is shown of a phase.
    let phases = plan["phases"].as_array().expect("phases");
    let backfill = phases.iter().find(|phase| phase["name"] == "backfill").expect("a backfill");
    assert!(backfill["estimate"]["from"].as_str().is_some_and(|from| from.contains("measured in rehearsal")), "{backfill}");
    assert_eq!(backfill["project"]["work"]["confidence"], "measured", "{}", backfill["project"]["work"]);
    assert!(plan["program"]["checklists"].to_string().contains("evidence: rehearsal"), "{}", plan["program"]["checklists"]);
    folder.segue(&["log", "--state-dir", &kept.display().to_string()]).expect(0);
    // It was no run: nothing is applied, nothing is under way.
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
}

#[test]
fn production_is_not_rehearsed_on() {
    let folder = Folder::shop(5);
    folder.write("segue.yaml", &SPEC.replace("{sqlite: {path: shop.db}}", "{sqlite: {path: shop.db}, facts: {production: true}}"));
    folder.segue(&["rehearse"]).says("SG-CLI-068").expect(64);
    assert!(!folder.file(".segue/rehearsals").exists(), "nothing was begun");
}

#[test]
fn a_rehearsal_that_fails_says_so_and_touches_nothing() {
    let folder = Folder::shop(20);
    folder.write("segue.yaml", &SPEC.replace("up: \"'old'\"}", "up: \"case when id = 7 then null else 'old' end\"}"));
    let said = folder.segue(&["rehearse"]);
    assert_ne!(said.code, 0, "{}{}", said.out, said.err);
    let tables: i64 = folder.db().query_row("select count(*) from sqlite_schema", [], |row| row.get(0)).expect("counts");
    assert_eq!(tables, 3);
}

#[test]
fn a_rehearsal_on_postgres_clones_policies_keys_and_rows() {
    let hint = std::env::var("SEGUE_TEST_PG_BINS").ok();
    // `pg_dump` comes with Debian's packages: the oldest server here is one of those.
    let bins = find_bins(hint.as_deref());
    let server = PrivateServer::start(bins.first().expect("a server's programs")).expect("a server starts");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let sql = "create role clerk; create type mood as enum ('ok', 'bad');
        create table users (id bigint generated always as identity primary key, name text not null, \"o\"\"dd 😀\" mood default 'ok',
            twice bigint generated always as (id * 2) stored);
        alter table users enable row level security; create policy p on users to clerk using (true);
        create table orders (id bigint primary key, user_id bigint not null references users (id), total integer not null);
        insert into users (name) select 'user ' || i from generate_series(1, 300) i;
        insert into orders select i, i % 300 + 1, i from generate_series(1, 900) i; grant select on orders to clerk";
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&server.url(), tokio_postgres::NoTls).await.expect("connects");
        tokio::spawn(connection);
        client.batch_execute(sql).await.expect("a shop");
    });
    let mut folder = Folder::new();
    folder.env.push(("DB_URL".to_owned(), server.url()));
    folder.write(
        "segue.yaml",
        "segue: 1\nid: MIG-9\nsystems: {db: {postgres: {url: env:DB_URL}}}\nschema:\n  in: db\n  changes:\n    \
         - change_type: {table: orders, column: total, to: \"numeric(12,2)\", up: total / 100.0, down: round(total * 100)::int}\n",
    );
    let said = folder.segue(&["rehearse", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}{}", said.out, said.err));
    said.expect(0);
    assert_eq!(document["rehearsal"]["rows"], 1_200, "the table and the one that it refers to");
    assert_eq!(document["rehearsal"]["whole"], true);
    let cut = folder.segue(&["rehearse", "--rows", "100", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&cut.out).unwrap_or_else(|_| panic!("{}{}", cut.out, cut.err));
    assert_eq!(document["rehearsal"]["whole"], false, "{document}");
    let text = document.to_string();
    assert!(text.contains("only its first"), "{text}");
    // The private server's password is nowhere, not even in the journal.
    let password = server.password();
    for entry in walk(&folder.file(".segue")) {
        let bytes = std::fs::read(&entry).expect("read");
        assert!(!bytes.windows(password.len()).any(|part| part == password.as_bytes()), "{}", entry.display());
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { files.extend(walk(&entry.path())) } else { files.push(entry.path()) }
    }
    files
}
