//! What people read: messages, reach, steps, places; and how policies judge.

use std::fmt::Write as _;

use segue_compat::policy::{POLICIES, Policy};

use super::case::{compare, compare_with};

const OLD: &str = "type Query {
  order(id: ID!): Order
  orders(first: Int = 10, status: Status): [Order!]!
  search(by: OrderFilter!): [Result!]
}
type Mutation { cancel(id: ID!): Order }
interface Node { id: ID! createdAt: String }
type Order implements Node { id: ID! createdAt: String total: Int! name: String status: Status! }
type Offer implements Node { id: ID! createdAt: String total: Int! }
union Result = Order | Offer
enum Status { OPEN DONE }
input OrderFilter { name: String status: [Status!] minimum: Int = 0 }
";
const NEW: &str = "type Query {
  order(id: ID!): Order
  orders(first: Int!, status: Status): [Order!]!
  search(by: OrderFilter!): [Result!]
}
type Mutation { cancel(id: ID!, reason: String!): Order }
interface Node { id: ID! }
type Order implements Node { id: ID! total: Int fullName: String status: Status! }
type Offer implements Node { id: ID! total: Int! }
union Result = Order
enum Status { OPEN DONE LOST }
input OrderFilter { name: String! status: [Status!] minimum: Int = 1 }
";

#[test]
fn messages_are_sentences() {
    let report = compare(OLD, NEW);
    let mut text = String::new();
    for finding in &report.findings {
        let at = finding.at.as_ref().map_or(String::new(), |at| format!("{}:{}:{}", at.file, at.line, at.column));
        let _ = writeln!(text, "{at} {}: {}", finding.rule, finding.message);
        if let Some(reach) = &finding.reach {
            let _ = writeln!(text, "  reach {}: {}", reach.count, reach.examples.join(", "));
        }
        if let Some(witness) = &finding.witness {
            let _ = writeln!(text, "  {:?} takes {}", witness.accepted_by, witness.value);
        }
    }
    insta::assert_snapshot!("messages", text);
}

#[test]
fn fields_that_go_have_a_safe_way() {
    let report = compare(OLD, NEW);
    let steps: Vec<String> = report.steps.iter().map(|step| format!("{} · {} · {}", step.phase, step.id, step.what)).collect();
    insta::assert_snapshot!("steps", steps.join("\n"));
    for step in &report.steps {
        assert!(report.findings.iter().any(|finding| step.finding.as_deref() == Some(finding.id.as_str())), "{}", step.id);
    }
    let deprecated = OLD.replace("name: String status: Status!", "name: String @deprecated status: Status!");
    let ids = |report: segue_model::check::CheckReport| report.steps.into_iter().map(|step| step.id).collect::<Vec<_>>();
    assert!(!ids(compare(&deprecated, NEW)).contains(&"deprecate Order.name".to_owned()));
}

#[test]
fn policies_judge_the_same_findings() {
    let mut text = String::new();
    for policy in POLICIES {
        let report = compare_with(OLD, NEW, policy);
        let mut counts = std::collections::BTreeMap::new();
        for finding in &report.findings {
            *counts.entry(format!("{:?}", finding.severity).to_lowercase()).or_insert(0) += 1;
        }
        let _ = writeln!(text, "{}: {:?} {counts:?}", policy.name, report.verdict);
        assert_eq!(report.findings.len(), compare(OLD, NEW).findings.len());
    }
    insta::assert_snapshot!("policies", text);
    assert!(Policy::named("default").is_some());
}

#[test]
fn the_same_bytes_come_out_each_time() {
    let text = |report: &segue_model::check::CheckReport| serde_json::to_string(report).expect("JSON");
    let first = text(&compare(OLD, NEW));
    for _ in 0..20 {
        assert_eq!(text(&compare(OLD, NEW)), first);
    }
}

#[test]
fn findings_keep_their_ids_when_lines_move() {
    let ids = |old: &str, new: &str| compare(old, new).findings.into_iter().map(|finding| finding.id).collect::<Vec<_>>();
    assert_eq!(ids(OLD, NEW), ids(&format!("# words\n\n{OLD}"), &NEW.replace('\n', "\n\n")));
}
