//! No value of a configuration is in anything that is printed or written, whatever the form.

use crate::room::Room;

const OLD: &str = "server: {port: 8080, mode: CANARYone, name: CANARYtwo spaced}\ndb:\n  host: CANARYhost\n  password: CANARYpw\n  \
    note: \"CANARYnote\"\n  list: [CANARYitem, CANARYother]\n  old: CANARYold\n  users: [{name: admin, value: CANARYvalue}]\ndup: CANARYdup\n\
    dup: CANARYdup2\ncode: CANARYcode\n";
const NEW: &str = "server: {port: CANARYport, mode: CANARYthree, name: CANARYfour spaced}\ndb:\n  hosts: CANARYhost\n  \
    password: [CANARYpw2]\n  note: {x: CANARYnote2}\n  list: [CANARYitem, CANARYnew]\n  users: [{name: admin, value: CANARYvalue2}]\n  \
    addr: https://CANARYuser:CANARYpass@h/x\ndup: CANARYdup3\ndup: CANARYdup4\ncode: 0o17\nanother: CANARYanother\n";
const SCHEMA: &str = r#"{"type": "object", "properties": {"server": {"type": "object", "properties": {"mode": {"enum": ["x"]}}}}}"#;

#[test]
fn no_value_of_a_configuration_is_shown() {
    let env = |text: &str| format!("A={text}1\nMODE={text}2\nDB_PASSWORD={text}3\n");
    let (old_env, new_env) = (env("CANARY"), env("CANARYnew"));
    let room = Room::with(&[
        ("old.yaml", OLD),
        ("new.yaml", NEW),
        ("schema.json", SCHEMA),
        ("old/.env", &old_env),
        ("new/.env", &new_env),
        ("old.toml", "a = 'CANARYa'\nb = 'CANARYb'\n"),
        ("new.toml", "a = 'CANARYc'\nb = 3\n"),
        ("broken.json", "{\"a\": CANARYbroken }"),
        ("versions/1.0.0.yaml", OLD),
        ("versions/1.1.0.yaml", NEW),
    ]);
    let clean = |what: &str, text: &str| assert!(!text.contains("CANARY"), "{what} shows a value:\n{text}");
    let mut findings = 0;
    for form in ["human", "json", "both", "markdown", "html", "sarif", "junit", "github", "gitlab"] {
        for sides in [["old.yaml", "new.yaml"], ["old/.env", "new/.env"], ["old.toml", "new.toml"], ["new.yaml", "old.yaml"]] {
            let said = room.check(&[&sides[..], &["--type", "config", "--format", form]].concat());
            clean(&format!("{form} of {sides:?}"), &(said.out.clone() + &said.err));
            findings += usize::from(said.out.contains("config-"));
        }
        let words = ["old.yaml", "new.yaml", "--type", "config", "--schema", "schema.json", "--format", form];
        let said = room.check(&words);
        clean(&format!("{form} with a schema"), &(said.out + &said.err));
    }
    assert!(findings > 30, "the forms tell of changes: {findings}");
    for words in [&["broken.json", "old.yaml", "--type", "config"][..], &["--matrix", "versions", "--type", "config"]] {
        let said = room.check(words);
        clean("a refusal or a matrix", &(said.out + &said.err));
    }
    room.check(&["old.yaml", "new.yaml", "--type", "config", "--report", "html=out.html", "--report", "markdown=out.md"]);
    clean("a report in a file", &(room.read("out.html") + &room.read("out.md")));
}
