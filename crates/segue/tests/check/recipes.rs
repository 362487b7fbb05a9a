//! The commands of `docs/ci.md` work as they stand there, in a repository as they expect it.

use crate::room::Room;

const PAGE: &str = include_str!("../../../../docs/ci.md");
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/claude-skills");

/// The blocks that say of themselves that they run.
fn blocks() -> Vec<Vec<&'static str>> {
    let parts = PAGE.split("<!-- run -->\n```sh\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default().lines().filter(|line| !line.is_empty()).collect()).collect()
}

fn api(version: &str, path: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: {version}}}\npaths:\n  {path}:\n    get: {{responses: {{'200': {{description: ok}}}}}}\n"
    )
}

#[test]
fn every_command_of_the_page_runs() {
    let room = Room::with(&[
        ("api/openapi.yaml", &api("1.0.0", "/a")),
        ("api/versions/v1.yaml", &api("1.0.0", "/a")),
        ("api/versions/v2.yaml", &api("2.0.0", "/b")),
        ("schema.sql", "create table users (id bigint primary key, email text);\n"),
        ("migrations/042.sql", "create index users_email on users (email);\n"),
    ]);
    let samples = [
        ("database_schema_before.json", "old_schema.json"),
        ("database_schema_after.json", "new_schema.json"),
        ("sample_database_migration.json", "migration_config.json"),
    ];
    let mut has_samples = true;
    for (sample, name) in samples {
        match std::fs::read_to_string(format!("{DATA}/{sample}")) {
            Ok(text) => room.write(name, &text),
            Err(error) => {
                assert!(std::env::var_os("CI").is_none(), "{DATA} is not there: {error}");
                has_samples = false;
            }
        }
    }
    room.commit("base");
    room.branch("origin/main");
    room.write("api/openapi.yaml", &api("1.1.0", "/b"));
    let mut ran = 0;
    for line in blocks().into_iter().flatten() {
        if !has_samples && line.contains("_schema.json") | line.contains("migration_config") {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words.first(), Some(&"segue"), "{line}");
        let said = room.segue(&words[1..]);
        assert_eq!(said.code, 0, "{line}\n{}{}", said.out, said.err);
        for (at, word) in words.iter().enumerate() {
            let written = match *word {
                "-o" | "--output" => words.get(at + 1).copied(),
                "--report" => words.get(at + 1).and_then(|wish| wish.split_once('=')).map(|(_, path)| path),
                _ => None,
            };
            if let Some(path) = written {
                assert!(room.file(path).is_file(), "{line}: {path} was not written");
            }
        }
        ran += 1;
    }
    assert!(ran >= 6, "only {ran} commands were found");
}
