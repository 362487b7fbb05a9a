//! What a system runs as: images, services, workloads, cloud resources, pipelines. Tests: `tests/it/tree.rs`.

mod ci;
mod compose;
mod docker;
mod hcl;
mod image;
pub(crate) mod kubernetes;
mod state;

use crate::gather::Gather;
use crate::survey::has_extension;

/// The readers by file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    Dockerfile,
    Compose,
    Terraform,
    State,
    GitHub,
    GitLab,
    CircleCi,
    Jenkins,
}

/// The reader of a deployment file's path.
pub(crate) fn reader(path: &str) -> Option<Reader> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let yaml = has_extension(name, &["yml", "yaml"]);
    if name == "Dockerfile" || name == "Containerfile" || name.starts_with("Dockerfile.") || has_extension(name, &["dockerfile"]) {
        Some(Reader::Dockerfile)
    } else if yaml && (name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("compose-")) {
        Some(Reader::Compose)
    } else if has_extension(name, &["tf"]) {
        Some(Reader::Terraform)
    } else if has_extension(name, &["tfstate"]) {
        Some(Reader::State)
    } else if yaml && (path.starts_with(".github/workflows/") || path.contains("/.github/workflows/")) {
        Some(Reader::GitHub)
    } else if name == ".gitlab-ci.yml" {
        Some(Reader::GitLab)
    } else if path.ends_with(".circleci/config.yml") {
        Some(Reader::CircleCi)
    } else if name == "Jenkinsfile" || name.starts_with("Jenkinsfile.") {
        Some(Reader::Jenkins)
    } else {
        None
    }
}

/// Reads one.
pub(crate) fn read(reader: Reader, text: &str, gather: &mut Gather) {
    match reader {
        Reader::Dockerfile => docker::read(text, gather),
        Reader::Compose => compose::read(text, gather),
        Reader::Terraform => hcl::read(text, gather),
        Reader::State => state::read(text, gather),
        Reader::GitHub => ci::github(text, gather),
        Reader::GitLab => ci::gitlab(text, gather),
        Reader::CircleCi => ci::circle(text, gather),
        Reader::Jenkins => ci::jenkins(text, gather),
    }
}
