//! Observes what a spec or a command line names: live systems over read-only sessions, dumps, schema documents, trees.
//!
//! Gathers; the judging is `segue-survey`'s and the engines'. Nothing is written anywhere, except by a probe of the
//! target, which leaves nothing behind. What cannot be read becomes a sentence in `not_checked`; a connection that a
//! person asked for and that fails is an error. Tests: `tests/it/assess.rs`.

mod comparing;
mod files;
mod live;

use segue_model::assessment::{Assessment, FORMAT_VERSION};
use segue_model::spec::Spec;

use crate::failure::Failure;
use crate::specfile::SpecFile;

pub(crate) use live::inspect_of;

pub(crate) use files::{file, folder};

/// What may be done to observe.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Never connect.
    pub(crate) offline: bool,
    /// Connect also to systems whose facts are stated.
    pub(crate) insist: bool,
    /// Measure rates on a bounded sample, which writes a table to the target and takes it away again.
    pub(crate) probe: bool,
    /// The day on which it is looked.
    pub(crate) today: segue_model::spec::program::Date,
}

/// An empty assessment of this version.
pub(crate) fn nothing() -> Assessment {
    Assessment { format_version: FORMAT_VERSION, segue: crate::VERSION.to_owned(), ..Assessment::default() }
}

/// Everything that a spec names.
pub(crate) async fn spec(file: &SpecFile, bounds: Bounds) -> Result<Assessment, Failure> {
    let mut all = nothing();
    live::systems(file, bounds, &mut all).await?;
    let program = &file.spec.program;
    let trees = [program.code.as_ref().map(|code| code.path.as_str()), program.infra.as_ref().and_then(|infra| infra.terraform.as_deref())];
    for path in trees.into_iter().flatten() {
        let full = file.base.join(path);
        if full.is_dir() {
            merge(&mut all, folder(&full, target_cloud(&file.spec), bounds)?);
        } else {
            all.not_checked.push(format!("the source tree `{path}`: there is no such folder"));
        }
    }
    Ok(settled(all))
}

/// Where `infra` leads to, for the equivalents of cloud resources.
fn target_cloud(spec: &Spec) -> Option<&str> {
    spec.program.infra.as_ref().map(|infra| infra.to.as_str())
}

/// Files and folders that were named on the command line.
pub(crate) fn paths(paths: &[std::path::PathBuf], to: Option<&str>, bounds: Bounds) -> Result<Assessment, Failure> {
    let mut all = nothing();
    for path in paths {
        let shown = path.display().to_string();
        let part = if path.is_dir() { folder(path, to, bounds)? } else { file(path, &shown, to)? };
        merge(&mut all, part);
    }
    Ok(settled(all))
}

/// One assessment beside another.
pub(crate) fn merge(all: &mut Assessment, part: Assessment) {
    all.systems.extend(part.systems);
    all.objects.extend(part.objects);
    all.components.extend(part.components);
    all.dependencies.extend(part.dependencies);
    all.resources.extend(part.resources);
    all.incidents.extend(part.incidents);
    all.rates.extend(part.rates);
    all.findings.extend(part.findings);
    all.not_checked.extend(part.not_checked);
}

/// In one order, each thing once.
fn settled(mut all: Assessment) -> Assessment {
    all.objects.sort();
    all.objects.dedup();
    all.components.sort();
    all.components.dedup();
    all.dependencies.sort();
    all.dependencies.dedup();
    all.resources.sort();
    all.resources.dedup();
    all.incidents.sort();
    all.incidents.dedup();
    all.rates.sort();
    all.findings.sort_by(|a, b| (b.severity, &a.code, &a.object).cmp(&(a.severity, &b.code, &b.object)));
    all.not_checked.sort();
    all.not_checked.dedup();
    all
}
