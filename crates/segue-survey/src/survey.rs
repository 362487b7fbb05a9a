//! A source tree as an assessment: which reader takes which file, and what all of them found together.
//! Tests: `tests/it/tree.rs`, `tests/it/hostile.rs`.

use segue_model::assessment::{Assessment, FORMAT_VERSION};
use segue_model::spec::program::Date;

use crate::cloud::{self, Cloud};
use crate::code;
use crate::deploy;
use crate::gather::Gather;
use crate::manifest;
use crate::tree::Tree;

/// What the caller knows beside the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Today, by which support has ended or not.
    pub today: Date,
    /// The cloud to which resources are mapped; `None` leaves their equivalents out.
    pub target_cloud: Option<Cloud>,
    /// Whether code is looked at.
    pub code: bool,
}

/// Which reader takes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Manifest(manifest::Reader),
    Deploy(deploy::Reader),
    Code(code::Language),
    /// YAML of any kind: Kubernetes if it says so.
    Yaml,
}

/// The reader for a path; `None` when the file says nothing to this crate.
pub(crate) fn kind(path: &str) -> Option<Kind> {
    manifest::reader(path)
        .map(Kind::Manifest)
        .or_else(|| deploy::reader(path).map(Kind::Deploy))
        .or_else(|| code::language(path).map(Kind::Code))
        .or_else(|| has_extension(path, &["yaml", "yml"]).then_some(Kind::Yaml))
}

/// Whether a path ends with one of these extensions, in any case.
pub(crate) fn has_extension(path: &str, extensions: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, e)| extensions.iter().any(|x| e.eq_ignore_ascii_case(x)))
}

/// Assesses a source tree: technologies with versions, dependencies, deployment, cloud resources, uses in code.
///
/// The same tree and options give the same assessment. No value of an environment variable, no secret of an address and
/// no literal of code that could be one is in it. What could not be read stands in `not_checked`.
pub fn tree(tree: &Tree, options: &Options) -> Assessment {
    let mut gather = Gather::default();
    gather.not_checked.extend(tree.left_out());
    for (path, bytes) in tree.files() {
        let Some(kind) = kind(path) else { continue };
        if matches!(kind, Kind::Code(_)) && !options.code {
            continue;
        }
        gather.enter(path);
        let Ok(text) = std::str::from_utf8(bytes) else {
            gather.not_checked.push(format!("{path}: it is not UTF-8"));
            continue;
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match kind {
            Kind::Manifest(reader) => manifest::read(reader, text, tree, &mut gather),
            Kind::Deploy(reader) => deploy::read(reader, text, &mut gather),
            Kind::Yaml => deploy::kubernetes::read(text, &mut gather),
            Kind::Code(language) => code::read(language, text, &mut gather),
        }
    }
    if !options.code {
        gather.not_checked.push("code was not looked at".to_owned());
    }
    gather.finish(options);
    if let Some(target) = options.target_cloud {
        cloud::judge(&mut gather, target);
    }
    Assessment {
        format_version: FORMAT_VERSION,
        segue: env!("CARGO_PKG_VERSION").to_owned(),
        objects: gather.objects,
        components: gather.components,
        dependencies: gather.dependencies,
        resources: gather.resources,
        incidents: gather.incidents,
        findings: gather.findings,
        not_checked: gather.not_checked,
        ..Assessment::default()
    }
}
