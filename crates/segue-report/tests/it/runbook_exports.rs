//! What the exports say, golden and by rule.

use segue_report::runbook::{self, State, placeholders};

use crate::runbook_fixture::{all, api, rehearsed, schema, shop};

#[test]
fn golden_markdown_of_a_migration_by_hand() {
    insta::assert_snapshot!(runbook::markdown(&shop()));
}

#[test]
fn golden_markdown_of_a_rehearsed_change_of_form() {
    insta::assert_snapshot!(runbook::markdown(&rehearsed()));
}

#[test]
fn golden_json() {
    insta::assert_json_snapshot!(runbook::json(&shop()));
}

#[test]
fn no_export_has_a_hole() {
    for plan in all() {
        let json = serde_json::to_string_pretty(&runbook::json(&plan)).expect("json");
        for (name, text) in
            [("markdown", runbook::markdown(&plan)), ("shell", runbook::shell(&plan)), ("sql", runbook::sql(&plan)), ("json", json)]
        {
            assert_eq!(placeholders(&text), [], "{name} of {}", plan.id);
        }
    }
}

#[test]
fn a_command_with_a_hole_is_not_printed_and_readiness_is_red() {
    let mut plan = api();
    assert_eq!(runbook::readiness(&plan).state, State::Green, "{:?}", runbook::readiness(&plan).reasons);
    let command = plan.phases[0].steps[0].outside.command.as_mut().expect("a command");
    "psql < {backup_file}".clone_into(&mut command.text);
    let ready = runbook::readiness(&plan);
    assert_eq!(ready.state, State::Red);
    assert!(ready.reasons[0].contains("waits for a value"), "{:?}", ready.reasons);
    assert_eq!(runbook::block(&plan, &plan.phases[0].steps[0].id), None);
    for text in [runbook::markdown(&plan), runbook::shell(&plan), runbook::sql(&plan), runbook::json(&plan).to_string()] {
        assert!(!text.contains("backup_file"));
    }
}

#[test]
fn what_is_needed_makes_it_red_and_names_its_key() {
    let plan = shop();
    let ready = runbook::readiness(&plan);
    assert!(ready.is_red());
    assert_eq!(ready.reasons, ["needed before start: the size of the old database (`systems.old.facts.size`)"]);
    let mut plan = plan;
    plan.program.needed[0].for_what = vec!["estimate".to_owned()];
    assert!(!runbook::readiness(&plan).is_red(), "a date that is only wide is no hole in the way back");
    assert!(runbook::markdown(&plan).contains("systems.old.facts.size"), "it is still listed");
}

#[test]
fn readiness_says_what_nobody_tried() {
    let ready = runbook::readiness(&schema());
    assert!(ready.untested[0].contains("segue rehearse"), "{:?}", ready.untested);
    assert_eq!(runbook::readiness(&rehearsed()).untested, Vec::<String>::new());
    let mut other = rehearsed();
    other.program.rehearsal.as_mut().expect("there").spec_digest = "other".to_owned();
    assert!(runbook::readiness(&other).untested[0].contains("of other changes"));
    let mut none = api();
    none.phases[0].steps[0].undo.what.clear();
    assert!(runbook::readiness(&none).is_red());
}

#[test]
fn the_curve_adds_up_and_ends_at_the_final_step() {
    let points = runbook::curve(&rehearsed());
    let steps: Vec<usize> = rehearsed().phases.iter().map(|phase| phase.steps.len()).collect();
    let mut seconds = 0;
    for (point, steps) in points.iter().zip(&steps).take(points.len() - 1) {
        seconds += *steps as u64;
        assert_eq!((point.possible.as_str(), point.seconds), ("yes", Some(seconds)), "{point:?}");
        assert_eq!(point.from, ["measured in rehearsal R-7"]);
    }
    let last = points.last().expect("points");
    assert_eq!((last.phase.as_str(), last.possible.as_str(), last.seconds), ("contract", "no", None));
    let by_hand = runbook::curve(&shop());
    assert_eq!(by_hand[0].seconds, Some(240));
    assert_eq!((by_hand[1].seconds, by_hand[1].unknown.clone()), (None, vec!["copy".to_owned()]), "a sum with a gap is none");
    assert_eq!(by_hand[2].users_notice, ["orders cannot be placed for up to 5 s"]);
}

#[test]
fn every_step_says_all_of_it() {
    for plan in all() {
        let json = runbook::json(&plan);
        let steps = json["phases"].as_array().expect("phases").iter().flat_map(|phase| phase["steps"].as_array().expect("steps"));
        for step in steps {
            for key in ["what", "owner", "verify", "users_notice"] {
                assert!(!step[key].as_str().expect(key).is_empty(), "{key} of {}", step["id"]);
            }
            assert!(!step["back"]["what"].as_str().expect("what").is_empty());
            assert!(!step["back"]["loses"].as_str().expect("loses").is_empty());
            assert!(step["by"] == "manual" || step["command"].is_object(), "{step}");
        }
        for phase in json["phases"].as_array().expect("phases") {
            for key in ["how", "users_notice", "loses"] {
                assert!(!phase["back"][key].as_str().expect(key).is_empty(), "{key} of {}", phase["name"]);
            }
        }
    }
}

#[test]
fn many_steps_stay_readable() {
    let mut plan = rehearsed();
    let step = plan.phases[1].steps[0].clone();
    plan.phases[1].steps = (0..5_000)
        .map(|number| {
            let mut step = step.clone();
            step.id = format!("expand/t{number}");
            step.undo.what = format!("drop t{number}");
            step
        })
        .collect();
    let how = runbook::json(&plan)["phases"][1]["back"]["how"].as_str().expect("words").to_owned();
    assert!(how.ends_with("And 4994 more, each at its step") && how.len() < 300, "{how}");
}
