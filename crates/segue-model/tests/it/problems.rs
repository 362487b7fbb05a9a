//! Each kind of problem: its code and its place.

use segue_model::problem::Problem;
use segue_model::spec;

use crate::{with_changes, with_end};

#[track_caller]
fn problems(text: &str) -> Vec<Problem> {
    spec::read(text, "segue.yaml").expect_err("a problem")
}

/// The problems of a text: code number, line, column.
#[track_caller]
pub(crate) fn check(text: &str, expect: &[(u16, u32, u32)]) {
    let problems = problems(text);
    let got: Vec<(u16, u32, u32)> = problems
        .iter()
        .map(|problem| {
            let at = problem.at.as_ref().expect("a place");
            assert!(at.length >= 1 && at.file == "segue.yaml" && !problem.help.is_empty() && !problem.safe.is_empty(), "{problem:?}");
            (problem.code.strip_prefix("SG-SPEC-").and_then(|number| number.parse().ok()).expect("a code"), at.line, at.column)
        })
        .collect();
    assert_eq!(got, expect, "{problems:#?}\n{text}");
}

/// The problem of one change in line 6, by code and column.
#[track_caller]
fn change(text: &str, code: u16, column: u32) {
    check(&with_changes(&[text]), &[(code, 6, column)]);
}

/// The one problem's message and help.
#[track_caller]
pub(crate) fn says(text: &str, message: &str, help: &str) {
    let problems = problems(text);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!((problems[0].message.as_str(), problems[0].help.as_str()), (message, help));
}

#[test]
fn what_is_not_yaml() {
    check("segue: [1", &[(1, 1, 8)]);
    check("segue: 1\n  id: x\n", &[(1, 2, 5)]);
    check("a: 'x' || 'y'\n", &[(1, 1, 8)]);
    check("schema:\n\tchanges: 1\n", &[(1, 2, 2)]);
    check("segue: \"1\n", &[(1, 2, 1)]);
}

#[test]
fn yaml_that_a_spec_does_not_use() {
    check(&with_end("name: &a x\nwhy: *a\n"), &[(4, 7, 7), (5, 8, 6)]);
    check(&with_end("why: *nowhere\n"), &[(5, 7, 6)]);
    check(&with_end("owners: {<<: {a: b}}\n"), &[(6, 7, 10)]);
    check(&with_end("name: !!str x\nwhy: !mine {}\n"), &[(7, 7, 7), (7, 8, 6), (16, 8, 12)]);
    check(&with_end("name: a\nname: b\n"), &[(8, 8, 1)]);
    check(&with_end("owners: {a: x, b: y, a: z}\n"), &[(8, 7, 22)]);
    check(&with_end("---\nsegue: 1\n"), &[(9, 7, 1)]);
    check(&format!("%YAML 1.1\n---\n{}", with_end("")), &[(10, 2, 1)]);
    check(&with_end("? [a]\n: b\n"), &[(11, 7, 3)]);
    check(&with_end("name: \"a\\0b\"\n"), &[(12, 7, 7)]);
    change(r#"rename_column: {table: "t\0", from: a, to: b}"#, 12, 30);
}

#[test]
fn keys() {
    check(&with_end("keep_odl: 1d\n"), &[(13, 7, 1)]);
    says(&with_end("keep_odl: 1d\n"), "segue.yaml has no key `keep_odl`", "did you mean `keep_old`?");
    change("rename_colum: {table: t, from: a, to: b}", 13, 7);
    change("rename_column: {table: t, from: a, too: b, to: c}", 13, 42);
    says(&with_changes(&["drop_table: {table: t, xyzzy: 1}"]), "`schema.changes[0].drop_table` has no key `xyzzy`", "it takes {table}");
    says(
        &with_changes(&["rename_table: {table: t, to: u}"]),
        "`schema.changes[0]` knows `rename_table`, this version does not run it yet",
        "leave it out for now",
    );
    change("rename_table: {table: t, to: u}", 14, 7);
    check(&with_end("").replace("path: shop.db}", "path: shop.db, facts: {size: 1GiB}}"), &[(13, 3, 40)]);
    change("rename_column: {table: t, to: b}", 15, 7);
    says(&with_changes(&["rename_column: {table: t, from: a}"]), "`schema.changes[0].rename_column` lacks `to`", "add `to`, a name");
    check("segue: 1\n", &[(15, 1, 1), (15, 1, 1)]);
    check("", &[(15, 1, 1), (15, 1, 1), (15, 1, 1)]);
    check("# nothing\n", &[(15, 1, 1), (15, 1, 1), (15, 1, 1)]);
    says(
        "segue: 1\nid: a\n",
        "the spec lacks what is to be done",
        "add at least one of `move`, `schema`, `code`, `api`, `service`, `auth`, `infra`, `kind`",
    );
    says("segue: 1\nid: a\nschema: {sql: a.sql}\n", "`schema` needs `systems`", "add `systems`");
}

#[test]
fn lists_mappings_and_scalars_in_each_others_place() {
    change("rename_column: [{table: t, from: a, to: b}]", 16, 22);
    says(
        &with_changes(&["rename_column: [{table: t, from: a, to: b}]"]),
        "`schema.changes[0].rename_column` is a list, but takes a mapping {table, from, to}",
        "leave the `- ` or `[ ]` out: this is not a list",
    );
    check(&with_end("").replace("    - drop_table:", "    drop_table:"), &[(16, 6, 5)]);
    change("rename_column", 16, 7);
    change("rename_column: x", 16, 22);
    change("drop_table: {table: [t]}", 16, 27);
    change("add_unique: {table: t, name: n, columns: a}", 16, 48);
    change("add_unique: {table: t, name: n, columns: {a: b}}", 16, 48);
    check("- segue: 1\n", &[(16, 1, 1)]);
    check("hello\n", &[(16, 1, 1)]);
    check(&with_end("owners: [a]\n"), &[(16, 7, 9)]);
    check(&with_end("keep_old: {a: b}\n"), &[(16, 7, 11)]);
}

#[test]
fn scalars() {
    change("add_column: {table: t, column: c, type: int, null: \"no\", default: 1}", 17, 58);
    change("add_column: {table: t, column: c, type: int, null: no, default: 1}", 17, 58);
    change("add_column: {table: t, column: 1, type: int}", 17, 38);
    change("add_column: {table: true, column: c, type: int}", 17, 27);
    check(&with_end("name: 5\n"), &[(17, 7, 7)]);
    check(&with_end("throttle: {max_load: {a: -1, b: \"4\", c: 1.5}}\n"), &[(17, 7, 26), (17, 7, 33), (17, 7, 41)]);
    check(&with_end("limits: {rollback: 1}\n"), &[(17, 7, 20)]);
    check(&with_end("limits: {rollback: requierd}\n"), &[(18, 7, 20)]);
    change("add_foreign_key: {table: t, name: n, columns: [a], references: {table: u, columns: [b]}, on_delete: setnull}", 18, 107);
    for text in ["5", "5 parsecs", "s", "-1s", "1e3s", "1.s", "1234567890s", "5  s", " .5s", "\" 5s\"", "none"] {
        check(&with_end(&format!("keep_old: {text}\n")), &[(19, 7, if text.starts_with(' ') { 12 } else { 11 })]);
    }
    for text in ["10", "10gib", "10 000MB", "12345678TiB", "1234567890123B"] {
        check(&with_end(&format!("throttle: {{max_wal: {text}}}\n")), &[(19, 7, 21)]);
    }
    for text in ["\"\"", "a_b", "ä", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddX"] {
        check(&with_end("").replace("id: MIG-1", &format!("id: {text}")), &[(20, 2, 5)]);
    }
    for text in ["\"\"", "a.b.c", "a.", "'\"a'", "'\"a\"b'"] {
        change(&format!("drop_table: {{table: {text}}}"), 21, 27);
    }
    change("drop_index: {name: a.b.c}", 21, 26);
    check(&with_end("").replace("segue: 1", "segue: 2"), &[(30, 1, 8)]);
    check(&with_end("").replace("segue: 1", "segue: \"1\""), &[(30, 1, 8)]);
}

#[test]
fn what_is_empty() {
    check("segue: 1\nid: a\nsystems: {db: {sqlite: {path: a}}}\nschema: {changes: []}\n", &[(22, 4, 19)]);
    check("segue: 1\nid: a\nsystems: {db: {sqlite: {path: a}}}\nschema: {changes: }\n", &[(26, 4, 1)]);
    check("segue: 1\nid: a\nsystems: {}\nschema: {changes: [{drop_table: {table: t}}]}\n", &[(22, 3, 1)]);
    change("drop_table:", 22, 7);
    change("rename_column: {table: t, from: \"\", to: b}", 22, 39);
    change("set_not_null: {table: t, column: c, up: \" \"}", 22, 47);
    change("add_check: {table: t, name: n, check: c > 0, up: {\"\": 1}}", 22, 57);
    check(&with_changes(&["add_unique: {table: t, name: n, columns: [a, ~]}"]), &[(22, 6, 52)]);
    let outdented = with_changes(&["rename_column:\n      table: t\n      from: a\n      to: b"]);
    says(
        &outdented,
        "`schema.changes[0].rename_column` is empty: its keys stand beside it, not below it",
        "indent `table` and what follows by two more spaces",
    );
}

#[test]
fn values_that_yaml_tears_in_two() {
    change("change_type: {table: t, column: c, to: numeric(12,2)}", 23, 46);
    says(
        &with_changes(&["change_type: {table: t, column: c, to: numeric(12,2)}"]),
        "YAML ends a value at the comma inside `{ }` and `[ ]`, so this one is torn in two",
        "write it in double quotes: to: \"numeric(12,2)\"",
    );
    says(
        &with_changes(&["set_not_null: {table: t, up: coalesce(a, replace(b, ')', c || \"d\"))::text, column: c}"]),
        "YAML ends a value at the comma inside `{ }` and `[ ]`, so this one is torn in two",
        r#"write it in double quotes: up: "coalesce(a, replace(b, ')', c || \"d\"))::text""#,
    );
    change("create_index: {table: t, name: n, columns: [{expression: coalesce(a, b)}]}", 23, 64);
    change("create_index: {table: t, name: n, columns: [coalesce(a, b), c]}", 23, 51);
    // In block style nothing is torn, and neither is a text that only has a parenthesis.
    let block = with_changes(&["change_type:\n        table: t\n        column: c\n        to: numeric(12,2)"]);
    assert!(spec::read(&block, "f").is_ok());
    assert!(spec::read(&with_end("owners: {a: see (b, c: d}\n"), "f").is_ok());
}

#[test]
fn places_of_systems() {
    let url = |url: &str| with_end("").replace("sqlite: {path: shop.db}", &format!("postgres: {{url: {url}}}"));
    check(&url("postgres://u:hunter2@h/db"), &[(24, 3, 32)]);
    check(&url("\"postgres://h/db?password=hunter2\""), &[(24, 3, 32)]);
    for text in ["mysql://h/db", "h", "\"\"", "\"env:\"", "\"env:A B\"", "\"file: \"", "\"cmd:\"", "\"host=h dbname=x\""] {
        check(&url(text), &[(25, 3, 32)]);
    }
    check(&with_end("").replace("shop.db", "\"sqlite:\""), &[(25, 3, 31)]);
    check(&with_end("").replace("shop.db", "\"env:\""), &[(25, 3, 31)]);
    check(&with_end("").replace("{sqlite: {path: shop.db}}", "{}"), &[(26, 3, 11)]);
    check(&with_end("").replace("{sqlite: {path: shop.db}}", "{sqlite: {path: a}, postgres: {url: env:A}}"), &[(26, 3, 35)]);
    let two = |end: &str| with_end("").replace("}}}", "}}, b: {sqlite: {path: b}}}").replace("  changes:", &format!("{end}  changes:"));
    check(&two(""), &[(28, 5, 3)]);
    check(&two("  in: c\n"), &[(28, 5, 7)]);
    assert!(spec::read(&two("  in: b\n"), "f").is_ok());
}

#[test]
fn no_message_holds_a_password() {
    let flow = "segue: 1\nid: x\nsystems: {db: {postgres: {url: postgres://u:hunter2@h/db, password: hunter2}}}\nschema: {changes: [{drop_table: {table: t}}]}\n";
    let torn = flow.replace("u:hunter2@", "u:hunter2(a,b)@");
    let list = flow.replace("{url: postgres://u:hunter2@h/db, password: hunter2}", "[postgres://u:hunter2@h/db]");
    let key = flow.replace("{url: postgres://u:hunter2@h/db, password: hunter2}", "{postgres://u:hunter2@h/db}");
    let path = flow.replace("postgres: {url: postgres://u:hunter2@h/db, password: hunter2}", "sqlite: {path: postgres://u:hunter2@h/db}");
    for text in [flow, &torn, &list, &key, &path] {
        let shown = format!("{:?}", problems(text));
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!spec::concealed(text).contains("hunter2"));
    }
}

#[test]
fn rules_of_changes() {
    check(&with_changes(&["drop_table: {table: t}\n      drop_index: {name: i}"]), &[(26, 7, 7)]);
    change("create_index: {table: t, name: n, columns: [{order: asc}]}", 26, 51);
    change("create_index: {table: t, name: n, columns: [{column: a, expression: b}]}", 26, 63);
    change("add_column: {table: t, column: c, type: int, null: false}", 27, 52);
    change("add_column: {table: t, column: c, type: int, null: false, default: null}", 27, 52);
    change("add_foreign_key: {table: t, name: n, columns: [a, b], references: {table: u, columns: [c]}}", 29, 93);
    change("add_column: {table: t, column: c, type: int, references: {table: u, columns: [a, b]}}", 29, 84);
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    let text = "segue: 2\nid: a b\nnmae: x\nsystems: {db: {sqlite: {path: a}}}\nschema:\n  changes:\n    - rename_column: [1]\n    - drop_table: {table: a.b.c, x: 1}\nkeep_old: 5\n";
    check(text, &[(30, 1, 8), (20, 2, 5), (13, 3, 1), (16, 7, 22), (21, 8, 27), (13, 8, 34), (19, 9, 11)]);
}

#[test]
fn columns_count_characters_and_carets_have_a_length() {
    check(&with_end("owners: {\"é🦀\": 5}\n"), &[(17, 7, 16)]);
    let at = problems(&with_end("keep_odl: 1d\n")).remove(0).at.expect("a place");
    assert_eq!((at.line, at.column, at.length), (7, 1, 8));
    // A byte-order mark is no column, and CRLF no character.
    let at = problems(&format!("\u{feff}{}", with_end("").replace("segue: 1", "segue: 22").replace('\n', "\r\n")))
        .remove(0)
        .at
        .expect("a place");
    assert_eq!((at.line, at.column, at.length), (1, 8, 2));
}

#[test]
fn a_hundred_problems_are_enough() {
    let mut text = with_end("");
    for index in 0..500 {
        text.push_str(&format!("x{index}: 1\n"));
    }
    let problems = problems(&text);
    assert_eq!(problems.len(), 101);
    assert_eq!((problems[100].code.as_str(), problems[100].message.as_str()), ("SG-SPEC-031", "400 more problems from here on"));
}
