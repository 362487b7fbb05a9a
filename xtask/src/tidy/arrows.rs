//! Which crate may know which: the table of `ARCHITECTURE.md` against `cargo metadata`.
//!
//! Normal dependencies follow the table. A test may use what its crate may use, and `segue-sim`,
//! which no shipped crate may depend on (`docs/adr/0002-sim-depends-on-the-engines.md`).

use std::path::Path;

use super::Violation;
use crate::metadata::Metadata;

const ARROWS: &[(&str, &[&str])] = &[
    ("segue-model", &[]),
    ("segue-engine", &["segue-model"]),
    ("segue-report", &["segue-model"]),
    ("segue-journal", &["segue-model"]),
    ("segue-planner", &["segue-model"]),
    ("segue-postgres", &["segue-model", "segue-engine"]),
    ("segue-sqlite", &["segue-model", "segue-engine"]),
    ("segue-mysql", &["segue-model", "segue-engine"]),
    // xtask:new engine
    ("segue-compat", &["segue-model"]),
    ("segue-survey", &["segue-model"]),
    ("segue-verify", &["segue-model", "segue-engine"]),
    ("segue-steps", &["segue-model", "segue-engine", "segue-journal", "segue-verify"]),
    (
        "segue",
        &[
            "segue-model",
            "segue-compat",
            "segue-engine",
            "segue-report",
            "segue-survey",
            "segue-journal",
            "segue-planner",
            "segue-postgres",
            "segue-mysql",
            "segue-sqlite",
            "segue-steps",
            "segue-verify",
        ],
    ),
    (
        SIM,
        &[
            "segue-model",
            "segue-engine",
            "segue-journal",
            "segue-planner",
            "segue-steps",
            "segue-verify",
            "segue-sqlite",
            "segue-postgres",
            "segue-mysql",
        ],
    ),
    ("xtask", &[]),
];

const SIM: &str = "segue-sim";

/// Checks every arrow between our own packages.
pub(crate) fn check(root: &Path, metadata: &Metadata) -> Vec<Violation> {
    let mut found = Vec::new();
    for package in &metadata.packages {
        let mut say = |message: String| {
            found.push(Violation { path: package.manifest(root), line: 0, rule: "arrows", message });
        };
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            say(format!("`{}` is not in the table of arrows", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            let to = dependency.name.as_str();
            let ours = ARROWS.iter().any(|(name, _)| *name == to);
            let for_tests = dependency.kind.as_deref() == Some("dev") && to == SIM;
            if ours && !allowed.contains(&to) && !for_tests {
                say(format!("no arrow leads from `{}` to `{to}`; move what you need, or change the table by an ADR", package.name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Dependency, Package};

    fn arrow(from: &str, to: &str, kind: Option<&str>) -> usize {
        let package = Package {
            name: from.to_owned(),
            version: String::new(),
            license: None,
            source: None,
            manifest_path: String::new(),
            dependencies: vec![Dependency { name: to.to_owned(), kind: kind.map(str::to_owned) }],
        };
        let metadata = Metadata { packages: vec![package] };
        check(Path::new("/"), &metadata).len()
    }

    #[test]
    fn only_the_arrows_of_the_table_pass() {
        assert_eq!(arrow("segue-engine", "segue-model", None), 0);
        assert_eq!(arrow("segue-model", "segue-engine", None), 1);
        assert_eq!(arrow("segue-steps", "segue-postgres", None), 1);
        assert_eq!(arrow("segue-steps", "segue-sim", Some("dev")), 0);
        assert_eq!(arrow("segue-steps", "segue-sim", None), 1);
        assert_eq!(arrow("segue", "segue-sim", Some("build")), 1);
        assert_eq!(arrow("segue-new", "serde", None), 1);
    }
}
