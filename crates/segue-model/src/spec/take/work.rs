//! `rollout`, `rollback_when`, `phases`, `risks`, `comms`.
//!
//! Tests: `tests/it/whole.rs`.

use super::program::window;
use super::{Take, list};
use crate::spec::node::{Kind, Node};
use crate::spec::program::{CommsWish, GateWish, MetricCondition, MetricValue, PhaseWish, RiskWish, Rollout, TaskWish, Trigger};
use crate::spec::relations;
use crate::spec::{amounts, condition};

/// `rollout`; its system is the only `http` one where it is left out.
pub(super) fn rollout(take: &Take, node: &Node, root: &Node) -> Rollout {
    let system = take.text(node, "system").or_else(|| match relations::of_engine(root, &["http"]).as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    });
    Rollout {
        system,
        shadow_ppm10: take.read(node, "shadow", amounts::percent),
        steps: list(node.get("steps"), |step| amounts::percent(&take.scalar(step)).unwrap_or_else(|| take.wrong())),
        hold: take.duration(node, "hold"),
        sticky: take.text(node, "sticky"),
    }
}

fn condition(take: &Take, text: &str) -> MetricCondition {
    if let Ok(placed) = condition::parse(text) {
        return placed.condition;
    }
    let value = MetricValue::Milli(take.wrong());
    MetricCondition { metric: String::new(), side: None, op: String::new(), value, for_ms: 0 }
}

/// One of `rollback_when`.
pub(super) fn trigger(take: &Take, node: &Node) -> Trigger {
    if matches!(node.kind, Kind::Map(_)) {
        let action = take.text(node, "action").unwrap_or_else(|| "rollback".to_owned());
        return Trigger { when: condition(take, &take.must(node, "when")), action };
    }
    Trigger { when: condition(take, &take.scalar(node)), action: "rollback".to_owned() }
}

/// One of `phases`.
pub(super) fn phase(take: &Take, node: &Node) -> PhaseWish {
    PhaseWish {
        after: node.get("after").map(|_| take.texts(node, "after")),
        hold: take.duration(node, "hold"),
        gate: list(node.get("gate"), |item| gate(take, item)),
        window: list(node.get("window"), |item| window(take, item)),
        skip: take.text(node, "skip"),
        estimate: node.get("estimate").map(|node| {
            let seconds = |key: &str| take.duration(node, key).map_or_else(|| take.wrong(), |time| time.0.div_ceil(1_000));
            (seconds("best"), seconds("likely"), seconds("worst"))
        }),
        tasks: list(node.get("tasks"), |item| task(take, item)),
    }
}

fn gate(take: &Take, node: &Node) -> GateWish {
    match node.get("approve") {
        Some(approve) => GateWish::Approve { by: take.texts(approve, "by"), count: take.count(approve, "count").unwrap_or(1) },
        None => GateWish::Metric(condition(take, &take.scalar(node))),
    }
}

fn task(take: &Take, node: &Node) -> TaskWish {
    if matches!(node.kind, Kind::Map(_)) {
        // Hundredths of an hour, rounded up to whole minutes.
        let minutes = take.read(node, "hours", |text| amounts::decimal(text, 2)).map(|hundredths| (hundredths * 60).div_ceil(100));
        return TaskWish { what: take.must(node, "do"), owner: take.text(node, "owner"), minutes };
    }
    TaskWish { what: take.scalar(node), owner: None, minutes: None }
}

/// One of `risks`.
pub(super) fn risk(take: &Take, node: &Node) -> RiskWish {
    RiskWish {
        id: take.text(node, "id"),
        what: take.must(node, "what"),
        severity: take.count(node, "severity").unwrap_or_else(|| take.wrong()),
        occurrence: take.count(node, "occurrence").unwrap_or_else(|| take.wrong()),
        detection: take.count(node, "detection"),
        mitigation: take.text(node, "mitigation"),
        owner: take.text(node, "owner"),
        watch: take.text(node, "watch"),
    }
}

/// One of `comms`; `None` where it is null.
pub(super) fn comms(take: &Take, node: &Node) -> Option<CommsWish> {
    let wish = || CommsWish {
        every: take.text(node, "every"),
        lead_time: take.duration(node, "lead_time"),
        to: take.text(node, "to"),
        channel: take.text(node, "channel"),
        template: take.text(node, "template"),
    };
    (!matches!(node.kind, Kind::Null)).then(wish)
}
