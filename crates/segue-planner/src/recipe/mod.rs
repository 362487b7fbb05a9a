//! Recipes: one file a kind of migration. Each lays out the phases of its kind; none executes anything.
//!
//! A recipe is `fn(&Ground) -> Draft`. It chooses its pattern and says why and why not the others, and it makes every
//! fact that it has concrete: a table, a route, a change of a library each become steps. What it does not know it
//! needs. Tests: `tests/it/plan.rs`, `tests/it/project_*.rs`.

pub(crate) mod around_schema;
pub(crate) mod build;
pub(crate) mod draft;
pub(crate) mod ground;
mod imported;
mod imported_facts;
mod observed_work;
mod preparation;
mod retire;
pub(crate) mod schema_change;
mod script;
mod shell;
mod traffic;

mod api_step;
mod api_version;
mod auth;
mod auth_step;
mod cloud_to_cloud;
mod code;
mod code_phase;
mod code_tool;
mod data_transform;
mod framework;
mod infra;
mod infra_data;
mod infra_phase;
mod language;
mod library;
mod onprem_to_cloud;
mod platform_switch;
mod reasons;
mod region;
mod schema_part;
mod self_hosted_to_managed;
mod service_extraction;
mod sharding;
mod version_upgrade;
mod vm_to_containers;

use segue_model::finding::Finding;

use crate::say;
use draft::Draft;
use ground::Ground;

/// The parts of a spec's migration, each by its recipe.
pub(crate) fn parts(ground: &Ground<'_>) -> Result<Vec<Draft>, Vec<Finding>> {
    let program = &ground.spec.program;
    let kind = program.kind.as_deref();
    let mut parts = Vec::new();
    if ground.spec.schema.is_some() {
        let mut part = schema_part::draft(ground);
        let target = program.moves.as_ref().map(|moves| moves.to.as_str());
        part.after_move = ground.spec.schema.as_ref().is_some_and(|schema| Some(schema.system.as_str()) == target);
        parts.push(part);
    }
    if program.moves.is_some() {
        parts.push(match kind {
            Some("data-transform") => data_transform::draft(ground),
            Some("version-upgrade") => version_upgrade::draft(ground),
            Some("sharding") => sharding::draft(ground),
            Some("schema-change") => imported::schema_change(ground),
            Some("platform-switch") => platform_switch::draft(ground),
            _ if version_upgrade::fits(ground) => version_upgrade::draft(ground),
            _ => platform_switch::draft(ground),
        });
    }
    if let Some(code) = &program.code {
        let has = |what: &[&str]| code.change.iter().any(|change| what.contains(&change.what.as_str()));
        if has(&["framework"]) {
            parts.push(framework::draft(ground));
        }
        if has(&["runtime", "language"]) {
            parts.push(language::draft(ground));
        }
        if has(&["library", "driver"]) {
            parts.push(library::draft(ground));
        }
    }
    if program.service.is_some() {
        parts.push(service_extraction::draft(ground));
    }
    if program.api.is_some() {
        parts.push(api_version::draft(ground));
    }
    if program.auth.is_some() {
        parts.push(auth::draft(ground));
    }
    if program.infra.is_some() {
        parts.push(infra(ground, kind));
    }
    if parts.is_empty()
        && let Some(kind) = kind
    {
        parts.push(by_kind(ground, kind)?);
    }
    imported_facts::apply(ground, &mut parts);
    Ok(parts)
}

/// Which of the recipes for infrastructure fits: the one that is asked for, else what the two ends say.
fn infra(ground: &Ground<'_>, kind: Option<&str>) -> Draft {
    let (from, to) = ground.spec.program.infra.as_ref().map_or(("", ""), |infra| (infra.from.as_str(), infra.to.as_str()));
    let cloud = |side: &str| side.split('/').next().is_some_and(|name| matches!(name, "aws" | "gcp" | "azure" | "cloud"));
    let name = |side: &str| side.split('/').next().unwrap_or_default().to_owned();
    let is = |side: &str, words: &[&str]| words.iter().any(|word| side.to_ascii_lowercase().contains(word));
    match kind {
        Some("onprem-to-cloud") => onprem_to_cloud::draft(ground),
        Some("cloud-to-cloud") => cloud_to_cloud::draft(ground),
        Some("region") => region::draft(ground),
        Some("vm-to-containers") => vm_to_containers::draft(ground),
        Some("self-hosted-to-managed") => self_hosted_to_managed::draft(ground),
        _ if is(to, &["kubernetes", "k8s", "container"]) => vm_to_containers::draft(ground),
        _ if is(from, &["self-hosted"]) || is(to, &["managed"]) => self_hosted_to_managed::draft(ground),
        _ if cloud(from) && cloud(to) && name(from) == name(to) => region::draft(ground),
        _ if cloud(from) && cloud(to) => cloud_to_cloud::draft(ground),
        _ => onprem_to_cloud::draft(ground),
    }
}

/// A spec that names a kind and holds no part of it.
fn by_kind(ground: &Ground<'_>, kind: &str) -> Result<Draft, Vec<Finding>> {
    Ok(match kind {
        "sharding" => sharding::draft(ground),
        "version-upgrade" => version_upgrade::draft(ground),
        "api-version" => api_version::draft(ground),
        "data-transform" => data_transform::draft(ground),
        "platform-switch" => platform_switch::draft(ground),
        "framework" => framework::draft(ground),
        "language" => language::draft(ground),
        "library" => library::draft(ground),
        "service-extraction" => service_extraction::draft(ground),
        "auth" => auth::draft(ground),
        "onprem-to-cloud" | "cloud-to-cloud" | "region" | "vm-to-containers" | "self-hosted-to-managed" => infra(ground, Some(kind)),
        other => {
            let message = format!("`kind: {other}` needs the part of the spec that it is about");
            return Err(vec![say::refuse(30, "spec", message, "Write that part, or leave `kind` out.")]);
        }
    })
}
