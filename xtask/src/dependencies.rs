//! `cargo xtask dependencies`: licences, bans and sources of everything we are built from.
//!
//! The lists are here, each ban with its reason. A crate that states no licence is refused: what
//! nobody may use, nobody may ship.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::metadata::{Metadata, Package};
use crate::shell::Workshop;

/// Licences that let anybody ship the binary; copyleft only where it ends at the file (MPL).
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates whose manifest names a file and no licence: what somebody read in that file, for that version alone.
const READ: &[(&str, &str, &str)] = &[("jsonpath-rust", "0.3.5", "MIT")];

/// Crates that must not come in, not even through another one.
const BANNED: &[(&str, &str)] = &[
    ("figment", "layers of configuration that nobody can explain; the spec is one file"),
    ("madsim", "replaces the runtime under every crate; `segue-sim` has its own scheduler"),
    ("miette", "draws its own reports; ours are `annotate-snippets` and a page a code"),
    ("openssl", "a C library with its own certificates; TLS is `rustls`"),
    ("openssl-sys", "a C library with its own certificates; TLS is `rustls`"),
    ("pg_query", "compiles PostgreSQL's parser from C and follows one major"),
    ("pingora", "a proxy framework that takes over the process"),
    ("serde_yaml", "unmaintained; the reader is `serde-saphyr`"),
    ("serde_yml", "unsound and withdrawn; the reader is `serde-saphyr`"),
];

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The verb.
pub(crate) fn run(workshop: &Workshop) -> Result<ExitCode> {
    let count = check(workshop)?;
    println!("{count} packages: licences, bans and sources in order");
    Ok(ExitCode::SUCCESS)
}

/// Checks all packages, says every violation, and gives their number.
pub(crate) fn check(workshop: &Workshop) -> Result<usize> {
    let metadata = Metadata::everything(workshop)?;
    let problems: Vec<String> = metadata.packages.iter().flat_map(problems).collect();
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} problems with dependencies", problems.len());
    }
    Ok(metadata.packages.len())
}

fn problems(package: &Package) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{} {}: {what}", package.name, package.version));
    if let Some((_, reason)) = BANNED.iter().find(|(name, _)| *name == package.name) {
        say(format!("banned: {reason}"));
    }
    let read = READ.iter().find(|(name, version, _)| *name == package.name && *version == package.version);
    match &package.license {
        None if read.is_some_and(|(.., licence)| is_allowed(licence)) => {}
        None => say("states no licence".to_owned()),
        Some(expression) if !is_allowed(expression) => {
            say(format!("the licence `{expression}` is not on the list"));
        }
        Some(_) => {}
    }
    match &package.source {
        Some(source) if source != CRATES_IO => say(format!("comes from {source}, not crates.io")),
        None if !package.name.starts_with("segue") && package.name != "xtask" => {
            say("is a folder that is not ours".to_owned());
        }
        _ => {}
    }
    found
}

/// Whether an SPDX expression can be met with the list: an `OR` needs one side, an `AND` both.
/// The old form `MIT/Apache-2.0` is an `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) && rest.is_empty()
}

fn any_of(rest: &mut &[&str]) -> bool {
    let mut good = all_of(rest);
    while rest.first() == Some(&"OR") {
        *rest = &rest[1..];
        good |= all_of(rest);
    }
    good
}

fn all_of(rest: &mut &[&str]) -> bool {
    let mut good = one(rest);
    while rest.first() == Some(&"AND") {
        *rest = &rest[1..];
        good &= one(rest);
    }
    good
}

fn one(rest: &mut &[&str]) -> bool {
    let Some((&first, after)) = rest.split_first() else {
        return false;
    };
    *rest = after;
    if first == "(" {
        let good = any_of(rest);
        let closed = rest.first() == Some(&")");
        *rest = rest.get(1..).unwrap_or_default();
        return good && closed;
    }
    if let ["WITH", exception, after @ ..] = rest {
        let whole = format!("{first} WITH {exception}");
        *rest = after;
        return LICENCES.contains(&whole.as_str());
    }
    LICENCES.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        for good in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            "Apache-2.0 AND ISC",
        ] {
            assert!(is_allowed(good), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "", "(MIT", "MIT Apache-2.0", "ISC WITH x"] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }

    #[test]
    fn bans_sources_and_missing_licences_are_said() {
        let package = |name: &str, license: Option<&str>, source: Option<&str>| Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
            manifest_path: String::new(),
            dependencies: Vec::new(),
        };
        assert!(problems(&package("serde", Some("MIT"), Some(CRATES_IO))).is_empty());
        assert!(problems(&package("segue-model", Some("MIT"), None)).is_empty());
        assert_eq!(problems(&package("miette", Some("MIT"), Some(CRATES_IO))).len(), 1);
        assert_eq!(problems(&package("serde", None, Some(CRATES_IO))).len(), 1);
        assert_eq!(problems(&package("serde", Some("MIT"), Some("git+https://x"))).len(), 1);
        assert_eq!(problems(&package("mine", Some("MIT"), None)).len(), 1);
    }
}
