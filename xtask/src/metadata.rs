//! What `cargo metadata` knows, as far as the checks need it.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::shell::{self, Workshop};

/// The workspace or, with dependencies, everything that it is built from.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    /// Every package, in cargo's order.
    pub(crate) packages: Vec<Package>,
}

/// One package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Its name, with hyphens.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// An SPDX expression, if it states one.
    pub(crate) license: Option<String>,
    /// Where it comes from; `None` is a folder of this machine.
    pub(crate) source: Option<String>,
    /// Its `Cargo.toml`.
    pub(crate) manifest_path: String,
    /// What it depends on, of every kind.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One arrow to another package.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The other package's name.
    pub(crate) name: String,
    /// `None` is a normal dependency; else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

impl Metadata {
    /// Reads the workspace's own packages.
    pub(crate) fn workspace(workshop: &Workshop) -> Result<Self> {
        Self::read(workshop, &["--no-deps"])
    }

    /// Reads the workspace's packages and all that they are built from, on any platform.
    pub(crate) fn everything(workshop: &Workshop) -> Result<Self> {
        Self::read(workshop, &[])
    }

    fn read(workshop: &Workshop, more: &[&str]) -> Result<Self> {
        let mut command = workshop.cargo(&["metadata", "--format-version=1"]);
        let text = shell::read(command.args(more))?;
        serde_json::from_str(&text).context("what `cargo metadata` printed")
    }
}

impl Package {
    /// The manifest's path below the root, for messages.
    pub(crate) fn manifest(&self, root: &Path) -> String {
        Path::new(&self.manifest_path).strip_prefix(root).map_or_else(|_| self.manifest_path.clone(), |p| p.display().to_string())
    }
}
