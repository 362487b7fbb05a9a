//! The model file: whole, closed, in range, and its schema agrees with its reader.

use segue_planner::estimate::Model;
use serde_json::{Value, json};

#[track_caller]
fn refused(text: &str) -> Vec<String> {
    let problems = Model::read(text).expect_err("no model");
    problems.into_iter().map(|problem| format!("{} {} {}", problem.code, problem.message, problem.help)).collect()
}

#[test]
fn the_builtin_is_a_model_that_reads_back_as_itself() {
    let model = Model::builtin();
    assert_eq!(model.name, "segue-1");
    assert_eq!(Model::read(Model::builtin_text()).expect("the builtin"), model);
    assert_eq!(Model::read("{}").expect("nothing changed"), model);
}

#[test]
fn it_has_every_key_that_recipes_use() {
    let model = Model::builtin();
    let people = "phase_setup table column_conversion view trigger routine event index constraint query_rewrite service_extract route endpoint \
                  client consumer framework_route dependency incident_point runtime_upgrade container manifest resource network identity_provider \
                  user_import sso_app dashboard alert rehearsal cutover runbook training communication review compliance backup_restore_test \
                  load_test decommission documentation";
    for key in people.split_whitespace() {
        assert!(model.people.contains_key(key), "people.{key}");
    }
    for key in "copy index verify backfill replicate_catchup backup restore snapshot deploy user_import".split_whitespace() {
        assert!(model.machine.contains_key(key) || model.each.contains_key(key), "machine.{key}");
    }
    for key in "hold soak notice dns_ttl approval deprecation".split_whitespace() {
        assert!(model.wait.contains_key(key), "wait.{key}");
    }
}

#[test]
fn every_figure_says_where_it_comes_from() {
    fn walk(value: &Value, path: &str, seen: &mut usize) {
        let Some(object) = value.as_object() else { return };
        let figures = object.values().any(Value::is_number) && !path.is_empty();
        if figures && !path.ends_with("_per_s") {
            let from = object.get("from").and_then(Value::as_str).unwrap_or_default();
            assert!(from.len() > 10, "{path} has no source");
            *seen += 1;
        }
        for (key, value) in object {
            walk(value, &format!("{path}/{key}"), seen);
        }
    }
    let mut seen = 0;
    walk(&serde_json::from_str(Model::builtin_text()).expect("JSON"), "", &mut seen);
    assert!(seen > 50, "only {seen}");
}

#[test]
fn a_part_is_laid_over_the_builtin_and_says_so() {
    let model = Model::read(r#"{"people": {"view": {"best_min": 10, "likely_min": 20, "worst_min": 90}}}"#).expect("a model");
    assert_eq!(model.people["view"].likely_min, 20);
    assert!(model.people["view"].from.starts_with("the user's model; builtin: ora2pg"), "{}", model.people["view"].from);
    assert_eq!(model.people["table"], Model::builtin().people["table"]);
    assert!(model.name.starts_with("segue-1+") && model.name.len() == 16, "{}", model.name);
    let named = Model::read(r#"{"name": "ours-3", "people": {"view": {"worst_min": 90, "from": "our last three"}}}"#).expect("a model");
    assert_eq!((named.name.as_str(), named.people["view"].from.as_str()), ("ours-3", "our last three"));
    let stolen = Model::read(r#"{"name": "segue-1", "simulation": {"runs": 200}}"#).expect("a model");
    assert!(stolen.name.starts_with("segue-1+"), "a changed model never has the builtin's name: {}", stolen.name);
}

#[test]
fn what_is_wrong_is_named_with_its_path_all_at_once() {
    let all = refused(
        r#"{"peopel": {}, "people": {"tabel": {}, "view": {"likely_min": 0, "unit": ""}}, "spread": 7, "simulation": {"runs": 99.5},
            "correlation": {"permille": 1001}, "factors": {"index": {"points": [[1, 2000], [1, 3000]]}}}"#,
    );
    for part in [
        "SG-PLAN-102 `peopel` is no key of the model Did you mean `people`?",
        "`people.tabel` is no key of the model Did you mean `table`?",
        "SG-PLAN-103 `people.view.likely_min` is 0: it takes a whole number from 1 to 1000000",
        "`people.view.unit` takes 1 to 500 characters",
        "`spread` is a number: it takes an object",
        "`simulation.runs` is 99.5: it takes a whole number from 100 to 100000",
        "`correlation.permille` is 1001: it takes a whole number from 0 to 1000",
        "the points of `factors.index.points` must rise",
    ] {
        assert!(all.iter().any(|problem| problem.contains(part)), "{part} is not in {all:#?}");
    }
    assert_eq!(all.len(), 8, "{all:#?}");
}

#[test]
fn orders_and_texts_are_checked() {
    assert!(refused(r#"{"people": {"view": {"likely_min": 99}}}"#)[0].contains("best_min, likely_min, worst_min must be in that order"));
    assert!(refused(r#"{"machine": {"copy": {"rows_per_s": {"slowest": 999999}}}}"#)[0].contains("slowest, likely, quickest"));
    assert!(refused(r#"{"detection": {"gate": 7}}"#)[0].contains("gate, verify, person, dashboard, nothing"));
    assert!(refused(r#"{"spread": {"stated": {"best_permille": 1500, "worst_permille": 2500}}}"#)[0].contains("at most 1000"));
    assert!(refused(r#"{"machine": {"copy": {"stated_as": "rates.fast"}}}"#)[0].contains("takes one of"));
    assert!(refused(r#"{"people": {"view": {"worst_min": 31, "worst_min": 32}}}"#)[0].contains("stands twice"));
    assert!(refused("people: {}")[0].starts_with("SG-PLAN-101 this is no JSON"));
    assert!(refused("[]")[0].contains("`the model` is a list"));
    assert!(refused(&"[".repeat(10_000))[0].starts_with("SG-PLAN-101"));
    assert!(refused(r#"{"name": "two\nlines"}"#)[0].contains("on one line"));
}

/// Each leaf of the builtin stands in the schema with its range, and the reader takes its ends and refuses beyond.
#[test]
fn the_schema_and_the_reader_agree() {
    fn walk(schema: &Value, path: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, u64, u64)>) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            assert_eq!(schema["additionalProperties"], json!(false));
            for (key, value) in properties {
                path.push(key.clone());
                walk(value, path, leaves);
                path.pop();
            }
        } else if schema["type"] == "integer" {
            leaves.push((path.clone(), schema["minimum"].as_u64().expect("a minimum"), schema["maximum"].as_u64().expect("a maximum")));
            let default = schema["default"].as_u64().expect("a default");
            assert!((leaves.last().expect("a leaf").1..=leaves.last().expect("a leaf").2).contains(&default), "{path:?}");
        }
    }
    let mut leaves = Vec::new();
    walk(&Model::schema(), &mut Vec::new(), &mut leaves);
    assert!(leaves.len() > 200, "only {}", leaves.len());
    for (path, least, most) in leaves {
        let with = |value: u64| path.iter().rev().fold(json!(value), |inner, key| json!({ key: inner })).to_string();
        let range =
            |text: &str| Model::read(text).err().into_iter().flatten().any(|problem| problem.message.contains("it takes a whole number"));
        assert!(!range(&with(least)) && !range(&with(most)), "{path:?}");
        assert!(range(&with(most + 1)), "{path:?}");
        assert!(least == 0 || range(&with(least - 1)), "{path:?}");
    }
}
