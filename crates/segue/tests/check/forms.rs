//! Each form of the result is written, before the exit code is decided, the same bytes every time.

use crate::room::Room;

const OLD: &str = "type Query { order(id: ID): Order }\ntype Order { id: ID! total: Int note: String }\n";
const NEW: &str = "type Query { order(id: ID!): Order }\ntype Order { id: ID! total: String }\n";

fn room() -> Room {
    Room::with(&[("old.graphql", OLD), ("new.graphql", NEW)])
}

#[test]
fn every_form_is_written_and_the_exit_code_is_the_same() {
    let room = room();
    for form in ["human", "json", "markdown", "html", "sarif", "junit", "github", "gitlab"] {
        let said = room.check(&["old.graphql", "new.graphql", "--format", form]).expect(3);
        assert!(said.out.len() > 80, "{form}: {}", said.out);
        let again = room.check(&["old.graphql", "new.graphql", "--format", form]).expect(3);
        assert_eq!(said.out, again.out, "{form} differs from run to run");
    }
    room.check(&["old.graphql", "new.graphql", "--format", "csv"]).expect(64).says("SG-CLI-070");
}

#[test]
fn reports_are_written_beside_the_result() {
    let room = room();
    let words =
        ["old.graphql", "new.graphql", "--report", "sarif=check.sarif", "--report", "junit=check.xml", "--report", "markdown=check.md"];
    room.check(&words).expect(3);
    let sarif: serde_json::Value = serde_json::from_str(&room.read("check.sarif")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    assert!(!sarif["runs"][0]["results"].as_array().expect("results").is_empty());
    assert!(room.read("check.xml").starts_with("<?xml"));
    assert!(room.read("check.md").contains('|'));
    // The ending of -o says the form.
    room.check(&["old.graphql", "new.graphql", "-o", "out.json"]).expect(3);
    let json: serde_json::Value = serde_json::from_str(&room.read("out.json")).expect("JSON");
    assert_eq!((json["format_version"].as_u64(), json["kind"].as_str()), (Some(1), Some("graphql")));
    // What cannot be written fails, and says so.
    room.check(&["old.graphql", "new.graphql", "--report", "json=no/where/x.json"]).expect(1).says("SG-CLI-001");
}

#[test]
fn the_severity_decides_the_exit_code() {
    let room = room();
    room.check(&["old.graphql", "new.graphql", "--fail-on", "never"]).expect(0);
    room.check(&["old.graphql", "new.graphql", "--fail-on", "low"]).expect(3);
    room.check(&["old.graphql", "old.graphql", "--fail-on", "low"]).expect(0);
    room.check(&["old.graphql", "new.graphql", "--fail-on", "sometimes"]).expect(64);
}

#[test]
fn people_read_it_at_eighty_columns() {
    let said = room().check(&["old.graphql", "new.graphql"]).expect(3);
    for line in said.out.lines() {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
    assert!(said.out.contains("deploy") && said.out.contains("new.graphql"), "{}", said.out);
    assert!(!said.out.contains('\u{1b}'), "colour where NO_COLOR is set");
}

#[test]
fn the_end_of_what_is_removed_is_planned() {
    let room = room();
    let said = room.check(&["old.graphql", "new.graphql", "--deprecate-from", "2027-01-11", "--profile", "doc003"]);
    assert!(said.out.contains("Deprecation") && said.out.contains("Sunset") && said.out.contains("2027-01-11"), "{}{}", said.out, said.err);
    room.check(&["old.graphql", "new.graphql", "--deprecate-from", "2027-01-11", "--profile", "none"]).expect(64).says("SG-CHK-075");
}

#[test]
fn the_plan_of_an_end_takes_what_is_known() {
    let path = |version: &str| {
        format!(
            "openapi: 3.0.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /{version}/orders:\n    get: {{responses: {{'200': {{description: ok}}}}}}\n"
        )
    };
    let (old, new) = (path("first"), path("second"));
    let room = Room::with(&[("old.yaml", &old), ("new.yaml", &new)]);
    let plan = ["old.yaml", "new.yaml", "--deprecate-from", "2027-01-11"];
    let check = |more: &[&str]| room.check(&[&plan[..], more].concat());
    let text =
        check(&["--successor", "GET /first/orders=GET /second/orders", "--guide", "https://example.com/guide", "--removal", "2027-12-01"]);
    for words in ["Deprecation plan", "in its place: GET /second/orders", "https://example.com/guide", "2027-12-01"] {
        assert!(text.out.contains(words), "{words}: {}{}", text.out, text.err);
    }
    // For people it is no Markdown, and keeps to the width.
    assert!(!text.out.contains("| --- |") && !text.out.contains("## "), "{}", text.out);
    for line in text.out.lines() {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
    assert!(check(&["--format", "markdown"]).out.contains("## Phases"));
    for wrong in
        [["--successor", "GET /x"], ["--successor", "GET /nowhere=GET /y"], ["--guide", "not an address"], ["--removal", "2027-01-01"]]
    {
        check(&wrong).expect(64).says("SG-CHK-008");
    }
    room.check(&["old.yaml", "new.yaml", "--guide", "https://example.com"]).expect(64);
}

#[test]
fn help_names_the_forms_that_there_are() {
    let room = room();
    let help = room.check(&["--help"]).expect(0);
    for form in ["sarif", "junit", "gitlab"] {
        assert!(help.out.contains(form), "{}", help.out);
    }
    for form in ["csv", "yaml", "shell"] {
        assert!(!help.out.contains(&format!("- {form}:")) && !help.out.contains(&format!(" {form},")), "{form}: {}", help.out);
    }
    // A form that it has not is refused with the code all the same.
    room.check(&["old.graphql", "new.graphql", "--format", "csv"]).expect(64).says("SG-CLI-070");
    let said = room.check(&["old.graphql", "new.graphql", "--format", "text"]);
    assert!(said.out.contains("Check graphql"), "{}", said.out);
}
