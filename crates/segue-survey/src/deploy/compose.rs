//! Compose files: services, what they wait for, what they keep. Values of variables are never kept.
//! Tests: `tests/it/tree.rs`, `tests/it/hostile.rs`.

use segue_model::assessment::Verdict;
use segue_model::finding::Severity;

use super::docker::open_secret;
use super::image;
use crate::document::{Entry, Node, Value, yaml};
use crate::gather::{Gather, Judged, is_secret_name};

pub(super) fn read(text: &str, gather: &mut Gather) {
    let (documents, stop) = yaml::read(text);
    if let Some(stop) = stop {
        gather.not_read(stop.line, &stop.what);
    }
    for document in &documents {
        for entry in document.get("services").map(Node::entries).unwrap_or_default() {
            service(entry, gather);
        }
    }
}

fn service(entry: &Entry, gather: &mut Gather) {
    let (name, node) = (entry.key.as_str(), &entry.node);
    if let Some(found) = node.get("image")
        && let Some(text) = found.text()
    {
        image::take(text, true, found.line, gather);
    }
    waits(name, node, gather);
    let kept: usize = node.get("volumes").map(Node::items).unwrap_or_default().len();
    let ports = node.get("ports").map(Node::items).unwrap_or_default().len();
    let reason = format!("a service of the compose file: {kept} volumes, {ports} ports to the outside");
    let judged = if kept > 0 {
        Judged { verdict: Verdict::Manual, rule: "compose.state", reason: &reason, effort_min: 60 }
    } else {
        Judged { verdict: Verdict::AutoWithWarning, rule: "compose.service", reason: &reason, effort_min: 20 }
    };
    gather.object("service", name, judged, entry.line);
    if node.get("healthcheck").is_none() {
        let message = "the service has no health check: `depends_on` waits for its start alone";
        gather.finding("SG-SUR-021", Severity::Info, name, message, "give it a `healthcheck`, and wait for `service_healthy`", entry.line);
    }
    environment(node, gather);
}

/// `depends_on` and `links`, as a list or a map.
fn waits(name: &str, node: &Node, gather: &mut Gather) {
    for key in ["depends_on", "links"] {
        let Some(list) = node.get(key) else { continue };
        for item in list.items() {
            let on = item.text().unwrap_or_default().split(':').next().unwrap_or_default();
            gather.depends(name, on, "service", true, "it is started first (`depends_on`)", item.line);
        }
        for entry in list.entries() {
            let optional = matches!(entry.node.get("required"), Some(Node { value: Value::Bool(false), .. }));
            let why = if optional { "it starts without it (`required: false`)" } else { "it is started first (`depends_on`)" };
            gather.depends(name, &entry.key, "service", !optional, why, entry.line);
        }
    }
}

fn environment(node: &Node, gather: &mut Gather) {
    let Some(variables) = node.get("environment") else { return };
    for item in variables.items() {
        if let Some((name, value)) = item.text().and_then(|text| text.split_once('=')) {
            secret(name, value, item.line, gather);
        }
    }
    for entry in variables.entries() {
        secret(&entry.key, entry.node.text().unwrap_or_default(), entry.line, gather);
    }
}

fn secret(name: &str, value: &str, line: u32, gather: &mut Gather) {
    if is_secret_name(name) && !value.is_empty() && !value.starts_with("${") {
        open_secret(name, line, gather);
    }
}
