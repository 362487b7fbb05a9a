//! Maven and Gradle. Gradle files are programs: what is written plainly is read, the rest is not. Tests: `tests/it/tree.rs`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use roxmltree::Node as Xml;

use super::dotnet::{element, xml};
use super::{lines, runtime_version};
use crate::document::Lines;
use crate::gather::{Gather, Seen};

pub(super) fn pom(text: &str, gather: &mut Gather) {
    let Some(document) = xml(text, gather) else { return };
    let places = Lines::new(text);
    let root = document.root_element();
    let properties: BTreeMap<&str, &str> = element(root, "properties")
        .map(|p| p.children().filter_map(|n| Some((n.tag_name().name(), n.text()?.trim()))).collect())
        .unwrap_or_default();
    let resolve = |value: &str| match value.trim().strip_prefix("${").and_then(|v| v.strip_suffix('}')) {
        Some(name) => properties.get(name).copied().unwrap_or_default().to_owned(),
        None => value.trim().to_owned(),
    };
    let child = |node: Xml<'_, '_>, name: &str| element(node, name).and_then(|n| n.text()).map(resolve).unwrap_or_default();
    for node in document.descendants() {
        let kind = node.tag_name().name();
        if !matches!(kind, "dependency" | "parent") {
            continue;
        }
        let name = format!("{}:{}", child(node, "groupId"), child(node, "artifactId"));
        let scope = child(node, "scope");
        let runtime = !matches!(scope.as_str(), "test" | "provided" | "system") && child(node, "optional") != "true";
        let why = if runtime { "needed to run" } else { "not needed to run (its scope)" };
        let version = child(node, "version");
        gather.package(Seen { name: &name, ecosystem: "maven", version: &version, runtime, why, line: places.of(node.range().start) });
    }
    for name in ["java.version", "maven.compiler.release", "maven.compiler.source"] {
        if let Some(version) = properties.get(name) {
            let at = text.find(&format!("<{name}>")).unwrap_or(0);
            runtime_version("java", &resolve(version), places.of(at), gather);
            break;
        }
    }
}

static DEPENDENCY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*(\w*(?i:implementation|api|compile|compileOnly|runtimeOnly|classpath|kapt|annotationProcessor))\s*\(?\s*(?:platform\s*\()?\s*["']([^:"'\s]+:[^:"'\s]+)(?::([^"'\s@]+))?"#).ok()
});
static PLUGIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"id\s*\(?\s*["']([\w.\-]+)["']\s*\)?\s*version\s*\(?\s*["']([^"']+)["']"#).ok());
static JAVA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:sourceCompatibility|JavaLanguageVersion\.of|jvmToolchain|jvmTarget)\s*[=(]?\s*\(?["']?(?:JavaVersion\.VERSION_)?(\d[\d._]*)"#,
    )
    .ok()
});

pub(super) fn gradle(text: &str, gather: &mut Gather) {
    let (Some(dependency), Some(plugin), Some(java)) = (&*DEPENDENCY, &*PLUGIN, &*JAVA) else { return };
    for (line, text) in lines(text).filter(|(_, text)| text.len() < 2_000) {
        if let Some(found) = dependency.captures(text) {
            let scope = found[1].to_lowercase();
            let runtime = !(scope.starts_with("test")
                || scope.starts_with("androidtest")
                || scope.contains("compileonly")
                || scope.contains("processor")
                || scope == "kapt");
            let version = found.get(3).map_or("", |v| v.as_str());
            let why = if runtime { "needed to run" } else { "to build and test only (its configuration)" };
            gather.package(Seen { name: &found[2], ecosystem: "gradle", version, runtime, why, line });
        } else if let Some(found) = plugin.captures(text) {
            gather.package(Seen {
                name: &found[1],
                ecosystem: "gradle",
                version: &found[2],
                runtime: false,
                why: "to build only (`plugins`)",
                line,
            });
        } else if let Some(found) = java.captures(text) {
            runtime_version("java", &found[1].replace('_', "."), line, gather);
        }
    }
}

/// `group:name:version=configuration,…`.
pub(super) fn gradle_lock(text: &str, gather: &mut Gather) {
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('=').next().unwrap_or_default().split(':').collect();
        if let [group, name, version] = parts.as_slice() {
            gather.locked("gradle", &format!("{group}:{name}"), version);
        }
    }
}
