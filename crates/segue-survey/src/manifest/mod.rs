//! Dependency manifests and lock files, and files that only say a runtime's version.
//!
//! A manifest says what is wanted, a lock file what was taken; `gather` joins them. Tests: `tests/it/tree.rs`.

mod composer;
mod dotnet;
mod go;
mod jvm;
mod npm;
mod pypi;
mod ruby;
mod runtime;
mod rust;

use crate::document::{Node, json, toml, yaml};
use crate::gather::{Gather, Seen};
use crate::survey::has_extension;
use crate::tree::Tree;

/// The readers by file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    PackageJson,
    PackageLock,
    YarnLock,
    PnpmLock,
    Requirements,
    PyProject,
    PythonLock,
    Pipfile,
    PipfileLock,
    CargoToml,
    CargoLock,
    Pom,
    Gradle,
    GradleLock,
    GoMod,
    Gemfile,
    GemfileLock,
    Composer,
    ComposerLock,
    Project,
    PackagesConfig,
    PackagesLock,
    Runtime,
}

/// The reader of a manifest's path.
pub(crate) fn reader(path: &str) -> Option<Reader> {
    let name = path.rsplit('/').next().unwrap_or_default();
    Some(match name {
        "package.json" => Reader::PackageJson,
        "package-lock.json" | "npm-shrinkwrap.json" => Reader::PackageLock,
        "yarn.lock" => Reader::YarnLock,
        "pnpm-lock.yaml" => Reader::PnpmLock,
        "pyproject.toml" => Reader::PyProject,
        "poetry.lock" | "uv.lock" => Reader::PythonLock,
        "Pipfile" => Reader::Pipfile,
        "Pipfile.lock" => Reader::PipfileLock,
        "Cargo.toml" => Reader::CargoToml,
        "Cargo.lock" => Reader::CargoLock,
        "pom.xml" => Reader::Pom,
        "build.gradle" | "build.gradle.kts" => Reader::Gradle,
        "gradle.lockfile" => Reader::GradleLock,
        "go.mod" => Reader::GoMod,
        "Gemfile" => Reader::Gemfile,
        "Gemfile.lock" => Reader::GemfileLock,
        "composer.json" => Reader::Composer,
        "composer.lock" => Reader::ComposerLock,
        "packages.config" => Reader::PackagesConfig,
        "packages.lock.json" => Reader::PackagesLock,
        ".nvmrc"
        | ".node-version"
        | ".python-version"
        | ".ruby-version"
        | ".java-version"
        | ".php-version"
        | ".go-version"
        | ".tool-versions"
        | "runtime.txt"
        | "global.json"
        | "setup.py"
        | "setup.cfg"
        | "rust-toolchain"
        | "rust-toolchain.toml" => Reader::Runtime,
        _ if has_extension(name, &["csproj", "fsproj", "vbproj"]) => Reader::Project,
        _ if name.starts_with("requirements") && has_extension(name, &["txt", "in"]) => Reader::Requirements,
        _ => return None,
    })
}

/// Reads one.
pub(crate) fn read(reader: Reader, text: &str, tree: &Tree, gather: &mut Gather) {
    match reader {
        Reader::PackageJson => with(json::read(text), gather, npm::package),
        Reader::PackageLock => with(json::read(text), gather, npm::lock),
        Reader::YarnLock => npm::yarn(text, gather),
        Reader::PnpmLock => with_yaml(text, gather, npm::pnpm),
        Reader::Requirements => pypi::requirements(text, gather),
        Reader::PyProject => with(toml::read(text), gather, pypi::project),
        Reader::PythonLock => with(toml::read(text), gather, |node, gather| lock_of_tables(node, "pypi", gather)),
        Reader::Pipfile => with(toml::read(text), gather, pypi::pipfile),
        Reader::PipfileLock => with(json::read(text), gather, pypi::pipfile_lock),
        Reader::CargoToml => with(toml::read(text), gather, rust::manifest),
        Reader::CargoLock => with(toml::read(text), gather, |node, gather| lock_of_tables(node, "cargo", gather)),
        Reader::Pom => jvm::pom(text, gather),
        Reader::Gradle => jvm::gradle(text, gather),
        Reader::GradleLock => jvm::gradle_lock(text, gather),
        Reader::GoMod => go::read(text, tree, gather),
        Reader::Gemfile => ruby::gemfile(text, gather),
        Reader::GemfileLock => ruby::lock(text, gather),
        Reader::Composer => with(json::read(text), gather, composer::manifest),
        Reader::ComposerLock => with(json::read(text), gather, composer::lock),
        Reader::Project => dotnet::project(text, gather),
        Reader::PackagesConfig => dotnet::packages(text, gather),
        Reader::PackagesLock => with(json::read(text), gather, dotnet::lock),
        Reader::Runtime => runtime::read(text, gather),
    }
}

fn with(read: Result<Node, crate::document::Stop>, gather: &mut Gather, then: fn(&Node, &mut Gather)) {
    match read {
        Ok(node) => then(&node, gather),
        Err(stop) => gather.not_read(stop.line, &stop.what),
    }
}

fn with_yaml(text: &str, gather: &mut Gather, then: fn(&Node, &mut Gather)) {
    let (documents, stop) = yaml::read(text);
    for node in &documents {
        then(node, gather);
    }
    if let Some(stop) = stop {
        gather.not_read(stop.line, &stop.what);
    }
}

/// `[[package]]` with `name` and `version`: Cargo, Poetry, uv.
fn lock_of_tables(node: &Node, ecosystem: &str, gather: &mut Gather) {
    for package in node.get("package").map(Node::items).unwrap_or_default() {
        if let (Some(name), Some(version)) = (package.text_at("name"), package.text_at("version")) {
            gather.locked(ecosystem, name, version);
        }
    }
}

/// The map of a manifest whose values are versions, or tables with `version`.
fn packages(node: Option<&Node>, ecosystem: &str, runtime: bool, why: &str, gather: &mut Gather) {
    for entry in node.map(Node::entries).unwrap_or_default() {
        let version = entry.node.text().or_else(|| entry.node.text_at("version")).unwrap_or_default();
        let name = entry.node.text_at("package").unwrap_or(&entry.key);
        gather.package(Seen { name, ecosystem, version, runtime, why, line: entry.line });
    }
}

/// A runtime's version.
fn runtime_version(name: &str, version: &str, line: u32, gather: &mut Gather) {
    gather.component(Seen { name, ecosystem: "runtime", version, runtime: true, why: "", line });
}

/// Lines with their numbers, from 1.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.lines().zip(1_u32..).map(|(line, number)| (number, line))
}
