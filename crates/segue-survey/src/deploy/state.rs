//! Terraform state: resources that are really there. It holds every secret in the open: only names and kinds are taken.
//! Tests: `tests/it/tree.rs`.

use segue_model::assessment::Resource;

use crate::document::{Node, json};
use crate::gather::{Gather, Seen, safe};

pub(super) fn read(text: &str, gather: &mut Gather) {
    let root = match json::read(text) {
        Ok(root) => root,
        Err(stop) => return gather.not_read(stop.line, &stop.what),
    };
    if root.text_at("version") != Some("4") {
        return gather.not_read(1, "a state of another version than 4");
    }
    if let Some(version) = root.get("terraform_version") {
        gather.component(Seen {
            name: "terraform",
            ecosystem: "runtime",
            version: version.text().unwrap_or_default(),
            runtime: false,
            why: "",
            line: version.line,
        });
    }
    for resource in root.get("resources").map(Node::items).unwrap_or_default() {
        if resource.text_at("mode") == Some("data") {
            continue;
        }
        take(resource, gather);
    }
}

fn take(node: &Node, gather: &mut Gather) {
    let (kind, name) = (node.text_at("type").unwrap_or_default(), node.text_at("name").unwrap_or_default());
    let module = node.text_at("module").map(|m| format!("{m}.")).unwrap_or_default();
    let instances = node.get("instances").map(Node::items).unwrap_or_default();
    let mut refers_to: Vec<String> = Vec::new();
    for instance in instances {
        for item in instance.get("dependencies").map(Node::items).unwrap_or_default() {
            refers_to.extend(item.text().map(safe));
        }
        let attribute = |key: &str| instance.at(&["attributes", key]).and_then(Node::text).unwrap_or_default();
        let engine = attribute("engine");
        if kind.contains("db_instance") || kind.contains("rds_cluster") {
            let name = ["postgres", "mariadb", "mysql"].into_iter().find(|name| engine.contains(name));
            if let Some(name) = name {
                gather.component(Seen {
                    name,
                    ecosystem: "database",
                    version: attribute("engine_version"),
                    runtime: true,
                    why: "",
                    line: node.line,
                });
            }
        }
    }
    refers_to.sort();
    refers_to.dedup();
    let place = format!("{}:{}", gather.path(), node.line);
    let address = safe(&format!("{module}{kind}.{name}"));
    gather.resources.push(Resource {
        address,
        kind: safe(kind),
        count: instances.len() as u64,
        equivalent: None,
        note: String::new(),
        place,
        refers_to,
    });
}
