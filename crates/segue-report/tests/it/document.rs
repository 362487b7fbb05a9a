//! The Markdown plan in the orders of the requirement documents, and the YAML plan.

use segue_report::document::{Order, plan_markdown, plan_yaml};

use crate::sample;

/// Every section of the document's template, in its order.
fn template(order: Order) -> &'static [&'static str] {
    match order {
        Order::Segue => &[
            "Now and then",
            "Pattern",
            "Can we go back?",
            "When",
            "Risks",
            "Triggers",
            "Phases",
            "Rollback",
            "Checklists",
            "Who is told what",
            "Needed before start",
            "Findings",
            "Not checked",
        ],
        Order::Doc001 => &[
            "Migration Plan Summary",
            "Current vs Target State",
            "Migration Phases",
            "Dependency Analysis",
            "Cutover Checklist",
            "Rollback Strategy",
            "Rollback Triggers",
            "Rollback Procedure",
            "Risk Mitigation",
            "Testing Plan",
            "Pre-Migration Testing",
            "Migration Testing",
            "Monitoring & Validation",
            "Key Metrics to Monitor",
            "Validation Queries",
            "Post-Migration Tasks",
            "Week 1",
            "Week 2-4",
            "Month 2-3",
            "Success Criteria",
        ],
        Order::Doc002 => &[
            "Migration Plan:",
            "Overview",
            "Current State Analysis",
            "Migration Strategy",
            "Migration Phases",
            "Risk Assessment",
            "High Risks",
            "Medium Risks",
            "Rollback Plans",
            "Phase 1 Rollback",
            "Monitoring & Validation",
            "Metrics to Monitor",
            "Validation Checks",
            "Communication Plan",
            "Stakeholders",
            "Testing Strategy",
            "Pre-Migration Testing",
            "During Migration",
            "Post-Migration",
            "Prerequisites",
            "Success Criteria",
            "Lessons Learned Template",
        ],
        Order::Doc003 => &[
            "Migration Strategy:",
            "Overview",
            "Breaking Changes Analysis",
            "Deprecation Timeline",
            "Data Migration Strategy",
            "Data Schema Changes",
            "Migration Script",
            "Migration Execution Plan",
            "Rollout Strategy",
            "Canary Deployment",
            "Feature Flags Implementation",
            "Rollback Procedures",
            "Automated Rollback Triggers",
            "Manual Rollback Steps",
            "Communication Plan",
            "Stakeholder Communication Matrix",
            "Communication Templates",
            "Validation & Verification",
            "Post-Migration Validation",
        ],
    }
}

const ORDERS: [Order; 4] = [Order::Segue, Order::Doc001, Order::Doc002, Order::Doc003];

#[test]
fn golden_documents() {
    for order in ORDERS {
        insta::assert_snapshot!(format!("document_shop_{order:?}"), plan_markdown(&sample::shop(), order));
    }
    insta::assert_snapshot!("document_service_Doc003", plan_markdown(&sample::service(), Order::Doc003));
    insta::assert_snapshot!("document_schema_Doc001", plan_markdown(&crate::plan::plan(), Order::Doc001));
}

#[test]
fn golden_yaml() {
    insta::assert_snapshot!(plan_yaml(&sample::shop()));
}

#[test]
fn every_section_of_a_template_stands_in_its_order() {
    for (name, plan) in sample::all() {
        for order in ORDERS {
            let text = plan_markdown(&plan, order);
            let headings: Vec<&str> =
                text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches(['#', ' '])).collect();
            let mut at = 0;
            for section in template(order) {
                let found = headings[at..].iter().position(|heading| heading.starts_with(section));
                at += found.unwrap_or_else(|| panic!("{name} {order:?}: {section} is missing after {at} of {headings:?}")) + 1;
            }
        }
    }
}

/// Something has to stand under every heading: text, or headings one level down.
#[test]
fn no_section_is_empty() {
    for (name, plan) in sample::all() {
        for order in ORDERS {
            let text = plan_markdown(&plan, order);
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
            for pair in lines.windows(2).filter(|pair| pair[0].starts_with('#')) {
                let depth = |line: &str| line.chars().take_while(|c| *c == '#').count();
                assert!(depth(pair[1]) == 0 || depth(pair[1]) > depth(pair[0]), "{name} {order:?}: {pair:?}");
            }
        }
    }
}

#[test]
fn no_document_has_a_placeholder() {
    for (name, plan) in sample::all() {
        let documents = ORDERS.iter().map(|order| plan_markdown(&plan, *order)).chain([plan_yaml(&plan)]);
        for text in documents {
            for line in text.lines() {
                let bare = line.replace("[x]", "").replace("[ ]", "");
                for placeholder in ["TODO", "TBD", "XXX", "{{", "}}", "<your", "[URL]", "[Date]", "[N]", "YYYY"] {
                    assert!(!bare.contains(placeholder), "{name}: {placeholder} in {line}");
                }
            }
        }
    }
}

#[test]
fn what_the_documents_ask_for_and_nobody_stated_is_needed() {
    let text = plan_markdown(&sample::service(), Order::Doc002);
    let (_, needed) = text.split_once("Needed before start\n").expect("the section");
    for key in ["`team`", "`why`", "`start`", "`owners`", "`comms`", "`rollback_when`", "`systems.NAME.facts.peak_tps`"] {
        assert!(needed.contains(key), "{key}: {needed}");
    }
    let shop = plan_markdown(&sample::shop(), Order::Doc002);
    assert!(!shop.contains("`owners`"), "what was stated is not asked for");
}

#[test]
fn a_long_phase_is_shown_by_kinds() {
    let text = plan_markdown(&sample::shop_of(&[], 5_000), Order::Doc001);
    assert!(text.contains("and 4,999 more of `copy_table` in the same way"));
    assert!(text.len() < 60_000, "{}", text.len());
}

/// Every scalar of a YAML text, by what a reader of YAML makes of it; an error where it makes nothing.
fn scalars(yaml: &str) -> Vec<(String, bool)> {
    use granit_parser::{Event, Parser, ScalarStyle, StrInput};
    let mut all = Vec::new();
    for event in Parser::new(StrInput::new(yaml)) {
        let (event, _) = event.expect("YAML");
        if let Event::Scalar(text, style, ..) = event {
            all.push((text.to_string(), style == ScalarStyle::DoubleQuoted));
        }
    }
    all
}

#[test]
fn the_yaml_reads_back() {
    let mut plans = sample::all();
    plans.push(("hostile", crate::html_hostile::plan()));
    for (name, plan) in plans {
        let all = scalars(&plan_yaml(&plan));
        let texts: Vec<&str> = all.iter().filter(|(_, quoted)| *quoted).map(|(text, _)| text.as_str()).collect();
        assert!(texts.contains(&plan.id.as_str()), "{name}: the id is a text as it was");
        for phase in &plan.phases {
            assert!(texts.contains(&phase.goal.as_str()), "{name}: {}", phase.goal);
            assert!(all.iter().any(|(key, _)| key.ends_with(&format!("_{}", phase.name))), "{name}: {}", phase.name);
        }
    }
}
