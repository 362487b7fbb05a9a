//! The schema files of document 000's scripts, and what is said of broken ones.

use segue_survey::schema_json;

use crate::data;

fn tables(name: &str) -> Option<Vec<(String, u32, u32, bool)>> {
    let text = data::read(&format!("claude-skills/{name}"))?;
    let assessment = schema_json(&text, name).expect("it reads");
    let system = &assessment.systems[name];
    assert_eq!((system.how.as_str(), system.engine.as_str()), ("schema-json", "schema-json"));
    Some(system.tables.iter().map(|t| (t.name.clone(), t.columns, t.indexes, t.keyed)).collect())
}

#[test]
fn both_dialects_are_read() {
    let Some(before) = tables("database_schema_before.json") else { return };
    let expect = [("user_profiles", 10, 3, true), ("user_sessions", 7, 3, true), ("users", 10, 4, true)];
    assert_eq!(before, expect.map(|(n, c, i, k)| (n.to_owned(), c, i, k)));
    let after = tables("database_schema_after.json").expect("it is there");
    assert_eq!(after.iter().map(|t| t.0.as_str()).collect::<Vec<_>>(), ["user_preferences", "user_profiles", "user_sessions", "users"]);
    let designed = tables("database-designer_sample_schema.json").expect("it is there");
    assert_eq!(designed.len(), 6);
    assert!(designed.iter().all(|t| t.3), "{designed:?}");
}

#[test]
fn keys_and_views_become_dependencies() {
    let Some(text) = data::read("claude-skills/database-designer_sample_schema.json") else { return };
    let assessment = schema_json(&text, "s.json").expect("it reads");
    assert!(
        assessment.dependencies.iter().any(|d| d.from == "products" && d.on == "categories" && d.blocking),
        "{:?}",
        assessment.dependencies
    );
    let Some(text) = data::read("claude-skills/database_schema_before.json") else { return };
    let assessment = schema_json(&text, "s.json").expect("it reads");
    assert!(assessment.dependencies.iter().any(|d| d.from == "active_users" && d.on == "users" && !d.blocking));
    assert_eq!(assessment.systems["s.json"].counts["procedure"], 1);
}

#[test]
fn every_mistake_has_its_line() {
    let check = |text: &str, expect: &[(&str, u32, &str)]| {
        let problems = schema_json(text, "s.json").expect_err(text);
        let found: Vec<(&str, u32, &str)> =
            problems.iter().map(|p| (p.code.as_str(), p.at.as_ref().map_or(0, |at| at.line), p.message.as_str())).collect();
        assert_eq!(found, expect, "{text}");
    };
    check("{\n\"tables\": ", &[("SG-SUR-010", 2, "this is not JSON: it ends too early")]);
    check("{}", &[("SG-SUR-011", 1, "there is no `tables`")]);
    check("{\"tables\": null}", &[("SG-SUR-011", 1, "there is no `tables`")]);
    check(
        "{\"tables\":\n{\"t\": {\"columns\":\n {\"a\": {\"type\": 5,\n \"nullable\": \"yes\"}, \"b\": {}}}}}",
        &[
            ("SG-SUR-011", 3, "`t.a.type` is a number, not a text"),
            ("SG-SUR-011", 4, "`t.a.nullable` is a text, not true or false"),
            ("SG-SUR-011", 4, "column `t.b` has no `type`"),
        ],
    );
    check("{\"tables\": {\"t\": {}}}", &[("SG-SUR-011", 1, "table `t` has no `columns`")]);
    check(
        "{\"tables\": {\"t\": {\"columns\": {\"a\": {\"type\": \"int\", \"length\": -1}}, \"indexes\": {}}}}",
        &[("SG-SUR-011", 1, "`t.a.length` is a number, not a whole number"), ("SG-SUR-011", 1, "`indexes` is an object, not a list")],
    );
}
