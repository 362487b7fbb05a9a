//! The digest by which "already applied" is known.

use segue_model::spec;

#[track_caller]
fn digest(text: &str) -> String {
    let spec = spec::read(text, "segue.yaml").expect("a right spec");
    spec::digest(&spec).expect("canonical")
}

const ONE: &str =
    "segue: 1\nid: A-1\nsystems: {db: {sqlite: {path: a.db}}}\nschema:\n  changes:\n    - rename_column: {table: t, from: a, to: b}\n";

#[test]
fn comments_order_white_space_and_what_is_around_do_not_matter() {
    let other = "# c\nschema:\n    in: db # c\n    changes:\n    - rename_column:\n        to: \"b\"\n\n        from: 'a'\n        table: t\nkeep_old: 1d\nname: x\n\
                 systems:\n  db:\n    sqlite: {path: b.db}\nid: A-1\nsegue: 1\n";
    assert_eq!(digest(ONE), digest(other));
}

#[test]
fn the_changes_their_system_and_the_id_do() {
    for (from, to) in [("A-1", "A-2"), ("to: b", "to: c"), ("db:", "db2:"), ("to: b}\n", "to: b}\n    - drop_table: {table: x}\n")] {
        assert_ne!(digest(ONE), digest(&ONE.replacen(from, to, 1)), "{from}");
    }
}

#[test]
fn it_is_pinned_because_databases_remember_it() {
    assert_eq!(digest(ONE), "3201c4d1263dd1d685cdecb9586af66fae464a6430f5e799da4d7fbccd9a6267");
}
