//! Pipelines: the images, actions and versions with which a system is built. Tests: `tests/it/tree.rs`.

use super::image;
use crate::document::{Node, yaml};
use crate::gather::{Gather, Seen};
use crate::manifest::lines;

fn documents(text: &str, gather: &mut Gather) -> Vec<Node> {
    let (documents, stop) = yaml::read(text);
    if let Some(stop) = stop {
        gather.not_read(stop.line, &stop.what);
    }
    documents
}

fn component(name: &str, ecosystem: &str, version: &str, line: u32, gather: &mut Gather) {
    gather.component(Seen { name, ecosystem, version, runtime: false, why: "", line });
}

fn image_of(node: Option<&Node>, gather: &mut Gather) {
    let Some(node) = node else { return };
    let found = node.get("image").or_else(|| node.get("name")).unwrap_or(node);
    if let Some(text) = found.text() {
        image::take(text, false, found.line, gather);
    }
}

pub(super) fn github(text: &str, gather: &mut Gather) {
    for document in documents(text, gather) {
        for job in document.get("jobs").map(Node::entries).unwrap_or_default() {
            image_of(job.node.get("container"), gather);
            for service in job.node.get("services").map(Node::entries).unwrap_or_default() {
                image_of(Some(&service.node), gather);
            }
            for step in job.node.get("steps").map(Node::items).unwrap_or_default() {
                step_of(step, gather);
            }
            if let Some(uses) = job.node.get("uses") {
                action(uses, gather);
            }
        }
    }
}

fn action(uses: &Node, gather: &mut Gather) {
    let Some((name, version)) = uses.text().and_then(|text| text.rsplit_once('@')) else { return };
    component(name, "ci", version, uses.line, gather);
}

/// An action, and the version of the runtime that it sets up.
fn step_of(step: &Node, gather: &mut Gather) {
    if let Some(uses) = step.get("uses") {
        action(uses, gather);
    }
    for (key, runtime) in [
        ("node-version", "node"),
        ("python-version", "python"),
        ("go-version", "go"),
        ("java-version", "java"),
        ("ruby-version", "ruby"),
        ("php-version", "php"),
        ("dotnet-version", "dotnet"),
    ] {
        if let Some(version) = step.at(&["with", key])
            && let Some(text) = version.text().filter(|text| !text.contains("${{"))
        {
            component(runtime, "runtime", text, version.line, gather);
        }
    }
}

pub(super) fn gitlab(text: &str, gather: &mut Gather) {
    for document in documents(text, gather) {
        image_of(document.get("image"), gather);
        for entry in document.entries() {
            image_of(entry.node.get("image"), gather);
            let services = if entry.key == "services" { Some(&entry.node) } else { entry.node.get("services") };
            for service in services.map(Node::items).unwrap_or_default() {
                image_of(Some(service), gather);
            }
        }
        if document.get("include").is_some() {
            gather.not_read(1, "`include`: what other files bring in is not here");
        }
    }
}

pub(super) fn circle(text: &str, gather: &mut Gather) {
    for document in documents(text, gather) {
        for group in ["jobs", "executors"] {
            for job in document.get(group).map(Node::entries).unwrap_or_default() {
                for container in job.node.get("docker").map(Node::items).unwrap_or_default() {
                    image_of(Some(container), gather);
                }
            }
        }
        for orb in document.get("orbs").map(Node::entries).unwrap_or_default() {
            if let Some((name, version)) = orb.node.text().and_then(|text| text.rsplit_once('@')) {
                component(name, "ci", version, orb.line, gather);
            }
        }
    }
}

/// A Jenkinsfile is a program: images that are written plainly are read, the rest is said not to be.
pub(super) fn jenkins(text: &str, gather: &mut Gather) {
    component("jenkins", "ci", "", 1, gather);
    for (line, text) in lines(text) {
        let trimmed = text.trim();
        let Some(rest) = trimmed.strip_prefix("image ").or_else(|| trimmed.split_once("docker.image(").map(|(_, rest)| rest)) else {
            continue;
        };
        let quoted = rest.trim_start().trim_start_matches(['\'', '"']);
        let image = quoted.split(['\'', '"']).next().unwrap_or_default();
        if !image.is_empty() {
            image::take(image, false, line, gather);
        }
    }
    gather.not_read(1, "a Jenkinsfile is a program: only images that are written plainly were read");
}
