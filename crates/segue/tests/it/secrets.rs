//! R11: a canary password and canary values of cells appear in no output, journal, error or argument.

use crate::fixture::{Folder, SPEC};

const PASSWORD: &str = "canary-pass-8c1f";
const CELL: &str = "canary-cell-77ab";

#[test]
fn no_value_of_a_cell_leaves_the_database() {
    let folder = Folder::shop(50);
    folder.db().execute("update users set name = ?1 where id = 3", [CELL]).expect("planted");
    // `up` cannot convert the canary: it is kept aside by its key, never by its value.
    folder.write(
        "segue.yaml",
        &SPEC.replace(
            "- rename_column: {table: users, from: name, to: full_name}",
            &format!("- change_type: {{table: users, column: name, to: text, up: \"case when name = '{CELL}' then null else name end\", down: name}}\n    - set_not_null: {{table: users, column: age}}"),
        )
        .replace(CELL, "canary-cell-' || '77ab"),
    );
    let mut seen = String::new();
    for words in [
        &["plan", "--detail", "full"][..],
        &["plan", "--format", "json", "-o", "p.segue"],
        &["apply", "-f", "segue.yaml", "--yes", "--events", "events.ndjson", "-v"],
        &["status", "--format", "json"],
        &["log", "--format", "json"],
        &["log"],
        &["verify"],
        &["verify", "--format", "json"],
        &["rollback", "--yes"],
    ] {
        let said = folder.segue(words);
        seen.push_str(&said.out);
        seen.push_str(&said.err);
    }
    seen.push_str(&folder.read("events.ndjson"));
    for entry in std::fs::read_dir(folder.file(".segue")).expect("state") {
        seen.push_str(&String::from_utf8_lossy(&std::fs::read(entry.expect("entry").path()).expect("read")));
    }
    assert!(!seen.contains(CELL), "a value left the database");
}

#[test]
fn no_password_leaves_the_environment() {
    let mut folder = Folder::shop(5);
    folder.env.push(("CANARY_URL".to_owned(), format!("postgres://user:{PASSWORD}@127.0.0.1:1/db")));
    folder.write("segue.yaml", &SPEC.replace("{sqlite: {path: shop.db}}", "{postgres: {url: env:CANARY_URL}}"));
    for words in [&["plan"][..], &["plan", "--format", "json"], &["doctor"], &["apply", "-f", "segue.yaml", "--yes", "-v"]] {
        let said = folder.segue(words);
        assert_ne!(said.code, 0);
        assert!(!said.out.contains(PASSWORD) && !said.err.contains(PASSWORD), "{words:?} said {said:?}");
    }
    folder.write(
        "segue.yaml",
        &SPEC.replace("{sqlite: {path: shop.db}}", &format!("{{postgres: {{url: \"postgres://user:{PASSWORD}@127.0.0.1/db\"}}}}")),
    );
    let said = folder.segue(&["plan"]).expect(64);
    assert!(!said.out.contains(PASSWORD) && !said.err.contains(PASSWORD), "{said:?}");
}
