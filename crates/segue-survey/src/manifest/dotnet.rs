//! .NET projects. XML without a document type: entities of one's own are not expanded. Tests: `tests/it/tree.rs`.

use roxmltree::{Document, Node as Xml};

use super::runtime_version;
use crate::document::{Lines, Node};
use crate::gather::{Gather, Seen};

/// Reads XML, or says why not; also for Maven.
pub(super) fn xml<'a>(text: &'a str, gather: &mut Gather) -> Option<Document<'a>> {
    match Document::parse(text) {
        Ok(document) => Some(document),
        Err(error) => {
            gather.not_read(error.pos().row, "it is not XML without a document type");
            None
        }
    }
}

pub(super) fn element<'a, 'b>(node: Xml<'a, 'b>, name: &str) -> Option<Xml<'a, 'b>> {
    node.children().find(|child| child.tag_name().name() == name)
}

pub(super) fn project(text: &str, gather: &mut Gather) {
    let Some(document) = xml(text, gather) else { return };
    let places = Lines::new(text);
    for node in document.descendants() {
        let line = places.of(node.range().start);
        match node.tag_name().name() {
            "PackageReference" => {
                let name = node.attribute("Include").or_else(|| node.attribute("Update")).unwrap_or_default();
                let version = node.attribute("Version").or_else(|| element(node, "Version").and_then(|v| v.text())).unwrap_or_default();
                let build = node.attribute("PrivateAssets").is_some_and(|v| v.eq_ignore_ascii_case("all"));
                let why = if build { "to build only (`PrivateAssets`)" } else { "needed to run (`PackageReference`)" };
                gather.package(Seen { name, ecosystem: "nuget", version, runtime: !build, why, line });
            }
            "TargetFramework" | "TargetFrameworks" | "TargetFrameworkVersion" => {
                for framework in node.text().unwrap_or_default().split(';') {
                    target(framework.trim(), line, gather);
                }
            }
            _ => {}
        }
    }
}

/// `net8.0`, `netcoreapp3.1`; `net48` and `v4.8` are .NET Framework, `netstandard2.0` is no runtime.
fn target(framework: &str, line: u32, gather: &mut Gather) {
    if let Some(version) = framework.strip_prefix("netcoreapp") {
        runtime_version("dotnet", version, line, gather);
    } else if let Some(version) = framework.strip_prefix("net").filter(|v| v.starts_with(|c: char| c.is_ascii_digit())) {
        let old = !version.contains('.');
        runtime_version(if old { "dotnet-framework" } else { "dotnet" }, version.split('-').next().unwrap_or_default(), line, gather);
    } else if framework.starts_with('v') {
        runtime_version("dotnet-framework", framework, line, gather);
    }
}

pub(super) fn packages(text: &str, gather: &mut Gather) {
    let Some(document) = xml(text, gather) else { return };
    let places = Lines::new(text);
    for node in document.descendants().filter(|n| n.tag_name().name() == "package") {
        let (name, version) = (node.attribute("id").unwrap_or_default(), node.attribute("version").unwrap_or_default());
        gather.locked("nuget", name, version);
        gather.package(Seen {
            name,
            ecosystem: "nuget",
            version,
            runtime: true,
            why: "needed to run (`packages.config`)",
            line: places.of(node.range().start),
        });
    }
}

pub(super) fn lock(node: &Node, gather: &mut Gather) {
    for framework in node.get("dependencies").map(Node::entries).unwrap_or_default() {
        for package in framework.node.entries() {
            if let Some(version) = package.node.text_at("resolved") {
                gather.locked("nuget", &package.key, version);
            }
        }
    }
}
